"""Every figure in one table: `python -m bench [FILE.jsonl[.gz]]`; kept in results.json too."""

import argparse
import json
import os
import platform
import sqlite3
from pathlib import Path

from bench import classifier, ingest, language, startup, texts, throughput, whole_path
from bench.figure import Figure, table

RESULTS = Path(__file__).with_name("results.json")
PARTS = {
    "whole path": whole_path.figures,
    "raw ingest": ingest.figures,
    "start": startup.figures,
    "classifier": classifier.figures,
    "neural model": throughput.figures,
    "language": language.figures,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="texts to measure with")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; can be repeated")
    options = parser.parse_args()
    file = texts.found(options.file)
    found: dict[str, list[Figure]] = {}
    for name, part in PARTS.items():
        if options.only is None or name in options.only:
            found[name] = part(file)
    figures = [figure for part in found.values() for figure in part]
    print(f"texts: {file.name if file else 'made up'}; {os.cpu_count()} cores,"
          f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n")  # fmt: skip
    print(table(figures))
    results = {
        "texts": file.name if file else "made up",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [{"part": part, **f.row()} for part, some in found.items() for f in some],
    }
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [figure.name for figure in figures if figure.verdict == "MISS"]
    print(f"\n{len(missed)} of {len(figures)} do not reach their floor", *missed, sep="\n  ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
