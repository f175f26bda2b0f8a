"""The model card of `default`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from classifiers.beside import Powers
from classifiers.evaluate import Score
from classifiers.train.card import set_line, table
from classifiers.train.datasets import Origin, Row
from classifiers.train.neural import sets
from classifiers.train.neural.calibrate import Calibration
from classifiers.train.neural.recipe import Recipe

_HEAD: Final = """\
---
license: other
base_model: intfloat/multilingual-e5-small
pipeline_tag: text-classification
---

# default: sentiment of posts and reviews in many languages

A BERT of {layers} layers, 384 wide, over {pieces} pieces, {size:.1f} MB on disk (matrices in eight
bits), begun from multilingual-e5-small (Wang et al., 2024; MIT) and fine-tuned by
`python -m classifiers.train default --data DIR --work DIR`. It says negative, neutral or positive,
with probabilities. It loads with plain `AutoModelForSequenceClassification` and `AutoTokenizer`;
links and handles are masked in `tokenizer.json`, so nothing need be done to a text before.

- For: posts and reviews of customers, short or long, on a CPU, offline.
- Languages, by the number of training texts: {languages}. In others it leans on what its base
  learnt of a hundred languages, unmeasured.
- Not for: judging a single person or a single text without a human reading it.

## How good it is

All figures are of this directory as it ships, in percent. UMSAB (Barbieri et al., 2022), its
validation split: never trained on, and not used to choose the weights. The labels of its Hindi
rows agree with no model (33 is chance); the held-out part below says more of Hindi.

"""
_HELD_OUT: Final = """
The held-out part of each training set (8 % by a hash of the normalised text; of `airline_us` a
third; at most 400 rows of any other set and language). The checkpoint and the temperature were
chosen on it. Where a set has two labels only (marked *), texts told neutral count as wrong. ECE is
the expected calibration error over 15 bins of equal count.

"""
_CALIBRATION: Final = """
## Calibration

Logits are divided by a temperature of {common:.2f}, in the weights of the classifier.{own} Expected
calibration error by family, over rows with three labels, each half of them by what was fitted on
the other: {errors}; before: {raw}.
"""
_LEAVING: Final = """
## Leaving early

The package lets texts leave where a second head, `exit.safetensors`, is sure of them; transformers
does not know that file and computes all layers. On the rows that this was chosen by: {leaving}. The
figures above are with it.
"""
_BESIDE: Final = """
## Beside `fast`

The package multiplies its probabilities, to the power of {own:.2f}, with those of the linear model
`fast`, to the power of {fast:.2f}, and makes their sum 1; transformers does not know of that. The
powers were found on the held-out rows, on which `fast` was not fitted. The figures above are with
it, and so is the calibration error.
"""
_TAIL: Final = """
## Limits

- It reads {longest} tokens of a text in training: of a longer one the beginning and the end.
- Irony, and what only a picture or the thread before would tell, are lost on it.
- Labels made from stars are noisy, and three stars are no neutral text. Sets differ in what they
  call neutral; probabilities are calibrated on their average.
- Two-label sets taught it nothing of neutral in their language; it carries over from others.
- Slurs, dialects and names may carry weights that they do not deserve.

## Training data

Texts belong to those who wrote them; many sets state no licence; tweets come under the terms of
their platform. Non-commercial licences are named where a set states one. An epoch draws each set
as often as the column says, in a language at most so many; the big ones are sampled anew each time.

| set | texts | languages | from | licence | passes an epoch | at most | family |
|---|---|---|---|---|---|---|---|
"""


def write(
    out: Path,
    rows: Sequence[Row],
    origins: dict[str, Origin],
    recipe: Recipe,
    calibration: Calibration,
    *,
    leaving: str,
    beside: Powers | None,
    size: int,
    held_out: Sequence[tuple[str, Score]],
    reported: Sequence[tuple[str, Score]],
) -> None:
    """Write README.md beside the model."""
    used = [row for row in rows if row.part == "train"]
    languages = Counter(row.language for row in used if row.language != "und")
    head = _HEAD.format(
        layers=f"{len(recipe.layers)}{' + 1' if recipe.mean_pooling else ''}",
        pieces=f"{recipe.pieces:,}",
        size=size / 1e6,
        languages=", ".join(f"{name} ({count:,})" for name, count in languages.most_common()),
    )
    body = "\n".join([*_listed(reported), _HELD_OUT, *_listed(held_out)])
    lines = [_line(source, used, origins) for source in sorted({row.source for row in used})]
    told = _told(calibration) + (_LEAVING.format(leaving=leaving) if leaving else "")
    if beside is not None:
        told += _BESIDE.format(own=beside.own, fast=beside.fast)
    told += _TAIL.format(longest=recipe.longest)
    (out / "README.md").write_text(f"{head}{body}\n{told}" + "\n".join(lines) + "\n", "utf-8")


def _listed(scores: Sequence[tuple[str, Score]]) -> list[str]:
    return table(scores) if scores else ["(too few rows)"]


def _told(calibration: Calibration) -> str:
    own = ", ".join(f"{name} {factor:.2f}" for name, factor in calibration.factors.items())
    return _CALIBRATION.format(
        common=calibration.common,
        own=f" A family's own factor on top, as config.json has it: {own}." if own else "",
        errors=_percent(calibration.errors),
        raw=_percent(calibration.raw),
    )


def _percent(errors: dict[str, float]) -> str:
    return ", ".join(f"{name} {100 * error:.1f}" for name, error in errors.items()) or "none"


def _line(source: str, rows: Sequence[Row], origins: dict[str, Origin]) -> str:
    share = sets.share_of(source)
    return f"{set_line(source, rows, origins)} {share.passes:g} | {share.most:,} | {share.family} |"
