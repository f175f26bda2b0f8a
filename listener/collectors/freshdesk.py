"""Freshdesk: tickets and when they were first answered, in the order in which they changed."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.markup import without_markup
from listener.domain.mention import (
    Batch,
    Channel,
    Evidence,
    Kind,
    Mention,
    Reject,
    Response,
    Tombstone,
)
from listener.domain.subject import Subject, check_brand
from listener.domain.values import BadRecord, read_line, read_time
from listener.errors import CollectorError, Trouble
from listener.http import Api, Http

SERVICE: Final = "freshdesk"
PAGE: Final = 100
OVERLAP: Final = timedelta(minutes=1)
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before there was a Freshdesk
REFUSALS: Final = {
    401: "does not accept `api_key`; it stands in the profile of an agent",
    403: "does not let this agent see all tickets; give it a role with a global scope",
    404: "knows no such account; check `base_url`",
}
OUTBOUND: Final = 10  # the `source` of a mail that an agent began


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshdesk:
    """Reads tickets that changed since the last one read, the oldest change first.

    A ticket is what the customer wrote first; of what followed only the time of the first answer
    is read.
    """

    base_url: str  # "https://acme.freshdesk.com"
    api_key: str = field(repr=False)
    brand: str  # a subject's name
    since: str = ""  # "2026-01-01": tickets that changed before are not read at first
    every: timedelta = timedelta(minutes=5)
    channel: Channel = Channel.TICKET
    http: Http = field(metadata={"handed": True}, repr=False)
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse an address, a brand or a day that is none."""
        self._api()
        self._first()
        check_brand(self.follows, self.brand)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of tickets."""
        place = Place.of(cursor, self._first())
        tickets = self._tickets(place.since, place.page, PAGE, now)
        read = [self._read(ticket) for ticket in tickets]
        changes = [_changed_at(ticket) for ticket in tickets]
        written, complete = place.after([at for at in changes if at], len(tickets) == PAGE, now)
        return Batch(
            mentions=tuple(one for one, _ in read if isinstance(one, Mention)),
            responses=tuple(answer for _, answer in read if answer is not None),
            tombstones=tuple(one for one, _ in read if isinstance(one, Tombstone)),
            rejects=tuple(one for one, _ in read if isinstance(one, Reject)),
            cursor=written,
            complete=complete,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the service does not know who reads it."""

    def check(self) -> str:
        self._tickets(self._first(), 1, 1, WallClock().now())
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

    def _read(self, ticket: Any) -> tuple[Mention | Tombstone | Reject | None, Response | None]:
        made = to_mention(ticket, self.name, self.brand, self.base_url, self.channel)
        return made, first_reply(ticket, made) if isinstance(made, Mention) else None

    def _first(self) -> datetime:
        try:
            return read_time("since", self.since, UTC) if self.since else BEGINNING
        except BadRecord as bad:
            raise ValueError(str(bad)) from None

    def _api(self) -> Api:
        who = b64encode(f"{self.api_key}:X".encode()).decode()
        return Api(
            http=self.http,
            service="Freshdesk",
            base_url=self.base_url,
            headers={"Authorization": f"Basic {who}"},
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
    if not isinstance(ticket, dict):
        return Reject(place="a ticket", reason="it is no object", content=str(ticket))
    try:
        given = ticket.get("id")
        number = None if given is None else read_line("id", given)
        said_at = read_time("created_at", ticket.get("created_at"), UTC)
    except BadRecord as bad:
        return Reject(place=f"ticket {ticket.get('id')}", reason=str(bad), content="")
    if not number:
        return Reject(place="a ticket", reason="it has no number", content="")
    if ticket.get("deleted") is True:
        return Tombstone(source=source, source_id=number, reason="deleted at Freshdesk")
    if ticket.get("spam") is True or ticket.get("source") == OUTBOUND:
        return None
    title, text = _text(ticket.get("subject")), _words(ticket)
    if not (text or title):
        return None
    found = ticket.get("requester")
    writer = found if isinstance(found, dict) else {}
    return Mention(
        source=source,
        source_id=number,
        channel=channel,
        kind=Kind.TICKET,
        title=title if text else "",
        text=text or title,
        said_at=said_at,
        url=f"{base_url.rstrip('/')}/a/tickets/{number}",
        author=_text(writer.get("email")) or None,
        author_name=_text(writer.get("name")) or None,
        author_id=_number(ticket.get("requester_id")),
        brand=brand,
    )


def first_reply(ticket: Mapping[str, Any], mention: Mention) -> Response | None:
    """The first public answer: of it only the time is told."""
    stats = ticket.get("stats")
    at = stats.get("first_responded_at") if isinstance(stats, dict) else None
    try:
        said_at = read_time("first_responded_at", at, UTC)
    except BadRecord:
        return None
    return Response(
        source=mention.source,
        source_id=f"{mention.source_id}#reply",
        said_at=said_at,
        parent_id=mention.source_id,
        evidence=Evidence.FIELD,
    )


def _changed_at(ticket: Any) -> datetime | None:
    try:
        return read_time("updated_at", ticket.get("updated_at"), UTC)
    except (BadRecord, AttributeError):
        return None


def _words(ticket: Mapping[str, Any]) -> str:
    plain = _text(ticket.get("description_text"))
    return plain or without_markup(_text(ticket.get("description")))


def _moment(unix: int) -> datetime:
    return datetime.fromtimestamp(unix, UTC)


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> str | None:
    return str(value) if type(value) is int else None
