"""The source X: one search after another, each from its newest post down to what was read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.streams import StreamPage, read_in_turn
from listener.collectors.x.answers import PAGE, NotAcceptedError, Page
from listener.collectors.x.looking_up import to_batch
from listener.collectors.x.posts import to_mention
from listener.collectors.x.searches import answers_of, posts_of, translated
from listener.collectors.x.snowflake import earlier, id_at, is_id, moment_of
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Matcher, Role, Subject, accounts_of
from listener.domain.times import from_text, to_text
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import Http, HttpError, check_base_url

if TYPE_CHECKING:
    from listener.collectors.x.asking import Service

SERVICE: Final = "x"
FIRST_PAGES: Final = 5  # of a search that was never read: every post costs
OVERLAP: Final = timedelta(minutes=5)  # the index may be late
SURELY_KEPT: Final = timedelta(days=6)  # the search goes back for seven
ALL_THERE_IS: Final = "0"  # the mark of a search that was read to its end and found nothing
NOTHING: Final = (
    "X was not asked: no subject has a query that can be searched for, or an account `x`"
)
ALWAYS_THERE: Final = "today"  # X may take words such as "the" for none
COUNT_USD: Final = 0.005  # of a count of posts, however many
STALE: Final = "X did not give the next page: its token may have expired; it is read anew"
_HANDLE = re.compile(r"[a-z0-9_]{1,50}")


@dataclass(frozen=True, slots=True, kw_only=True)
class X:
    """Searches for what the subjects' queries ask for, for brands' answers, and for influencers.

    X is paid for every post that it gives. What its search finds is matched here once more.
    """

    bearer_token: str = field(repr=False)
    every: timedelta = timedelta(minutes=2)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://api.x.com"
    monthly_budget_usd: float | None = field(default=None, metadata={"between": (0, 1_000_000)})
    price_per_post: float = field(default=0.005, metadata={"between": (0, 10)})  # in US dollars
    see_deletions: bool = False  # by looking again at what was read, which is paid for again
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse an address to which no token may be sent, and accounts that X cannot have."""
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None
        for handle in accounts_of(self.follows, SERVICE, Role):
            if not _HANDLE.fullmatch(handle):
                raise ValueError(f"the account `{handle}` is none of X: letters, digits and _ only")

    @property
    def service(self) -> str:
        return SERVICE

    @property
    def page_usd(self) -> float:
        """What a page costs at most: where one search fails another one is read."""
        return self._cost(PAGE if len(self._searches()) < 2 else 2 * PAGE)

    @property
    def canary_usd(self) -> float:
        return COUNT_USD

    @property
    def recheck_most(self) -> int:
        return PAGE if self.see_deletions else 0

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translated(query)

    def asks(self, query: Query) -> Translation:
        return translated(query, self.name)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one search."""
        lost = 0

        def ask(stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
            nonlocal lost
            unread, lost = lost, lost + PAGE
            try:
                page = self._page(stream, state, now)
            except CollectorError as error:
                lost = lost if error.may_be_billed else unread
                raise
            lost = unread
            return page

        batch = read_in_turn(Turns.of(cursor, self._streams()), ask, now)
        return replace(batch, lost_usd=self._cost(lost))

    def recheck(self, source_ids: Sequence[str], now: datetime) -> Batch:
        """Posts that X does not find are gone; one that it does not show for now is not."""
        asked = [source_id for source_id in source_ids if is_id(source_id)]
        if not asked:
            return Batch()
        found = self._service().look_up(asked, now)
        return replace(to_batch(found, self.name), cost_usd=self._cost(len(found.posts)))

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the search does not know who reads it."""

    def check(self) -> str:
        """Count what each search finds in a week; reading it would cost much more."""
        streams, now = self._streams(), WallClock().now()
        service = self._service()
        posts = sum(service.count(stream, now) for stream in streams)
        found = "1 search" if len(streams) == 1 else f"{len(streams)} searches"
        month = self._cost(posts) * 30 / 7
        left_out = self._left_out()
        words = f"{found}, {posts} posts in 7 days: about ${month:.2f} a month"
        return f"{words}; cannot be searched for: {', '.join(left_out)}" if left_out else words

    def canary(self, now: datetime) -> bool:
        """Whether a search would find a word that always stands somewhere.

        It is counted and not read, which costs `canary_usd`.
        """
        return self._service().count(ALWAYS_THERE, now) > 0

    def _streams(self) -> tuple[str, ...]:
        found = self._searches()
        if not found:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return found

    def _searches(self) -> tuple[str, ...]:
        """What is searched for, answers first: response clocks depend on them."""
        influencers = accounts_of(self.follows, SERVICE, (Role.INFLUENCER,))
        found = (
            *map(answers_of, accounts_of(self.follows, SERVICE)),
            *searched_for(self),
            *map(posts_of, influencers),
        )
        return tuple(dict.fromkeys(found))

    def _left_out(self) -> list[str]:
        queries = ((one.name, one.query) for one in self.follows)
        return [name for name, query in queries if query and not self.asks(query).searches]

    def _page(self, stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
        walk, read_at = _progress(state)
        try:
            page = self._service().search(
                stream, since_id=_since(walk), token=walk.resume or None, now=now
            )
        except NotAcceptedError as error:
            return _again(stream, state, error, now)
        mentions, rejects = self._read(page)
        cost = self._cost(_billed(page, walk, read_at, now))
        walk = _walked(walk, page, now)
        return StreamPage(
            state=_state(walk, read_at if walk.resume else now),
            more=bool(walk.resume),
            found=Batch(mentions=mentions, rejects=rejects, cost_usd=cost),
        )

    def _read(self, page: Page) -> tuple[tuple[Mention, ...], tuple[Reject, ...]]:
        matcher = Matcher(self.follows)
        made = [to_mention(post, page.users, self.name) for post in page.posts]
        found = [one for one in made if isinstance(one, Mention)]
        rejects = [one for one in made if isinstance(one, Reject)]
        wanted = tuple(one for one in found if matcher.concerns(SERVICE, one))
        return wanted, (*rejects, *page.withheld)

    def _cost(self, posts: int) -> float:
        return round(posts * self.price_per_post, 6)

    def _service(self) -> "Service":
        from listener.collectors.x.asking import Service  # noqa: PLC0415  # brings tweepy

        return Service(http=self.http, base_url=self.base_url, bearer_token=self.bearer_token)


def _progress(state: Mapping[str, Any]) -> tuple[Walk, datetime | None]:
    """How far a search was read, and when it last was read to its end."""
    kept = dict(state)
    read_at = kept.pop("read_at", None)
    return Walk.of(kept), from_text(read_at) if read_at else None


def _state(walk: Walk, read_at: datetime | None) -> dict[str, Any]:
    return {**walk.written(), **({"read_at": to_text(read_at)} if read_at else {})}


def _since(walk: Walk) -> str | None:
    if walk.is_first or walk.mark == ALL_THERE_IS:
        return None
    return earlier(walk.mark, OVERLAP)


def _billed(page: Page, walk: Walk, read_at: datetime | None, now: datetime) -> int:
    """How many posts of a page are paid for: the same one again within a UTC day costs nothing.

    Or a search that is quiet would pay for its newest post, which the overlap reads each time.
    """
    if read_at is None or read_at.astimezone(UTC).date() != now.astimezone(UTC).date():
        return len(page.posts)
    ids = [int(post["id"]) for post in page.posts if is_id(post.get("id"))]
    known = sum(1 for number in ids if number <= int(walk.mark or 0))
    return len(page.posts) - known


def _walked(walk: Walk, page: Page, now: datetime) -> Walk:
    """Pages follow each other by tokens; the mark moves when the last one was read."""
    if page.token is not None and page.token == walk.resume:
        words = "X gave the same page for the next one"
        raise CollectorError(words, kind=Trouble.SHAPE)
    ends = page.token is None or (walk.is_first and walk.pages + 1 >= FIRST_PAGES)
    after = walk.after(_newest(walk, page, now), None if ends else page.token)
    return after if after.resume or after.mark else Walk(mark=ALL_THERE_IS)


def _newest(walk: Walk, page: Page, now: datetime) -> str:
    """The mark that a page would set: not beyond now, and never back."""
    if not page.newest:
        return ""
    limit = id_at(now)
    newest = min(page.newest, limit) if limit > 0 else page.newest
    return str(max(newest, int(walk.mark or 0)))


def _again(
    stream: str, state: Mapping[str, Any], error: NotAcceptedError, now: datetime
) -> StreamPage:
    """A search whose point to go on from has expired is begun again. Raises other errors.

    An id holds for seven days: what was not read within them is lost. Where the search was read to
    its end since, and only found nothing new, nothing is lost. A token holds for a while: its walk
    begins anew at the next turn, not at once, or an error that stays would cost a page each time.
    """
    walk, read_at = _progress(state)
    if error.is_expired and _since(walk) is not None:
        marked_at = moment_of(walk.mark)
        if read_at is not None and timedelta(0) <= now - read_at <= SURELY_KEPT:
            return StreamPage(state=_state(Walk(mark=ALL_THERE_IS), read_at), more=True)
        lost = [at for at in (marked_at, read_at) if at is not None and at <= now]
        return StreamPage(state={}, more=True, found=Batch(gap_since=max(lost, default=now)))
    if walk.resume:
        told = Reject(place=stream, reason=STALE, content="")
        return StreamPage(state=_state(Walk(mark=walk.mark), read_at), found=Batch(rejects=(told,)))
    raise error
