"""The response rule: promises that are about to run out, that ran out, and that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Finding, Severity
from listener.domain.response import OPEN, ClockState, ResponseClock, warnings_due, was_told
from listener.domain.times import in_words, to_json
from listener.rules.base import ClockScene


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told of some clocks, as one message."""

    event: Event
    finding: Finding
    clocks: tuple[ResponseClock, ...]


class ResponseRule:
    """Groups what has come due, so that fourteen overdue posts are one message.

    It has no settings of its own: the promises are `[respond.CHANNEL]`.
    """

    def __call__(self, scene: ClockScene) -> list[Told]:
        """At most one message for each kind of news, gravest first."""
        over = tuple(
            c for c in scene.clocks if c.state is ClockState.OVERDUE and not c.told_overdue
        )
        soon = tuple(
            c
            for c in scene.clocks
            if c.state in (ClockState.DUE_SOON, ClockState.WAITING)
            and warnings_due(c, scene.now) > c.told_warnings
        )
        closed = tuple(
            c for c in scene.clocks if c.state not in OPEN and was_told(c) and not c.told_closed
        )
        met = tuple(c for c in closed if c.state is ClockState.MET)
        quiet = tuple(c for c in closed if c.state is not ClockState.MET)
        told = [
            self._told(scene, Event.RESPONSE_OVERDUE, over),
            self._told(scene, Event.RESPONSE_DUE_SOON, soon),
            self._told(scene, Event.RESPONSE_MET, met),
            self._told(scene, Event.INCIDENT_UPDATED, quiet),
        ]
        return [one for one in told if one.clocks]

    def _told(self, scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...]) -> Told:
        if not clocks:
            return Told(event, _finding(scene, event, clocks, "", ""), ())
        title, why = _words(scene, event, clocks)
        return Told(event, _finding(scene, event, clocks, title, why), clocks)


def key_of(subject: str, channel: str) -> str:
    return f"response:{subject}:{channel}"


def standing_title(place: str, tally: Mapping[str, int]) -> str:
    """What the lasting message says of all its clocks; `tally`: how many are in each state."""
    words = (("overdue", "overdue"), ("due_soon", "due soon"), ("waiting", "waiting"))
    still = [f"{tally[state]} {said}" for state, said in words if tally.get(state)]
    return f"{place}: " + (", ".join(still) if still else "all that waited is closed")


def standing_why(running: Sequence[ResponseClock], now: datetime) -> str:
    """What the receipt says of the clocks that still run, most urgent first."""
    if not running:
        return "Nothing waits any more."
    return f"The most urgent has waited {in_words(now - running[0].said_at)}."


SEVERITY = {
    Event.RESPONSE_OVERDUE: Severity.HIGH,
    Event.RESPONSE_DUE_SOON: Severity.WATCH,
}
ACTION = {
    Event.RESPONSE_OVERDUE: "Answer now, most urgent first; say sorry for the wait.",
    Event.RESPONSE_DUE_SOON: "Answer before the promise runs out, most urgent first.",
}


def _finding(
    scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...], title: str, why: str
) -> Finding:
    return Finding(
        key=key_of(scene.subject, scene.channel),
        rule="response",
        subject_id=scene.subject_id,
        channel=scene.channel,
        severity=SEVERITY.get(event, Severity.INFO),
        title=title,
        why=why,
        action=ACTION.get(event, ""),
        mentions=tuple(c.mention_id for c in clocks),
        evidence=evidence_of(clocks, scene.within, scene.now),
    )


def _words(scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...]) -> tuple[str, str]:
    promise = in_words(scene.within)
    first, place = clocks[0], f"{scene.subject} on {scene.channel}"
    if event is Event.RESPONSE_OVERDUE:
        title = f"{place}: {_mentions(clocks)} {_waits(clocks)} longer than the promised {promise}"
        late = in_words(scene.now - first.due_at)
        return title, f"The oldest was due {late} ago.{_others(scene)}"
    if event is Event.RESPONSE_DUE_SOON:
        left = in_words(first.due_at - scene.now)
        title = f"{place}: {_mentions(clocks)} to answer, {left} left of {promise}"
        waited = in_words(scene.now - first.said_at)
        return title, f"The most urgent has waited {waited}.{_others(scene)}"
    if event is Event.RESPONSE_MET:
        took = in_words((first.answered_at or scene.now) - first.said_at)
        return f"{place}: {_mentions(clocks)} answered in time", f"The first took {took}."
    return f"{place}: {_mentions(clocks)} no longer {_waits(clocks)}", ""


def _mentions(clocks: tuple[ResponseClock, ...]) -> str:
    return "1 mention" if len(clocks) == 1 else f"{len(clocks)} mentions"


def _waits(clocks: tuple[ResponseClock, ...]) -> str:
    return "waits" if len(clocks) == 1 else "wait"


def _others(scene: ClockScene) -> str:
    return f" {scene.open_before} told of before still wait." if scene.open_before else ""


def evidence_of(
    clocks: Sequence[ResponseClock], within: timedelta, now: datetime
) -> dict[str, Any]:
    """What is known of some clocks, most urgent first; nothing of none."""
    if not clocks:
        return {}
    first = clocks[0]
    return {
        **_item(first),
        "within_s": round(within / timedelta(seconds=1)),
        "elapsed_share": _share(first, now),
        "items": [{"row": c.mention_id, **_item(c)} for c in clocks[:50]],
    }


def _share(clock: ResponseClock, now: datetime) -> float:
    """How much of the promised time has run, as a share of it."""
    whole = clock.due_at - clock.said_at
    return round((now - clock.said_at) / whole, 3) if whole else 1.0


def _item(clock: ResponseClock) -> dict[str, Any]:
    return {
        "due_at": to_json(clock.due_at),
        "said_at": to_json(clock.said_at),
        "seen_at": to_json(clock.seen_at),
        "detection_lag_s": round((clock.seen_at - clock.said_at).total_seconds()),
        "answered_at": to_json(clock.answered_at) if clock.answered_at else None,
    }
