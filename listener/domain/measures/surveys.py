"""What surveys ask: net promoter score, customer effort score, customer satisfaction."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from listener.domain.measures import intervals
from listener.domain.measures.figure import Z95, Figure, Unit

PROMOTER: Final = 9  # of 0 to 10, and above
CRITIC: Final = 6  # and below; whether a 6 is one is a setting
CONTENT: Final = 0.75  # of the way from the worst answer to the best: 4 of 5, 3 of 3, 6 of 7


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on a scale from 1 to `scale`."""

    score: float
    scale: int = 5

    @property
    def is_content(self) -> bool:
        return self.score - 1 >= CONTENT * (self.scale - 1)


def net_promoter_score(scores: Sequence[float], critic_up_to: float = CRITIC) -> Figure:
    """The share of promoters less that of critics, in points (Reichheld, 2003).

    Scores are 0 to 10: 9 and 10 promote, those up to `critic_up_to` criticise, what lies between
    is passive. The interval is the adjusted Wald interval (Rocks, 2016), with three more answers:
    three quarters a promoter, three quarters a critic, the rest passive.
    """
    n = len(scores)
    if not n:
        return Figure(measure="nps", unit=Unit.POINTS, n=0)
    promoters = sum(score >= PROMOTER for score in scores)
    critics = sum(score <= critic_up_to for score in scores)
    up, down = (promoters + 0.75) / (n + 3), (critics + 0.75) / (n + 3)
    margin = Z95 * math.sqrt((up + down - (up - down) ** 2) / (n + 3))
    return Figure(
        measure="nps",
        unit=Unit.POINTS,
        n=n,
        value=100 * (promoters - critics) / n,
        low=max(-100.0, 100 * (up - down - margin)),
        high=min(100.0, 100 * (up - down + margin)),
        note=f"{promoters} promoters, {n - promoters - critics} passive, {critics} critics",
    )


def customer_satisfaction(answers: Sequence[Answer]) -> Figure:
    """The share of answers that are content: 4 and 5 of five, 3 of three (Farris et al., 2010)."""
    return _content("csat", answers)


def customer_effort_score(answers: Sequence[Answer]) -> Figure:
    """The share who found it easy: 4 and 5 of five (after Dixon, Freeman & Toman, 2010)."""
    return _content("ces", answers)


def _content(measure: str, answers: Sequence[Answer]) -> Figure:
    if not answers:
        return Figure(measure=measure, unit=Unit.SHARE, n=0)
    content, n = sum(one.is_content for one in answers), len(answers)
    low, high = intervals.of_share(content, n)
    return Figure(measure=measure, unit=Unit.SHARE, n=n, value=content / n, low=low, high=high)
