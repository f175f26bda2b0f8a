"""One look of the spike watcher at all brands and competitors: what holds for each of them."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.events import KnownEvent
from listener.domain.subject import Subject
from listener.rules.competitor import CompetitorRule
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert.telling import Telling
from listener.store.buckets import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    now: datetime
    to: datetime  # the bucket up to which silence is silence
    rule: SpikeRule
    telling: Telling
    events: tuple[KnownEvent, ...] = ()
    brands: tuple[Subject, ...] = ()
    rivals: tuple[Subject, ...] = ()
    competitor: CompetitorRule | None = None  # None: nobody asks for rivals' troubles
    gaps: tuple[Gap, ...] = ()  # of all sources, that brands may not know of yet
    first_read: datetime | None = None  # when anything was first collected
    open_keys: frozenset[str] = frozenset()  # of incidents
