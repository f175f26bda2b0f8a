"""Prints how well the spike detector does: `python -m bench.spikes.report [--seeds N]`."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.spikes.figures import by_rate, false_rate, figures, recall, recall_by
from bench.spikes.score import outcome
from bench.spikes.simulate import RATES, Plan, stream
from listener.rules.spike import Detector

TUNE_SEEDS = 0  # seeds from here on were looked at while tuning
REPORT_SEEDS = 200_000  # and these were not
_FIRST_WEEKS = Plan(days=15, quiet_days=1.5, gap_days=(1.2, 2.2))


def run(first_seed: int, seeds: int, sensitivity: str, *, new: bool) -> Iterator[dict[str, Any]]:
    """One row per stream. `new`: brands in their first two weeks, false alarms from day one on."""
    plan, from_day = (_FIRST_WEEKS, 1.0) if new else (Plan(), 14.0)
    for seed in range(first_seed, first_seed + seeds):
        for rate in RATES:
            brand = stream(rate, seed, plan)
            brand.name = f"{'new' if new else 'known'} {rate:g}/h seed {seed} {sensitivity}"
            yield outcome(brand, Detector(sensitivity), from_day).row()


def _table(rows: list[dict[str, Any]]) -> None:
    print(f"{'figure':<52} {'value':>8} {'must':>6} {'good':>6} {'of':>8}")
    for f in figures(rows):
        value = f"{f.value:.{f.digits}f}"
        print(f"{f.name:<52} {value:>8} {f.must:>6g} {f.good:>6g} {f.count:>8} {f.verdict}")


def _details(rows: list[dict[str, Any]]) -> None:
    recalls, falses = by_rate(rows, recall), by_rate(rows, false_rate)
    print("by mentions an hour: recall, false alarms per brand-month")
    for rate, value in recalls.items():
        print(f"  {rate:>7g}  {value:.2f}  {falses[rate]:.2f}")
    for key in ("size", "shape"):
        parts = [f"{name} {found}/{of}" for name, (found, of) in recall_by(rows, key).items()]
        print(f"found by {key}: " + ", ".join(sorted(parts)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12, help="brands per rate")
    parser.add_argument("--sensitivity", default="balanced")
    parser.add_argument("--tune", action="store_true", help="use the seeds kept for tuning")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rows", type=Path, help="keep each stream's row here; done ones are read")
    args = parser.parse_args()
    first = TUNE_SEEDS if args.tune else REPORT_SEEDS
    for new in (False, True):
        rows = list(run(first, args.seeds, args.sensitivity, new=new))
        print("\nbrands in their first two weeks" if new else "brands with two weeks of history")
        _table(rows)
        _details(rows)
        if args.rows:
            args.rows.with_suffix(f".{new}.json").write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
