"""Averages: of stars, and of the time to the first answer."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from statistics import median

from listener.domain.measures import intervals
from listener.domain.measures.figure import Figure, Unit


def star_average(stars: Sequence[float]) -> Figure:
    """The mean of stars, all brought to the scale of one to five."""
    found = _mean("stars", Unit.STARS, stars)
    return _within(found, 1.0, 5.0)


def response_times(spans: Sequence[timedelta]) -> list[Figure]:
    """From question to first answer: total time over the number of questions, and the median.

    Of questions that were answered: those that still wait have no time yet.
    """
    seconds = [span.total_seconds() for span in spans]
    average = _within(_mean("response_average", Unit.SECONDS, seconds), 0.0, math.inf)
    middle = Figure(measure="response_median", unit=Unit.SECONDS, n=len(seconds))
    if seconds:
        bounds = intervals.of_median(seconds) or (None, None)
        middle = Figure(
            measure="response_median",
            unit=Unit.SECONDS,
            n=len(seconds),
            value=median(seconds),
            low=bounds[0],
            high=bounds[1],
        )
    return [average, middle]


def _mean(measure: str, unit: Unit, values: Sequence[float]) -> Figure:
    if not values:
        return Figure(measure=measure, unit=unit, n=0)
    each = Counter(values)  # of stars there are few different ones
    low, high = intervals.of_mean(each) or (None, None)
    mean = intervals.mean(each)
    return Figure(measure=measure, unit=unit, n=len(values), value=mean, low=low, high=high)


def _within(figure: Figure, least: float, most: float) -> Figure:
    if figure.low is None or figure.high is None:
        return figure
    return replace(figure, low=max(least, figure.low), high=min(most, figure.high))
