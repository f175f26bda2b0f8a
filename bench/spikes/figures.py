"""The figures of many streams, beside what they must and should reach, with their intervals."""

import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]
RESAMPLES = 400
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table; `more` says whether more is better."""

    name: str
    of: Callable[[Rows], float]
    count: Callable[[Rows], float]
    must: float
    good: float
    more: bool = False
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of some streams; 95 % of resampled sets of brands lie from `low` to `high`."""

    measure: Measure
    value: float
    low: float
    high: float
    count: float

    @property
    def verdict(self) -> str:
        def reached(bound: float) -> bool:
            return self.value >= bound if self.measure.more else self.value <= bound

        good, must = reached(self.measure.good), reached(self.measure.must)
        return "good" if good else "must" if must else "MISSED"


def figures(rows: Rows) -> list[Figure]:
    """Each measure with its interval (bootstrap over brands, for one brand's crises are alike)."""
    rng = random.Random(1)
    values: list[list[float]] = [[] for _ in MEASURES]
    for _ in range(RESAMPLES):
        some = rng.choices(rows, k=len(rows))
        for measure, drawn in zip(MEASURES, values, strict=True):
            drawn.append(measure.of(some))
    return [
        Figure(measure, measure.of(rows), percentile(drawn, _LOW), percentile(drawn, _HIGH),
               measure.count(rows))
        for measure, drawn in zip(MEASURES, values, strict=True)
    ]  # fmt: skip


def by_rate(rows: Rows, of: Callable[[Rows], float]) -> dict[float, float]:
    rates = sorted({row["rate"] for row in rows})
    return {rate: of([row for row in rows if row["rate"] == rate]) for rate in rates}


def median_delay(rows: Rows) -> float:
    """Of medium and large steps and ramps, in minutes."""
    return statistics.median(_delays(rows) or [0.0])


def fifth_negatives(rows: Rows) -> list[float]:
    """When the fifth negative of each medium or large step or ramp came, in minutes.

    Nothing that asks for five can tell of them sooner.
    """
    return [c["fifth"] for c in _sudden(rows) if c["fifth"] is not None]


def false_rate(rows: Rows) -> float:
    """False alarms per brand-month."""
    return sum(len(row["false_alarms"]) for row in rows) / max(months(rows), 1e-9)


def months(rows: Rows) -> float:
    return float(sum(row["months"] for row in rows))


def recall(rows: Rows, sizes: Iterable[str] = ("small", "medium", "large")) -> float:
    found = [c["delay"] is not None for c in _crises(rows, sizes)]
    return sum(found) / max(len(found), 1)


def recall_by(rows: Rows, *keys: str) -> dict[str, tuple[int, int]]:
    """For each value of a crisis' keys: (found, all)."""
    tally: dict[str, tuple[int, int]] = {}
    for crisis in (c for row in rows for c in row["crises"]):
        name = " ".join(crisis[key] for key in keys)
        found, of = tally.get(name, (0, 0))
        tally[name] = (found + (crisis["delay"] is not None), of + 1)
    return tally


def alarms_of(rows: Rows, kinds: Iterable[str]) -> float:
    """Alarms for each event of these kinds."""
    pairs = _nuisances(rows, kinds)
    return sum(alarms for _, alarms in pairs) / max(sum(events for events, _ in pairs), 1)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _crises(rows: Rows, sizes: Iterable[str]) -> Rows:
    return [c for row in rows for c in row["crises"] if c["size"] in sizes]


def _sudden(rows: Rows) -> Rows:
    return [c for c in _crises(rows, ("medium", "large")) if c["shape"] != "slow"]


def _delays(rows: Rows) -> list[float]:
    return [c["delay"] for c in _sudden(rows) if c["delay"] is not None]


def _nuisances(rows: Rows, kinds: Iterable[str]) -> list[list[int]]:
    return [row["nuisances"][kind] for row in rows for kind in kinds if kind in row["nuisances"]]


def _recall(name: str, sizes: tuple[str, ...], must: float, good: float) -> Measure:
    return Measure(
        name, lambda rows: recall(rows, sizes), lambda rows: len(_crises(rows, sizes)),
        must, good, more=True,
    )  # fmt: skip


def _alarms(name: str, kinds: tuple[str, ...], must: float, good: float, digits: int) -> Measure:
    return Measure(
        name, lambda rows: alarms_of(rows, kinds),
        lambda rows: sum(events for events, _ in _nuisances(rows, kinds)),
        must, good, digits=digits,
    )  # fmt: skip


def _cost(rows: Rows) -> float:
    return float(sum(r["seconds"] for r in rows) / max(sum(r["calls"] for r in rows), 1) * 1e6)


def _calls(rows: Rows) -> float:
    return float(sum(row["calls"] for row in rows))


def _delay_count(rows: Rows) -> float:
    return len(_delays(rows))


MEASURES = (
    _recall("recall, all", ("small", "medium", "large"), 0.80, 0.92),
    _recall("recall, medium and large", ("medium", "large"), 0.90, 0.97),
    _recall("recall, large", ("large",), 0.97, 1.0),
    _recall("recall, small", ("small",), 0.50, 0.75),
    Measure("median delay, medium and large steps and ramps (min)", median_delay, _delay_count,
            30, 15, digits=0),
    Measure("the same, 90th percentile (min)", lambda rows: percentile(_delays(rows), 0.9),
            _delay_count, 100, 50, digits=0),
    Measure("false alarms per brand-month", false_rate, months, 1.0, 0.3),
    Measure("the same, worst rate tier", lambda rows: max(by_rate(rows, false_rate).values()),
            months, 2.0, 1.0),
    _alarms("alarms per viral surge", ("viral",), 0.10, 0.03, 2),
    _alarms("outages, silences, backlogs, floods that alarm",
            ("outage", "silence", "backlog", "flood"), 0.03, 0.0, 3),
    Measure("cost per call (us)", _cost, _calls, 100, 20, digits=1),
)  # fmt: skip
