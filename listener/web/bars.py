"""Bars as numbers for an SVG: a day a column, the negative ones at the bottom; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from listener.domain.digest import Day

HEIGHT: Final = 100.0
COLUMN: Final = 20.0
BAR: Final = 14.0
LEAST: Final = 1.0  # of what is there, so that it is seen
FULLY: Final = 0.98  # five minutes of a day are no hole
ROUND: Final = (10, 12, 16, 20, 24, 30, 40, 50, 60, 80)  # heights that are easily halved and read


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One column: where it stands, and how high its parts are."""

    x: float
    middle: float
    rest: float
    negative: float
    measured: bool
    partly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """`top` is the number of mentions that the full height stands for."""

    width: float
    height: float
    bar: float
    top: int
    bars: tuple[Bar, ...]


def bars(days: Sequence[Day], top: int) -> Bars:
    """Columns for days; `top` is the highest number, so that brands can share a scale."""
    return Bars(
        width=COLUMN * len(days),
        height=HEIGHT,
        bar=BAR,
        top=top,
        bars=tuple(_bar(day, n, top) for n, day in enumerate(days)),
    )


def round_top(highest: int) -> int:
    """A round number at or above the highest; even, and never less than 4."""
    if highest <= 8:
        return max(4, highest + highest % 2)
    power = 1
    while highest > ROUND[-1] * power:
        power *= 10
    return next(step * power for step in ROUND if step * power >= highest)


def is_measured(day: Day) -> bool:
    return day.measured > 0 or day.counts.mentions > 0


def _bar(day: Day, place: int, top: int) -> Bar:
    measured = is_measured(day)
    negative = _height(day.counts.negative, top)
    whole = max(_height(day.counts.mentions, top), negative)
    return Bar(
        x=place * COLUMN + (COLUMN - BAR) / 2,
        middle=(place + 0.5) * COLUMN,
        rest=round(whole - negative, 2),
        negative=negative,
        measured=measured,
        partly=measured and day.measured < FULLY,
    )


def _height(count: int, top: int) -> float:
    return round(max(LEAST, count * HEIGHT / top), 2) if count else 0.0


SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)  # heights of a chart of shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One column of a chart of shares or means: a line at the value, and the band of what it may
    truly be, from `high` down to `low`, with a line at its middle. None: there is nothing to draw.
    """

    x: float
    middle: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    truly: float | None = None


def marks(
    values: Sequence[float | None],
    bands: Sequence[tuple[float, float, float] | None],
    least: float,
    most: float,
) -> tuple[Mark, ...]:
    """Columns of a chart whose foot is `least`. Bands are low, middle and high."""

    def height(value: float | None) -> float | None:
        if value is None:
            return None
        return round(HEIGHT * (1 - (min(max(value, least), most) - least) / (most - least)), 2)

    found = []
    for place, (value, band) in enumerate(zip(values, bands, strict=True)):
        low, truly, high = map(height, band or (None, None, None))
        found.append(
            Mark(
                x=place * COLUMN,
                middle=(place + 0.5) * COLUMN,
                value=height(value),
                low=low,
                high=high,
                truly=truly,
            )
        )
    return tuple(found)


def share_top(highest: float) -> float:
    """The height of a chart of shares that holds the highest."""
    return next((top for top in SHARES if top >= highest), 1.0)
