"""The severe rule: what cannot wait for a crowd, and what only sounds so."""

from typing import Any

import pytest

from listener.domain.incident import Finding, Severity
from listener.domain.voice import Voice
from listener.errors import QueryError
from listener.rules.severe.rule import SevereRule, SevereScene, by_words, joined
from listener.rules.severe.telling import Grave
from listener.rules.severe.words import LANGUAGES
from tests.builders import NOW, a_voice
from tests.rules.severe_sentences import SENTENCES, Sentence


def said(text: str, **more: Any) -> Voice:
    given: dict[str, Any] = {"language": "en", "confidence": 0.9} | more
    return a_voice(text=text, **given)


def kind(text: str, rule: SevereRule | None = None, **more: Any) -> Grave | None:
    why = (rule or SevereRule()).why(said(text, **more))
    return why[0] if why else None


def judge(*voices: Voice, rule: SevereRule | None = None) -> list[Finding]:
    scene = SevereScene(subject_id=1, subject="Acme", now=NOW, mentions=voices)
    return (rule or SevereRule())(scene)


def told(one: Sentence, **more: Any) -> Grave | None:
    return kind(one.text, language=one.language, **more)


def test_of_our_sentences_nearly_all_are_told_right_when_all_are_surely_negative() -> None:
    """The hardest case for precision: no label helps."""
    severe = [one for one in SENTENCES if one.kind]
    plain = [one for one in SENTENCES if not one.kind]
    missed = [one for one in severe if told(one) is None]
    false = [one for one in plain if told(one) is not None]
    assert len(severe) >= 60
    assert len(plain) >= 60
    assert len(missed) <= 0.05 * len(severe), missed
    assert len(false) <= 0.1 * len(plain), false


def test_telling_words_need_no_sure_label() -> None:
    severe = [one for one in SENTENCES if one.kind]
    found = [one for one in severe if told(one, sentiment="neutral", confidence=0.5)]
    assert len(found) >= 0.8 * len(severe)


def test_no_plain_sentence_is_told_of_without_a_sure_negative_label() -> None:
    plain = [one for one in SENTENCES if not one.kind]
    assert [one for one in plain if told(one, sentiment="neutral", confidence=0.9)] == []
    assert [one for one in plain if told(one, sentiment="negative", confidence=0.55)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_can_be_read_and_finds_something(language: str) -> None:
    tag = {"zh": "zh-Hant"}.get(language, language)
    own = [one for one in SENTENCES if one.language == tag and one.kind]
    assert own
    assert any(told(one) for one in own)


def test_words_of_a_language_are_looked_for_in_its_texts_only() -> None:
    assert kind("Die Feuerwehr", language="de") is Grave.SAFETY
    assert kind("Die Feuerwehr", language="fr") is None


@pytest.mark.parametrize("language", [None, "und"])
def test_where_no_language_is_known_all_lists_are_asked(language: str | None) -> None:
    assert kind("Mein Anwalt meldet sich", language=language) is Grave.LEGAL
    assert kind("my lawyer will call", language=language) is Grave.LEGAL


def test_of_a_language_that_has_no_list_the_english_words_are_looked_for() -> None:
    assert kind("Acme data breach, wat nu", language="nl") is Grave.LEGAL


def test_who_surely_praises_means_no_harm() -> None:
    text = "Acme helped after my daughter choked on a grape"
    assert kind(text, sentiment="positive", confidence=0.95) is None
    assert kind(text, sentiment="positive", confidence=0.6) is Grave.SAFETY


def test_what_is_denied_or_said_in_jest_is_taken_out_and_the_rest_is_read() -> None:
    assert kind("no one was injured, the queue is killing me") is None
    found = kind("the queue is killing me, and the charger caught fire")
    assert found is Grave.SAFETY


def test_a_threat_goes_before_the_law() -> None:
    text = "I am suing you, and I don't want to live any more"
    assert kind(text) is Grave.THREAT
    assert [k.value for k, _ in by_words(said(text))] == ["threat", "legal"]


def test_who_reaches_many_and_surely_complains_is_told() -> None:
    far: dict[str, Any] = {"followers": 100_001}
    assert kind("never again", **far) is Grave.REACH
    assert kind("never again", followers=100_000) is None
    assert kind("never again", confidence=0.55, **far) is None
    assert kind("lovely", sentiment="positive", **far) is None
    assert kind("never again", SevereRule(reach_above=200_000), **far) is None


def test_only_the_kinds_that_are_asked_for_are_told() -> None:
    rule = SevereRule(which=(Grave.LEGAL,))
    assert kind("my lawyer says the charger caught fire", rule) is Grave.LEGAL
    assert kind("the charger caught fire", rule) is None
    assert kind("my lawyer", SevereRule(which=())) is None


def test_words_of_the_users_own_alert_whatever_the_label() -> None:
    rule = SevereRule(words='"turbine 9" OR (strike sentiment:negative)')
    assert kind("turbine 9 hums", rule, sentiment="positive") is Grave.WORDS
    assert kind("a strike tomorrow", rule) is Grave.WORDS
    assert kind("a strike tomorrow", rule, sentiment="neutral") is None


def test_a_mistake_in_ones_own_words_is_refused() -> None:
    with pytest.raises(QueryError):
        SevereRule(words="turbine OR OR")


def test_a_copy_is_not_told_again() -> None:
    assert kind("the charger caught fire", copy_of=7) is None


def test_several_of_a_kind_are_one_finding_that_names_the_farthest_first() -> None:
    (finding,) = judge(
        said("my lawyer", id=1, author_id=1, name="x:1"),
        said("see you in court", id=2, author_id=2, name="x:2", followers=900),
        said("my lawyer again", id=3, author_id=1, name="x:3"),
    )
    assert finding.key == "severe:Acme:legal"
    assert finding.severity is Severity.HIGH
    assert finding.title == "Acme: 3 mentions speak of going to law"
    assert finding.why == (
        "3 mentions by 2 people; found by “see you in court”, “my lawyer”;"
        " the widest reach is 900 followers."
    )
    assert finding.mentions == (2, 1, 3)
    assert (finding.evidence["count"], finding.evidence["authors"]) == (3, 2)


def test_each_kind_is_a_finding_of_its_own_gravest_first() -> None:
    found = judge(
        said("my lawyer", id=1), said("the charger caught fire", id=2), said("fine", id=3)
    )
    assert [one.key for one in found] == ["severe:Acme:safety", "severe:Acme:legal"]
    assert found[0].title == "Acme: somebody may have come to harm"


def test_what_was_told_before_its_edit_is_not_told_again() -> None:
    scene = SevereScene(
        subject_id=1,
        subject="Acme",
        now=NOW,
        mentions=(said("my lawyer", id=1),),
        told=frozenset({1}),
    )
    assert SevereRule()(scene) == []


def test_an_open_incident_gathers_and_its_news_rests_on_what_is_new() -> None:
    (first,) = judge(said("my lawyer", id=1, author_id=1))
    (second,) = judge(said("my lawyer too", id=2, author_id=2))
    both = joined(second, first, "Acme")
    assert both.mentions == (2,)
    assert both.title == "Acme: 2 mentions speak of going to law"
    assert (both.evidence["count"], both.evidence["authors"]) == (2, 2)
    assert both.evidence["rows"] == [2, 1]
