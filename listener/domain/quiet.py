"""Quiet hours: when only what is critical may sound; pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 24 * 60
LONGEST: Final = timedelta(days=8)  # hours that never end are as long as that

_WINDOW: Final = re.compile(
    r"(?:(?P<days>[a-z]{3}(?:-[a-z]{3})?)\s+)?"
    r"(?P<start>[0-9]{1,2}:[0-9]{2})\s*-\s*(?P<end>[0-9]{1,2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a week, in minutes of local days; an end that is not later than its start is on the
    next day."""

    days: frozenset[int]  # on which it begins; Monday is 0
    start: int
    end: int

    def spans(self, around: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        """When it is on, from two days before a moment to eight days after it, in order."""
        today = around.astimezone(zone).date()
        for n in range(-2, 9):
            day = today + timedelta(days=n)
            if day.weekday() not in self.days:
                continue
            over = self.end <= self.start
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            yield (
                (midnight + timedelta(minutes=self.start)).astimezone(UTC),
                (midnight + timedelta(days=int(over), minutes=self.end)).astimezone(UTC),
            )


@dataclass(frozen=True, slots=True)
class Quiet:
    """All the quiet hours of a week; with no window there are none."""

    windows: tuple[Window, ...] = ()

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet that lies over a moment ends; None where there is none.

        Windows that touch are one: a quiet Sunday goes on in the night to Monday.
        """
        end = now
        while end - now < LONGEST:
            later = max((b for a, b in self._spans(end, zone) if a <= end < b), default=None)
            if later is None:
                break
            end = later
        return end if end > now else None

    def next_end(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When quiet hours next come to an end; None where there are none."""
        if (end := self.until(now, zone)) is not None:
            return end
        begin = min((a for a, _ in self._spans(now, zone) if a > now), default=None)
        return None if begin is None else self.until(begin, zone)

    def _spans(self, around: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        for window in self.windows:
            yield from window.spans(around, zone)


def read_quiet(texts: Iterable[str]) -> Quiet:
    """Read "22:00-07:00" or "sat-sun 00:00-24:00". Raises ValueError, which says what is wrong."""
    return Quiet(tuple(_window(text) for text in texts))


def _window(text: str) -> Window:
    found = _WINDOW.fullmatch(text.strip().casefold())
    if found is None:
        raise ValueError(f'{text!r} is none; write "22:00-07:00" or "sat-sun 00:00-24:00"')
    start, end = _minutes(found["start"], text), _minutes(found["end"], text)
    if start in (end, MINUTES_A_DAY):
        raise ValueError(f'{text!r} is no span of time; a whole day is "00:00-24:00"')
    return Window(_days(found["days"], text), start, end)


def _minutes(clock: str, text: str) -> int:
    hours, _, minutes = clock.partition(":")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > MINUTES_A_DAY:
        raise ValueError(f"{text!r}: there is no {clock}")
    return total


def _days(words: str | None, text: str) -> frozenset[int]:
    if words is None:
        return frozenset(range(7))
    names = words.split("-")
    for name in names:
        if name not in DAYS:
            raise ValueError(f"{text!r}: {name} is no day; write {', '.join(DAYS)}")
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
