"""The days that pages of figures are about."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.period import LONGEST, Period, Span, read
from listener.domain.times import bucket_start
from tests.builders import DAY, HOUR, MINUTE, NOW

BUDAPEST = ZoneInfo("Europe/Budapest")
ZONES = [BUDAPEST, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Santiago")]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_ends_with_the_slice_that_now_is_in() -> None:
    period = Period.of_days(7, BUDAPEST, NOW + 2 * MINUTE)
    assert (period.first, period.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period.span == Span(datetime(2026, 11, 15, 23, tzinfo=UTC), NOW + 5 * MINUTE)
    assert period.is_up_to_today


def test_it_is_compared_with_as_long_a_time_by_the_clock_on_the_wall() -> None:
    now = datetime(2026, 10, 27, 11, tzinfo=UTC)  # noon in winter; a week before it was summer
    period = Period.of_days(7, BUDAPEST, now)
    assert period.before == Span(
        datetime(2026, 10, 13, 22, tzinfo=UTC), datetime(2026, 10, 20, 10, 5, tzinfo=UTC)
    )


def test_many_days_are_weeks_from_monday_on() -> None:
    steps = Period.of_days(90, BUDAPEST, NOW).steps
    assert (steps[0].first, steps[0].last) == (date(2026, 8, 25), date(2026, 8, 30))
    assert (steps[-1].first, steps[-1].last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert len(steps) == 13
    assert len(Period.of_days(28, BUDAPEST, NOW).steps) == 28


@given(
    count=st.integers(1, LONGEST),
    zone=st.sampled_from(ZONES),
    minutes=st.integers(0, 365 * 24 * 60),
)
def test_days_and_steps_cover_it_without_a_gap(count: int, zone: ZoneInfo, minutes: int) -> None:
    period = Period.of_days(count, zone, FIRST + minutes * MINUTE)
    for spans, whole in (
        ([day.span for day in period.days], period.span),
        ([step.span for step in period.steps], period.span),
        (list(period.days_before), period.before),
    ):
        assert (spans[0].since, spans[-1].until) == whole
        assert all(one.until == other.since for one, other in pairwise(spans))
        assert all(one.since < one.until for one in spans)
        assert all(bucket_start(at) == at for one in spans for at in one)
    lasted = [span.until - span.since for span in (period.span, period.before)]
    assert abs(lasted[0] - lasted[1]) <= timedelta(hours=2)  # the clocks may have changed
    assert len(period.days_before) == count


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, date(2026, 10, 26), date(2026, 11, 22)),
        ({"days": "1"}, date(2026, 11, 22), date(2026, 11, 22)),
        ({"from": "2026-11-01", "to": "2026-11-14"}, date(2026, 11, 1), date(2026, 11, 14)),
        ({"from": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 22)),
        ({"to": "2026-11-14"}, date(2026, 10, 18), date(2026, 11, 14)),
        ({"from": "2026-11-01", "to": "2027-11-14"}, date(2026, 11, 1), date(2026, 11, 22)),
        ({"days": "7", "from": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 22)),
    ],
)
def test_what_is_asked_is_read(asked: dict[str, str], first: date, last: date) -> None:
    found = read(asked, 28, BUDAPEST, NOW)
    assert (found.period.first, found.period.last, found.mistake) == (first, last, None)


@given(
    days=st.text(max_size=6),
    since=st.one_of(st.text(max_size=12), st.dates().map(str)),
    until=st.one_of(st.text(max_size=12), st.dates().map(str)),
    zone=st.sampled_from(ZONES),
)
def test_whatever_is_asked_there_is_a_period(
    days: str, since: str, until: str, zone: ZoneInfo
) -> None:
    period, _ = read({"days": days, "from": since, "to": until}, 28, zone, NOW + HOUR)
    assert 1 <= period.count <= LONGEST
    assert period.last <= (NOW + DAY).date()
    assert period.span.since < period.span.until
    assert len(period.days_before) == period.count
