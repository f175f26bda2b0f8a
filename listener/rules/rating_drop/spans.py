"""Which reviews are the recent ones, and which say what is usual."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from listener.domain.ratings import Listing, Review, Told
from listener.rules.rating_drop.scene import RatingScene

KEPT: Final = timedelta(days=365)  # older reviews say nothing of today
USUAL_OF: Final = timedelta(weeks=26)
ENOUGH: Final = 200  # reviews; a usual of fewer reaches back as far as there are any
RECENT: Final = timedelta(days=28)  # a drop began in this time,
RECENT_REVIEWS: Final = 150  # or in so many last reviews,
SHARE_RECENT: Final = 1 / 3  # but where there are few, in this share of them,
MOST_RECENT: Final = 3000  # and in no more than these
NEW_USUAL: Final = timedelta(weeks=8)  # what lasts so long is usual from then on
LEAST_A_YEAR: Final = 50.0  # reviews


def of(reviews: Sequence[Review], listing: Listing) -> list[Review]:
    if not listing.source:
        return list(reviews)
    if not listing.part:
        return [one for one in reviews if one.listing.source == listing.source]
    return [one for one in reviews if one.listing == listing]


def split(scene: RatingScene, listing: Listing) -> tuple[list[Review], list[Review]]:
    """The reviews of a listing that say what is usual, and those in which a drop may have begun.

    What was told before is neither: no drop reaches back into one that is over.
    """
    reviews, told = of(scene.reviews, listing), _about(scene, listing)
    count = len(reviews)
    few = min(RECENT_REVIEWS, int(count * SHARE_RECENT))
    lately = count - bisect_right(reviews, scene.now - RECENT, key=lambda one: one.at)
    begin = count - min(max(lately, few), MOST_RECENT)
    over = max((one.ended for one in told if one.ended is not None), default=None)
    recent = [one for one in reviews[begin:] if over is None or one.at > over]
    return usual_ones(reviews[:begin], told), recent


def is_news(recent: Sequence[Review], now: datetime) -> bool:
    """Whether people still review: that imported history once ended with a drop is no news."""
    return bool(recent) and recent[-1].at > now - RECENT


def usual_ones(before: Sequence[Review], told: Sequence[Told]) -> list[Review]:
    """Those that say what was usual up to the last of them, the drops that were told left out."""
    kept = list(before)
    for drop in told:
        kept = [one for one in kept if not _spoilt(one, drop)]
    if not kept:
        return []
    lately = kept[bisect_right(kept, kept[-1].at - USUAL_OF, key=lambda one: one.at) :]
    return lately if len(lately) >= ENOUGH else kept


def before_it(scene: RatingScene, told: Told) -> list[Review]:
    """What was usual when a drop began."""
    earlier = [one for one in of(scene.reviews, told.listing) if one.at < told.began]
    others = [one for one in _about(scene, told.listing) if one.began < told.began]
    return usual_ones(earlier, others)


def a_year(reviews: Sequence[Review], now: datetime) -> float:
    """How many reviews a year brings at this rate."""
    span = max(now - reviews[0].at, timedelta(days=1))
    return max(len(reviews) * (KEPT / span), LEAST_A_YEAR)


def _about(scene: RatingScene, listing: Listing) -> list[Told]:
    return [one for one in scene.told if one.listing.overlaps(listing)]


def _spoilt(review: Review, told: Told) -> bool:
    """Whether a drop makes a review unusual: within it, or before it if it came to stay."""
    if not told.listing.holds(review.listing):
        return False
    if told.ended is None:
        return review.at >= told.began
    if told.ended - told.began >= NEW_USUAL:
        return review.at < told.began
    return told.began <= review.at <= told.ended
