"""Parts of a brand: which are watched, what they are called, and how rare their alarm has to be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.part import WHOLE, Part
from listener.rules.spike.parts import (
    MOST,
    key_of,
    overlapping,
    place_of,
    rare_enough,
    short,
    watched,
)
from listener.rules.spike.settings import WINDOWS, thresholds_of

REVIEWS, BILLING = Part("review"), Part("all", "billing")


def test_what_has_enough_and_is_not_nearly_all_is_watched() -> None:
    negatives = {WHOLE: 100, Part("social"): 90, REVIEWS: 10, BILLING: 5, Part("all", "seats"): 4}
    assert watched(negatives) == (REVIEWS, BILLING)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 50), max_size=60))
def test_never_more_than_so_many_and_the_fullest_first(topics: dict[str, int]) -> None:
    negatives = {WHOLE: 1000} | {Part("all", name): n for name, n in topics.items()}
    found = watched(negatives)
    assert len(found) <= MOST
    counts = [negatives[part] for part in found]
    assert counts == sorted(counts, reverse=True)
    left = [n for part, n in negatives.items() if part not in found and not part.is_whole]
    if len(found) == MOST:
        assert max(left, default=0) <= counts[-1]
    else:
        assert max(left, default=0) < 5


@pytest.mark.parametrize(
    ("part", "key", "place", "brief"),
    [
        (WHOLE, "spike:Acme", "Acme", "all"),
        (REVIEWS, "spike:Acme:channel:review", "Acme in reviews", "reviews"),
        (Part("social"), "spike:Acme:channel:social", "Acme on social media", "social media"),
        (BILLING, "spike:Acme:topic:billing", "Acme, billing", "billing"),
    ],
)
def test_each_part_has_its_own_key_and_name(part: Part, key: str, place: str, brief: str) -> None:
    assert key_of("Acme", part) == key
    assert place_of("Acme", part) == place
    assert short(part) == brief


def an_alarm(p_value: float, minutes: int = 60) -> dict[str, Any]:
    return {"p_value": p_value, "window_minutes": minutes}


BOUND = thresholds_of("balanced").combined
FIVE_MINUTES = WINDOWS[0].budget
HALF_AN_HOUR = WINDOWS[2].budget


def test_the_more_parts_there_are_the_rarer_an_alarm_has_to_be() -> None:
    assert rare_enough(an_alarm(0.95 * BOUND), "balanced", 1)
    assert not rare_enough(an_alarm(0.95 * BOUND), "balanced", 2)
    assert rare_enough(an_alarm(0.095 * BOUND), "balanced", 10)
    assert not rare_enough(an_alarm(0.095 * BOUND), "calm", 10)


def test_short_windows_have_less_of_it_and_cut_ones_that_of_the_next_longer() -> None:
    assert not rare_enough(an_alarm(1.1 * FIVE_MINUTES * BOUND, 5), "balanced", 1)
    assert rare_enough(an_alarm(0.9 * FIVE_MINUTES * BOUND, 5), "balanced", 1)
    assert rare_enough(an_alarm(0.95 * HALF_AN_HOUR * BOUND, 25), "balanced", 1)
    assert not rare_enough(an_alarm(1.05 * HALF_AN_HOUR * BOUND, 25), "balanced", 1)
    assert rare_enough(an_alarm(0.95 * BOUND, 1440), "balanced", 1)


def test_two_parts_are_one_trouble_if_half_of_the_smaller_is_in_the_larger() -> None:
    assert overlapping(frozenset({1, 2}), frozenset({2, 3, 4, 5}))
    assert not overlapping(frozenset({1, 2, 6}), frozenset({2, 3, 4, 5}))
    assert not overlapping(frozenset(), frozenset({1}))
