import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.digest import (
    Counts,
    DigestData,
    Outcome,
    Share,
    SubjectWeek,
    Theme,
    change,
    got_better,
    share_of_voice,
    verdict,
    verdict_on,
)
from listener.domain.label import Sentiment
from listener.domain.subject import Role
from tests.texts.digests import (
    ACME,
    COYOTE,
    CRISIS,
    FEW,
    NOTHING,
    SECOND,
    TEAM,
    TEAM_NOTHING,
    TEAM_QUIET,
    TWO_BRANDS,
    counts,
)


def a_brand(now: Counts, before: Counts | None = None, *themes: Theme) -> SubjectWeek:
    return SubjectWeek(name="Acme", role=Role.BRAND, now=now, before=before, topics=themes)


def a_theme(negative: int) -> Theme:
    return Theme(name="delivery", mentions=negative, negative=negative)


@pytest.mark.parametrize("data", [CRISIS, NOTHING, FEW, TWO_BRANDS, TEAM, TEAM_NOTHING])
def test_a_kept_digest_reads_back_the_same(data: DigestData) -> None:
    assert DigestData.from_json(json.loads(json.dumps(data.to_json()))) == data


def test_a_digest_kept_before_a_field_was_added_still_reads() -> None:
    kept = CRISIS.to_json()
    del kept["late_arrivals"]
    kept["once_was"] = 1
    assert DigestData.from_json(kept) == replace(CRISIS, late_arrivals=0)


def test_a_share_of_nothing_is_no_number() -> None:
    assert Share(0, 0).value is None
    assert change(Share(1, 2), Share(0, 0)) is None
    assert change(Share(1, 2), None) is None


def test_unlabelled_mentions_have_no_part_in_shares() -> None:
    assert counts(10, 5, 5, unlabelled=80).share(Sentiment.NEGATIVE) == Share(10, 20)


def test_a_clear_change_is_certain_and_a_small_one_is_not() -> None:
    clear, small = change(Share(128, 412), Share(71, 309)), change(Share(30, 100), Share(27, 100))
    assert clear is not None
    assert small is not None
    assert clear.certain
    assert round(clear.points, 1) == 8.1
    assert not small.certain


def test_the_test_agrees_with_the_n_minus_one_chi_squared_of_scipy() -> None:
    found = change(Share(31, 80), Share(20, 90))
    assert found is not None
    # the value is from scipy: chi2_contingency without correction, times 169 / 170
    assert found.p_value == pytest.approx(0.01926993366)


def test_below_twenty_nothing_is_certain() -> None:
    found = change(Share(19, 19), Share(0, 500))
    assert found is not None
    assert not found.certain


shares = st.integers(0, 3000).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_a_change_turned_round_is_the_same_the_other_way(now: Share, before: Share) -> None:
    there, back = change(now, before), change(before, now)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.points == pytest.approx(-back.points)
        assert there.p_value == pytest.approx(back.p_value)
        assert 0 <= there.p_value <= 1


@pytest.mark.parametrize(
    ("now", "before", "outcome"),
    [
        (Counts(), counts(5, 5, 5), Outcome.NOTHING),
        (counts(10, 5, 4), counts(50, 50, 50), Outcome.FEW),
        (counts(0, 0, 0, unlabelled=90), counts(50, 50, 50), Outcome.FEW),
        (counts(10, 5, 5), None, Outcome.FIRST),
        (counts(10, 5, 5), counts(2, 5, 5), Outcome.FIRST),
        (counts(30, 40, 30), counts(27, 43, 30), Outcome.STEADY),
        (counts(60, 20, 20), counts(20, 40, 40), Outcome.WORSE),
        (counts(20, 40, 40), counts(60, 20, 20), Outcome.BETTER),
    ],
)
def test_the_outcome_follows_from_the_counts(
    now: Counts, before: Counts | None, outcome: Outcome
) -> None:
    assert verdict_on(a_brand(now, before), fully_read=True).outcome is outcome


def test_silence_with_gaps_is_not_called_quiet() -> None:
    assert verdict_on(a_brand(Counts()), fully_read=False).outcome is Outcome.UNHEARD


def test_a_cause_is_in_a_quarter_of_the_negatives_or_is_none() -> None:
    now = counts(40, 30, 30)
    assert verdict_on(a_brand(now, None, a_theme(9)), fully_read=True).cause is None
    assert verdict_on(a_brand(now, None, a_theme(10)), fully_read=True).cause == a_theme(10)


def test_the_brand_that_got_worse_leads() -> None:
    calm = replace(SECOND, name="Calm")
    found = verdict(replace(CRISIS, subjects=(calm, ACME, COYOTE)))
    assert found is not None
    assert found.subject == ACME
    assert verdict(replace(CRISIS, subjects=(COYOTE,))) is None


def test_only_a_fall_beyond_chance_got_better() -> None:
    assert [theme.name for theme in got_better(ACME)] == ["app"]
    assert got_better(replace(ACME, before=None)) == ()


def test_shares_of_voice_add_up_and_leave_influencers_out() -> None:
    star = SubjectWeek(name="Star", role=Role.INFLUENCER, now=counts(100, 100, 100))
    rows = share_of_voice((COYOTE, ACME, star))
    assert [row.name for row in rows] == ["Acme", "Coyote Air"]
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert share_of_voice((ACME,)) == ()


def test_the_share_of_voice_is_net_of_comparisons() -> None:
    acme = SubjectWeek(name="Acme", role=Role.BRAND, now=Counts(mentions=30))
    boreal = SubjectWeek(name="Boreal", role=Role.COMPETITOR, now=Counts(mentions=20, beaten=10))
    assert [row.share for row in share_of_voice((acme, boreal))] == [0.75, 0.25]


def test_the_cause_of_a_rise_is_what_grew_and_not_what_is_always_largest() -> None:
    always = Theme(name="service", mentions=60, negative=50, mentions_before=60, negative_before=50)
    grew = Theme(name="delivery", mentions=45, negative=40, mentions_before=5, negative_before=4)
    brand = a_brand(counts(110, 90, 50), counts(70, 120, 60), always, grew)
    found = verdict_on(brand, fully_read=True)
    assert (found.outcome, found.cause, found.rose) == (Outcome.WORSE, grew, True)
    steady = verdict_on(replace(brand, before=brand.now), fully_read=True)
    assert (steady.cause, steady.rose) == (always, False)


def test_a_team_that_nobody_spoke_of_but_waited_for_was_quiet_and_not_idle() -> None:
    outcomes = [verdict(data).outcome for data in (TEAM_QUIET, TEAM_NOTHING)]  # type: ignore[union-attr]
    assert outcomes == [Outcome.QUIET, Outcome.NOTHING]


def test_a_topic_of_a_team_is_measured_against_all_that_was_said() -> None:
    """Where fewer complain in all, their share of what is left says nothing."""
    fell = Theme(name="delivery", mentions=20, negative=18, mentions_before=80, negative_before=72)
    team = SubjectWeek(
        name="Logistics",
        role=Role.BRAND,
        now=counts(18, 1, 1),
        before=counts(72, 4, 4),
        whole=counts(60, 200, 140),
        whole_before=counts(110, 180, 110),
        topics=(fell,),
    )
    assert got_better(team) == (fell,)
