"""Stage four: rules look at what was measured; incidents and notices are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.response import Promise
from listener.domain.subject import Role, Subject
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import budgets, promises, spikes
from listener.store.connection import Store
from listener.store.incidents import Outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the rules watch, and who hears of it."""

    subjects: tuple[Subject, ...]
    spike: SpikeRule
    promises: dict[str, Promise]  # by channel
    outlets: Sequence[str]  # all that hear of alerts
    editing: Sequence[str]  # those of them whose messages last and are edited
    memory: spikes.Memory  # detectors as they stand in the database, to spare reading them

    @property
    def brands(self) -> tuple[Subject, ...]:
        return tuple(s for s in self.subjects if s.role is Role.BRAND)


def alert(store: Store, watch: Watch, now: datetime) -> int:
    """Let every rule look once; returns how many notices were written."""
    told, outlets = 0, Outlets(watch.outlets, watch.editing)
    for brand in watch.brands:
        told += spikes.watch(store, brand, watch.spike, watch.memory, outlets, now)
    told += promises.watch(store, watch.brands, watch.promises, outlets, now)
    return told + budgets.watch(store, outlets, now)


def next_due(store: Store, now: datetime) -> datetime | None:
    """When time alone will give the rules something to say; None: never."""
    moments = [m for m in (spikes.next_due(store, now), promises.next_due(store)) if m is not None]
    return min(moments, default=None)
