"""The figures, on values worked out by hand."""

import pytest

from classifiers.base import Prediction
from classifiers.evaluate import calibration_error, evaluate

SURE = {
    "negative": Prediction.of(1, 0, 0),
    "neutral": Prediction.of(0, 1, 0),
    "positive": Prediction.of(0, 0, 1),
}


def test_right_answers_score_one() -> None:
    labels = ["negative", "neutral", "positive"]
    (english, every) = evaluate(labels, [SURE[label] for label in labels], ["en"] * 3)
    assert (english.language, every.language) == ("en", "all")
    assert (english.n, english.accuracy, english.macro_f1, english.macro_recall) == (3, 1, 1, 1)
    assert (english.negative_f1, english.ece) == (1, 0)


def test_figures_are_those_of_the_textbook() -> None:
    gold = ["negative", "negative", "negative", "positive"]
    made = [SURE[label] for label in ("negative", "positive", "neutral", "positive")]
    (score, _) = evaluate(gold, made, ["hu"] * 4)
    assert score.accuracy == 0.5
    assert score.negative_f1 == pytest.approx(2 / 4)
    assert score.macro_f1 == pytest.approx((2 / 4 + 2 / 3) / 2)  # nobody was neutral
    assert score.macro_recall == pytest.approx((1 / 3 + 1) / 2)
    assert score.ece == pytest.approx(0.5)


def test_there_is_a_row_for_each_language_and_all_comes_last() -> None:
    gold = ["negative", "positive", "neutral"]
    made = [SURE["negative"], SURE["negative"], SURE["neutral"]]
    scores = evaluate(gold, made, ["zh", "en", "zh"])
    assert [(score.language, score.n, score.accuracy) for score in scores] == [
        ("en", 1, 0),
        ("zh", 2, 1),
        ("all", 3, pytest.approx(2 / 3)),
    ]


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    confidences = [0.5] * 10
    right = [True, False] * 5
    assert calibration_error(confidences, right, bins=1) == pytest.approx(0)
    assert calibration_error([0.9] * 10, right, bins=1) == pytest.approx(0.4)


def test_bins_are_of_equal_count() -> None:
    assert calibration_error([0.6, 0.6, 0.9, 0.9], [True, True, False, False], bins=2) == (
        pytest.approx((0.4 + 0.9) / 2)
    )


def test_no_texts_have_no_scores() -> None:
    assert evaluate([], [], []) == []
    assert calibration_error([], []) == 0


def test_a_label_of_others_is_refused() -> None:
    with pytest.raises(ValueError, match="mixed"):
        evaluate(["mixed"], [SURE["neutral"]], ["en"])
