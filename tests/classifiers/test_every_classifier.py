"""What holds for every classifier."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers import LABELS, Classifier, Prediction

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)

MIXED = [
    "I love this, thank you!",
    "",
    "Worst airline ever, three hours late and no answer",
    "Az étterem csodálatos volt, köszönjük",
    "太差了，再也不来了",
    "服務很好，東西也好吃",
    "👍👍👍",
    "@user http",
    "a" * 5000,
]


def same(one: Prediction, other: Prediction) -> bool:
    return all(
        math.isclose(getattr(one, label), getattr(other, label), abs_tol=1e-5) for label in LABELS
    )


def check(prediction: Prediction) -> None:
    probabilities = [getattr(prediction, label) for label in LABELS]
    assert math.isclose(sum(probabilities), 1, abs_tol=1e-9)
    assert all(0 <= each <= 1 for each in probabilities)
    assert prediction.label in LABELS
    assert getattr(prediction, prediction.label) == max(probabilities)


def test_it_has_a_name_a_version_and_labels(classifier: Classifier) -> None:
    assert classifier.name
    assert classifier.version.startswith(classifier.name)
    assert "@" in classifier.version
    assert classifier.labels == LABELS


def test_no_texts_have_no_predictions(classifier: Classifier) -> None:
    assert classifier.predict([]) == []


def test_each_text_has_one_prediction_in_order(classifier: Classifier) -> None:
    together = classifier.predict(MIXED)
    assert len(together) == len(MIXED)
    for text, prediction in zip(MIXED, together, strict=True):
        check(prediction)
        assert same(prediction, classifier.predict([text])[0])


def test_the_same_text_has_the_same_prediction(classifier: Classifier) -> None:
    assert classifier.predict(MIXED) == classifier.predict(MIXED)


def test_the_company_of_a_text_does_not_change_its_label(classifier: Classifier) -> None:
    many = classifier.predict([*MIXED * 130, "alone"])
    for at, alone in enumerate(classifier.predict(MIXED)):
        assert all(same(alone, each) for each in many[:-1][at :: len(MIXED)])


def test_a_tuple_of_texts_will_do(classifier: Classifier) -> None:
    assert len(classifier.predict(("one", "two"))) == 2


def test_strange_texts_are_labelled(classifier: Classifier) -> None:
    texts = ["\x00", "\x00a\x00", "\ud800", "a\udfffb", "\ud83d\ude00", "\ufffe", "\U0010ffff"]
    texts += [
        "\r\n\t",
        "\u0301",
        "ﷺ" * 300,
        "́" * 2000,
        "\u202eabc",
        "x" * 1_000_000,
        "好" * 300_000,
    ]
    for prediction in classifier.predict(texts):
        check(prediction)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(texts=st.lists(ANY_TEXT, max_size=6))
def test_any_text_is_labelled(classifier: Classifier, texts: list[str]) -> None:
    predictions = classifier.predict(texts)
    assert len(predictions) == len(texts)
    for prediction in predictions:
        check(prediction)
