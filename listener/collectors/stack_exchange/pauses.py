"""The pauses that sites ask for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listener.collectors.base import Cursor
from listener.collectors.stack_exchange.refusals import LONGEST_WAIT
from listener.collectors.stack_exchange.searches import site_of
from listener.domain.times import from_text, in_words, to_text
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """The sites that asked us to wait, and until when."""

    until: Mapping[str, datetime]

    @classmethod
    def of(cls, cursor: Cursor | None, now: datetime) -> "Pauses":
        """Those that are not over. One that is longer than any was made by another clock."""
        kept = {site: from_text(at) for site, at in (cursor or {}).get("pauses", {}).items()}
        return cls(until={site: at for site, at in kept.items() if now < at <= now + LONGEST_WAIT})

    def free_first(self, turns: Turns, now: datetime) -> Turns:
        """With a search of a site that may be asked in front. Raises CollectorError."""
        self.check(turns.waiting, now)
        return turns.first(next(one for one in turns.waiting if site_of(one) not in self.until))

    def check(self, streams: Sequence[str], now: datetime) -> None:
        """Raises CollectorError where each of these sites asked us to wait."""
        if any(site_of(stream) not in self.until for stream in streams):
            return
        wait = min(self.until[site_of(stream)] for stream in streams) - now
        words = f"Stack Exchange asked us to wait for {in_words(wait)}"
        raise CollectorError(words, kind=Trouble.RATE, retry_after=wait)

    def after(self, site: str, seconds: int, now: datetime) -> "Pauses":
        """After an answer of a site, which asks us to wait for so many seconds; 0 for none."""
        wait = min(timedelta(seconds=min(seconds, 86_400)), LONGEST_WAIT)
        return Pauses(until={**self.until, site: now + wait}) if seconds else self

    def written(self) -> dict[str, Any]:
        return {"pauses": {site: to_text(at) for site, at in self.until.items()}}
