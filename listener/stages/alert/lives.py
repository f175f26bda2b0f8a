"""The life of an incident that a rule finds anew at every look: opened, graver, over, back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from listener.domain.incident import Event, Finding, Incident, as_over
from listener.stages.alert.telling import Telling, tell, with_action
from listener.store import incidents
from listener.store.connection import Db

REOPEN_WITHIN = timedelta(hours=6)  # found again so soon, it is the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How long a rule's incidents last, and what is told of them."""

    rule: str
    opened: Event
    quiet: timedelta  # not found for so long: it is over
    reopen_within: timedelta = REOPEN_WITHIN
    tells_end: bool = True
    peak: str = ""  # a figure of its evidence: while it is lower than it was, the words stay


def live(db: Db, life: Life, findings: Sequence[Finding], telling: Telling, now: datetime) -> int:
    """Take up what a rule finds now, and end what it has not found for long.

    `findings` are all that the rule sees, of every subject. Returns how many notices were written.
    """
    told = sum(take_up(db, life, finding, telling, now) for finding in findings)
    found = {finding.key for finding in findings}
    for incident in incidents.open_ones(db, life.rule):
        if incident.key not in found and now - incident.updated_at >= life.quiet:
            told += _end(db, life, incident, telling, now)
    return told


def take_up(db: Db, life: Life, finding: Finding, telling: Telling, now: datetime) -> int:
    """Open an incident, or go on with the one there is; returns how many notices were written."""
    last, finding = incidents.latest(db, finding.key), with_action(finding, life.opened, telling)
    if last is None or (last.resolved_at and now - last.resolved_at > life.reopen_within):
        incident_id = incidents.open_incident(db, finding, now)
        return tell(db, finding, life.opened, incident_id, telling, now)
    if last.resolved_at is not None:
        if incidents.resolved_by_hand(db, last.id):
            return 0
        incidents.reopen(db, last.id, finding, now)
        return tell(db, finding, Event.INCIDENT_REOPENED, last.id, telling, now)
    if finding.severity.rank > last.severity.rank:
        incidents.update(db, last.id, finding, now)
        incidents.note(db, last.id, now, "escalated", detail=finding.severity.value)
        return tell(db, finding, Event.INCIDENT_ESCALATED, last.id, telling, now)
    finding = _at_its_peak(life, replace(finding, severity=last.severity), last)
    incidents.update(db, last.id, finding, now)
    same = finding.title == last.title
    apart = telling.edit_every if same else telling.changed_every
    if now - incidents.last_told(db, last.id) < apart:
        return 0
    return tell(db, finding, Event.INCIDENT_UPDATED, last.id, telling, now)


def _at_its_peak(life: Life, finding: Finding, last: Incident) -> Finding:
    """As it was where it was most: what ebbs does not read as if it had never been more."""
    if not life.peak or finding.evidence[life.peak] >= last.evidence[life.peak]:
        return finding
    return replace(finding, title=last.title, why=last.why, evidence=last.evidence)


def _end(db: Db, life: Life, incident: Incident, telling: Telling, now: datetime) -> int:
    incidents.resolve(db, incident.id, now)
    if not life.tells_end:
        return 0
    return tell(db, as_over(incident, now), Event.INCIDENT_RESOLVED, incident.id, telling, now)
