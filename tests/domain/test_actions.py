"""What to do about a signal: the first entry that fits."""

from typing import Any

import pytest

from listener.domain.actions import Action, Pack, Signal, signal_of
from listener.domain.incident import Event
from listener.domain.standing import score_of, standing_of
from tests.builders import a_finding


def a_signal(**changes: Any) -> Signal:
    given: dict[str, Any] = {
        "name": "mention",
        "sentiment": "negative",
        "topics": ("Delivery", "staff"),
        "intents": ("complaint",),
        "channel": "social",
        "role": "brand",
        "standing": "critic",
        "reach": 500,
    }
    return Signal(**(given | changes))


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({}, True),
        ({"on": ("mention",)}, True),
        ({"on": ("severe", "mention")}, True),
        ({"on": ("ment",)}, False),
        ({"sentiment": ("negative", "neutral")}, True),
        ({"sentiment": ("positive",)}, False),
        ({"topic": ("delivery",)}, True),  # whatever its capitals
        ({"topic": ("billing",)}, False),
        ({"intent": ("complaint",)}, True),
        ({"intent": ("question",)}, False),
        ({"channel": ("review",)}, False),
        ({"role": ("competitor",)}, False),
        ({"standing": ("critic",)}, True),
        ({"standing": ("promoter",)}, False),
        ({"min_reach": 500}, True),
        ({"min_reach": 501}, False),
        ({"topic": ("delivery",), "sentiment": ("positive",)}, False),  # all must hold
    ],
)
def test_an_entry_fits_where_every_condition_holds(condition: dict[str, Any], fits: bool) -> None:
    assert Action(action="do", **condition).fits(a_signal()) is fits


def test_what_is_not_known_fits_no_condition() -> None:
    unknown = Signal(name="mention")
    assert not Action(sentiment=("negative",)).fits(unknown)
    assert not Action(min_reach=1).fits(unknown)


def test_the_name_of_a_signal_stands_for_all_its_kinds() -> None:
    legal = Signal(name="severe.legal")
    assert Action(on=("severe",)).fits(legal)
    assert Action(on=("severe.legal",)).fits(legal)
    assert not Action(on=("severe.press",)).fits(legal)


def test_the_first_that_fits_says_what_to_do_and_who() -> None:
    pack = Pack(
        actions=(
            Action(action="call", team="keys", sentiment=("positive",)),
            Action(action="mend", on=("mention",)),
            Action(action="never", team="never"),
        ),
        topic_teams={"staff": "people"},
    )
    assert pack.choose(a_signal(sentiment="positive")).team == "keys"
    chosen = pack.choose(a_signal())
    assert (chosen.action, chosen.team) == ("mend", "people")  # the topic's, for it names none
    assert pack.choose(a_signal(topics=())).team == ""


def test_an_alert_is_named_by_its_rule_and_kind() -> None:
    event = Event.SPIKE_OPENED
    spike = a_finding(rule="spike", topic=None, evidence={"topics": {"bags": 9, "staff": 2}})
    assert signal_of(spike, event, "brand") == Signal(
        name="spike", topics=("bags", "staff"), channel=spike.channel, role="brand"
    )
    severe = a_finding(rule="severe", evidence={"kind": "legal"})
    assert signal_of(severe, Event.MENTION_SEVERE, None).name == "severe.legal"
    rival = a_finding(rule="competitor", evidence={"means": "warning"})
    assert signal_of(rival, Event.COMPETITOR_TROUBLE, None).name == "competitor.warning"
    late = a_finding(rule="response", evidence={})
    assert signal_of(late, Event.RESPONSE_OVERDUE, None).name == "response.overdue"


@pytest.mark.parametrize(
    ("sentiment", "stars", "score"),
    [
        ("positive", None, 1),
        ("neutral", None, 0),
        ("negative", None, -1),
        (None, None, 0),
        (None, 5, 1),
        ("positive", 4, 0),
        ("neutral", 3, -1),
        ("negative", 5, 0),  # they contradict each other
        ("positive", 1, 0),
    ],
)
def test_a_mention_scores_by_stars_and_words(
    sentiment: str | None, stars: float | None, score: int
) -> None:
    assert score_of(sentiment, stars) == score


def test_two_for_one_make_a_promoter_or_a_critic() -> None:
    assert standing_of(1 + 1 - 1, 3) == "promoter"
    assert standing_of(1 - 1 - 1, 3) == "critic"
    assert standing_of(1 - 1, 2) == "passive"
    assert standing_of(1, 4) == "passive"
