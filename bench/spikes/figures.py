"""The figures of many streams, beside what they must and should reach."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `more` says whether more is better."""

    name: str
    value: float
    must: float
    good: float
    more: bool = False
    count: int = 0
    digits: int = 2

    @property
    def verdict(self) -> str:
        def reached(bound: float) -> bool:
            return self.value >= bound if self.more else self.value <= bound

        return "good" if reached(self.good) else "must" if reached(self.must) else "MISSED"


def figures(rows: Rows) -> list[Figure]:
    """Of streams that have two weeks of history before the first event."""
    crises = [crisis for row in rows for crisis in row["crises"]]
    delays = [delay for delay in _sudden(rows) if delay is not None]
    tally = {kind: _tally(rows, kind) for kind in _kinds(rows)}
    virals, viral_alarms = tally.pop("viral", (0, 0))
    others, other_alarms = (sum(column) for column in zip((0, 0), *tally.values(), strict=True))
    calls, seconds = sum(r["calls"] for r in rows), sum(r["seconds"] for r in rows)
    return [
        _recall("recall, all", crises, lambda c: True, 0.80, 0.92),
        _recall("recall, medium and large", crises, lambda c: c["size"] != "small", 0.90, 0.97),
        _recall("recall, large", crises, lambda c: c["size"] == "large", 0.97, 1.0),
        _recall("recall, small", crises, lambda c: c["size"] == "small", 0.50, 0.75),
        Figure("median delay, medium and large steps and ramps (min)",
               median_delay(rows), 30, 15, count=len(delays), digits=0),
        Figure("the same, 90th percentile (min)", _percentile(delays, 0.9), 100, 50,
               count=len(delays), digits=0),
        Figure("false alarms per brand-month", _false_rate(rows), 1.0, 0.3, count=len(rows)),
        Figure("the same, worst rate tier", max(by_rate(rows, _false_rate).values()), 2.0, 1.0,
               count=len(rows)),
        Figure("alarms per viral surge", viral_alarms / max(virals, 1), 0.10, 0.03, count=virals),
        Figure("outages, silences, backlogs, floods that alarm", other_alarms / max(others, 1),
               0.03, 0.0, count=others, digits=3),
        Figure("cost per call (us)", seconds / max(calls, 1) * 1e6, 100, 20, count=calls, digits=1),
    ]  # fmt: skip


def by_rate(rows: Rows, of: Callable[[Rows], float]) -> dict[float, float]:
    rates = sorted({row["rate"] for row in rows})
    return {rate: of([row for row in rows if row["rate"] == rate]) for rate in rates}


def median_delay(rows: Rows) -> float:
    """Of medium and large steps and ramps, in minutes."""
    return statistics.median([d for d in _sudden(rows) if d is not None] or [0.0])


def _sudden(rows: Rows) -> list[float | None]:
    crises = [crisis for row in rows for crisis in row["crises"]]
    return [c["delay"] for c in crises if c["size"] != "small" and c["shape"] != "slow"]


def recall(rows: Rows) -> float:
    found = [c["delay"] is not None for row in rows for c in row["crises"]]
    return sum(found) / max(len(found), 1)


def false_rate(rows: Rows) -> float:
    return _false_rate(rows)


def recall_by(rows: Rows, key: str) -> dict[str, tuple[int, int]]:
    """For each value of a crisis' `key`: (found, all)."""
    tally: dict[str, tuple[int, int]] = {}
    for crisis in (c for row in rows for c in row["crises"]):
        found, of = tally.get(crisis[key], (0, 0))
        tally[crisis[key]] = (found + (crisis["delay"] is not None), of + 1)
    return tally


def _recall(
    name: str, crises: Rows, which: Callable[[dict[str, Any]], bool], must: float, good: float
) -> Figure:
    chosen = [crisis for crisis in crises if which(crisis)]
    found = sum(crisis["delay"] is not None for crisis in chosen)
    return Figure(name, found / max(len(chosen), 1), must, good, more=True, count=len(chosen))


def _false_rate(rows: Rows) -> float:
    months: float = sum(row["months"] for row in rows)
    return sum(len(row["false_alarms"]) for row in rows) / max(months, 1e-9)


def _kinds(rows: Rows) -> Iterable[str]:
    return {kind for row in rows for kind in row["nuisances"]}


def _tally(rows: Rows, kind: str) -> tuple[int, int]:
    pairs = [row["nuisances"][kind] for row in rows if kind in row["nuisances"]]
    return sum(events for events, _ in pairs), sum(alarms for _, alarms in pairs)


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
