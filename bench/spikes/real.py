"""Real series, for sanity: five NAB brands (volume only) and a week of airlines (true labels).

NAB: Lavin and Ahmad, 2015; its windows are wide and drawn around peaks, so what counts here is how
many of them see an alarm, and how many alarms lie outside. There is no sentiment in it: every
mention is taken for negative, which leaves the volume test alone.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from listener.rules.spike import Detector

_STEP = timedelta(minutes=5)
_EPISODE = timedelta(hours=6)
Count = tuple[int, int]  # mentions, negative


def lines(data: Path) -> Iterator[str]:
    """One line per series; one that says so where the data is absent."""
    series, tweets = data / "timeseries", data / "airline_us" / "dev.jsonl.gz"
    if series.is_dir():
        windows = json.loads((series / "nab_anomaly_windows.json").read_text(encoding="utf-8"))
        for path in sorted(series.glob("nab_5min_*.csv.gz")):
            yield _nab(path, windows)
    else:
        yield "NAB: skipped, no data there"
    if tweets.is_file():
        yield from _airlines(tweets)
    else:
        yield "airlines: skipped, no data there"


def episodes(counts: dict[datetime, Count]) -> list[tuple[datetime, str]]:
    """When alerts opened, and how grave; what follows within six hours is the same one."""
    detector, found = Detector(), list[tuple[datetime, str]]()
    at, last_on = min(counts), datetime.min.replace(tzinfo=UTC)
    while at <= max(counts):
        if detector.observe(at, *counts.get(at, (0, 0))):
            if at - last_on > _EPISODE:
                found.append((at, (detector.last or {})["severity"]))
            last_on = at
        at += _STEP
    return found


def _nab(path: Path, windows: dict[str, list[list[str]]]) -> str:
    brand = path.name.split("_")[2].split(".")[0]
    counts: dict[datetime, Count] = {}
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            value = int(float(row["value"]))
            counts[_floor(datetime.fromisoformat(row["timestamp"]))] = (value, value)
    spans = [[datetime.fromisoformat(t).replace(tzinfo=UTC) for t in w] for w in windows[brand]]
    found = [at for at, _ in episodes(counts)]
    hit = sum(any(a <= at <= b for at in found) for a, b in spans)
    outside = sum(not any(a <= at <= b for a, b in spans) for at in found)
    days = len(counts) / 288
    return (
        f"NAB {brand}: {hit} of {len(spans)} windows, {outside} alarms outside in {days:.0f} days"
    )


def _airlines(path: Path) -> Iterator[str]:
    counts: dict[str, dict[datetime, Count]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            at = _floor(datetime.fromisoformat(row["created_at"]))
            brand = counts.setdefault(row["brand"], {})
            n, k = brand.get(at, (0, 0))
            brand[at] = (n + 1, k + (row["label"] == "negative"))
    for name, brand in sorted(counts.items()):
        tweets = sum(n for n, _ in brand.values())
        share = sum(k for _, k in brand.values()) / tweets
        told = ", ".join(f"{at:%d %b %H:%M} {grave}" for at, grave in episodes(brand)) or "none"
        yield f"airline {name} ({tweets} tweets, {share:.0%} negative): {told}"


def _floor(at: datetime) -> datetime:
    at = at.replace(tzinfo=UTC, second=0, microsecond=0)
    return at - timedelta(minutes=at.minute % 5)
