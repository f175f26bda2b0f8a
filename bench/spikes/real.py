"""Real series: ten public disasters as Twitter told them, and a week of airlines (true labels)."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from listener.rules.spike import Detector

_STEP = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_EPISODE = timedelta(hours=6)
_BEFORE = timedelta(days=14)
_USUAL_RATE, _USUAL_SHARE = 1.0, 0.25  # of the ordinary days put before a disaster
_ONSET, _ONSET_COUNT = 0.05, 10  # of the highest hour; and at least so many
Count = tuple[int, int]  # mentions, negative


def episodes(
    counts: dict[datetime, Count], sensitivity: str = "balanced"
) -> list[tuple[datetime, str]]:
    """When alerts opened, and how grave; what follows within six hours is the same one."""
    detector, found = Detector(sensitivity), list[tuple[datetime, str]]()
    at, last_on = min(counts), datetime.min.replace(tzinfo=UTC)
    while at <= max(counts):
        if detector.observe(at, *counts.get(at, (0, 0))):
            if at - last_on > _EPISODE:
                found.append((at, (detector.last or {})["severity"]))
            last_on = at
        at += _STEP
    return found


def crisislex(data: Path) -> Iterator[str]:
    """One line per disaster: how long after its onset it is told.

    CrisisLex T26 (Olteanu et al., 2015) has hours; each is spread over its five-minute buckets by
    chance. Two weeks of ordinary talk are put before it (one mention an hour, a quarter negative),
    and what is said of the disaster is taken for negative. The onset is the first hour with a
    twentieth of the highest one's count.
    """
    file = data / "timeseries" / "crisislex_t26_hourly.jsonl.gz"
    if not file.is_file():
        yield "skipped, no data there"
        return
    delays: list[float] = []
    for name, hours in _disasters(file).items():
        least = max(_ONSET_COUNT, _ONSET * max(hours.values()))
        onset = min(hour for hour, count in hours.items() if count >= least)
        told = [at for at, _ in episodes(_with_ordinary_days(hours))]
        before = sum(at < min(hours) for at in told)
        if len(told) == before:
            yield f"  {name}: not told"
            continue
        delay = (told[before] + _STEP - onset) / timedelta(minutes=1)
        delays.append(delay)
        yield (f"  {name}: {delay:+.0f} min from an onset of {hours[onset]} in an hour,"
               f" {before} alarms in the ordinary days")  # fmt: skip
    yield f"told: {len(delays)}; median {np.median(delays):.0f} min, the latest {max(delays):.0f}"


def _disasters(file: Path) -> dict[str, dict[datetime, int]]:
    found: dict[str, dict[datetime, int]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found.setdefault(row["series"], {})[datetime.fromisoformat(row["hour"])] = row["count"]
    return found


def _with_ordinary_days(hours: dict[datetime, int]) -> dict[datetime, Count]:
    rng = np.random.default_rng(1)
    counts: dict[datetime, Count] = {}
    at = min(hours) - _BEFORE
    while at <= max(hours):
        usual = rng.poisson(_USUAL_RATE / 12, 12)
        negative = rng.binomial(usual, _USUAL_SHARE)
        said = rng.multinomial(hours.get(at, 0), [1 / 12] * 12)
        for part in range(12):
            of_it = int(said[part])
            counts[at + part * _STEP] = (int(usual[part]) + of_it, int(negative[part]) + of_it)
        at += _HOUR
    return counts


def airlines(data: Path) -> Iterator[str]:
    """One line per airline: the alarms of its week."""
    file = data / "airline_us" / "dev.jsonl.gz"
    if not file.is_file():
        yield "skipped, no data there"
        return
    counts: dict[str, dict[datetime, Count]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            at = floor(datetime.fromisoformat(row["created_at"]))
            brand = counts.setdefault(row["brand"], {})
            n, k = brand.get(at, (0, 0))
            brand[at] = (n + 1, k + (row["label"] == "negative"))
    for name, brand in sorted(counts.items()):
        tweets = sum(n for n, _ in brand.values())
        share = sum(k for _, k in brand.values()) / tweets
        told = ", ".join(f"{at:%d %b %H:%M} {grave}" for at, grave in episodes(brand)) or "none"
        yield f"  {name} ({tweets} tweets, {share:.0%} negative): {told}"


def floor(at: datetime) -> datetime:
    """Down to its five minutes."""
    at = at.replace(tzinfo=UTC, second=0, microsecond=0)
    return at - timedelta(minutes=at.minute % 5)
