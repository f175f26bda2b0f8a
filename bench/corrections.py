"""What corrections of one domain do: to its other texts, and to all other sets.

    python -m bench.corrections [--data DIR] [--work DIR] [--seed N]

Corrections are drawn from the texts of a domain that the shipped model was not trained on, as far
as there are so many, else from all; each gets the label of its set, as a person would give it.
`python -m classifiers.train default --corrections` makes a model of each number of them. Printed:
accuracy on the domain's texts that nobody drew and the model was not trained on, before and after;
and of every other set and language the change in points, worst first. The domains are reviews of
banks' apps, and airlines, of which a third was held out.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import classifiers
from classifiers.base import LABELS
from classifiers.train.__main__ import main as train
from classifiers.train.datasets import Row, read_rows

DATA = Path(__file__).parents[2] / "shared" / "data"
DOMAINS = {
    "bank apps": ("moniepoint_reviews_en", "anz_bank_app_reviews_en", "nubank_reviews_pt"),
    "airlines": ("airline_us",),
}
NUMBERS = (50, 200, 1000)
UNSEEN = 0.5  # of what was held out of a domain is never drawn
MOST_OTHERS = 300  # texts of another set and language
LEAST_OTHERS = 60
WORSE = 1.0  # points that no other set may lose; of a small set a single text is more
RAW = argparse.RawDescriptionHelpFormatter


@dataclass(frozen=True)
class Domain:
    """What corrections are drawn from, in order, and what they are measured on."""

    name: str
    drawn: list[Row]
    unseen: list[Row]
    others: dict[tuple[str, str], list[Row]]


def domain(name: str, rows: Sequence[Row], seed: int) -> Domain:
    chance = random.Random(seed)
    mine = [row for row in rows if row.source in DOMAINS[name]]
    held = [row for row in mine if row.part == "held_out"]
    rest = [row for row in mine if row.part == "train"]
    chance.shuffle(held)
    chance.shuffle(rest)
    cut = int(len(held) * UNSEEN)
    others = defaultdict(list)
    for row in rows:
        if row.source not in DOMAINS[name] and row.part != "train":
            others[row.source, row.language].append(row)
    return Domain(
        name,
        held[cut:] + rest,
        held[:cut],
        {kind: some[:MOST_OTHERS] for kind, some in others.items() if len(some) >= LEAST_OTHERS},
    )


Told = Callable[[Sequence[Row]], list[int]]


def told_by(name: str) -> Told:
    """What a model says of rows; of two-class sets the likelier of negative and positive."""
    model = classifiers.load(name)

    def told(rows: Sequence[Row]) -> list[int]:
        found = model.predict([row.text for row in rows])
        return [
            (0 if one.negative >= one.positive else 2) if row.two_class else LABELS.index(one.label)
            for row, one in zip(rows, found, strict=True)
        ]

    return told


def accuracy(rows: Sequence[Row], told: Sequence[int]) -> float:
    return 100 * sum(row.label == label for row, label in zip(rows, told, strict=True)) / len(rows)


def corrected(one: Domain, number: int, work: Path) -> Path | None:
    """A model of so many corrections; None where it was not promoted."""
    file, out = work / "corrections.jsonl", work / f"{one.name.replace(' ', '-')}-{number}"
    lines = ({"text": row.text, "label": LABELS[row.label]} for row in one.drawn[:number])
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    status = train(["default", "--corrections", str(file), "--out", str(out)])
    return out if status == 0 else None


def measured(one: Domain, work: Path) -> bool:
    every = [*one.unseen, *(row for some in one.others.values() for row in some)]
    before = told_by("default")(every)
    print(f"\n{one.name}: {len(one.unseen)} unseen texts, {len(one.others)} other sets")
    print(f"  accuracy before: {accuracy(one.unseen, before[: len(one.unseen)]):.1f}")
    fine = True
    for number in NUMBERS:
        made = corrected(one, number, work)
        if made is None:
            print(f"  {number:5} corrections: not promoted")
            continue
        after = told_by(str(made))(every)
        changes = sorted(_changes(one, before, after))
        mean = sum(change for change, _ in changes) / len(changes)
        worst = ", ".join(f"{'/'.join(kind)} {change:+.1f}" for change, kind in changes[:4])
        print(
            f"  {number:5} corrections: {accuracy(one.unseen, after[: len(one.unseen)]):.1f};"
            f" others on average {mean:+.2f}, worst {worst}"
        )
        fine = fine and all(
            change >= -max(WORSE, 100 / len(one.others[kind])) - 1e-9 for change, kind in changes
        )
    return fine


def _changes(
    one: Domain, before: Sequence[int], after: Sequence[int]
) -> list[tuple[float, tuple[str, str]]]:
    at, found = len(one.unseen), []
    for kind, rows in one.others.items():
        part = slice(at, at + len(rows))
        change = accuracy(rows, after[part]) - accuracy(rows, before[part])
        found.append((change, kind))
        at += len(rows)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "corrections")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    if not asked.data.is_dir():
        sys.exit(
            f"{asked.data} is not there: the labelled sets are looked for beside the checkout."
        )
    rows = read_rows(asked.data, 0)
    fine = [measured(domain(name, rows, asked.seed), asked.work) for name in DOMAINS]
    print("PASS" if all(fine) else "FAIL: another set lost more than a point")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
