"""What a text says of each name: which words are its own, and how names are compared."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from classifiers.base import LABELS, Prediction
from classifiers.comparing import MOST_NAMES, Said, relations
from classifiers.naming import Named, Towards
from classifiers.supervised import Poison, Supervised
from classifiers.towards import said_of, towards

WORKER = str(Path(__file__).with_name("crashing_worker.py"))


def named(text: str, *names: str) -> Named:
    """A text with these names, wherever they stand."""
    return Named(
        text, tuple(tuple(m.span() for m in re.finditer(re.escape(name), text)) for name in names)
    )


class ByWord:
    """Tells what a text is by the words good and bad; of equals neither."""

    name = version = "by word"
    labels = LABELS

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._of(text) for text in texts]

    @staticmethod
    def _of(text: str) -> Prediction:
        good, bad = text.count("good"), text.count("bad")
        if good == bad:
            return Prediction.of(0.2, 0.6, 0.2)
        return Prediction.of(0.1, 0.1, 0.8) if good > bad else Prediction.of(0.8, 0.1, 0.1)

    def close(self) -> None:
        pass


def sentiments(text: str, *names: str) -> tuple[str, ...]:
    (found,) = towards(ByWord(), [named(text, *names)])
    return tuple(each.label for each in found.predictions)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Acme is good. Boreal is bad.", ["Acme is good.", " Boreal is bad."]),
        ("Acme is good but Boreal is bad", ["Acme is good ", "but Boreal is bad"]),
        ("Az Acme jó, de a Boreal nem", ["Az Acme jó", ", de a Boreal nem"]),
        ("Acme 很好，Boreal 不行", ["Acme 很好，", "Boreal 不行"]),
        (
            "La app de Acme va bien, la de Boreal no",
            ["La app de Acme va bien,", " la de Boreal no"],
        ),
        ("Acme and Boreal are bad", ["Acme and Boreal are bad"] * 2),
        ("Acme, good. Boreal: bad. Acme again", ["Acme, good.  Acme again", " Boreal: bad."]),
    ],
)
def test_each_name_has_its_own_words(text: str, parts: list[str]) -> None:
    assert said_of(named(text, "Acme", "Boreal")) == parts


COMPARED = [
    ("en", "Acme is way better than Boreal", ">"),
    ("en", "Boreal is a lot slower than Acme", ">"),
    ("en", "we moved from Boreal over to Acme last week", ">"),
    ("en", "Acme is no better than Boreal", "--"),
    ("en", "Boreal is not as friendly as Acme", ">"),
    ("en", "is Acme better than Boreal?", "="),
    ("en", "unlike Boreal, Acme answers", "^"),
    ("hu", "A Boreal gyengébb, mint az Acme", ">"),
    ("hu", "Átjöttem a Borealtól az Acmehez", ">"),
    ("de", "Acme ist deutlich günstiger als Boreal", ">"),
    ("de", "Acme ist nicht schlechter als Boreal", "++"),
    ("es", "Boreal es peor que Acme", ">"),
    ("zh", "Acme 比 Boreal 便宜", ">"),
    ("zh", "Boreal 沒有 Acme 好", ">"),
    ("zh-Hant", "與其買 Boreal 不如 Acme", ">"),
    ("fr", "Acme est bien meilleur que Boreal", ">"),
    ("fr", "je préfère Acme à Boreal", ">"),
    ("pt", "Boreal é pior do que Acme", ">"),
    ("pt", "troquei a Boreal pela Acme", ">"),
    ("it", "Acme è molto meglio di Boreal", ">"),
    ("it", "sono passato da Boreal ad Acme", ">"),
    ("ru", "Acme намного лучше, чем Boreal", ">"),
    ("ru", "перешёл с Boreal на Acme", ">"),
    ("nl", "Acme is veel beter dan Boreal", ">"),
    ("pl", "Acme jest lepszy niż Boreal", ">"),
    ("ja", "AcmeはBorealより便利", ">"),
    ("ko", "Acme가 Boreal보다 나아요", ">"),
    ("id", "Acme lebih murah daripada Boreal", ">"),
    ("tr", "Acme Boreal'dan daha iyi", ">"),
    ("en", "Acme and I met Boreal", None),
    ("und", "Acme ist besser als Boreal", ">"),
]


@pytest.mark.parametrize(("language", "text", "said"), COMPARED)
def test_how_two_names_are_compared(language: str, text: str, said: str | None) -> None:
    found = relations(text, named(text, "Acme", "Boreal").names, language)
    swapped = {Said.ABOVE: Said.BELOW, Said.BELOW: Said.ABOVE}
    told = [one.said if one.first == 0 else swapped.get(one.said, one.said) for one in found]
    assert told == ([] if said is None else [Said(said)])


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Acme is so much better than Boreal", ("positive", "negative")),
        ("Acme is good. Boreal is bad.", ("positive", "negative")),
        ("Acme and Boreal are both bad", ("negative", "negative")),
        ("Acme or Boreal?", ("neutral", "neutral")),
        ("unlike Boreal, Acme is good", ("positive", "negative")),
        ("Acme is bad, whereas Boreal answers", ("negative", "positive")),
        ("Acme is bad, but Boreal is bad too", ("negative", "negative")),
    ],
)
def test_a_text_says_something_of_each_name(text: str, labels: tuple[str, str]) -> None:
    assert sentiments(text, "Acme", "Boreal") == labels


def test_a_comparison_names_the_better_one_first() -> None:
    said = [
        named("Boreal is worse than Acme", "Acme", "Boreal"),
        named("Acme is good. Boreal is bad.", "Acme", "Boreal"),
        named("Acme is better than Boreal and Corvo", "Acme", "Boreal", "Corvo"),
    ]
    first, second, third = towards(ByWord(), said)
    assert first.above == ((0, 1),)
    assert second.above == ()  # two opinions, and no comparison
    assert (0, 1) in third.above


def test_a_list_of_names_is_no_comparison() -> None:
    names = [f"Name{n}x" for n in range(MOST_NAMES + 1)]
    assert relations(" better than ".join(names), named(" ".join(names), *names).names) == []


@pytest.fixture
def child() -> Iterator[Supervised]:
    with Supervised("crashing", command=[sys.executable, WORKER]) as made:
        yield made


def test_a_text_that_kills_the_model_is_found_among_others(child: Supervised) -> None:
    texts = [f"Acme is number {n}! Boreal is not." for n in range(6)]
    texts[3] = "Acme KILL, Boreal"
    found = child.towards_each([named(text, "Acme", "Boreal") for text in texts])
    assert [isinstance(one, Poison) for one in found] == [n == 3 for n in range(6)]
    assert isinstance(found[0], Towards)
    assert [each.label for each in found[0].predictions] == ["positive", "neutral"]


def test_what_is_compared_comes_through_the_pipe(child: Supervised) -> None:
    (found,) = child.towards_each([named("Boreal is worse than Acme", "Acme", "Boreal")])
    assert isinstance(found, Towards)
    assert found.above == ((0, 1),)
    assert [each.label for each in found.predictions] == ["positive", "negative"]
