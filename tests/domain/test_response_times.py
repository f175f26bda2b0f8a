"""Response times over many clocks."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.mention import Channel
from listener.domain.response import ResponseClock, settle
from listener.domain.response_times import By, as_row, grouped, measured
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, a_clock

LATER = NOW + DAY


def clock(minutes: float | None, human: float | None = None, **changes: Any) -> ResponseClock:
    """One that was answered after so many minutes, and by a person after so many."""
    made = a_clock(
        answered_at=None if minutes is None else NOW + minutes * MINUTE,
        human_at=None if human is None else NOW + human * MINUTE,
        **changes,
    )
    return settle(made, LATER)


def test_the_average_is_all_time_to_a_first_answer_by_the_questions_that_have_one() -> None:
    times = measured([clock(10, 40), clock(20, 20), clock(90), clock(None)], {})
    assert times.questions == 4
    assert (times.by_anybody.answered, times.by_people.answered) == (3, 2)
    assert times.by_anybody.average == 40 * MINUTE
    assert times.by_anybody.median == 20 * MINUTE
    assert times.by_anybody.p90 == 90 * MINUTE
    assert times.by_people.average == 30 * MINUTE
    assert times.by_people.median == 30 * MINUTE


def test_the_share_in_time_is_of_those_whose_time_is_up_or_who_were_answered() -> None:
    waits = settle(a_clock(due_at=LATER + HOUR), LATER)
    late = settle(a_clock(late=True), LATER)
    times = measured([clock(10, 90), clock(90), clock(None), waits, late], {})
    assert (times.by_anybody.in_time, times.late, times.overdue, times.open) == (1, 2, 1, 2)
    assert times.share_in_time == 0.25
    assert times.people_share_in_time == 0.0


def test_what_was_dismissed_was_no_question() -> None:
    times = measured([clock(None, dismissed=True), clock(10)], {})
    assert times.questions == 1
    assert times.share_in_time == 1.0


def test_of_nothing_nothing_is_known() -> None:
    times = measured([], {})
    assert (times.questions, times.share_in_time, times.by_anybody.average) == (0, None, None)
    assert (times.detection_median, times.oldest_open) == (None, None)
    assert grouped([], By.TEAM, {}) == []


def test_the_oldest_that_waits_is_named() -> None:
    early = settle(a_clock(said_at=NOW - 3 * DAY), LATER)
    row = as_row("x", measured([clock(None), early, clock(5)], {}), By.TEAM, LATER)
    assert row["oldest_open"] == "2026-11-19T12:00:00Z"
    assert row["oldest_open_s"] == 4 * 86_400


def test_how_late_we_saw_it_is_kept_apart() -> None:
    slow = replace(clock(10), seen_at=NOW + 9 * MINUTE)
    times = measured([clock(10), clock(10), slow], {})
    assert times.detection_median == 30 * SECOND
    assert times.detection_p90 == 9 * MINUTE
    assert times.by_anybody.average == 10 * MINUTE


class HalfOfTheTime:
    def add(self, start: datetime, working: timedelta) -> datetime:
        return start + 2 * working

    def between(self, start: datetime, end: datetime) -> timedelta:
        return (end - start) / 2


def test_where_a_clock_runs_by_a_calendar_its_time_is_working_time() -> None:
    times = measured([clock(40, hours="office"), clock(40)], {"office": HalfOfTheTime()})
    assert times.by_anybody.average == 30 * MINUTE
    gone = measured([clock(40, hours="office")], {})  # a calendar that nobody has any more
    assert gone.by_anybody.average == 40 * MINUTE


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (By.TEAM, ["", "cx", "all"]),
        (By.CHANNEL, ["review", "social", "all"]),
        (By.SUBJECT, ["Acme", "Boreal", "all"]),
    ],
)
def test_lines_are_by_name_and_all_are_the_last(by: By, names: list[str]) -> None:
    clocks = [
        ("Boreal", clock(10, team="cx")),
        ("Acme", clock(20, channel=Channel.REVIEW)),
        ("Acme", clock(30)),
    ]
    lines = grouped(clocks, by, {})
    assert [name for name, _ in lines] == names
    assert sum(times.questions for _, times in lines[:-1]) == lines[-1][1].questions == 3


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_nine_of_ten_took_no_longer_than_the_p90(minutes: list[int]) -> None:
    times = measured([clock(m) for m in minutes], {}).by_anybody
    assert times.average == sum(minutes) * MINUTE / len(minutes)
    assert times.p90 in [m * MINUTE for m in minutes]
    assert times.p90 is not None
    assert times.median is not None
    assert sum(m * MINUTE <= times.p90 for m in minutes) >= math.ceil(0.9 * len(minutes))
    assert sum(m * MINUTE < times.p90 for m in minutes) < 0.9 * len(minutes)
    assert sum(m * MINUTE <= times.median for m in minutes) * 2 >= len(minutes)
    assert times.in_time == sum(m <= 60 for m in minutes)


def test_a_line_has_the_same_keys_whatever_is_known() -> None:
    full = as_row("x", measured([clock(10, 20)], {}), By.SUBJECT, LATER)
    empty = as_row("x", measured([], {}), By.SUBJECT, LATER)
    assert list(full) == list(empty)
    assert full["average_s"] == 600.0
    assert full["people_p90_s"] == 1200.0
