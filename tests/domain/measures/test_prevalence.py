"""The share of negatives, corrected by the errors of the classifier."""

import random

import pytest

from listener.domain.measures.prevalence import (
    Beta,
    Confusion,
    Part,
    Rates,
    corrected_share,
    rates_elsewhere,
    raw_share,
)

SURE = 1_000_000.0  # texts: as good as known


def known(sensitivity: float, specificity: float) -> Rates:
    return Rates(
        Beta(sensitivity * SURE, (1 - sensitivity) * SURE),
        Beta(specificity * SURE, (1 - specificity) * SURE),
    )


def test_the_correction_is_that_of_rogan_and_gladen() -> None:
    # 35 % are called negative; (.35 + .9 - 1) / (.8 + .9 - 1) = .25 / .7 = .357
    found = corrected_share([Part(35_000, 100_000, known(0.8, 0.9))])
    assert found.value == pytest.approx(0.357, abs=0.003)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.3571 < found.high


def test_a_share_that_false_alarms_explain_is_none() -> None:
    # 8 % are called negative, and 10 % would be if nobody were
    assert corrected_share([Part(8_000, 100_000, known(0.8, 0.9))]).value == 0.0


def test_parts_and_what_people_labelled_are_weighed_by_their_number() -> None:
    perfect = known(1 - 1e-6, 1 - 1e-6)
    parts = [Part(20_000, 100_000, perfect), Part(180_000, 300_000, perfect)]
    # 20,000 + 180,000 + 50,000 of 500,000
    found = corrected_share(parts, known=(50_000, 100_000))
    assert found.value == pytest.approx(0.5, abs=0.003)
    assert found.n == 500_000


def test_a_classifier_no_better_than_chance_says_nothing() -> None:
    found = corrected_share([Part(50, 100, Rates(Beta(50, 50), Beta(50, 50)))])
    assert found.low == pytest.approx(0, abs=0.05)
    assert found.high == pytest.approx(1, abs=0.05)


def test_texts_that_people_checked_narrow_the_band() -> None:
    vague = Rates(Beta(8, 2), Beta(8, 2))
    seen = Confusion(hits=80, missed=20, false_alarms=40, passed=160)
    assert vague.after(seen) == Rates(Beta(88, 22), Beta(168, 42))

    def width(rates: Rates) -> float:
        found = corrected_share([Part(150, 500, rates)])
        assert found.low is not None
        assert found.high is not None
        return found.high - found.low

    assert width(vague.after(seen)) < width(vague) / 2


def test_sets_that_differ_more_say_less_of_another_place() -> None:
    alike = [Confusion(hits=80, missed=20, false_alarms=10, passed=90) for _ in range(5)]
    apart = [
        Confusion(hits=hits, missed=100 - hits, false_alarms=10, passed=90)
        for hits in (60, 70, 80, 90, 100)
    ]
    of_alike, of_apart = (rates_elsewhere(sets).sensitivity for sets in (alike, apart))
    assert of_alike.mean == pytest.approx(0.8)
    assert of_apart.mean == pytest.approx(0.8)
    # the shares spread by .025 from set to set, .0016 of it by chance: .16 / .0234 - 1 = 5.8 texts
    assert of_apart.yes + of_apart.no == pytest.approx(5.84, abs=0.01)
    assert of_alike.yes + of_alike.no == 200


def test_two_sets_are_too_few_to_say_anything() -> None:
    assert rates_elsewhere([Confusion(hits=90, missed=10)] * 2).sensitivity == Beta(0.5, 0.5)


def test_the_band_covers_the_true_share_where_the_raw_one_does_not() -> None:
    chance, covered, raw_covered = random.Random(7), 0, 0
    seen = Confusion(hits=45, missed=15, false_alarms=28, passed=112)
    rates = Rates(Beta(0.5, 0.5), Beta(0.5, 0.5)).after(seen)
    for _ in range(20):
        truly = [chance.random() < 0.15 for _ in range(400)]
        called = sum(chance.random() < (0.75 if negative else 0.2) for negative in truly)
        share = sum(truly) / 400
        band, raw = corrected_share([Part(called, 400, rates)]), raw_share(called, 400)
        assert band.low is not None and band.high is not None  # noqa: PT018
        assert raw.low is not None and raw.high is not None  # noqa: PT018
        covered += band.low <= share <= band.high
        raw_covered += raw.low <= share <= raw.high
    assert covered >= 17
    assert raw_covered <= 3


def test_the_same_numbers_give_the_same_band() -> None:
    part = Part(30, 100, Rates(Beta(8, 2), Beta(8, 2)))
    assert corrected_share([part]) == corrected_share([part])
