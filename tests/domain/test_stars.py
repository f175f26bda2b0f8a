"""Stars beside the text: neither alone always wins, and one star more never makes it worse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.label import SURE
from listener.domain.stars import LIKELIHOODS, Shares, alone, at_odds, combine

SCALES = st.sampled_from([1, 2, 3, 5, 10, 100])
WEIGHTS = st.floats(0, 1)


@st.composite
def texts(draw: st.DrawFn) -> Shares:
    """What a model said of a text, up to being entirely sure."""
    parts = [draw(WEIGHTS) for _ in range(3)]
    total = sum(parts)
    if total < 1e-6:
        return 1 / 3, 1 / 3, 1 / 3
    return parts[0] / total, parts[1] / total, parts[2] / total


@given(texts(), st.floats(-1, 101), SCALES)
def test_they_sum_to_one(text: Shares, stars: float, scale: int) -> None:
    found = combine(*text, stars, scale)
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0


@given(texts(), st.floats(0, 1), st.floats(0, 1), SCALES)
def test_a_star_more_never_makes_it_worse(
    text: Shares, one: float, other: float, scale: int
) -> None:
    fewer, more = sorted((one * scale, other * scale))
    worse, better = combine(*text, fewer, scale), combine(*text, more, scale)
    assert better[0] <= worse[0] + 1e-12
    assert better[2] >= worse[2] - 1e-12


@given(texts(), st.floats(1, 5))
def test_praise_and_complaint_are_mirrored(text: Shares, stars: float) -> None:
    there, back = combine(*text, stars), combine(*text[::-1], 6 - stars)
    assert there == pytest.approx(back[::-1])


@given(texts())
def test_a_neutral_text_with_three_stars_stays_neutral(text: Shares) -> None:
    found = combine(*text, 3)
    if text[1] >= max(text):
        assert found[1] == max(found)
        assert found[1] >= 1 / 3


@given(st.floats(0.95, 1), st.floats(0, 1))
def test_confident_praise_with_one_star_is_in_doubt_and_so_is_the_contrary(
    sure: float, part: float
) -> None:
    other, neutral = (1 - sure) * part, (1 - sure) * (1 - part)
    assert max(combine(other, neutral, sure, 1)) < SURE
    assert max(combine(sure, neutral, other, 5)) < SURE


@given(texts())
def test_stars_that_agree_make_it_surer(text: Shares) -> None:
    if text[0] >= max(text):
        assert combine(*text, 1)[0] >= combine(*text, 3)[0]
    if 0.4 < text[2] < 0.9:
        assert combine(*text, 5)[2] > text[2]


def test_stars_alone_say_what_they_usually_mean() -> None:
    found = [alone(stars) for stars in (1, 2, 3, 4, 5)]
    assert [shares.index(max(shares)) for shares in found] == [0, 0, 1, 2, 2]
    assert [max(shares) >= SURE for shares in found] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("stars", "scale", "on_five"), [(1, 10, 1), (10, 10, 5), (0, 5, 1), (0, 1, 1), (1, 1, 5)]
)
def test_other_scales_are_read_on_five(stars: float, scale: int, on_five: float) -> None:
    assert alone(stars, scale) == pytest.approx(alone(on_five))


def test_the_table_is_one_of_probabilities() -> None:
    assert [sum(row) for row in LIKELIHOODS] == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(
    ("negative", "positive", "stars", "scale", "disagree"),
    [
        (0.9, 0.05, 5, 5, True),
        (0.9, 0.05, 4, 5, True),
        (0.9, 0.05, 3, 5, False),
        (0.7, 0.2, 5, 5, False),
        (0.05, 0.9, 1, 5, True),
        (0.05, 0.9, 10, 10, False),
        (0.05, 0.9, 2, 10, True),
    ],
)
def test_words_that_say_the_contrary_of_their_stars_are_told(
    negative: float, positive: float, stars: float, scale: int, disagree: bool
) -> None:
    assert at_odds(negative, positive, stars, scale) is disagree
