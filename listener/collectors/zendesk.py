"""Zendesk: tickets and when they were first answered, by its incremental export."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
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

SERVICE: Final = "zendesk"
PAGE: Final = 200  # a thousand are allowed, but tickets can be large
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before there was a Zendesk
LONGEST_MINUTES: Final = 50 * 366 * 24 * 60
REFUSALS: Final = {
    401: "does not accept `email` and `token`; check them, and that token access is allowed",
    403: "does not let this agent export tickets; that takes the role of an administrator",
    404: "knows no such help desk; check `base_url`",
}
_EXPORT: Final = "/api/v2/incremental/tickets/cursor.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zendesk:
    """Reads tickets in the order in which they changed; the service keeps the place.

    A ticket is what the customer wrote first. What was written later is not read: that it was
    answered, and when, is what Zendesk itself has measured.
    """

    base_url: str  # "https://acme.zendesk.com"
    email: str  # of the agent whose token it is
    token: str = field(repr=False)
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
        """One page of the export."""
        after = (cursor or {}).get("after")
        tickets, following, ended = self._page(after, PAGE, now)
        read = [self._read(ticket) for ticket in tickets]
        return Batch(
            mentions=tuple(one for one, _ in read if isinstance(one, Mention)),
            responses=tuple(answer for _, answer in read if answer is not None),
            tombstones=tuple(one for one, _ in read if isinstance(one, Tombstone)),
            rejects=tuple(one for one, _ in read if isinstance(one, Reject)),
            cursor={"after": following} if following else None,
            complete=ended or following == after,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the export does not know who reads it."""

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
                "start_time": None if after else int(self._first().timestamp()),
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

    def _read(self, ticket: Any) -> tuple[Mention | Tombstone | Reject | None, Response | None]:
        made = to_mention(ticket, self.name, self.brand, self.base_url, self.channel)
        return made, first_reply(ticket, made) if isinstance(made, Mention) else None

    def _first(self) -> datetime:
        try:
            return read_time("since", self.since, UTC) if self.since else BEGINNING
        except BadRecord as bad:
            raise ValueError(str(bad)) from None

    def _api(self) -> Api:
        who = b64encode(f"{self.email}/token:{self.token}".encode()).decode()
        return Api(
            http=self.http,
            service="Zendesk",
            base_url=self.base_url,
            headers={"Authorization": f"Basic {who}"},
            means=REFUSALS,
        )


def to_mention(
    ticket: Any, source: str, brand: str, base_url: str, channel: Channel = Channel.TICKET
) -> Mention | Tombstone | Reject | None:
    """A ticket as a mention; None where it says nothing."""
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
    if ticket.get("status") == "deleted":
        return Tombstone(source=source, source_id=number, reason="deleted at Zendesk")
    title, text = _text(ticket.get("subject")), _text(ticket.get("description"))
    if not (text or title):
        return None
    writer = _writer(ticket)
    return Mention(
        source=source,
        source_id=number,
        channel=channel,
        kind=Kind.TICKET,
        title=title if text else "",
        text=text or title,
        said_at=said_at,
        url=f"{base_url.rstrip('/')}/agent/tickets/{number}",
        author=_text(writer.get("address")) or None,
        author_name=_text(writer.get("name")) or None,
        author_id=_number(ticket.get("requester_id")),
        brand=brand,
    )


def first_reply(ticket: Mapping[str, Any], mention: Mention) -> Response | None:
    """The first public answer, of which Zendesk tells how many minutes after the ticket it came."""
    metrics = ticket.get("metric_set")
    reply = metrics.get("reply_time_in_minutes") if isinstance(metrics, dict) else None
    minutes = reply.get("calendar") if isinstance(reply, dict) else None
    if type(minutes) is not int or not 0 <= minutes <= LONGEST_MINUTES:
        return None
    return Response(
        source=mention.source,
        source_id=f"{mention.source_id}#reply",
        said_at=mention.said_at + timedelta(minutes=minutes),
        parent_id=mention.source_id,
        evidence=Evidence.FIELD,
    )


def _writer(ticket: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who sent it, where it came by mail."""
    found: Any = ticket
    for key in ("via", "source", "from"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> str | None:
    return str(value) if type(value) is int else None
