"""Whether the daemon does its work, for those who watch it."""

import shutil
from datetime import timedelta
from typing import Final

from listener import views
from listener.domain.wording import Span, Wording
from listener.web.behind import Behind

TICK_WITHIN: Final = timedelta(minutes=2)
LEAST_FREE: Final = 50_000_000  # bytes; SQLite needs room for its log before anything is kept


def problems(behind: Behind) -> list[str]:
    """Why it is not ready, a sentence each. With a daemon behind it, the database must take writes.

    May wait for as long as another process keeps the database locked.
    """
    found = views.troubles(behind.store, writing=behind.pulse is not None)
    if behind.pulse is None:
        return found
    free = shutil.disk_usage(behind.store.path.parent).free
    if free < LEAST_FREE:
        found.append(f"the disk is full: {free // 1_000_000} MB are left for the database")
    return found + pulse_problems(behind)


def pulse_problems(behind: Behind) -> list[str]:
    """What the daemon says of itself, and whether it has ticked of late."""
    pulse, now = behind.pulse, behind.now()
    if pulse is None:
        return []
    found = pulse.problems(now)
    if pulse.last_tick is None:
        return [*found, Wording("the daemon has not ticked yet")]
    if (age := now - pulse.last_tick) > TICK_WITHIN:
        return [*found, Wording("the daemon last ticked %(span)s ago", span=Span(age))]
    return found
