"""The collector: what is searched for and whose posts are read, and how far that was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.bluesky.posts import indexed, said, to_mention, uri_of
from listener.collectors.bluesky.searches import asked, translated
from listener.collectors.bluesky.session import EXPIRED, Session, error_name
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.mention import Batch, Channel, Mention, Reject, Tombstone
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Matcher, Role, Subject, accounts_of
from listener.domain.times import from_text, to_json, to_text
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import ApiError, Http, HttpError, check_base_url

SERVICE: Final = "bluesky"
PAGE: Final = 100
FIRST_PAGES: Final = 5  # of a stream that was never read
MOST_PAGES: Final = 100  # a search gives ten thousand hits and no more
OVERLAP: Final = timedelta(hours=1)  # the search may be late
STALE: Final = "Bluesky does not go on with this search; it begins anew"
NOTHING: Final = (
    "Bluesky was not asked: no subject has a query that can be searched for, or an account"
    " `bluesky`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bluesky:
    """Searches posts for what the subjects' queries ask for, and reads what accounts wrote. All is
    matched here once more.

    Bluesky refuses single streams, as of an account that left.
    """

    handle: str
    app_password: str = field(repr=False)
    every: timedelta = timedelta(minutes=3)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://bsky.social"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk
    _sessions: list[Session] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        if not self.handle.strip("@ "):
            raise ValueError("handle is missing: that of an account, as `acme.bsky.social`")
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None

    @property
    def service(self) -> str:
        return SERVICE

    @property
    def recheck_most(self) -> int:
        return 25

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translated(query)

    def asks(self, query: Query) -> Translation:
        return translated(query, self.name)

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of a search or of an account."""
        return read_in_turn(Turns.of(cursor, self._streams()), self._page, now)

    def recheck(self, source_ids: Sequence[str], now: datetime) -> Batch:
        """Posts that Bluesky no longer gives are gone, by their writer's hand or Bluesky's."""
        asked = [uri for uri in source_ids if uri.startswith("at://")]
        if not asked:
            return Batch()
        value = self._session().ask("app.bsky.feed.getPosts", [("uris", u) for u in asked], now)
        posts = _listed(value, "posts")
        there = {uri_of(post) for post in posts}
        made = [to_mention(post, self.name) for post in posts]
        gone = (uri for uri in asked if uri not in there)
        return Batch(
            mentions=tuple(one for one in made if isinstance(one, Mention)),
            tombstones=tuple(
                Tombstone(source=self.name, source_id=uri, reason="no longer at Bluesky")
                for uri in gone
            ),
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Bluesky does not know who reads it."""

    def check(self) -> str:
        """Log in, one search, and each account once."""
        streams, now = self._streams(), WallClock().now()
        accounts = [stream for stream in streams if stream.startswith("@")]
        searches = [stream for stream in streams if stream not in accounts]
        for stream in (*searches[:1], *accounts):
            self._entries(stream, Walk(), 1, now)
        return f"as {self._name}; searches: {len(searches)}, accounts: {len(accounts)}"

    def canary(self, now: datetime) -> bool:
        """Whether the search finds a word that always stands somewhere."""
        entries, _ = self._entries('"the"', Walk(), 1, now)
        return bool(entries)

    def _streams(self) -> tuple[str, ...]:
        """What an account wrote, as `@account`, and searches, with their terms in quotes."""
        accounts = accounts_of(self.follows, SERVICE, (Role.BRAND, Role.INFLUENCER))
        streams = (*(f"@{account}" for account in accounts), *searched_for(self))
        if not streams:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return streams

    def _page(self, stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
        walk = Walk.of(state)
        anew = Walk(mark=walk.mark).written()
        try:
            entries, further = self._entries(stream, walk, PAGE, now)
        except RefusedError as error:
            if walk.resume and not stream.startswith("@"):  # it is the next page that is refused
                told = Reject(place=stream, reason=STALE, content="")
                return StreamPage(state=anew, found=Batch(rejects=(told,)))
            raise RefusedError(str(error), kind=error.kind, state=anew) from None
        walked, gap_since = _walked(walk, entries, further, self.since, now)
        matcher = Matcher(self.follows)
        made = [to_mention(one.post, self.name) for one in entries if not one.is_repost]
        found = Batch(
            mentions=tuple(
                one for one in made if isinstance(one, Mention) and matcher.concerns(SERVICE, one)
            ),
            rejects=tuple(one for one in made if isinstance(one, Reject)),
            gap_since=gap_since,
        )
        return StreamPage(state=walked.written(), more=bool(walked.resume), found=found)

    def _entries(
        self, stream: str, walk: Walk, count: int, now: datetime | None
    ) -> tuple[list["_Entry"], str]:
        """A page of a stream, newest first, and what to ask for the next one; empty: no more."""
        resume = [("cursor", walk.resume)] if walk.resume else []
        params: list[tuple[str, str | int]] = [("limit", count), *resume]
        try:
            if stream.startswith("@"):
                params += [("actor", stream[1:]), ("filter", "posts_with_replies")]
                value = self._session().ask("app.bsky.feed.getAuthorFeed", params, now)
                entries = [_Entry.of(thing) for thing in _listed(value, "feed")]
            else:
                floor = _floor(walk, self.since)
                since = [("since", to_json(floor))] if floor is not None else []
                search = asked(stream)
                author = [("author", search.author)] if search.author else []
                params += [("q", search.words), *author, ("sort", "latest"), *since]
                value = self._session().ask("app.bsky.feed.searchPosts", params, now)
                entries = [_Entry(post) for post in _listed(value, "posts")]
        except ApiError as error:
            raise _meant(stream, error) from None
        further = value.get("cursor")
        return entries, further if isinstance(further, str) and further != walk.resume else ""

    @property
    def _name(self) -> str:
        return self.handle.strip("@ ")

    def _session(self) -> Session:
        """Kept, for its token is good for some hours."""
        if not self._sessions:
            session = Session(
                http=self.http,
                base_url=self.base_url,
                handle=self._name,
                app_password=self.app_password,
            )
            self._sessions.append(session)
        return self._sessions[0]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A post as it stands in a listing. `reason`: why it does, where that is not that it is new."""

    post: Any
    reason: Any = None

    @classmethod
    def of(cls, thing: Any) -> "_Entry":
        return (
            cls(thing.get("post"), thing.get("reason")) if isinstance(thing, dict) else cls(thing)
        )

    @property
    def is_repost(self) -> bool:
        return self.reason is not None

    @property
    def at(self) -> datetime | None:
        """By which the listing is in order."""
        return indexed(self.reason) if self.is_repost else said(self.post)

    @property
    def indexed_at(self) -> datetime | None:
        """Which no writer can make up."""
        return indexed(self.reason if self.is_repost else self.post)


def _listed(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        words = "Bluesky answered something that is no list of posts"
        raise CollectorError(words, kind=Trouble.SHAPE)
    return found


def _floor(walk: Walk, first_since: datetime | None) -> datetime | None:
    """The oldest moment that is asked for."""
    return first_since if walk.is_first else from_text(walk.mark) - OVERLAP


def _walked(
    walk: Walk, entries: Sequence[_Entry], further: str, first_since: datetime | None, now: datetime
) -> tuple[Walk, datetime | None]:
    """How far it was read then, and since when something may be missing."""
    seen = [at for entry in entries if (at := entry.indexed_at) is not None and at <= now]
    newest = max([*(to_text(at) for at in seen), walk.mark])
    last = next((at for entry in reversed(entries) if (at := entry.at) is not None), None)
    floor = _floor(walk, first_since)
    known = floor is not None and last is not None and last < floor
    most = FIRST_PAGES if walk.is_first and first_since is None else MOST_PAGES
    enough = walk.pages + 1 >= most
    lost = enough and not known and bool(further) and not walk.is_first
    ends = known or enough or not further
    return walk.after(newest, None if ends else further), from_text(walk.mark) if lost else None


def _meant(stream: str, error: ApiError) -> CollectorError:
    """What a refusal of one question means; others are for all, and stay what they are."""
    for_all = error.kind in (Trouble.SERVER, Trouble.RATE) or error_name(error) in EXPIRED
    if error.status != 400 or for_all:
        return error
    words = str(error)
    if stream.startswith("@"):
        words = f"Bluesky does not show the account {stream[1:]}: it is unknown, gone or blocked"
    return RefusedError(words, kind=Trouble.SETTINGS)
