"""Opening hours: working time as the clock on the wall shows it, in every zone and season."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.calendar import FURTHEST, WorkingHours
from listener.domain.days_off import is_day_off
from listener.domain.opening import read_hours, read_week
from listener.domain.response import due_at, elapsed
from tests.domain.counting import OnTheWall, spans_written

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BUDAPEST = ZoneInfo("Europe/Budapest")

# A zone, and a moment of UTC around which its clocks change, or not.
PLACES = [
    ("Europe/Budapest", "2026-03-29T01:00"),
    ("Europe/Budapest", "2026-10-25T01:00"),
    ("America/New_York", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T06:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),  # by half an hour
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Asia/Kathmandu", "2026-05-05T00:00"),  # 5:45 from UTC
    ("Pacific/Apia", "2011-12-30T10:00"),  # which had no 30 December
    ("America/Sao_Paulo", "2018-11-04T03:00"),  # at midnight
    ("America/Sao_Paulo", "2018-02-18T02:00"),
    ("America/St_Johns", "2010-11-07T02:31"),  # at one past midnight
    ("Antarctica/Troll", "2026-03-29T01:00"),  # by two hours
    ("Pacific/Kwajalein", "1993-08-21T12:00"),  # skipped a day as well
    ("UTC", "2026-01-01T00:00"),
]
SPAN = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda s: s[0] != s[1])
ROUND_SPAN = st.sampled_from(
    [
        (540, 1050),
        (540, 720),
        (780, 1020),
        (1320, 360),
        (1410, 30),
        (90, 210),
        (0, 1439),
        (150, 570),
    ]
)
SPANS = st.lists(SPAN | ROUND_SPAN, max_size=2)
SOME_SPANS = st.lists(SPAN | ROUND_SPAN, min_size=1, max_size=2)
WEEKS = st.tuples(*[SPANS] * 7).filter(
    lambda week: sum((end - start) % 1440 for spans in week for start, end in spans) >= 600
)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[OnTheWall, WorkingHours, datetime]:
    """The same hours twice: as a list, and as our calendar; and a moment near a change."""
    name, around = draw(st.sampled_from(PLACES))
    zone, middle = ZoneInfo(name), datetime.fromisoformat(around).replace(tzinfo=UTC)
    near = st.integers(-3, 3).map(lambda n: (middle + n * DAY).date())
    off = draw(st.frozensets(near, max_size=2))
    special = draw(st.dictionaries(near, SOME_SPANS, max_size=2))
    wall = OnTheWall(zone, draw(WEEKS), off, special)
    ours = WorkingHours(
        zone=zone,
        week=read_week(wall.written()),
        closed=off,
        open={day: read_hours(spans_written(spans)) for day, spans in special.items()},
    )
    start = middle + draw(st.integers(-3 * 1440, 1440)) * MINUTE
    return wall, ours, start


@given(calendars(), st.integers(0, 4 * 1440))
@settings(max_examples=300, deadline=None)
def test_working_time_is_what_somebody_counts_minute_by_minute(
    made: tuple[OnTheWall, WorkingHours, datetime], minutes: int
) -> None:
    wall, ours, start = made
    end = start + minutes * MINUTE
    assert elapsed(start, end, ours) == wall.between(start, end)


@given(calendars(), st.integers(1, 600))
@settings(max_examples=300, deadline=None)
def test_an_answer_is_due_when_so_many_minutes_are_counted(
    made: tuple[OnTheWall, WorkingHours, datetime], minutes: int
) -> None:
    wall, ours, start = made
    assert due_at(start, minutes * MINUTE, ours) == wall.add(start, minutes * MINUTE)


MOMENTS = st.integers(0, 20 * 86_400_000).map(lambda ms: timedelta(milliseconds=ms))


@given(calendars(), MOMENTS)
@settings(max_examples=300, deadline=None)
def test_due_and_elapsed_are_inverse(
    made: tuple[OnTheWall, WorkingHours, datetime], span: timedelta
) -> None:
    _, ours, start = made
    assert elapsed(start, due_at(start, span, ours), ours) == span
    until = start + span
    assert due_at(start, elapsed(start, until, ours), ours) <= until


@given(calendars(), MOMENTS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_what_has_longer_is_due_later_and_what_lasts_longer_took_longer(
    made: tuple[OnTheWall, WorkingHours, datetime], one: timedelta, other: timedelta
) -> None:
    _, ours, start = made
    short, long = sorted((one, other))
    assert due_at(start, short, ours) <= due_at(start, long, ours)
    assert elapsed(start, start + short, ours) <= elapsed(start, start + long, ours)
    assert due_at(start, long, ours) <= due_at(start + short, long, ours)


@given(calendars(), MOMENTS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_working_time_adds_up(
    made: tuple[OnTheWall, WorkingHours, datetime], one: timedelta, other: timedelta
) -> None:
    _, ours, start = made
    middle, end = sorted((start + one, start + other))
    assert elapsed(start, middle, ours) + elapsed(middle, end, ours) == elapsed(start, end, ours)


def office(*hours: str, **more: Any) -> WorkingHours:
    return WorkingHours(
        zone=more.pop("zone", BUDAPEST), week=read_week(hours or ["mon-fri 09:00-17:30"]), **more
    )


def at(text: str, zone: ZoneInfo = BUDAPEST) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("said", "within", "due"),
    [
        ("2026-11-20T16:45", 1 * HOUR, "2026-11-23T09:15"),  # a Friday, a Monday
        ("2026-11-20T16:30", 1 * HOUR, "2026-11-20T17:30"),  # due when it closes
        ("2026-11-21T12:00", 30 * MINUTE, "2026-11-23T09:30"),  # a Saturday
        ("2026-11-23T07:00", 30 * MINUTE, "2026-11-23T09:30"),  # before it opens
        ("2026-11-23T09:00", 42.5 * HOUR, "2026-11-27T17:30"),  # the whole week
        ("2026-11-23T09:00", 42.5 * HOUR + MINUTE, "2026-11-30T09:01"),
    ],
)
def test_at_an_office(said: str, within: timedelta, due: str) -> None:
    assert due_at(at(said), within, office()) == at(due)


def test_a_holiday_is_no_working_day_and_neither_is_the_day_given_for_it() -> None:
    hours = office(holidays="HU")
    assert is_day_off("HU", date(2026, 8, 20))
    assert is_day_off("HU", date(2026, 8, 21))  # a Friday, worked on a Saturday before
    assert due_at(at("2026-08-19T17:00"), HOUR, hours) == at("2026-08-24T09:30")
    worked = office(holidays="HU", open={date(2026, 8, 8): read_hours("09:00-17:30")})
    assert elapsed(at("2026-08-08T00:00"), at("2026-08-09T00:00"), worked) == 8.5 * HOUR


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    assert is_day_off("DE-BY", date(2026, 1, 6))
    assert not is_day_off("DE", date(2026, 1, 6))
    assert not is_day_off("DE-HH", date(2026, 1, 6))


def test_an_evening_runs_to_its_end_in_a_day_off_and_none_begins_there() -> None:
    night = office("mon-sun 22:00-06:00", closed=frozenset({date(2026, 11, 24)}))
    assert elapsed(at("2026-11-23T22:00"), at("2026-11-24T22:00"), night) == 8 * HOUR
    assert elapsed(at("2026-11-24T22:00"), at("2026-11-25T22:00"), night) == timedelta(0)


def test_a_special_day_is_open_whatever_closes_it() -> None:
    day = date(2026, 12, 25)
    hours = office(holidays="HU", closed=frozenset({day}), open={day: read_hours("10:00-12:00")})
    assert elapsed(at("2026-12-25T00:00"), at("2026-12-26T00:00"), hours) == 2 * HOUR


def test_a_night_shift_is_an_hour_shorter_or_longer_when_clocks_change() -> None:
    night = office("sat 22:00-06:00")
    assert elapsed(at("2026-03-28T12:00"), at("2026-03-29T12:00"), night) == 7 * HOUR
    assert elapsed(at("2026-10-24T12:00"), at("2026-10-25T12:00"), night) == 9 * HOUR


def test_hours_that_the_wall_never_shows_are_not_worked() -> None:
    early = office("sun 02:00-03:00 09:00-10:00")
    assert elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00"), early) == HOUR
    assert elapsed(at("2026-10-25T00:00"), at("2026-10-26T00:00"), early) == 3 * HOUR


def test_a_day_that_never_was_has_no_hours() -> None:
    apia = ZoneInfo("Pacific/Apia")
    hours = office("mon-sun 09:00-17:00", zone=apia)
    start, end = at("2011-12-29T00:00", apia), at("2012-01-01T00:00", apia)
    assert elapsed(start, end, hours) == 16 * HOUR


def test_what_never_opens_ends_the_search() -> None:
    closed = WorkingHours(zone=BUDAPEST, week=((),) * 7)
    start = at("2026-11-20T16:45").astimezone(UTC)
    assert due_at(start, HOUR, closed) == start + FURTHEST * DAY
    assert due_at(start, timedelta(0), closed) == start
    last = datetime(9999, 12, 31, tzinfo=UTC)
    assert due_at(last, 9 * DAY, office()) <= last


def test_days_that_were_looked_at_are_not_kept_for_ever() -> None:
    hours = office()
    start = at("1990-01-01T00:00")
    assert elapsed(start, start + 9000 * DAY, hours) > timedelta(0)
    assert len(hours._known) <= 5_000


def test_an_ordinary_week_is_as_long_as_it_is_written() -> None:
    assert office().in_a_week() == 42.5 * HOUR
    assert office("mon-sun 22:00-06:00", "mon 05:00-07:00").in_a_week() == 58 * HOUR
