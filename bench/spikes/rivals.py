"""What others do, with the detector's interface, for the same streams."""

from collections import deque
from datetime import datetime
from typing import Any

_HOUR, _WEEK = 12, 7 * 288


class LastHour:
    """The usual rule of dashboards: the last hour above three times the mean of seven days."""

    last: dict[str, Any] | None = None

    def __init__(self, times: float = 3.0, at_least: int = 5) -> None:
        self._times, self._at_least = times, at_least
        self._hour: deque[int] = deque(maxlen=_HOUR)
        self._week: deque[int] = deque(maxlen=_WEEK)
        self._hour_sum = self._week_sum = 0
        self._newest: datetime | None = None

    def observe(self, start: datetime, mentions: int, negative: int) -> bool:
        if self._newest is None or start > self._newest:
            self._newest = start
            self._hour_sum += negative - (self._hour[0] if len(self._hour) == _HOUR else 0)
            self._week_sum += negative - (self._week[0] if len(self._week) == _WEEK else 0)
            self._hour.append(negative)
            self._week.append(negative)
        usual = self._week_sum / len(self._week) * _HOUR
        return self._hour_sum >= self._at_least and self._hour_sum > self._times * usual

    def no_data(self, start: datetime) -> None:
        """It knows no gaps."""
