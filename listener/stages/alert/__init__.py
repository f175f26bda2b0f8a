"""Stage four: rules look at what was measured; incidents and notices are written."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from listener.stages.alert import budgets, promises, spikes
from listener.stages.alert.watch import Watch
from listener.store.connection import Store

Watcher = Callable[[Store, Watch, datetime], int]

WATCHERS: Final[dict[str, Watcher]] = {
    "spike": spikes.watch,
    "response": promises.watch,
    "budget": budgets.watch,
}


def alert(store: Store, watch: Watch, now: datetime) -> int:
    """Let every rule look once; returns how many notices were written.

    A rule that fails does not stop the others; its error is raised when all have looked.
    """
    told, failed = 0, []
    for look in WATCHERS.values():
        try:
            told += look(store, watch, now)
        except Exception as error:  # one bad rule stays one bad rule
            failed.append(error)
    if failed:
        raise failed[0]
    return told


def next_due(store: Store, now: datetime) -> datetime | None:
    """When time alone will give the rules something to say; None: never."""
    moments = [m for m in (spikes.next_due(store, now), promises.next_due(store)) if m is not None]
    return min(moments, default=None)
