"""Opening hours: when a team works, in its own time zone, and how working time runs; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from listener.domain.days_off import is_day_off

Minutes = tuple[
    int, int
]  # from, and up to; since the day's midnight; above 1440 it is the next day
Hours = tuple[Minutes, ...]  # of one day

MIDNIGHT: Final = 1440
FURTHEST: Final = 3653  # days; what would be due later is due then, so that no search is endless
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_DAY: Final = (datetime(9990, 1, 1, tzinfo=UTC) - _EPOCH).days
_DAY, _SECOND, _NOTHING = timedelta(days=1), timedelta(seconds=1), timedelta(0)
_MOST_KEPT: Final = 5_000  # days that are known already


class _OpenDay(NamedTuple):
    """A day of UTC: when it is open in it, in order, and for how long."""

    spans: tuple[tuple[datetime, datetime], ...]
    total: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """A calendar: open whenever the clock on the wall in `zone` shows an opening hour.

    So an hour that the wall shows twice is worked twice, and one that it skips is not worked. What
    begins on a day belongs to it, also after midnight: on a day off nothing begins, and what began
    the evening before runs to its end. A special day in `open` has its own hours, whatever else
    says that it is closed.
    """

    zone: ZoneInfo
    week: tuple[Hours, ...]  # seven, Monday first
    holidays: str = ""  # a country, or a part of one: "HU", "DE-BY"; empty: none
    closed: frozenset[date] = frozenset()
    open: Mapping[date, Hours] = field(default_factory=dict)
    _known: dict[int, _OpenDay] = field(default_factory=dict, init=False, compare=False, repr=False)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The moment by which so much working time has run since `start`; in UTC.

        Where that is just when it closes, it is then, and not when it opens again. Never more than
        `FURTHEST` days after the start.
        """
        start, left = start.astimezone(UTC), working
        if left <= _NOTHING:
            return start
        first = _day_of(start)
        for day in range(first, min(first + FURTHEST, _LAST_DAY)):
            here = self._open_day(day)
            if day > first and here.total < left:
                left -= here.total
                continue
            for opens, closes in here.spans:
                opens = max(opens, start)
                if closes - opens >= left:
                    return opens + left
                left -= max(closes - opens, _NOTHING)
        return min(start, _EPOCH + (_LAST_DAY - FURTHEST) * _DAY) + FURTHEST * _DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments is working time; nothing if it is none."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        first, last = _day_of(start), _day_of(end)
        worked = _NOTHING
        for day in range(first, last + 1):
            here = self._open_day(day)
            if first < day < last:
                worked += here.total
                continue
            for opens, closes in here.spans:
                worked += max(min(closes, end) - max(opens, start), _NOTHING)
        return worked

    def in_a_week(self) -> timedelta:
        """How long it is open in an ordinary week."""
        return sum(
            (timedelta(minutes=end - start) for hours in self.week for start, end in hours),
            start=_NOTHING,
        )

    def _open_day(self, number: int) -> _OpenDay:
        known = self._known.get(number)
        if known is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            spans = tuple(self._spans(_EPOCH + number * _DAY))
            known = _OpenDay(spans, sum((end - start for start, end in spans), start=_NOTHING))
            self._known[number] = known
        return known

    def _spans(self, midnight: datetime) -> Iterator[tuple[datetime, datetime]]:
        for start, end, offset in _constant(self.zone, midnight, midnight + _DAY):
            first = (start + offset).replace(tzinfo=None)
            last = (end + offset).replace(tzinfo=None)
            day = first.replace(hour=0, minute=0, second=0, microsecond=0)
            while day < last:
                for opens, closes in self._hours_shown_on(day.date()):
                    since = max(day + timedelta(minutes=opens), first)
                    until = min(day + timedelta(minutes=closes), last)
                    if since < until:
                        yield start + (since - first), start + (until - first)
                day += _DAY

    def _hours_shown_on(self, day: date) -> Hours:
        """What is open while the wall shows this date: its own hours, and the last night's."""
        own = [(start, min(end, MIDNIGHT)) for start, end in self._hours_of(day)]
        before = self._hours_of(day - _DAY)
        night = [(max(s - MIDNIGHT, 0), e - MIDNIGHT) for s, e in before if e > MIDNIGHT]
        return merged([*own, *night])

    def _hours_of(self, day: date) -> Hours:
        if day in self.open:
            return self.open[day]
        if day in self.closed or (self.holidays and is_day_off(self.holidays, day)):
            return ()
        return self.week[day.weekday()]


def merged(hours: list[Minutes]) -> Hours:
    """The same hours in order, those that touch or overlap as one."""
    found: list[Minutes] = []
    for start, end in sorted(hours):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def _day_of(moment: datetime) -> int:
    return (moment - _EPOCH).days


def _constant(
    zone: ZoneInfo, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, timedelta]]:
    """A stretch of less than two changes of a zone's offset, in parts without any."""
    before, after = _offset(zone, start), _offset(zone, end - _SECOND)
    if before == after:
        return [(start, end, before)]
    low, high = 0, int((end - start).total_seconds()) - 1  # seconds: still before; already after
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, start + middle * _SECOND) == before:
            low = middle
        else:
            high = middle
    change = start + high * _SECOND
    return [(start, change, before), (change, end, after)]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or _NOTHING
