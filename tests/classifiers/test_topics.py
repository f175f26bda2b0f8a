"""Topics by a line, examples, keywords and, in the end, by what people said."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from classifiers.topics import (
    FEW,
    SHIPPED,
    ByWords,
    Labelled,
    Topic,
    Topics,
    Usual,
    built_in,
    fingerprint,
    with_own,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

BAGS: Final = Topic("bags", "lost luggage", keywords=("bag*",))
FOOD: Final = Topic("food", "meals and drinks", keywords=("meal",))
CREW: Final = Topic("crew", "rude stewards")
ALL: Final = (BAGS, FOOD, CREW)
SENSES: Final = (
    ("luggage", "suitcase"),
    ("meal", "supper"),
    ("crew", "steward"),
    ("hello", "hi ", "trolley", "gate"),  # of no topic
)
LANGUAGES: Final = set("en hu de fr es pt it nl pl ru tr id zh ja ko ar hi th vi".split())  # noqa: SIM905


def embed(texts: Sequence[str]) -> "list[NDArray[np.float32] | None]":
    """Texts point to what their words mean; all share most of their direction, as e5's do."""
    made = []
    for text in texts:
        vector = np.full(8, 1.0)
        for at, words in enumerate(SENSES):
            vector[at] += 0.6 * sum(word in text for word in words)
        made.append(np.asarray(vector / np.linalg.norm(vector), np.float32))
    return [None if "venom" in text else v for text, v in zip(texts, made, strict=True)]


def told(model: Topics, *texts: str) -> list[tuple[str, ...]]:
    return model.told(texts, [v for v in embed(texts) if v is not None])


WHAT: Final = ("suitcase", "supper", "steward", "hi there", "hi all", "hi you", "hello")
USUAL: Final = [f"{what} {n}" for n in range(5) for what in WHAT]


def a_model(topics: Sequence[Topic] = ALL, labelled: Sequence[Labelled] = ()) -> Topics:
    usual = Usual(USUAL, [v for v in embed(USUAL) if v is not None])
    return Topics(topics, embed, usual=usual, labelled=labelled)


def test_a_line_is_enough() -> None:
    found = told(a_model(), "my suitcase never came", "a cold supper", "hello there")
    assert found == [("bags",), ("food",), ()]


def test_a_text_may_be_about_several() -> None:
    (found,) = told(a_model(), "suitcase, supper")
    assert set(found) == {"bags", "food"}


def test_a_keyword_tells_what_the_vector_does_not() -> None:
    assert told(a_model(), "where is my bag") == [("bags",)]


def test_an_example_tells_what_the_line_does_not() -> None:
    noise = "the trolley squeaks at night"
    assert told(a_model(), noise) == [()]
    with_example = Topic("trolley", "zzz", examples=(noise,))
    assert told(a_model((*ALL, with_example)), f"{noise} again") == [("trolley",)]


def test_words_alone_tell_topics_by_their_keywords() -> None:
    found = ByWords(ALL).told(["my bags and a meal", "suitcase"])
    assert [set(one) for one in found] == [{"bags", "food"}, set()]


def test_people_teach_a_topic_that_no_line_describes() -> None:
    queue = Topic("queue", "zzz steward")  # its line misleads
    texts = [f"we waited {n} hours at the gate" for n in range(FEW // 2)]
    texts += [f"a good supper number {n}" for n in range(FEW // 2)]
    names = [frozenset({"queue"})] * (FEW // 2) + [frozenset({"food"})] * (FEW // 2)
    vectors = [v for v in embed(texts) if v is not None]
    labelled = [Labelled(*row) for row in zip(texts, vectors, names, strict=True)]
    asked = "again waited two hours at that gate"
    assert "queue" not in told(a_model((*ALL, queue)), asked)[0]
    model = a_model((*ALL, queue), labelled)
    assert told(model, asked, "my suitcase is gone", "supper") == [("queue",), ("bags",), ("food",)]
    scores = model.scores([asked], np.array(embed([asked])))
    assert scores.argmax() == 3


def test_a_definition_without_a_vector_is_refused() -> None:
    with pytest.raises(ValueError, match="can have no vector"):
        a_model((Topic("x", "venom"),))


def test_ones_own_topic_stands_in_for_one_that_ships() -> None:
    own = Topic("Delivery", "by drone")
    mixed = with_own([own, CREW], built_in())
    assert mixed[:2] == (own, CREW)
    assert [t.name for t in mixed if t.name.casefold() == "delivery"] == ["Delivery"]
    assert len(mixed) == len(built_in()) + 1


def test_other_words_are_other_topics() -> None:
    assert fingerprint(ALL) != fingerprint((*ALL[:2], Topic("crew", "rude people")))


def test_what_ships_has_keywords_in_every_language() -> None:
    for file in SHIPPED.glob("*.toml"):
        assert tomllib.loads(file.read_text("utf-8"))["keywords"].keys() >= LANGUAGES, file.name


def test_the_keywords_that_ship_find_the_examples() -> None:
    topics = built_in()
    words = ByWords(topics)
    for topic in topics:
        for example, names in zip(topic.examples, words.told(topic.examples), strict=True):
            assert topic.name in names, example


def test_a_name_alone_keeps_the_definition_that_ships() -> None:
    (shipped,) = (topic for topic in built_in() if topic.name == "delivery")
    mixed = with_own([Topic("Delivery"), Topic("crew")], built_in())
    assert mixed[0] == replace(shipped, name="Delivery")
    assert mixed[1] == Topic("crew")
    assert len(mixed) == len(built_in()) + 1
