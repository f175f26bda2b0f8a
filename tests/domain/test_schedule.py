"""When a source is asked next, and which time counts as not measured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.schedule import (
    BACKOFF,
    LONGEST_WAIT,
    SLACK,
    SourceState,
    Span,
    after_failure,
    after_success,
    due,
    gap,
    lost,
)
from listener.errors import CollectorError, Trouble

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY = 5 * MINUTE
NEW = SourceState(name="x")

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
intervals = st.timedeltas(timedelta(seconds=1), timedelta(days=7))
troubles = st.sampled_from(Trouble)


def trouble(
    kind: Trouble = Trouble.NETWORK, retry_after: timedelta | None = None
) -> CollectorError:
    return CollectorError("no answer", kind=kind, retry_after=retry_after)


def read_at(now: datetime, state: SourceState = NEW) -> SourceState:
    return after_success(state, now, EVERY, complete=True)


def test_a_new_source_is_due() -> None:
    assert due(NEW, NOW)


def test_after_a_pass_it_is_due_again_after_its_interval() -> None:
    state = read_at(NOW)
    assert not due(state, NOW + EVERY - timedelta(seconds=1))
    assert due(state, NOW + EVERY)


def test_what_reading_takes_does_not_add_up() -> None:
    took = EVERY / 10
    state = after_success(NEW, NOW + took, EVERY, complete=True, asked_at=NOW)
    assert state.next_run == NOW + EVERY


def test_one_that_takes_longer_than_its_interval_rests_for_half_of_it() -> None:
    took = 2 * EVERY
    state = after_success(NEW, NOW + took, EVERY, complete=True, asked_at=NOW)
    assert state.next_run == NOW + took + EVERY / 2


def test_after_a_page_that_is_not_the_last_it_is_due_at_once_and_covers_nothing() -> None:
    state = after_success(NEW, NOW, EVERY, complete=False)
    assert due(state, NOW)
    assert state.covered_until is None


def test_a_success_forgets_the_trouble() -> None:
    state = read_at(NOW + HOUR, after_failure(NEW, NOW, EVERY, trouble()))
    assert (state.failures, state.error, state.error_kind, state.not_before) == (
        0,
        None,
        None,
        None,
    )
    assert state.gap_since is None


def test_a_failure_keeps_the_cursor_and_says_what_was_wrong() -> None:
    state = after_failure(replace(NEW, cursor={"at": 1}), NOW, EVERY, trouble(Trouble.SHAPE))
    assert state.cursor == {"at": 1}
    assert (state.failures, state.error, state.error_kind) == (1, "no answer", Trouble.SHAPE)


def test_waits_grow_with_every_failure_up_to_a_limit() -> None:
    state, waits = NEW, []
    for _ in range(20):
        state = after_failure(state, NOW, EVERY, trouble(Trouble.SERVER))
        assert state.next_run is not None
        waits.append(state.next_run - NOW)
    assert waits[0] <= timedelta(seconds=30)
    assert waits[:7] == sorted(waits[:7])
    assert timedelta(minutes=48) <= waits[-1] <= HOUR


def test_refused_credentials_are_not_tried_again_soon() -> None:
    state = after_failure(NEW, NOW, EVERY, trouble(Trouble.CREDENTIALS))
    assert state.next_run is not None
    assert state.next_run - NOW >= 4 * MINUTE


def test_sources_that_fell_together_do_not_come_back_together() -> None:
    runs = {
        after_failure(SourceState(name=f"source {n}"), NOW, EVERY, trouble()).next_run
        for n in range(50)
    }
    assert len(runs) == 50


def test_the_service_is_waited_for_as_it_asks() -> None:
    state = after_failure(NEW, NOW, EVERY, trouble(Trouble.RATE, 8 * HOUR))
    assert state.not_before == state.next_run == NOW + 8 * HOUR
    state = after_failure(NEW, NOW, EVERY, trouble(Trouble.RATE, 400 * DAY))
    assert state.not_before == NOW + DAY


def test_a_clock_moved_back_does_not_stop_collection() -> None:
    state = read_at(NOW)
    assert due(state, NOW - DAY)
    again = read_at(NOW - DAY, state)
    assert not due(again, NOW - DAY)
    assert due(again, NOW - DAY + EVERY)


def test_while_it_keeps_up_there_is_no_gap() -> None:
    assert gap(read_at(NOW), NOW + 2 * EVERY + SLACK, EVERY) is None


def test_in_an_outage_the_time_since_the_last_pass_is_not_measured() -> None:
    state = read_at(NOW)
    later = NOW + 2 * EVERY + 2 * MINUTE
    failed = after_failure(state, later, EVERY, trouble())
    assert gap(failed, later, EVERY) == Span(NOW, later)
    assert failed.gap_since == NOW


def test_a_pass_that_catches_up_ends_the_gap() -> None:
    failed = after_failure(read_at(NOW), NOW + HOUR, EVERY, trouble())
    caught_up = read_at(NOW + 2 * HOUR, failed)
    assert gap(caught_up, NOW + 2 * HOUR, EVERY) is None
    assert (caught_up.gap_since, caught_up.covered_from) == (None, NOW)


def test_while_it_is_catching_up_the_present_is_not_measured() -> None:
    state = after_success(read_at(NOW), NOW + HOUR, EVERY, complete=False)
    assert gap(state, NOW + HOUR, EVERY) == Span(NOW, NOW + HOUR)
    assert state.gap_since == NOW


def test_what_a_collector_calls_lost_stays_lost() -> None:
    later = NOW + 10 * DAY
    state = after_success(read_at(NOW), later, EVERY, complete=False, lost_since=NOW)
    assert gap(state, later + MINUTE, EVERY) == Span(NOW, later + MINUTE)
    assert lost(NOW, later) == Span(NOW, later)
    assert lost(None, later) is None
    state = read_at(later + MINUTE, state)
    assert (state.gap_since, state.covered_from) == (None, later + MINUTE)


def test_a_source_that_was_never_read_is_a_gap_from_its_first_failure() -> None:
    state = after_failure(NEW, NOW, EVERY, trouble())
    state = after_failure(state, NOW, EVERY, trouble())
    assert gap(state, NOW + MINUTE, EVERY) == Span(NOW, NOW + MINUTE)
    assert gap(NEW, NOW, EVERY) is None


@given(st.integers(0, 10_000), moments, intervals, troubles, st.none() | st.timedeltas())
def test_a_wait_is_never_negative_nor_beyond_its_limit(
    failures: int, now: datetime, every: timedelta, kind: Trouble, asked: timedelta | None
) -> None:
    state = after_failure(replace(NEW, failures=failures), now, every, trouble(kind, asked))
    assert state.next_run is not None
    wait = state.next_run - now
    assert wait > timedelta(0)
    assert wait <= (LONGEST_WAIT if asked is None else max(LONGEST_WAIT, min(asked, DAY)))
    if asked is not None:
        assert wait >= min(asked, DAY)


@given(moments, moments, intervals, st.lists(troubles, max_size=3))
def test_wherever_the_clock_goes_it_is_due_again_within_its_interval(
    now: datetime, then: datetime, every: timedelta, failures: list[Trouble]
) -> None:
    state = NEW
    for kind in failures:
        state = after_failure(state, now, every, trouble(kind))
    state = after_success(state, now, every, complete=True)
    assert due(state, then) or (now <= then < now + every)
    assert due(state, max(now, then) + every)


@given(st.text(), st.integers(1, 100), moments, intervals, troubles)
def test_the_same_history_gives_the_same_plan(
    name: str, failures: int, now: datetime, every: timedelta, kind: Trouble
) -> None:
    state = SourceState(name=name, failures=failures)
    assert after_failure(state, now, every, trouble(kind)) == after_failure(
        state, now, every, trouble(kind)
    )


@given(moments, st.lists(st.tuples(st.timedeltas(timedelta(0), DAY), st.booleans()), max_size=8))
def test_a_gap_never_lies_in_the_future_nor_ends_before_it_starts(
    now: datetime, steps: list[tuple[timedelta, bool]]
) -> None:
    state = NEW
    for step, well in steps:
        now += step
        if well:
            state = after_success(state, now, EVERY, complete=True)
            assert gap(state, now, EVERY) is None
        else:
            state = after_failure(state, now, EVERY, trouble())
        found = gap(state, now, EVERY)
        if found:
            assert found.start < found.end == now
            assert state.gap_since == found.start


@pytest.mark.parametrize("kind", Trouble)
def test_every_trouble_has_a_policy(kind: Trouble) -> None:
    assert BACKOFF[kind].first <= BACKOFF[kind].longest <= LONGEST_WAIT
