"""What all help desks share: their settings, and how a ticket is read."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.domain.mention import (
    Batch,
    Channel,
    Evidence,
    Found,
    Kind,
    Mention,
    Reject,
    Response,
    Tombstone,
)
from listener.domain.subject import Subject
from listener.domain.values import BadRecord, read_line, read_time
from listener.http import Http

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before there was any of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The settings of a help desk. How its service is asked, a desk says itself."""

    base_url: str  # "https://acme.desk.example"
    brand: str  # a subject's name
    every: timedelta = timedelta(minutes=5)
    channel: Channel = Channel.TICKET
    http: Http = field(metadata={"handed": True}, repr=False)
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def committed(self, batch: Batch) -> None:
        """Nothing to do: a help desk does not know who reads it."""


def basic(who: str) -> dict[str, str]:
    """The header of a log-in; `who` is a name and a password, with a colon between them."""
    return {"Authorization": f"Basic {b64encode(who.encode()).decode()}"}


def first_moment(since: str) -> datetime:
    """From when on tickets are read at first; all of them for "". Raises ValueError."""
    try:
        return read_time("since", since, UTC) if since else BEGINNING
    except BadRecord as bad:
        raise ValueError(str(bad)) from None


def found_in(
    tickets: Iterable[Any],
    to_mention: Callable[[Any], Mention | Tombstone | Reject | None],
    first_reply: Callable[[Mapping[str, Any], Mention], Response | None],
) -> Iterator[Found | None]:
    """What tickets are read as, and the first answers to those that are mentions."""
    for ticket in tickets:
        made = to_mention(ticket)
        yield made
        if isinstance(made, Mention):
            yield first_reply(ticket, made)


def opened(
    ticket: Any, source: str, brand: str, channel: Channel, *, called: str = "ticket"
) -> Mention | Reject:
    """A ticket without words yet: its number, and when it was opened."""
    if not isinstance(ticket, dict):
        return Reject(place=f"a {called}", reason="it is no object", content=str(ticket))
    try:
        given = ticket.get("id")
        number = None if given is None else read_line("id", given)
        said_at = read_time("created_at", ticket.get("created_at"), UTC)
    except BadRecord as bad:
        return Reject(place=f"{called} {ticket.get('id')}", reason=str(bad), content="")
    if not number:
        return Reject(place=f"a {called}", reason="it has no number", content="")
    return Mention(
        source=source,
        source_id=number,
        channel=channel,
        kind=Kind.TICKET,
        text="",
        said_at=said_at,
        brand=brand,
    )


def worded(
    ticket: Mention,
    *,
    title: str,
    text: str,
    url: str | None = None,
    author: str,
    author_name: str,
    author_id: str,
) -> Mention | None:
    """An opened ticket with its words and who wrote them; None where it says nothing."""
    if not (text or title):
        return None
    return replace(
        ticket,
        title=title if text else "",
        text=text or title,
        url=url,
        author=author or None,
        author_name=author_name or None,
        author_id=author_id or None,
    )


def reply_at(ticket: Mention, said_at: datetime) -> Response:
    """The first public answer: of it only the time is told."""
    return Response(
        source=ticket.source,
        source_id=f"{ticket.source_id}#reply",
        said_at=said_at,
        parent_id=ticket.source_id,
        evidence=Evidence.FIELD,
    )


def reply_told(ticket: Mention, told: Any) -> Response | None:
    """The first public answer, of which a service tells the time; None where that is none."""
    try:
        return reply_at(ticket, read_time("first reply", told, UTC))
    except BadRecord:
        return None


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """The object under these names, one in the other; empty where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def plain(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def numbered(value: Any) -> str:
    return str(value) if type(value) is int else ""
