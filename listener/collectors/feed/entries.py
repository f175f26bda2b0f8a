"""The entries of a feed, and what mentions they become. Pure."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from listener.domain.markup import LONGEST_TEXT, without_markup
from listener.domain.mention import USUAL_KIND, Channel, Mention
from listener.domain.values import FIRST_YEAR, LAST_YEAR, LONGEST_URL, clean_line, is_link
from listener.errors import CollectorError, Trouble
from listener.http import Reply

HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_GLOBAL_ID = re.compile(r"https?://|urn:|tag:|[0-9a-f-]{32,}$", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_[ce]id")
_GOOGLE = re.compile(r"(www\.)?google\.[a-z.]{2,6}$")


def parse(reply: Reply, asked: str) -> list[Mapping[str, Any]]:
    """The entries of a feed, also of one that is not quite well-formed. Raises CollectorError."""
    import feedparser  # noqa: PLC0415  # takes a while to import

    headers = {
        "content-type": reply.headers.get("content-type", ""),
        "content-location": reply.url,
    }
    try:
        parsed = feedparser.parse(io.BytesIO(reply.body), response_headers=headers)
        # As plain ones, for feedparser's own dictionaries make up fields that are not there.
        entries: list[Mapping[str, Any]] = [dict(entry) for entry in parsed.entries]
    except Exception as error:  # whatever a hostile document does to the parser
        words = f"{asked} cannot be read as a feed ({type(error).__name__})"
        raise CollectorError(words, kind=Trouble.SHAPE) from None
    if entries:
        return entries
    if _WEB_PAGE.match(reply.body):
        words = f"{asked} answered with a web page, not with a feed; look for the feed's address"
    elif not parsed.get("version"):
        words = f"{asked} answered something that is no feed"
    elif isinstance(parsed.get("bozo_exception"), ValueError | SyntaxError) or _is_cut(parsed):
        words = f"{asked} is cut, or not well-formed"
    else:
        return []
    raise CollectorError(words, kind=Trouble.SHAPE)


def _is_cut(parsed: Mapping[str, Any]) -> bool:
    return bool(parsed.get("bozo")) and "SAX" in type(parsed.get("bozo_exception")).__name__


def to_mention(
    entry: Mapping[str, Any], source: str, channel: Channel, feed_url: str, now: datetime
) -> Mention | None:
    """An entry as a mention; None where it says nothing. Without a date it was said now."""
    title = _plain(entry.get("title_detail"))
    contents = [_plain(one) for one in (entry.get("summary_detail"), *entry.get("content", ()))]
    text = max(contents, key=len)[:LONGEST_TEXT]
    if not text:
        title, text = "", title
    if not text:
        return None
    link, unwrapped = _link(entry)
    said_at, edited_at = _times(entry)
    author = _author(entry)
    return Mention(
        source=source,
        source_id=_id(entry, link, unwrapped, feed_url) or hashed(f"{title}\n{text}\n{said_at}"),
        title=title,
        text=text,
        said_at=said_at or now,
        edited_at=edited_at,
        channel=channel,
        kind=USUAL_KIND[channel],
        url=link or None,
        author=author,
        author_name=author,
    )


def _id(entry: Mapping[str, Any], link: str, unwrapped: bool, feed_url: str) -> str:
    """Google tells one story under several ids: there the address of the story is the id. An id
    that is not unique in the world is one of its feed's host."""
    given = clean_line(str(entry.get("id") or ""))
    if unwrapped or not given:
        return clean_line(_canonical(link)) if link else ""
    return given if _GLOBAL_ID.match(given) else f"{urlsplit(feed_url).hostname}/{given}"


def _link(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """Where an entry leads, and whether Google's wrapping was taken off it."""
    link = str(entry.get("link") or "").strip()
    try:
        parts = urlsplit(link)
        if parts.path == "/url" and _GOOGLE.match(parts.hostname or ""):
            query = parse_qs(parts.query)
            inside = (query.get("url") or query.get("q") or [""])[0]
            if is_link(inside):
                return _short(inside), True
    except ValueError:
        return "", False
    return (_short(link) if is_link(link) else ""), False


def _short(link: str) -> str:
    return link if link.isprintable() and len(link) <= LONGEST_URL else ""


def _canonical(link: str) -> str:
    try:
        parts = urlsplit(link)
        query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])]
    except ValueError:
        return link
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, urlencode(query), ""))


def _times(entry: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    moments = [_moment(entry.get(f"{name}_parsed")) for name in ("published", "created", "updated")]
    said = next((moment for moment in moments if moment), None)
    edited = moments[-1]
    return said, edited if said and edited and edited > said else None


def _moment(parsed: Any) -> datetime | None:
    try:
        year, month, day, hour, minute, second = parsed[:6]
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _author(entry: Mapping[str, Any]) -> str | None:
    detail = entry.get("author_detail") or {}
    return clean_line(str(detail.get("name") or entry.get("author") or "")) or None


def _plain(detail: Mapping[str, Any] | None) -> str:
    """What a reader would see of a title or a text."""
    value = str((detail or {}).get("value") or "")
    if (detail or {}).get("type") in HTML_TYPES or _MARKUP.search(value[:LONGEST_TEXT]):
        value = without_markup(value)
    return value.strip()


def hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
