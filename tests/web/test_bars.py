from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listener.domain.digest import Counts, Day
from listener.web.bars import HEIGHT, bars, round_top


def a_day(mentions: int = 0, negative: int = 0, measured: float = 1.0, ago: int = 0) -> Day:
    counts = Counts(mentions=mentions, negative=negative)
    return Day(date=date(2026, 11, 22) - timedelta(days=ago), counts=counts, measured=measured)


def test_parts_stand_on_each_other() -> None:
    (bar,) = bars([a_day(mentions=40, negative=10)], 80).bars
    assert (bar.rest, bar.negative) == (37.5, 12.5)


def test_one_among_many_is_still_seen() -> None:
    (bar,) = bars([a_day(mentions=1, negative=1)], 10_000).bars
    assert (bar.rest, bar.negative) == (0, 1)


def test_a_day_that_was_not_measured_is_a_hole_and_one_with_mentions_is_not() -> None:
    hole, partly, whole = bars([a_day(measured=0), a_day(1, measured=0.5), a_day()], 4).bars
    assert (hole.measured, partly.measured, whole.measured) == (False, True, True)
    assert (hole.partly, partly.partly, whole.partly) == (False, True, False)


def test_the_scale_ends_at_a_round_number() -> None:
    assert [round_top(n) for n in (0, 3, 5, 8, 9, 11, 81, 502, 1000, 1001)] == [
        4, 4, 6, 8, 10, 12, 100, 600, 1000, 1200,
    ]  # fmt: skip


@given(st.integers(0, 10**12))
def test_the_scale_holds_the_highest_and_can_be_halved(highest: int) -> None:
    top = round_top(highest)
    assert highest <= top <= max(4, 2 * highest)
    assert top % 2 == 0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20), st.randoms())
def test_no_bar_leaves_the_chart(counts: list[int], chance: object) -> None:
    days = [a_day(n, n // 2) for n in counts]
    for bar in bars(days, round_top(max(counts))).bars:
        assert 0 <= bar.rest + bar.negative <= HEIGHT
