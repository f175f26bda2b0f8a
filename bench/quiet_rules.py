"""False alarms and power of the rules that watch for slow or missing things, on simulated series.

python -m bench.quiet_rules [--seed 11] [--series 60] [--only silence|creeping]

Silences: sources of five rates, three daily patterns and three kinds of unrest, a year each after
eight weeks of history. Creeping: a year of weekly shares that do not creep, and shares that do.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from typing import Any

from listener.domain import arrivals
from listener.domain.arrivals import KEPT, WEEK, Usual, usual
from listener.domain.trend import Share, rising

RATES = (0.1, 0.5, 2.0, 10.0, 50.0)  # mentions an hour
PATTERNS = ("flat", "day", "office")
UNRESTS = {"calm": (0.0, 0.0), "uneven": (0.5, 1.0), "wild": (1.0, 3.0)}  # sd of the log, clumping
YEAR_HOURS = 52 * WEEK
TELLS_AGAIN = 4  # weeks


def a_source(rng: Any, rate: float, pattern: str, unrest: str) -> Any:
    """Hourly arrivals: a pattern, a slow unrest of the rate, and posts that come in clumps."""
    import numpy as np

    hours = np.arange(KEPT + YEAR_HOURS)
    sd, clump = UNRESTS[unrest]
    if pattern == "day":
        shape = 1 + 0.8 * np.sin((hours % 24 - 8) / 24 * 2 * np.pi)
    elif pattern == "office":
        at_work = (hours % 24 >= 8) & (hours % 24 < 18) & (hours % WEEK // 24 < 5)
        shape = np.where(at_work, 3.0, 0.05)
    else:
        shape = np.ones(len(hours))
    noise, kept = rng.normal(size=len(hours)) * math.sqrt(1 - 0.97**2), np.zeros(len(hours))
    for at in range(1, len(hours)):
        kept[at] = 0.97 * kept[at - 1] + noise[at]
    level = rate * shape / shape.mean() * np.exp(sd * kept - sd * sd / 2)
    posts = rng.poisson(level / (1 + clump))
    return posts + rng.poisson(clump * posts)


def silences(counts: Any) -> Iterator[tuple[int, int]]:
    """Each run of empty hours after the first eight weeks: its first hour, and the one after."""
    last = None
    for hour, count in enumerate(counts):
        if count:
            if last is not None and hour - last > 1 and last >= KEPT:
                yield last + 1, hour
            last = hour


def history(counts: Any, last: int) -> dict[int, int]:
    return {h: int(counts[h]) for h in range(max(0, last - KEPT), last + 1)}


def told(counts: Any) -> int:
    """How many silences of a year would be told, of a source that is well."""
    return sum(
        known is not None and known.is_silence(range(begin, end))
        for begin, end in silences(counts)
        if end - begin >= arrivals.FEWEST_HOURS
        for known in [usual(history(counts, begin - 1))]
    )


def hours_until_told(known: Usual, begins: int) -> int:
    """After how many hours a source that has died is told."""
    return next(n for n in range(2, 5000) if known.is_silence(range(begins, begins + n)))


def report_silences(rng: Any, series: int) -> None:
    print("silence: false alarms in a source-year, and hours until a dead source is told (median)")
    for pattern in PATTERNS:
        for rate in RATES:
            cells = []
            for unrest in UNRESTS:
                alarms, delays = 0, []
                for _ in range(series):
                    counts = a_source(rng, rate, pattern, unrest)
                    alarms += told(counts)
                    end = len(counts) - int(rng.integers(1, WEEK))
                    known = usual(history(counts, end - 1))
                    if known is not None:
                        delays.append(hours_until_told(known, end))
                middle = sorted(delays)[len(delays) // 2] if delays else None
                cells.append(f"{unrest} {alarms / series:.2f} ({middle} h)")
            print(f"  {pattern:7}{rate:5g}/h  " + "  ".join(cells))


def shares(
    rng: Any,
    mentions: int,
    level: float,
    wander: tuple[float, float],
    weeks: int,
    rise: float = 0.0,
    over: int = 1,
    stays: int = 0,
) -> list[Share | None]:
    """Weekly shares: a wandering level, weeks with a crisis, a rise in the end that stays."""
    import numpy as np

    keeps, sd = wander
    off = np.zeros(weeks)
    for at in range(1, weeks):
        off[at] = keeps * off[at - 1] + rng.normal() * sd * math.sqrt(1 - keeps * keeps)
    share = 1 / (1 + np.exp(-(math.log(level / (1 - level)) + off)))
    if rise:
        grown = (np.arange(weeks) - (weeks - over - stays) + 1) / over
        share = share + rise * np.clip(grown, 0, 1)
    else:
        crises = rng.random(weeks) < 1 / 26
        share = share + crises * rng.uniform(0.05, 0.3, weeks)
    share = np.clip(share, 0.01, 0.98)
    said = rng.poisson(mentions * np.exp(rng.normal(0, 0.3, weeks)))
    own = rng.beta(share * 199, (1 - share) * 199)  # weeks differ by half a per cent of variance
    return [Share(float(n), float(rng.binomial(n, s))) for n, s in zip(said, own, strict=True)]


def alarms_of(weeks: list[Share | None]) -> int:
    found, last = 0, -TELLS_AGAIN
    for end in range(26, len(weeks) + 1):
        if end - last >= TELLS_AGAIN and rising(weeks[max(0, end - 26) : end], 0.05, 200):
            found, last = found + 1, end
    return found


WANDERS = {"steady": (0.0, 0.0), "wanders a little": (0.7, 0.2), "wanders far": (0.9, 0.25)}


def report_creeping(rng: Any, series: int) -> None:
    print("creeping: false alarms in a brand-year, with a crisis week twice a year")
    for mentions in (30, 100, 500, 5000):
        for level in (0.1, 0.3):
            cells = []
            for name, wander in WANDERS.items():
                years = (shares(rng, mentions, level, wander, 78) for _ in range(series))
                cells.append(f"{name} {sum(map(alarms_of, years)) / series:.2f}")
            print(f"  {mentions:5} a week, share {level:.0%}  " + "  ".join(cells))
    print("creeping: rises found by four weeks after their end, and after how many weeks (median)")
    for mentions in (30, 100, 500, 5000):
        for rise, over in ((0.05, 8), (0.08, 8), (0.12, 8), (0.2, 8), (0.12, 4), (0.12, 16)):
            cells = []
            for name, wander in list(WANDERS.items())[:2]:
                delays = [
                    found
                    for _ in range(series)
                    if (found := _found(shares(rng, mentions, .2, wander, 30 + over, rise, over, 4),
                                        26)) is not None
                ]  # fmt: skip
                middle = sorted(delays)[len(delays) // 2] if delays else None
                cells.append(f"{name} {len(delays) / series:.0%} ({middle} w)")
            print(f"  {mentions:5} a week, +{100 * rise:.0f} points in {over:2} weeks  "
                  + "  ".join(cells))  # fmt: skip


def _found(weeks: list[Share | None], begins: int) -> int | None:
    for end in range(begins + 1, len(weeks) + 1):
        if rising(weeks[max(0, end - 26) : end], 0.05, 200):
            return end - begins
    return None


def main() -> int:
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--series", type=int, default=60)
    parser.add_argument("--only", choices=["silence", "creeping"])
    asked = parser.parse_args()
    if asked.only != "creeping":
        report_silences(np.random.default_rng(asked.seed), max(2, asked.series // 10))
    if asked.only != "silence":
        report_creeping(np.random.default_rng(asked.seed), asked.series)
    return 0


if __name__ == "__main__":
    sys.exit(main())
