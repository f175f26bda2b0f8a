"""Working time counted minute by minute, as somebody with a clock on the wall and a list would.

It shares no code with `listener.domain.calendar`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int]  # minutes of the day; the second is not above the first: over midnight


@dataclass(frozen=True)
class OnTheWall:
    """Opening hours as a list: of each weekday, of special days, and the days without any."""

    zone: ZoneInfo
    week: Sequence[Sequence[Span]]  # seven, Monday first
    off: frozenset[date] = frozenset()
    special: Mapping[date, Sequence[Span]] = field(default_factory=dict)

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        today = self._begun_on(wall.date())
        yesterday = self._begun_on(wall.date() - timedelta(days=1))
        return any(
            start <= minute < end if end > start else minute >= start for start, end in today
        ) or any(end <= start and minute < end for start, end in yesterday)

    def _begun_on(self, day: date) -> Sequence[Span]:
        if day in self.special:
            return self.special[day]
        return () if day in self.off else self.week[day.weekday()]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """For whole minutes."""
        worked, moment = timedelta(0), start.astimezone(UTC)
        while moment < end:
            worked += MINUTE * self.is_open(moment)
            moment += MINUTE
        return worked

    def add(self, start: datetime, working: timedelta) -> datetime:
        """For whole minutes; it has to open often enough."""
        left, moment = working, start.astimezone(UTC)
        while left:
            left -= MINUTE * self.is_open(moment)
            moment += MINUTE
        return moment

    def written(self) -> list[str]:
        """The week as the settings have it."""
        return [
            f"{NAMES[day]} {clock(start)}-{clock(end)}"
            for day, spans in enumerate(self.week)
            for start, end in spans
        ]


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def spans_written(spans: Sequence[Span]) -> str:
    return " ".join(f"{clock(start)}-{clock(end)}" for start, end in spans)
