"""How far the second labels agree with the first: Cohen's kappa (1960)."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Key = tuple[str, str]


def labels_in(file: Path) -> dict[Key, dict[str, Any]]:
    """The labels of a file by set and id, in its order."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {(row["set"], row["id"]): row for row in rows}


def kappa(first: Sequence[object], second: Sequence[object]) -> float:
    """Agreement beyond chance of two annotators on the same texts; 1 is perfect."""
    n = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    ours, theirs = Counter(first), Counter(second)
    by_chance = sum(ours[label] * theirs[label] for label in ours) / n**2
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def kappas() -> dict[str, float]:
    """Kappa of the intent and of needs-an-answer, over the texts that were labelled twice."""
    first, second = labels_in(HERE / "labels.jsonl"), labels_in(HERE / "second.jsonl")
    return {
        what: kappa([first[key][what] for key in second], [row[what] for row in second.values()])
        for what in ("intent", "needs_answer")
    }


def main() -> None:
    for what, value in kappas().items():
        print(f"kappa of {what}: {value:.2f}")


if __name__ == "__main__":
    main()
