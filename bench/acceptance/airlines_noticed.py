"""Eight days of six airlines through `listener replay`: which incidents there were, and when.

python -m bench.acceptance.airlines_noticed [--data ../shared/data] [--labels given model]

Once as the example has it, one brand and five competitors, and once with all six as brands. A
judgement whether anybody would have wanted them is for people: see docs/spikes.md, docs/rules.md.
"""

import argparse
import json
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.figure import python

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
EXAMPLE = ROOT / "docs" / "examples" / "airlines.toml"
LABELS = ("given", "model")
RECEIPT = ("window_minutes", "mentions", "negative", "expected", "lift", "share", "usual_share",
           "p_value", "authors", "clusters", "whose", "terms")  # fmt: skip
INCIDENTS = """
SELECT i.id, i.rule, s.name AS subject, i.channel, i.topic, i.severity, i.title, i.why, i.evidence,
  i.opened_at, i.resolved_at,
  (SELECT n.body FROM notice AS n WHERE n.incident_id = i.id ORDER BY n.made_at, n.id LIMIT 1)
    AS first
FROM incident AS i JOIN subject AS s ON s.id = i.subject_id
WHERE i.rule <> 'response' ORDER BY i.opened_at
"""
HISTORY = "SELECT at, event, detail FROM incident_event WHERE incident_id = ? ORDER BY id"
WHAT_THERE_WAS = """
SELECT s.name, substr(x.said_at, 1, 10) AS day, count(*) AS mentions,
  sum(x.sentiment = 'negative') AS negative
FROM match AS x JOIN subject AS s ON s.id = x.subject_id WHERE x.counts GROUP BY 1, 2
"""


def asked(database: Path, sql: str, *values: object) -> list[sqlite3.Row]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def replayed(config: Path, file: Path, out: Path, labels: str) -> None:
    spent = python("-m", "listener", "--config", str(config), "replay", file, "--out", out,
                   "--labels", labels, "--until-quiet")  # fmt: skip
    print(f"   {spent.wall:.0f} s, {spent.cpu:.0f} s of CPU, {spent.peak_mb:.0f} MB")


def show_days(database: Path) -> None:
    days: dict[str, dict[str, str]] = {}
    for row in asked(database, WHAT_THERE_WAS):
        days.setdefault(row["name"], {})[row["day"]] = f"{row['negative']}/{row['mentions']}"
    columns = sorted({day for of in days.values() for day in of})
    print("   negative/mentions  " + "".join(f"{day[5:]:>10}" for day in columns))
    for name, of in sorted(days.items()):
        print(f"   {name:19}" + "".join(f"{of.get(day, ''):>10}" for day in columns))


def show_incidents(database: Path) -> int:
    rows = asked(database, INCIDENTS)
    for row in rows:
        ended = row["resolved_at"][5:16] if row["resolved_at"] else "still open"
        print(f"\n   [{row['rule']}] {row['opened_at'][5:16]} to {ended}, {row['severity']}:"
              f" {row['title']}")  # fmt: skip
        if row["first"]:
            first = json.loads(row["first"])
            print(f"     first told: {first['title']} ({first['severity']})")
        print(f"     {row['why']}")
        print(f"     {brief(json.loads(row['evidence']))}")
        steps = asked(database, HISTORY, row["id"])
        print("     " + "; ".join(f"{s['at'][5:16]} {s['event']} {s['detail'] or ''}".strip()
                                  for s in steps))  # fmt: skip
    return len(rows)


def brief(evidence: dict[str, Any]) -> str:
    found = {key: evidence[key] for key in RECEIPT if evidence.get(key) not in (None, [], "")}
    return ", ".join(f"{key} {_short(value)}" for key, value in found.items())


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def show_notices(out: Path) -> None:
    lines = (out / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    events = Counter(json.loads(line)["event"] for line in lines)
    print("\n   notices: " + ", ".join(f"{n} {event}" for event, n in sorted(events.items())))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--labels", nargs="+", choices=LABELS, default=LABELS)
    given = parser.parse_args()
    file = given.data / "airline_us" / "dev.jsonl.gz"
    if not file.exists():
        print(f"SKIP  {file} is not there; name its folder with --data")
        return 0
    with TemporaryDirectory() as folder:
        every = Path(folder) / "six.toml"
        text = EXAMPLE.read_text(encoding="utf-8")
        every.write_text(text.replace('role = "competitor"', 'role = "brand"'), encoding="utf-8")
        for labels in given.labels:
            for config, who in ((EXAMPLE, "US Airways ours"), (every, "all six as brands")):
                print(f"\n== {who}, labels {labels}")
                out = Path(folder) / f"{labels}-{config.stem}"
                replayed(config, file, out, labels)
                show_days(out / "listener.db")
                print(f"\n   {show_incidents(out / 'listener.db')} incidents beside promises")
                show_notices(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
