"""What is counted for pages is kept while nothing changes, and longer where counting takes long."""

import threading
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final, TypeVar

from listener.clock import monotonic
from listener.store.newest import Newest

T = TypeVar("T")

SHARE: Final = 20.0  # what takes long takes at most one part in so many of the time
LONG: Final = 0.1  # seconds
MOST_KEPT: Final = 200


class Counted:
    """What was counted, by what. States run out by the minute, so a count holds for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[Newest, datetime, float, Any]] = {}

    def count(self, key: Hashable, newest: Newest, now: datetime, count: Callable[[], T]) -> T:
        """What `count` says, or said before of the same key, where that still holds."""
        minute, before = now.replace(second=0, microsecond=0), self._kept.get(key)
        if before is not None:
            then, at, until, known = before
            if (then, at) == (newest, minute) or monotonic() < until:
                kept: T = known
                return kept
        began = monotonic()
        counted = count()
        ended = monotonic()
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept_for = SHARE * (ended - began) if ended - began > LONG else 0.0
            self._kept[key] = (newest, minute, ended + kept_for, counted)
        return counted
