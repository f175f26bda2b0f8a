"""Whether a drop that was told goes on, is over, or has become usual."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from listener.domain.ratings import Listing, Review, Told
from listener.rules.rating_drop.drop import Drop, dropped
from listener.rules.rating_drop.scene import RatingScene
from listener.rules.rating_drop.spans import NEW_USUAL, a_year, before_it, of
from listener.rules.rating_drop.usual import FEWEST, Usual, usual_of, usuals

LASTS: Final = timedelta(days=7)  # whose stars, and at least those of
LASTING_REVIEWS: Final = 20  # so many reviews, say whether it goes on
STILL_THERE: Final = 1 / 3  # of the drop, and half of the least that is one
LONGEST: Final = timedelta(weeks=26)


def going_on(scene: RatingScene, told: Told, least: float, at_least: int) -> Drop | None:
    """The drop as it is now, with all reviews since it began; None: it is over."""
    since, before = _since(scene, told), before_it(scene, told)
    known = usuals(before)
    lacks = _lacks(since, known)
    if not lacks or is_usual_now(scene, told):
        return None
    lately = sum(one.at > scene.now - LASTS for one in since)
    last = _lacks(since[-max(lately, LASTING_REVIEWS) :], known)
    all_of_it = sum(lacks) / len(lacks)
    if not last or sum(last) / len(last) < max(all_of_it * STILL_THERE, least / 2):
        return None
    rate = a_year([*before, *since], scene.now)
    again = dropped(since, known, least=least, at_least=at_least, a_year=rate)
    after = sum(one.stars for one in since) / len(since)
    return Drop(
        before=after + all_of_it,
        after=after,
        n_before=sum(usual.reviews for usual in known.values()),
        n_after=len(since),
        began=told.began,
        p_value=min(told.p_value, again.p_value) if again else told.p_value,
    )


def is_usual_now(scene: RatingScene, told: Told) -> bool:
    """Whether it lasts so long that what comes next is compared with it."""
    lasted = scene.now - told.began
    return lasted >= LONGEST or (lasted >= NEW_USUAL and len(_since(scene, told)) >= FEWEST)


def _since(scene: RatingScene, told: Told) -> list[Review]:
    return [one for one in of(scene.reviews, told.listing) if one.at >= told.began]


def _lacks(reviews: Sequence[Review], known: Mapping[Listing, Usual]) -> list[float]:
    """How many stars each is below the usual of its listing, where there is one."""
    return [
        usual.mean - one.stars
        for one in reviews
        if (usual := usual_of(one.listing, known)) is not None
    ]
