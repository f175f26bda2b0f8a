"""Incidents, their history, what rules remember, and the notices that come of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from listener.domain.incident import Event, Finding, Incident, Severity
from listener.domain.manners import Reason
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store import notices, wordings
from listener.store.connection import Db, Row

SELECT = """
SELECT i.*, s.name AS subject FROM incident AS i JOIN subject AS s ON s.id = i.subject_id
"""


@dataclass(frozen=True, slots=True)
class Outlets:
    """Who hears of alerts: all; whose messages last and are edited; who calls people to read."""

    all: Sequence[str]
    editing: Sequence[str] = ()
    calling: Sequence[str] = ()  # the others are read by programs, which hear everything at once


def open_incident(db: Db, finding: Finding, now: datetime) -> int:
    """Start an incident; raises for a second open one with its key."""
    cursor = db.execute(
        "INSERT INTO incident (key, rule, subject_id, channel, topic, severity, title, why,"
        " wordings, action, evidence, opened_at, updated_at, team)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            finding.key, finding.rule, finding.subject_id, finding.channel, finding.topic,
            finding.severity.value, *wordings.kept(finding.title, finding.why), finding.action,
            json.dumps(dict(finding.evidence)), to_text(now), to_text(now), finding.team,
        ),
    )  # fmt: skip
    incident_id = int(cursor.lastrowid or 0)
    note(db, incident_id, now, "opened")
    return incident_id


def update(db: Db, incident_id: int, finding: Finding, now: datetime) -> None:
    """Take up what the rule sees now; an open incident's severity never falls."""
    db.execute(
        "UPDATE incident SET severity = ?, title = ?, why = ?, wordings = ?, action = ?,"
        " evidence = ?, updated_at = ?, resolved_at = NULL WHERE id = ?",
        (
            finding.severity.value, *wordings.kept(finding.title, finding.why), finding.action,
            json.dumps(dict(finding.evidence)), to_text(now), incident_id,
        ),
    )  # fmt: skip


def reopen(db: Db, incident_id: int, finding: Finding, now: datetime) -> None:
    """It is not over after all; whoever looked after it has to be asked again."""
    update(db, incident_id, finding, now)
    db.execute(
        "UPDATE incident SET acknowledged_at = NULL, acknowledged_by = NULL WHERE id = ?",
        (incident_id,),
    )
    note(db, incident_id, now, "reopened")


def retitle(
    db: Db, incident_id: int, title: str, why: str, evidence: Mapping[str, Any] | None = None
) -> None:
    """Say anew what an incident is about, as its lasting message shows it.

    Without new evidence it keeps what it has.
    """
    db.execute(
        "UPDATE incident SET title = ?, why = ?, wordings = ?, evidence = coalesce(?, evidence)"
        " WHERE id = ?",
        (
            *wordings.kept(title, why),
            json.dumps(dict(evidence)) if evidence else None,
            incident_id,
        ),
    )


def resolve(
    db: Db, incident_id: int, now: datetime, who: str | None = None, detail: str = ""
) -> None:
    """Close an incident; one that is closed stays as it is."""
    closed = db.execute(
        "UPDATE incident SET resolved_at = ?, updated_at = ? WHERE id = ? AND resolved_at IS NULL",
        (to_text(now), to_text(now), incident_id),
    ).rowcount
    if closed:
        note(db, incident_id, now, "resolved", who, detail)


def acknowledge(db: Db, incident_id: int, now: datetime, who: str) -> None:
    db.execute(
        "UPDATE incident SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?",
        (to_text(now), who, incident_id),
    )
    note(db, incident_id, now, "acknowledged", who)


def snooze(db: Db, incident_id: int, until: datetime, now: datetime, who: str) -> None:
    """Say nothing of an incident until a moment."""
    db.execute("UPDATE incident SET snoozed_until = ? WHERE id = ?", (to_text(until), incident_id))
    note(db, incident_id, now, "snoozed", who, to_text(until))


def snoozed_by(db: Db, incident_id: int) -> str | None:
    """Who snoozed it last."""
    row = db.execute(
        "SELECT who FROM incident_event WHERE incident_id = ? AND event = 'snoozed'"
        " ORDER BY id DESC LIMIT 1",
        (incident_id,),
    ).fetchone()
    return row["who"] if row is not None else None


def wake(db: Db, incident_id: int) -> None:
    """Its snooze is over, and people have heard so."""
    db.execute("UPDATE incident SET snoozed_until = NULL WHERE id = ?", (incident_id,))


def reopened(db: Db, incident_id: int) -> int:
    """How often an incident has come back."""
    row = db.execute(
        "SELECT count(*) FROM incident_event WHERE incident_id = ? AND event = 'reopened'",
        (incident_id,),
    ).fetchone()
    return int(row[0])


def open_keys(db: Db, subject_id: int, rule: str) -> dict[str, int]:
    """The open incidents of a subject that one rule found, by their keys."""
    rows = db.execute(
        "SELECT key, id FROM incident WHERE resolved_at IS NULL AND subject_id = ? AND rule = ?",
        (subject_id, rule),
    )
    return {row["key"]: row["id"] for row in rows}


def spike_that_names(db: Db, competitor: str) -> int | None:
    """The open spike of a brand that tells that this competitor rose in the same hours too."""
    row = db.execute(
        "SELECT i.id FROM incident AS i JOIN json_each(i.evidence, '$.rivals') AS r"
        " WHERE i.rule = 'spike' AND i.resolved_at IS NULL"
        " AND json_extract(r.value, '$.subject') = ? AND json_extract(r.value, '$.rose')"
        " ORDER BY +i.id LIMIT 1",  # +: among the open ones, and not through all there ever were
        (competitor,),
    ).fetchone()
    return None if row is None else int(row["id"])


def note(
    db: Db, incident_id: int, now: datetime, event: str, who: str | None = None, detail: str = ""
) -> None:
    """Write a line of an incident's history."""
    db.execute(
        "INSERT INTO incident_event (incident_id, at, event, who, detail) VALUES (?, ?, ?, ?, ?)",
        (incident_id, to_text(now), event, who, detail),
    )


def history(db: Db, incident_id: int) -> list[Row]:
    """The history of an incident: at, event, who, detail, oldest first."""
    return db.execute(
        "SELECT at, event, who, detail FROM incident_event WHERE incident_id = ? ORDER BY id",
        (incident_id,),
    ).fetchall()


def resolved_by_hand(db: Db, incident_id: int) -> bool:
    """Whether the last thing that happened to it was a person's resolving it."""
    row = db.execute(
        "SELECT event, who FROM incident_event WHERE incident_id = ? ORDER BY id DESC LIMIT 1",
        (incident_id,),
    ).fetchone()
    return row is not None and row["event"] == "resolved" and row["who"] is not None


def get(db: Db, incident_id: int) -> Incident | None:
    row = db.execute(f"{SELECT} WHERE i.id = ?", (incident_id,)).fetchone()
    return None if row is None else _incident(row)


def latest(db: Db, key: str) -> Incident | None:
    """The newest incident with this key, open or not."""
    row = db.execute(
        f"{SELECT} WHERE i.key = ? ORDER BY i.opened_at DESC, i.id DESC LIMIT 1", (key,)
    ).fetchone()
    return None if row is None else _incident(row)


def rows_told(db: Db, key: str, since: datetime) -> set[int]:
    """The mentions that incidents with this key told of, where these keep `rows`.

    Of those that opened since a moment.
    """
    rows = db.execute(
        "SELECT r.value FROM incident AS i JOIN json_each(i.evidence, '$.rows') AS r"
        " WHERE i.key = ? AND i.opened_at >= ?",
        (key, to_text(since)),
    )
    return {row["value"] for row in rows}


def open_ones(db: Db, rule: str | None = None) -> list[Incident]:
    """The open incidents, gravest first; of one rule, or of all."""
    rows = db.execute(
        f"{SELECT} WHERE i.resolved_at IS NULL AND (?1 IS NULL OR i.rule = ?1)", (rule,)
    ).fetchall()
    return sorted((_incident(r) for r in rows), key=lambda i: (-i.severity.rank, i.opened_at))


def without_waiting(db: Db) -> list[Incident]:
    """The open incidents of promises of which no clock runs any more."""
    rows = db.execute(
        f"{SELECT} WHERE i.resolved_at IS NULL AND i.rule = 'response' AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM clock AS c WHERE (c.incident_id = i.id OR c.escalation_id = i.id)"
        " AND c.state IN ('waiting', 'due_soon', 'overdue')) ORDER BY i.id"
    )
    return [_incident(r) for r in rows]


def let_go(db: Db, now: datetime, detail: str) -> None:
    """Resolve the open incidents of subjects that are not active."""
    rows = db.execute(
        "SELECT i.id FROM incident AS i JOIN subject AS s ON s.id = i.subject_id"
        " WHERE i.resolved_at IS NULL AND NOT s.active ORDER BY i.id"
    ).fetchall()
    for row in rows:
        resolve(db, row["id"], now, detail=detail)


def all_ones(db: Db, limit: int = 1000) -> list[Incident]:
    """The newest incidents, open or over, newest first."""
    rows = db.execute(f"{SELECT} ORDER BY i.opened_at DESC, i.id DESC LIMIT ?", (limit,))
    return [_incident(r) for r in rows]


class IncidentKey(NamedTuple):
    """An incident, and where it stands in a list; `opened_at` as the database keeps times."""

    opened_at: str
    id: int

    @classmethod
    def of(cls, incident: Incident) -> "IncidentKey":
        return cls(to_text(incident.opened_at), incident.id)


def newest(
    db: Db,
    is_open: bool | None,
    subject_id: int | None,
    since: datetime | None,
    limit: int,
    after: IncidentKey | None,
) -> list[Incident]:
    """Incidents, open or over or both (None), the newest first; `after`: older than that one."""
    rows = db.execute(
        f"{SELECT} WHERE (?1 IS NULL OR (i.resolved_at IS NULL) = ?1)"
        " AND (?2 IS NULL OR i.subject_id = ?2) AND (?3 IS NULL OR i.opened_at >= ?3)"
        " AND (?5 IS NULL OR (i.opened_at, i.id) < (?5, ?6))"
        " ORDER BY i.opened_at DESC, i.id DESC LIMIT ?4",
        (is_open, subject_id, to_text(since) if since else None, limit, *(after or (None, None))),
    )
    return [_incident(r) for r in rows]


def between(db: Db, since: datetime, until: datetime, rule: str | None = None) -> list[Incident]:
    """The incidents that were open at any time of a span, oldest first."""
    rows = db.execute(
        f"{SELECT} WHERE i.opened_at < ?2 AND (i.resolved_at IS NULL OR i.resolved_at >= ?1)"
        " AND (?3 IS NULL OR i.rule = ?3) ORDER BY i.opened_at",
        (to_text(since), to_text(until), rule),
    )
    return [_incident(r) for r in rows]


def _incident(row: Row) -> Incident:
    return Incident(
        id=row["id"],
        key=row["key"],
        rule=row["rule"],
        subject_id=row["subject_id"],
        subject=row["subject"],
        channel=row["channel"],
        topic=row["topic"],
        severity=Severity(row["severity"]),
        title=wordings.title_of(row),
        why=wordings.why_of(row),
        action=row["action"],
        team=row["team"],
        evidence=json.loads(row["evidence"]),
        opened_at=from_text(row["opened_at"]),
        updated_at=from_text(row["updated_at"]),
        resolved_at=from_text_or_none(row["resolved_at"]),
        acknowledged_by=row["acknowledged_by"],
        snoozed_until=from_text_or_none(row["snoozed_until"]),
    )


def tell(
    db: Db,
    finding: Finding,
    *,
    event: Event,
    incident_id: int | None,
    outlets: Outlets,
    now: datetime,
) -> int:
    """Tell every outlet, whatever the hour: for what people did themselves. Rules use `tell` of
    their stage, which has manners. Returns how many notices were written.
    """
    told = 0
    for outlet in outlets.editing if event is Event.INCIDENT_UPDATED else outlets.all:
        one = notices.draft(finding, outlet, event, incident_id, now)
        told += notices.write(db, one, reason=Reason.NOTE, loud=False, now=now)
    return told


def last_told(db: Db, incident_id: int) -> datetime:
    """When anybody was last told of an incident; its opening, if nobody was."""
    row = db.execute(
        "SELECT coalesce((SELECT max(made_at) FROM notice WHERE incident_id = ?1),"
        " (SELECT opened_at FROM incident WHERE id = ?1))",
        (incident_id,),
    ).fetchone()
    return from_text(row[0])
