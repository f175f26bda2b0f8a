"""Shares that creep up over weeks: a trend beyond chance, and no artefact."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Severity
from listener.domain.trend import Counted, Share, rising
from listener.rules.creeping import CreepingRule, CreepingScene
from tests.builders import NOW

LEVEL = [0.2, 0.21, 0.19, 0.2, 0.22, 0.18, 0.2, 0.19, 0.21, 0.2, 0.2, 0.21, 0.19, 0.2, 0.2, 0.21]
CREEP = [0.2, 0.23, 0.25, 0.27, 0.3, 0.31, 0.34, 0.36, 0.37, 0.4]
WEEKS = [*LEVEL, *CREEP]


def weeks_of(shares: Sequence[float], count: int = 300) -> list[Share | None]:
    return [Share(count, round(count * share)) for share in shares]


def a_scene(
    shares: Sequence[float] = WEEKS,
    parts: Sequence[tuple[Counted, ...]] | None = None,
    **more: object,
) -> CreepingScene:
    weeks = [one for one in weeks_of(shares) if one is not None]
    usual = [(Counted("x", "m@1", round(w.all), round(w.some)),) for w in weeks]
    return CreepingScene(
        subject_id=1,
        subject="Acme",
        channel=None,
        now=NOW,
        weeks=tuple(weeks),
        starts=tuple(NOW - timedelta(weeks=len(weeks) - n) for n in range(len(weeks))),
        parts=tuple(parts if parts is not None else usual),
        **more,  # type: ignore[arg-type]
    )


def test_a_share_that_creeps_up_is_found_with_its_figures() -> None:
    (finding,) = CreepingRule()(a_scene(rows=(7, 8)))
    assert finding.title == "Acme: the negative share crept from 20% to 39% in 12 weeks"
    assert finding.severity is Severity.HIGH
    assert finding.key == "creeping:Acme"
    assert finding.mentions == (7, 8)
    assert finding.evidence["usual_share"] == pytest.approx(0.2, abs=0.02)
    assert finding.evidence["share"] == pytest.approx(0.39, abs=0.02)
    assert len(finding.evidence["by_week"]) == len(WEEKS)


@pytest.mark.parametrize(
    ("why", "shares"),
    [
        ("level", [*LEVEL, *LEVEL[:10]]),
        ("it falls", [*LEVEL, *(0.4 - s for s in CREEP)]),
        ("one bad week at the end", [*LEVEL, *LEVEL[:9], 0.6]),
        ("one bad week in the middle", [*LEVEL, *LEVEL[:5], 0.6, *LEVEL[:4]]),
        ("less than five points", [*LEVEL, *(0.2 + n * 0.004 for n in range(10))]),
        ("a dip that is over", [*[s + 0.2 for s in LEVEL], 0.2, 0.2, *CREEP]),
        ("it always wanders", [0.2, 0.25, 0.3, 0.35, 0.4, 0.35, 0.3, 0.25] * 3),
    ],
)
def test_what_is_no_creeping_is_not_found(why: str, shares: Sequence[float]) -> None:
    assert CreepingRule()(a_scene(shares)) == [], why


def test_few_mentions_are_not_enough() -> None:
    assert rising(weeks_of(WEEKS, count=300), 0.05, 200) is not None
    assert rising(weeks_of(WEEKS, count=15), 0.05, 200) is None


def test_weeks_that_jump_about_prove_less_than_their_counts() -> None:
    jumps = [s + (0.15 if n % 2 else -0.15) for n, s in enumerate(WEEKS)]
    assert rising(weeks_of(jumps), 0.05, 200) is None


def test_a_step_of_the_model_is_no_rise() -> None:
    stepped = [*[0.2] * 20, *[0.35] * 6]
    models = ["m@1"] * 20 + ["m@2"] * 6
    parts = [
        (Counted("x", model, 300, round(300 * share)),)
        for model, share in zip(models, stepped, strict=True)
    ]
    rule = CreepingRule()
    assert rule(a_scene(stepped, parts)) == []
    assert rule(a_scene(stepped)) != []


def test_what_rises_after_the_model_changed_is_found_by_the_new_one_alone() -> None:
    shares = [*[0.5] * 14, *CREEP, 0.42, 0.44]
    models = ["m@1"] * 14 + ["m@2"] * 12
    parts = [
        (Counted("x", model, 300, round(300 * share)),)
        for model, share in zip(models, shares, strict=True)
    ]
    (finding,) = CreepingRule()(a_scene(shares, parts))
    assert finding.evidence["by_week"][0]["share"] is None


def test_a_new_source_that_is_always_angry_is_no_rise() -> None:
    parts, shares = [], []
    for week in range(26):
        angry = max(0, week - 15) * 30
        parts.append(
            (Counted("x", "m@1", 300, 60), Counted("reviews", "m@1", angry, angry * 4 // 5))
        )
        shares.append((60 + angry * 0.8) / (300 + angry))
    rule = CreepingRule()
    assert rule.may_rise([one for one in weeks_of(shares) if one is not None])
    assert rule(a_scene(shares, parts)) == []


def test_more_of_a_source_that_was_always_angry_is_no_rise() -> None:
    parts, shares = [], []
    for week in range(26):
        angry = 40 + max(0, week - 15) * 30
        parts.append(
            (Counted("x", "m@1", 300, 60), Counted("reviews", "m@1", angry, angry * 4 // 5))
        )
        shares.append((60 + angry * 0.8) / (300 + angry))
    assert CreepingRule()(a_scene(shares, parts)) == []


def test_what_was_told_lately_is_told_again_only_when_it_is_worse() -> None:
    rule = CreepingRule()
    assert rule(a_scene(told=0.38)) == []
    assert len(rule(a_scene(told=0.3))) == 1


@given(
    st.lists(
        st.one_of(
            st.none(), st.tuples(st.integers(0, 500), st.floats(0, 1)).map(
                lambda pair: Share(pair[0], round(pair[0] * pair[1]))
            )
        ),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_the_weeks_are_a_rise_is_a_rise(weeks: list[Share | None]) -> None:
    rise = rising(weeks, 0.05, 200)
    if rise is not None:
        assert 0 <= rise.start < rise.end <= 1
        assert rise.points >= 0.05
