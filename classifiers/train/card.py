"""The model card: what `fast` is made of, how good it is, and what it cannot do."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from classifiers.evaluate import Score
from classifiers.train.datasets import TWO_CLASS, Origin, Row

LEAST_ROWS: Final = 60  # a figure on fewer texts says little

_HEAD: Final = """\
# fast: sentiment of short texts in many languages

A linear model over hashed n-grams (characters 1 to 5, words 1 and 2), {bits} weights as bytes, run
with numpy alone. It says negative, neutral or positive, with probabilities. Made by
`python -m classifiers.train fast --data DIR`; the same data, seed and libraries give the same file.

- For: labelling posts and reviews at a hundred thousand per second of one core, where a rough
  label now is worth more than a good one later.
- Languages: {languages}. In others it has nothing to go by and leans to the prior.
- Not for: judging a single person or a single text without a human reading it.

## How good it is

UMSAB (Barbieri et al., 2022), its validation split, which was never trained on but looked at while
settings were chosen. In percent.

"""
_HELD_OUT: Final = """
The held-out part of each training set (8 % by a hash of the normalised text; of `airline_us` a
third), which it was not fitted on. Where a set has two labels only (marked *), texts told neutral
count as wrong. ECE is the expected calibration error over 15 bins of equal count.

"""
_TAIL: Final = """
## Limits

- It sees words, not sense: irony, comparison, negation further off than a word are lost on it.
- It knows the subjects that it was trained on: tweets to airlines have a macro-F1 of about 58 when
  none of them is in training, 74 when two thirds are.
- Labels made from stars are noisy, and three stars are no neutral text.
- Hindi in Latin letters is learnt from little: of UMSAB's, the first thousand training rows and
  the validation rows have labels that agree with no model (33 % is chance), so the former are left
  out and the latter measure nothing.
- Sets differ in what they call neutral; probabilities are calibrated on their average.
- Slurs, dialects and names may carry weights that they do not deserve.

## Training data

Texts belong to those who wrote them; many sets state no licence; tweets come under the terms of
their platform. Non-commercial licences are named where a set states one. No text can be read back
from the weights by design: they are sums over hashed n-grams.

| set | texts | languages | from | licence |
|---|---|---|---|---|
"""


def write(
    out: Path,
    rows: Sequence[Row],
    origins: dict[str, Origin],
    *,
    held_out: Sequence[tuple[str, Score]],
    reported: Sequence[tuple[str, Score]],
) -> None:
    """Write README.md beside the model."""
    used = [row for row in rows if row.part == "train"]
    languages = Counter(row.language for row in used if row.language != "und")
    head = _HEAD.format(bits="2 x 2^21", languages=", ".join(sorted(languages)))
    lines = [*table(reported), "", _HELD_OUT, *table(held_out)]
    sets = [set_line(source, used, origins) for source in sorted({row.source for row in used})]
    body = "\n".join(lines).replace("\n\n\n", "\n\n")
    (out / "README.md").write_text(f"{head}{body}\n{_TAIL}" + "\n".join(sets) + "\n", "utf-8")


def table(scores: Sequence[tuple[str, Score]]) -> list[str]:
    """Give scores as a Markdown table, with the mean over its rows at the end."""
    lines = [
        "| set | language | n | accuracy | macro-F1 | macro-recall | F1 negative | ECE |",
        "|---|---|---|---|---|---|---|---|",
    ]
    figures = []
    for source, score in scores:
        row = (score.accuracy, score.macro_f1, score.macro_recall, score.negative_f1, score.ece)
        figures.append(row)
        mark = "*" if source in TWO_CLASS else ""
        lines.append(f"| {source}{mark} | {score.language} | {score.n} | {_percent(row)} |")
    means = [sum(column) / len(column) for column in zip(*figures, strict=True)]
    total = sum(score.n for _, score in scores)
    return [*lines, f"| **mean** | | {total} | {_percent(means)} |"]


def _percent(figures: Sequence[float]) -> str:
    return " | ".join(f"{100 * each:.1f}" for each in figures)


def set_line(source: str, rows: Sequence[Row], origins: dict[str, Origin]) -> str:
    """Give a set's line of the table of training data."""
    texts = [row for row in rows if row.source == source]
    languages = ", ".join(sorted({row.language for row in texts}))
    origin = origins.get(source, Origin("not stated", "not stated"))
    return f"| {source} | {len(texts)} | {languages} | {origin.source} | {origin.licence} |"
