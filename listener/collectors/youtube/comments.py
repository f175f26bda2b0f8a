"""Answers of YouTube as values: pages, threads, comments. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from listener.domain.markup import without_markup
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.values import BadRecord, read_time

_ID: Final = re.compile(r"[\w.-]{1,200}", re.ASCII)
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Threads or comments as they came; `token` asks for the next page, empty on the last."""

    items: tuple[Mapping[str, Any], ...]
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A comment and what came with it of its replies: a few, not all.

    said_at: of the comment; None where it cannot be read. total: of its replies. said: what was
    read, the comment first.
    """

    id: str
    video: str
    said_at: datetime | None
    total: int
    said: tuple[Mention | Reject, ...]

    @property
    def is_whole(self) -> bool:
        return self.said_at is None or self.total <= len(self.said) - 1


def read_page(value: Any) -> Page | None:
    """An answer as a page; None where it is none."""
    items = value.get("items") if isinstance(value, dict) else None
    token = value.get("nextPageToken") or "" if isinstance(value, dict) else ""
    if not isinstance(items, list) or not isinstance(token, str):
        return None
    return Page(items=tuple(_of(item) for item in items), token=token)


def read_thread(item: Mapping[str, Any], source: str) -> Thread:
    """A thread of a page, with the replies that lie in it."""
    snippet = _of(item.get("snippet"))
    top, video = _of(snippet.get("topLevelComment")), _id(snippet.get("videoId"))
    number, total = _id(top.get("id")), _count(snippet.get("totalReplyCount"))
    first = to_mention(top, source, video, "", total)
    listed = _of(item.get("replies")).get("comments")
    replies = listed if isinstance(listed, list) and isinstance(first, Mention) else []
    return Thread(
        id=number,
        video=video,
        said_at=first.said_at if isinstance(first, Mention) else None,
        total=total or 0,
        said=(first, *(to_mention(_of(reply), source, video, number) for reply in replies)),
    )


def to_mention(
    comment: Mapping[str, Any],
    source: str,
    video: str = "",
    thread: str = "",
    replies: int | None = None,
) -> Mention | Reject:
    """A comment as a mention. `thread` is the comment that it replies to, empty for such a one.

    YouTube knows no replies to replies: whoever answers one answers the thread.
    """
    number, snippet = _id(comment.get("id")), _of(comment.get("snippet"))
    said_at, edited_at = _time(snippet.get("publishedAt")), _time(snippet.get("updatedAt"))
    if not number or said_at is None:
        place = f"comment {number}" if number else "a comment"
        return Reject(place=place, reason="it has no id or no time", content="")
    text = _text(snippet)
    if not text:
        return Reject(place=f"comment {number}", reason="it has no words", content="")
    video = video or _id(snippet.get("videoId"))
    parent = thread or _id(snippet.get("parentId"))
    return Mention(
        source=source,
        source_id=number,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        text=text,
        said_at=said_at,
        edited_at=edited_at if edited_at and edited_at > said_at else None,
        url=_link(video, number),
        author=_handle(snippet),
        author_name=_line(snippet.get("authorDisplayName")),
        author_id=_line(_of(snippet.get("authorChannelId")).get("value")),
        likes=_count(snippet.get("likeCount")),
        replies=replies,
        parent_id=parent or None,
        thread_id=parent or number,
    )


def _text(snippet: Mapping[str, Any]) -> str:
    """As it was written where YouTube tells, which it does to some; else what is shown, as HTML."""
    written = snippet.get("textOriginal")
    if isinstance(written, str) and written.strip():
        return written.strip()
    shown = snippet.get("textDisplay")
    return without_markup(shown) if isinstance(shown, str) else ""


def _handle(snippet: Mapping[str, Any]) -> str | None:
    """The handle, from the address of the channel or from the name.

    A name without @ is no handle: anybody may call himself what a brand is called.
    """
    link, name = snippet.get("authorChannelUrl"), snippet.get("authorDisplayName")
    try:
        path = unquote(urlsplit(link).path) if isinstance(link, str) else ""
    except ValueError:
        path = ""
    for found in (path.removeprefix("/"), name):
        if isinstance(found, str) and found.startswith("@"):
            return found[1:].strip() or None
    return None


def _link(video: str, number: str) -> str | None:
    if not video:
        return None
    return f"https://www.youtube.com/watch?v={quote(video)}&lc={quote(number)}"


def _of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NOTHING


def _id(value: Any) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _time(value: Any) -> datetime | None:
    try:
        return read_time("publishedAt", value, UTC) if value else None
    except BadRecord:
        return None


def _line(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    counts = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if counts else None
