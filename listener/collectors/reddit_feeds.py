"""Reddit by its public feeds, for those to whom it gives no key: one request a minute at most."""

import io
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NoReturn
from urllib.parse import quote, quote_plus, urlsplit

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.domain.markup import LONGEST_TEXT, without_markup
from listener.domain.mention import Batch, Channel, Kind, Mention, Reject, Tombstone
from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, quoted
from listener.domain.query.translation import Translation, translate
from listener.domain.subject import Matcher, Role, Subject, accounts_of
from listener.domain.values import FIRST_YEAR, LAST_YEAR, clean_line, is_link
from listener.errors import CollectorError, Trouble
from listener.http import USER_AGENT, Http, HttpError, Reply, check_base_url, to_error

SERVICE: Final = "reddit"  # whose accounts count, with a key or without
ONE_REQUEST: Final = timedelta(minutes=1)  # all that Reddit answers to one address
ENTRIES: Final = 100
USUAL_ENTRIES: Final = 25  # a feed of fewer holds all there is
MOST_SUBREDDITS: Final = 50  # in one feed, lest its address grow too long
STUCK: Final = 5  # so many turns without an answer, and other feeds are tried too
LIMIT_BYTES: Final = 5_000_000

NOTHING: Final = (
    "Reddit was not asked: name `subreddits`, or give a subject a query that can be searched for,"
    " or an account `reddit`"
)
TURNED_AWAY: Final = (
    "Reddit turns this machine away; it is said to do so with data centres. Try it from another"
    " network, or read Reddit with a key (type `reddit`)"
)
_SUBREDDIT = re.compile(r"(?:/?r/)?([A-Za-z0-9_]{2,24})/?")
_THING = re.compile(r"t([13])_([0-9a-z]{1,13})")
_OTHER_THING = re.compile(r"t[0-9]_[0-9a-z]+")
_POST = re.compile(r"/comments/([0-9a-z]{1,13})(?:/|$)")
_BODY, _END = '<div class="md">', "</div>"
_LINK = re.compile(r'<a href="([^"<>]+)">\s*\[link\]\s*</a>')
_GONE = re.compile(r"\[ ?(deleted|removed)\b[^\[\]]{0,60}\]", re.IGNORECASE)
_OWN_HOST = re.compile(r"(.*\.)?(reddit\.com|redd\.it|redditmedia\.com)")
_KINDS: Final = frozenset({"post", "comment"})
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,29}")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
_REASONS: Final = {"deleted": "deleted by its author", "removed": "removed by moderators"}


class _RefusedError(CollectorError):
    """One feed is refused: of a subreddit that is private or banned, of an account that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What is remembered of one feed. mark: the greatest number of an entry that was seen."""

    mark: int = 0
    read_at: int = 0
    refused: str = ""

    def written(self) -> dict[str, Any]:
        names = ("mark", "read_at", "refused")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    mentions: tuple[Mention, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    rejects: tuple[Reject, ...] = ()
    memory: _Memory = field(default_factory=_Memory)
    gap_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedditFeeds:
    """Reads one feed each time it is asked, the one that waited longest.

    A page is one feed and one request, and always complete: with `every` at a minute each of n
    feeds is read every n minutes. A feed that is refused stops no other.
    """

    subreddits: tuple[str, ...] = ()
    search: bool = True  # all of Reddit, for what the queries ask for
    every: timedelta = ONE_REQUEST
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://www.reddit.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be read, or would be read too often."""
        for place, name in enumerate(self.subreddits, 1):
            if not _SUBREDDIT.fullmatch(name):
                raise ValueError(f"subreddits[{place}] is no subreddit's name, as in `travel`")
        if self.every < ONE_REQUEST:
            raise ValueError('every must be at least "1m": Reddit answers one feed a minute')
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None

    @property
    def service(self) -> str:
        return SERVICE

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translate(query, SEARCH)

    def asks(self, query: Query) -> Translation:
        return translate(query, SEARCH, self.name)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """The feed that waited longest."""
        kept = cursor or {}
        known = kept.get("feeds", {})
        path, *others = self._order(kept, now)
        feeds = {name: _Memory(**known.get(name, {})) for name in (path, *others)}
        page = _Page(memory=feeds[path])
        try:
            page = self._page(self._entries(path, now), feeds[path], now)
        except _RefusedError as error:
            if not others or all(one.refused for one in feeds.values()):
                raise
            page = _refused(path, feeds[path], str(error))
        feeds[path] = page.memory
        return Batch(
            mentions=page.mentions,
            tombstones=page.tombstones,
            rejects=page.rejects,
            cursor={
                "feeds": {name: one.written() for name, one in feeds.items()},
                "order": [*others, path],
                "read_at": int(now.timestamp()),
            },
            gap_since=page.gap_since,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: a feed does not know who reads it."""

    def check(self) -> str:
        """One request, as for a page; says how late all this is."""
        count = len(self._entries(self._feeds()[0], WallClock().now()))
        return f"{self.pace()}; {count} entries in the first"

    def pace(self) -> str:
        """How late all this is, said without a request."""
        count = len(self._feeds())
        minutes = count * self.every.total_seconds() / 60
        return f"{count} feed{'s' * (count > 1)}, each read every {minutes:g} min"

    def _feeds(self) -> tuple[str, ...]:
        """The paths of all feeds, with their queries."""
        found = (_SUBREDDIT.fullmatch(name) for name in self.subreddits)
        subreddits = list(dict.fromkeys(one[1].lower() for one in found if one))
        parts = [
            "+".join(subreddits[begin : begin + MOST_SUBREDDITS])
            for begin in range(0, len(subreddits), MOST_SUBREDDITS)
        ]
        words = map(quote_plus, searched_for(self) if self.search else ())
        accounts = accounts_of(self.follows, SERVICE, (Role.BRAND, Role.INFLUENCER))
        feeds = (
            *(f"/r/{part}/{kind}/.rss?" for part in parts for kind in ("new", "comments")),
            *(f"/search.rss?q={word}&sort=new&type=link&" for word in words),
            *(f"/user/{quote(name, safe='')}/comments/.rss?" for name in accounts),
        )
        if not feeds:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return tuple(f"{feed}limit={ENTRIES}" for feed in feeds)

    def _order(self, kept: Cursor, now: datetime) -> list[str]:
        """All feeds, the one that waited longest first. Where nothing was answered for some turns,
        the clock says with which one they begin, lest one that always fails keeps out all others.
        """
        feeds, before = self._feeds(), kept.get("order", ())
        waiting = [path for path in feeds if path not in before]
        waiting += [path for path in before if path in feeds]
        turns = now.timestamp() / self.every.total_seconds()
        stuck = abs(turns - kept.get("read_at", 0) / self.every.total_seconds()) > STUCK
        first = int(turns) % len(waiting) if stuck else 0
        return waiting[first:] + waiting[:first]

    def _entries(self, path: str, now: datetime | None) -> list[Mapping[str, Any]]:
        try:
            reply = self.http.get(
                self.base_url.rstrip("/") + path,
                headers={"User-Agent": _user_agent(), "Accept": "application/atom+xml"},
                limit_bytes=LIMIT_BYTES,
                public_only=self.base_url.startswith("https:"),
                http2=True,  # what speaks HTTP/1.1 is said to be refused
            )
        except HttpError as error:
            raise to_error(error, asked="Reddit", now=now) from None
        if reply.status != 200:
            _refuse(reply, now)
        if urlsplit(reply.url).path.startswith("/subreddits/search"):
            raise _RefusedError("Reddit knows no such subreddit", kind=Trouble.SETTINGS)
        return _parsed(reply)

    def _page(self, entries: list[Mapping[str, Any]], memory: _Memory, now: datetime) -> _Page:
        made = [to_mention(entry, self.name) for entry in entries]
        matcher = Matcher(self.follows)
        numbers = [number for entry in entries if (number := _number(entry))]
        lost = memory.mark and len(numbers) >= USUAL_ENTRIES and min(numbers) > memory.mark
        return _Page(
            mentions=tuple(
                one for one in made if isinstance(one, Mention) and matcher.concerns(SERVICE, one)
            ),
            tombstones=tuple(one for one in made if isinstance(one, Tombstone)),
            rejects=tuple(one for one in made if isinstance(one, Reject)),
            memory=_Memory(
                mark=max([*numbers, memory.mark]),
                read_at=int(now.timestamp()),
            ),
            gap_since=datetime.fromtimestamp(memory.read_at, UTC) if lost else None,
        )


def _write(text: str) -> tuple[str, ...]:
    """In quotes nothing is an operator. A domain may be what a post links to."""
    found = quoted(text)
    return (*found, f'url:"{text}"') if _DOMAIN.fullmatch(text) else found


def _field(one: Field, excluded: bool) -> AskedField:
    if one.name == "author" and not excluded and _NAME.fullmatch(one.value):
        return AskedField((f"author:{one.value}",), alone=True)
    return AskedField(never=is_never(one, "www.reddit.com", _KINDS))


# How it treats the forms of words is not documented: a NOT could leave out more than ours.
SEARCH: Final = Dialect(
    service="Reddit", write=_write, field=_field, both=" AND ", both_in_parentheses=True
)


def _refused(path: str, memory: _Memory, why: str) -> _Page:
    """A feed that is refused is told when that begins, and not each time."""
    new = memory.refused != why
    rejects = (Reject(place=path, reason=why, content=""),) if new else ()
    return _Page(rejects=rejects, memory=replace(memory, refused=why))


def to_mention(entry: Mapping[str, Any], source: str) -> Mention | Tombstone | Reject | None:
    """An entry as a mention, or what is left of it; None for what is no post and no comment."""
    name = str(entry.get("id") or "")
    found = _THING.fullmatch(name)
    if not found and _OTHER_THING.fullmatch(name):
        return None  # a search also finds subreddits
    said_at = _moment(entry, "published") or _moment(entry, "updated")
    if not found or said_at is None:
        place = f"entry {clean_line(name, 60)}"
        return Reject(place=place, reason="it has no name or no time", content="")
    comment = found[1] == "1"
    title, text = _words(entry, comment)
    if gone := _GONE.fullmatch(text):
        reason = _REASONS[gone[1].lower()]
        return Tombstone(source=source, source_id=name, reason=reason)
    if not text:
        return None
    author = _author(entry)
    edited_at = _moment(entry, "updated")
    link = str(entry.get("link") or "")
    post = _POST.search(link)
    return Mention(
        source=source,
        source_id=name,
        title=title,
        text=text,
        said_at=said_at,
        edited_at=edited_at if edited_at and edited_at > said_at else None,
        kind=Kind.COMMENT if comment else Kind.POST,
        url=link if is_link(link) else None,
        author=author,
        author_id=author,
        thread_id=(f"t3_{post[1]}" if post else None) if comment else name,
    )


def _words(entry: Mapping[str, Any], comment: bool) -> tuple[str, str]:
    """Title and text, without what Reddit writes around them: a comment's title is its post's."""
    contents = entry.get("content") or [entry.get("summary_detail")]
    html = str((contents[0] or {}).get("value") or "")[: 5 * LONGEST_TEXT]
    _, _, rest = html.partition(_BODY)
    text = without_markup(rest.rpartition(_END)[0] or rest)  # a long one may have lost its end
    if comment:
        return "", text
    detail = entry.get("title_detail") or {}
    title = str(detail.get("value") or "").strip()
    title = without_markup(title) if "html" in str(detail.get("type")) else title
    text = text or _linked(html)
    return (title, text) if text else ("", title)


def _linked(html: str) -> str:
    """Where a post that only links leads to; queries may name the site."""
    found = _LINK.search(html)
    url = without_markup(found[1]) if found else ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return url if is_link(url) and not _OWN_HOST.fullmatch(host) else ""


def _author(entry: Mapping[str, Any]) -> str | None:
    detail = entry.get("author_detail") or {}
    name = clean_line(str(detail.get("name") or entry.get("author") or ""))
    name = name.removeprefix("/u/")
    return name if name and name != "[deleted]" else None


def _moment(entry: Mapping[str, Any], which: str) -> datetime | None:
    try:
        year, month, day, hour, minute, second = entry[f"{which}_parsed"][:6]
        found = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _number(entry: Mapping[str, Any]) -> int:
    """Of one kind, what is newer has the greater one; 0 for what is no post and no comment."""
    found = _THING.fullmatch(str(entry.get("id") or ""))
    return int(found[2], 36) if found else 0


def _refuse(reply: Reply, now: datetime | None) -> NoReturn:
    """A page in HTML is what stands before Reddit, and turns us away, not the question."""
    if reply.status == 404:
        words = "Reddit knows no such subreddit or account, or has banned it (HTTP 404)"
        raise _RefusedError(words, kind=Trouble.SETTINGS)
    if reply.status == 403 and reply.body.lstrip().startswith(b"{"):
        words = "Reddit does not show it to us: it is private or quarantined (HTTP 403)"
        raise _RefusedError(words, kind=Trouble.CREDENTIALS)
    if reply.status in (401, 403):
        words = f"{TURNED_AWAY} (HTTP {reply.status})"
        raise CollectorError(words, kind=Trouble.CREDENTIALS)
    raise to_error(reply, asked="Reddit", now=now)


def _parsed(reply: Reply) -> list[Mapping[str, Any]]:
    """The entries of a feed. Only bytes are given to the parser, which would open an address."""
    import feedparser  # noqa: PLC0415  # takes a while to import

    headers = {"content-type": reply.headers.get("content-type", "")}
    try:
        parsed = feedparser.parse(io.BytesIO(reply.body), response_headers=headers)
        # As plain ones, for feedparser's own dictionaries make up fields that are not there.
        entries: list[Mapping[str, Any]] = [dict(entry) for entry in parsed.entries]
    except Exception as error:  # whatever a hostile document does to the parser
        words = f"Reddit's feed cannot be read ({type(error).__name__})"
        raise CollectorError(words, kind=Trouble.SHAPE) from None
    if not entries and (not parsed.get("version") or parsed.get("bozo")):
        words = "Reddit answered something that is no feed"
        raise CollectorError(words, kind=Trouble.SHAPE)
    return entries


def _user_agent() -> str:
    """Who we are, in the form that Reddit asks for."""
    name, _, version = USER_AGENT.partition("/")
    return f"{sys.platform}:{name}:{version} (self-hosted)"
