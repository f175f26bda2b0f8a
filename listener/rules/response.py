"""The response rule: promises that are about to run out, that ran out, and that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Finding, Severity, place_of
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
from listener.domain.times import to_json
from listener.domain.wording import Amount, Plural, Sentences, Span, Wording, listed


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
    count = {state: Amount(tally[state]) for state in tally if tally[state]}
    still = []
    if "overdue" in count:
        still.append(Wording("%(count)s overdue", count=count["overdue"]))
    if "due_soon" in count:
        still.append(Wording("%(count)s due soon", count=count["due_soon"]))
    if "waiting" in count:
        still.append(Wording("%(count)s waiting", count=count["waiting"]))
    if not still:
        return Wording("%(place)s: all that waited is closed", place=place)
    return Wording("%(place)s: %(states)s", place=place, states=listed(still))


def standing_why(running: Sequence[ResponseClock], now: datetime) -> str:
    """What the receipt says of the clocks that still run, most urgent first."""
    if not running:
        return Wording("Nothing waits any more.")
    return _most_urgent(running[0], now)


def _most_urgent(clock: ResponseClock, now: datetime) -> Wording:
    return Wording("The most urgent has waited %(span)s.", span=Span(now - clock.said_at))


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
    first, count = clocks[0], len(clocks)
    named = {"place": place_of(scene.subject, scene.channel), "count": Amount(count)}
    match event:
        case Event.RESPONSE_OVERDUE:
            return (
                _overdue(clocks, scene.within, named),
                Sentences(_due(first, scene.now), _others(scene)),
            )
        case Event.RESPONSE_ESCALATED:
            title = Plural(
                "%(place)s: nobody has answered %(count)s mention, long after the promised time",
                "%(place)s: nobody has answered %(count)s mentions, long after the promised time",
                count,
                **named,
            )
            whose = Wording("It was for %(team)s to answer.", team=first.team) if first.team else ""
            return title, Sentences(_due(first, scene.now), whose)
        case Event.RESPONSE_DUE_SOON:
            title = Plural(
                "%(place)s: %(count)s mention to answer, %(left)s left of %(promise)s",
                "%(place)s: %(count)s mentions to answer, %(left)s left of %(promise)s",
                count,
                left=Span(first.due_at - scene.now),
                promise=Span(first.within or scene.within),
                **named,
            )
            return title, Sentences(_most_urgent(first, scene.now), _others(scene))
        case Event.RESPONSE_MET:
            title = Plural(
                "%(place)s: %(count)s mention answered in time",
                "%(place)s: %(count)s mentions answered in time",
                count,
                **named,
            )
            took = Span((first.answered_at or scene.now) - first.said_at)
            return title, Wording("The first took %(span)s.", span=took)
    title = Plural(
        "%(place)s: %(count)s mention no longer waits",
        "%(place)s: %(count)s mentions no longer wait",
        count,
        **named,
    )
    return title, ""


def _overdue(
    clocks: Sequence[ResponseClock], within: timedelta, named: Mapping[str, str]
) -> Plural:
    """Longer than promised; and than what was promised, where that is the same of all."""
    if len({c.within or within for c in clocks}) > 1:
        return Plural(
            "%(place)s: %(count)s mention waits longer than promised",
            "%(place)s: %(count)s mentions wait longer than promised",
            len(clocks),
            **named,
        )
    return Plural(
        "%(place)s: %(count)s mention waits longer than the promised %(promise)s",
        "%(place)s: %(count)s mentions wait longer than the promised %(promise)s",
        len(clocks),
        promise=Span(clocks[0].within or within),
        **named,
    )


def _due(oldest: ResponseClock, now: datetime) -> Wording:
    late = now - oldest.due_at
    if late < timedelta(minutes=1):
        return Wording("The oldest was due just now.")
    return Wording("The oldest was due %(span)s ago.", span=Span(late))


def _others(scene: ClockScene) -> str:
    count = scene.open_before
    if not count:
        return ""
    return Plural(
        "%(count)s told of before still waits.",
        "%(count)s told of before still wait.",
        count,
        count=Amount(count),
    )


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
