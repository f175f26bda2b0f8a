"""What Bluesky's posts become: mentions. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from listener.domain.mention import Kind, Mention, Reject
from listener.domain.values import BadRecord, clean_line, is_link, read_time

_URI = re.compile(r"at://(did:[a-z0-9]+:[\w.:%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LONGEST_URI: Final = 500
_NO_HANDLE: Final = "handle.invalid"  # what stands for one that leads nowhere now
_ROBOT: Final = "bot"  # the label of an account that is run by a program
_VOUCHED: Final = ("verifiedStatus", "trustedVerifierStatus")
_QUOTES: Final = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")


def to_mention(post: Any, source: str) -> Mention | Reject | None:
    """A post as a mention; None for one without words."""
    uri = uri_of(post)
    found = _URI.fullmatch(uri)
    record, author = (post.get("record"), post.get("author")) if found else (None, None)
    said_at = said(post) if found else None
    if not found or said_at is None or not isinstance(record, dict):
        place = f"post {clean_line(uri)}"[:100]
        return Reject(place=place, reason="it has no uri, time or record", content="")
    text = _text(record.get("text")) or _linked(record.get("embed"))
    if not text:
        return None
    author = author if isinstance(author, dict) else {}
    name = _line(author.get("handle"))
    parent, root = _replies_to(record.get("reply"))
    return Mention(
        source=source,
        source_id=uri,
        text=text,
        said_at=said_at,
        kind=_kind(record, parent),
        language=_language(record.get("langs")),
        url=f"https://bsky.app/profile/{found[1]}/post/{found[2]}",
        author=None if name == _NO_HANDLE else name,
        author_name=_line(author.get("displayName")),
        author_id=found[1],
        verified=_verified(author.get("verification")),
        likes=_count(post.get("likeCount")),
        replies=_count(post.get("replyCount")),
        shares=_count(post.get("repostCount")),
        parent_id=parent,
        thread_id=root or parent or uri,
        automatic=_is_robot(author.get("labels"), found[1]),
    )


def _is_robot(labels: Any, did: str) -> bool:
    """Whether an account labels itself so; what others label it is their opinion."""
    given = labels if isinstance(labels, list) else []
    own = (one for one in given if isinstance(one, dict) and one.get("src") == did)
    return any(one.get("val") == _ROBOT for one in own)


def _verified(state: Any) -> bool | None:
    """Whether somebody whom Bluesky trusts vouches for the account, or it is trusted itself."""
    given = state if isinstance(state, dict) else {}
    told = {given.get(name) for name in _VOUCHED if isinstance(given.get(name), str)}
    return "valid" in told if told else None


def uri_of(post: Any) -> str:
    """Where a post is in the network; empty for what is none."""
    uri = post.get("uri") if isinstance(post, dict) else None
    return uri if isinstance(uri, str) and len(uri) <= _LONGEST_URI else ""


def said(post: Any) -> datetime | None:
    """When it was said. Its writer's program says so, and it may be wrong; not later than seen."""
    record = post.get("record") if isinstance(post, dict) else None
    claimed = _moment(record.get("createdAt")) if isinstance(record, dict) else None
    known = [moment for moment in (claimed, indexed(post)) if moment is not None]
    return min(known, default=None)


def indexed(post: Any) -> datetime | None:
    """When Bluesky saw it."""
    return _moment(post.get("indexedAt")) if isinstance(post, dict) else None


def _moment(value: Any) -> datetime | None:
    try:
        return read_time("a time", value, UTC) if isinstance(value, str) else None
    except BadRecord:
        return None


def _replies_to(reply: Any) -> tuple[str | None, str | None]:
    """The uris of what it answers, and of what the thread began with."""
    ends = reply if isinstance(reply, dict) else {}
    parent, root = uri_of(ends.get("parent")), uri_of(ends.get("root"))
    return parent or None, root or None


def _kind(record: Mapping[str, Any], parent: str | None) -> Kind:
    if parent:
        return Kind.REPLY
    embed = record.get("embed")
    quotes = isinstance(embed, dict) and embed.get("$type") in _QUOTES
    return Kind.QUOTE if quotes else Kind.POST


def _linked(embed: Any) -> str:
    """Where a post without words leads: queries may name the site."""
    external = embed.get("external") if isinstance(embed, dict) else None
    uri = external.get("uri") if isinstance(external, dict) else None
    return uri if isinstance(uri, str) and is_link(uri) else ""


def _language(langs: Any) -> str | None:
    """Where it names several, we look ourselves."""
    (only,) = langs if isinstance(langs, list) and len(langs) == 1 else (None,)
    return only if isinstance(only, str) and _LANGUAGE.fullmatch(only) else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _line(value: Any) -> str | None:
    return (clean_line(value) or None) if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
