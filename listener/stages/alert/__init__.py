"""Stage four: rules look at what was measured; incidents and notices are written."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from listener.stages.alert import (
    budgets,
    creeping,
    floods,
    floors,
    held,
    influencers,
    promises,
    quiet,
    ratings,
    severe,
    spikes,
)
from listener.stages.alert.watch import Watch
from listener.store.connection import Store

Watcher = Callable[[Store, Watch, datetime], int]

WATCHERS: Final[dict[str, Watcher]] = {
    "spike": spikes.watch,
    "response": promises.watch,
    "severe": severe.watch,
    "flood": floods.watch,
    "floor": floors.watch,
    "creeping": creeping.watch,
    "influencer": influencers.watch,
    "rating_drop": ratings.watch,
    "budget": budgets.watch,
    "quiet_source": quiet.watch,
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
    told += held.release(store, watch.telling, now)
    if failed:
        raise failed[0]
    return told


def let_all_out(store: Store, watch: Watch, now: datetime) -> int:
    """Write what waits but to see whether it lasts; returns how many notices were written."""
    return held.let_all_out(store, watch.telling, now)


def next_due(store: Store, now: datetime) -> datetime | None:
    """When time alone will give the rules something to say; None: never."""
    moments = (
        spikes.next_due(store, now),
        promises.next_due(store),
        held.next_due(store),
        severe.next_due(store),
        floods.next_due(store, now),
        floors.next_due(store, now),
        influencers.next_due(store),
        ratings.next_due(store, now),
    )
    return min((m for m in moments if m is not None), default=None)
