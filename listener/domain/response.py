"""Response promises: when an answer is due, and whether it came in time; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from listener.domain.label import Sentiment
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


class Deserves(StrEnum):
    """What makes a mention deserve an answer (`which` of a promise)."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How soon a channel's mentions are answered: a table `[respond.CHANNEL]`."""

    within: timedelta
    warn_at: tuple[float, ...] = (0.5, 0.8)  # shares of `within`
    which: tuple[Deserves, ...] = (Deserves.NEGATIVE,)
    hours: str = "always"
    late_after: timedelta = timedelta(hours=24)  # first seen later than this: missed, and quiet

    def covers(self, sentiment: Sentiment | None, *, question: bool) -> bool:
        """Whether a mention deserves an answer. One without a label may still be a question."""
        if question and Deserves.QUESTION in self.which:
            return True
        return sentiment is not None and Deserves(sentiment.value) in self.which


DEFAULT_PROMISES = {
    Channel.SOCIAL: Promise(
        within=timedelta(hours=1), which=(Deserves.NEGATIVE, Deserves.QUESTION)
    ),
    Channel.REVIEW: Promise(within=timedelta(days=7), late_after=timedelta(days=14)),
}


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
    state: ClockState = ClockState.WAITING


def start_clock(
    mention_id: MentionId,
    subject_id: int,
    channel: Channel,
    said_at: datetime,
    seen_at: datetime,
    promise: Promise,
    calendar: Calendar | None = None,
) -> ResponseClock:
    """Start the clock when the person spoke, not when we noticed."""
    return ResponseClock(
        mention_id=mention_id,
        subject_id=subject_id,
        channel=channel,
        said_at=said_at,
        seen_at=seen_at,
        due_at=due_at(said_at, promise.within, calendar),
        warn_at=tuple(
            due_at(said_at, promise.within * share, calendar) for share in sorted(promise.warn_at)
        ),
        late=seen_at - said_at > promise.late_after,
    )


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


def next_moment(clock: ResponseClock, now: datetime) -> datetime | None:
    """When this clock will next have something to say; None when it never will."""
    if clock.state not in OPEN:
        return now if was_told(clock) and not clock.told_closed else None
    if clock.told_overdue:
        return None
    moments = [*clock.warn_at[clock.told_warnings :], clock.due_at + OVERDUE_GRACE]
    if clock.snoozed_until is not None and clock.snoozed_until > now:
        return max(clock.snoozed_until, moments[0])
    return moments[0]
