"""A theme in one window of time, and whether it rose or fell against the windows before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

CHANCE: Final = 0.01  # a change that chance makes oftener is none
CLEARLY: Final = 1.5  # times as much, or as little, as before
FEWEST_PEOPLE: Final = 5  # fewer are not told of: a theme is of many, and nobody is singled out
UNDEFINED: Final = 0.2  # of a theme's texts have a defined topic; less, and nobody had defined it


class Move(StrEnum):
    NEW = "new"
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"  # nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How much of a theme was said in some days, of how much in all."""

    mentions: int
    read: int  # texts of the subject in the window, of all themes and of none


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What was said of a theme in the window that ends with a day."""

    id: int
    name: str
    until: date
    mentions: int
    negative: int
    people: int
    with_topic: int  # of its mentions, how many are of a topic that somebody defined
    move: Move
    before: float | None  # mentions in such a window, on the average before; None: not known
    examples: tuple[int, ...]  # mentions, the most typical first

    @property
    def is_undefined(self) -> bool:
        """Whether no topic that the team defined covers it: something they did not think of."""
        return self.with_topic < UNDEFINED * self.mentions


def moved(now: Window, before: Sequence[Window]) -> Move:
    """Say how a theme moved: its share of what is said, now against the windows before together.

    A two-sided test of two shares (the normal approximation with pooled variance), and a change
    that is large enough to matter.
    """
    read = sum(one.read for one in before)
    if not read or not now.read:
        return Move.UNKNOWN
    mentions = sum(one.mentions for one in before)
    if not mentions and now.mentions:
        return Move.NEW
    share, old = now.mentions / now.read, mentions / read
    pooled = (now.mentions + mentions) / (now.read + read)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / now.read + 1 / read))
    if not spread or math.erfc(abs(share - old) / spread / math.sqrt(2)) > CHANCE:
        return Move.STEADY
    if share >= CLEARLY * old:
        return Move.RISING
    return Move.FALLING if share * CLEARLY <= old else Move.STEADY
