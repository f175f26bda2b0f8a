"""Zendesk: tickets and when they were first answered, by its incremental export."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    reply_at,
    worded,
)
from listener.domain.mention import Batch, Channel, Mention, Reject, Response, Tombstone
from listener.domain.subject import check_brand
from listener.domain.walk import MOST_EMPTY, endless
from listener.errors import CollectorError, Trouble
from listener.http import Api

SERVICE: Final = "zendesk"
PAGE: Final = 200  # a thousand are allowed, but tickets can be large
LONGEST_MINUTES: Final = 50 * 366 * 24 * 60
REFUSALS: Final = {
    401: "does not accept `email` and `token`; check them, and that token access is allowed",
    403: "does not let this agent export tickets; that takes the role of an administrator",
    404: "knows no such help desk; check `base_url`",
}
_EXPORT: Final = "/api/v2/incremental/tickets/cursor.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zendesk(Desk):
    """Reads tickets in the order in which they changed; the service keeps the place.

    A ticket is what the customer wrote first. What was written later is not read: that it was
    answered, and when, is what Zendesk itself has measured.
    """

    email: str  # of the agent whose token it is
    token: str = field(repr=False)
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
        """One page of the export."""
        place = cursor or {}
        after = place.get("after")
        tickets, following, ended = self._page(after, PAGE, now)
        complete = ended or following == after
        empty = 0 if tickets or complete else place.get("empty", 0) + 1
        if empty >= MOST_EMPTY:
            raise endless(empty, "Zendesk, asked for its export of tickets,")
        counted = {"empty": empty} if empty else {}
        return Batch.of(
            found_in(tickets, self._read, first_reply),
            cursor={"after": following, **counted} if following else None,
            complete=complete,
        )

    def check(self) -> str:
        self._page(None, 1, WallClock().now())
        return "tickets can be exported"

    def _page(
        self, after: str | None, count: int, now: datetime
    ) -> tuple[list[Any], str | None, bool]:
        """Tickets, where it goes on, and whether that is for a later time."""
        answer = self._api().get(
            _EXPORT,
            {
                "cursor": after,
                "start_time": None if after else int(first_moment(self.since).timestamp()),
                "include": "metric_sets",
                "per_page": count,
            },
            now=now,
        )
        value = answer.value if isinstance(answer.value, dict) else {}
        tickets, ended = value.get("tickets"), value.get("end_of_stream")
        following = value.get("after_cursor")
        told = following if isinstance(following, str) and following else None
        if not isinstance(tickets, list) or not isinstance(ended, bool) or not (told or ended):
            words = "Zendesk answered something that is no page of tickets"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return tickets, told, ended

    def _read(self, ticket: Any) -> Mention | Tombstone | Reject | None:
        return to_mention(ticket, self.name, self.brand, self.base_url, self.channel)

    def _api(self) -> Api:
        return Api(
            http=self.http,
            service="Zendesk",
            base_url=self.base_url,
            headers=basic(f"{self.email}/token:{self.token}"),
            means=REFUSALS,
        )


def to_mention(
    ticket: Any, source: str, brand: str, base_url: str, channel: Channel = Channel.TICKET
) -> Mention | Tombstone | Reject | None:
    """A ticket as a mention; None where it says nothing."""
    made = opened(ticket, source, brand, channel)
    if isinstance(made, Reject):
        return made
    number = made.source_id
    if ticket.get("status") == "deleted":
        return Tombstone(source=source, source_id=number, reason="deleted at Zendesk")
    writer = part(ticket, "via", "source", "from")  # who sent it, where it came by mail
    return worded(
        made,
        title=plain(ticket.get("subject")),
        text=plain(ticket.get("description")),
        url=f"{base_url.rstrip('/')}/agent/tickets/{number}",
        author=plain(writer.get("address")),
        author_name=plain(writer.get("name")),
        author_id=numbered(ticket.get("requester_id")),
    )


def first_reply(ticket: Mapping[str, Any], mention: Mention) -> Response | None:
    """The first public answer, of which Zendesk tells how many minutes after the ticket it came."""
    minutes = part(ticket, "metric_set", "reply_time_in_minutes").get("calendar")
    if type(minutes) is not int or not 0 <= minutes <= LONGEST_MINUTES:
        return None
    return reply_at(mention, mention.said_at + timedelta(minutes=minutes))
