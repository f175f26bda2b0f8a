"""How good labels are: the figures that the field uses, for each language and for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.base import LABELS, Prediction

ECE_BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one language, or of `all`; each but `n` between 0 and 1.

    accuracy: share of right labels. macro_f1, macro_recall: means over the labels that occur in
    the gold (macro-recall is the measure of SemEval-2017 Task 4: Rosenthal et al., 2017).
    negative_f1: F1 of `negative` alone. ece: expected calibration error, the mean distance between
    the confidence in the chosen label and how often it is right, over 15 bins of equal count
    (Nguyen and O'Connor, 2015; Guo et al., 2017).
    """

    language: str
    n: int
    accuracy: float
    macro_f1: float
    macro_recall: float
    negative_f1: float
    ece: float


def evaluate(
    gold: Sequence[str], predictions: Sequence[Prediction], languages: Sequence[str]
) -> list[Score]:
    """Score predictions against gold labels: a row per language, by name, and `all` at the end.

    The three sequences are of equal length. Raises ValueError if they are not, or if a gold label
    is none of negative, neutral, positive. No rows for no texts.
    """
    rows = list(zip(gold, predictions, languages, strict=True))
    if unknown := set(gold) - set(LABELS):
        raise ValueError(f"no labels of ours: {', '.join(sorted(unknown))}")
    if not rows:
        return []
    named = [
        score_of(language, [(label, made) for label, made, where in rows if where == language])
        for language in sorted(set(languages))
    ]
    return [*named, score_of("all", [(label, made) for label, made, _ in rows])]


def score_of(language: str, pairs: Sequence[tuple[str, Prediction]]) -> Score:
    """Score the (gold label, prediction) pairs of one language; at least one."""
    labels = [(gold, made.label) for gold, made in pairs]
    present = [label for label in LABELS if any(gold == label for gold, _ in labels)]
    right = [gold == label for gold, label in labels]
    confidences = [getattr(made, made.label) for _, made in pairs]
    return Score(
        language=language,
        n=len(pairs),
        accuracy=sum(right) / len(right),
        macro_f1=sum(f1(labels, label) for label in present) / len(present),
        macro_recall=sum(recall(labels, label) for label in present) / len(present),
        negative_f1=f1(labels, "negative"),
        ece=calibration_error(confidences, right),
    )


def f1(labels: Sequence[tuple[str, str]], label: str) -> float:
    """Give the F1 of one label over (gold, given) pairs; 0 where it is neither gold nor given."""
    found = sum(gold == given == label for gold, given in labels)
    occurrences = sum((gold == label) + (given == label) for gold, given in labels)
    return 2 * found / occurrences if occurrences else 0.0


def recall(labels: Sequence[tuple[str, str]], label: str) -> float:
    """Give the share of the gold ones of a label that were given it; 0 where there are none."""
    given_for_gold = [given for gold, given in labels if gold == label]
    return given_for_gold.count(label) / len(given_for_gold) if given_for_gold else 0.0


def calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = ECE_BINS
) -> float:
    """Give the expected calibration error over bins of equal count, 0 (honest) to 1.

    Fewer answers than bins make one bin each.
    """
    ranked = sorted(zip(confidences, right, strict=True))
    count = len(ranked)
    used = min(bins, count)
    error = 0.0
    for each in range(used):
        inside = ranked[each * count // used : (each + 1) * count // used]
        error += abs(sum(confidence - was_right for confidence, was_right in inside))
    return error / count if count else 0.0
