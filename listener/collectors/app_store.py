"""Apple's App Store: the reviews of any app, by the feed that is open to all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Kind, Mention, Reject
from listener.domain.subject import Subject, brand_of
from listener.domain.times import from_text, to_text
from listener.domain.values import BadRecord, read_time, shown
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble
from listener.http import Api, Http

SERVICE: Final = "app_store"
PAGE: Final = 50  # reviews on a full page
LAST_PAGE: Final = 10  # the feed has no more
MOST_KNOWN: Final = PAGE * LAST_PAGE
WHOLE_EVERY: Final = timedelta(days=1)
TRIES: Final = 2  # so often a later page may come empty where more was expected; then it is the end
EMPTY: Final = "empty"
UNKNOWN: Final = "unknown"
REFUSALS: Final = dict.fromkeys((401, 403), "turns this machine away; ask less often")
WORDS: Final = {
    EMPTY: "the feed came empty, but had reviews before; that is not taken for none",
    UNKNOWN: "Apple knows no such app in that country; check `apps` and `countries`",
}

_COUNTRY = re.compile(r"[a-zA-Z]{2}")
_WRITER = re.compile(r"/id([0-9]+)$")


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
        rejects = [one for one in read if isinstance(one, Reject)]
        after = listing.after(reviews, len(page.entries) >= PAGE, now)
        batch = _batch(turns, after, listing.news(reviews), rejects)
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

    def _page(self, stream: str, number: int, now: datetime) -> "Page":
        app, country = stream.split("/")
        path = f"/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json"
        return read_page(self._api().get(path, now=now).value)

    def _read(self, entry: Any, stream: str) -> Mention | Reject:
        mention = to_mention(entry, stream, self.name)
        if isinstance(mention, Reject):
            return mention
        brand = brand_of(self.follows, self.brand)
        return replace(mention, channel=self.channel, brand=brand)

    def _nothing(self, turns: Turns, listing: "Listing", page: "Page", now: datetime) -> Batch:
        """A page without reviews: the end, or one that we do not believe."""
        if listing.ends(page.is_app):
            return _batch(turns, listing.arrived(now))
        if listing.page > 1:
            where = f"{_named(turns.stream)}, page {listing.page}, {to_text(now)}"
            told = [] if listing.tries else [Reject(place=where, reason=WORDS[EMPTY], content="")]
            return _batch(turns, listing.given_up(), rejects=told)
        trouble = EMPTY if listing.known else UNKNOWN
        self._refuse_silence(turns, trouble, now)
        where = _named(turns.stream) + (f", {to_text(now)}" if trouble == EMPTY else "")
        fresh = listing.trouble != trouble
        told = [Reject(place=where, reason=WORDS[trouble], content="")] if fresh else []
        return _batch(turns, replace(listing.given_up(), trouble=trouble), rejects=told)

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
            words = f"{_named(turns.stream)}: {WORDS[UNKNOWN]}"
            raise CollectorError(words, kind=Trouble.SETTINGS)
        raise CollectorError(f"{_named(turns.stream)}: {WORDS[EMPTY]}", kind=Trouble.SHAPE)

    def _api(self) -> Api:
        name = "Apple's review feed"
        return Api(http=self.http, service=name, base_url=self.base_url, means=REFUSALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one question brought. is_app: Apple says that there is such an app."""

    entries: tuple[Any, ...]
    is_app: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How far the reviews of one app in one country were read.

    known: the reviews that the walks before have met, newest first: id -> short hash of what it
    says. seen: those of the walk under way; they become known only when it has arrived, for what
    moves down a page while we read must not pass for its end. whole: this walk reads every page,
    for edits. whole_at: when one of those last arrived; read_at: when any did. filled: the page
    before was full. tries: so often the walk was begun anew because a later page was empty.
    trouble: why the first page had nothing.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    whole: bool = False
    whole_at: str = ""
    read_at: str = ""
    filled: bool = False
    tries: int = 0
    trouble: str = ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Listing":
        marks = {name: _unpacked(state.get(name, "")) for name in ("known", "seen")}
        return cls(**{**state, **marks})

    def written(self) -> dict[str, Any]:
        """As JSON, without what is usual."""
        usual = Listing()
        plain = ("page", "whole", "whole_at", "read_at", "filled", "tries", "trouble")
        state = {name: getattr(self, name) for name in plain}
        state = {name: value for name, value in state.items() if value != getattr(usual, name)}
        marks = {"known": _packed(self.known), "seen": _packed(self.seen)}
        return state | {name: text for name, text in marks.items() if text}

    def begun(self, now: datetime) -> "Listing":
        """As the next page finds it: once a day a walk reads every page, as the first one does."""
        if self.page > 1:
            return self
        age = now - from_text(self.whole_at) if self.whole_at else WHOLE_EVERY
        return replace(self, whole=not timedelta() <= age < WHOLE_EVERY)

    def news(self, reviews: Iterable[Mention]) -> list[Mention]:
        """Those that are new or say something else than before."""
        return [
            replace(one, edited_at=one.said_at) if one.source_id in self.known else one
            for one in reviews
            if self.known.get(one.source_id) != _mark(one)
        ]

    def after(self, reviews: list[Mention], filled: bool, now: datetime) -> "Listing":
        """After a page with these reviews: a walk ends where nothing on a page is new."""
        seen = {**self.seen, **{one.source_id: _mark(one) for one in reviews}}
        walk = replace(self, seen=seen, filled=filled, trouble="")
        if self.page < LAST_PAGE and (self.whole or self.news(reviews)):
            return replace(walk, page=self.page + 1)
        return walk.arrived(now)

    def lost_since(self, reviews: Iterable[Mention]) -> datetime | None:
        """Since when some may be lost: the last page comes, and nothing that we know was met."""
        met = {*self.seen, *(one.source_id for one in reviews)}
        if self.page < LAST_PAGE or not self.known or not met.isdisjoint(self.known):
            return None
        return from_text(self.read_at)

    def ends(self, is_app: bool) -> bool:
        """Whether a page of nothing is the end.

        On the first page only where nothing was ever there; later unless a full page came before
        it and reviews that we know are still to come.
        """
        if self.page == 1:
            return is_app and not self.known
        missing = any(number not in self.seen for number in self.known)
        return not (self.filled and missing) or self.tries >= TRIES

    def arrived(self, now: datetime) -> "Listing":
        """After a walk; one of every page has met all that is there."""
        at = to_text(now)
        if self.whole:
            return Listing(known=_newest(self.seen), whole_at=at, read_at=at)
        known = _newest({**self.seen, **_without(self)})
        return Listing(known=known, whole_at=self.whole_at, read_at=at)

    def given_up(self) -> "Listing":
        """As before the walk, which begins anew with the next pass."""
        return Listing(
            known=self.known,
            whole_at=self.whole_at,
            read_at=self.read_at,
            tries=self.tries + (self.page > 1),
            trouble=self.trouble,
        )


def read_page(value: Any) -> Page:
    """Take a reply apart. An entry without a rating tells of the app, and is no review.

    An app that Apple does not know gets a reply like others, which names no address of its own.
    """
    feed = value.get("feed") if isinstance(value, dict) else None
    found = feed.get("entry") if isinstance(feed, dict) else None
    entries = found if isinstance(found, list) else [] if found is None else [found]
    if not isinstance(feed, dict) or (found is not None and not isinstance(found, list | dict)):
        words = "Apple's review feed answered something that is no list of reviews"
        raise CollectorError(words, kind=Trouble.SHAPE)
    links = feed.get("link")
    rels = [_of(_of(link, "attributes"), "rel") for link in _as_list(links)]
    reviews = (each for each in entries if not isinstance(each, dict) or "im:rating" in each)
    return Page(entries=tuple(reviews), is_app="self" in rels)


def to_mention(entry: Any, stream: str, source: str) -> Mention | Reject:
    """An entry of the feed of `stream`, which is "app/country", as a review."""
    number, stars = _label(entry, "id"), _label(entry, "im:rating")
    place = f"review {shown(number)} of {_named(stream)}"
    if not (number.isascii() and number.isdigit()):
        return Reject(place=place, reason="it has no number", content="")
    if stars not in ("1", "2", "3", "4", "5"):
        return Reject(place=place, reason="it has not one to five stars", content="")
    try:
        said_at = read_time("updated", _label(entry, "updated"), UTC)
    except BadRecord as bad:
        return Reject(place=place, reason=str(bad), content="")
    app, country = stream.split("/")
    writer = _of(entry, "author")
    known_as = _WRITER.search(_label(writer, "uri"))
    return Mention(
        source=source,
        source_id=number,
        title=_label(entry, "title"),
        text=_label(entry, "content"),
        said_at=said_at,
        channel=Channel.REVIEW,
        kind=Kind.REVIEW,
        url=f"https://apps.apple.com/{country}/app/id{app}",
        author_name=_label(writer, "name") or None,
        author_id=known_as[1] if known_as else None,
        stars=float(stars),
        likes=_count(_label(entry, "im:voteSum")),
        place=country.upper(),
        product=app,
        product_version=_label(entry, "im:version") or None,
    )


def _batch(
    turns: Turns, listing: Listing, news: Iterable[Mention] = (), rejects: Iterable[Reject] = ()
) -> Batch:
    turns = turns.after(listing.written(), more=listing.page > 1)
    return Batch(
        mentions=tuple(news),
        rejects=tuple(rejects),
        cursor=turns.written(),
        complete=turns.complete,
    )


def _mark(review: Mention) -> str:
    """A short hash of its words and stars: 32 bits, for a few hundred reviews."""
    words = f"{review.stars}\n{review.title}\n{review.text}"
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _packed(marks: Mapping[str, str]) -> str:
    return " ".join(f"{number}:{mark}" for number, mark in marks.items())


def _unpacked(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


def _newest(marks: Mapping[str, str]) -> dict[str, str]:
    return dict(islice(marks.items(), MOST_KNOWN))


def _without(listing: Listing) -> dict[str, str]:
    return {n: mark for n, mark in listing.known.items() if n not in listing.seen}


def _named(stream: str) -> str:
    app, country = stream.split("/")
    return f"app {app} in {country}"


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _label(value: Any, key: str) -> str:
    """The feed's way to give a text: {"label": "the text"}."""
    text = _of(_of(value, key), "label")
    return text if isinstance(text, str) else ""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
