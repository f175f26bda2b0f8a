"""What `listener backtest` finds in a replay, with the settings of the replay: the same.

python -m bench.acceptance.looked_back [--data ../shared/data]

Six airlines, all as brands, labels given. PASS if every incident is found again within five
minutes, and no other.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.acceptance.airlines_noticed import EXAMPLE, ROOT, replayed
from bench.figure import python
from listener.domain.times import from_text

SINCE = "2015-02-01"
APART_MINUTES = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    file = parser.parse_args().data / "airline_us" / "dev.jsonl.gz"
    if not file.exists():
        print(f"SKIP  {file} is not there; name its folder with --data")
        return 0
    with TemporaryDirectory() as folder:
        config, out = Path(folder) / "six.toml", Path(folder) / "out"
        text = EXAMPLE.read_text(encoding="utf-8")
        config.write_text(text.replace('"competitor"', '"brand"'), encoding="utf-8")
        replayed(config, file, out, "given")
        spent = python("-m", "listener", "--config", str(config), "--db", str(out / "listener.db"),
                       "backtest", "--since", SINCE, "--format", "jsonl")  # fmt: skip
    rows = [json.loads(line) for line in spent.out.splitlines()]
    alarms = [row for row in rows if row["kind"] == "alarm"]
    apart = [
        abs((from_text(a["opened_at"]) - from_text(a["stored_opened_at"])).total_seconds()) / 60
        for a in alarms
        if a["stored"]
    ]
    gone = sum(row["kind"] == "only_stored" for row in rows)
    new = len(alarms) - len(apart)
    print(f"   {len(apart)} incidents found again, at most {max(apart, default=0):.0f} min apart;"
          f" {new} new, {gone} gone; {spent.cpu:.0f} s of CPU")  # fmt: skip
    same = not new and not gone and bool(apart) and max(apart) <= APART_MINUTES
    print("PASS" if same else "FAIL")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
