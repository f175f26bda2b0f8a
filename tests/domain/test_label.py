"""Which label readers take: a person's, then the pair's, then the newest."""

import pytest

from listener.domain.label import (
    DOUBT,
    GIVEN,
    MODEL,
    SURE,
    Label,
    Sentiment,
    as_told,
    in_doubt,
    is_persons,
    is_sure,
    standing,
)
from tests.builders import HOUR, NOW, a_label

MODELS, PAIRS = a_label(), a_label(subject_id=1)
PERSONS = a_label(by="jo", made_at=NOW - HOUR)
OLDER_OF_PAIR = a_label(by="kata", subject_id=1, made_at=NOW - 9 * HOUR)


@pytest.mark.parametrize(
    ("labels", "taken"),
    [
        ([], None),
        ([MODELS], MODELS),
        ([MODELS, PAIRS], PAIRS),
        ([PERSONS, MODELS, PAIRS], PERSONS),
        ([MODELS, a_label(made_at=NOW + HOUR)], a_label(made_at=NOW + HOUR)),
        ([PERSONS, OLDER_OF_PAIR], OLDER_OF_PAIR),
        ([a_label(subject_id=2)], None),
    ],
)
def test_readers_take_one_label(labels: list[Label], taken: Label | None) -> None:
    for order in (labels, labels[::-1]):
        assert standing(list(order), 1) == taken


def test_of_equals_the_last_is_taken() -> None:
    first, second = a_label(by="jo"), a_label(by="kata")
    assert standing([first, second], 1) is second


def test_asking_does_not_change_what_was_asked_of() -> None:
    labels = [MODELS, PAIRS]
    standing(labels, 1)
    assert labels == [MODELS, PAIRS]


def test_people_are_neither_models_nor_files() -> None:
    assert [is_persons(by) for by in (MODEL, GIVEN, "jo")] == [False, False, True]


@pytest.mark.parametrize(("sentiment", "confidence"), [("negative", 0.9), ("positive", 0.03)])
def test_the_confidence_is_that_of_the_sentiment_named(sentiment: str, confidence: float) -> None:
    assert a_label(sentiment=Sentiment(sentiment)).confidence == confidence


def test_a_label_in_doubt_is_told_as_a_question() -> None:
    assert (as_told("negative", SURE), as_told("negative", 0.59)) == ("negative", "negative?")
    assert as_told("neutral", None) == "neutral"
    assert is_sure(None)


def test_what_is_in_doubt_keeps_its_order_and_is_not_sure() -> None:
    shares = in_doubt((0.9, 0.02, 0.08))
    assert shares[0] == pytest.approx(DOUBT)
    assert shares[0] > shares[2] > shares[1]
    assert sum(shares) == pytest.approx(1)
    assert not is_sure(shares[0])
    assert in_doubt((0.5, 0.3, 0.2)) == (0.5, 0.3, 0.2)
