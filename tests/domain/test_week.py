from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.week import DueWeeks, Every, Schedule, Week, Weekday, week_of

ZONES = (
    "Europe/Budapest",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Taipei",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "UTC",
)
BUDAPEST = ZoneInfo("Europe/Budapest")
zones = st.sampled_from(ZONES).map(ZoneInfo)
weeks = st.dates(date(1990, 1, 1), date(2060, 12, 31)).map(Week.of_day)
moments = st.datetimes(
    datetime(1990, 1, 8), datetime(2060, 12, 20), timezones=st.just(UTC), allow_imaginary=False
)
schedules = st.builds(
    Schedule,
    every=st.sampled_from(Every),
    day=st.sampled_from(Weekday),
    at=st.times(),
)


@given(weeks)
def test_a_week_reads_back_as_it_was_written(week: Week) -> None:
    assert Week.parse(str(week)) == week


@pytest.mark.parametrize(
    "text", ["2026-47", "2026-W7", "2026-W54", "2026-W00", "W47", "", "2025-W53"]
)
def test_what_is_no_week_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"no week"):
        Week.parse(text)


@given(weeks)
def test_next_and_previous_undo_each_other(week: Week) -> None:
    assert week.next().previous() == week
    assert week < week.next()


@given(weeks, zones)
def test_weeks_follow_without_hole_or_overlap(week: Week, zone: ZoneInfo) -> None:
    start, end = week.span(zone)
    assert end == week.next().span(zone)[0]
    assert timedelta(hours=167) <= end - start <= timedelta(hours=169)


@given(moments, zones)
def test_a_moment_is_in_its_week(moment: datetime, zone: ZoneInfo) -> None:
    start, end = week_of(moment, zone).span(zone)
    assert start <= moment < end


def test_the_week_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    spring, autumn = Week(2026, 13).span(BUDAPEST), Week(2026, 43).span(BUDAPEST)
    assert spring[1] - spring[0] == timedelta(hours=167)
    assert autumn[1] - autumn[0] == timedelta(hours=169)


def test_a_week_ends_where_the_next_begins() -> None:
    midnight = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)  # Monday 00:00 in Budapest
    assert week_of(midnight - timedelta(microseconds=1), BUDAPEST) == Week(2026, 46)
    assert week_of(midnight, BUDAPEST) == Week(2026, 47)


def test_a_digest_is_due_on_its_day_after_the_week() -> None:
    schedule = Schedule(day=Weekday.TUESDAY, at=time(9, 30))
    due = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    sent = Week(2026, 46)
    assert schedule.due_at(Week(2026, 47), BUDAPEST) == due
    before = due - timedelta(seconds=1)
    assert schedule.due_weeks(before, BUDAPEST, sent) == DueWeeks()
    assert schedule.due_weeks(due, BUDAPEST, sent) == DueWeeks(mail=(Week(2026, 47),))
    assert schedule.due_weeks(due, BUDAPEST, Week(2026, 47)) == DueWeeks()


def test_after_long_downtime_the_oldest_are_links() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    found = Schedule().due_weeks(now, BUDAPEST, Week(2026, 42))
    assert found.mail == (Week(2026, 46), Week(2026, 47))
    assert found.missed == (Week(2026, 43), Week(2026, 44), Week(2026, 45))


def test_the_first_digest_is_the_newest_alone() -> None:
    found = Schedule().due_weeks(datetime(2026, 11, 25, tzinfo=UTC), BUDAPEST, None)
    assert found == DueWeeks(mail=(Week(2026, 47),))


def test_a_fortnight_is_two_weeks_and_three_after_a_long_year() -> None:
    schedule = Schedule(every=Every.FORTNIGHT)
    assert schedule.first_week(Week(2026, 48)) == Week(2026, 47)
    assert schedule.first_week(Week(2027, 2)) == Week(2026, 53)  # 2026 has 53 weeks
    assert schedule.newest_due(datetime(2026, 11, 25, tzinfo=UTC), BUDAPEST) == Week(2026, 46)


@given(moments, zones, schedules)
def test_periods_follow_without_hole_or_overlap(
    moment: datetime, zone: ZoneInfo, schedule: Schedule
) -> None:
    week = schedule.newest_due(moment, zone)
    start, end = schedule.span(week, zone)
    assert start < end <= schedule.due_at(week, zone) <= moment
    assert schedule.span(schedule.previous(week), zone)[1] == start
    assert schedule.covers(schedule.previous(week))


@given(moments, zones, schedules, st.lists(st.integers(1, 9 * 24 * 60), max_size=30))
def test_nine_days_of_downtime_lose_no_digest_and_double_none(
    start: datetime, zone: ZoneInfo, schedule: Schedule, pauses: list[int]
) -> None:
    now, last = start, schedule.newest_due(start, zone)
    sent = [last]
    for minutes in pauses:
        now += timedelta(minutes=minutes)
        due = schedule.due_weeks(now, zone, last)
        assert due.missed == ()
        sent.extend(due.mail)
        last = sent[-1]
    newest = schedule.newest_due(now, zone)
    expected = [newest]
    while expected[0] > sent[0]:
        expected.insert(0, schedule.previous(expected[0]))
    assert sent == expected


@given(moments, zones, schedules, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_clock_set_back_sends_nothing_again(
    now: datetime, zone: ZoneInfo, schedule: Schedule, back: timedelta
) -> None:
    sent = schedule.newest_due(now, zone)
    assert schedule.due_weeks(now - back, zone, sent) == DueWeeks()
