"""First response times of real threads, and the same counted a second time, independently.

python -m bench.acceptance.first_response [--data ../shared/data]

The threads are of customers and of the accounts that answered them. Once they are replayed as they
were said; once all answers are imported before any question is.
"""

import argparse
import gzip
import json
import sqlite3
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance.verdicts import Verdicts
from bench.figure import python

ROOT = Path(__file__).parents[2]
KEPT = ("id", "text", "created_at", "author", "thread_id", "reply_to", "brand")
ANSWERED = """
SELECT m.source_id, c.answered_at FROM clock AS c JOIN mention AS m ON m.id = c.mention_id
"""
Row = dict[str, Any]


def threads(data: Path) -> list[Row]:
    with gzip.open(data / "ibm_customer_care" / "dev.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def counted(rows: list[Row]) -> dict[str, str | None]:
    """When each question got the first answer of its thread, by the file alone."""
    answers: dict[str, list[str]] = {}
    for row in rows:
        if not row["inbound"]:
            answers.setdefault(row["thread_id"], []).append(row["created_at"])
    found = {}
    for row in rows:
        if row["inbound"]:
            later = [at for at in answers.get(row["thread_id"], []) if at >= row["created_at"]]
            found[row["id"]] = min(later, default=None)
    return found


def config(rows: list[Row], folder: Path) -> Path:
    brands = sorted({row["brand"] for row in rows})
    tables = "".join(
        f'[[subjects]]\nname = "{name}"\nrole = "brand"\nquery = "@{name}"\n'
        f'accounts = {{ x = "{name}" }}\n'
        for name in brands
    )
    path = folder / "config.toml"
    path.write_text(
        f'[listener]\ndatabase = "listener.db"\nkeep = "240mo"\n{tables}'
        '[classify]\nsentiment = "fast"\n'
        '[respond.social]\nwithin = "1h"\n'
        'which = ["negative", "neutral", "positive", "question"]\n'
    )
    return path


def written(rows: list[Row], path: Path) -> Path:
    """The rows as they would be collected: without what the file knows of their answers."""
    lines = ({key: row[key] for key in KEPT if key in row} for row in rows)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def measured(database: Path) -> dict[str, str | None]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return dict(db.execute(ANSWERED).fetchall())
    finally:
        db.close()


def compare(
    name: str, wanted: dict[str, str | None], found: dict[str, str | None], verdicts: Verdicts
) -> None:
    same = sum(_moment(at) == _moment(found.get(row_id)) for row_id, at in wanted.items())
    verdicts.claim(found.keys() == wanted.keys(), f"{name}: {len(found)} clocks of {len(wanted)}")
    verdicts.claim(same == len(wanted), f"{name}: {same} of {len(wanted)} first answers equal")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    rows = threads(parser.parse_args().data)
    wanted, verdicts = counted(rows), Verdicts()
    asked_at = {row["id"]: _moment(row["created_at"]) for row in rows}
    minutes = [(_moment(at) - asked_at[i]).total_seconds() / 60 for i, at in wanted.items() if at]
    print(f"{len(rows)} posts, {len(wanted)} questions, {len(minutes)} answered,"
          f" median after {median(minutes):.1f} minutes")  # fmt: skip
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings = config(rows, folder)
        whole = written(rows, folder / "all.jsonl")
        python("-m", "listener", "--config", settings, "replay", whole, "--source", "x",
               "--channel", "social", "--out", folder / "replayed")  # fmt: skip
        compare("as they were said", wanted, measured(folder / "replayed/listener.db"), verdicts)
        answers = written([r for r in rows if not r["inbound"]], folder / "answers.jsonl")
        questions = written([r for r in rows if r["inbound"]], folder / "questions.jsonl")
        for file in (answers, questions):
            python("-m", "listener", "--config", settings, "import", file, "--source", "x",
                   "--channel", "social")  # fmt: skip
        python("-m", "listener", "--config", settings, "run", "--once")
        compare("answers before questions", wanted, measured(folder / "listener.db"), verdicts)
    return verdicts.status()


if __name__ == "__main__":
    raise SystemExit(main())
