"""ISO weeks in a time zone, and when the digest of a week is due; pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

_SHAPE = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week. Raises ValueError for a week the year does not have."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-W47"."""
        found = _SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no week; write it like 2026-W47")
        try:
            return cls(int(found[1]), int(found[2]))
        except ValueError:
            raise ValueError(f"{text!r}: {found[1]} has no week {int(found[2])}") from None

    @classmethod
    def of_day(cls, day: date) -> Self:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def next(self) -> "Week":
        return Week.of_day(self.monday + timedelta(weeks=1))

    def previous(self) -> "Week":
        return Week.of_day(self.monday - timedelta(weeks=1))

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From Monday 00:00 to the next, local time, as UTC; half-open.

        167 to 169 hours long: the clocks may change in between.
        """
        return midnight(self.monday, zone), midnight(self.monday + timedelta(weeks=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, as UTC; where 00:00 is skipped, the moment of the change."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def week_of(moment: datetime, zone: ZoneInfo) -> Week:
    """The week whose span holds the moment."""
    week = Week.of_day(moment.astimezone(zone).date())
    start, end = week.span(zone)
    if moment < start:  # a zone that once turned its clocks back over midnight
        return week.previous()
    return week.next() if moment >= end else week


class Every(StrEnum):
    """How often a digest is made."""

    WEEK = "week"
    FORTNIGHT = "fortnight"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def days_after_monday(self) -> int:
        return list(Weekday).index(self)


MAILED_AT_MOST = 2  # the newest, and one that was missed: nine days of downtime lose none


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWeeks:
    """What is to be sent now, oldest first: as mails, and as links in the newest of them."""

    mail: tuple[Week, ...] = ()
    missed: tuple[Week, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When digests are due. A fortnight is named by its last week, which has an even number."""

    every: Every = Every.WEEK
    day: Weekday = Weekday.MONDAY
    at: time = time(9)

    def covers(self, week: Week) -> bool:
        """Whether a digest is made of the period that ends with this week."""
        return self.every is Every.WEEK or week.number % 2 == 0

    def first_week(self, week: Week) -> Week:
        """The week with which the period begins that ends with `week`.

        After a year of 53 weeks a fortnight has three: nothing is left out.
        """
        first = week
        while not self.covers(first.previous()):
            first = first.previous()
        return first

    def span(self, week: Week, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The period of the digest called `week`, as UTC, half-open."""
        return self.first_week(week).span(zone)[0], week.span(zone)[1]

    def previous(self, week: Week) -> Week:
        """The period before, to compare with."""
        return self.first_week(week).previous()

    def due_at(self, week: Week, zone: ZoneInfo) -> datetime:
        """The configured day and time that follow the end of the week, as UTC."""
        day = week.next().monday + timedelta(days=self.day.days_after_monday)
        return datetime.combine(day, self.at, zone).astimezone(UTC)

    def covering(self, moment: datetime, zone: ZoneInfo) -> Week:
        """The period that holds a moment, whether it is over or not."""
        week = week_of(moment, zone)
        while not self.covers(week):
            week = week.next()
        return week

    def newest_due(self, now: datetime, zone: ZoneInfo) -> Week:
        """The last period whose digest is due by `now`."""
        week = week_of(now, zone)
        while not self.covers(week) or self.due_at(week, zone) > now:
            week = week.previous()
        return week

    def due_weeks(self, now: datetime, zone: ZoneInfo, last_sent: Week | None) -> DueWeeks:
        """What is due and was not sent. Without a `last_sent`: the newest alone.

        A clock that was set back makes nothing due again.
        """
        week = self.newest_due(now, zone)
        if last_sent is None:
            return DueWeeks(mail=(week,))
        due: list[Week] = []
        while week > last_sent:
            due.append(week)
            week = self.previous(week)
        due.reverse()
        return DueWeeks(mail=tuple(due[-MAILED_AT_MOST:]), missed=tuple(due[:-MAILED_AT_MOST]))
