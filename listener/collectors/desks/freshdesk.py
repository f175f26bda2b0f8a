"""Freshdesk: tickets and when they were first answered, in the order in which they changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.desks.desk import (
    Desk,
    basic,
    first_moment,
    found_in,
    numbered,
    opened,
    part,
    plain,
    reply_told,
    worded,
)
from listener.domain.markup import without_markup
from listener.domain.mention import Batch, Channel, Mention, Reject, Response, Tombstone
from listener.domain.subject import check_brand
from listener.domain.values import BadRecord, read_time
from listener.errors import CollectorError, Trouble
from listener.http import Api

SERVICE: Final = "freshdesk"
PAGE: Final = 100
OVERLAP: Final = timedelta(minutes=1)
REFUSALS: Final = {
    401: "does not accept `api_key`; it stands in the profile of an agent",
    403: "does not let this agent see all tickets; give it a role with a global scope",
    404: "knows no such account; check `base_url`",
}
OUTBOUND: Final = 10  # the `source` of a mail that an agent began


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshdesk(Desk):
    """Reads tickets that changed since the last one read, the oldest change first.

    A ticket is what the customer wrote first; of what followed only the time of the first answer
    is read.
    """

    api_key: str = field(repr=False)
    since: str = ""  # "2026-01-01": tickets that changed before are not read at first

    def __post_init__(self) -> None:
        """Refuse an address, a brand or a day that is none."""
        self._api()
        first_moment(self.since)
        check_brand(self.follows, self.brand)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of tickets."""
        place = Place.of(cursor, first_moment(self.since))
        tickets = self._tickets(place.since, place.page, PAGE, now)
        changes = [_changed_at(ticket) for ticket in tickets]
        written, complete = place.after([at for at in changes if at], len(tickets) == PAGE, now)
        return Batch.of(
            found_in(tickets, self._read, first_reply), cursor=written, complete=complete
        )

    def check(self) -> str:
        self._tickets(first_moment(self.since), 1, 1, WallClock().now())
        return "tickets can be read"

    def _tickets(self, since: datetime, page: int, count: int, now: datetime) -> list[Any]:
        answer = self._api().get(
            "/api/v2/tickets",
            {
                "updated_since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
                "order_by": "updated_at",
                "order_type": "asc",
                "include": "stats,requester,description",
                "per_page": count,
                "page": page,
            },
            now=now,
        )
        if not isinstance(answer.value, list):
            words = "Freshdesk answered something that is no list of tickets"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return answer.value

    def _read(self, ticket: Any) -> Mention | Tombstone | Reject | None:
        return to_mention(ticket, self.name, self.brand, self.base_url, self.channel)

    def _api(self) -> Api:
        return Api(
            http=self.http,
            service="Freshdesk",
            base_url=self.base_url,
            headers=basic(f"{self.api_key}:X"),
            means=REFUSALS,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page is: what changed since a moment, and which page of that.

    Paging by number alone would pass over tickets, for one that changes meanwhile moves to the end
    and draws the others up. So each page is asked for by the time of the last change before it,
    and by number only where a single second fills a page.
    """

    since: datetime
    page: int = 1

    @classmethod
    def of(cls, cursor: Cursor | None, first: datetime) -> "Place":
        """From a cursor that `after` wrote: `mark` of a round that ended, `since` within one."""
        if cursor and "mark" in cursor:
            return cls(_moment(cursor["mark"]) - OVERLAP)
        return cls(_moment(cursor["since"]), cursor["page"]) if cursor else cls(first)

    def after(
        self, changes: Sequence[datetime], full: bool, now: datetime
    ) -> tuple[Mapping[str, Any], bool]:
        """The cursor after a page with these times of change, and whether the round has ended."""
        newest = min(max(changes, default=self.since), now)
        if not full:
            return {"mark": _unix(newest)}, True
        further = newest.replace(microsecond=0) - timedelta(seconds=1)  # its second may go on
        if further > self.since:
            return {"since": _unix(further), "page": 1}, False
        return {"since": _unix(self.since), "page": self.page + 1}, False


def to_mention(
    ticket: Any, source: str, brand: str, base_url: str, channel: Channel = Channel.TICKET
) -> Mention | Tombstone | Reject | None:
    """A ticket as a mention; None for spam, for what an agent began, and where it says nothing."""
    made = opened(ticket, source, brand, channel)
    if isinstance(made, Reject):
        return made
    number = made.source_id
    if ticket.get("deleted") is True:
        return Tombstone(source=source, source_id=number, reason="deleted at Freshdesk")
    if ticket.get("spam") is True or ticket.get("source") == OUTBOUND:
        return None
    writer = part(ticket, "requester")
    return worded(
        made,
        title=plain(ticket.get("subject")),
        text=_words(ticket),
        url=f"{base_url.rstrip('/')}/a/tickets/{number}",
        author=plain(writer.get("email")),
        author_name=plain(writer.get("name")),
        author_id=numbered(ticket.get("requester_id")),
    )


def first_reply(ticket: Mapping[str, Any], mention: Mention) -> Response | None:
    return reply_told(mention, part(ticket, "stats").get("first_responded_at"))


def _changed_at(ticket: Any) -> datetime | None:
    try:
        return read_time("updated_at", ticket.get("updated_at"), UTC)
    except (BadRecord, AttributeError):
        return None


def _words(ticket: Mapping[str, Any]) -> str:
    text = plain(ticket.get("description_text"))
    return text or without_markup(plain(ticket.get("description")))


def _moment(unix: int) -> datetime:
    return datetime.fromtimestamp(unix, UTC)


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())
