"""Long texts in windows, and what is made of what is said of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.windows import Windows, pooled, softmax

BOS, EOS = -1, -2


def ids_of(size: int) -> list[int]:
    return [BOS, *range(size), EOS]


def test_a_text_that_fits_is_one_window() -> None:
    assert Windows(size=12).cut(ids_of(10)) == [tuple(ids_of(10))]


def test_windows_overlap_and_reach_both_ends() -> None:
    first, second = Windows(size=12, overlap=4).cut(ids_of(15))
    assert first == (BOS, *range(10), EOS)
    assert second == (BOS, *range(5, 15), EOS)


@given(size=st.integers(1, 3000), most=st.integers(1, 8), overlap=st.integers(0, 30))
def test_windows_are_equal_and_spread_over_the_text(size: int, most: int, overlap: int) -> None:
    windows = Windows(size=22, most=most, overlap=overlap).cut(ids_of(size))
    assert 1 <= len(windows) <= most
    assert all(each[0] == BOS and each[-1] == EOS for each in windows)
    if size > 20:
        assert {len(each) for each in windows} == {22}
        assert windows[0][1] == 0
        assert len(windows) == 1 or windows[-1][-2] == size - 1
    if len(windows) < most:
        seen = {token for each in windows for token in each}
        assert seen >= set(range(size))


def test_one_window_says_what_it_says() -> None:
    assert pooled([[0.1, 2.0, -1.0]]) == [0.1, 2.0, -1.0]


def test_windows_that_agree_make_no_other_answer() -> None:
    said = [0.1, 2.0, -1.0]
    assert softmax(pooled([said, said, said])) == pytest.approx(softmax(said))


def test_who_is_sure_counts_for_more() -> None:
    negative, neutral, _ = softmax(pooled([[9.0, 0.0, 0.0], [0.0, 0.5, 0.0]]))
    assert negative > neutral


def test_probabilities_sum_to_one_for_huge_logits() -> None:
    assert math.isclose(sum(softmax([1e4, -1e4, 0.0])), 1)


def test_the_end_counts_for_more_than_the_middle() -> None:
    good, bad = [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]
    negative, _, positive = softmax(pooled([bad, good, good, bad]))
    assert negative > positive
