"""What Reddit's things become: posts (t3) and comments (t1) as mentions. Pure.

Old replies lack fields that newer ones have, so nothing but a name, a time and words is relied on.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from listener.domain.mention import Kind, Mention, Reject, Tombstone
from listener.domain.values import FIRST_YEAR, LAST_YEAR, clean_line, is_link

SITE: Final = "https://www.reddit.com"

_FULLNAME = re.compile(r"t[13]_([0-9a-z]{1,13})")
_GONE = re.compile(r"\[ ?(deleted|removed)\b[^\[\]]{0,60}\]", re.IGNORECASE)
_OWN_HOST = re.compile(r"(.*\.)?(reddit\.com|redd\.it|redditmedia\.com)")
_REASONS: Final = {"deleted": "deleted by its author", "removed": "removed by moderators"}


def number(fullname: str) -> int:
    """The number in a fullname; of one kind, what is newer has the greater one. 0: it is none."""
    found = _FULLNAME.fullmatch(fullname)
    return int(found[1], 36) if found else 0


def to_mention(thing: Any, source: str) -> Mention | Tombstone | Reject | None:
    """A thing as a mention, or what is left of it; None for one of another kind."""
    kind = thing.get("kind") if isinstance(thing, dict) else None
    if isinstance(kind, str) and kind not in ("t1", "t3"):
        return None
    data = thing.get("data") if kind else None
    if not isinstance(data, dict):
        return Reject(place="a listing", reason="it is no thing of Reddit's", content="")
    name = data.get("name")
    said_at = moment(data.get("created_utc"))
    if not isinstance(name, str) or not number(name) or said_at is None:
        return Reject(place=f"thing {name}"[:100], reason="it has no name or no time", content="")
    comment = name.startswith("t1_")
    title, text = ("", _text(data.get("body"))) if comment else _words(data)
    if gone := _why_gone(data, text):
        return Tombstone(source=source, source_id=name, reason=gone)
    if not text:
        return None
    author = _author(data.get("author"))
    return Mention(
        source=source,
        source_id=name,
        title=title,
        text=text,
        said_at=said_at,
        edited_at=moment(data.get("edited")),
        kind=Kind.COMMENT if comment else Kind.POST,
        url=_url(data, name),
        author=author,
        author_id=_author(data.get("author_fullname")) or author,
        likes=_count(data.get("score")),
        replies=None if comment else _count(data.get("num_comments")),
        parent_id=_fullname(data.get("parent_id")),
        thread_id=_fullname(data.get("link_id")) if comment else name,
    )


def moment(value: Any) -> datetime | None:
    """A unix time; None for what is none, as `edited` of what never was."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR and value > 0 else None


def _words(data: Mapping[str, Any]) -> tuple[str, str]:
    """Title and text of a post. One that only links says where to: queries may name the site."""
    title, text = _text(data.get("title")), _text(data.get("selftext"))
    text = text or _linked(data)
    return (title, text) if text else ("", title)


def _linked(data: Mapping[str, Any]) -> str:
    url = data.get("url")
    if data.get("is_self") or not isinstance(url, str) or not is_link(url):
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return "" if _OWN_HOST.fullmatch(host) else url


def _why_gone(data: Mapping[str, Any], text: str) -> str | None:
    """Why its words are no longer there. A writer who left alone leaves them standing."""
    found = _GONE.fullmatch(text)
    if found:
        return _REASONS[found[1].lower()]
    category = data.get("removed_by_category")
    if not isinstance(category, str) or not category:
        return None
    return _REASONS["deleted" if category == "deleted" else "removed"]


def _url(data: Mapping[str, Any], name: str) -> str:
    path = data.get("permalink")
    if isinstance(path, str) and path.startswith("/") and is_link(SITE + path):
        return SITE + path
    link = _fullname(data.get("link_id"))
    if name.startswith("t1_") and link:
        return f"{SITE}/comments/{link[3:]}/_/{name[3:]}"
    return f"{SITE}/comments/{name[3:]}" if name.startswith("t3_") else f"{SITE}/api/info?id={name}"


def _text(value: Any) -> str:
    """Its editor writes some characters as entities, which every reader sees as characters."""
    return unescape(value).strip() if isinstance(value, str) else ""


def _author(value: Any) -> str | None:
    name = clean_line(value) if isinstance(value, str) else ""
    return name if name and name != "[deleted]" else None


def _fullname(value: Any) -> str | None:
    return value if isinstance(value, str) and number(value) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
