"""Stars are evidence beside the text: how three probabilities change by what a review was given.

The text's probabilities are weighed with P(stars | sentiment) by Bayes' rule, text and stars taken
as independent where the sentiment is known. We have no reviews with stars that people labelled, so
LIKELIHOODS is a table of ours, which two looks at reviews support:

- A model that learned from people's labels of tweets and reviews only, and never saw stars, read
  fourteen sets in six languages; expectation maximisation, neutral held at 12 %, found (mirrored,
  the mean of the sets, one to five stars) .69 .17 .09 .03 .03 on what is negative and
  .17 .19 .29 .19 .17 on what is neutral.
- Where `fast` was at least 75 % sure of the contrary of what the stars say, the text was right in
  31 of 40 English reviews that we read, the stars in 5, neither in 4.

So stars deserve less than the first alone says: the table is about its 0.7th power. It is
symmetric, so that no side has the advantage.
"""

import math
from collections.abc import Sequence
from typing import Final

Shares = tuple[float, float, float]  # negative, neutral, positive; they sum to 1

VERSION: Final = "stars@1"
USUAL_SCALE: Final = 5

# P(stars | sentiment) of one to five stars. The ratio of any two rows only rises or only falls, so
# that one star more never makes a review look worse.
LIKELIHOODS: Final[tuple[Sequence[float], Sequence[float], Sequence[float]]] = (
    (0.45, 0.25, 0.145, 0.0935, 0.0615),
    (0.14, 0.205, 0.31, 0.205, 0.14),
    (0.0615, 0.0935, 0.145, 0.25, 0.45),
)

# So often a text is taken to say nothing: irony, a slip of the model, a review of something else.
# That bounds what it can weigh against the stars, as the table bounds them: where one star stands
# over praise, neither wins and the label is in doubt, however sure the model was.
TEXT_SLIPS: Final = 0.2

CLEAR: Final = 0.75  # probability from which a text is held against its stars
GOOD, BAD = 4.0, 2.0  # stars of five that praise, and that complain


def combine(
    negative: float, neutral: float, positive: float, stars: float, scale: int = USUAL_SCALE
) -> Shares:
    """Weigh what a text says, as probabilities that sum to 1, with the stars it came with.

    `stars` run from 1 to `scale`, and are read on a scale of one to five; between two of its steps
    the logarithms of the likelihoods are. What lies outside counts as the nearest end. A text of
    which nothing is known, a third each, leaves the stars alone.
    """
    shares = (negative, neutral, positive)
    likelihoods = _likelihoods(_above_lowest(stars, scale))
    weighed = [
        ((1 - TEXT_SLIPS) * share + TEXT_SLIPS / 3) * likelihood
        for share, likelihood in zip(shares, likelihoods, strict=True)
    ]
    total = sum(weighed)
    return weighed[0] / total, weighed[1] / total, weighed[2] / total


def at_odds(negative: float, positive: float, stars: float, scale: int = USUAL_SCALE) -> bool:
    """Whether a text says clearly the contrary of its stars: praise under one or two of five."""
    given = on_five(stars, scale)
    return (negative >= CLEAR and given >= GOOD) or (positive >= CLEAR and given <= BAD)


def alone(stars: float, scale: int = USUAL_SCALE) -> Shares:
    """What stars say where there is no text."""
    return combine(1 / 3, 1 / 3, 1 / 3, stars, scale)


def as_text(stars: float, scale: int = USUAL_SCALE) -> str:
    """Stars in any language, for a review without words: "★ 1/5"."""
    return f"★ {stars:g}/{scale}"


def against(sentiment: str, stars: float, scale: int = USUAL_SCALE) -> str:
    """A sentiment that stars speak against, in any language: "negative? ≠ ★ 5/5"."""
    return f"{sentiment} ≠ {as_text(stars, scale)}"


def on_five(stars: float, scale: int = USUAL_SCALE) -> float:
    """Stars on a scale of one to five; what lies outside counts as the nearest end."""
    return 1 + _above_lowest(stars, scale)


def _above_lowest(stars: float, scale: int) -> float:
    """Where stars stand from 0, the worst, to 4; a scale of one runs from 0 to 1."""
    lowest = 1 if scale > 1 else 0
    return min(max((stars - lowest) / (scale - lowest), 0.0), 1.0) * 4


def _likelihoods(place: float) -> list[float]:
    below = min(int(place), 3)
    part = place - below
    return [
        math.exp((1 - part) * math.log(row[below]) + part * math.log(row[below + 1]))
        for row in LIKELIHOODS
    ]
