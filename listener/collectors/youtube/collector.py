"""YouTube: what people write below videos, and what a channel answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.collectors.youtube.comments import Page, read_page, read_thread, to_mention
from listener.collectors.youtube.listing import Listing, Spent
from listener.collectors.youtube.refusals import (
    ASIDE,
    aside_of,
    is_forbidden,
    is_stale,
    trouble_of,
)
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.domain.subject import Matcher, Subject
from listener.domain.walk import Turns
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Api, ApiError, Http

SERVICE: Final = "youtube"
PAGE: Final = 100
MOST_CHECKED: Final = 10
MOST_POPULAR: Final[Mapping[str, str | int | None]] = {
    "part": "id",
    "chart": "mostPopular",
    "regionCode": "US",
    "maxResults": 1,
    "pageToken": None,
}

_CHANNEL = re.compile(r"UC[\w-]+", re.ASCII)
_VIDEO = re.compile(r"[\w-]+", re.ASCII)
_Found = list[Mention | Reject]


@dataclass(frozen=True, slots=True, kw_only=True)
class YouTube:
    """Reads the comments below videos, and below all videos of a channel, with their replies.

    Every question is one unit of the day's quota. YouTube refuses single videos and channels.
    """

    api_key: str = field(repr=False)
    channels: tuple[str, ...] = ()  # their ids
    videos: tuple[str, ...] = ()
    brand: str | None = None  # whom all of it is about; None: whom the queries say
    every: timedelta = timedelta(minutes=15)
    channel: Channel = Channel.SOCIAL
    daily_units: int = 10_000
    base_url: str = "https://www.googleapis.com/youtube/v3"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk

    def __post_init__(self) -> None:
        """Refuse what could never be asked, each by its place."""
        names = [subject.name for subject in self.follows]
        mistakes = [*_no_ids(self.channels, self.videos)]
        if not self._streams():
            mistakes.append("channels and videos name nothing")
        if self.daily_units < 1:
            mistakes.append("daily_units must be at least 1")
        if names and self.brand and self.brand.casefold() not in map(str.casefold, names):
            mistakes.append(f'brand "{self.brand}" is none of the subjects: {", ".join(names)}')
        if mistakes:
            raise ConfigError(mistakes)
        self._api()

    @property
    def service(self) -> str:
        return SERVICE

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of threads, or of the replies of one thread."""
        spent = Spent.of(cursor, now)

        def ask(stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
            nonlocal spent
            spent.check(self.daily_units, now)
            spent = spent.more
            return self._turn(stream, Listing.of(state), now)

        batch = read_in_turn(Turns.of(cursor, self._streams()), ask, now)
        return replace(batch, cursor={**(batch.cursor or {}), **spent.written()})

    def committed(self, batch: Batch) -> None:
        """Nothing to do: YouTube does not know who reads it."""

    def check(self) -> str:
        now = WallClock().now()
        for stream in self._streams()[:MOST_CHECKED]:
            try:
                self._page("/commentThreads", _params(stream, "", 1), now)
            except ApiError as error:
                why = aside_of(error)
                if not why:
                    raise trouble_of(error, now) from None
                words = f"{_named(stream)}: {ASIDE[why]}"
                raise CollectorError(words, kind=Trouble.SETTINGS) from None
        counts = (("channel", len(self.channels)), ("video", len(self.videos)))
        return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in counts if n)

    def canary(self, now: datetime) -> bool:
        """Whether there are popular videos.

        It takes a unit of the quota, which is not counted for `daily_units`: only a cursor could
        keep that. It is asked four times a day at most.
        """
        try:
            return bool(self._page("/videos", MOST_POPULAR, now).items)
        except ApiError as error:
            raise trouble_of(error, now) from None

    def _streams(self) -> tuple[str, ...]:
        channels = (f"channel/{channel}" for channel in self.channels)
        return tuple(dict.fromkeys((*channels, *(f"video/{video}" for video in self.videos))))

    def _turn(self, stream: str, listing: Listing, now: datetime) -> StreamPage:
        try:
            after, found = self._next(stream, listing, now)
        except ApiError as error:
            after, found = _passed_over(error, listing, now), []
        batch = Batch(
            mentions=tuple(self._concerning(found)),
            rejects=tuple(one for one in found if isinstance(one, Reject)),
        )
        return StreamPage(state=after.written(), more=after.goes_on, found=batch)

    def _next(self, stream: str, listing: Listing, now: datetime) -> tuple[Listing, _Found]:
        if listing.wanted:
            return self._replies(listing, now)
        listing = listing.begun(now, self.since)
        page = self._page("/commentThreads", _params(stream, listing.walk.resume, PAGE), now)
        threads = [read_thread(item, self.name) for item in page.items]
        found = [one for thread in threads for one in thread.said]
        return listing.after(threads, page.token, now, self.since is None), found

    def _replies(self, listing: Listing, now: datetime) -> tuple[Listing, _Found]:
        wanted = listing.wanted[0]
        params: dict[str, str | int | None] = {
            "part": "snippet",
            "parentId": wanted.thread,
            "maxResults": PAGE,
            "pageToken": wanted.token or None,
        }
        page = self._page("/comments", params, now)
        found = [to_mention(item, self.name, wanted.video, wanted.thread) for item in page.items]
        return listing.replied(page.token), found

    def _page(
        self, path: str, params: Mapping[str, str | int | None], now: datetime | None
    ) -> Page:
        page = read_page(self._api().get(path, params, now=now).value)
        if page is None or (page.token and page.token == params["pageToken"]):
            words = "YouTube answered something that is no page of comments"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _concerning(self, found: _Found) -> list[Mention]:
        """Those that are about somebody we follow, or by them."""
        matcher = Matcher(self.follows)
        mentions = (one for one in found if isinstance(one, Mention))
        ours = (replace(one, brand=self.brand, channel=self.channel) for one in mentions)
        return [one for one in ours if matcher.concerns(SERVICE, one)]

    def _api(self) -> Api:
        # In a header, for addresses are written into logs on the way.
        headers = {"X-Goog-Api-Key": self.api_key}
        return Api(http=self.http, service="YouTube", base_url=self.base_url, headers=headers)


def _no_ids(channels: tuple[str, ...], videos: tuple[str, ...]) -> list[str]:
    """The mistakes among ids: an address, a handle or a name is none."""
    wrong_channels = [n for n, one in enumerate(channels, 1) if not _CHANNEL.fullmatch(one)]
    wrong_videos = [n for n, one in enumerate(videos, 1) if not _VIDEO.fullmatch(one)]
    return [
        *(f'channels[{n}] is no id of a channel, which begins with "UC"' for n in wrong_channels),
        *(f"videos[{n}] is no id of a video, which follows v= in its link" for n in wrong_videos),
    ]


def _passed_over(error: ApiError, listing: Listing, now: datetime) -> Listing:
    """Go on without what is refused. Raises CollectorError, a RefusedError for all of a stream."""
    why = aside_of(error)
    if why:
        state = listing.anew().written()
        raise RefusedError(ASIDE[why], kind=Trouble.SETTINGS, state=state) from None
    if listing.wanted and (error.status == 404 or is_stale(error)):
        return listing.without_replies()
    if listing.walk.resume and is_stale(error):
        return listing.anew()
    trouble = trouble_of(error, now)
    if is_forbidden(error):
        raise RefusedError(str(trouble), kind=trouble.kind) from None
    raise trouble from None


def _named(stream: str) -> str:
    """As messages name it: "video abc"."""
    return stream.replace("/", " ", 1)


def _params(stream: str, token: str, count: int) -> dict[str, str | int | None]:
    kind, _, number = stream.partition("/")
    return {
        "part": "snippet,replies",
        "order": "time",
        "maxResults": count,
        "allThreadsRelatedToChannelId": number if kind == "channel" else None,
        "videoId": number if kind == "video" else None,
        "pageToken": token or None,
    }
