"""The stars that are usual for a listing: how they are distributed, and how far that is known."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from listener.domain.ratings import Listing, Review

FEWEST: Final = 30  # reviews that make a usual
SMOOTHED: Final = 0.5  # of a review at each star (Jeffreys): nothing is impossible
STARS: Final = (1.0, 2.0, 3.0, 4.0, 5.0)
THIN: Final = 0.5  # standard errors of the mean, by which the usual is taken to be lower
WANDERING: Final = 2.0  # standard deviations of the weeks, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Shares of the stars, which sum to 1. `margin`: by so much the mean may be lower, unnoticed.

    The margin covers what is not known: a mean of few reviews, and weeks that differ by more than
    chance.
    """

    reviews: int
    mean: float
    shares: Mapping[float, float]
    margin: float


def usuals(reviews: Sequence[Review]) -> dict[Listing, Usual]:
    """What is usual of each listing; where a part has few reviews, of its source's small parts.

    What has too few even so has none: of a new source nothing is usual.
    """
    by_part: dict[Listing, list[Review]] = {}
    for one in reviews:
        by_part.setdefault(one.listing, []).append(one)
    known = {part: found for part, found in by_part.items() if len(found) >= FEWEST}
    small: dict[Listing, list[Review]] = {}
    for part, found in by_part.items():
        if part not in known:
            small.setdefault(Listing(part.source), []).extend(found)
    known = {source: found for source, found in small.items() if len(found) >= FEWEST} | known
    return {part: learned([(o.at, o.stars) for o in found]) for part, found in known.items()}


def usual_of(listing: Listing, known: Mapping[Listing, Usual]) -> Usual | None:
    return known.get(listing) or known.get(Listing(listing.source))


def learned(given: Sequence[tuple[datetime, float]]) -> Usual:
    """What is usual where these stars were given at these times; at least one."""
    count = len(given)
    mean = sum(stars for _, stars in given) / count
    tally = dict.fromkeys(STARS, SMOOTHED)
    for _, stars in given:
        tally[stars] = tally.get(stars, 0.0) + 1
    whole = sum(tally.values())
    shares = {stars: some / whole for stars, some in tally.items()}
    middle = sum(stars * share for stars, share in shares.items())
    variance = sum(share * (stars - middle) ** 2 for stars, share in shares.items())
    wander = _wander(given, mean, variance)
    margin = math.sqrt(THIN**2 * variance / count + WANDERING**2 * wander)
    return Usual(reviews=count, mean=mean, shares=shares, margin=margin)


def _wander(given: Iterable[tuple[datetime, float]], mean: float, variance: float) -> float:
    """The variance of the weeks' means that chance leaves over (DerSimonian & Laird, 1986).

    One standard error of the heterogeneity is taken for chance, too.
    """
    weeks: dict[int, list[float]] = {}
    for at, stars in given:
        weeks.setdefault(at.toordinal() // 7, []).append(stars)
    if len(weeks) < 3:
        return 0.0
    counts = [len(week) for week in weeks.values()]
    spread = sum((sum(week) - len(week) * mean) ** 2 / len(week) for week in weeks.values())
    free = len(weeks) - 1
    beyond = spread / variance - free - math.sqrt(2 * free)
    scale = (sum(counts) - sum(n * n for n in counts) / sum(counts)) / variance
    return max(0.0, beyond / scale) if scale > 0 else 0.0
