"""Counts how often a model is wrong about negatives, set by set, on texts nobody was trained on.

    python -m classifiers.train confusion --data DIR --work DIR [--model NAME]

writes `confusion.json` beside the weights: what `listener measures` corrects shares with.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from classifiers.base import LABELS
from classifiers.confusions import DIRECTORIES, FILE, Counted
from classifiers.registry import load
from classifiers.train.compare import ask_of
from classifiers.train.datasets import Row, read_rows
from classifiers.train.neural.sets import family_of

FEWEST = 30  # texts of a set and language, of either kind together
UNSOUND = {("umsab", "hi")}  # its labels agree with no model: docs/model.md
Say = Callable[[str], None]


def run_command(options: argparse.Namespace, say: Say) -> int:
    """Count, and write the file beside each model's weights, or to --out."""
    rows = [row for row in read_rows(options.data, options.seed) if row.part != "train"]
    for name in options.contenders or ["default"]:
        labels = ask_labels(name, rows, options.work, say)
        path = options.out or DIRECTORIES.get(name, Path(name)) / FILE
        counted = [asdict(one) for one in count(rows, labels)]
        lines = ",\n".join(json.dumps(one) for one in counted)
        path.write_text(f'{{"sets": [\n{lines}\n]}}\n', "utf-8")
        say(f"{path}: {len(counted)} sets and languages")
    return 0


def ask_labels(name: str, rows: Sequence[Row], work: Path, say: Say) -> list[str]:
    """The labels that a model gives these rows."""
    said = ask_of(load(name), [row.text for row in rows], work, say)
    return [LABELS[at] for at in said.probabilities.argmax(axis=1)]


def count(rows: Iterable[Row], labels: Iterable[str]) -> list[Counted]:
    """Confusions with negative of each set and language that has enough texts, by name.

    Sets whose annotators had no neutral say too little of what is called negative and is not.
    """
    tally: Counter[tuple[str, str, bool, bool]] = Counter()
    places = set()
    for row, label in zip(rows, labels, strict=True):
        if row.two_class or (row.source, row.language) in UNSOUND:
            continue
        places.add((row.source, row.language))
        tally[row.source, row.language, LABELS[row.label] == "negative", label == "negative"] += 1
    found = [
        Counted(
            set=source,
            language=language,
            family=family_of(source),
            hits=tally[source, language, True, True],
            missed=tally[source, language, True, False],
            false_alarms=tally[source, language, False, True],
            passed=tally[source, language, False, False],
        )
        for source, language in sorted(places)
    ]
    return [one for one in found if one.hits + one.missed + one.false_alarms + one.passed >= FEWEST]
