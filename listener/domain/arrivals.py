"""How often a source usually brings something, and which silence is longer than chance explains.

Time is measured in what is usual: an hour in which three mentions usually come counts as three, an
hour of the night as next to nothing. In that time the silences of the past are alike, whatever the
hour they fell in, and their tail tells how long the longest of a year would be (peaks over a
threshold; the generalised Pareto tail by probability-weighted moments: Hosking & Wallis, 1987).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOUR = timedelta(hours=1)
WEEK: Final = 168  # hours
KEPT: Final = 8 * WEEK  # hours that are remembered
KNOWN: Final = 2 * WEEK  # hours that have to be known before anything is said
RECENT: Final = 2 * WEEK  # whose level counts where it is lower than the whole
LEAST_BUSY: Final = 40  # hours in which something came, for a tail to be told
LEAST_EXPECTED: Final = 6.0  # mentions that failed to come, whatever the tail says
FEWEST_HOURS: Final = 2  # empty ones, before a silence is one
FEW_SILENCES: Final = 20  # too few for a tail
YEAR: Final = 8766  # hours
RARE: Final = 3.0  # years for one by the tail: simulated sources then stay under one in a year
HEAVIEST: Final = 0.5  # the tail's shape, at most: with few silences it cannot be told better
DOUBT: Final = 1.2  # hours at the level, that pull the factor of a day or an hour to 1

Hours = Mapping[int, int]  # since 1970, those in which the source was read: what came in each


@dataclass(frozen=True, slots=True)
class Usual:
    """What a source usually brings in each hour of a week, and which silence is beyond chance."""

    rates: tuple[float, ...]  # of the 168 hours, from Monday 00:00 UTC on
    limit: float  # mentions that fail to come

    def expected(self, hours: Sequence[int]) -> float:
        """How many mentions usually come in these hours."""
        return sum(self.rates[hour % WEEK] for hour in hours)

    def is_silence(self, hours: Sequence[int]) -> bool:
        """Whether it is beyond chance that nothing came in these hours, all empty."""
        return len(hours) >= FEWEST_HOURS and self.expected(hours) > self.limit


def hour_of(moment: datetime) -> int:
    """Hours since the Monday before 1970, so that a week begins at a multiple of 168."""
    return int(moment.timestamp() // 3600) + 72


def usual(hours: Hours) -> Usual | None:
    """What is usual by these hours; None while too little is known.

    The hours of a silence that lasts do not belong here: it would teach itself.
    """
    known = sorted(hours)[-KEPT:]
    busy = sum(hours[h] > 0 for h in known)
    if len(known) < KNOWN or busy < LEAST_BUSY:
        return None
    counts = _capped([hours[h] for h in known])
    rates = _rates(known, counts)
    runs = sorted(_silences(known, counts, rates))
    late = [(h, c) for h, c in zip(known, counts, strict=True) if h > known[-1] - RECENT]
    came, due = sum(c for _, c in late), sum(rates[h % WEEK] for h, _ in late)
    slower = min(1.0, came / due) if due else 1.0
    limit = max(_beyond_chance(runs, len(known) / YEAR), LEAST_EXPECTED)
    return Usual(tuple(rate * slower for rate in rates), limit)


def _capped(counts: Sequence[int]) -> list[float]:
    """Counts without the lumps: what a source brings at once is no rate."""
    some = sorted(c for c in counts if c)
    most = 3.0 * some[len(some) * 3 // 4]
    return [min(float(c), most) for c in counts]


def _rates(known: Sequence[int], counts: Sequence[float]) -> list[float]:
    """Level x hour of the day x day of the week, with factors that are sure only with the hours."""
    level = sum(counts) / len(known)
    days, hours = [(h % WEEK) // 24 for h in known], [h % 24 for h in known]
    by_day, by_hour = _factors(days, counts, 7, level), _factors(hours, counts, 24, level)
    return [level * by_day[h // 24] * by_hour[h % 24] for h in range(WEEK)]


def _factors(kinds: Sequence[int], counts: Sequence[float], n: int, level: float) -> list[float]:
    came, due = [DOUBT * level] * n, [DOUBT * level] * n
    for kind, count in zip(kinds, counts, strict=True):
        came[kind] += count
        due[kind] += level
    return [c / d for c, d in zip(came, due, strict=True)]


def _silences(known: Sequence[int], counts: Sequence[float], rates: Sequence[float]) -> list[float]:
    """The runs of empty hours, each as the mentions that usually come in such hours."""
    runs, run, before = [], 0.0, known[0] - 1
    for hour, count in zip(known, counts, strict=True):
        if count or hour != before + 1:  # what was not read ends a run: it may have gone on
            runs.append(run)
            run = 0.0
        if not count:
            run += rates[hour % WEEK]
        before = hour
    return [one for one in [*runs, run] if one > 0]


def _beyond_chance(runs: Sequence[float], years: float) -> float:
    """What one silence in `RARE` years goes beyond, by the tail of those known; `runs` in order."""
    if len(runs) < FEW_SILENCES:  # as of a source that never rests
        return 2 * runs[-1] if runs else 0.0
    k = min(max(len(runs) // 5, 15), 60, len(runs) - 1)
    base = runs[-k - 1]
    over = [run - base for run in runs[-k:]]
    mean = sum(over) / k
    weighted = sum(x * (k - at - 1) for at, x in enumerate(over)) / (k * (k - 1))
    shape = 2 - mean / (mean - 2 * weighted) if mean > 2 * weighted > 0 else 0.0
    shape = min(max(shape, 0.0), HEAVIEST)
    often = max(k * RARE / years, math.e)
    reach = math.log(often) if shape < 0.01 else (often**shape - 1) / shape
    return base + mean * (1 - shape) * reach
