"""The collector: which listings of an instance are read, and what a refusal means."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.mastodon.searches import TAG, translated
from listener.collectors.mastodon.statuses import Item, full_name, named_in, number, to_mention
from listener.collectors.mastodon.walking import before, first, forward, searched
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Matcher, Role, Subject, accounts_of
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import ApiError, Http, HttpError, check_base_url

if TYPE_CHECKING:
    from mastodon import Mastodon as Client

    from listener.collectors.mastodon.door import Door

SERVICE: Final = "mastodon"
PAGE: Final = 40
MENTIONS: Final = "mentions"
NOTHING: Final = (
    "Mastodon was not asked: there are no `tags`, no query names a hashtag, no subject has an"
    " account `mastodon`, and without access_token words are not searched for"
)
_ACCOUNT = re.compile(r"[^\s@/]+@[^\s@/]+")
_SCOPES: Final = {
    "@": "read:accounts and read:statuses",
    "#": "read:statuses",
    '"': "read:search",
    MENTIONS[0]: "read:notifications",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastodon:
    """Reads hashtags and accounts at an instance, and with a token also searches it for words and
    reads who named the token's account. All is matched here once more.

    Single streams are refused: an account that the instance does not know, a search for which the
    token lacks the right. What is not public is never kept.
    """

    base_url: str
    access_token: str = field(default="", repr=False)
    tags: tuple[str, ...] = ()  # beside those that the queries name
    domain: str = ""  # of the instance's own accounts, where it is not base_url's host
    every: timedelta = timedelta(minutes=2)
    channel: Channel = Channel.SOCIAL
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk
    _doors: "list[Door]" = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None
        for place, tag in enumerate(self.tags, 1):
            if not TAG.fullmatch(tag):
                raise ValueError(f"tags[{place}] is no hashtag, as in `acmeair`")
        for account in accounts_of(self.follows, SERVICE, Role):
            if not _ACCOUNT.fullmatch(account):
                words = f"the account {account} at mastodon must be written as user@instance"
                raise ValueError(words)

    @property
    def service(self) -> str:
        return SERVICE

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translated(query)

    def asks(self, query: Query) -> Translation:
        return translated(query, self.name, with_token=bool(self.access_token))

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one stream."""
        return read_in_turn(Turns.of(cursor, self._streams()), self._page, now)

    def committed(self, batch: Batch) -> None:
        """Nothing to do: reading marks nothing as read."""

    def check(self) -> str:
        """Who we are, each account once, and a page of each other kind of stream."""
        streams, now = self._streams(), WallClock().now()
        who = "without access_token, so nothing is searched"
        if self.access_token:
            who = self._who(now)
        accounts = [stream for stream in streams if stream.startswith("@")]
        for stream in accounts:
            self._account(stream, now)
        others = {stream[0]: stream for stream in streams if stream not in accounts}
        for stream in others.values():
            self._items(stream, "", Walk(), now)
        tags = sum(stream.startswith("#") for stream in streams)
        searches = sum(stream.startswith('"') for stream in streams)
        return f"{who}; tags: {tags}, accounts: {len(accounts)}, searches: {searches}"

    def canary(self, now: datetime) -> bool:
        """Whether the public timeline holds anything.

        Where the instance does not show it to us this cannot tell, and says yes. Some refuse it;
        newer ones answer with an empty one, and say so in what they tell of themselves.
        """
        try:
            if self._door().ask(lambda client: client.timeline_public(limit=1), "[", now):
                return True
            instance = self._door().ask(lambda client: client.instance_v2(), "{", now)
        except ApiError as error:
            if error.status in (403, 422) or (error.status == 401 and not self.access_token):
                return True
            raise _refusal(error, "", with_token=bool(self.access_token)) from None
        return _withholds_timeline(instance)

    def _who(self, now: datetime) -> str:
        me = self._ask(lambda client: client.account_verify_credentials(), "@", now)
        name = full_name(me.get("acct"), self._domain) if isinstance(me, dict) else None
        if name is None:
            raise CollectorError("Mastodon does not say who we are", kind=Trouble.SHAPE)
        return f"as {name}"

    def _streams(self) -> tuple[str, ...]:
        """What is read: `@account`, `mentions`, `#tag`, and words that are searched for, in
        quotes; these last, for a search is the first to fail."""
        searches = searched_for(self)
        hashtags = [search for search in searches if search.startswith("#")]
        tags = [f"#{tag.removeprefix('#').casefold()}" for tag in (*self.tags, *hashtags)]
        accounts = accounts_of(self.follows, SERVICE, (Role.BRAND, Role.INFLUENCER))
        streams = [*(f"@{account}" for account in accounts), *dict.fromkeys(tags)]
        if self.access_token:
            words = [search for search in searches if search not in hashtags]
            streams = [MENTIONS, *streams, *words]
        if not streams:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return tuple(streams)

    def _page(self, stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
        walked = {key: value for key, value in state.items() if key != "account"}
        walk = Walk.of(walked)
        account = str(state.get("account", ""))
        try:
            if stream.startswith("@"):
                account = account or self._account(stream, now)
            items = self._items(stream, account, walk, now)
        except RefusedError as error:  # the account may come back with another number
            raise RefusedError(str(error), kind=error.kind, state=walked) from None
        gap_since = None
        if stream.startswith('"'):
            walk, gap_since = searched(walk, items, self.since, now)
        elif walk.is_first:
            walk = first(walk, items, self.since, now)
        else:
            walk = forward(walk, items, now)
        mentions, rejects = self._understood(items)
        return StreamPage(
            state={**({"account": account} if account else {}), **walk.written()},
            more=bool(walk.resume),
            found=Batch(mentions=tuple(mentions), rejects=tuple(rejects), gap_since=gap_since),
        )

    def _understood(self, items: Sequence[Item]) -> tuple[list[Mention], list[Reject]]:
        matcher = Matcher(self.follows)
        mentions: list[Mention] = []
        rejects: list[Reject] = []
        for item in items:
            mention = to_mention(item.status, self.name, self._domain)
            if isinstance(mention, Reject):
                rejects.append(mention)
            elif mention is not None and matcher.concerns(SERVICE, mention):
                mentions.append(mention)
            elif mention is not None and (brand := self._spoken_to(item.status)):
                mentions.append(replace(mention, brand=brand))
        return mentions, rejects

    def _spoken_to(self, status: Mapping[str, Any]) -> str | None:
        """The brand whose account a status names: it is for that one, whatever its words."""
        named = named_in(status, self._domain)
        brands = (subject for subject in self.follows if subject.role is Role.BRAND)
        return next((b.name for b in brands if named & b.accounts.get(SERVICE, frozenset())), None)

    def _items(self, stream: str, account: str, walk: Walk, now: datetime | None) -> Sequence[Item]:
        """A page of a stream. A first walk and a search begin with the newest, all others go on
        from what is known."""
        is_search = stream.startswith('"')
        begins = "{" if is_search else "["
        found = self._ask(_question(stream, account, walk), stream, now, begins)
        if is_search:
            found = found.get("statuses") if isinstance(found, dict) else None
        is_list = isinstance(found, list)
        if is_search and is_list and found and not any(isinstance(one, dict) for one in found):
            is_list = False  # the library makes a list of what was none
        if not is_list:
            words = "Mastodon answered something that is no list of statuses"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return [Item.of(thing, inside=stream == MENTIONS) for thing in found]

    def _account(self, stream: str, now: datetime | None) -> str:
        """The instance's number of an account."""
        name, _, domain = stream[1:].partition("@")
        acct = name if domain == self._domain else stream[1:]
        found = self._ask(lambda client: client.account_lookup(acct), stream, now)
        account = number(found.get("id")) if isinstance(found, dict) else None
        known_as = full_name(found.get("acct"), self._domain) if account else None
        if account is None or known_as is None:
            words = "Mastodon answered something that is no account"
            raise CollectorError(words, kind=Trouble.SHAPE)
        if known_as.casefold() != stream[1:]:
            words = (
                f"the instance knows this account as {known_as}: write it so, or set `domain` to"
                " what stands after the @ of the instance's own accounts"
            )
            raise RefusedError(words, kind=Trouble.SETTINGS)
        return account

    @property
    def _domain(self) -> str:
        return (self.domain or urlsplit(self.base_url).hostname or "").casefold()

    def _ask(
        self,
        ask: "Callable[[Client], Any]",
        stream: str,
        now: datetime | None,
        begins: str = "{",
    ) -> Any:
        try:
            return self._door().ask(ask, begins, now)
        except ApiError as error:
            raise _refusal(error, stream, with_token=bool(self.access_token)) from None

    def _door(self) -> "Door":
        """Kept, so that the library asks what the instance is but once."""
        if not self._doors:
            from listener.collectors.mastodon.door import Door  # noqa: PLC0415  # brings the SDK

            door = Door(http=self.http, base_url=self.base_url, access_token=self.access_token)
            self._doors.append(door)
        return self._doors[0]


def _question(stream: str, account: str, walk: Walk) -> "Callable[[Client], Any]":
    bounds: dict[str, Any] = {"limit": PAGE}
    if stream.startswith('"'):
        bounds["offset"] = int(walk.resume) if walk.resume else None
    elif walk.is_first:
        bounds["max_id"] = walk.resume or None
    else:
        bounds["min_id"] = walk.resume or before(walk.mark)

    def ask(client: "Client") -> Any:
        if stream == MENTIONS:
            return client.notifications(types=["mention"], **bounds)
        if stream.startswith("#"):
            return client.timeline_hashtag(stream[1:], **bounds)
        if stream.startswith("@"):
            return client.account_statuses(account, exclude_reblogs=True, **bounds)
        return client.search_v2(
            stream, resolve=False, result_type="statuses", exclude_unreviewed=False, **bounds
        )

    return ask


def _withholds_timeline(instance: Any) -> bool:
    """Whether an instance says that not all of its public timeline is shown to everybody."""
    found = instance
    for name in ("configuration", "timelines_access", "live_feeds"):
        found = found.get(name) if isinstance(found, dict) else None
    return isinstance(found, dict) and any(shown != "public" for shown in found.values())


def _refusal(error: ApiError, stream: str, *, with_token: bool) -> CollectorError:
    """What a refusal means, by what was asked."""
    account = stream.removeprefix("@")
    if account not in ("", stream) and error.status in (404, 410):
        words = f"the instance knows no account {account} (HTTP {error.status})"
        return RefusedError(words, kind=Trouble.SETTINGS)
    if error.status == 401 and with_token:
        words = "Mastodon does not accept access_token; make a new one (HTTP 401)"
        return CollectorError(words, kind=Trouble.CREDENTIALS)
    if error.status == 403 and with_token:
        words = f"Mastodon refuses us; the token needs the right {_SCOPES[stream[0]]}"
    elif error.status in (401, 403, 422) and not with_token:
        words = "this instance shows that to people with an account only; set access_token"
    else:
        return CollectorError(str(error), kind=error.kind, retry_after=error.retry_after)
    return RefusedError(f"{words} (HTTP {error.status})", kind=Trouble.CREDENTIALS)
