"""The response rule: promises that are about to run out, that ran out, and that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Finding, Severity
from listener.domain.response import (
    OPEN,
    Calendar,
    ClockState,
    ResponseClock,
    elapsed,
    escalation_due,
    warnings_due,
    was_told,
)
from listener.domain.times import in_words, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockScene:
    """What the response rule judges: the clocks of a brand, channel and team that have come due."""

    subject_id: int
    subject: str
    channel: str
    within: timedelta
    now: datetime
    clocks: tuple[ResponseClock, ...]  # most urgent first
    open_before: int  # clocks of this brand, channel and team that people know, and still wait
    team: str = ""  # who answers; empty: nobody in particular
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


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
        """At most one message for each kind of news, gravest first.

        What is overdue and to be escalated at once is in two: they are for two teams.
        """
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
            *self._escalated(scene),
            self._told(scene, Event.RESPONSE_DUE_SOON, soon),
            self._told(scene, Event.RESPONSE_MET, met),
            self._told(scene, Event.INCIDENT_UPDATED, quiet),
        ]
        return [one for one in told if one.clocks]

    def _escalated(self, scene: ClockScene) -> list[Told]:
        """What another team hears of now, a message for each team."""
        due = [c for c in scene.clocks if escalation_due(c, scene.now)]
        teams = sorted({c.escalate_to for c in due if c.escalate_to})
        return [
            self._told(
                scene, Event.RESPONSE_ESCALATED, tuple(c for c in due if c.escalate_to == team)
            )
            for team in teams
        ]

    def _told(self, scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...]) -> Told:
        if not clocks:
            return Told(event, _finding(scene, event, clocks, "", ""), ())
        title, why = _words(scene, event, clocks)
        return Told(event, _finding(scene, event, clocks, title, why), clocks)


def key_of(subject: str, channel: str, team: str = "", *, escalated: bool = False) -> str:
    """The key of the incident that gathers what waits: one for each team that is told.

    None is the beginning of another: then it would be taken for a part of that one.
    """
    rule = "escalated" if escalated else "response"
    return f"{rule}@{team}:{subject}:{channel}" if team else f"{rule}:{subject}:{channel}"


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
    Event.RESPONSE_ESCALATED: Severity.HIGH,
    Event.RESPONSE_DUE_SOON: Severity.WATCH,
}


def _finding(
    scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...], title: str, why: str
) -> Finding:
    escalated = event is Event.RESPONSE_ESCALATED
    team = (clocks[0].escalate_to or "") if escalated and clocks else scene.team
    return Finding(
        key=key_of(scene.subject, scene.channel, team, escalated=escalated),
        rule="response",
        subject_id=scene.subject_id,
        channel=scene.channel,
        severity=SEVERITY.get(event, Severity.INFO),
        title=title,
        why=why,
        team=team or None,
        mentions=tuple(c.mention_id for c in clocks),
        evidence=evidence_of(clocks, scene.within, scene.now, scene.calendars),
    )


def _words(scene: ClockScene, event: Event, clocks: tuple[ResponseClock, ...]) -> tuple[str, str]:
    promise = in_words(clocks[0].within or scene.within)
    same = len({c.within or scene.within for c in clocks}) == 1
    promised = f"the promised {promise}" if same else "promised"
    first, place = clocks[0], f"{scene.subject} on {scene.channel}"
    late = _since(scene.now - first.due_at)
    if event is Event.RESPONSE_OVERDUE:
        title = f"{place}: {_mentions(clocks)} {_waits(clocks)} longer than {promised}"
        return title, f"The oldest was due {late}.{_others(scene)}"
    if event is Event.RESPONSE_ESCALATED:
        title = f"{place}: nobody has answered {_mentions(clocks)}, long after the promised time"
        whose = f" It was for {first.team} to answer." if first.team else ""
        return title, f"The oldest was due {late}.{whose}"
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


def _since(late: timedelta) -> str:
    return f"{in_words(late)} ago" if late >= timedelta(minutes=1) else "just now"


def _others(scene: ClockScene) -> str:
    count = scene.open_before
    return f" {count} told of before still wait{'s' if count == 1 else ''}." if count else ""


def evidence_of(
    clocks: Sequence[ResponseClock],
    within: timedelta,
    now: datetime,
    calendars: Mapping[str, Calendar],
) -> dict[str, Any]:
    """What is known of some clocks, most urgent first; nothing of none.

    `within`: of clocks that do not say it themselves.
    """
    if not clocks:
        return {}
    first = clocks[0]
    by = {"hours": first.hours} if first.hours in calendars else {}
    return {
        **_item(first),
        "within_s": round((first.within or within) / timedelta(seconds=1)),
        **by,
        "elapsed_share": _share(first, now, calendars.get(first.hours)),
        "items": [{"row": c.mention_id, **_item(c)} for c in clocks[:50]],
    }


def _share(clock: ResponseClock, now: datetime, calendar: Calendar | None) -> float:
    """How much of the promised time has run, as a share of it."""
    if calendar is not None and clock.within:
        return round(elapsed(clock.said_at, now, calendar) / clock.within, 3)
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
