"""What statuses become: mentions. Pure.

A mention's id is the instance's own number of the status, and not its global address `uri`, which
is kept beside it: what a status answers is told by that number only, and so an answer of a brand
and its question find each other in whatever order they come.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from listener.domain.markup import without_markup
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.values import BadRecord, clean_line, is_link, read_time

_STORED: Final = ("public", "unlisted")
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Item:
    """A status as it stands in a listing. `number`: by which the listing is paged."""

    number: str
    at: datetime | None
    status: Any

    @classmethod
    def of(cls, thing: Any, *, inside: bool) -> "Item":
        """`inside`: the thing is a notification that holds the status."""
        if not isinstance(thing, dict):
            return cls("", None, thing)
        status = thing.get("status") if inside else thing
        return cls(number(thing.get("id")) or "", moment(thing.get("created_at")), status)


def to_mention(status: Any, source: str, domain: str) -> Mention | Reject | None:
    """A status as a mention; None for what is not public, a boost, or without words.

    `domain`: of accounts that are the instance's own. Everything may be of another type than
    Mastodon gives, for other servers speak its language too.
    """
    if not isinstance(status, dict):
        return Reject(place="a listing", reason="it is no status", content="")
    own, said_at = number(status.get("id")), moment(status.get("created_at"))
    account = status.get("account")
    if own is None or said_at is None or not isinstance(account, dict):
        place = f"status {clean_line(str(status.get('id')))}"[:100]
        return Reject(place=place, reason="it has no id, time or account", content="")
    if status.get("visibility") not in _STORED or status.get("reblog") is not None:
        return None
    title, text = _text(status.get("spoiler_text")), _text(status.get("content"))
    if not text:
        title, text = "", title
    if not text:
        return None
    uri = _link(status.get("uri"))
    return Mention(
        source=source,
        source_id=own,
        title=title,
        text=text,
        said_at=said_at,
        edited_at=moment(status.get("edited_at")),
        kind=_kind(status),
        language=_language(status.get("language")),
        url=_link(status.get("url")) or uri,
        author=full_name(account.get("acct"), domain),
        author_name=_line(account.get("display_name")),
        author_id=number(account.get("id")),
        followers=_count(account.get("followers_count")),
        likes=_count(status.get("favourites_count")),
        replies=_count(status.get("replies_count")),
        shares=_count(status.get("reblogs_count")),
        parent_id=number(status.get("in_reply_to_id")),
        automatic=account.get("bot") is True,
        raw={"uri": uri} if uri else {},
    )


def full_name(acct: Any, domain: str) -> str | None:
    """user@instance; an instance calls its own accounts by the user's name only."""
    name = _line(acct)
    return name if name is None or "@" in name else f"{name}@{domain}"


def named_in(status: Mapping[str, Any], domain: str) -> frozenset[str]:
    """The accounts that a status names, folded as handles are."""
    named = status.get("mentions")
    people = named if isinstance(named, list) else []
    found = (full_name(one.get("acct"), domain) for one in people if isinstance(one, dict))
    return frozenset(name.casefold() for name in found if name)


def number(value: Any) -> str | None:
    """An id: a number at Mastodon, other servers use letters too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        text = str(value)
    except ValueError:  # thousands of digits
        return None
    return text if _NUMBER.fullmatch(text) else None


def moment(value: Any) -> datetime | None:
    """A time, which the library has read already where it could."""
    if isinstance(value, datetime):
        value = value.isoformat()
    try:
        return read_time("created_at", value, UTC) if value else None
    except BadRecord:
        return None


def _kind(status: Mapping[str, Any]) -> Kind:
    if status.get("in_reply_to_id") is not None:
        return Kind.REPLY
    return Kind.POST if status.get("quote") is None else Kind.QUOTE


def _text(value: Any) -> str:
    return without_markup(value) if isinstance(value, str) else ""


def _line(value: Any) -> str | None:
    return (clean_line(value) or None) if isinstance(value, str) else None


def _link(value: Any) -> str | None:
    return value if isinstance(value, str) and is_link(value) else None


def _language(value: Any) -> str | None:
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
