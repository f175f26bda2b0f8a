import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from listener.rules.spike.tails import both, share_tail, volume_tail


@given(count=st.integers(1, 400), mean=st.floats(0.01, 200), extra=st.floats(0.01, 20))
@settings(max_examples=60, deadline=None)
def test_the_volume_tail_is_that_of_a_negative_binomial(
    count: int, mean: float, extra: float
) -> None:
    variance = mean * (1 + extra)
    shape = mean * mean / (variance - mean)
    expected = stats.nbinom.sf(count - 1, shape, mean / variance)
    assert volume_tail(count, mean, variance) == pytest.approx(expected, rel=1e-6, abs=1e-250)


def test_without_extra_variance_it_is_that_of_a_poisson() -> None:
    assert volume_tail(7, 2.5, 2.5) == pytest.approx(stats.poisson.sf(6, 2.5))
    assert volume_tail(0, 2.5, 2.5) == 1


@given(
    mentions=st.integers(1, 200),
    part=st.floats(0, 1),
    usual=st.floats(0.05, 0.9),
    correlation=st.floats(0.002, 0.3),
)
@settings(max_examples=60, deadline=None)
def test_the_share_tail_of_few_mentions_is_that_of_a_beta_binomial(
    mentions: int, part: float, usual: float, correlation: float
) -> None:
    negative = max(round(mentions * part), 1)
    if negative <= usual * mentions:
        return  # only ever asked above the usual share
    size = 1 / correlation - 1
    likely = stats.betabinom(mentions, usual * size, (1 - usual) * size)
    expected = sum(likely.pmf(range(negative, mentions + 1)))  # its sf is 1 - cdf, and rounds
    found = share_tail(negative, mentions, usual, correlation)
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-250)


@pytest.mark.parametrize("share", [0.25, 0.3, 0.4])
@pytest.mark.parametrize("correlation", [0.004, 0.02, 0.08])
def test_the_share_tail_of_many_mentions_agrees_closely_enough(
    share: float, correlation: float
) -> None:
    mentions, usual = 400, 0.2
    size = 1 / correlation - 1
    negative = round(share * mentions)
    exact = stats.betabinom.sf(negative - 1, mentions, usual * size, (1 - usual) * size)
    found = share_tail(negative, mentions, usual, correlation)
    assert found == pytest.approx(exact, rel=1, abs=1e-9)


def test_two_unlikely_things_together_are_less_likely_than_either() -> None:
    assert both(1e-3, 1e-3) == pytest.approx(1.48e-5, rel=0.01)
    assert both(1, 1) == 1
    assert 0 < both(0.0, 0.0) < 1e-290
