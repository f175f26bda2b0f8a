"""When digests come due, told by a calendar on the wall; shares no code with listener/domain/week.

Weeks are named by strftime, and the moment of a wall time is found by looking at every quarter of
an hour around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK, DAY, QUARTER = timedelta(days=7), timedelta(days=1), timedelta(minutes=15)
WEEKS = 52
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Place:
    """Where a year is spent: 52 weeks from a Monday on. `at`: local time, a quarter of an hour."""

    zone: str
    day: str
    at: str
    every: str = "week"
    begin: date = date(2025, 12, 29)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def moment(self, monday: date, days: int, wall: time) -> datetime:
        return first(self.tz, monday + days * DAY, wall)


PLACES = (
    Place("Europe/Budapest", "sunday", "02:30"),
    Place("America/New_York", "sunday", "02:30"),
    Place("Australia/Lord_Howe", "sunday", "02:15"),  # clocks are changed by half an hour
    Place("Asia/Kathmandu", "monday", "00:00"),
    Place("Pacific/Chatham", "sunday", "03:15"),
    Place("America/Sao_Paulo", "sunday", "00:30", begin=date(2018, 1, 1)),  # a midnight is skipped
    Place("Pacific/Auckland", "sunday", "02:30", every="fortnight"),
    Place("Asia/Shanghai", "monday", "09:00", every="fortnight", begin=date(2026, 7, 6)),  # to W53
    Place("Africa/Casablanca", "sunday", "02:30"),  # clocks are changed for Ramadan
    Place("Asia/Kolkata", "friday", "17:45", begin=date(2026, 7, 6)),
)


@dataclass(frozen=True)
class Period:
    """What one digest is about. `weeks`: their numbers in the year, from 0."""

    name: str
    last_day: date
    weeks: tuple[int, ...]
    due: datetime


def first(zone: ZoneInfo, day: date, wall: time) -> datetime:
    """The first moment at which clocks show it; where they skip it, as if they had not yet."""
    shown = datetime.combine(day, wall)
    moment = datetime.combine(day, time(), UTC) - 15 * 4 * QUARTER
    before = moment
    for _ in range(4 * 54):
        local = moment.astimezone(zone).replace(tzinfo=None)
        if local == shown:
            return moment
        if local < shown:
            before = moment
        moment += QUARTER
    offset = before.astimezone(zone).utcoffset()
    assert offset is not None
    return (shown - offset).replace(tzinfo=UTC)


def periods(place: Place) -> list[Period]:
    """Those of the year, the oldest first; of each some part lies in the year."""
    return list(_periods(place))


def _periods(place: Place) -> Iterator[Period]:
    hour, minute = map(int, place.at.split(":"))
    weeks: list[int] = []
    for number in range(WEEKS):
        monday = place.begin + number * WEEK
        weeks.append(number)
        if place.every == "fortnight" and int(monday.strftime("%V")) % 2:
            continue
        due = place.moment(monday + WEEK, DAYS.index(place.day), time(hour, minute))
        yield Period(monday.strftime("%G-W%V"), monday + 6 * DAY, tuple(weeks), due)
        weeks = []


def count(week: int) -> int:
    """How many mentions there are in a week of the year: in no two of them as many."""
    return 5 + week


def mentions_of(period: Period, kind: str) -> int:
    """A team has every other mention, the first of a week among them."""
    each = [count(week) for week in period.weeks]
    return sum(each) if kind == "company" else sum(-(-n // 2) for n in each)
