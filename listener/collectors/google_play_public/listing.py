"""How far the reviews of one app, as one language and country show them, were read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.times import from_text, to_text
from listener.domain.walk import Walk

FIRST_PAGES: Final = 10  # of a listing that was never read
MOST_PAGES: Final = 60  # after some 6,300 reviews Google was seen to give the same ones again
OVERLAP: Final = timedelta(hours=1)  # reviews may be shown late
WHOLE_EVERY: Final = timedelta(days=1)
WHOLE: Final = timedelta(days=30)  # so far back answers, edits and late reviews are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Its walk's marks are times, and it goes on with the token `resume`.

    floor: how far back the walk under way goes; empty for a first one. oldest: the last review it
    has met. whole_at: when the daily long walk last began. read_at: when a walk last arrived.
    """

    walk: Walk = field(default_factory=Walk)
    floor: str = ""
    oldest: str = ""
    whole_at: str = ""
    read_at: str = ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Listing":
        return cls(**{**state, "walk": Walk.of(state.get("walk", {}))})

    def begun(self, now: datetime, since: datetime | None) -> "Listing":
        """As the next page finds it: at the beginning of a walk it is decided how far it goes."""
        if self.walk.resume:
            return self
        if self.walk.is_first:
            return replace(self, floor=to_text(since) if since else "", whole_at=to_text(now))
        age = now - from_text(self.whole_at) if self.whole_at else WHOLE_EVERY
        floor = from_text(self.walk.mark) - OVERLAP
        if timedelta() <= age < WHOLE_EVERY:
            return replace(self, floor=to_text(floor))
        return replace(self, floor=to_text(min(floor, now - WHOLE)), whole_at=to_text(now))

    def after(self, times: Sequence[datetime], token: str, now: datetime) -> "Listing":
        """After a page; the times of its reviews in their order, and the token of the next page.

        It goes by the last one: a stray old review among new ones ends nothing. A review from the
        future must not hide those that are written until then.
        """
        newest = max((to_text(min(time, now)) for time in times), default="")
        oldest = to_text(times[-1]) if times else self.oldest
        pages = self.walk.pages + 1
        enough = self.walk.is_first and not self.floor and pages >= FIRST_PAGES
        if token and times and oldest > self.floor and not enough and pages < MOST_PAGES:
            return replace(self, walk=self.walk.after(newest, token), oldest=oldest)
        walk = self.walk.after(newest, None)
        return Listing(walk=walk, whole_at=self.whole_at, read_at=to_text(now))

    def lost_since(self, after: "Listing", times: Sequence[datetime]) -> datetime | None:
        """Since when some may be lost: this walk has ended, and did not come to what was known."""
        oldest = to_text(times[-1]) if times else self.oldest
        if after.walk.resume or not self.read_at or oldest <= self.walk.mark:
            return None
        return from_text(self.read_at)

    def given_up(self) -> "Listing":
        """As before the walk, which begins anew with the next pass."""
        walk = Walk(mark=self.walk.mark)
        return Listing(walk=walk, whole_at="", read_at=self.read_at)

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        state = {
            "walk": self.walk.written(),
            "floor": self.floor,
            "oldest": self.oldest,
            "whole_at": self.whole_at,
            "read_at": self.read_at,
        }
        return {name: value for name, value in state.items() if value}
