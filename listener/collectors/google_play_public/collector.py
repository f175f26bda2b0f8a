"""The reviews of any Android app, as Google Play's public pages show them."""

import re
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlencode

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.google_play_public.listing import Listing
from listener.collectors.google_play_public.reviews import (
    Review,
    changed_at,
    to_answer,
    to_mention,
)
from listener.collectors.google_play_public.scraper import Page, Scraper
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.domain.subject import Subject, brand_of
from listener.domain.times import to_text
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble
from listener.http import ApiError, Http, HttpError, Reply, check_base_url, to_error

SERVICE: Final = "google_play_public"
PAGE: Final = 100  # of more than 200 the pages after the first were seen to be wrong
CHECKED: Final = 5
NOT_ACCEPTED: Final = (
    "accept_unofficial is not true. This reads the pages that Google Play shows to people: they are"
    " no interface, Google's terms may forbid it, and it may end any day. Your own apps are read by"
    " google_play. To have it all the same, set accept_unofficial = true"
)

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.\w+)+", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_COUNTRY = re.compile(r"[a-zA-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GooglePlayPublic:
    """Walks the reviews of each app, in each language and country, from the newest down to what
    was read before; once a day 30 days back, for answers and edits.

    A review that is missing is not taken for deleted, and a listing that comes empty though it had
    reviews is not taken for empty.
    """

    packages: tuple[str, ...]
    accept_unofficial: bool = False
    languages: tuple[str, ...] = ("en",)
    countries: tuple[str, ...] = ("us",)
    brand: str | None = None  # None: the only brand there is
    python: Path | None = None  # which has google-play-scraper; None: the one we run under
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://play.google.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk

    def __post_init__(self) -> None:
        """Refuse what could never be asked, and what nobody has said yes to."""
        if not self.accept_unofficial:
            raise ValueError(NOT_ACCEPTED)
        for key, values, shape, example in (
            ("packages", self.packages, _PACKAGE, "com.example.app"),
            ("languages", self.languages, _LANGUAGE, "pt-BR"),
            ("countries", self.countries, _COUNTRY, "us"),
        ):
            if not values or not all(shape.fullmatch(value) for value in values):
                raise ValueError(f'{key} must hold one or more such as "{example}"')
        brand_of(self.follows, self.brand)
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None

    @property
    def service(self) -> str:
        return SERVICE

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one listing."""
        turns = Turns.of(cursor, self._streams())
        listing = Listing.of(turns.state).begun(now, self.since)
        try:
            page = self._page(turns.stream, listing.walk.resume, PAGE, now)
        except ApiError as error:
            if error.status == 400 and listing.walk.resume:
                return _given_up(turns, listing, now)
            raise _refused(error, turns.stream) from None
        if not page.reviews and not listing.walk.resume:
            self._believe(turns.stream, listing, now)
        times = [time for time in map(changed_at, page.reviews) if time is not None]
        after = listing.after(times, page.token, now)
        batch = self._batch(turns, after, page.reviews)
        return replace(batch, gap_since=listing.lost_since(after, times))

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Google does not know what we have kept."""

    def check(self) -> str:
        """Asks for each app in the first language and country, and not for every pair."""
        silent, now = 0, WallClock().now()
        for package in dict.fromkeys(self.packages):
            stream = f"{package}/{self.languages[0]}/{self.countries[0].lower()}"
            try:
                page = self._page(stream, "", CHECKED, now)
            except ApiError as error:
                raise _refused(error, stream) from None
            if not page.reviews:
                self._look_for(stream, now)
                silent += 1
        apps = "1 app" if len(self.packages) == 1 else f"{len(self.packages)} apps"
        return f"{apps}, {silent} without reviews" if silent else apps

    def _streams(self) -> tuple[str, ...]:
        return tuple(
            f"{package}/{language}/{country.lower()}"
            for package in self.packages
            for language in self.languages
            for country in self.countries
        )

    def _page(self, stream: str, token: str, count: int, now: datetime) -> Page:
        scraper = Scraper(python=str(self.python or sys.executable))
        package, language, country = stream.split("/")
        question = scraper.question(package, language, country, count, token)
        reply = self._asked("POST", question.path, question.body, now)
        page = scraper.page(reply.body)
        if token and page.token == token:
            words = f"Google Play gives the same page of {_named(stream)} for ever"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _asked(self, method: str, path: str, body: bytes | None, now: datetime) -> Reply:
        """A whole answer with status 200. Raises ApiError."""
        url = self.base_url.rstrip("/") + path
        try:
            reply = self.http.ask(method, url, headers=_FORM if body else {}, body=body)
        except HttpError as error:
            raise ApiError(to_error(error, asked="Google Play", now=now)) from None
        if reply.status != 200:
            raise ApiError(to_error(reply, asked="Google Play", now=now), reply.status)
        return reply

    def _believe(self, stream: str, listing: Listing, now: datetime) -> None:
        """Raise where a first page of nothing is not what it says."""
        self._look_for(stream, now)
        if listing.walk.mark:
            words = (
                f"Google Play showed no review of {_named(stream)}, but had some before; that is"
                " not taken for none. If it lasts, take that language or country out"
            )
            raise CollectorError(words, kind=Trouble.SHAPE)

    def _look_for(self, stream: str, now: datetime) -> None:
        """Raise where there is no such app: its listing comes empty, as that of a new one does."""
        package, language, country = stream.split("/")
        query = urlencode({"id": package, "hl": language, "gl": country})
        try:
            self._asked("GET", f"/store/apps/details?{query}", None, now)
        except ApiError as error:
            if error.status != 404:
                raise _refused(error, stream) from None
            words = f"Google Play knows no {_named(stream)}; check `packages` and `countries`"
            raise CollectorError(words, kind=Trouble.SETTINGS) from None

    def _batch(self, turns: Turns, after: Listing, reviews: tuple[Review, ...]) -> Batch:
        """A page and how far it brings us. Raises CollectorError where nothing of it can be read.

        Then Google tells it otherwise than before, and the mark must not move.
        """
        package = turns.stream.partition("/")[0]
        brand = brand_of(self.follows, self.brand)
        read = [(review, to_mention(review, self.name, package)) for review in reviews]
        found = [(review, one) for review, one in read if isinstance(one, Mention)]
        if read and not found:
            words = f"not one review of {_named(turns.stream)} can be read; Google may have changed"
            raise CollectorError(f"{words} its pages", kind=Trouble.SHAPE)
        turns = turns.after(after.written(), more=bool(after.walk.resume))
        answers = (to_answer(review, one, brand) for review, one in found)
        return Batch(
            mentions=tuple(replace(one, brand=brand, channel=self.channel) for _, one in found),
            responses=tuple(answer for answer in answers if answer is not None),
            rejects=tuple(one for _, one in read if isinstance(one, Reject)),
            cursor=turns.written(),
            complete=turns.complete,
        )


def _given_up(turns: Turns, listing: Listing, now: datetime) -> Batch:
    """Where a token is not taken any more: nothing is lost, for the mark stays."""
    place = f"{_named(turns.stream)}, page {listing.walk.pages + 1}, {to_text(now)}"
    reason = "Google Play did not take its token; the listing is read anew with the next pass"
    turns = turns.after(listing.given_up().written(), more=False)
    told = Reject(place=place, reason=reason, content="")
    return Batch(rejects=(told,), cursor=turns.written(), complete=turns.complete)


def _refused(error: ApiError, stream: str) -> CollectorError:
    """The error, in words for pages that need no key."""
    if error.status not in (401, 403):
        return error
    words = f"Google Play refuses to show {_named(stream)} to this machine; it may take it for a"
    return CollectorError(f"{words} robot. Ask less often (HTTP {error.status})", kind=error.kind)


def _named(stream: str) -> str:
    package, language, country = stream.split("/")
    return f"app {package} in {language}-{country}"
