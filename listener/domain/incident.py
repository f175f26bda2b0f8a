"""Findings, incidents and notices: what a rule sees, what lasts, and what an outlet is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from listener.domain.press import Worked
from listener.domain.times import to_json
from listener.domain.wording import ChannelName, Span, Wording


class Severity(StrEnum):
    INFO = "info"
    WATCH = "watch"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Event(StrEnum):
    """What a notice is about; the names are read by other programs."""

    SPIKE_OPENED = "spike.opened"
    SPIKE_ESCALATED = "spike.escalated"
    SPIKE_RESOLVED = "spike.resolved"
    SPIKE_REOPENED = "spike.reopened"
    RESPONSE_DUE_SOON = "response.due_soon"
    RESPONSE_OVERDUE = "response.overdue"
    RESPONSE_ESCALATED = "response.escalated"  # still nobody has answered: another team hears of it
    RESPONSE_MET = "response.met"
    RATING_DROPPED = "rating.dropped"
    MENTION_SEVERE = "mention.severe"
    INFLUENCER_PRAISE = "influencer.praise"
    INFLUENCER_CRITICISM = "influencer.criticism"
    COMPETITOR_TROUBLE = "competitor.trouble"
    FLOOD_OPENED = "flood.opened"
    SHARE_CREEPING = "share.creeping"
    FLOOR_CROSSED = "floor.crossed"
    INCIDENT_ESCALATED = "incident.escalated"  # of rules that have no word of their own for it
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_REOPENED = "incident.reopened"
    INCIDENT_REPEATED = "incident.repeated"  # still open, and nobody has taken it
    INCIDENT_UPDATED = "incident.updated"  # nothing new to tell: messages that last are edited
    SUMMARY_TOLD = "summary.told"  # what was held back, in one message
    SOURCE_QUIET = "source.quiet"
    SOURCE_RECOVERED = "source.recovered"
    BUDGET_SPENT = "budget.spent"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_RESTORED = "delivery.restored"
    DIGEST_SENT = "digest.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule sees now. Two findings with one key are one incident."""

    key: str  # "spike:Acme", "response:Acme:social"
    rule: str
    subject_id: int | None  # None: it is about a source, and no incident
    channel: str | None = None
    topic: str | None = None
    severity: Severity
    title: str
    why: str
    action: str = ""
    team: str | None = None  # whom it is for
    mentions: tuple[int, ...] = ()  # the rows it rests on, most telling first
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A finding that lasts. `id` is the database's."""

    id: int
    key: str
    rule: str
    subject_id: int
    subject: str
    channel: str | None = None
    topic: str | None = None
    severity: Severity
    title: str
    why: str
    action: str = ""
    team: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = None


def place_of(subject: str, channel: str | None) -> str:
    """Where something is: a subject, or a subject in a channel."""
    if channel is None:
        return subject
    return Wording("%(subject)s on %(channel)s", subject=subject, channel=ChannelName(channel))


def as_finding(incident: Incident) -> Finding:
    """An incident as it was last found: for messages that only show what has changed."""
    return Finding(
        key=incident.key,
        rule=incident.rule,
        subject_id=incident.subject_id,
        channel=incident.channel,
        topic=incident.topic,
        severity=incident.severity,
        title=incident.title,
        why=incident.why,
        action=incident.action,
        team=incident.team,
        evidence=incident.evidence,
    )


def as_over(incident: Incident, now: datetime) -> Finding:
    """What is said of an incident at its end, where its rule has no more to say."""
    return replace(
        as_finding(incident),
        severity=Severity.INFO,
        why=Wording("It was open for %(span)s.", span=Span(now - incident.opened_at)),
        action="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A mention as a message shows it: who, where, when, and the words, shortened."""

    name: str  # SOURCE:ID
    author: str | None
    text: str
    said_at: datetime
    url: str | None = None
    sentiment: str | None = None
    confidence: float | None = None  # of that sentiment; None: nothing is known of it
    due_at: datetime | None = None  # of its response clock, where that is the matter
    state: str | None = None
    places: tuple[tuple[int, int], ...] = ()  # in the text, to be marked: from, and up to
    worked: Worked | None = None  # the last that somebody did about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one outlet is told once. `id` goes with the message, and is looked up after a crash."""

    id: str  # 26 characters, the same at every attempt
    event: Event
    outlet: str  # "slack", "email", "jsonl"
    at: datetime
    subject: str
    channel: str | None = None
    topic: str | None = None
    severity: Severity
    title: str
    why: str
    action: str = ""
    team: str | None = None
    incident: int | None = None
    mentions: tuple[str, ...] = ()  # SOURCE:ID
    quotes: tuple[Quote, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    incident_title: str = ""  # of the message the notice belongs to, which lasts
    incident_why: str = ""
    incident_action: str = ""
    incident_state: str = "open"  # open | acknowledged | resolved
    taken_by: str | None = None  # who looks after the incident
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None
    quietly: bool = False  # in the thread only, whatever it is: the day's interruptions are spent
    worked: Worked | None = None  # the last that somebody did about the incident's mentions
    incident_severity: Severity | None = None  # the gravest so far, which it keeps; None: as here
    upto: int | None = None  # the newest act on record when it was read; later ones it cannot show


def notice_json(notice: Notice) -> dict[str, Any]:
    """The form other programs read (DESIGN, section 8)."""
    return {
        "at": to_json(notice.at),
        "event": notice.event.value,
        "subject": notice.subject,
        "channel": notice.channel,
        "topic": notice.topic,
        "severity": notice.severity.value,
        "title": notice.title,
        "why": notice.why,
        "action": notice.action,
        "team": notice.team,
        "incident": notice.incident,
        "mentions": list(notice.mentions),
        "evidence": dict(notice.evidence),
    }
