"""What is known of sources, and what is remembered of those in trouble."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from listener.domain.arrivals import Hours
from listener.domain.incident import Event, Finding
from listener.domain.schedule import SourceState

USUAL_EVERY: Final = timedelta(minutes=5)
MANY: Final = 3  # sources that are away at once: it may be our own network

Kind = Literal["away", "silent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of a source that is configured."""

    name: str
    channel: str
    state: SourceState
    every: timedelta = USUAL_EVERY
    gap_since: datetime | None = None  # what was said since then is not read
    lost_since: datetime | None = None  # of a gap that is over: it is missing for good
    stopped: bool = False  # its budget is spent, which was told
    hours: Hours = field(default_factory=dict)  # what came in each hour in which it was read
    last: datetime | None = None  # when it last brought anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What is remembered of a source that is in trouble, or was told of lately."""

    kind: Kind | None = None  # None: it is well
    since: datetime
    seen_at: datetime  # when we first saw it
    expected: float = 0.0  # mentions that usually come in such a silence
    group: str | None = None  # told, with all others of that name; None: not told
    told_at: datetime | None = None  # the last time, of this one or the one before
    back_at: datetime | None = None  # it seems to be well, and that was not told


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietScene:
    """All the sources, and what was remembered of them."""

    now: datetime
    sources: tuple[Source, ...]
    memory: Mapping[str, Episode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be told, and what is to be remembered in the place of what was."""

    news: tuple[tuple[Event, Finding], ...]
    memory: Mapping[str, Episode]
