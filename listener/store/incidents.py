"""Incidents, their history, what rules remember, and the notices that come of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener.domain.incident import Event, Finding, Incident, Severity
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row

SELECT = """
SELECT i.*, s.name AS subject FROM incident AS i JOIN subject AS s ON s.id = i.subject_id
"""


@dataclass(frozen=True, slots=True)
class Outlets:
    """Who hears of alerts: all, and those of them whose messages last and are edited."""

    all: Sequence[str]
    editing: Sequence[str] = ()


def open_incident(db: Db, finding: Finding, now: datetime) -> int:
    """Start an incident; raises for a second open one with its key."""
    cursor = db.execute(
        "INSERT INTO incident (key, rule, subject_id, channel, topic, severity, title, why, action,"
        " evidence, opened_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            finding.key, finding.rule, finding.subject_id, finding.channel, finding.topic,
            finding.severity.value, finding.title, finding.why, finding.action,
            json.dumps(dict(finding.evidence)), to_text(now), to_text(now),
        ),
    )  # fmt: skip
    incident_id = int(cursor.lastrowid or 0)
    note(db, incident_id, now, "opened")
    return incident_id


def update(db: Db, incident_id: int, finding: Finding, now: datetime) -> None:
    """Take up what the rule sees now; an open incident's severity never falls."""
    db.execute(
        "UPDATE incident SET severity = ?, title = ?, why = ?, action = ?, evidence = ?,"
        " updated_at = ?, resolved_at = NULL WHERE id = ?",
        (
            finding.severity.value, finding.title, finding.why, finding.action,
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
        "UPDATE incident SET title = ?, why = ?, evidence = coalesce(?, evidence) WHERE id = ?",
        (title, why, json.dumps(dict(evidence)) if evidence else None, incident_id),
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


def resting_on(db: Db, incident_id: int) -> list[int]:
    """The mentions that what was last told of an incident rests on, most telling first."""
    row = db.execute(
        "SELECT json_extract(body, '$.mentions') AS mentions FROM notice WHERE incident_id = ?"
        " AND json_array_length(body, '$.mentions') > 0 ORDER BY made_at DESC, id LIMIT 1",
        (incident_id,),
    ).fetchone()
    return [] if row is None else list(json.loads(row["mentions"]))


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
        " (SELECT 1 FROM clock AS c WHERE c.incident_id = i.id"
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
        title=row["title"],
        why=row["why"],
        action=row["action"],
        evidence=json.loads(row["evidence"]),
        opened_at=from_text(row["opened_at"]),
        updated_at=from_text(row["updated_at"]),
        resolved_at=from_text_or_none(row["resolved_at"]),
        acknowledged_by=row["acknowledged_by"],
        snoozed_until=from_text_or_none(row["snoozed_until"]),
    )


def rule_state(db: Db, rule: str, subject_id: int) -> dict[str, Any] | None:
    """What a rule remembers of a subject; None at the beginning."""
    row = db.execute(
        "SELECT state FROM rule_state WHERE rule = ? AND subject_id = ? AND key = ''",
        (rule, subject_id),
    ).fetchone()
    if row is None:
        return None
    state: dict[str, Any] = json.loads(row["state"])
    return state


def keep_rule_state(db: Db, rule: str, subject_id: int, state: Mapping[str, Any]) -> None:
    db.execute(
        "INSERT OR REPLACE INTO rule_state (rule, subject_id, key, state) VALUES (?, ?, '', ?)",
        (rule, subject_id, json.dumps(state)),
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
    """Write what is to be told, once for each outlet, in the transaction of what happened.

    Words of people are not kept here: they are read when the message is made, so that what was
    deleted by then is not told. Returns how many notices were written.
    """
    body = json.dumps(
        {
            "subject_id": finding.subject_id,
            "channel": finding.channel,
            "topic": finding.topic,
            "severity": finding.severity.value,
            "title": finding.title,
            "why": finding.why,
            "action": finding.action,
            "mentions": list(finding.mentions),
            "evidence": dict(finding.evidence),
        },
        ensure_ascii=False,
    )
    told = 0
    for outlet in outlets.editing if event is Event.INCIDENT_UPDATED else outlets.all:
        notice_id = _notice_id(outlet, finding.key, event, incident_id, now, finding.mentions)
        added = db.execute(
            "INSERT OR IGNORE INTO notice (id, event, outlet, incident_id, made_at, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (notice_id, event.value, outlet, incident_id, to_text(now), body),
        ).rowcount
        if added:
            db.execute(
                "INSERT INTO outbox (notice_id, outlet, state, next_try_at)"
                " VALUES (?, ?, 'waiting', ?)",
                (notice_id, outlet, to_text(now)),
            )
            told += 1
    return told


def _notice_id(
    outlet: str,
    key: str,
    event: Event,
    incident_id: int | None,
    now: datetime,
    mentions: Sequence[int],
) -> str:
    """26 characters that the same notice always has, and no other."""
    said = json.dumps([outlet, key, event.value, incident_id, to_text(now), list(mentions)])
    return hashlib.blake2b(said.encode(), digest_size=13).hexdigest()


def told_outlets(db: Db, incident_id: int) -> set[str]:
    """The outlets that have been told anything of this incident."""
    rows = db.execute("SELECT DISTINCT outlet FROM notice WHERE incident_id = ?", (incident_id,))
    return {r["outlet"] for r in rows}


def last_told(db: Db, incident_id: int) -> datetime:
    """When anybody was last told of an incident; its opening, if nobody was."""
    row = db.execute(
        "SELECT coalesce((SELECT max(made_at) FROM notice WHERE incident_id = ?1),"
        " (SELECT opened_at FROM incident WHERE id = ?1))",
        (incident_id,),
    ).fetchone()
    return from_text(row[0])
