"""Feeds, read one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.feed.addresses import why_never_read
from listener.collectors.feed.entries import parse, to_mention
from listener.collectors.feed.memory import Memory, news
from listener.domain.mention import Batch, Channel, Mention, Reject
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http, HttpError, Reply, shown, to_error
from listener.http.addresses import PUBLIC_PORTS

LIMIT_BYTES: Final = 5_000_000
DEADLINE_SECONDS: Final = 30.0
REFUSALS: Final = {
    401: "wants a log-in; take its address with the key in it, where it has such a one, in `urls`",
    403: "is not shown to this machine, or not without a key in its address",
    404: "is not there; check `urls`",
}
SLACK: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Reads feeds, one after the other, each a page.

    A feed that fails stops no other: it is told as a reject when its trouble begins or changes;
    only when none of them can be read is the source itself in trouble. A feed holds its last few
    entries only: where none of those is known after some were, what lies between may be lost.
    """

    urls: tuple[str, ...]
    every: timedelta = timedelta(minutes=10)
    channel: Channel = Channel.NEWS
    allow_private: bool = False  # feeds of your own network
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse, each by its place, the addresses that could never be read."""
        ports = PUBLIC_PORTS | self.http.ports
        found = [
            f"urls[{number}] {why}"
            for number, url in enumerate(self.urls, 1)
            if (why := why_never_read(url, ports, self.allow_private))
        ]
        if found or not self.urls:
            raise ConfigError(found or ["urls names no feed"])

    @property
    def service(self) -> str:
        return "feed"

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """What is new or changed in the next feed that can be read."""
        known = (cursor or {}).get("feeds", {})
        feeds = {url: Memory(**known.get(url, {})) for url in self.urls}
        rest = [url for url in (cursor or {}).get("rest", ()) if url in feeds]
        waiting = rest or self._order(now)
        rejects: list[Reject] = []
        troubles: list[CollectorError] = []
        page: _Page | None = None
        while waiting and page is None:
            url = waiting.pop(0)
            try:
                page = self._page(url, feeds[url], now)
                feeds[url] = page.memory
            except CollectorError as error:
                troubles.append(error)
                if str(error) != feeds[url].error:
                    rejects.append(Reject(place=shown(url), reason=str(error), content=""))
                feeds[url] = feeds[url].in_trouble(error, now)
        if page is None and len(troubles) == len(feeds):
            raise _none_read(troubles)
        return Batch(
            mentions=page.mentions if page else (),
            rejects=tuple(rejects),
            cursor={
                "feeds": {url: memory.written() for url, memory in feeds.items()},
                "rest": waiting,
            },
            complete=not waiting,
            gap_since=page.gap_since if page else None,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: a feed does not know who reads it."""

    def check(self) -> str:
        now = WallClock().now()
        counts = [len(self._entries(url, Memory(), now)[0]) for url in self.urls]
        feeds = "1 feed" if len(counts) == 1 else f"{len(counts)} feeds"
        return f"{feeds} with {sum(counts)} entries"

    def _order(self, now: datetime) -> list[str]:
        """All feeds, each time beginning with another one, lest slow ones keep out the last."""
        unique = list(dict.fromkeys(self.urls))
        first = int(now.timestamp() // max(self.every.total_seconds(), 1)) % len(unique)
        return unique[first:] + unique[:first]

    def _page(self, url: str, memory: Memory, now: datetime) -> "_Page":
        if now.timestamp() < memory.until:
            raise CollectorError(memory.error, kind=Trouble.RATE)
        entries, reply = self._entries(url, memory, now)
        memory = replace(memory, error="", until=0.0)
        if reply.status == 304:
            return _Page((), replace(memory, read_at=now.isoformat()), None)
        found = [
            mention
            for entry in entries
            if (mention := to_mention(entry, self.name, self.channel, reply.url, now))
        ]
        seen, new = news(found, memory.seen, now)
        lost = bool(memory.seen) and bool(seen) and not seen.keys() & memory.seen.keys()
        gap_since = datetime.fromisoformat(memory.read_at) if lost and memory.read_at else None
        if gap_since and now - gap_since <= 2 * self.every + SLACK:
            gap_since = None  # the feed was read in time: it has other ids now, or few entries
        memory = Memory(
            etag=reply.headers.get("etag", ""),
            modified=reply.headers.get("last-modified", ""),
            read_at=now.isoformat(),
            seen=seen,
        )
        return _Page(tuple(new), memory, gap_since)

    def _entries(
        self, url: str, memory: Memory, now: datetime
    ) -> tuple[list[Mapping[str, Any]], Reply]:
        asked = f"the feed {shown(url)}"
        try:
            reply = self.http.get(
                url,
                headers=memory.conditions(),
                limit_bytes=LIMIT_BYTES,
                deadline_seconds=DEADLINE_SECONDS,
                public_only=not self.allow_private,
            )
        except HttpError as error:
            raise to_error(error, asked=asked, now=now) from None
        if reply.status == 304 and memory.conditions():
            return [], reply
        if reply.status != 200:
            raise to_error(reply, asked=asked, now=now, means=REFUSALS)
        return parse(reply, asked), reply


@dataclass(frozen=True, slots=True)
class _Page:
    mentions: tuple[Mention, ...]
    memory: Memory
    gap_since: datetime | None


def _none_read(troubles: list[CollectorError]) -> CollectorError:
    first = troubles[0]
    if len(troubles) == 1:
        return first
    waits = [trouble.retry_after for trouble in troubles if trouble.retry_after]
    return CollectorError(
        f"none of the {len(troubles)} feeds can be read; the first: {first}",
        kind=first.kind,
        retry_after=min(waits) if len(waits) == len(troubles) else None,
    )
