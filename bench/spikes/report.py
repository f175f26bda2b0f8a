"""Prints how well the spike detector does: `python -m bench.spikes.report [--seeds N]`."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.spikes.figures import by_rate, false_rate, figures, median_delay, recall, recall_by
from bench.spikes.real import lines
from bench.spikes.rivals import LastHour
from bench.spikes.score import Watcher, outcome
from bench.spikes.simulate import RATES, Plan, stream
from listener.rules.spike import Detector

TUNE_SEEDS = 0  # seeds from here on were looked at while tuning
REPORT_SEEDS = 300_000  # and these were not
FIRST_WEEKS = Plan(days=15, quiet_days=1.5, gap_days=(1.2, 2.2))

Rows = list[dict[str, Any]]


def run(
    seeds: range, make: Callable[[], Watcher], plan: Plan, from_day: float, kept: Path | None
) -> Rows:
    """One row per stream; those that `kept` holds are not made again."""
    done: dict[str, dict[str, Any]] = {}
    if kept is not None and kept.is_file():
        rows = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
        done = {row["name"]: row for row in rows}
    for seed in seeds:
        for rate in RATES:
            name = f"{rate:g}/h seed {seed}"
            if name in done:
                continue
            brand = stream(rate, seed, plan)
            brand.name = name
            done[name] = outcome(brand, make(), from_day).row()
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done[name]) + "\n")
    names = {f"{rate:g}/h seed {seed}" for seed in seeds for rate in RATES}
    return [row for name, row in done.items() if name in names]


def _table(title: str, rows: Rows) -> None:
    print(f"\n{title}")
    print(f"{'figure':<52} {'value':>8} {'must':>6} {'good':>6} {'of':>8}")
    for f in figures(rows):
        value = f"{f.value:.{f.digits}f}"
        print(f"{f.name:<52} {value:>8} {f.must:>6g} {f.good:>6g} {f.count:>8} {f.verdict}")
    falses, delays = by_rate(rows, false_rate), by_rate(rows, median_delay)
    print("mentions an hour: recall, median delay (min), false alarms per brand-month")
    for rate, found_part in by_rate(rows, recall).items():
        print(f"  {rate:>7g}  {found_part:.2f}  {delays[rate]:>4.0f}  {falses[rate]:.2f}")
    for key in ("size", "shape"):
        parts = [f"{part} {found}/{of}" for part, (found, of) in recall_by(rows, key).items()]
        print(f"found by {key}: " + ", ".join(sorted(parts)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12, help="brands per rate")
    parser.add_argument("--sensitivity", default="balanced")
    parser.add_argument("--tune", action="store_true", help="use the seeds kept for tuning")
    parser.add_argument("--rivals", action="store_true", help="the usual dashboard rule as well")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--keep", type=Path, help="a folder for rows, to go on after a stop")
    args = parser.parse_args()
    first = TUNE_SEEDS if args.tune else REPORT_SEEDS
    seeds = range(first, first + args.seeds)

    def rows_of(name: str, make: Callable[[], Watcher], plan: Plan, from_day: float) -> Rows:
        kept = args.keep / f"{name}-{args.sensitivity}.jsonl" if args.keep else None
        return run(seeds, make, plan, from_day, kept)

    def detector() -> Detector:
        return Detector(args.sensitivity)

    _table("brands with two weeks of history", rows_of("known", detector, Plan(), 14.0))
    _table("brands in their first two weeks", rows_of("new", detector, FIRST_WEEKS, 1.0))
    if args.rivals:
        title = "last hour above three times the mean of seven days, brands with history"
        _table(title, rows_of("last-hour", LastHour, Plan(), 14.0))
    print()
    for line in lines(args.data):
        print(line)


if __name__ == "__main__":
    main()
