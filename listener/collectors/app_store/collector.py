"""The newest reviews of each app in each country, a page at a time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.app_store.listing import Listing
from listener.collectors.app_store.reviews import PAGE, Page, named, read_page, to_mention
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Found, Mention, Reject
from listener.domain.subject import Subject, brand_of
from listener.domain.times import to_text
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble
from listener.http import Api, Http

SERVICE: Final = "app_store"
EMPTY: Final = "empty"
UNKNOWN: Final = "unknown"
REFUSALS: Final = dict.fromkeys((401, 403), "turns this machine away; ask less often")
WORDS: Final = {
    EMPTY: "the feed came empty, but had reviews before; that is not taken for none",
    UNKNOWN: "Apple knows no such app in that country; check `apps` and `countries`",
}

_COUNTRY: Final = re.compile(r"[a-zA-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStore:
    """Reads the newest 500 reviews of each app in each country. It sees no developer's answers.

    The feed now and then comes empty for no reason, and never says that a review is gone: what is
    missing from it is not taken for deleted.
    """

    apps: tuple[int, ...]
    countries: tuple[str, ...] = ("us",)
    brand: str | None = None  # None: the only brand there is
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://itunes.apple.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        if not self.apps or min(self.apps) < 1:
            raise ValueError("apps must be the numbers of apps, as in apps.apple.com/app/id123")
        if not self.countries:
            raise ValueError('countries names none; leave it out for "us"')
        for country in self.countries:
            if not _COUNTRY.fullmatch(country):
                raise ValueError('countries must be codes of two letters, such as "us"')
        brand_of(self.follows, self.brand)
        self._api()

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one app in one country."""
        turns = Turns.of(cursor, self._streams())
        listing = Listing.of(turns.state).begun(now)
        page = self._page(turns.stream, listing.page, now)
        if not page.entries:
            return self._nothing(turns, listing, page, now)
        read = [self._read(entry, turns.stream) for entry in page.entries]
        reviews = [one for one in read if isinstance(one, Mention)]
        rejects = (one for one in read if isinstance(one, Reject))
        after = listing.after(reviews, len(page.entries) >= PAGE, now)
        batch = _batch(turns, after, (*listing.news(reviews), *rejects))
        return replace(batch, gap_since=listing.lost_since(reviews))

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the feed does not know who reads it."""

    def check(self) -> str:
        """Asks for each app in the first country; a check of every pair would be many questions."""
        country, now = self.countries[0].lower(), WallClock().now()
        for app in dict.fromkeys(self.apps):
            page = self._page(f"{app}/{country}", 1, now)
            if not page.entries and not page.is_app:
                words = f"Apple knows no app {app} in {country}; check `apps` and `countries`"
                raise CollectorError(words, kind=Trouble.SETTINGS)
        apps = "1 app" if len(self.apps) == 1 else f"{len(self.apps)} apps"
        return f"{apps} in {country}"

    def _streams(self) -> tuple[str, ...]:
        return tuple(f"{app}/{country.lower()}" for app in self.apps for country in self.countries)

    def _page(self, stream: str, number: int, now: datetime) -> Page:
        app, country = stream.split("/")
        path = f"/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json"
        return read_page(self._api().get(path, now=now).value)

    def _read(self, entry: Any, stream: str) -> Mention | Reject:
        mention = to_mention(entry, stream, self.name)
        if isinstance(mention, Reject):
            return mention
        brand = brand_of(self.follows, self.brand)
        return replace(mention, channel=self.channel, brand=brand)

    def _nothing(self, turns: Turns, listing: Listing, page: Page, now: datetime) -> Batch:
        """A page without reviews: the end, or one that we do not believe."""
        if listing.ends(page.is_app):
            return _batch(turns, listing.arrived(now))
        if listing.page > 1:
            where = f"{named(turns.stream)}, page {listing.page}, {to_text(now)}"
            told = [] if listing.tries else [Reject(place=where, reason=WORDS[EMPTY], content="")]
            return _batch(turns, listing.given_up(), told)
        trouble = EMPTY if listing.known else UNKNOWN
        self._refuse_silence(turns, trouble, now)
        where = named(turns.stream) + (f", {to_text(now)}" if trouble == EMPTY else "")
        fresh = listing.trouble != trouble
        told = [Reject(place=where, reason=WORDS[trouble], content="")] if fresh else []
        return _batch(turns, replace(listing.given_up(), trouble=trouble), told)

    def _refuse_silence(self, turns: Turns, trouble: str, now: datetime) -> None:
        """Raise where a whole pass gave nothing: then the source was not read at all.

        The others are asked once more, for while this one is tried again they have no turn, and
        one that is well again must not wait for it.
        """
        others = {name: turns.states[name] for name in turns.states if name != turns.stream}
        silent = {trouble, *(state.get("trouble") for state in others.values())}
        if len(turns.waiting) > 1 or None in silent:
            return
        if any(self._page(name, 1, now).entries for name in others):
            return
        if silent == {UNKNOWN}:
            words = f"{named(turns.stream)}: {WORDS[UNKNOWN]}"
            raise CollectorError(words, kind=Trouble.SETTINGS)
        raise CollectorError(f"{named(turns.stream)}: {WORDS[EMPTY]}", kind=Trouble.SHAPE)

    def _api(self) -> Api:
        name = "Apple's review feed"
        return Api(http=self.http, service=name, base_url=self.base_url, means=REFUSALS)


def _batch(turns: Turns, listing: Listing, found: Iterable[Found] = ()) -> Batch:
    turns = turns.after(listing.written(), more=listing.page > 1)
    return Batch.of(found, cursor=turns.written(), complete=turns.complete)
