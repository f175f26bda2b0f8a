"""What telling people depends on: the news, the incident, what an outlet has heard, and the rules.

The decision itself is in `judging.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from listener.domain.incident import Event, Severity
from listener.domain.quiet import Quiet

MOST_REPEATS: Final = 6  # a day of reminders; then it is in the digest, and in the list
ROUND_EVERY: Final = timedelta(hours=2)
SUMMARY_AT: Final = time(8)  # local; where no quiet hours end by then


class Kind(StrEnum):
    BEGINS = "begins"
    GRAVER = "graver"
    BACK = "back"
    ENDS = "ends"
    REPEATS = "repeats"
    PROMISE = "promise"  # of response promises: their own story
    KEPT = "kept"  # a promise that was kept
    EDIT = "edit"  # nothing new to tell
    NOTE = "note"  # about no trouble


_KINDS: Final[Mapping[Event, Kind]] = {
    Event.SPIKE_ESCALATED: Kind.GRAVER,
    Event.INCIDENT_ESCALATED: Kind.GRAVER,
    Event.SPIKE_REOPENED: Kind.BACK,
    Event.INCIDENT_REOPENED: Kind.BACK,
    Event.SPIKE_RESOLVED: Kind.ENDS,
    Event.INCIDENT_RESOLVED: Kind.ENDS,
    Event.SOURCE_RECOVERED: Kind.ENDS,
    Event.DELIVERY_RESTORED: Kind.ENDS,
    Event.INCIDENT_REPEATED: Kind.REPEATS,
    Event.INCIDENT_UPDATED: Kind.EDIT,
    Event.RESPONSE_DUE_SOON: Kind.PROMISE,
    Event.RESPONSE_OVERDUE: Kind.PROMISE,
    Event.RESPONSE_ESCALATED: Kind.PROMISE,
    Event.RESPONSE_MET: Kind.KEPT,
    Event.SUMMARY_TOLD: Kind.NOTE,
    Event.DIGEST_SENT: Kind.NOTE,
}
# What everybody in a channel hears; all else is heard by those who follow the incident's thread.
LOUD: Final = frozenset(
    event
    for event in Event
    if _KINDS.get(event) in (Kind.GRAVER, Kind.BACK, Kind.REPEATS)
    or event in (Event.RESPONSE_OVERDUE, Event.RESPONSE_ESCALATED)
)


def kind_of(event: Event) -> Kind:
    """What sort of news an event is; what no table names begins something."""
    return _KINDS.get(event, Kind.BEGINS)


class Reason(StrEnum):
    """Why an outlet was told, or was not: kept with every notice, and shown by `explain`."""

    NEW = "it is new"
    GRAVER = "it is graver"
    BACK = "it is back"
    OVER = "it is over"
    STILL_OPEN = "still open, and nobody has taken it"
    SNOOZE_OVER = "its snooze is over"
    PROMISE = "a promise"
    NOTE = "for your information"
    CHANGED = "brings a message up to date"
    GROUP_WAIT = "it may be over in a moment"
    GROUP_INTERVAL = "told of it a moment ago"
    QUIET_HOURS = "quiet hours"
    BUDGET = "the day's interruptions are spent"
    TOO_MANY = "too many incidents at once"
    SNOOZED = "snoozed"
    MUTED = "part of a larger incident"
    FLAPPING = "it comes and goes"
    ACKNOWLEDGED = "somebody has taken it"
    REPEAT = "a reminder that is not due"
    NEVER_TOLD = "nobody here was told that it began"
    TOLD_SINCE = "told together with later news"
    GONE = "it was over before it was told"
    SHADOW = "shadow: nobody is told yet"


IN_SUMMARY: Final = frozenset({Reason.QUIET_HOURS, Reason.BUDGET, Reason.TOO_MANY})


class Breaks(StrEnum):
    """What is told in quiet hours as well (`quiet_but`): from a severity on, or promises."""

    INFO = "info"
    WATCH = "watch"
    HIGH = "high"
    CRITICAL = "critical"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How people are told; programs are told everything at once."""

    group_wait: timedelta = timedelta(seconds=30)
    group_interval: timedelta = timedelta(minutes=5)
    repeat_every: timedelta = timedelta(hours=4)
    interrupts_a_day: int = 12  # of one outlet and team; 0: only what is critical
    quiet_hours: Quiet = field(default_factory=Quiet)
    quiet_but: tuple[Breaks, ...] = (Breaks.CRITICAL,)
    most_groups: int = 50
    zone: tzinfo = field(default=UTC, metadata={"handed": True})  # the listener's
    shadow: timedelta = timedelta(0)
    shadow_to: str = ""  # the outlet that is told meanwhile; "": none
    mask: bool = True  # addresses and numbers of people stay in the house

    def day_of(self, now: datetime) -> datetime:
        """When the day of a moment began, where the team lives."""
        local = now.astimezone(self.zone)
        midnight = datetime(local.year, local.month, local.day, tzinfo=self.zone)
        return midnight.astimezone(UTC)

    def next_round(self, now: datetime) -> datetime:
        """When what is high, and interrupts nobody any more, is next told together."""
        since = now - self.day_of(now)
        after = self.day_of(now) + (since // ROUND_EVERY + 1) * ROUND_EVERY
        return self.quiet_hours.until(after, self.zone) or after

    def next_summary(self, now: datetime) -> datetime:
        """When what is held back is next told together: as quiet hours end, else at eight."""
        end = self.quiet_hours.next_end(now, self.zone)
        if end is not None and end - now <= timedelta(days=1):
            return end
        local = now.astimezone(self.zone)
        for days in (0, 1, 2):
            day = local.date() + timedelta(days=days)
            at = datetime.combine(day, SUMMARY_AT, tzinfo=self.zone).astimezone(UTC)
            if at > now:
                return at
        raise AssertionError("eight o'clock comes every day")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened. `at`: when it was found, which may be before now, if it was held back."""

    event: Event
    severity: Severity
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The incident that the news is of, as it stands; the defaults are those of news of none."""

    acknowledged: bool = False
    snoozed_until: datetime | None = None
    muted_by: int | None = None  # an open incident that this one is a part of
    reopened: int = 0  # how often it has come back


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """An outlet, and what it has heard of the incident so far."""

    calls: bool = True  # it calls people away from their work; False: a program reads it
    edits: bool = False  # its messages last, have a thread, and can be brought up to date
    has_message: bool = False
    knows: bool = False  # it has heard that this is going on, and not that it is over
    last_told: datetime | None = None  # of promises: of this sort of news
    last_loud: datetime | None = None
    today: int = 0  # interruptions of this day
    promises_today: int = 0  # those of them that were of promises
    groups: int = 0  # open incidents it has been told of


class Act(StrEnum):
    NOW = "now"
    QUIETLY = "quietly"  # in the thread of a message, which interrupts nobody
    HOLD = "hold"
    EDIT = "edit"  # only bring the message up to date
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do with a piece of news at one outlet.

    Held `until` a moment, or while the incident `waits_for` is open.
    """

    act: Act
    reason: Reason
    until: datetime | None = None
    waits_for: int | None = None
    loud: bool = False  # it counts as an interruption


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that a decision depends on."""

    news: News
    case: Case
    ears: Ears
    manners: Manners
    now: datetime

    @property
    def kind(self) -> Kind:
        return kind_of(self.news.event)

    @property
    def critical(self) -> bool:
        return self.news.severity is Severity.CRITICAL

    @property
    def lasting(self) -> bool:
        """There is a message that can be brought up to date."""
        return self.ears.edits and self.ears.has_message

    @property
    def loud(self) -> bool:
        """Told, it would interrupt: all but what goes to the thread of a message."""
        return not self.lasting or self.news.event in LOUD


def repeats(rule: str, severity: Severity) -> bool:
    """Whether people are reminded of an open incident that nobody has taken.

    Promises repeat themselves: what runs out next is told, and after a day all of it anew.
    """
    return rule != "response" and severity.rank >= Severity.HIGH.rank


def larger_of(key: str, keys: Iterable[str]) -> str | None:
    """The key that a key is a part of ("spike:Acme" of "spike:Acme:delivery"), the largest of them.

    None where there is none among `keys`.
    """
    larger = [one for one in keys if key.startswith(f"{one}:")]
    return min(larger, key=len, default=None)
