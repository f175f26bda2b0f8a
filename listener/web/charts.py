"""Charts of a subject's days, or weeks, as numbers for SVGs and for the tables under them."""

from collections.abc import Sequence
from typing import Any, Final

from listener.domain.events import spread
from listener.domain.measures import Figure
from listener.domain.period import Step
from listener.outlook.columns import Column, Sounding
from listener.texts import numbers
from listener.web.bars import COLUMN, HEIGHT, bars, marks, round_top, share_top
from listener.web.behind import Behind
from listener.web.links import reviews_of, search_for

NAMED: Final = 14  # columns that have room for a name each
TICKS: Final = 5
LEAST_STARS, MOST_STARS = 1.0, 5.0


def volume_chart(
    columns: Sequence[Column], name: str, behind: Behind, top: int | None = None
) -> dict[str, Any]:
    """Bars of mentions, the negative ones apart. `top`: a scale to share with others."""
    highest = max((one.counts.mentions for one in columns), default=0)
    drawn = bars([one.day for one in columns], top or round_top(highest))
    return {
        **_common(columns, behind),
        "chart": drawn,
        "columns": [
            {"bar": bar, **_named(one, name, behind)}
            for bar, one in zip(drawn.bars, columns, strict=True)
        ],
        "total": sum(one.counts.mentions for one in columns),
    }


def share_chart(
    sounding: Sequence[Sounding], name: str, behind: Behind, top: float | None = None
) -> dict[str, Any]:
    """The share of negatives of each column: as it is called, and the band of what it may be."""
    scale = top or share_top(highest_share(sounding))
    drawn = marks(
        [_told(one.shares.raw) for one in sounding],
        [_band(one.shares.corrected) for one in sounding],
        0.0,
        scale,
    )
    return {
        **_common([one.column for one in sounding], behind),
        "scale": [numbers.percent(at, behind.spoken) for at in (scale, scale / 2, 0.0)],
        "columns": [
            {"mark": mark, "sounds": one, **_named(one.column, name, behind)}
            for mark, one in zip(drawn, sounding, strict=True)
        ],
        "banded": any(mark.high is not None for mark in drawn),
        "told": any(mark.value is not None for mark in drawn),
    }


def stars_chart(sounding: Sequence[Sounding], name: str, behind: Behind) -> dict[str, Any]:
    """The mean of stars of each column, with its interval."""
    drawn = marks(
        [_told(one.stars) for one in sounding],
        [_band(one.stars) for one in sounding],
        LEAST_STARS,
        MOST_STARS,
    )
    return {
        **_common([one.column for one in sounding], behind),
        "scale": [numbers.number(at, behind.spoken) for at in (5, 3, 1)],
        "columns": [
            {"mark": mark, "sounds": one, **_named(one.column, name, behind)}
            for mark, one in zip(drawn, sounding, strict=True)
        ],
        "banded": any(mark.high is not None for mark in drawn),
        "told": any(mark.value is not None for mark in drawn),
    }


def highest_share(sounding: Sequence[Sounding]) -> float:
    """What a scale of shares has to hold."""
    highest = [0.1]
    for one in sounding:
        if (band := _band(one.shares.corrected)) is not None:
            highest.append(band[2])
        highest.append(_told(one.shares.raw) or 0.0)
    return max(highest)


def _told(figure: Figure) -> float | None:
    return figure.value if figure.enough else None


def _band(figure: Figure | None) -> tuple[float, float, float] | None:
    if figure is None or not figure.enough or figure.value is None:
        return None
    if figure.low is None or figure.high is None:
        return None
    return figure.low, figure.value, figure.high


def _common(columns: Sequence[Column], behind: Behind) -> dict[str, Any]:
    days = [(one.step.first, one.events) for one in columns]
    last = {one.step.first: one.step.last for one in columns}
    few = len(columns) <= NAMED
    return {
        "width": COLUMN * len(columns),
        "height": HEIGHT,
        "names": [_short(one.step, behind) for one in columns] if few else [],
        "ticks": [] if few else _ticks(columns, behind),
        "hole": any(not one.is_measured for one in columns),
        "partly": any(one.is_partly for one in columns),
        "weekly": any(one.step.first != one.step.last for one in columns),
        "events": [
            {"name": name, "first": first, "last": last[until]}
            for name, first, until in spread(days)
        ],
    }


def _named(one: Column, name: str, behind: Behind) -> dict[str, Any]:
    def address(sentiment: str = "", *, without_copies: bool = False, reviews: bool = False) -> str:
        """What its numbers lead to."""
        if reviews:
            return reviews_of(name, one.step.span)
        asked = ("sentiment", sentiment)
        return search_for(name, one.step.span, asked, without_copies=without_copies)

    return {
        "name": step_name(one.step, behind),
        "so_far": one.step.last == behind.now().astimezone(behind.zone).date(),
        "of": one,
        "address": address,
    }


def step_name(step: Step, behind: Behind) -> str:
    """Mon 17 Nov; of a week 17 – 23 Nov 2026."""
    if step.first == step.last:
        day = numbers.day_and_month(step.first, behind.spoken)
        return f"{numbers.weekday(step.first, behind.spoken)} {day}"
    return numbers.days(step.first, step.last, behind.spoken)


def _short(step: Step, behind: Behind) -> tuple[str, str]:
    if step.first == step.last:
        return numbers.weekday_column(step.first, behind.spoken), str(step.first.day)
    return numbers.day_and_month(step.first, behind.spoken), ""


def _ticks(columns: Sequence[Column], behind: Behind) -> list[str]:
    """The names of some columns, evenly apart, the first and the last among them."""
    last = len(columns) - 1
    places = [round(last * n / (TICKS - 1)) for n in range(TICKS)]
    return [numbers.day_and_month(columns[at].step.first, behind.spoken) for at in places]
