"""What the rules watch, with which settings, and who hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from listener.domain.events import KnownEvent
from listener.domain.promise import Promise
from listener.domain.subject import Role, Subject
from listener.stages.alert.telling import Telling
from listener.stages.alert.watched import Memory


@dataclass
class Looked:
    """How far the rules have looked that look again only at what is new; forgotten at a start."""

    floods: int | None = None  # the newest count
    floors: int | None = None
    floors_at: datetime | None = None
    found: dict[tuple[str, int], dict[int, bool]] = field(default_factory=dict)  # by query, subject
    sources_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Handed to every watcher; a watcher of a rule whose settings lack is silent."""

    subjects: tuple[Subject, ...]
    rules: Mapping[str, Any]  # their settings, by the names of their tables
    promises: Mapping[str, Promise]  # by channel
    telling: Telling
    memory: Memory  # detectors as they stand in the database, to spare reading them
    looked: Looked = field(default_factory=Looked)
    events: tuple[KnownEvent, ...] = ()  # that were told beforehand
    every: Mapping[str, timedelta] = field(default_factory=dict)  # how often each source is asked
    zone: tzinfo = UTC  # in which weeks and days begin

    @property
    def brands(self) -> tuple[Subject, ...]:
        return tuple(s for s in self.subjects if s.role is Role.BRAND)
