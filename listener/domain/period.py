"""The days that a page of figures is about, and as many before them to compare with; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from listener.domain.times import BUCKET, bucket_start
from listener.domain.week import midnight
from listener.domain.wording import Wording

CHOICES: Final = (7, 14, 28, 90)
LONGEST: Final = 400  # days
FEW: Final = 31  # so many days are shown one by one, more of them week by week


class Span(NamedTuple):
    """From a moment up to another, which is not part of it; in UTC, whole slices of buckets."""

    since: datetime
    until: datetime


class Step(NamedTuple):
    """What one column of a chart stands for: a day, or the days of a week."""

    first: date
    last: date
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole local days; the last of them may be today, as far as it has come."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of_days(cls, count: int, zone: ZoneInfo, now: datetime) -> Self:
        """So many days up to today."""
        last = now.astimezone(zone).date()
        return cls(first=last - timedelta(days=count - 1), last=last, zone=zone, now=now)

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_up_to_today(self) -> bool:
        return self.last == self.now.astimezone(self.zone).date()

    @property
    def span(self) -> Span:
        return Span(midnight(self.first, self.zone), self._end(self.last))

    @property
    def before(self) -> Span:
        """As long a time before it: as many days earlier, by the same clock on the wall."""
        back = timedelta(days=self.count)
        until = self.span.until.astimezone(self.zone).replace(tzinfo=None) - back
        return Span(
            midnight(self.first - back, self.zone),
            bucket_start(until.replace(tzinfo=self.zone).astimezone(UTC)),
        )

    @property
    def days_before(self) -> tuple[Span, ...]:
        """Day by day, the time before."""
        since, until = self.before
        edges = [midnight(self.first - timedelta(days=n), self.zone) for n in range(self.count)]
        starts = [since, *sorted(edges[1:])]
        ends = [*starts[1:], until]
        return tuple(Span(*one) for one in zip(starts, ends, strict=True))

    @property
    def days(self) -> tuple[Step, ...]:
        """Day by day, the oldest first."""
        found = (self.first + timedelta(days=n) for n in range(self.count))
        return tuple(self._step(day, day) for day in found)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Columns of a chart: days, or weeks from Monday on where days would be too many."""
        if self.count <= FEW:
            return self.days
        first, found = self.first, []
        while first <= self.last:
            last = min(first + timedelta(days=6 - first.weekday()), self.last)
            found.append(self._step(first, last))
            first = last + timedelta(days=1)
        return tuple(found)

    def _step(self, first: date, last: date) -> Step:
        return Step(first, last, Span(midnight(first, self.zone), self._end(last)))

    def _end(self, last: date) -> datetime:
        """The end of a day; of today the end of the slice that now is in."""
        return min(midnight(last + timedelta(days=1), self.zone), bucket_start(self.now) + BUCKET)


class Asked(NamedTuple):
    """The period that somebody asked for, and what of it could not be read; None: all could."""

    period: Period
    mistake: Wording | None = None


def read(given: Mapping[str, str], usual: int, zone: ZoneInfo, now: datetime) -> Asked:
    """The period of `days=28`, or of `from=2026-11-01` and `to=2026-11-14`, both included.

    What makes no sense is left out, and said.
    """
    otherwise = Period.of_days(usual, zone, now)
    if given.get("from") or given.get("to"):
        return _of_dates(given.get("from", ""), given.get("to", ""), otherwise)
    written = given.get("days", "")
    if not written:
        return Asked(otherwise)
    if written.isascii() and written.isdecimal() and len(written) <= 4:
        count = int(written)
        if 1 <= count <= LONGEST:
            return Asked(Period.of_days(count, zone, now))
    return Asked(otherwise, Wording("days is a number from 1 to %(most)s", most=LONGEST))


def _of_dates(since: str, until: str, otherwise: Period) -> Asked:
    try:
        last = _day(until) if until else otherwise.last
        first = _day(since) if since else last - timedelta(days=otherwise.count - 1)
    except (OverflowError, ValueError):
        return Asked(otherwise, Wording("from and to are days, like 2026-11-01"))
    if first > last or first > otherwise.last:
        return Asked(otherwise, Wording("from is a day that has come, and not after to"))
    last = min(last, otherwise.last)
    if (last - first).days >= LONGEST:
        words = Wording("from and to are at most %(most)s days apart", most=LONGEST)
        return Asked(otherwise, words)
    return Asked(Period(first=first, last=last, zone=otherwise.zone, now=otherwise.now))


def _day(written: str) -> date:
    day = date.fromisoformat(written)
    if not 1970 <= day.year <= 9000:  # beyond, a zone's midnight has no UTC
        raise ValueError(written)
    return day
