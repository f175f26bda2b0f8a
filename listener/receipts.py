"""Receipts: everything an incident rests on, and what was told of it; for all doors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener import named
from listener.domain.events import KnownEvent, touching
from listener.domain.incident import Incident, Quote
from listener.domain.part import WHOLE, Part
from listener.domain.times import from_text, to_json
from listener.domain.voice import quoted
from listener.rules.spike import Detector
from listener.stages.charts import steps
from listener.store import (
    incidents,
    marks,
    matches,
    mentions,
    notes,
    notices,
    one_mention,
    people,
    slices,
    withheld,
)
from listener.store.connection import Db, Store
from listener.store.slices import Counted
from listener.texts.chart import Step

MOST_QUOTED: Final = 5
QUOTE_LENGTH: Final = 300
HOUR: Final = timedelta(hours=1)
LEARNED_FROM: Final = timedelta(days=60)
BEFORE: Final = 12 * HOUR
AFTER: Final = 6 * HOUR
MOST_HOURS: Final = 48


def receipt(
    store: Store, number: int, *, most_quoted: int = MOST_QUOTED, mask: bool = False
) -> dict[str, Any]:
    """What an incident is, what it rests on, what was said first of all, and what was done.

    `mask`: what people can be reached by is taken out of what is quoted.
    """
    with store.read() as db:
        incident = named.incident(db, number)
        mark = marks.of_incident(db, number)
        return {
            "incident": incident.id,
            "subject": incident.subject,
            "channel": incident.channel,
            "topic": incident.topic,
            "rule": incident.rule,
            "severity": incident.severity.value,
            "title": incident.title,
            "why": incident.why,
            "action": incident.action,
            "opened_at": incident.opened_at.isoformat(),
            "resolved_at": incident.resolved_at.isoformat() if incident.resolved_at else None,
            "acknowledged_by": incident.acknowledged_by,
            "snoozed_until": incident.snoozed_until.isoformat() if incident.snoozed_until else None,
            "evidence": dict(incident.evidence),
            "quotes": _quotes(db, incident, most_quoted, mask=mask),
            "history": [dict(row) for row in incidents.history(db, number)],
            "notes": [dict(row) for row in notes.of_incident(db, number)],
            "acts": [dict(row) for row in people.acts_about(db, _names(db, number))],
            "told": [dict(row) for row in notices.told_of(db, number)],
            "withheld": [dict(row) for row in withheld.withheld_of(db, number)],
            "mark": None
            if mark is None
            else {
                "verdict": mark.verdict, "note": mark.note, "who": mark.who,
                "at": to_json(mark.at),
            },
        }  # fmt: skip


def acts(store: Store, number: int) -> list[dict[str, Any]]:
    """What people did about an incident: id, at, who, did, detail; oldest first."""
    with store.read() as db:
        named.incident(db, number)
        return [dict(row) for row in one_mention.acts(db, f"incident {number}")]


def last_act(store: Store, number: int) -> tuple[int, str, str]:
    """The number of what was done last about an incident, who did it, and what; 0 for nothing."""
    done = acts(store, number)
    return (int(done[-1]["id"]), done[-1]["who"], done[-1]["did"]) if done else (0, "", "")


def _names(db: Db, number: int) -> list[str]:
    """The mentions that an incident rests on, by their names."""
    return matches.names_of(db, notices.mentions_of(db, number))


def _quotes(db: Db, incident: Incident, most: int, *, mask: bool) -> list[dict[str, Any]]:
    """The first, those that reached most, and others it rests on; each with what it is."""
    wanted: dict[int, str] = {}
    evidence = incident.evidence
    for role, brief in [
        ("first", evidence.get("first_mention")),
        *(("reached most", one) for one in evidence.get("reached") or []),
    ]:
        row = mentions.find(db, str(brief["id"])) if isinstance(brief, Mapping) else None
        if row is not None:
            wanted.setdefault(row, role)
    for row in notices.mentions_of(db, incident.id)[:most]:
        wanted.setdefault(row, "")
    voices = {v.id: v for v in matches.voices_by_id(db, incident.subject_id, list(wanted))}
    return [
        _quote(quoted(voices[row], QUOTE_LENGTH, mask=mask), role, voices[row].followers)
        for row, role in wanted.items()
        if row in voices
    ]


def _quote(quote: Quote, role: str, followers: int | None) -> dict[str, Any]:
    return {
        "id": quote.name,
        "role": role,
        "author": quote.author,
        "followers": followers,
        "said_at": to_json(quote.said_at),
        "text": quote.text,
        "places": [list(span) for span in quote.places],
    }


def hours_around(
    store: Store, number: int, now: datetime, events: Sequence[KnownEvent] = ()
) -> list[Step]:
    """The negatives of each hour around an incident of counts, with what was usual then.

    Nothing for incidents that rest on no counts: of response promises, of sources.
    """
    with store.read() as db:
        incident = named.incident(db, number)
        began = incident.evidence.get("started_at")
        if incident.rule == "response" or not isinstance(began, str):
            return []
        started = from_text(began)
        part = Part(incident.channel or WHOLE.channel, incident.topic or WHOLE.topic)
        first = (started - BEFORE).replace(minute=0, second=0, microsecond=0)
        last = min((incident.resolved_at or now) + AFTER, first + MOST_HOURS * HOUR, now)
        begin = started - LEARNED_FROM
        read = list(slices.counted(db, incident.subject_id, begin, last, part))
    known = touching(events, incident.subject, begin, last)
    detector = _learned(read, started, known)
    return _hours(read, first, last, detector, incident)


def _learned(read: Iterable[Counted], until: datetime, events: Iterable[KnownEvent]) -> Detector:
    """A detector that has seen what was counted until then, and nothing of what came after."""
    detector = Detector()
    for event in events:
        detector.expect(event.since, event.until, event.factor)
    for one in read:
        if one.start >= until:
            break
        if one.measured or one.mentions:
            detector.observe(one.start, one.mentions, one.negative)
        else:
            detector.no_data(one.start)
    return detector


def _hours(
    read: Sequence[Counted], first: datetime, last: datetime, detector: Detector, about: Incident
) -> list[Step]:
    return [
        replace(hour, mark=_happened(about, hour.start))
        for hour in steps(read, first, last, HOUR, detector)
    ]


def _happened(incident: Incident, start: datetime) -> str:
    moments = [
        ("began", from_text(str(incident.evidence["started_at"]))),
        ("opened", incident.opened_at),
        ("over", incident.resolved_at),
    ]
    return ", ".join(word for word, at in moments if at is not None and start <= at < start + HOUR)


def as_rows(hours: Iterable[Step]) -> list[dict[str, Any]]:
    """Hours as JSON has them."""
    return [asdict(hour) | {"start": to_json(hour.start)} for hour in hours]
