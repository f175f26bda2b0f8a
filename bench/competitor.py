"""How often a competitor's trouble is told for nothing, and how well openings and warnings differ.

    python -m bench.competitor [--seeds 12] [--seed 700000]

Competitors are streams of bench/spikes/simulate.py: 14 quiet days, then 30 with crises and what
only looks like one. Beside each crisis that is found stand one brand of ours and three other
competitors, of the same rate: in one run nothing happens to them, in the other the brand has a
medium crisis in the same hours. Their crises by themselves, at random times, stay in.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.spikes.score import Alarm, alarms, outcome
from bench.spikes.simulate import DAY, HOUR, Stream, stream
from listener.rules.competitor import CompetitorRule
from listener.rules.spike import Detector
from listener.rules.spike.whose import Rival, compare
from listener.stages.alert.scenes import DAYS

RATES = (0.2, 1.0, 5.0, 20.0, 100.0, 500.0)
FROM_DAY = 14.0
OTHERS = 3
EXTRA = (
    5.0,
    8.0,
)  # a medium crisis: so many times the usual negatives of an hour, at least so many
BUCKET_MINUTES = 5


def rival(name: str, of: Stream, first: int, end: int, extra: float, rng: Any) -> Rival:
    """A subject in the hours of an alarm, with so many negatives an hour more than there were."""
    first = min(first, end - HOUR)
    before = tuple(
        int(of.negative[first - back : end - back].sum())
        for back in range(DAY, DAYS * DAY + 1, DAY)
        if first - back >= 0 and of.measured[first - back : end - back].all()
    )
    more = int(rng.poisson(extra * (end - first) / HOUR))
    counted = int(of.negative[first:end].sum()) + more
    return Rival(name=name, negative=counted, before=before)


def is_warning(rivals: Sequence[Rival], negatives: int) -> bool:
    """As the rule judges: the first is ours, and half of the others are the sector."""
    ours, *others = compare("theirs", negatives, rivals).rivals
    rose = sum(one["rose"] for one in others)
    return bool(ours["rose"] or (rose and 2 * rose >= len(others)))


def judged(alarm: Alarm, beside: Sequence[Stream], rng: Any) -> tuple[bool, bool]:
    """Whether it is a warning where the others live on as they do, and where ours has it too."""
    buckets = round(alarm.evidence["window_minutes"] / BUCKET_MINUTES)
    end = alarm.start + 1
    ours = beside[0]
    usual = float(ours.negative.mean()) * HOUR
    extra = max(EXTRA[0] * usual, EXTRA[1])
    found = []
    for more in (0.0, extra):
        rivals = [
            rival(f"subject {n}", one, end - buckets, end, more if n == 0 else 0.0, rng)
            for n, one in enumerate(beside)
        ]
        found.append(is_warning(rivals, int(alarm.evidence["negative"])))
    return found[0], found[1]


def report(sensitivity: str, seeds: range) -> None:
    rng = np.random.default_rng(seeds.start)
    print(f"\nsensitivity {sensitivity}")
    print("mentions an hour  false alarms a month  of viral, flood ...  crises found  called a"
          " warning: alone, with ours")  # fmt: skip
    total = Counter[str]()
    months = 0.0
    for rate in RATES:
        counts = Counter[str]()
        at_rate = 0.0
        for seed in seeds:
            theirs = stream(rate, seed)
            result = outcome(theirs, Detector(sensitivity), FROM_DAY)
            at_rate += result.months
            counts["false"] += len(result.false_alarms)
            counts["nuisances"] += sum(of for of, _ in result.nuisances.values())
            counts["of nuisances"] += sum(told for _, told in result.nuisances.values())
            counts["crises"] += len(result.crises)
            counts["found"] += sum(one["delay"] is not None for one in result.crises)
            beside = [stream(rate, seed + 10_000 * (n + 1)) for n in range(1 + OTHERS)]
            for alarm in _of_crises(theirs, sensitivity):
                alone, with_ours = judged(alarm, beside, rng)
                counts["judged"] += 1
                counts["alone"] += alone
                counts["with ours"] += with_ours
        _line(f"{rate:>16g}", counts, at_rate)
        total += counts
        months += at_rate
    _line(f"{'all':>16}", total, months)


def _of_crises(theirs: Stream, sensitivity: str) -> list[Alarm]:
    """The first alarm in each crisis."""
    found, _, _ = alarms(theirs, Detector(sensitivity))
    firsts = []
    for event in theirs.events:
        inside = [a for a in found if event.start <= a.start < event.end]
        if event.kind == "crisis":
            firsts += inside[:1]
    return firsts


def _line(name: str, counts: Counter[str], months: float) -> None:
    judged = max(counts["judged"], 1)
    print(
        f"{name}  {counts['false'] / months:>20.3f}"
        f"  {counts['of nuisances']:>8} of {counts['nuisances']:<7}"
        f"  {counts['found']:>4} of {counts['crises']:<4}"
        f"  {counts['alone'] / judged:>22.1%}, {counts['with ours'] / judged:.1%}"
        f"  ({months:.0f} months)"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=12)
    asked.add_argument("--seed", type=int, default=700_000)
    given = asked.parse_args()
    seeds = range(given.seed, given.seed + given.seeds)
    for sensitivity in dict.fromkeys((CompetitorRule().sensitivity, "balanced")):
        report(sensitivity, seeds)


if __name__ == "__main__":
    main()
