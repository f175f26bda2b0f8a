"""What the model that ships says: of sixty sentences, of the airline file in a replay, of the demo.

python -m bench.acceptance.labels [--data ../shared/data] [--model default]
"""

import argparse
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance.replays import EXAMPLES, ROOT, rows_of
from bench.acceptance.verdicts import Verdicts
from bench.figure import python
from classifiers import load
from classifiers.base import LABELS, Prediction
from classifiers.evaluate import Score, score_of
from classifiers.train.datasets import read_rows

SENTENCES = ROOT / "tests" / "classifiers" / "sentences.jsonl"
LEAST_RIGHT = 48
SPLIT = 0  # of the recipe, which says what was held out
SAID = """
SELECT m.source_id, m.given_label, l.negative, l.neutral, l.positive
FROM label AS l JOIN mention AS m ON m.id = l.mention_id WHERE l.by = 'model'
"""

Pairs = list[tuple[str, Prediction]]


def sentences(name: str, verdicts: Verdicts) -> None:
    rows = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    model = load(name)
    made = model.predict([row["text"] for row in rows])
    right = sum(row["label"] == each.label for row, each in zip(rows, made, strict=True))
    for row, each in zip(rows, made, strict=True):
        if row["label"] != each.label:
            print(f"      {row['language']}, {row['trait']}: {row['label']}, told {each.label}"
                  f" ({getattr(each, each.label):.2f}): {row['text']}")  # fmt: skip
    verdicts.claim(right >= LEAST_RIGHT, f"{model.version}: {right} of {len(rows)} sentences")
    model.close()


def airlines(data: Path, folder: Path) -> None:
    file = data / "airline_us" / "dev.jsonl.gz"
    spent = python("-m", "listener", "--config", str(EXAMPLES / "airlines.toml"),
                   "replay", file, "--out", folder)  # fmt: skip
    rows = rows_of(file)
    texts = {str(row["id"]): row["text"] for row in rows}
    held_out = {row.text for row in read_rows(data, SPLIT)
                if row.source == "airline_us" and row.part == "held_out"}  # fmt: skip
    said = _said(folder / "listener.db")
    print(f"airlines: {len(said)} labels; {len(rows) / spent.wall:.0f} texts a second,"
          f" {spent.peak_mb:.0f} MB at most in one process")  # fmt: skip
    print(_row("all, two thirds of them trained on", [(gold, made) for _, gold, made in said]))
    print(_row("held out", [(gold, made) for i, gold, made in said if texts[i] in held_out]))
    _confused([(gold, made) for i, gold, made in said if texts[i] in held_out])
    _told(folder / "notices.jsonl")


def demo(folder: Path) -> None:
    spent = python("-m", "listener", "demo", folder, "--no-serve")
    said = _said(folder / "listener.db", given=False)
    counts = Counter(made.label for _, _, made in said)
    print(f"demo: {len(said)} labels in {spent.wall:.0f} s, {dict(counts)}")
    _told(folder / "notices.jsonl")


def _said(database: Path, *, given: bool = True) -> list[tuple[str, str, Prediction]]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        found = db.execute(SAID).fetchall()
    finally:
        db.close()
    return [
        (str(i), gold or "", Prediction.of(*likely))
        for i, gold, *likely in found
        if gold in LABELS or not given
    ]


def _row(name: str, pairs: Pairs) -> str:
    made: Score = score_of("", pairs)
    return (f"      {name}: n {made.n}, accuracy {100 * made.accuracy:.1f},"
            f" macro-F1 {100 * made.macro_f1:.1f}, macro-recall {100 * made.macro_recall:.1f},"
            f" negative F1 {100 * made.negative_f1:.1f}, ECE {100 * made.ece:.1f}")  # fmt: skip


def _confused(pairs: Pairs) -> None:
    counts = Counter((gold, made.label) for gold, made in pairs)
    for gold in LABELS:
        told = ", ".join(f"{label} {counts[gold, label]}" for label in LABELS)
        print(f"      given {gold}: told {told}")


def _told(file: Path) -> None:
    """Spikes with when and why, other notices by their kind."""
    notices: Sequence[dict[str, Any]] = [json.loads(line) for line in file.open(encoding="utf-8")]
    for notice in notices:
        if not notice["event"].startswith("response."):
            evidence = {k: v for k, v in (notice.get("evidence") or {}).items()
                        if isinstance(v, int | float)}  # fmt: skip
            print(f"      {notice['at']} {notice['event']} {notice.get('subject')}: {evidence}")
    print(f"      {dict(Counter(notice['event'] for notice in notices))}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--model", default="default")
    options = parser.parse_args()
    verdicts = Verdicts()
    sentences(options.model, verdicts)
    if options.model == "default":
        with TemporaryDirectory() as folder:
            demo(Path(folder))
        if (options.data / "airline_us").is_dir():
            with TemporaryDirectory() as folder:
                airlines(options.data, Path(folder))
        else:
            print(f"SKIP  airlines: not under {options.data}; name its folder with --data")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
