"""Sixty sentences of our own in twelve languages, as a team that answers customers sees them."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from classifiers import LABELS, Classifier, detect, load

TABLE = Path(__file__).with_name("sentences.jsonl")
LANGUAGES = {"en", "zh-Hans", "zh-Hant", "hu", "de", "es", "fr", "pt", "it", "ja", "ko", "ar"}
TRAITS = ("plain", "question", "comparison", "negation", "emoji", "sarcasm", "mixed languages")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the label that anybody who reads it would give."""

    text: str
    language: str
    label: str
    trait: str


SENTENCES = tuple(Sentence(**json.loads(line)) for line in TABLE.read_text("utf-8").splitlines())


def score(classifier: Classifier) -> tuple[int, list[tuple[Sentence, str]]]:
    """Say how many the classifier gets right, and which it gets wrong, with what it says."""
    made = classifier.predict([sentence.text for sentence in SENTENCES])
    wrong = [
        (sentence, prediction.label)
        for sentence, prediction in zip(SENTENCES, made, strict=True)
        if prediction.label != sentence.label
    ]
    return len(SENTENCES) - len(wrong), wrong


def test_there_are_sixty_sentences_in_twelve_languages() -> None:
    languages = Counter(sentence.language for sentence in SENTENCES)
    assert set(languages.values()) == {5}
    assert set(languages) == LANGUAGES
    assert len({sentence.text for sentence in SENTENCES}) == 60


def test_the_labels_are_even() -> None:
    assert Counter(sentence.label for sentence in SENTENCES) == dict.fromkeys(LABELS, 20)


def test_each_language_has_every_label() -> None:
    pairs = {(sentence.language, sentence.label) for sentence in SENTENCES}
    assert len(pairs) == 12 * len(LABELS)


def test_the_hard_kinds_are_there() -> None:
    traits = Counter(sentence.trait for sentence in SENTENCES)
    assert set(traits) == set(TRAITS)
    assert traits["negation"] == 20
    assert traits["emoji"] == 10
    assert traits["sarcasm"] == 6
    assert traits["mixed languages"] == 6
    negated = [sentence.label for sentence in SENTENCES if sentence.trait == "negation"]
    assert set(negated) == set(LABELS)  # a "not" alone must not decide


def test_their_languages_are_detected() -> None:
    found = [language for language, _ in detect(sentence.text for sentence in SENTENCES)]
    known = [sentence.language.replace("zh-Hans", "zh") for sentence in SENTENCES]
    assert found == known


def test_the_model_that_ships_gets_four_of_five_right() -> None:
    right, wrong = score(load("default"))
    assert right >= 48, wrong
