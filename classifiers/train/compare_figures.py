"""Figures of several contenders on the same texts, and how sure a difference between two is."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from classifiers.base import LABELS, Prediction
from classifiers.evaluate import Score, calibration_error, score_of
from classifiers.train.card import LEAST_ROWS
from classifiers.train.datasets import TWO_CLASS, Row
from classifiers.train.neural import sets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES: Final = 2000
LEAST_NAMED: Final = 20  # rows of a set that a target names
FAMILY_ROWS: Final = 400  # of a set and language, in the calibration of a family: none outweighs
AT_CHANCE: Final = ("umsab", "hi", "reported")  # labels that agree with no model


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows of one set, language and part, by their positions.

    two_class: neutral is left out; the label is the likelier of negative and positive.
    """

    source: str
    language: str
    part: str
    two_class: bool
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """What one contender says of all rows: float32 [rows, 3], NaN where it was not asked.

    honest: whether its numbers are meant as probabilities. per_second: texts on one core.
    """

    name: str
    probabilities: "NDArray[np.float32]"
    honest: bool = True
    per_second: float = 0.0
    note: str = ""
    scopes: "dict[str, NDArray[np.float32]]" = field(default_factory=dict)

    def asked(self, group: Group) -> bool:
        """Whether it was asked about all of a group."""
        import numpy as np  # noqa: PLC0415

        return not np.isnan(self.probabilities[list(group.rows), 0]).any()

    def labels(self, group: Group) -> "NDArray[np.int64]":
        """Give its labels of a group, by their position in LABELS."""
        import numpy as np  # noqa: PLC0415

        return np.array([LABELS.index(each.label) for each in predictions(self, group)])


def groups(rows: Sequence[Row], named: AbstractSet[tuple[str, str]] = frozenset()) -> list[Group]:
    """Find what is to be scored: each set, language and part with enough rows.

    named: sets and languages of which fewer are enough, for they are asked for.

    Two-class sets come twice: on two classes, and with neutral, which is wrong wherever it is told.
    """
    found: dict[tuple[str, str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if row.part != "train" and row.language != "und":
            found.setdefault((row.part, row.source, row.language), []).append(at)
    made = []
    for (part, source, language), members in sorted(found.items()):
        least = LEAST_NAMED if (source, language) in named else LEAST_ROWS
        if source in TWO_CLASS:
            two = [at for at in members if rows[at].two_class]
            if len(two) >= least:
                made.append(_group(part, source, language, two, two_class=True))
        if len(members) >= least:
            made.append(_group(part, source, language, members, two_class=False))
    return made


def _group(
    part: str, source: str, language: str, members: Sequence[int], *, two_class: bool
) -> Group:
    return Group(
        source=source, language=language, part=part, two_class=two_class, rows=tuple(members)
    )


def predictions(contender: Contender, group: Group) -> list[Prediction]:
    """Give what a contender says of a group."""
    made = []
    for negative, neutral, positive in contender.probabilities[list(group.rows)].tolist():
        if group.two_class:
            both = (negative + positive) or 1.0
            label = "negative" if negative >= positive else "positive"
            made.append(Prediction(label, negative / both, 0.0, positive / both))
        else:
            made.append(Prediction.of(negative, neutral, positive))
    return made


def score(contender: Contender, group: Group, rows: Sequence[Row]) -> Score:
    """Score a contender on a group."""
    gold = [LABELS[rows[at].label] for at in group.rows]
    pairs = list(zip(gold, predictions(contender, group), strict=True))
    return score_of(group.language, pairs)


def best_scope(contender: Contender, found: Sequence[Group], rows: Sequence[Row]) -> Contender:
    """Let a contender of several scopes answer for a group with one that does well on train rows.

    Those of the same set and language that a scope was asked about without having been fitted on.
    """
    import numpy as np  # noqa: PLC0415

    chosen = np.full((len(rows), 3), np.nan, dtype=np.float32)
    told = []
    train: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if row.part == "train":
            train.setdefault((row.source, row.language), []).append(at)
    scopes = [Contender(name, made) for name, made in contender.scopes.items()]
    for group in sorted(found, key=lambda each: each.two_class):  # two classes decide, if any
        able = [each for each in scopes if each.asked(group)]
        tried = [
            at
            for at in train.get((group.source, group.language), [])
            if not any(np.isnan(each.probabilities[at, 0]) for each in able)
        ]
        best = _best(able, replace(group, rows=tuple(tried)), rows)
        if best:
            chosen[list(group.rows)] = best.probabilities[list(group.rows)]
            told.append(f"{group.source} {group.language}: {best.name}")
    return Contender(contender.name, chosen, note="; ".join(told))


def _best(able: Sequence[Contender], trial: Group, rows: Sequence[Row]) -> Contender | None:
    if not trial.rows:
        return able[0] if able else None
    return max(able, key=lambda each: score(each, trial, rows).macro_f1, default=None)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much macro-F1 differs, and the bounds of 95 % of the resamples; all from -1 to 1."""

    value: float
    low: float
    high: float


def difference(
    first: Contender,
    second: Contender,
    found: Sequence[Group],
    rows: Sequence[Row],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Difference:
    """Say how much better the first is, as the mean over groups: a paired bootstrap over texts.

    (Efron and Tibshirani, 1993.) Both are judged by the same resample, drawn within each group.
    Macro-F1 depends on a text by its cell of gold, first and second label alone, so the counts of
    the 27 cells are drawn instead of the texts.
    """
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(seed)
    value, drawn = 0.0, np.zeros(resamples)
    for group in found:
        gold = np.array([rows[at].label for at in group.rows])
        cells = gold * 9 + first.labels(group) * 3 + second.labels(group)
        counts = np.bincount(cells, minlength=27)
        present = np.unique(gold)
        value += float(_gain(counts[None], present)[0]) / len(found)
        sample = chance.multinomial(len(gold), counts / len(gold), size=resamples)
        drawn += _gain(sample, present) / len(found)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Difference(value, float(low), float(high))


def _gain(counts: "NDArray[np.int64]", present: "NDArray[np.int64]") -> "NDArray[np.float64]":
    cube = counts.reshape(-1, 3, 3, 3)
    gain: NDArray[np.float64] = _macro_f1(cube.sum(axis=3), present) - _macro_f1(
        cube.sum(axis=2), present
    )
    return gain


def _macro_f1(
    confusion: "NDArray[np.int64]", present: "NDArray[np.int64]"
) -> "NDArray[np.float64]":
    import numpy as np  # noqa: PLC0415

    found = np.einsum("nii->ni", confusion)
    occurrences = confusion.sum(axis=1) + confusion.sum(axis=2)
    f1 = 2 * found / np.maximum(occurrences, 1)
    mean: NDArray[np.float64] = f1[:, present].mean(axis=1)
    return mean


def family_errors(contender: Contender, rows: Sequence[Row]) -> dict[str, tuple[float, int]]:
    """Give the calibration error of each family and on how many rows: those with three labels."""
    import numpy as np  # noqa: PLC0415

    errors = {}
    silent = np.isnan(contender.probabilities[:, 0])
    for family in (sets.SOCIAL, sets.REVIEW):
        inside = [row for row in rows if row.part != "train" and not row.two_class]
        inside = [row for row in inside if sets.family_of(row.source) == family]
        inside = [row for row in inside if (row.source, row.language, row.part) != AT_CHANCE]
        wanted = {id(row) for row in sets.some(inside, FAMILY_ROWS)}
        at = [where for where, row in enumerate(rows) if id(row) in wanted and not silent[where]]
        if not at:
            continue
        made = predictions(contender, _group("", family, "", at, two_class=False))
        gold = [LABELS[rows[where].label] for where in at]
        right = [each.label == label for each, label in zip(made, gold, strict=True)]
        sure = [max(each.negative, each.neutral, each.positive) for each in made]
        errors[family] = calibration_error(sure, right), len(at)
    return errors
