"""What is remembered of a feed, so that only what is new in it is read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.collectors.feed.entries import hashed
from listener.domain.mention import Mention
from listener.errors import CollectorError

MOST_REMEMBERED: Final = 5_000  # entries of one feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of one feed, in the cursor."""

    etag: str = ""
    modified: str = ""
    read_at: str = ""
    error: str = ""
    until: float = 0.0  # it asked not to be asked before, unix time
    seen: Mapping[str, str] = field(default_factory=dict)  # entry -> its words, as hashes

    def conditions(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}

    def in_trouble(self, error: CollectorError, now: datetime) -> "Memory":
        wait = error.retry_after or timedelta(0)
        until = (now + wait).timestamp() if wait else self.until
        return replace(self, error=str(error), until=until)

    def written(self) -> dict[str, Any]:
        names = ("etag", "modified", "read_at", "error", "until", "seen")
        return {name: value for name in names if (value := getattr(self, name))}


def news(
    found: list[Mention], known: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], list[Mention]]:
    """Remember the entries of a feed, and pick those whose words are new.

    An entry without a date keeps the moment at which it was first seen, also when it changes.
    """
    seen: dict[str, str] = {}
    new: list[Mention] = []
    for mention in found[:MOST_REMEMBERED]:
        key = hashed(mention.source_id)
        if key in seen:
            continue
        words = hashed(f"{mention.title}\n{mention.text}\n{mention.url}")[:8]
        before, _, at = known.get(key, "").partition("@")
        if mention.said_at == now:
            at = at or str(int(now.timestamp()))
            mention = replace(mention, said_at=datetime.fromtimestamp(int(at), UTC))
        seen[key] = f"{words}@{at}" if at else words
        if words != before:
            new.append(mention)
    return seen, new
