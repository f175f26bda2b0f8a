"""Runs a detector over a stream, and says what it found, when, and what it got wrong."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bench.spikes.simulate import DAY, HOUR, Event, Stream

_STEP = timedelta(minutes=5)
_BEGIN = datetime(2024, 3, 4, tzinfo=UTC)
_REOPENS_WITHIN = 6 * HOUR
_AFTERMATH = 6 * HOUR  # what a window of hours still says after an event belongs to it


class Watcher(Protocol):
    """What can be scored: our detector, and others in its clothes."""

    @property
    def last(self) -> dict[str, Any] | None: ...

    def observe(self, start: datetime, mentions: int, negative: int) -> bool: ...

    def no_data(self, start: datetime) -> None: ...


@dataclass(slots=True)
class Outcome:
    """One stream's figures, ready for JSON."""

    name: str
    rate: float
    crises: list[dict[str, Any]] = field(default_factory=list)
    nuisances: dict[str, list[int]] = field(default_factory=dict)  # kind: [events, alarms]
    false_alarms: list[dict[str, Any]] = field(default_factory=list)
    months: float = 0.0
    calls: int = 0
    seconds: float = 0.0

    def row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Alarm:
    """From the bucket an alert opened to the last one in which it was on."""

    start: int
    end: int
    evidence: dict[str, Any]


def alarms(stream: Stream, detector: Watcher) -> tuple[list[Alarm], int, float]:
    """Feed a stream as the daemon would; (alarms, calls, seconds)."""
    found: list[Alarm] = []
    calls, began = 0, time.process_time()
    for at, on in _feed(stream, detector):
        calls += 1
        if not on:
            continue
        if found and at - found[-1].end <= _REOPENS_WITHIN:
            found[-1].end = at
        else:
            found.append(Alarm(at, at, detector.last or {}))
    return found, calls, time.process_time() - began


def _feed(stream: Stream, detector: Watcher) -> Iterator[tuple[int, bool]]:
    late, next_late = stream.late, 0
    times = [_BEGIN + i * _STEP for i in range(len(stream.mentions))]
    mentions, negative = stream.mentions.tolist(), stream.negative.tolist()
    for at, measured in enumerate(stream.measured.tolist()):
        if measured:
            yield at, detector.observe(times[at], mentions[at], negative[at])
        else:
            detector.no_data(times[at])
        while next_late < len(late) and late[next_late][0] <= at:
            _, said, n, k = late[next_late]
            yield at, detector.observe(times[said], n, k)
            next_late += 1


def outcome(stream: Stream, detector: Watcher, count_from_day: float) -> Outcome:
    """Match alarms with what happened; days before `count_from_day` count for nothing."""
    found, calls, seconds = alarms(stream, detector)
    result = Outcome(stream.name, stream.rate, calls=calls, seconds=seconds)
    result.months = (len(stream.mentions) / DAY - count_from_day) / 30
    taken: set[int] = set()
    for event in stream.events:
        hits = [i for i, alarm in enumerate(found) if _belongs(alarm, event)]
        taken.update(hits)
        if event.kind == "crisis":
            crisis = _crisis(event, [found[i] for i in hits])
            result.crises.append(crisis | {"fifth": _fifth(stream, event)})
        else:
            tally = result.nuisances.setdefault(event.kind, [0, 0])
            tally[0] += 1
            tally[1] += sum(found[i].start >= event.start for i in hits)
    result.false_alarms = [
        {"at": a.start, **{k: a.evidence.get(k) for k in ("window_minutes", "negative", "lift")}}
        for i, a in enumerate(found)
        if i not in taken and a.start >= count_from_day * DAY
    ]
    return result


def _belongs(alarm: Alarm, event: Event) -> bool:
    day_long = alarm.evidence.get("window_minutes", 0) >= 1440
    return event.start <= alarm.end and alarm.start < event.end + (DAY if day_long else _AFTERMATH)


def _crisis(event: Event, hits: list[Alarm]) -> dict[str, Any]:
    """Found if an alert was on before its end; the delay runs from its start, in minutes."""
    starts = [max(alarm.start, event.start) for alarm in hits if alarm.start < event.end]
    delay = (min(starts) - event.start + 1) * 5 if starts else None
    window = hits[0].evidence.get("window_minutes") if starts else None
    return {"size": event.size, "shape": event.shape, "delay": delay, "window": window}


def _fifth(stream: Stream, event: Event) -> int | None:
    """Minutes from its start to the end of the bucket with the fifth negative, told in time."""
    so_far = stream.negative[event.start : event.end].cumsum()
    at = int(so_far.searchsorted(5))
    return (at + 1) * 5 if at < len(so_far) else None
