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
THIN: Final = 0.75  # standard errors of the mean, by which the usual is taken to be lower
WANDERING: Final = 2.0  # standard deviations of the weeks, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Shares of the stars, which sum to 1; and how much of what is seen is not believed.

    margin: by so many stars the mean may be lower: it rests on few reviews, and weeks differ by
    more than chance. clumping: so many reviews say as much as one would, because those of a day are
    alike (the design effect of Rao & Scott, 1981); 1 where each stands for itself.
    """

    reviews: int
    mean: float
    shares: Mapping[float, float]
    margin: float
    clumping: float


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
    weeks = _grouped(given, days=7)
    wander = _between(weeks, mean, variance)
    by_day = _grouped(given, days=1)
    alike = _between(by_day, mean, variance) / variance
    on_a_day = sum(len(day) ** 2 for day in by_day) / count
    return Usual(
        reviews=count,
        mean=mean,
        shares=shares,
        margin=math.sqrt(THIN**2 * variance / count + WANDERING**2 * wander),
        clumping=1 + alike * (on_a_day - 1),
    )


def _grouped(given: Iterable[tuple[datetime, float]], days: int) -> list[list[float]]:
    groups: dict[int, list[float]] = {}
    for at, stars in given:
        groups.setdefault(at.toordinal() // days, []).append(stars)
    return list(groups.values())


def _between(groups: Sequence[Sequence[float]], mean: float, variance: float) -> float:
    """The variance of the groups' means that chance leaves over (DerSimonian & Laird, 1986).

    One standard deviation of what chance does is taken for chance, too.
    """
    free = len(groups) - 1
    if free < 2:
        return 0.0
    counts = [len(group) for group in groups]
    spread = sum((sum(group) - len(group) * mean) ** 2 / len(group) for group in groups)
    beyond = spread / variance - free - math.sqrt(2 * free)
    scale = (sum(counts) - sum(n * n for n in counts) / sum(counts)) / variance
    return max(0.0, beyond / scale) if scale > 0 else 0.0
