"""Alarms become incidents: opened, graver, over, back; the brand's before those of its parts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Finding, Incident, Severity
from listener.domain.part import WHOLE, Part
from listener.domain.subject import Subject
from listener.domain.times import from_text
from listener.domain.voice import Crowd
from listener.domain.wording import Amount, Plural, Sentences, Span, Wording
from listener.rules.spike import Detector
from listener.rules.spike.parts import Risen, key_of, overlapping, place_of
from listener.rules.spike.rule import is_crowd
from listener.stages.alert import parts
from listener.stages.alert.lives import REOPEN_WITHIN
from listener.stages.alert.scenes import negatives_of, scene, window_of
from listener.stages.alert.telling import Telling, tell, with_action
from listener.stages.alert.tick import Tick
from listener.stages.alert.watched import Watched
from listener.store import crowds, incidents
from listener.store.connection import Db

RULE = "spike"
LONG_WINDOW = 6 * 60  # minutes
GROWN = 1.1  # by so much, a message follows sooner


def judge(db: Db, brand: Subject, watched: Watched, tick: Tick) -> int:
    """Write what follows from a brand's detectors; returns how many notices were written."""
    whole, open_parts = watched.whole, parts.keys_of(brand, tick)
    if whole is None:
        return 0
    if not watched.alerting and not open_parts and key_of(brand.name) not in tick.open_keys:
        return 0
    risen = parts.risen(watched, tick)
    told = _judge_whole(db, brand, whole.detector, list(risen.values()), tick)
    larger = incidents.latest(db, key_of(brand.name))
    if larger is not None and larger.resolved_at is None:
        return told + parts.fold(db, larger, open_parts, tick)
    return told + _judge_parts(db, brand, watched, risen, larger, tick)


def _judge_whole(db: Db, brand: Subject, detector: Detector, risen: list[Risen], tick: Tick) -> int:
    last = incidents.latest(db, key_of(brand.name))
    open_one = last if last is not None and last.resolved_at is None else None
    if not detector.alerting:
        return _resolve(db, brand, WHOLE, open_one, tick) if open_one else 0
    if not (detector.firing_now or open_one):
        return 0
    return _look_into(db, brand, WHOLE, detector, risen, last, tick)


def _judge_parts(
    db: Db,
    brand: Subject,
    watched: Watched,
    risen: dict[Part, Risen],
    larger: Incident | None,
    tick: Tick,
) -> int:
    """Each part by itself; of two that are the same trouble only the one that was first."""
    lasts = {part: incidents.latest(db, key_of(brand.name, part)) for part in watched.parts}
    known = {key_of(brand.name, part) for part in watched.parts}
    parts.end_unwatched(db, [k for k in parts.keys_of(brand, tick) if k not in known], tick)
    told, taken = 0, dict[Part, frozenset[int]]()
    for part in sorted(risen, key=lambda part: not _is_open(lasts[part])):  # the rarest first
        detector, last = watched.series[part].detector, lasts[part]
        assert detector.last is not None, "a detector that alerts has an alarm"
        if not _is_open(last) and parts.untold(larger, detector.last, tick):
            continue
        window = window_of(detector.last)
        ids = frozenset(v.id for v in negatives_of(db, brand.id, part, *window))
        if not _is_open(last) and any(overlapping(ids, other) for other in taken.values()):
            continue
        told += _look_into(db, brand, part, detector, [], last, tick)
        taken[part] = ids
    for part, last in lasts.items():
        if last is not None and _is_open(last) and not watched.series[part].detector.alerting:
            told += _resolve(db, brand, part, last, tick)
    return told


def _is_open(incident: Incident | None) -> bool:
    return incident is not None and incident.resolved_at is None


def _look_into(
    db: Db,
    brand: Subject,
    part: Part,
    detector: Detector,
    risen: list[Risen],
    last: Incident | None,
    tick: Tick,
) -> int:
    alarm = detector.last
    assert alarm is not None, "a detector that alerts has an alarm"
    if last is not None and last.resolved_at is None and _nothing_new(last, alarm, tick):
        return 0
    negatives = negatives_of(db, brand.id, part, *window_of(alarm))
    if not is_crowd(negatives, learning=alarm["learning"]):  # before more is read for nothing
        return 0
    finding = tick.rule(scene(db, brand, part, alarm, negatives, risen, tick))
    return 0 if finding is None else _take_up(db, finding, last, tick)


def _nothing_new(incident: Incident, alarm: Mapping[str, Any], tick: Tick) -> bool:
    """No graver, and brought up to date just now: not worth reading everything again."""
    graver = Severity(alarm["severity"]).rank > incident.severity.rank
    since = tick.now - incident.updated_at
    return not graver and not _shows_too_little(incident, alarm["negative"], since, tick.telling)


def _shows_too_little(
    incident: Incident, negative: int, since: timedelta, telling: Telling
) -> bool:
    """What its message shows is old, or much less than there is by now."""
    grown = negative >= GROWN * incident.evidence.get("negative", 0)
    return since >= (telling.changed_every if grown else telling.edit_every)


def _take_up(db: Db, finding: Finding, last: Incident | None, tick: Tick) -> int:
    """Open, reopen, escalate or bring up to date; returns notices written."""
    telling, now = tick.telling, tick.now
    finding = with_action(finding, Event.SPIKE_OPENED, telling)
    if last is None or not _same_trouble(db, last, finding, now):
        incident_id = incidents.open_incident(db, finding, now)
        return tell(db, finding, Event.SPIKE_OPENED, incident_id, telling, now)
    if last.resolved_at is not None:
        if closed_by_hand(db, last, finding):
            return 0
        incidents.reopen(db, last.id, finding, now)
        return tell(db, finding, Event.SPIKE_REOPENED, last.id, telling, now)
    if finding.severity.rank > last.severity.rank:
        incidents.update(db, last.id, finding, now)
        incidents.note(db, last.id, now, "escalated", detail=finding.severity.value)
        return tell(db, finding, Event.SPIKE_ESCALATED, last.id, telling, now)
    if (finding.evidence["at"], finding.evidence["negative"]) == (
        looked_at(last.evidence),
        last.evidence.get("negative"),
    ):
        return 0
    finding = still_as_grave(finding, last)
    quiet_for = now - incidents.last_told(db, last.id)
    incidents.update(db, last.id, finding, now)
    reads_the_same = (finding.title, finding.why) == (last.title, last.why)
    if reads_the_same or not _shows_too_little(
        last, finding.evidence["negative"], quiet_for, telling
    ):
        return 0
    return tell(db, finding, Event.INCIDENT_UPDATED, last.id, telling, now)


def _same_trouble(db: Db, last: Incident, finding: Finding, now: datetime) -> bool:
    if last.resolved_at is None or now - last.resolved_at <= REOPEN_WITHIN:
        return True
    return closed_by_hand(db, last, finding)


def closed_by_hand(db: Db, last: Incident, finding: Finding) -> bool:
    """A person has closed it, and what alerts is still the same episode: leave it closed."""
    if last.resolved_at is None or not incidents.resolved_by_hand(db, last.id):
        return False
    return from_text(str(finding.evidence["episode"])) <= last.resolved_at


def still_as_grave(finding: Finding, last: Incident) -> Finding:
    """Until it is over it keeps its highest severity, and its highest count as first counted.

    The day's window, which holds what was said long before, replaces none that tells more of it.
    """
    if finding.evidence["negative"] <= last.evidence.get("negative", 0) or _tells_less(
        finding.evidence, last.evidence
    ):
        kept = dict(last.evidence) | {"looked_at": finding.evidence["at"]}
        if len(finding.evidence["parts"]) > len(kept.get("parts", ())):
            kept |= {name: finding.evidence[name] for name in ("parts", "mostly")}
        return replace(
            finding, severity=last.severity, title=last.title, why=last.why, evidence=kept
        )
    return replace(finding, severity=Severity(last.severity))


def looked_at(evidence: Mapping[str, Any]) -> Any:
    """Up to when was looked, which may be after the moment `at` that the counts are of."""
    return evidence.get("looked_at", evidence.get("at"))


def _tells_less(found: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return bool(found["window_minutes"] > LONG_WINDOW >= known["window_minutes"])


def _resolve(db: Db, brand: Subject, part: Part, incident: Incident, tick: Tick) -> int:
    incidents.resolve(db, incident.id, tick.now)
    started = incident.evidence.get("started_at")
    began = from_text(started) if isinstance(started, str) else incident.opened_at
    said = crowds.crowd(db, brand.id, began, tick.now, part)
    firsts = Amount(f"{said.mentions - said.copies:,}")
    finding = Finding(
        key=incident.key,
        rule=RULE,
        subject_id=incident.subject_id,
        channel=incident.channel,
        topic=incident.topic,
        severity=Severity.INFO,
        title=Wording(
            "%(place)s: %(negative)s negative mentions in all",
            place=place_of(brand.name, part),
            negative=firsts,
        ),
        why=Sentences(
            Wording("Back to the usual for an hour."),
            _in_all(said, tick.now - incident.opened_at, firsts),
        ),
        evidence=dict(incident.evidence)
        | {"total_negative": said.mentions - said.copies, "total_authors": said.authors},
    )
    return tell(db, finding, Event.SPIKE_RESOLVED, incident.id, tick.telling, tick.now)


def _in_all(said: Crowd, lasted: timedelta, firsts: Amount) -> Wording:
    named = {"span": Span(lasted), "negative": firsts, "people": Amount(f"{said.authors:,}")}
    if not said.copies:
        return Wording(
            "It was open for %(span)s: %(negative)s negative mentions by %(people)s people in all.",
            **named,
        )
    return Plural(
        "It was open for %(span)s: %(negative)s negative mentions and %(copies)s copy of them,"
        " by %(people)s people in all.",
        "It was open for %(span)s: %(negative)s negative mentions and %(copies)s copies of them,"
        " by %(people)s people in all.",
        said.copies,
        copies=Amount(f"{said.copies:,}"),
        **named,
    )
