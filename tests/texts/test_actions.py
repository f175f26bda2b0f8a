"""The built-in entries: practice of customer experience, in each of our languages."""

from typing import Any

import pytest

from listener.domain.actions import Pack, Signal
from listener.texts import actions_en
from listener.texts.actions import TEXTS, built_in

PACK = Pack(actions=built_in("en"))


@pytest.mark.parametrize("language", TEXTS)
def test_every_language_says_what_to_do_in_its_own_words(language: str) -> None:
    texts = TEXTS[language]
    assert set(texts.ACTIONS) == set(actions_en.ACTIONS)
    assert set(texts.MEANINGS) == set(actions_en.MEANINGS)
    same = {k for k, v in texts.ACTIONS.items() if v == actions_en.ACTIONS[k]}
    assert language == "en" or not same


def test_of_mentions_it_is_said_in_few_words() -> None:
    assert max(len(actions_en.ACTIONS[name]) for name in actions_en.MEANINGS) <= 60


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"name": "spike"}, "Read what they share"),
        ({"name": "severe.legal"}, "legal team"),
        ({"name": "severe.threat"}, "emergency services"),
        ({"name": "competitor.opening"}, "learn what to avoid"),
        ({"name": "competitor.warning"}, "ready before you are asked"),
        ({"name": "influencer.praise", "role": "brand"}, "open a conversation"),
        ({"name": "influencer.criticism", "role": "brand"}, "who may decide"),
        ({"name": "influencer.praise", "role": "competitor"}, "Nobody waits"),
        ({"name": "response.overdue"}, "Answer now"),
        ({"name": "rating_drop"}, "Read the low ones"),
        ({"name": "mention", "intents": ("churn",), "sentiment": "negative"}, "the reason"),
        ({"name": "mention", "topics": ("billing",), "sentiment": "negative"}, "before they call"),
        ({"name": "mention", "sentiment": "positive"}, "Thank them, and talk"),
        ({"name": "mention", "sentiment": "positive", "reach": 20_000}, "open a conversation"),
        ({"name": "mention", "intents": ("question",)}, "where they looked"),
        ({"name": "mention", "sentiment": "negative", "standing": "critic"}, "Win them back"),
        ({"name": "mention", "sentiment": "negative", "channel": "review"}, "within the week"),
        ({"name": "mention", "sentiment": "negative", "role": "competitor"}, "what to avoid"),
        ({"name": "mention", "intents": ("defect",)}, "version and steps"),
        ({"name": "mention", "intents": ("wish",), "sentiment": "positive"}, "product team"),
        ({"name": "mention", "intents": ("purchase",), "sentiment": "positive"}, "to decide"),
        ({"name": "mention"}, "Read it"),
    ],
)
def test_each_signal_has_its_action(known: dict[str, Any], said: str) -> None:
    assert said in PACK.choose(Signal(**known)).action


def test_a_rule_that_says_itself_what_to_do_is_left_to_it() -> None:
    assert PACK.choose(Signal(name="quiet_source.away")).action == ""
