"""Real sets through `listener replay`, and what came out counted a second time, independently.

python -m bench.acceptance.replays [--data ../shared/data]
"""

import argparse
import gzip
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance.verdicts import Verdicts
from bench.figure import Spent, python

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
RECALL = 0.99
OF_A_CLOCK = {"waiting": "open", "due_soon": "open", "overdue": "open"}
MATCHES = """
SELECT m.source_id, s.name FROM match AS x JOIN mention AS m ON m.id = x.mention_id
JOIN subject AS s ON s.id = x.subject_id WHERE x.counts
"""
CLOCKS = "SELECT m.source_id, c.state FROM clock AS c JOIN mention AS m ON m.id = c.mention_id"


def rows_of(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def replay(config: str, file: Path, out: Path, *options: str) -> Spent:
    return python("-m", "listener", "--config", str(EXAMPLES / config), "replay", file,
                  "--out", out, *options)  # fmt: skip


def asked(out: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(f"file:{out / 'listener.db'}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def told(spent: Spent, texts: int) -> str:
    return (f"{texts / spent.wall:,.0f} texts a second, {spent.cpu:.1f} s of CPU,"
            f" {spent.wall:.1f} s, {spent.peak_mb:.0f} MB at most in one process")  # fmt: skip


def airlines(file: Path, folder: Path, verdicts: Verdicts) -> None:
    rows = rows_of(file)
    truth = {str(row["id"]): row["brand"] for row in rows}

    spent = replay("airlines.toml", file, folder / "given")
    found = Counter(name for _, name in asked(folder / "given", MATCHES))
    wanted = Counter(truth.values())
    print(f"airlines: {len(rows)} lines, {len(truth)} ids; {told(spent, len(rows))}")
    for name, count in wanted.items():
        verdicts.claim(found[name] == count, f"{name}: {found[name]} mentions of {count} lines")
    verdicts.claim(found.keys() == wanted.keys(), "no other subject has mentions")

    bare = folder / file.name.replace(".gz", "")
    bare.write_text("".join(json.dumps({**row, "brand": None}) + "\n" for row in rows))
    spent = replay("airlines.toml", bare, folder / "queries")
    pairs = {(str(i), name) for i, name in asked(folder / "queries", MATCHES)}
    print(f"airlines without brand: {told(spent, len(rows))}")
    for name, count in wanted.items():
        ids = {i for i, brand in truth.items() if brand == name}
        hit = {i for i, subject in pairs if subject == name}
        recall = len(ids & hit) / count
        verdicts.claim(recall >= RECALL, f"{name}: recall {recall:.4f} by queries alone")
        listed("not found", sorted(ids - hit))
        listed("found too, the line names another", sorted(hit - ids))


def listed(what: str, ids: list[str]) -> None:
    if ids:
        print(f"      {what} ({len(ids)}): {' '.join(ids)}")


def states(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The definitions of DESIGN 7, once more: naive times are UTC, `which` is negative."""
    found = {}
    for row in rows:
        said, answered = (utc(row.get(name)) for name in ("created_at", "reply_at"))
        if said is None or row.get("label") != "negative":
            continue
        if answered is None or answered < said:
            found[str(row["id"])] = "open"
        else:
            found[str(row["id"])] = "met" if answered <= said + timedelta(days=7) else "missed"
    return found


def utc(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def reviews(file: Path, folder: Path, verdicts: Verdicts) -> None:
    rows = list({str(row["id"]): row for row in rows_of(file)}.values())
    spent = replay("app_reviews.toml", file, folder / "reviews", "--labels", "given")
    print(f"reviews: {len(rows)} ids; {told(spent, len(rows))}")
    verdicts.claim(spent.wall < 180, f"twelve years in {spent.wall:.0f} s, under 3 minutes")
    wanted = states(rows)
    found = {i: OF_A_CLOCK.get(state, state) for i, state in asked(folder / "reviews", CLOCKS)}
    for state in ("met", "missed", "open"):
        counts = [list(some.values()).count(state) for some in (found, wanted)]
        verdicts.claim(counts[0] == counts[1], f"{state}: {counts[0]}, wanted {counts[1]}")
    differing = sorted(i for i in wanted.keys() | found.keys() if wanted.get(i) != found.get(i))
    verdicts.claim(not differing, "each clock is in the state that was computed for it")
    listed("differing", differing)
    early = sum((utc(r.get("reply_at")) or datetime.max.replace(tzinfo=UTC)) < utc(r["created_at"])
                for r in rows)  # fmt: skip
    print(f"      {early} answers are older than their review")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    verdicts = Verdicts()
    for check, name in ((airlines, "airline_us"), (reviews, "eon_app_reviews_de")):
        file = data / name / "dev.jsonl.gz"
        if not file.exists():
            print(f"SKIP  {name}: {file.name} is not there; name its folder with --data")
            continue
        with TemporaryDirectory() as folder:
            check(file, Path(folder), verdicts)
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
