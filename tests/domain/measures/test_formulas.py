"""The formulas, each against numbers worked out by hand."""

from datetime import timedelta

import pytest

from listener.domain.measures import Figure, intervals
from listener.domain.measures.averages import response_times, star_average
from listener.domain.measures.surveys import (
    Answer,
    customer_effort_score,
    customer_satisfaction,
    net_promoter_score,
)
from listener.domain.measures.voice_share import share_of_voice
from listener.domain.measures.worth import lifetime_value, value_at_risk, word_of_mouth


def test_share_of_voice_counts_a_mention_that_only_compares_for_the_side_it_praises() -> None:
    # 40 name us, 70 the rival; 10 of the 70 only say that we are better. 40 + 60 = 100.
    found = share_of_voice({"Acme": 40, "Boreal": 70}, beaten={"Boreal": 10})
    assert found["Acme"].value == pytest.approx(0.4)
    assert found["Boreal"].value == pytest.approx(0.6)
    assert found["Boreal"].note == "60 of 100 mentions; 10 more only compare"


def test_nobody_has_a_share_of_nothing() -> None:
    assert share_of_voice({"Acme": 0, "Boreal": 0})["Acme"].value is None


def test_wilson_is_that_of_the_textbook() -> None:
    # 10 of 20: (0.5 + 0.09604) / 1.19207 = 0.5; 1.96 * sqrt(0.0125 + 0.0024) / 1.19207 = 0.2007
    low, high = intervals.of_share(10, 20)
    assert low == pytest.approx(0.2993, abs=1e-4)
    assert high == pytest.approx(0.7007, abs=1e-4)
    assert intervals.of_share(0, 10)[0] == 0.0  # and never below


def test_net_promoters_are_promoters_less_critics() -> None:
    # 5 of 9 and 10, 3 of 7 and 8, 2 up to 6: (5 - 2) / 10 = 30 points
    found = net_promoter_score([9, 10, 9, 10, 9, 7, 8, 8, 0, 6])
    assert found.value == pytest.approx(30)
    assert found.note == "5 promoters, 3 passive, 2 critics"
    # (5.75 - 2.75) / 13 = .2308; 1.96 * sqrt((.4423 + .2115 - .0533) / 13) = .4213
    assert found.low == pytest.approx(-19.05, abs=0.05)
    assert found.high == pytest.approx(65.20, abs=0.05)


def test_whether_a_six_is_a_critic_is_a_setting() -> None:
    scores = [10, 6, 6, 6]
    assert net_promoter_score(scores).value == pytest.approx(-50)
    assert net_promoter_score(scores, critic_up_to=5).value == pytest.approx(25)


@pytest.mark.parametrize(
    ("scale", "content"), [(3, {3}), (5, {4, 5}), (7, {6, 7}), (10, {8, 9, 10})]
)
def test_who_is_content_on_which_scale(scale: int, content: set[int]) -> None:
    assert {s for s in range(1, scale + 1) if Answer(s, scale).is_content} == content


def test_satisfaction_and_effort_are_shares_of_the_answers() -> None:
    answers = [Answer(5), Answer(4), Answer(3), Answer(1), Answer(3, scale=3)]
    for found in (customer_satisfaction(answers), customer_effort_score(answers)):
        assert found.value == pytest.approx(3 / 5)
        assert found.n == 5
        assert not found.enough


def test_stars_are_a_mean_with_the_interval_of_student() -> None:
    # mean 3, deviations 4 + 4 + 0 + 4 + 4 = 16, /4 = 4; 2.776 * 2 / sqrt(5) = 2.483
    found = star_average([1, 1, 3, 5, 5])
    assert found.value == pytest.approx(3)
    assert intervals.of_mean({1: 2, 3: 1, 5: 2}) == pytest.approx((3 - 2.483, 3 + 2.483), abs=0.02)
    assert (found.low, found.high) == (1.0, 5.0)  # there are no stars beyond
    assert star_average([4]).low is None


def test_response_time_is_total_time_over_questions_and_the_one_in_the_middle() -> None:
    minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 55]
    average, middle = response_times([timedelta(minutes=m) for m in minutes])
    assert average.value == pytest.approx(10 * 60)  # 100 minutes over ten
    assert middle.value == pytest.approx(5.5 * 60)
    # ranks 5 - 3.1 = 1.9 and 5 + 3.1 + 1 = 9.1, outwards: the first and the tenth
    assert (middle.low, middle.high) == (60, 55 * 60)


def test_a_median_of_five_has_no_interval() -> None:
    assert intervals.of_median([1, 2, 3, 4, 5]) is None
    # of a hundred: 50 - 9.8 = 40.2, outwards 40; 60.8, outwards 61
    assert intervals.of_median(range(1, 101)) == (40, 61)


def test_word_of_mouth_is_nine_and_sixteen_and_says_that_it_is_assumed() -> None:
    found = word_of_mouth(positive=10, negative=5)
    assert (found.value, found.n, found.assumed) == (170, 15, True)
    assert found.low is None


def test_what_customers_at_risk_are_worth() -> None:
    assert lifetime_value(120, years=5, acquisition_cost=80) == 520
    found = value_at_risk(12, worth_of_one=520)
    assert (found.value, found.n, found.enough) == (6240, 12, True)
    assert value_at_risk(9, worth_of_one=520).enough is False


def test_nothing_is_measured_of_nothing() -> None:
    nothing: list[Figure] = [
        net_promoter_score([]),
        customer_satisfaction([]),
        customer_effort_score([]),
        star_average([]),
        *response_times([]),
    ]
    assert {figure.value for figure in nothing} == {None}
