"""The summary: what quiet hours and the day's budget held back, in one message."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.incident import Event, Finding, Incident, Severity, as_finding
from listener.domain.manners import IN_SUMMARY, Reason
from listener.domain.times import to_json
from listener.stages.alert import telling as ways
from listener.stages.alert.telling import Telling
from listener.store import incidents, notices, withheld
from listener.store.connection import Db
from listener.store.withheld import Became, Held

MOST_LINES: Final = 20
RULE: Final = "summary"
A_DAY: Final = timedelta(hours=24)  # the quiet notices of so long are counted
HELD: Final = {
    Reason.QUIET_HOURS: "in quiet hours",
    Reason.BUDGET: "as the day's interruptions were spent",
    Reason.TOO_MANY: "as too much was open at once",
}
RAN_OUT: Final = (Event.RESPONSE_OVERDUE, Event.RESPONSE_ESCALATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One incident in a summary, as it stands when the summary is told."""

    title: str
    severity: Severity
    subject: str
    incident: int | None
    began: datetime
    ended: datetime | None
    ran_out: int  # answers whose time ran out meanwhile
    taken_by: str | None

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "severity": self.severity.value,
            "subject": self.subject,
            "incident": self.incident,
            "began": to_json(self.began),
            "ended": to_json(self.ended) if self.ended else None,
            "ran_out": self.ran_out,
            "taken_by": self.taken_by,
        }


def tell(db: Db, due: Sequence[Held], telling: Telling, now: datetime) -> int:
    """Tell what is due as one message for each outlet and team; returns how many were written."""
    told = 0
    places: dict[tuple[str, str | None], list[Held]] = {}
    for one in due:
        places.setdefault((one.outlet, one.body["team"]), []).append(one)
    for (outlet, team), of_place in places.items():
        held = _all_of(db, of_place)
        lines = sorted(_lines(db, held), key=_what_waits_first)
        quietly = notices.quietly(db, outlet, team, now - A_DAY)
        finding = _finding(outlet, team, lines, held, quietly)
        told += notices.write(
            db,
            notices.draft(finding, outlet, Event.SUMMARY_TOLD, None, now),
            reason=Reason.NOTE,
            loud=False,
            now=now,
            shadowed=ways.is_shadowed(db, outlet, telling.manners, now),
        )
        _end(db, held, telling, now)
    return told


def _all_of(db: Db, due: Sequence[Held]) -> list[Held]:
    """What is due, and what else is held of the same incidents: a line says all of it."""
    ids = dict.fromkeys(one.incident_id for one in due if one.incident_id is not None)
    more = [one for number in ids for one in withheld.held_of(db, number, due[0].outlet)]
    known = {one.id for one in due}
    later = [one for one in more if one.id not in known and one.reason in IN_SUMMARY]
    return sorted([*due, *later], key=lambda one: one.made_at)


def _end(db: Db, held: Sequence[Held], telling: Telling, now: datetime) -> None:
    for one in held:
        withheld.end(db, one, Became.SUMMED, now)
    for incident_id in dict.fromkeys(h.incident_id for h in held if h.incident_id is not None):
        incident = incidents.get(db, incident_id)
        if incident is not None and incident.resolved_at is None:
            again = notices.draft(
                as_finding(incident), held[0].outlet, Event.INCIDENT_UPDATED, incident_id, now
            )
            ways.remind(db, again, telling, now)


def _lines(db: Db, held: Sequence[Held]) -> list[Line]:
    """A line for each incident, and for each finding that is none."""
    groups: dict[object, list[Held]] = {}
    for one in held:
        groups.setdefault(one.incident_id or one.id, []).append(one)
    return [_line(db, group) for group in groups.values()]


def _line(db: Db, group: Sequence[Held]) -> Line:
    first, last = group[0], group[-1]
    incident = incidents.get(db, first.incident_id) if first.incident_id is not None else None
    ran_out = {m for one in group if one.event in RAN_OUT for m in one.body["mentions"]}
    if incident is None:
        return Line(
            title=last.body["title"],
            severity=Severity(last.body["severity"]),
            subject="",
            incident=None,
            began=first.made_at,
            ended=None,
            ran_out=0,
            taken_by=None,
        )
    return _of_incident(incident, len(ran_out))


def _of_incident(incident: Incident, ran_out: int) -> Line:
    return Line(
        title=incident.title,
        severity=incident.severity,
        subject=incident.subject,
        incident=incident.id,
        began=incident.opened_at,
        ended=incident.resolved_at,
        ran_out=ran_out,
        taken_by=incident.acknowledged_by,
    )


def _what_waits_first(line: Line) -> tuple[bool, bool, int, datetime]:
    return (
        line.ended is not None,
        line.taken_by is not None,
        -line.severity.rank,
        line.began,
    )


def _finding(
    outlet: str, team: str | None, lines: Sequence[Line], held: Sequence[Held], quietly: int
) -> Finding:
    waiting = [line for line in lines if line.ended is None]
    why = Counter(one.reason.value for one in held)
    return Finding(
        key=f"{RULE}:{outlet}:{team or ''}",
        rule=RULE,
        subject_id=None,
        severity=max((line.severity for line in waiting), key=_rank, default=Severity.INFO),
        title=f"{_when(why)}: {_title(lines, waiting)}",
        why=_why(why, quietly),
        team=team,
        evidence={
            "lines": [line.as_json() for line in lines[:MOST_LINES]],
            "more": max(0, len(lines) - MOST_LINES),
            "open": len(waiting),
            "over": len(lines) - len(waiting),
            "ran_out": sum(line.ran_out for line in lines),
            "withheld": dict(why),
            "quietly": quietly,
        },
    )


def _rank(severity: Severity) -> int:
    return severity.rank


def _title(lines: Sequence[Line], waiting: Sequence[Line]) -> str:
    over = len(lines) - len(waiting)
    said = [f"{len(waiting)} still open" if waiting else "", f"{over} over by now" if over else ""]
    ran_out = sum(line.ran_out for line in lines)
    answers = f"{ran_out} answer{'s' if ran_out > 1 else ''} ran out" if ran_out else ""
    return ", ".join(part for part in (*said, answers) if part)


def _when(reasons: Mapping[str, int]) -> str:
    quiet = Reason.QUIET_HOURS.value in reasons
    return "While it was quiet" if quiet else "What else there was"


def _why(reasons: Mapping[str, int], quietly: int) -> str:
    held = ", ".join(f"{count} {HELD[Reason(reason)]}" for reason, count in sorted(reasons.items()))
    threads = f" {quietly} more went to their threads only." if quietly else ""
    return f"Messages held back: {held}.{threads}"
