"""How sure praise is that is not meant, and praise that is: `python -m bench.ironies [--data DIR]`.

`ironies.txt` has sentences of both kinds in six languages, each with one like it of the other kind.
Printed: how many are told as praise, and surely (at least 60 %), by the model alone and where
wordings of irony put praise in doubt. With labelled sets: of the texts that people call praise, and
of those that they do not, how many hold a wording; no model is asked.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from classifiers import load
from classifiers.base import LABELS
from classifiers.irony import may_be_ironic
from classifiers.train.datasets import read_rows

SENTENCES = Path(__file__).with_name("ironies.txt")
DATA = Path(__file__).parents[2] / "shared" / "data"
SURE = 0.6


def read() -> list[tuple[str, str, str]]:
    """Language, "irony" or "meant", and the text."""
    lines = SENTENCES.read_text("utf-8").splitlines()
    rows = (line.split(" ", 2) for line in lines if line and not line.startswith("#"))
    return [(language, kind, text) for language, kind, text in rows]


def worded(data: Path) -> None:
    """How often people write so, in praise and otherwise."""
    rows = read_rows(data, 0)
    found = Counter((LABELS[row.label], may_be_ironic(row.text)) for row in rows)
    print("\nlabelled texts with a wording of irony")
    for label in LABELS:
        held, total = found[label, True], found[label, True] + found[label, False]
        print(f"  {label}: {held} of {total:,}, {1e5 * held / total:.0f} in 100,000")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    said = read()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (language, kind, text), found in zip(
        said, load("default").predict([text for _, _, text in said]), strict=True
    ):
        surely = found.positive >= SURE
        for row in (language, "all"):
            counts[row][kind] += 1
            counts[row][f"{kind} alone"] += surely
            counts[row][f"{kind} doubted"] += surely and not may_be_ironic(text)
    print("surely praise, by the model alone and with the wordings")
    print(
        "| language | irony | alone | with | meant | alone | with |\n|---|---|---|---|---|---|---|"
    )
    for language, row in counts.items():
        cells = [row[f"{k}{of}"] for k in ("irony", "meant") for of in ("", " alone", " doubted")]
        print(f"| {language} | " + " | ".join(map(str, cells)) + " |")
    if data.is_dir():
        worded(data)


if __name__ == "__main__":
    main()
