"""What every rule is: settings that look at a scene and say what they see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listener.domain.response import ResponseClock
from listener.domain.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeScene:
    """What the spike rule judges: a detector's alarm, and who is behind its numbers."""

    subject_id: int
    subject: str
    now: datetime
    alarm: Mapping[str, Any]  # `Detector.last`
    negatives: tuple[Voice, ...]  # of the alarm's window, copies among them, oldest first
    usual: tuple[str, ...] = ()  # texts of ordinary days, to tell what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockScene:
    """What the response rule judges: the clocks of one brand and channel that have come due."""

    subject_id: int
    subject: str
    channel: str
    within: timedelta
    now: datetime
    clocks: tuple[ResponseClock, ...]  # most urgent first
    open_before: int  # clocks of this brand and channel that people have heard of, and still wait
