"""Response clocks: when an answer is due, and whether it came in time; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from listener.domain.mention import Channel, Evidence, MentionId


class Calendar(Protocol):
    """Opening hours: how working time runs between two moments."""

    def add(self, start: datetime, working: timedelta) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> timedelta: ...


def due_at(said_at: datetime, within: timedelta, calendar: Calendar | None) -> datetime:
    """When an answer is due. `calendar` None: around the clock.

    Counted on instants, so that a change to or from summer time neither adds nor takes an hour.
    """
    return said_at + within if calendar is None else calendar.add(said_at, within)


def elapsed(said_at: datetime, until: datetime, calendar: Calendar | None) -> timedelta:
    """How much of the promised time has run; never negative."""
    if until <= said_at:
        return timedelta(0)
    return until - said_at if calendar is None else calendar.between(said_at, until)


class ClockState(StrEnum):
    WAITING = "waiting"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"
    DISMISSED = "dismissed"


OPEN = frozenset({ClockState.WAITING, ClockState.DUE_SOON, ClockState.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseClock:
    """One mention that waits for one brand's answer. It starts when the person spoke."""

    mention_id: MentionId
    subject_id: int
    channel: Channel
    said_at: datetime
    seen_at: datetime
    due_at: datetime
    warn_at: tuple[datetime, ...] = ()
    late: bool = False  # first seen after `late_after`: counts as missed, is never alerted
    answered_at: datetime | None = None  # the first answer by anybody
    human_at: datetime | None = None  # the first by a person
    evidence: Evidence | None = None
    dismissed: bool = False
    snoozed_until: datetime | None = None
    told_warnings: int = 0  # how many of `warn_at` were told
    told_overdue: bool = False
    told_closed: bool = False  # those who heard of it have heard that it is over
    promise: str = ""  # the name of the one it runs by
    within: timedelta | None = None  # None: it was started before this was kept
    hours: str = "always"  # the calendar it runs by
    team: str | None = None  # who answers
    escalate_to: str | None = None  # the team that hears of it when nobody did
    escalate_at: datetime | None = None
    told_escalated: bool = False
    state: ClockState = ClockState.WAITING


def settle(clock: ResponseClock, now: datetime) -> ResponseClock:
    """The clock with the state that follows from its facts at `now`."""
    return replace(clock, state=_state(clock, now))


def _state(clock: ResponseClock, now: datetime) -> ClockState:
    if clock.answered_at is not None:
        return ClockState.MET if clock.answered_at <= clock.due_at else ClockState.MISSED
    if clock.dismissed:
        return ClockState.DISMISSED
    if clock.late:
        return ClockState.MISSED
    if now > clock.due_at:
        return ClockState.OVERDUE
    return ClockState.DUE_SOON if warnings_due(clock, now) else ClockState.WAITING


def warnings_due(clock: ResponseClock, now: datetime) -> int:
    """How many of the warnings' moments have come."""
    return sum(now >= moment for moment in clock.warn_at)


OVERDUE_GRACE = timedelta(milliseconds=1)  # overdue is past due, so a moment after it


def was_told(clock: ResponseClock) -> bool:
    """Whether anybody has heard of this clock."""
    return clock.told_warnings > 0 or clock.told_overdue


def escalation_due(clock: ResponseClock, now: datetime) -> bool:
    """Whether another team is to hear of it by now, and has not."""
    return (
        clock.state is ClockState.OVERDUE
        and clock.escalate_at is not None
        and not clock.told_escalated
        and now > clock.escalate_at
    )


def next_moment(clock: ResponseClock, now: datetime) -> datetime | None:
    """When this clock will next have something to say; None when it never will."""
    if clock.state not in OPEN:
        return now if was_told(clock) and not clock.told_closed else None
    moments = list(_untold(clock))
    if not moments:
        return None
    if clock.snoozed_until is not None and clock.snoozed_until > now:
        return max(clock.snoozed_until, moments[0])
    return moments[0]


def _untold(clock: ResponseClock) -> Iterator[datetime]:
    """The moments of what a running clock has still to say, in order."""
    if not clock.told_overdue:
        yield from clock.warn_at[clock.told_warnings :]
        yield clock.due_at + OVERDUE_GRACE
    if clock.escalate_at is not None and not clock.told_escalated:
        yield clock.escalate_at + OVERDUE_GRACE
