"""Response clocks: what follows from their facts at any moment."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.mention import Channel
from listener.domain.promise import Promise, start_clock
from listener.domain.response import (
    OPEN,
    ClockState,
    ResponseClock,
    due_at,
    elapsed,
    escalation_due,
    next_moment,
    settle,
    warnings_due,
)
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    ONE_HOUR,
    SECOND,
    a_clock,
)

MOMENTS = st.integers(0, 200).map(lambda n: NOW + n * MINUTE)


def state(clock: ResponseClock, now: datetime) -> ClockState:
    return settle(clock, now).state


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (timedelta(0), ClockState.WAITING),
        (30 * MINUTE - SECOND, ClockState.WAITING),
        (30 * MINUTE, ClockState.DUE_SOON),
        (HOUR, ClockState.DUE_SOON),
        (HOUR + timedelta(microseconds=1), ClockState.OVERDUE),
    ],
)
def test_a_clock_warns_from_its_share_on_and_is_overdue_after_due(
    waited: timedelta, expected: ClockState
) -> None:
    assert state(a_clock(), NOW + waited) is expected


@given(now=MOMENTS, answered=st.none() | MOMENTS, dismissed=st.booleans(), late=st.booleans())
def test_an_answer_decides_and_else_only_time(
    now: datetime, answered: datetime | None, dismissed: bool, late: bool
) -> None:
    found = state(a_clock(answered_at=answered, dismissed=dismissed, late=late), now)
    if answered is not None:
        assert found is (ClockState.MET if answered <= NOW + HOUR else ClockState.MISSED)
    elif dismissed:
        assert found is ClockState.DISMISSED
    elif late:
        assert found is ClockState.MISSED
    else:
        assert found in OPEN
        assert (found is ClockState.OVERDUE) == (now > NOW + HOUR)


@given(now=MOMENTS, told=st.integers(0, 2), over=st.booleans(), snoozed=st.none() | MOMENTS)
def test_the_next_moment_is_never_forgotten_and_never_too_soon(
    now: datetime, told: int, over: bool, snoozed: datetime | None
) -> None:
    clock = settle(a_clock(told_warnings=told, told_overdue=over, snoozed_until=snoozed), now)
    moment = next_moment(clock, now)
    if over:
        assert moment is None
        return
    assert moment is not None
    untold = [*clock.warn_at[told:], clock.due_at]
    assert moment >= untold[0]
    if snoozed is not None and snoozed > now:
        assert moment >= snoozed


def test_who_was_told_nothing_need_not_hear_that_it_is_over() -> None:
    met = settle(a_clock(answered_at=NOW + MINUTE), NOW + HOUR)
    assert next_moment(met, NOW + HOUR) is None
    assert next_moment(replace(met, told_warnings=1), NOW + HOUR) == NOW + HOUR
    assert next_moment(replace(met, told_warnings=1, told_closed=True), NOW + HOUR) is None


@given(
    shares=st.lists(st.floats(0.01, 0.99), max_size=4).map(tuple),
    hours=st.integers(1, 200),
    now=st.integers(0, 300).map(lambda n: NOW + n * HOUR),
)
def test_warnings_are_in_order_and_before_due(
    shares: tuple[float, ...], hours: int, now: datetime
) -> None:
    clock = a_clock(Promise(within=hours * HOUR, warn_at=shares))
    assert list(clock.warn_at) == sorted(clock.warn_at)
    assert all(NOW < moment < clock.due_at for moment in clock.warn_at)
    assert warnings_due(clock, now) == sum(moment <= now for moment in clock.warn_at)


@pytest.mark.parametrize(("lag", "late"), [(DAY, False), (DAY + SECOND, True), (9 * DAY, True)])
def test_what_is_first_seen_too_late_is_late(lag: timedelta, late: bool) -> None:

    clock = start_clock(1, 1, Channel.SOCIAL, NOW, NOW + lag, ONE_HOUR)
    assert clock.late is late
    assert clock.due_at == NOW + HOUR


@dataclass(frozen=True)
class HalfDays:
    """Opening hours that are every other hour, for what a calendar has to give."""

    def add(self, start: datetime, working: timedelta) -> datetime:
        return start + 2 * working

    def between(self, start: datetime, end: datetime) -> timedelta:
        return (end - start) / 2


def test_a_calendar_says_how_working_time_runs() -> None:
    assert due_at(NOW, HOUR, HalfDays()) == NOW + 2 * HOUR
    assert elapsed(NOW, NOW + 2 * HOUR, HalfDays()) == HOUR
    assert elapsed(NOW + HOUR, NOW, HalfDays()) == timedelta(0)


@given(span=st.integers(0, 10**6).map(lambda n: n * SECOND))
def test_around_the_clock_due_and_elapsed_are_inverse(span: timedelta) -> None:
    assert elapsed(NOW, due_at(NOW, span, None), None) == span
    assert elapsed(NOW, NOW - span, None) == timedelta(0)


def test_summer_time_neither_adds_nor_takes_an_hour() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Budapest")).astimezone(UTC)
    assert due_at(before, 7 * DAY, None) - before == 7 * DAY


@given(now=MOMENTS, over=st.booleans(), told=st.booleans(), answered=st.booleans())
def test_another_team_hears_of_what_is_past_due_for_long_and_once(
    now: datetime, over: bool, told: bool, answered: bool
) -> None:
    at = NOW + 2 * HOUR
    clock = a_clock(
        escalate_at=at,
        told_escalated=told,
        told_warnings=2,
        told_overdue=over,
        answered_at=NOW if answered else None,
    )
    clock = settle(clock, now)
    due = escalation_due(clock, now)
    assert due == (now > at and not told and not answered)
    moment = next_moment(clock, now)
    if due:
        assert moment is not None
        assert moment <= now
    if told and over and not answered:
        assert moment is None
