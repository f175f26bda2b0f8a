"""A notice in words: its headline, its facts, and how long each answer has been waited for; pure.

What takes a moment is given as one, so that each outlet can show it in its reader's time zone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from listener.domain.incident import Event, Notice, Quote
from listener.domain.label import as_told, is_sure
from listener.domain.manners import Kind, kind_of
from listener.domain.response import ClockState
from listener.domain.times import from_text, in_words
from listener.domain.wording import Amount, Wording
from listener.texts import ratings
from listener.texts.summary import SIGNS, Line, summary_lines

EVENT_WORDS: Final[Mapping[Event, str]] = {
    Event.SPIKE_OPENED: "A negative spike has begun",
    Event.SPIKE_ESCALATED: "The negative spike is getting worse",
    Event.SPIKE_RESOLVED: "The negative spike is over",
    Event.SPIKE_REOPENED: "The negative spike is back",
    Event.RESPONSE_DUE_SOON: "Answers are due soon",
    Event.RESPONSE_OVERDUE: "Answers are overdue",
    Event.RESPONSE_ESCALATED: "Still nobody has answered",
    Event.RESPONSE_MET: "Answered in time",
    Event.RATING_DROPPED: "A rating has dropped",
    Event.MENTION_SEVERE: "Somebody says something grave",
    Event.INFLUENCER_PRAISE: "Praise by an influencer",
    Event.INFLUENCER_CRITICISM: "Criticism by an influencer",
    Event.COMPETITOR_TROUBLE: "A competitor is in trouble",
    Event.FLOOD_OPENED: "A flood of copies",
    Event.SHARE_CREEPING: "The negative share is creeping up",
    Event.FLOOR_CROSSED: "A bound you set is crossed",
    Event.INCIDENT_ESCALATED: "It is getting worse",
    Event.INCIDENT_RESOLVED: "It is over",
    Event.INCIDENT_REOPENED: "It is back",
    Event.INCIDENT_REPEATED: "Still open",
    Event.INCIDENT_UPDATED: "Brought up to date",
    Event.SUMMARY_TOLD: "What happened meanwhile",
    Event.SOURCE_QUIET: "A source has gone quiet",
    Event.SOURCE_RECOVERED: "The source is back",
    Event.BUDGET_SPENT: "This month's budget of a source is spent",
    Event.DELIVERY_FAILED: "Messages cannot be delivered",
    Event.DELIVERY_RESTORED: "Messages are delivered again",
    Event.DIGEST_SENT: "The digest was sent",
}

_ENDED: Final[Mapping[str, str]] = {
    ClockState.MET.value: "answered in time",
    ClockState.MISSED.value: "answered late",
    ClockState.DISMISSED.value: "dismissed",
}

_WORKED: Final[Mapping[str, str]] = {
    "answered": "answered by {who}",
    "assigned": "{detail} answers it",
    "corrected": "{detail}, says {who}",
    "dismissed": "dismissed by {who}",
    "snoozed": "snoozed by {who}",
}

_ALMOST_NEVER: Final = 1e-9
A_MINUTE: Final = timedelta(minutes=1)
A_DAY: Final = timedelta(days=1)


def headline(notice: Notice) -> str:
    """What stands above the incident's message as long as it lasts: its state, then its title."""
    title = notice.incident_title or notice.title
    if notice.incident_state == "resolved":
        return f"✅ RESOLVED · {title}"
    taken = " · acknowledged" if notice.incident_state == "acknowledged" else ""
    taken += f" by {notice.taken_by}" if taken and notice.taken_by else ""
    severity = notice.incident_severity or notice.severity
    return f"{SIGNS[severity]} {severity.value.upper()}{taken}{_silent(notice)} · {title}"


def _silent(notice: Notice) -> str:
    """Until when it is snoozed, with the day where that is not clear, and by whom."""
    until = notice.snoozed_until
    if until is None:
        return ""
    day = f"{until.day} {until:%b} " if until - notice.at > A_DAY else ""
    by = f" by {notice.snoozed_by}" if notice.snoozed_by else ""
    return f" · snoozed until {day}{until:%H:%M} UTC{by}"


def subject_line(notice: Notice) -> str:
    """The subject of a mail: our words and counts only, nothing that people wrote."""
    words = notice.title if notice.evidence.get("test") else EVENT_WORDS[notice.event]
    about = f"{notice.subject}: " if notice.subject else ""
    line = f"[{notice.severity.value}] {about}{words}"
    figures = _figures(notice)
    return f"{line} ({figures})" if figures else line


def _figures(notice: Notice) -> str | None:
    """What decides whether a mail is opened now; None where its subject has no figures."""
    sort = notice.event.value.partition(".")[0]
    if sort == "response":
        return str(len(notice.mentions) or "")
    if sort == "influencer":
        return _influencer(notice.evidence)
    if sort == "rating":
        return ratings.in_short(notice.evidence)
    return _negative_of(notice.evidence) if sort in ("spike", "competitor") else None


def place_of(notice: Notice) -> str:
    """Where it belongs: "Acme · social · delivery · for logistics · incident 12"."""
    team = f"for {notice.team}" if notice.team else None
    incident = f"incident {notice.incident}" if notice.incident is not None else None
    parts = (notice.subject, notice.channel, notice.topic, team, incident)
    return " · ".join(part for part in parts if part)


def facts(notice: Notice) -> list[Line]:
    """The figures a notice rests on, a line each, but for those that its `why` says.

    What the evidence does not hold is left out.
    """
    evidence = notice.evidence
    lines = [_how_unusual(evidence), _how_likely(evidence), _who(evidence)]
    said = [(line,) for line in lines if line]
    began = _moment(evidence, "started_at") or _moment(evidence, "began_at")
    promised = _number(evidence, "within_s")
    return [
        *summary_lines(evidence),
        *ratings.said(evidence),
        *said,
        *([("Since ", began)] if began else []),
        *([(f"Promised within {_duration(promised)}",)] if promised else []),
    ]


def as_it_stands(notice: Notice) -> Notice:
    """A promise's news as its lasting message has it: of all that waits, not of what is new."""
    if kind_of(notice.event) not in (Kind.PROMISE, Kind.KEPT) or not notice.incident_why:
        return notice
    action = "" if notice.incident_state == "resolved" else notice.incident_action
    return replace(notice, why=notice.incident_why, action=action)


def brief(notice: Notice) -> Notice:
    """What is over, in few words: figures and quotes stood where it was told that it began."""
    if kind_of(notice.event) is not Kind.ENDS:
        return notice
    return replace(notice, quotes=(), mentions=(), evidence={}, action="")


def waiting_words(quote: Quote, at: datetime) -> str | None:
    """How an answer stands at a moment: "12 min over", "due in 11 min"; None without a clock."""
    ended = _ENDED.get(quote.state or "")
    if ended or quote.due_at is None:
        return ended
    return due_words(quote.due_at, at)


def due_words(due_at: datetime, at: datetime) -> str:
    """How a promise stands at a moment."""
    if abs(due_at - at) < A_MINUTE:
        return "due now"
    apart = in_words(due_at - at)
    return f"{apart} over" if at > due_at else f"due in {apart}"


def doubt_words(quote: Quote) -> str | None:
    """The sentiment of a mention whose label is in doubt, "negative?"; None of the others."""
    if quote.sentiment is None or is_sure(quote.confidence):
        return None
    return as_told(quote.sentiment, quote.confidence)


def work_words(notice: Notice) -> str | None:
    """What was done last about an incident's mentions: "jo answered 2"; None for nothing.

    What was done about the incident itself stands in its headline.
    """
    worked = notice.worked
    if worked is None or not worked.detail.isdecimal():
        return None
    return f"{worked.who} {worked.did} {worked.detail}"


def worked_words(quote: Quote) -> str | None:
    """Who did something about a mention last: "answered by jo"; None where nobody did."""
    worked = quote.worked
    if worked is None:
        return None
    words = _WORKED.get(worked.did)
    return None if words is None else words.format(who=worked.who, detail=worked.detail)


def most_urgent_first(quotes: Sequence[Quote]) -> list[Quote]:
    """Those that wait, by their due time; then the answered; then those without a clock, as given.

    A spike's quotes thus stay in their order, most telling first.
    """
    return sorted(quotes, key=_urgency)


def and_more(notice: Notice, shown: int) -> str | None:
    """How many mentions are not shown: "and 7 more"."""
    left = max(len(notice.mentions), len(notice.quotes)) - shown
    return f"and {left} more" if left > 0 and shown else None


def spoken(line: Line, zone: tzinfo) -> str:
    """A line with its moments as they are in a zone."""
    return "".join(
        part if isinstance(part, str) else clock_time(part.astimezone(zone)) for part in line
    )


def clock_time(moment: datetime) -> str:
    """A moment as people write it, with its zone: "2026-11-22 14:05 UTC"."""
    return f"{moment:%Y-%m-%d %H:%M %Z}".rstrip()


def chance(p_value: float) -> str:
    """How seldom chance alone would do this: "less than 1 in 10,000", with one figure that counts.

    The odds are rounded down, so that it never sounds more certain than it is.
    """
    if not p_value > _ALMOST_NEVER:
        return Wording("less than 1 in a billion")
    odds = 1 / p_value
    unit = 10 ** math.floor(math.log10(odds) + 1e-9)
    seldom = max(math.floor(odds / unit + 1e-9), 1) * unit
    return Wording("about 1 in %(odds)s", odds=Amount(f"{seldom:,.0f}"))


def _urgency(quote: Quote) -> tuple[int, float]:
    if quote.due_at is None:
        return 2, 0.0
    return int(quote.state in _ENDED), quote.due_at.timestamp()


def _negative_of(evidence: Mapping[str, Any]) -> str | None:
    negative, mentions = _number(evidence, "negative"), _number(evidence, "mentions")
    if negative is None:
        return None
    return f"{negative:,.0f} negative" + (f" of {mentions:,.0f} mentions" if mentions else "")


def _influencer(evidence: Mapping[str, Any]) -> str | None:
    """Who it is, as the settings name them, and whom they reach."""
    reach, said = _number(evidence, "reach"), [str(evidence.get("influencer") or "")]
    said += [f"reaches {reach:,.0f}"] if reach else []
    return ", ".join(part for part in said if part) or None


def _how_unusual(evidence: Mapping[str, Any]) -> str | None:
    expected, lift = _number(evidence, "expected"), _number(evidence, "lift")
    if expected is None:
        return None
    usually = f"Usually {_rounded(expected)} in such a time"
    return f"{usually}; now {lift:,.{0 if lift >= 10 else 1}f} times as many" if lift else usually


def _rounded(count: float) -> str:
    """An expected count as people say it: nobody expects 0.271 mentions."""
    if count < 1:
        return "less than 1"
    return f"about {count:,.0f}" if count >= 10 else f"about {count:.1f}".removesuffix(".0")


def _how_likely(evidence: Mapping[str, Any]) -> str | None:
    """In words, where the receipt has them."""
    said, p_value = evidence.get("chance"), _number(evidence, "p_value")
    if isinstance(said, str):
        return said.removesuffix(".")
    if p_value is None:
        return None
    looked = " in a year" if ratings.is_of_stars(evidence) else ""
    return f"By chance alone{looked}: {chance(p_value)}"


def _who(evidence: Mapping[str, Any]) -> str | None:
    authors, clusters = _number(evidence, "authors"), _number(evidence, "clusters")
    if authors is None or clusters is None or "expected" not in evidence:
        return None  # then its `why` says it
    people = f"{authors:,.0f} " + ("person" if authors == 1 else "people")
    return f"{people}, {clusters:,.0f} different " + ("text" if clusters == 1 else "texts")


def _duration(seconds: float) -> str:
    hours = seconds / 3600
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{hours:g} h" if hours < 48 else f"{hours / 24:g} d"


def _number(evidence: Mapping[str, Any], name: str) -> float | None:
    """A figure of the evidence; None where it is missing, no number, or without end."""
    value = evidence.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _moment(evidence: Mapping[str, Any], name: str) -> datetime | None:
    value = evidence.get(name)
    if isinstance(value, datetime):
        return value
    try:
        moment = from_text(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
