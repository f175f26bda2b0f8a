"""Who promotes a subject, and who criticises it: by what they wrote, and the stars they gave.

Each mention scores +1, 0 or -1. With stars as promoters score (Reichheld, 2003), on five stars:
five promote, four are passive, fewer criticise. Without them as it is labelled. Where stars and
label contradict each other, neither counts. Somebody is what the mean of the scores is: from a
third on a promoter, down to minus a third a critic. It says how somebody spoke here, and nothing of
the person.
"""

from typing import Final

from listener.domain.actions import Standing

MOSTLY: Final = 1 / 3  # of a mean between -1 and 1: two for one against, with nothing between
PROMOTES, CRITICISES = 4.5, 3.5  # stars of five, from which on, and below which


def score_of(sentiment: str | None, stars: float | None) -> int:
    """What a mention says for its subject (1), against it (-1), or neither. stars: of five."""
    said = {"positive": 1, "negative": -1}.get(sentiment or "", 0)
    if stars is None:
        return said
    given = 1 if stars >= PROMOTES else -1 if stars < CRITICISES else 0
    return 0 if said * given < 0 else given


def standing_of(score: int, mentions: int) -> Standing:
    """By the sum of the scores of so many mentions, at least one."""
    mean = score / mentions
    if mean >= MOSTLY:
        return Standing.PROMOTER
    return Standing.CRITIC if mean <= -MOSTLY else Standing.PASSIVE
