"""The spike rule: an alarm becomes a finding if a crowd, and not one person, is behind it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Severity
from listener.domain.part import Part
from listener.domain.voice import Crowd, Voice
from listener.rules.spike.parts import Risen
from listener.rules.spike.rule import SpikeRule, chance_in_words, key_of
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Rival
from tests.builders import MINUTE, NOW, a_voice

ALARM = {
    "at": "2026-11-22T12:10:00Z",
    "opened_at": "2026-11-22T12:10:00Z",
    "started_at": "2026-11-22T12:00:00Z",
    "window_minutes": 15,
    "mentions": 40,
    "negative": 25,
    "expected": 1.2,
    "lift": 20.8,
    "excess_per_hour": 23.8,
    "share": 0.625,
    "usual_share": 0.25,
    "p_value": 1e-9,
    "p_volume": 1e-8,
    "p_share": 1e-5,
    "p_given_others": 1e-7,
    "severity": "high",
    "learning": False,
}


def a_scene(negatives: tuple[Voice, ...], **alarm: Any) -> SpikeScene:
    return SpikeScene(
        subject_id=1,
        subject="Acme",
        now=NOW,
        alarm=ALARM | alarm,
        negatives=negatives,
        people=Crowd.of(negatives),
    )


def a_crowd(people: int, **changes: Any) -> tuple[Voice, ...]:
    return tuple(a_voice(n, said_at=NOW + n * MINUTE, **changes) for n in range(1, people + 1))


def test_a_crowd_is_a_finding_with_its_receipt() -> None:
    finding = SpikeRule()(a_scene(a_crowd(25)))
    assert finding is not None
    assert finding.key == key_of("Acme") == "spike:Acme"
    assert finding.title == "Acme: 25 negative mentions in 15 min"
    assert "25 of 40 mentions" in finding.why
    assert finding.evidence.keys() >= {
        "window_minutes", "mentions", "negative", "expected", "lift", "p_value", "share",
        "usual_share", "authors", "clusters", "started_at", "first_mention",
    }  # fmt: skip
    assert finding.evidence["first_mention"]["id"] == "x:1"
    assert (finding.evidence["authors"], finding.evidence["clusters"]) == (25, 25)


@given(people=st.integers(1, 12), things=st.integers(1, 12))
def test_it_takes_five_people_and_five_things_said(people: int, things: int) -> None:
    voices = tuple(
        a_voice(n, author_id=n % people + 1, copy_of=None if n <= things else (n % things) + 1)
        for n in range(1, max(people, things) + 1)
    )
    authors = len({v.author_id for v in voices})
    finding = SpikeRule()(a_scene(voices))
    assert (finding is not None) == (authors >= 5 and things >= 5)


@pytest.mark.parametrize(("people", "told"), [(5, False), (7, False), (8, True)])
def test_in_the_first_two_weeks_it_takes_eight(people: int, told: bool) -> None:
    assert (SpikeRule()(a_scene(a_crowd(people), learning=True)) is not None) is told


def test_one_person_in_many_words_is_no_crowd() -> None:
    assert SpikeRule()(a_scene(a_crowd(30, author_id=7))) is None


def test_labels_in_doubt_make_no_crowd() -> None:
    doubtful = tuple(
        a_voice(n, said_at=NOW + n * MINUTE, confidence=0.5 if n > 4 else 0.9) for n in range(1, 13)
    )
    assert SpikeRule()(a_scene(doubtful)) is None
    surely = tuple(replace(v, confidence=0.9) if v.id == 5 else v for v in doubtful)
    finding = SpikeRule()(a_scene(surely))
    assert finding is not None
    assert finding.evidence["authors"] == 12


def test_only_many_people_make_it_critical() -> None:
    for people, severity in ((19, Severity.HIGH), (20, Severity.CRITICAL)):
        finding = SpikeRule()(a_scene(a_crowd(people), severity="critical"))
        assert finding is not None
        assert finding.severity is severity


def test_the_first_to_speak_leads_and_copies_are_left_out() -> None:
    copies = tuple(a_voice(n, copy_of=1) for n in range(50, 60))
    finding = SpikeRule()(a_scene((*a_crowd(30), *copies)))
    assert finding is not None
    assert finding.mentions[0] == 1
    assert len(finding.mentions) == len(set(finding.mentions)) == 20
    assert not set(finding.mentions) & {v.id for v in copies}
    assert finding.evidence["copies"] == 10
    assert finding.evidence["copied"] == {
        "x:50": {
            "mentions": 11,
            "authors": 11,
            "sources": ["x"],
            "first_said_at": "2026-11-22T12:00:00Z",
            "last_said_at": "2026-11-22T12:01:00Z",
        }
    }


def test_those_who_reach_most_are_quoted() -> None:
    loud = a_voice(99, followers=10**6, said_at=NOW + 90 * MINUTE)
    finding = SpikeRule()(a_scene((*a_crowd(30), loud)))
    assert finding is not None
    assert 99 in finding.mentions[:3]
    assert finding.evidence["loudest"] == {
        "id": "x:99",
        "said_at": "2026-11-22T13:30:00Z",
        "followers": 10**6,
    }


def test_while_it_learns_it_says_so() -> None:
    finding = SpikeRule()(a_scene(a_crowd(9), learning=True))
    assert finding is not None
    assert "still learning" in finding.why


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (1e-12, "less than once in ten thousand years"),
        (1e-8, "about once in 1,000 years"),
        (1e-5, "about once in 300 days"),
        (0.5, "may be chance"),
        (0.0, "less than once in ten thousand years"),
    ],
)
def test_chance_is_told_in_words(p_value: float, words: str) -> None:
    assert words in chance_in_words(p_value)


def test_a_part_is_named_in_key_title_and_finding() -> None:
    finding = SpikeRule()(replace(a_scene(a_crowd(9)), part=Part("all", "billing")))
    assert finding is not None
    assert finding.key == "spike:Acme:topic:billing"
    assert (finding.channel, finding.topic) == (None, "billing")
    assert finding.title == "Acme, billing: 25 negative mentions in 15 min"


def test_the_receipt_says_which_parts_rose_and_whose_trouble_it_is() -> None:
    risen = tuple(
        Risen(part=part, negative=n, expected=0.5)
        for part, n in ((Part("review"), 9), (Part("all", "billing"), 20))
    )
    rival = Rival(name="Boreal", negative=2, before=(2, 1, 0, 3, 2, 1, 2))
    finding = SpikeRule()(replace(a_scene(a_crowd(9)), parts=risen, rivals=(rival,)))
    assert finding is not None
    assert "Mostly: billing, reviews." in finding.why
    assert "Acme alone: Boreal is as usual." in finding.why
    evidence = finding.evidence
    assert evidence["whose"] == "ours"
    assert evidence["rivals"][0]["usual"] == pytest.approx(1.57)
    assert evidence["parts"][0] == {
        "channel": "review", "topic": None, "negative": 9, "expected": 0.5,
    }  # fmt: skip


def test_the_topics_that_rose_are_told_against_their_usual_counts() -> None:
    voices = a_crowd(6, topics=("billing", "seats")) + a_crowd(2, topics=("food",))
    usual = {"billing": 0.5, "seats": 4.0, "food": 0.01}
    finding = SpikeRule()(replace(a_scene(voices), topics=usual))
    assert finding is not None
    assert finding.evidence["topics"] == {"billing": 6, "seats": 6, "food": 2}
    assert finding.evidence["topics_risen"] == [{"topic": "billing", "negative": 6, "usual": 0.5}]


def test_those_who_reached_most_are_listed_with_their_followers() -> None:
    loud = tuple(a_voice(n, followers=n * 100, said_at=NOW + 40 * MINUTE) for n in range(50, 54))
    finding = SpikeRule()(a_scene((*a_crowd(6), *loud)))
    assert finding is not None
    assert [(r["id"], r["followers"]) for r in finding.evidence["reached"]] == [
        ("x:53", 5300), ("x:52", 5200), ("x:51", 5100),
    ]  # fmt: skip


def test_during_a_known_event_it_says_so() -> None:
    scene = replace(a_scene(a_crowd(9)), events=("Black Friday",))
    finding = SpikeRule()(scene)
    assert finding is not None
    assert "During Black Friday." in finding.why
    worse = "already 3 times as many negatives as in the same hours of Black Friday 2025"
    finding = SpikeRule()(replace(scene, beyond_last=worse))
    assert finding is not None
    assert f"During Black Friday: {worse}." in finding.why
    assert finding.evidence["events"] == ["Black Friday"]
    assert finding.evidence["beyond_last"] == worse
