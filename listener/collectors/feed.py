"""RSS and Atom feeds, Google Alerts among them: news, blogs, forums."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.markup import LONGEST_TEXT, without_markup
from listener.domain.mention import USUAL_KIND, Batch, Channel, Mention, Reject
from listener.domain.values import FIRST_YEAR, LAST_YEAR, LONGEST_URL, clean_line, is_link
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http, HttpError, Reply, shown, to_error
from listener.http.addresses import PUBLIC_PORTS, check_url, why_metadata, why_private

LIMIT_BYTES = 5_000_000
DEADLINE_SECONDS = 30.0
MOST_REMEMBERED = 5_000  # entries of one feed

REFUSALS: Final = {
    401: "wants a log-in; take its address with the key in it, where it has such a one, in `urls`",
    403: "is not shown to this machine, or not without a key in its address",
    404: "is not there; check `urls`",
}
HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
SLACK = timedelta(minutes=1)

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_WHITE = re.compile(r"\s")
_GLOBAL_ID = re.compile(r"https?://|urn:|tag:|[0-9a-f-]{32,}$", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_[ce]id")
_GOOGLE = re.compile(r"(www\.)?google\.[a-z.]{2,6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Reads feeds, one after the other, each a page.

    A feed that fails stops no other: it is told as a reject when its trouble begins or changes;
    only when none of them can be read is the source itself in trouble. A feed holds its last few
    entries only: where none of those is known after some were, what lies between may be lost.
    """

    urls: tuple[str, ...]
    every: timedelta = timedelta(minutes=10)
    channel: Channel = Channel.NEWS
    allow_private: bool = False  # feeds of your own network
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse, each by its place, the addresses that could never be read."""
        ports = PUBLIC_PORTS | self.http.ports
        found = [
            f"urls[{number}] {why}"
            for number, url in enumerate(self.urls, 1)
            if (why := _why_never_read(url, ports, self.allow_private))
        ]
        if found or not self.urls:
            raise ConfigError(found or ["urls names no feed"])

    @property
    def service(self) -> str:
        return "feed"

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """What is new or changed in the next feed that can be read."""
        known = (cursor or {}).get("feeds", {})
        feeds = {url: _Memory(**known.get(url, {})) for url in self.urls}
        rest = [url for url in (cursor or {}).get("rest", ()) if url in feeds]
        waiting = rest or self._order(now)
        rejects: list[Reject] = []
        troubles: list[CollectorError] = []
        page: _Page | None = None
        while waiting and page is None:
            url = waiting.pop(0)
            try:
                page = self._page(url, feeds[url], now)
                feeds[url] = page.memory
            except CollectorError as error:
                troubles.append(error)
                if str(error) != feeds[url].error:
                    rejects.append(Reject(place=shown(url), reason=str(error), content=""))
                feeds[url] = feeds[url].in_trouble(error, now)
        if page is None and len(troubles) == len(feeds):
            raise _none_read(troubles)
        return Batch(
            mentions=page.mentions if page else (),
            rejects=tuple(rejects),
            cursor={
                "feeds": {url: memory.written() for url, memory in feeds.items()},
                "rest": waiting,
            },
            complete=not waiting,
            gap_since=page.gap_since if page else None,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: a feed does not know who reads it."""

    def check(self) -> str:
        now = WallClock().now()
        counts = [len(self._entries(url, _Memory(), now)[0]) for url in self.urls]
        feeds = "1 feed" if len(counts) == 1 else f"{len(counts)} feeds"
        return f"{feeds} with {sum(counts)} entries"

    def _order(self, now: datetime) -> list[str]:
        """All feeds, each time beginning with another one, lest slow ones keep out the last."""
        unique = list(dict.fromkeys(self.urls))
        first = int(now.timestamp() // max(self.every.total_seconds(), 1)) % len(unique)
        return unique[first:] + unique[:first]

    def _page(self, url: str, memory: "_Memory", now: datetime) -> "_Page":
        if now.timestamp() < memory.until:
            raise CollectorError(memory.error, kind=Trouble.RATE)
        entries, reply = self._entries(url, memory, now)
        memory = replace(memory, error="", until=0.0)
        if reply.status == 304:
            return _Page((), replace(memory, read_at=now.isoformat()), None)
        found = [
            mention
            for entry in entries
            if (mention := to_mention(entry, self.name, self.channel, reply.url, now))
        ]
        seen, new = _news(found, memory.seen, now)
        lost = bool(memory.seen) and bool(seen) and not seen.keys() & memory.seen.keys()
        gap_since = datetime.fromisoformat(memory.read_at) if lost and memory.read_at else None
        if gap_since and now - gap_since <= 2 * self.every + SLACK:
            gap_since = None  # the feed was read in time: it has other ids now, or few entries
        memory = _Memory(
            etag=reply.headers.get("etag", ""),
            modified=reply.headers.get("last-modified", ""),
            read_at=now.isoformat(),
            seen=seen,
        )
        return _Page(tuple(new), memory, gap_since)

    def _entries(
        self, url: str, memory: "_Memory", now: datetime
    ) -> tuple[list[Mapping[str, Any]], Reply]:
        asked = f"the feed {shown(url)}"
        try:
            reply = self.http.get(
                url,
                headers=memory.conditions(),
                limit_bytes=LIMIT_BYTES,
                deadline_seconds=DEADLINE_SECONDS,
                public_only=not self.allow_private,
            )
        except HttpError as error:
            raise to_error(error, asked=asked, now=now) from None
        if reply.status == 304 and memory.conditions():
            return [], reply
        if reply.status != 200:
            raise to_error(reply, asked=asked, now=now, means=REFUSALS)
        return parse(reply, asked), reply


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What is remembered of one feed, in the cursor."""

    etag: str = ""
    modified: str = ""
    read_at: str = ""
    error: str = ""
    until: float = 0.0  # it asked not to be asked before, unix time
    seen: Mapping[str, str] = field(default_factory=dict)  # entry -> its words, as hashes

    def conditions(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}

    def in_trouble(self, error: CollectorError, now: datetime) -> "_Memory":
        wait = error.retry_after or timedelta(0)
        until = (now + wait).timestamp() if wait else self.until
        return replace(self, error=str(error), until=until)

    def written(self) -> dict[str, Any]:
        names = ("etag", "modified", "read_at", "error", "until", "seen")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class _Page:
    mentions: tuple[Mention, ...]
    memory: _Memory
    gap_since: datetime | None


def _why_never_read(url: str, ports: frozenset[int], allow_private: bool) -> str | None:
    """What the address alone tells, repeating no secret in it; where a name leads is seen later."""
    try:
        parts = check_url(url)
    except HttpError:
        parts = None
    host = (parts.hostname or "") if parts else ""
    if parts is None or _WHITE.search(host):
        return "must begin with https:// or http:// and a host, as in https://example.com/feed.xml"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    literal = _is_literal(host)
    if literal and (why := why_metadata(host, port)):
        return f"is never read: {why}"
    if allow_private:
        return None
    if port not in ports:
        why = f"port {port} is none of {', '.join(map(str, sorted(ports)))}"
    elif literal:
        why = why_private(host)
    else:
        why = "localhost is this machine" if host == "localhost" else None
    return f"is read only with allow_private = true: {why}" if why else None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _none_read(troubles: list[CollectorError]) -> CollectorError:
    first = troubles[0]
    if len(troubles) == 1:
        return first
    waits = [trouble.retry_after for trouble in troubles if trouble.retry_after]
    return CollectorError(
        f"none of the {len(troubles)} feeds can be read; the first: {first}",
        kind=first.kind,
        retry_after=min(waits) if len(waits) == len(troubles) else None,
    )


def _news(
    found: list[Mention], known: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], list[Mention]]:
    """Remember the entries of a feed, and pick those whose words are new.

    An entry without a date keeps the moment at which it was first seen, also when it changes.
    """
    seen: dict[str, str] = {}
    new: list[Mention] = []
    for mention in found[:MOST_REMEMBERED]:
        key = _hash(mention.source_id)
        if key in seen:
            continue
        words = _hash(f"{mention.title}\n{mention.text}\n{mention.url}")[:8]
        before, _, at = known.get(key, "").partition("@")
        if mention.said_at == now:
            at = at or str(int(now.timestamp()))
            mention = replace(mention, said_at=datetime.fromtimestamp(int(at), UTC))
        seen[key] = f"{words}@{at}" if at else words
        if words != before:
            new.append(mention)
    return seen, new


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
        source_id=_id(entry, link, unwrapped, feed_url) or _hash(f"{title}\n{text}\n{said_at}"),
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


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
