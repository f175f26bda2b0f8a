"""Figures as whoever reads a page writes them: what templates call."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from listener.domain.digest import Change, Share
from listener.domain.measures import Figure, Unit
from listener.texts import numbers
from listener.web.behind import Behind
from listener.web.links import LABELLED, WAITED


def speaking(behind: Behind) -> Mapping[str, Any]:
    """Functions by the names that templates call them by."""
    speaker = Speaker(behind.spoken)
    return {
        "count": speaker.count,
        "percent": speaker.percent,
        "tenths": speaker.tenths,
        "value": speaker.value,
        "between": speaker.between,
        "moved": speaker.moved,
        "day_name": speaker.day,
        "days_name": speaker.days,
        "long": speaker.long,
        "share_of": Share,
        "labelled": LABELLED,
        "waited": WAITED,
    }


class Speaker:
    """Writes figures in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def count(self, number: float) -> str:
        return numbers.number(number, self._language)

    def tenths(self, number: float) -> str:
        return numbers.number(number, self._language, decimals=1)

    def percent(self, share: float) -> str:
        return numbers.percent(share, self._language)

    def long(self, seconds: float) -> str:
        return numbers.duration(timedelta(seconds=seconds), self._language)

    def value(self, figure: Figure) -> str:
        return "" if figure.value is None else self._written(figure.value, figure.unit)

    def between(self, figure: Figure) -> str:
        """The ends of its interval; empty where there is none."""
        if figure.low is None or figure.high is None:
            return ""
        ends = (self._written(at, figure.unit) for at in (figure.low, figure.high))
        return " – ".join(ends)

    def moved(self, change: Change) -> str:
        """Points with their direction: ▲ 11, ▼ 3."""
        points = change.points if round(change.points, 1) else 0.0
        arrow = "▲" if points > 0 else "▼" if points < 0 else "="
        return f"{arrow} {numbers.points(points, self._language)}"

    def day(self, day: date) -> str:
        weekday = numbers.weekday(day, self._language)
        return f"{weekday} {numbers.day_and_month(day, self._language)}"

    def days(self, first: date, last: date) -> str:
        if first == last:
            return numbers.full_day(first, self._language)
        return numbers.days(first, last, self._language)

    def _written(self, number: float, unit: Unit) -> str:
        if unit is Unit.SHARE:
            return self.percent(number)
        if unit is Unit.SECONDS:
            return self.long(number)
        return numbers.number(number, self._language, decimals=2 if unit is Unit.STARS else 0)
