"""Whether the stars have dropped: a sequential test, which may be looked at after every review.

Each review multiplies the evidence of a drop by its likelihood ratio: how probable its stars are
under the usual distribution tilted downwards, over how probable they are under the usual one of its
own listing. So it makes no difference which listing brings more reviews than before. The ratios are
multiplied from each moment at which the drop may have begun, and these products are added up: the
Shiryaev-Roberts statistic (Shiryaev, 1963; Roberts, 1966), as e-detectors use it (Shin, Ramdas &
Rinaldo, 2023). While nothing changes it grows by one a review on average, so by Doob's inequality
it reaches N/p within N reviews with a probability of at most p, however often one looks. That holds
for a usual that is known; ours is estimated, and therefore taken to be lower by its margin. How
often it is wrong in practice is measured by bench/ratings.py.

The tilt is exponential, exp(-t x): of all distributions with a mean so low the nearest to the usual
one, so that ordinal, J-shaped stars need no other model.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from listener.domain.ratings import Listing, Review
from listener.rules.rating_drop.usual import Usual, usual_of

TILTS: Final = (0.25, 0.5, 1.0, 2.0)  # per star: from a slight drop to a landslide


class _Weight(NamedTuple):
    """What a review of so many stars says: the usual mean there, and a log-ratio for each tilt."""

    mean: float
    logs: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The drop for which most speaks.

    before: the usual stars, with the mix of listings as it is now.
    p_value: the chance of so much evidence at any moment of a year in which nothing changes.
    """

    before: float
    after: float
    n_before: int
    n_after: int
    began: datetime
    p_value: float


def dropped(
    recent: Sequence[Review],
    known: Mapping[Listing, Usual],
    *,
    least: float,
    at_least: int,
    a_year: float,
) -> Drop | None:
    """The drop that lasts up to the last of these reviews, oldest first; None: there is none.

    least: in stars, and at_least: in reviews, what makes a drop at all. a_year: how many reviews
    a year brings.
    """
    read = [(one, usual) for one in recent if (usual := usual_of(one.listing, known)) is not None]
    best: tuple[float, int, float, float] | None = None  # evidence, reviews, stars, usual stars
    evidence: list[float] = []
    sums = [0.0] * len(TILTS)
    stars = expected = 0.0
    weights: dict[tuple[Listing, float], _Weight] = {}
    for back, (review, usual) in enumerate(reversed(read), 1):
        key = (review.listing, review.stars)
        if key not in weights:
            weights[key] = _weight(review.stars, usual)
        weight = weights[key]
        stars, expected = stars + review.stars, expected + weight.mean
        sums = [one + more for one, more in zip(sums, weight.logs, strict=True)]
        if back >= at_least and expected - stars >= least * back:
            now = _log_sum(sums) - math.log(len(sums))
            evidence.append(now)
            if best is None or now > best[0]:
                best = (now, back, stars, expected)
    if best is None:
        return None
    _, back, stars, expected = best
    since = read[-back:]
    return Drop(
        before=expected / back,
        after=stars / back,
        n_before=sum({id(usual): usual.reviews for _, usual in since}.values()),
        n_after=back,
        began=since[0][0].at,
        p_value=min(1.0, math.exp(math.log(a_year) - _log_sum(evidence))),
    )


def _weight(stars: float, usual: Usual) -> _Weight:
    return _Weight(usual.mean, tuple(_log_ratio(stars, usual, tilt) for tilt in TILTS))


def _log_ratio(stars: float, usual: Usual, tilt: float) -> float:
    whole = sum(share * math.exp(-tilt * star) for star, share in usual.shares.items())
    return (-tilt * (stars + usual.margin) - math.log(whole)) / usual.clumping


def _log_sum(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(one - most) for one in logs))
