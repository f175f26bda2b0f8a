import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.rules.spike import Detector
from listener.rules.spike.settings import thresholds_of

MONDAY = datetime(2024, 3, 4, tzinfo=UTC)
STEP = timedelta(minutes=5)

counts = st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
calls = st.lists(
    st.one_of(
        st.tuples(st.just("observe"), st.integers(-80, 30), counts),
        st.tuples(st.just("burst"), st.integers(0, 2), counts),
        st.tuples(st.just("no_data"), st.integers(-5, 5), st.none()),
        st.tuples(st.just("skip"), st.integers(0, 400), st.none()),
        st.tuples(st.just("correct"), st.integers(-80, 0), counts),
    ),
    max_size=25,
)


def tell(detector: Detector, todo: list[Any], now: datetime) -> tuple[list[Any], datetime]:
    """Carry out calls at times relative to the newest one; (what was answered, newest)."""
    answers: list[Any] = []
    for kind, by, given_counts in todo:
        at = now + by * STEP
        now = max(now, at)
        if kind == "no_data":
            detector.no_data(at)
        elif kind == "skip":
            answers.append(detector.skip(now, now + by * STEP))
        else:
            n, k = given_counts
            sign = {"correct": -1, "burst": 4}.get(kind, 1)
            answers.append(detector.observe(at, sign * n, sign * k))
        answers.append((detector.alerting, detector.firing_now, detector.last))
    return answers, now


def a_brand(days: int, every: int) -> tuple[Detector, datetime]:
    detector = Detector("sensitive")
    for i in range(0, days * 288, every):
        detector.observe(MONDAY + i * STEP, 1 + i % 3, int(i % 7 == 0))
    return detector, MONDAY + days * 288 * STEP


BRANDS = {every: a_brand(4, every)[0].state() for every in (3, 40)}
NOW = MONDAY + 4 * 288 * STEP


@settings(max_examples=60, deadline=None)
@given(every=st.sampled_from([3, 40]), before=calls, after=calls)
def test_a_detector_that_was_saved_goes_on_as_if_it_had_not(
    every: int, before: list[Any], after: list[Any]
) -> None:
    detector = Detector.from_state(BRANDS[every])
    _, now = tell(detector, before, NOW)
    text = json.dumps(detector.state())
    assert len(text) < 50_000
    again = Detector.from_state(json.loads(text))
    assert tell(again, after, now) == tell(detector, after, now)
    assert again.state() == detector.state()


@settings(max_examples=40, deadline=None)
@given(
    every=st.sampled_from([3, 40]),
    before=calls,
    buckets=st.integers(2, 1500),
    how=st.sampled_from(["skip", "leave out"]),
)
def test_skipping_is_the_same_as_observing_nothing_one_by_one(
    every: int, before: list[Any], buckets: int, how: str
) -> None:
    one, other = Detector.from_state(BRANDS[every]), Detector.from_state(BRANDS[every])
    _, now = tell(one, before, NOW)
    tell(other, before, NOW)
    for i in range(1, buckets):
        one.observe(now + i * STEP, 0, 0)
    if how == "skip":
        other.skip(now + STEP, now + buckets * STEP)
    else:
        other.observe(now + (buckets - 1) * STEP, 0, 0)
    assert_same(one.state(), other.state())


@settings(max_examples=30, deadline=None)
@given(every=st.sampled_from([3, 40]), parts=st.lists(counts, min_size=1, max_size=8))
def test_a_bucket_told_in_parts_is_the_bucket_told_at_once(
    every: int, parts: list[tuple[int, int]]
) -> None:
    one, other = Detector.from_state(BRANDS[every]), Detector.from_state(BRANDS[every])
    for n, k in parts:
        one.observe(NOW, n, k)
    at_once = other.observe(NOW, sum(n for n, _ in parts), sum(k for _, k in parts))
    assert one.state()["recent"] == other.state()["recent"]
    assert one.firing_now == at_once


@settings(max_examples=30, deadline=None)
@given(every=st.sampled_from([3, 40]), todo=calls)
def test_evidence_is_always_in_its_bounds(every: int, todo: list[Any]) -> None:
    detector = Detector.from_state(BRANDS[every])
    tell(detector, todo, NOW)
    last = detector.last
    assert last is None or (
        5 <= last["negative"] <= last["mentions"]
        and last["expected"] > 0
        and last["lift"] >= 2
        and 0 <= last["p_value"] < thresholds_of(detector.sensitivity).combined
        and last["severity"] in ("watch", "high", "critical")
        and last["started_at"] <= last["at"]
    )


def assert_same(one: Any, other: Any) -> None:
    """Equal but for the last digits of numbers."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9)
    else:
        assert one == other
