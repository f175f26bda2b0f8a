"""How well the spike detector does: `python -m bench.spikes.report [--only PART ...]`.

Parts: known (brands with two weeks of history) and new (their first two weeks), the table with
95 % intervals; quiet (a year of 30 brands in which nothing happens, and 30 new ones); rivals (what
others do, at their own bounds and at our number of false alarms); nab, crisislex and airlines
(real series). Rows of streams are kept in --keep: a run that was stopped goes on.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from bench.spikes.figures import (
    Rows,
    by_rate,
    false_rate,
    fifth_negatives,
    figures,
    median_delay,
    months,
    percentile,
    recall,
    recall_by,
)
from bench.spikes.nab import nab
from bench.spikes.real import airlines, crisislex
from bench.spikes.rivals import RIVALS, Above, Rival, bound_at
from bench.spikes.score import Outcome, Watcher, outcome
from bench.spikes.simulate import RATES, Plan, Stream, stream
from listener.rules.spike import Detector

TUNE_SEEDS = 0  # seeds from here on were looked at while tuning
REPORT_SEEDS = 300_000  # and these were not
KNOWN, KNOWN_FROM = Plan(), 14.0
FIRST_WEEKS, FIRST_FROM = Plan(days=15, quiet_days=1.5, gap_days=(1.2, 2.2)), 1.0
QUIET_YEAR, QUIET_WEEKS = Plan(days=14 + 365, quiet_days=1e4), Plan(days=15, quiet_days=1e4)
QUIET_BRANDS = 30
RIVAL_SEEDS = 4  # per rate, for their bounds
PARTS = ("known", "new", "quiet", "rivals", "nab", "crisislex", "airlines")
Make = Callable[[], Watcher]


class Kept:
    """Rows of streams, made once."""

    def __init__(self, folder: Path | None, suffix: str) -> None:
        self._folder, self._suffix = folder, suffix

    def rows(
        self,
        name: str,
        brands: Iterable[tuple[float, int]],
        plan: Plan,
        from_day: float,
        make: Make,
    ) -> Rows:
        """One row per stream of a rate and a seed."""
        file = self._folder / f"{name}-{self._suffix}.jsonl" if self._folder else None
        done: dict[str, dict[str, Any]] = {}
        if file is not None and file.is_file():
            rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
            done = {row["name"]: row for row in rows}
        wanted = {f"{rate:g}/h seed {seed}": (rate, seed) for rate, seed in brands}
        for number, (title, (rate, seed)) in enumerate(wanted.items(), 1):
            _progress(name, number, len(wanted))
            if title in done:
                continue
            row = _outcome(stream(rate, seed, plan), title, make(), from_day).row()
            done[title] = row
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(row) + "\n")
        return [done[title] for title in wanted]


def _outcome(brand: Stream, title: str, watcher: Watcher, from_day: float) -> Outcome:
    brand.name = title
    return outcome(brand, watcher, from_day)


def _progress(name: str, number: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{name}: {number} of {of} streams", end="\n" if number == of else "",
              file=sys.stderr, flush=True)  # fmt: skip


def _brands(first: int, seeds: int) -> list[tuple[float, int]]:
    return [(rate, seed) for seed in range(first, first + seeds) for rate in RATES]


def table(title: str, rows: Rows) -> bool:
    """Print it; says whether nothing is short of what it must reach."""
    print(f"\n{title}")
    print(f"{'figure':<52} {'value':>8} {'95 %':>15} {'must':>6} {'good':>6} {'of':>8}")
    found = figures(rows)
    for f in found:
        m = f.measure
        span = f"{f.low:.{m.digits}f} to {f.high:.{m.digits}f}"
        print(f"{m.name:<52} {f.value:>8.{m.digits}f} {span:>15} {m.must:>6g} {m.good:>6g}"
              f" {f.count:>8.0f} {f.verdict}")  # fmt: skip
    fifths = fifth_negatives(rows)
    print(f"the fifth negative of these steps and ramps: median {percentile(fifths, 0.5):.0f} min,"
          f" 90th percentile {percentile(fifths, 0.9):.0f}")  # fmt: skip
    falses, delays = by_rate(rows, false_rate), by_rate(rows, median_delay)
    print("mentions an hour: recall, median delay (min), false alarms per brand-month")
    for rate, found_part in by_rate(rows, recall).items():
        print(f"  {rate:>7g}  {found_part:.2f}  {delays[rate]:>4.0f}  {falses[rate]:.2f}")
    parts = recall_by(rows, "size", "shape").items()
    print("found: " + ", ".join(f"{part} {n}/{of}" for part, (n, of) in sorted(parts)))
    causes = {
        kind: [sum(column) for column in zip(*pairs, strict=True)]
        for kind in sorted({kind for row in rows for kind in row["nuisances"]})
        if (pairs := [row["nuisances"][kind] for row in rows if kind in row["nuisances"]])
    }
    print("alarms by cause: " + ", ".join(f"{kind} {n}/{of}" for kind, (of, n) in causes.items())
          + f", nothing at all {sum(len(row['false_alarms']) for row in rows)}")  # fmt: skip
    return all(f.verdict != "MISSED" for f in found)


def quiet(kept: Kept, make: Make) -> None:
    """What is told where nothing happens."""
    brands = list(islice(_brands(REPORT_SEEDS + 1000, 4), QUIET_BRANDS))
    year = kept.rows("quiet-year", brands, QUIET_YEAR, KNOWN_FROM, make)
    new = kept.rows("quiet-new", brands, QUIET_WEEKS, 0.0, make)
    for title, rows in (("a quiet year of 30 brands", year), ("first 15 days of 30 brands", new)):
        alarms = [len(row["false_alarms"]) for row in rows]
        none = sum(not n for n in alarms)
        print(f"\n{title}: {sum(alarms)} false alarms, {false_rate(rows):.2f} a brand-month;"
              f" {none} brands without any, the worst has {max(alarms)}")  # fmt: skip
        rates = by_rate(rows, false_rate).items()
        print("  by mentions an hour: " + ", ".join(f"{rate:g}: {n:.2f}" for rate, n in rates))


def rivals(kept: Kept, ours: Rows, brands: list[tuple[float, int]]) -> None:
    """Others at their usual bounds, and at the bound with as many false alarms as ours."""
    budget = false_rate(ours)
    tune = [stream(rate, seed, KNOWN) for rate, seed in _brands(TUNE_SEEDS, RIVAL_SEEDS)]
    print(f"\nothers, brands with history; at ours: {budget:.2f} false alarms a brand-month")
    print(f"{'rule':<44} {'bound':>7} {'recall':>7} {'small':>6} {'medium':>6} {'large':>6}"
          f" {'delay':>6} {'false':>6} {'viral':>6}")  # fmt: skip
    _line("ours", "", ours)
    for name, make in RIVALS.items():
        equal = bound_at(budget, _rate_at(make, tune))
        for bound in (make().usual_bound, equal):
            rows = kept.rows(f"{name.split()[0]}-{bound:.4g}", brands, KNOWN, KNOWN_FROM,
                             _above(make, bound))  # fmt: skip
            _line(name, f"{bound:.3g}", rows)


def _above(make: Callable[[], Rival], bound: float) -> Make:
    return lambda: Above(make(), bound)


def _rate_at(make: Callable[[], Rival], streams: list[Stream]) -> Callable[[float], float]:
    def rate_at(bound: float) -> float:
        rows = [outcome(one, Above(make(), bound), KNOWN_FROM).row() for one in streams]
        return false_rate(rows)

    return rate_at


def _line(name: str, bound: str, rows: Rows) -> None:
    sizes = " ".join(f"{recall(rows, (size,)):>6.2f}" for size in ("small", "medium", "large"))
    events, alarms = (
        sum(row["nuisances"].get("viral", [0, 0])[at] for row in rows) for at in (0, 1)
    )
    print(f"{name:<44} {bound:>7} {recall(rows):>7.2f} {sizes} {median_delay(rows):>6.0f}"
          f" {false_rate(rows):>6.2f} {alarms / max(events, 1):>6.2f}")  # fmt: skip


def _tables(kept: Kept, brands: list[tuple[float, int]], make: Make, only: set[str]) -> bool:
    """What streams show; says whether nothing is short of what it must reach."""
    reached = True
    if {"known", "rivals"} & only:
        known = kept.rows("known", brands, KNOWN, KNOWN_FROM, make)
        if "known" in only:
            title = f"brands with two weeks of history, {months(known):.0f} brand-months"
            reached &= table(title, known)
        if "rivals" in only:
            rivals(kept, known, brands)
    if "new" in only:
        rows = kept.rows("new", brands, FIRST_WEEKS, FIRST_FROM, make)
        reached &= table("brands in their first two weeks", rows)
    if "quiet" in only:
        quiet(kept, make)
    return reached


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seeds", type=int, default=16, help="brands per rate")
    parser.add_argument("--sensitivity", default="balanced")
    parser.add_argument("--tune", action="store_true", help="use the seeds kept for tuning")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--keep", type=Path, help="a folder for rows, to go on after a stop")
    args = parser.parse_args()
    kept = Kept(args.keep, f"{args.sensitivity}{'-tune' if args.tune else ''}")
    brands = _brands(TUNE_SEEDS if args.tune else REPORT_SEEDS, args.seeds)
    reached = _tables(kept, brands, lambda: Detector(args.sensitivity), set(args.only))
    for part, lines in (("nab", nab), ("crisislex", crisislex), ("airlines", airlines)):
        if part in args.only:
            print(f"\n{part}")
            print("\n".join(lines(args.data)))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
