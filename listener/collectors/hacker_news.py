"""Hacker News, by the search that Algolia runs for it: no key is needed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self, TypeGuard

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.markup import without_markup
from listener.domain.mention import Batch, Channel, Kind, Mention, Reject
from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, quoted
from listener.domain.query.translation import Translation, translate
from listener.domain.subject import Matcher, Subject, accounts_of
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http

SERVICE: Final = "hacker_news"
PAGE: Final = 100
FIRST_PAGES: Final = 5  # of a stream that was never read
LATEST: Final = 32_503_680_000  # the year 3000
OVERLAP: Final = timedelta(hours=1)  # the index may be late
REFUSALS: Final = dict.fromkeys((401, 403), "turns this machine away; ask less often")
_REFUSED: Final = (400, 404, 414, 422)  # the question, not us
_HOST: Final = "news.ycombinator.com"  # to which every mention links
_KINDS: Final = frozenset({"post", "comment"})
_NAME = re.compile(r"[a-z0-9_-]{1,40}")
_PIECE = re.compile(r'"[^"]*"|\S+')
_BY: Final = "author:"
NOTHING = (
    "Hacker News was not asked: no subject has a query that can be searched for, or an account"
    " `hacker_news`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HackerNews:
    """Searches stories and comments for what the subjects' queries ask for, and reads accounts.

    The search corrects what it takes for misspelt, so each hit is matched here once more.
    """

    every: timedelta = timedelta(minutes=5)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://hn.algolia.com/api/v1"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk

    def __post_init__(self) -> None:
        """Refuse an address that is none."""
        self._api()

    @property
    def service(self) -> str:
        return SERVICE

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translated(query)

    def asks(self, query: Query) -> Translation:
        return translated(query, self.name)

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one search."""
        return read_in_turn(Turns.of(cursor, self._streams()), self._page, now)

    def _page(self, stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
        walk = Walk.of(state)
        since, until = _bounds(walk, self.since)
        hits = self._hits(stream, since, until, PAGE, now)
        matcher = Matcher(self.follows)
        mentions: list[Mention] = []
        rejects: list[Reject] = []
        for hit in hits:
            mention = to_mention(hit, self.name)
            if isinstance(mention, Reject):
                rejects.append(mention)
            elif mention is not None and matcher.concerns(SERVICE, mention):
                mentions.append(mention)
        first_pages = FIRST_PAGES if self.since is None else None
        walk = _walked(walk, hits, now, first_pages)
        found = Batch(mentions=tuple(mentions), rejects=tuple(rejects))
        return StreamPage(state=walk.written(), more=bool(walk.resume), found=found)

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the search does not know who reads it."""

    def check(self) -> str:
        streams = self._streams()
        self._hits(streams[0], None, None, 1, WallClock().now())
        return "1 search" if len(streams) == 1 else f"{len(streams)} searches"

    def canary(self, now: datetime) -> bool:
        """Whether the search finds a word that always stands somewhere."""
        return bool(self._hits('"the"', None, None, 1, now))

    def _streams(self) -> tuple[str, ...]:
        """What is asked for: searches, and what an account wrote, as `@account`."""
        words = searched_for(self)
        accounts = (f"@{name}" for name in accounts_of(self.follows, SERVICE))
        found = (*words, *accounts)
        if not found:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return found

    def _hits(
        self, stream: str, since: int | None, until: int | None, count: int, now: datetime | None
    ) -> list[Mapping[str, Any]]:
        words, tags = asked(stream)
        bounds = {">=": since, "<=": until}
        numbers = (f"created_at_i{sign}{at}" for sign, at in bounds.items() if at is not None)
        params = {
            "query": words or None,
            "advancedSyntax": "true",  # phrases in quotes
            "tags": tags,
            "numericFilters": ",".join(numbers) or None,
            "typoTolerance": "false",
            "hitsPerPage": count,
        }
        try:
            value = self._api().get("/search_by_date", params, now=now).value
        except ApiError as error:
            if error.status in _REFUSED:
                raise RefusedError(str(error), kind=error.kind) from None
            raise
        hits = value.get("hits") if isinstance(value, dict) else None
        if not isinstance(hits, list):
            words = "Hacker News answered something that is no list of hits"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return [hit if isinstance(hit, dict) else {"objectID": None} for hit in hits]

    def _api(self) -> Api:
        name = "Hacker News"
        return Api(http=self.http, service=name, base_url=self.base_url, means=REFUSALS)


def translated(query: Query, source: str = "") -> Translation:
    """As few searches as find all that a query matches, and what they find beside it."""
    return translate(query, SEARCH, source)


def asked(stream: str) -> tuple[str, str]:
    """The words and the tags that a stream is asked with."""
    if stream.startswith("@"):
        return "", f"comment,author_{stream[1:]}"
    pieces = _PIECE.findall(stream)
    words = " ".join(piece for piece in pieces if piece.startswith('"'))
    authors = (piece.removeprefix(_BY) for piece in pieces if piece.startswith(_BY))
    return words, ",".join(["(story,comment)", *(f"author_{name}" for name in authors)])


def _field(one: Field, excluded: bool) -> AskedField:
    if one.name == "author" and not excluded and _NAME.fullmatch(one.value):
        missed = "Hacker News minds capitals in names, and is asked for small letters"
        return AskedField((f"{_BY}{one.value}",), alone=True, missed=missed)
    return AskedField(never=is_never(one, _HOST, _KINDS))


# Reading costs nothing there, and it takes accents for none: a NOT could leave out more than ours.
SEARCH: Final = Dialect(
    service="Hacker News", write=quoted, field=_field, either=None, knows_accents=False
)


def to_mention(hit: Mapping[str, Any], source: str) -> Mention | Reject | None:
    """A hit as a mention; None where it says nothing, as a story that was deleted."""
    number, at = hit.get("objectID"), hit.get("created_at_i")
    if not isinstance(number, str) or not number.isdigit() or not _is_moment(at):
        return Reject(place=f"hit {number}", reason="it has no number or no time", content="")
    comment = without_markup(str(hit.get("comment_text") or ""))
    title = without_markup(str(hit.get("title") or ""))
    text = comment or without_markup(str(hit.get("story_text") or ""))
    if not text:
        title, text = "", title
    if not text:
        return None
    author = str(hit.get("author") or "") or None
    return Mention(
        source=source,
        source_id=number,
        title=title,
        text=text,
        said_at=datetime.fromtimestamp(at, UTC),
        kind=Kind.COMMENT if comment else Kind.POST,
        url=f"https://news.ycombinator.com/item?id={number}",
        author=author,
        author_id=author,
        likes=_count(hit.get("points")),
        replies=_count(hit.get("num_comments")),
        parent_id=_number(hit.get("parent_id")),
        thread_id=_number(hit.get("story_id")),
    )


def _bounds(walk: Walk, first_since: datetime | None) -> tuple[int | None, int | None]:
    """The oldest and the newest moment that is asked for, in unix time."""
    since = int(first_since.timestamp()) if first_since is not None else None
    if not walk.is_first:
        since = int(walk.mark) - int(OVERLAP.total_seconds())
    return since, int(walk.resume) if walk.resume else None


def _walked(
    walk: Walk, hits: list[Mapping[str, Any]], now: datetime, first_pages: int | None
) -> Walk:
    """The search gives a thousand hits and no more, so the next page is asked for by time.

    A moment that fills a whole page is left behind with that page.
    """
    times = [at for hit in hits if isinstance(at := hit.get("created_at_i"), int) and at >= 0]
    if not times:
        return walk.after("", None)
    oldest, newest = min(times), min(max(times), int(now.timestamp()))
    enough = walk.is_first and first_pages is not None and walk.pages + 1 >= first_pages
    ends = len(hits) < PAGE or enough
    further = oldest - 1 if str(oldest) == walk.resume else oldest
    return walk.after(str(newest), None if ends else str(further))


def _is_moment(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < LATEST


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _number(value: Any) -> str | None:
    return str(value) if isinstance(value, int) else None
