"""Ours, theirs or everyone's: an honest comparison with what competitors have in the same hours."""

import numpy as np
import pytest

from listener.rules.spike.whose import Rival, Whose, compare

QUIET = (2, 3, 1, 4, 2, 0, 3, 2, 1, 5, 2, 3, 2, 1, 4, 2, 3, 2, 2, 1, 0, 3, 2, 4, 1, 2, 3, 2)


def a_rival(negative: int, before: tuple[int, ...] = QUIET) -> Rival:
    return Rival(name="Boreal", negative=negative, before=before)


def named(name: str, negative: int, shared: int = 0) -> Rival:
    return Rival(name=name, negative=negative, before=QUIET, shared=shared)


def test_without_competitors_nobody_knows() -> None:
    assert compare("Acme", 30, []).whose is Whose.UNKNOWN
    assert compare("Acme", 30, []).sentence == ""


def test_competitors_of_less_than_a_week_tell_nothing() -> None:
    assert compare("Acme", 30, [a_rival(40, QUIET[:6])]).whose is Whose.UNKNOWN


def test_when_competitors_are_as_usual_it_is_ours() -> None:
    found = compare("Acme", 30, [a_rival(3)])
    assert found.whose is Whose.OURS
    assert found.sentence == "Acme alone: Boreal is as usual."
    found = compare("Acme", 30, [named("Boreal", 3), named("Cirrus", 5)])
    assert found.sentence == "Acme alone: 2 competitors are as usual."


def test_when_half_of_them_rose_it_is_everyones() -> None:
    found = compare("Acme", 30, [named("Boreal", 25), named("Cirrus", 3)])
    assert found.whose is Whose.EVERYONES
    assert found.sentence == "Not Acme alone: Boreal has 25, usually 2."
    assert [(r["subject"], r["rose"]) for r in found.rivals] == [
        ("Boreal", True),
        ("Cirrus", False),
    ]


def test_when_one_of_many_rose_it_is_mostly_ours() -> None:
    rivals = [named("Boreal", 25), *(named(name, 2) for name in "CDEF")]
    found = compare("Acme", 30, rivals)
    assert found.whose is Whose.OURS
    assert found.sentence == "Mostly Acme: of 5 competitors only Boreal has 25, usually 2."


def test_when_half_of_what_is_said_names_a_competitor_that_rose_it_is_theirs() -> None:
    assert compare("Acme", 30, [named("Boreal", 40, shared=14)]).whose is Whose.EVERYONES
    found = compare("Acme", 30, [named("Boreal", 40, shared=15)])
    assert found.whose is Whose.THEIRS
    assert found.sentence == (
        "It is about Boreal too: 15 of them name it, and Boreal has 40, usually 2."
    )


def test_a_competitor_that_is_named_but_as_usual_is_not_the_cause() -> None:
    assert compare("Acme", 30, [named("Boreal", 4, shared=20)]).whose is Whose.OURS


@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0])
def test_on_ordinary_days_a_competitor_seldom_seems_to_rise(mean: float) -> None:
    rng = np.random.default_rng(4)
    days = rng.negative_binomial(4, 4 / (4 + mean), size=(2000, 29))  # noisier than Poisson
    rose = 0
    for row in days:
        before = tuple(int(k) for k in row[1:])
        rose += compare("Acme", 30, [a_rival(int(row[0]), before)]).whose is not Whose.OURS
    assert rose / len(days) < 0.02


def test_a_competitor_in_a_crisis_is_seen() -> None:
    rng = np.random.default_rng(5)
    days = rng.negative_binomial(4, 4 / (4 + 10.0), size=(500, 28))
    seen = [
        compare("Acme", 30, [a_rival(60, tuple(int(k) for k in row))]).whose is Whose.EVERYONES
        for row in days
    ]
    assert sum(seen) / len(seen) > 0.95
