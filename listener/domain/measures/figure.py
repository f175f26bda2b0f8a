"""A measured number: what it rests on, and how far it may be off."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FEWEST: Final = 10  # of what it rests on; with fewer it is too few to tell
Z95: Final = 1.959964  # of the normal distribution: 95 % lie within so many deviations


class Unit(StrEnum):
    """What the number counts. SHARE is from 0 to 1, POINTS from -100 to 100."""

    SHARE = "share"
    POINTS = "points"
    STARS = "stars"
    SECONDS = "seconds"
    PEOPLE = "people"
    MONEY = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`low` and `high` are of a 95 % interval; None where none can be given honestly.

    value None: there is nothing to measure. n: the mentions, answers or questions it rests on.
    assumed: it rests on an assumption more than on what was counted. note: what it rests on.
    """

    measure: str
    unit: Unit
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    assumed: bool = False
    note: str = ""

    @property
    def enough(self) -> bool:
        """Whether it can be told at all."""
        return self.value is not None and self.n >= FEWEST
