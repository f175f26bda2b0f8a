"""The airlines once more, with teams: what the brand's and a competitor's were told, and where.

python -m bench.acceptance.airlines_teams [--data ../shared/data] [--labels given model]

The example's six airlines, one of them ours, with five teams beside: topics and `[[actions]]` name
whose a signal is. Printed: the notices of each team with its place in Slack and what to do, those
of promises in numbers, and how many rows of the inbox lay with each team. Whether anybody would
want them is for people to say.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance.airlines_noticed import DATA, EXAMPLE, LABELS, asked, replayed
from bench.figure import python

PLACES = {
    "care": "#care",
    "baggage": "#baggage",
    "operations": "#operations",
    "refunds": "#refunds",
    "market": "#market-watch",
}
NOBODYS = "#voice-of-customer"
TEAMS = f"""
[notify.slack]
token = "replays-tell-nobody"
channel = "{NOBODYS}"
{
    "".join(
        f'''
[[teams]]
name = "{name}"
slack = "{place}"
'''
        for name, place in PLACES.items()
    )
}
[[topics]]
name = "lost luggage"
description = "a bag that is lost, late or damaged"
keywords = ["bag", "bags", "luggage", "suitcase*"]
team = "baggage"

[[topics]]
name = "delay"
team = "operations"

[[topics]]
name = "refund"
team = "refunds"

[[actions]]
on = ["competitor.opening", "competitor.warning", "influencer.praise"]
team = "market"

[[actions]]
on = "mention"
role = ["competitor"]
team = "market"

[[actions]]
on = "mention"
intent = ["churn"]
team = "care"
"""
TOLD = """
SELECT n.made_at AS at, n.event, n.body, s.name AS subject, s.role FROM notice AS n
JOIN incident AS i ON i.id = n.incident_id JOIN subject AS s ON s.id = i.subject_id
ORDER BY n.made_at, n.id
"""


def show_messages(database: Path) -> None:
    """What each team was told: the promises in numbers, all else line by line."""
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in asked(database, TOLD):
        message = json.loads(row["body"]) | dict(row)
        told[message["team"] or ""].append(message)
    for team, messages in sorted(told.items()):
        place = PLACES.get(team, NOBODYS)
        rest = [one for one in messages if not one["event"].startswith("response")]
        promises = Counter(m["event"] for m in messages if m["event"].startswith("response"))
        print(f"\n   {team or 'nobody in particular'} in {place}: {len(messages)} notices")
        if promises:
            print("     promises: " + ", ".join(f"{n} {e}" for e, n in sorted(promises.items())))
        for one in rest:
            print(f"     {one['at'][5:16]} {one['event']}, {one['role']}: {one['title']}")
            print(f"       {one['why']}")
            if one.get("action"):
                print(f"       to do: {one['action']}")


def show_inbox(config: Path, database: Path) -> None:
    rows = python("-m", "listener", "--config", str(config), "--db", database, "inbox",
                  "--limit", "100000", "--format", "jsonl").out  # fmt: skip
    lying: Counter[tuple[str, str]] = Counter()
    for line in rows.splitlines():
        row = json.loads(line)
        lying[row.get("team") or "", row.get("action") or ""] += 1
    print("\n   rows of the inbox, by team and what to do")
    for (team, action), count in sorted(lying.items(), key=lambda one: (one[0][0], -one[1])):
        print(f"     {count:6} {team or 'nobody in particular':22} {action}")


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
        config = Path(folder) / "teams.toml"
        config.write_text(EXAMPLE.read_text(encoding="utf-8") + TEAMS, encoding="utf-8")
        for labels in given.labels:
            print(f"\n== labels {labels}")
            out = Path(folder) / labels
            replayed(config, file, out, labels)
            show_messages(out / "listener.db")
            show_inbox(config, out / "listener.db")
    return 0


if __name__ == "__main__":
    sys.exit(main())
