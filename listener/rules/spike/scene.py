"""What the spike rule looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from listener.domain.part import WHOLE, Part
from listener.domain.voice import Crowd, Voice
from listener.rules.spike.parts import Risen
from listener.rules.spike.whose import Rival


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeScene:
    """What the spike rule judges: a detector's alarm, and who is behind its numbers."""

    subject_id: int
    subject: str
    now: datetime
    alarm: Mapping[str, Any]  # `Detector.last`
    negatives: tuple[Voice, ...]  # of the alarm's window, copies among them, oldest first
    people: Crowd  # behind all of the window's negatives, also those that were not read
    usual: tuple[str, ...] = ()  # texts of ordinary days, to tell what is new
    part: Part = WHOLE
    parts: tuple[Risen, ...] = ()  # parts of it that alert by themselves
    topics: Mapping[str, float] = field(default_factory=dict)  # usual negatives of such a window
    rivals: tuple[Rival, ...] = ()
    events: tuple[str, ...] = ()  # known ones that touch the window, as people call them
    beyond_last: str = ""  # that this time there are more than last time, in words
