"""The only place that reads the wall clock, and the monotonic one for time-outs."""

import os
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, in UTC and aware of it."""

    def now(self) -> datetime: ...


class WallClock:
    """The time it is; follows the system's clock, also when that is moved."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # the one place


class VirtualClock:
    """The time a replay has reached; moves only when told to, and never back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, to: datetime) -> None:
        self._now = max(self._now, to)


def monotonic() -> float:
    """Seconds that never run backwards; for time-outs and durations only."""
    return time.monotonic()


def cpu_seconds(*, children: bool = False) -> float:
    """CPU time spent so far: by this process, or by its children that have ended."""
    times = os.times()
    if children:
        return times.children_user + times.children_system
    return times.user + times.system
