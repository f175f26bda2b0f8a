"""How far the comments of a channel or a video were read, and what that has cost today. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from listener.collectors.youtube.comments import Thread
from listener.collectors.youtube.refusals import day_of, used_up
from listener.domain.times import from_text, to_text
from listener.domain.walk import Walk

FIRST_PAGES: Final = 5  # of a channel or video that was never read
OVERLAP: Final = timedelta(hours=1)  # a comment may be held back for a while
HOUR_BACK: Final = timedelta(days=1)  # so far back answers and edits are looked for once an hour
DAY_BACK: Final = timedelta(days=30)  # and so far once a day
MOST_COUNTED: Final = 1_000  # threads of which we know how many replies were read

_OLD: Final = ("aside", "aside_at")  # what stands in older cursors, and means nothing any more
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A thread whose replies are still to be read; `token` is of their next page."""

    thread: str
    video: str
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Threads come newest first; a new reply does not bring an old one up again.

    walk: its marks are times. floor: how far back the one under way goes; empty for a first one.
    hour_at, day_at: when a walk last went a day back, or a month. wanted: threads that have more
    replies than came with them. counts: how many replies a thread had when all were read, the
    newest last.
    """

    walk: Walk = field(default_factory=Walk)
    floor: str = ""
    hour_at: str = ""
    day_at: str = ""
    wanted: tuple[Wanted, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Listing":
        kept = {name: value for name, value in state.items() if name not in _OLD}
        walk = Walk.of(kept.pop("walk", {}))
        wanted = (Wanted(thread=t, video=v, token=token) for t, v, token in kept.pop("wanted", ()))
        return cls(**kept, walk=walk, wanted=tuple(wanted))

    @property
    def goes_on(self) -> bool:
        return bool(self.wanted or self.walk.resume)

    def begun(self, now: datetime, since: datetime | None) -> "Listing":
        """As the next page finds it: at the beginning of a walk it is decided how far it goes."""
        if self.walk.resume:
            return self
        day, hour = is_due(self.day_at, _DAY, now), is_due(self.hour_at, _HOUR, now)
        begun = replace(
            self,
            day_at=to_text(now) if day else self.day_at,
            hour_at=to_text(now) if day or hour else self.hour_at,
        )
        if self.walk.is_first:
            return replace(begun, floor=to_text(since) if since else "")
        back = DAY_BACK if day else HOUR_BACK if hour else timedelta()
        floor = min(from_text(self.walk.mark) - OVERLAP, now - back)
        return replace(begun, floor=to_text(floor))

    def after(
        self, threads: Sequence[Thread], token: str, now: datetime, few_at_first: bool
    ) -> "Listing":
        """After a page of threads; `token` of the next page is empty for the last.

        What is from the future must not hide what is written until then; and the last one of a
        page tells how far we are, for an old one may be pinned above the others.
        """
        times = [thread.said_at for thread in threads if thread.said_at is not None]
        newest = to_text(min(max(times), now)) if times else ""
        arrived = bool(times) and to_text(times[-1]) < self.floor
        enough = few_at_first and self.walk.is_first and self.walk.pages + 1 >= FIRST_PAGES
        ends = not token or arrived or enough
        return replace(
            self._counted(threads),
            walk=self.walk.after(newest, None if ends else token),
            floor="" if ends else self.floor,
        )

    def _counted(self, threads: Sequence[Thread]) -> "Listing":
        """With those threads wanted that have more replies than before, and than came along."""
        more = [thread for thread in threads if not thread.is_whole]
        fresh = [thread for thread in more if self.counts.get(thread.id) != thread.total]
        wanted = (Wanted(thread=thread.id, video=thread.video) for thread in fresh)
        met = {thread.id: thread.total for thread in more}
        counts = {name: n for name, n in self.counts.items() if name not in met} | met
        oldest = max(0, len(counts) - MOST_COUNTED)
        return replace(
            self,
            wanted=(*self.wanted, *wanted),
            counts=dict(islice(counts.items(), oldest, None)),
        )

    def replied(self, token: str) -> "Listing":
        """After a page of replies of the first wanted thread."""
        rest = (replace(self.wanted[0], token=token),) if token else ()
        return replace(self, wanted=(*rest, *self.wanted[1:]))

    def without_replies(self) -> "Listing":
        """After the first wanted thread could not be read: it is wanted again when it is met."""
        gone = self.wanted[0].thread
        counts = {name: n for name, n in self.counts.items() if name != gone}
        return replace(self, wanted=self.wanted[1:], counts=counts)

    def anew(self) -> "Listing":
        """After a refusal: the next walk goes as far, from the top."""
        return Listing(walk=Walk(mark=self.walk.mark), counts=self.counts)

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        state = {
            "walk": self.walk.written(),
            "floor": self.floor,
            "hour_at": self.hour_at,
            "day_at": self.day_at,
            "wanted": [[one.thread, one.video, one.token] for one in self.wanted],
            "counts": dict(self.counts),
        }
        return {name: value for name, value in state.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The units of the quota that this source has used on a day."""

    day: str
    units: int

    @classmethod
    def of(cls, cursor: Mapping[str, Any] | None, now: datetime) -> "Spent":
        day = day_of(now)
        kept = (cursor or {}).get("spent", {})
        return cls(day=day, units=kept.get("units", 0) if kept.get("day") == day else 0)

    def check(self, most: int, now: datetime) -> None:
        """Raises CollectorError where no unit is left."""
        if self.units >= most:
            raise used_up(f"the {most} units a day of `daily_units` are used up for YouTube", now)

    @property
    def more(self) -> "Spent":
        return replace(self, units=self.units + 1)

    def written(self) -> dict[str, Any]:
        return {"spent": {"day": self.day, "units": self.units}}


def is_due(at: str, every: timedelta, now: datetime) -> bool:
    """Whether something last done then is to be done again; also where the clock was moved back."""
    return not at or not timedelta() <= now - from_text(at) < every
