"""The collector: which searches are made on which site, and how they take turns."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.stack_exchange.pauses import Pauses
from listener.collectors.stack_exchange.questions import Page, read_page, to_mention
from listener.collectors.stack_exchange.refusals import trouble_of
from listener.collectors.stack_exchange.searches import Search, parts_of, site_of, translated
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Matcher, Subject, accounts_of
from listener.domain.walk import Turns
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Api, ApiError, Http

SERVICE: Final = "stack_exchange"
NOTHING: Final = (
    "Stack Exchange was not asked: no subject has a query that can be searched for, or an account"
    " `stack_exchange` on one of the sites"
)

_NO_SITE: Final = 'no name of a site, such as "stackoverflow" or "askubuntu"'
_NO_TAG: Final = 'no tag, such as "acme-sdk"'
_NO_ACCOUNT: Final = (
    'no account `stack_exchange`: that is a site and the number of a user, as "stackoverflow/123"'
)

_SITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_TAG = re.compile(r"[^\s;]+")
_ACCOUNT = re.compile(r"[a-z0-9.-]+/\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackExchange:
    """Searches questions for what the subjects' queries ask for, and reads what accounts answer.

    How the search works is not told, so each question is matched here once more. It finds
    questions only: what others than the brand answer is not seen.
    """

    sites: tuple[str, ...] = ("stackoverflow",)
    key: str | None = field(default=None, repr=False)  # of an application; for more questions a day
    tags: tuple[str, ...] = ()  # a question has one of these; none: any
    every: timedelta = timedelta(minutes=30)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://api.stackexchange.com/2.3"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first search

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        accounts = accounts_of(self.follows, SERVICE)
        mistakes = [
            *(f"sites[{n}] is {_NO_SITE}" for n in _wrong(self.sites, _SITE)),
            *(f"tags[{n}] is {_NO_TAG}" for n in _wrong(self.tags, _TAG)),
            *(f'"{accounts[n - 1]}" is {_NO_ACCOUNT}' for n in _wrong(accounts, _ACCOUNT)),
        ]
        if not self.sites:
            mistakes.append('sites names none; leave it out for "stackoverflow"')
        if mistakes:
            raise ConfigError(mistakes)
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
        """One page of one search on one site."""
        pauses = Pauses.of(cursor, now)

        def ask(stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
            nonlocal pauses
            pauses.check((stream,), now)
            search = Search(**state).begun(self.since)
            page = self._page(stream, search.asked(), now)
            pauses = pauses.after(site_of(stream), page.backoff, now)
            return self._taken(stream, search, page, now)

        turns = pauses.free_first(Turns.of(cursor, self._streams()), now)
        batch = read_in_turn(turns, ask, now)
        return replace(batch, cursor={**(batch.cursor or {}), **pauses.written()})

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Stack Exchange does not know who reads it."""

    def check(self) -> str:
        """Asks each site once, so that a wrong name is found."""
        streams, now = self._streams(), WallClock().now()
        for stream in {site_of(one): one for one in reversed(streams)}.values():
            self._page(stream, {"order": "desc", "pagesize": 1}, now)
        searches = f"{len(streams)} search{'es' if len(streams) > 1 else ''}"
        return f"{searches} on {', '.join(dict.fromkeys(map(site_of, streams)))}"

    def canary(self, now: datetime) -> bool:
        """Whether a site has a newest question; the first one that is not refused is asked.

        A pause that it asks for then is not kept: no other question of ours is of this kind.
        """
        newest: dict[str, str | int | None] = {"order": "desc", "pagesize": 1}
        for site in self.sites[:-1]:
            with suppress(RefusedError):
                return bool(self._items(site, "/questions", newest, now).items)
        return bool(self._items(self.sites[-1], "/questions", newest, now).items)

    def _streams(self) -> tuple[str, ...]:
        """What is asked for: words, as `site?words`; what a user answered, as `site@number`, and
        commented, as `site#number`."""
        accounts = [account.split("/") for account in accounts_of(self.follows, SERVICE)]
        found = [
            *(f"{site}?{words}" for site in self.sites for words in searched_for(self)),
            *(f"{site}{mark}{n}" for site, n in accounts if site in self.sites for mark in "@#"),
        ]
        if not found:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return tuple(dict.fromkeys(found))

    def _page(
        self, stream: str, asked: Mapping[str, str | int | None], now: datetime | None
    ) -> Page:
        site, mark, what = parts_of(stream)
        if mark != "?":
            kind = "answers" if mark == "@" else "comments"
            return self._items(site, f"/users/{what}/{kind}", asked, now)
        searched = {**asked, "q": what, "tagged": ";".join(self.tags) or None}
        return self._items(site, "/search/advanced", searched, now)

    def _items(
        self, site: str, path: str, asked: Mapping[str, str | int | None], now: datetime | None
    ) -> Page:
        params: dict[str, str | int | None] = {
            **asked,
            "site": site,
            "sort": "creation",
            "filter": "withbody",
            "key": self.key or None,
        }
        try:
            page = read_page(self._api().get(path, params, now=now).value)
        except ApiError as error:
            raise trouble_of(error, site, now) from None
        if page is None:
            words = "Stack Exchange answered something that is no list of items"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _taken(self, stream: str, search: Search, page: Page, now: datetime) -> StreamPage:
        found = [to_mention(item, self.name, site_of(stream)) for item in page.items]
        times = [one.said_at for one in found if isinstance(one, Mention)]
        after = search.after(times, page.has_more, now)
        rejects = tuple(one for one in found if isinstance(one, Reject))
        batch = Batch(mentions=tuple(self._concerning(found)), rejects=rejects)
        return StreamPage(state=after.written(), more=after.goes_on, found=batch)

    def _concerning(self, found: list[Mention | Reject]) -> list[Mention]:
        """Those that are about somebody we follow, or by them."""
        matcher = Matcher(self.follows)
        mentions = (one for one in found if isinstance(one, Mention))
        ours = (replace(one, channel=self.channel) for one in mentions)
        return [one for one in ours if matcher.concerns(SERVICE, one)]

    def _api(self) -> Api:
        return Api(http=self.http, service="Stack Exchange", base_url=self.base_url)


def _wrong(texts: tuple[str, ...], pattern: re.Pattern[str]) -> Iterator[int]:
    return (number for number, text in enumerate(texts, 1) if not pattern.fullmatch(text))
