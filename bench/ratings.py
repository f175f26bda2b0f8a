"""False alarms and power of the rating rule on simulated reviews, beside two rules of thumb.

python -m bench.ratings [--tune] [--years 40] [--only quiet|drops]

Half a year of history, then a year, looked at every six hours in which there is a
new review, or once a day where there are ten a day and more. The
rules of thumb: the mean of the last 20 reviews is 0.5 stars below that of all before; and a t-test
each day, of the last 28 days against all before, at 1 %. Tuned on other seeds (`--tune`).
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from listener.domain.ratings import Listing, Review, Told
from listener.domain.times import from_text
from listener.rules.rating_drop.rule import RatingDropRule
from listener.rules.rating_drop.scene import RatingScene

TUNE_SEEDS, REPORT_SEEDS = 0, 700_000
START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LOOKS = {True: DAY / 4, False: DAY}  # of a few reviews a day, and of many
HISTORY, YEAR = 182, 365  # days
SHAPES = {  # shares of one to five stars
    "app": (0.14, 0.04, 0.06, 0.14, 0.62),
    "shop": (0.03, 0.01, 0.04, 0.12, 0.80),
    "split": (0.30, 0.08, 0.07, 0.10, 0.45),
    "hotel": (0.07, 0.11, 0.22, 0.35, 0.25),
}
UNRESTS = ("steady", "wanders", "season", "mix", "clumps")
RATES = (0.3, 1.0, 2.0, 10.0, 30.0, 100.0)  # reviews a day
DROPS = (0.3, 0.5, 0.75, 1.0, 1.5)
PATIENCE = 120  # days after a drop, in which it is told or missed
FORGETS = 365 * DAY


def shifted(shares: Sequence[float], by: float) -> list[float]:
    """A distribution whose mean is moved: some turn to one star, or to five."""
    mean = sum(n * share for n, share in enumerate(shares, 1))
    end, room = (4, 5 - mean) if by > 0 else (0, mean - 1)
    part = min(abs(by) / room, 1.0)
    return [share * (1 - part) + (part if n == end else 0) for n, share in enumerate(shares)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    rate: float
    shape: str
    unrest: str
    drop: float = 0.0
    drop_day: int = HISTORY + YEAR  # from when on


def stream(rng: Any, plan: Plan, days: int) -> list[Review]:
    """Reviews of one source, of two where their mix changes."""
    found = []
    wander, phase = 0.0, rng.uniform(0, 2 * math.pi)
    for day in range(days):
        if day % 7 == 0:  # the week's mean wanders, with a standard deviation of .12 stars
            wander = 0.7 * wander + rng.normal() * 0.12 * math.sqrt(1 - 0.7**2)
        shift = -plan.drop if day >= plan.drop_day else 0.0
        shift += wander if plan.unrest == "wanders" else 0.0
        if plan.unrest == "season":
            shift += 0.12 * math.sin(2 * math.pi * day / 365 + phase)
        clump = 3.0 if plan.unrest == "clumps" else 1.0
        for _ in range(rng.poisson(plan.rate / clump)):
            at = START + (day + rng.random()) * DAY
            other = plan.unrest == "mix" and rng.random() < 0.5 + 0.45 * math.sin(day / 29 + phase)
            shares = shifted(SHAPES[plan.shape], shift - (1.0 if other else 0.0))
            stars = float(rng.choice(5, p=shares) + 1)
            many = 1 if clump == 1 else 1 + rng.poisson(clump - 1)
            listing = Listing("trustpilot" if other else "app_store")
            found += [Review(at, stars, listing, 0)] * int(many)
    return sorted(found, key=lambda one: one.at)


Begun = Iterator[tuple[datetime, int]]  # when it was told, and how many reviews there were


def by_rule(reviews: Sequence[Review], rule: RatingDropRule, since: datetime) -> Begun:
    """When the rule tells something new; lives as the daemon keeps them."""
    lives: dict[tuple[Listing, datetime], list[Any]] = {}  # key: told, last found at
    for now, count in looks(reviews, since):
        first = next(n for n, one in enumerate(reviews) if one.at > now - FORGETS)
        told = [life[0] for life in lives.values()]
        scene = RatingScene(
            subject_id=1, subject="Acme", now=now, reviews=reviews[first:count], told=told
        )
        found = {one.key: one.evidence for one in rule(scene)}
        known = set()
        for life in lives.values():
            one = life[0]
            key = ":".join(["rating_drop", "Acme", *(part for part in one.listing if part)])
            if one.ended is None:
                known.add(key)
                if key in found:
                    life[1] = now
                elif now - life[1] >= DAY:
                    life[0] = Told(listing=one.listing, began=one.began, p_value=1, ended=now)
        for key, evidence in found.items():
            if key not in known:
                listing = Listing(evidence["source"] or "", evidence["listing"] or "")
                began = from_text(evidence["began_at"])
                lives[listing, now] = [Told(listing=listing, began=began, p_value=1), now]
                yield now, count


def looks(reviews: Sequence[Review], since: datetime) -> Iterator[tuple[datetime, int]]:
    """The moments at which there is something new, and how many reviews there are then."""
    count = sum(one.at <= since for one in reviews)
    now, often = since, count < 5 * HISTORY
    while count < len(reviews):
        now += LOOKS[often]
        upto = count
        while upto < len(reviews) and reviews[upto].at <= now:
            upto += 1
        if upto > count:
            count = upto
            yield now, count


def by_last_20(reviews: Sequence[Review], since: datetime) -> Begun:
    on, total, seen = False, 0.0, 0
    for now, count in looks(reviews, since):
        total += sum(one.stars for one in reviews[seen:count])
        seen = count
        last = sum(one.stars for one in reviews[max(0, count - 20) : count])
        if count < 50:
            continue
        off = last / 20 <= (total - last) / (count - 20) - 0.5
        if off and not on:
            yield now, count
        on = off


def by_t_test(reviews: Sequence[Review], since: datetime) -> Begun:
    import numpy as np
    from scipy.special import stdtr

    stars = np.array([one.stars for one in reviews])
    times = np.array([one.at.timestamp() for one in reviews])
    on, day = False, None
    for now, count in looks(reviews, since):
        if now.date() == day:
            continue
        day = now.date()
        first = int(np.searchsorted(times, (now - 28 * DAY).timestamp()))
        old, new = stars[:first], stars[first:count]
        if len(old) < 10 or len(new) < 5:
            continue
        a, b = old.var(ddof=1) / len(old), new.var(ddof=1) / len(new)
        free = (a + b) ** 2 / (a * a / (len(old) - 1) + b * b / (len(new) - 1) + 1e-12)
        off = stdtr(free, (new.mean() - old.mean()) / math.sqrt(a + b + 1e-12)) < 0.01
        if off and not on:
            yield now, count
        on = off


Rule = Callable[[Sequence[Review], datetime], Begun]

RULES: dict[str, Rule] = {
    "rating_drop": lambda reviews, since: by_rule(reviews, RatingDropRule(), since),
    "last 20": by_last_20,
    "t-test": by_t_test,
}


def generator(first: int, *of: object) -> Any:
    import zlib

    import numpy as np

    return np.random.default_rng([first, zlib.crc32(repr(of).encode())])


def report_quiet(first: int, years: int) -> None:
    print("False alarms a source-year, by what makes the stars uneasy")
    print("| reviews a day | source-years | rule | " + " | ".join(UNRESTS) + " | all |")
    since = START + HISTORY * DAY
    for rate in RATES:
        each = years if rate < 30 else max(4, years // 4)
        told = {name: dict.fromkeys(UNRESTS, 0) for name in RULES}
        for unrest in UNRESTS:
            for number in range(each):
                shape = list(SHAPES)[number % len(SHAPES)]
                rng = generator(first, rate, unrest, number)
                reviews = stream(rng, Plan(rate=rate, shape=shape, unrest=unrest), HISTORY + YEAR)
                for name, rule in RULES.items():
                    told[name][unrest] += sum(1 for _ in rule(reviews, since))
        for name, counts in told.items():
            cells = " | ".join(f"{counts[unrest] / each:.2f}" for unrest in UNRESTS)
            whole = sum(counts.values()) / each / len(UNRESTS)
            print(
                f"| {rate:g} | {each * len(UNRESTS)} | {name} | {cells} | {whole:.2f} |", flush=True
            )


def report_drops(first: int, streams: int) -> None:
    print("Drops told within 120 days: share, median delay in reviews, in days")
    print("| reviews a day | drops | rule | " + " | ".join(f"{d:g}" for d in DROPS) + " |")
    for rate in RATES:
        each = streams if rate < 30 else max(8, streams // 4)
        cells: dict[str, list[str]] = {name: [] for name in RULES}
        for drop in DROPS:
            delays: dict[str, list[tuple[int, float]]] = {name: [] for name in RULES}
            for number in range(each):
                shape = list(SHAPES)[number % len(SHAPES)]
                rng = generator(first, rate, drop, number)
                day = HISTORY + int(rng.integers(0, 7))
                plan = Plan(rate=rate, shape=shape, unrest="steady", drop=drop, drop_day=day)
                reviews = stream(rng, plan, day + PATIENCE)
                begins = START + day * DAY
                old = sum(one.at < begins for one in reviews)
                for name, rule in RULES.items():
                    told = next(rule(reviews, begins), None)
                    if told is not None:
                        delays[name].append((told[1] - old, (told[0] - begins) / DAY))
            for name, found in delays.items():
                late = (
                    f" {median(n for n, _ in found):.0f}, {median(d for _, d in found):.0f} d"
                    if found
                    else ""
                )
                cells[name].append(f"{len(found) / each:.2f}{late}")
        for name, row in cells.items():
            print(f"| {rate:g} | {each} | {name} | " + " | ".join(row) + " |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="use the seeds kept for tuning")
    parser.add_argument("--years", type=int, default=40, help="streams for each unrest or drop")
    parser.add_argument("--only", choices=["quiet", "drops"])
    asked = parser.parse_args()
    first = TUNE_SEEDS if asked.tune else REPORT_SEEDS
    if asked.only in (None, "quiet"):
        report_quiet(first, asked.years)
    if asked.only in (None, "drops"):
        report_drops(first, asked.years)
    return 0


if __name__ == "__main__":
    sys.exit(main())
