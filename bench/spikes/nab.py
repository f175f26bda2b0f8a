"""Five brands of the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015), scored as it scores.

There is no sentiment in it: every mention is taken for negative, which leaves the volume test
alone. One alert per episode; the first 15 % of a series is for learning and does not count. An
alert within a window is worth up to 1, the earlier the more; one outside costs up to 0.11, the
farther behind a window the more; a window without any costs 1. Of 100 points, 0 is what silence
gets, 100 each window at its first moment. (The standard profile.)
"""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import exp
from pathlib import Path

from bench.spikes.real import Count, episodes, floor
from listener.rules.spike.settings import Sensitivity

_LEARNING, _MOST_LEARNING = 0.15, 750  # of a series, in rows
_FALSE, _MISSED = 0.11, 1.0
_FAR = 3.0  # widths behind a window; from there on an alert is as false as any
Span = tuple[datetime, datetime]


def nab(data: Path) -> Iterator[str]:
    """A line per sensitivity, one per brand of the balanced one."""
    series = data / "timeseries"
    if not series.is_dir():
        yield "skipped, no data there"
        return
    brands = list(_brands(series))
    for sensitivity in Sensitivity:
        total, windows, lines = 0.0, 0, []
        for name, counts, spans in brands:
            found = [at for at, _ in episodes(counts, sensitivity)]
            points, hit, outside = _points(sorted(counts), spans, found)
            total, windows = total + points, windows + len(spans)
            lines.append(
                f"  {name}: {hit} of {len(spans)} windows, {outside} alerts outside them in"
                f" {len(counts) / 288:.0f} days, {_of_hundred(points, len(spans)):.1f}"
            )
        yield f"{sensitivity}: score {_of_hundred(total, windows):.1f} of 100"
        if sensitivity is Sensitivity.BALANCED:
            yield from lines


def _brands(series: Path) -> Iterator[tuple[str, dict[datetime, Count], list[Span]]]:
    told = json.loads((series / "nab_anomaly_windows.json").read_text(encoding="utf-8"))
    for path in sorted(series.glob("nab_5min_*.csv.gz")):
        brand = path.name.split("_")[2].split(".")[0]
        counts: dict[datetime, Count] = {}
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                value = int(float(row["value"]))
                counts[floor(datetime.fromisoformat(row["timestamp"]))] = (value, value)
        yield brand, counts, [(_time(first), _time(last)) for first, last in told[brand]]


def _points(
    times: Sequence[datetime], spans: list[Span], found: list[datetime]
) -> tuple[float, int, int]:
    """(points, windows with an alert, alerts outside)."""
    learned = times[min(int(len(times) * _LEARNING), _MOST_LEARNING)]
    spans = [span for span in spans if span[1] >= learned]
    points, hits, outside = 0.0, set[Span](), 0
    for at in (at for at in found if at >= learned):
        within = next((span for span in spans if span[0] <= at <= span[1]), None)
        if within is None:
            points -= _FALSE * _falseness(at, spans)
            outside += 1
        elif within not in hits:
            hits.add(within)
            points += _worth((at - within[1]) / (within[1] - within[0])) / _worth(-1.0)
    return points - _MISSED * (len(spans) - len(hits)), len(hits), outside


def _falseness(at: datetime, spans: list[Span]) -> float:
    before = [span for span in spans if span[1] < at]
    if not before:
        return 1.0
    first, last = before[-1]
    behind = (at - last) / (last - first)
    return -_worth(behind) if behind <= _FAR else 1.0


def _worth(position: float) -> float:
    """From 1 far before the end of a window, 0 at its end, to -1 far behind it."""
    return 2.0 / (1.0 + exp(5.0 * position)) - 1.0


def _of_hundred(points: float, windows: int) -> float:
    return 100.0 * (points + _MISSED * windows) / ((1.0 + _MISSED) * windows)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
