"""What others do, with the detector's interface, for the same streams.

Each rival says how far a bucket is beyond its usual; a bound on that makes it an alarm. The bound
is what its makers use, or the one at which it makes as many false alarms as somebody else does.
"""

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol

_HOUR, _DAY = 12, 288
_WEEK = 7 * _DAY


class Rival(Protocol):
    usual_bound: float

    def score(self, negative: int) -> float:
        """How far the newest bucket, of so many negatives, is beyond the usual."""


class LastHour:
    """The usual rule of dashboards: the last hour against the mean hour of seven days.

    Its score is the quotient; 0 below five negatives.
    """

    usual_bound = 3.0

    def __init__(self) -> None:
        self._week = _Sum(_WEEK)
        self._hour = _Sum(_HOUR)

    def score(self, negative: int) -> float:
        self._week.add(negative)
        self._hour.add(negative)
        if self._hour.total < 5:
            return 0.0
        return self._hour.total / (self._week.total / self._week.held * _HOUR)


class EarsC2:
    """EARS C2 (Hutwagner et al., 2003): standard deviations of the same hour of seven earlier
    days, after a guard band of two.
    """

    usual_bound = 3.0
    _days = range(3, 10)

    def __init__(self) -> None:
        self._hour = _Sum(_HOUR)
        self._hours: deque[int] = deque(maxlen=9 * _DAY + 1)

    def score(self, negative: int) -> float:
        self._hour.add(negative)
        self._hours.append(self._hour.total)
        if len(self._hours) <= 9 * _DAY or self._hour.total < 5:
            return 0.0
        usual = [self._hours[-1 - day * _DAY] for day in self._days]
        mean = sum(usual) / len(usual)
        variance = sum((one - mean) ** 2 for one in usual) / (len(usual) - 1)
        return (self._hour.total - mean) / max(math.sqrt(variance), 0.5)


class RollingZ:
    """Standard deviations of the last hour from the mean of a week's hours."""

    usual_bound = 3.0

    def __init__(self) -> None:
        self._hour = _Sum(_HOUR)
        self._hours = _Sum(_WEEK)
        self._squares = _Sum(_WEEK)

    def score(self, negative: int) -> float:
        self._hour.add(negative)
        total = self._hour.total
        mean = self._hours.total / max(self._hours.held, 1)
        variance = self._squares.total / max(self._squares.held, 1) - mean * mean
        known = self._hours.held >= _DAY and total >= 5
        self._hours.add(total)
        self._squares.add(total * total)
        return (total - mean) / max(math.sqrt(max(variance, 0.0)), 0.5) if known else 0.0


class _Sum:
    """Of the last so many numbers."""

    def __init__(self, most: int) -> None:
        self._kept: deque[int] = deque()
        self._most = most
        self.total = 0

    @property
    def held(self) -> int:
        return len(self._kept)

    def add(self, number: int) -> None:
        self._kept.append(number)
        self.total += number
        if len(self._kept) > self._most:
            self.total -= self._kept.popleft()


class Above:
    """A rival that alarms above a bound, in the detector's clothes. It knows no gaps, and what
    comes late changes nothing.
    """

    last: dict[str, Any] | None = None

    def __init__(self, rival: Rival, bound: float) -> None:
        self._rival, self._bound = rival, bound
        self._newest: datetime | None = None
        self._on = False

    def observe(self, start: datetime, mentions: int, negative: int) -> bool:
        if self._newest is None or start > self._newest:
            self._newest = start
            self._on = self._rival.score(negative) > self._bound
        return self._on

    def no_data(self, start: datetime) -> None:
        self.observe(start, 0, 0)


RIVALS: Final[dict[str, Callable[[], Rival]]] = {
    "last hour against the mean of seven days": LastHour,
    "EARS C2, the same hour of seven days": EarsC2,
    "rolling z of a week's hours": RollingZ,
}


def bound_at(budget: float, rate_at: Callable[[float], float]) -> float:
    """The least bound with at most so many false alarms; `rate_at` a bound is how many it makes."""
    low, high = 1.0, 4096.0
    for _ in range(14):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if rate_at(middle) <= budget else (middle, high)
    return high
