"""Marks: what people said of incidents and of days, real trouble or a false alarm."""

from datetime import date, datetime

from listener.domain.mark import Mark
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row

SELECT = """
SELECT k.*, s.name AS subject, i.key, i.opened_at, i.resolved_at
FROM mark AS k JOIN subject AS s ON s.id = k.subject_id
LEFT JOIN incident AS i ON i.id = k.incident_id
"""


def of_incident(db: Db, incident_id: int) -> Mark | None:
    row = db.execute(f"{SELECT} WHERE k.incident_id = ?", (incident_id,)).fetchone()
    return None if row is None else _mark(row)


def every(db: Db) -> list[Mark]:
    """All marks, those of the earliest first."""
    return [_mark(row) for row in db.execute(f"{SELECT} ORDER BY k.at, k.id")]


def put_on_incident(
    db: Db, incident_id: int, who: str, now: datetime, *, real: bool, note: str
) -> None:
    """Mark an incident; what was said of it before is replaced."""
    db.execute(
        "INSERT INTO mark (incident_id, subject_id, real, note, who, at)"
        " SELECT id, subject_id, ?2, ?3, ?4, ?5 FROM incident WHERE id = ?1"
        " ON CONFLICT (incident_id) WHERE incident_id IS NOT NULL DO UPDATE SET"
        " real = excluded.real, note = excluded.note, who = excluded.who, at = excluded.at",
        (incident_id, real, note, who, to_text(now)),
    )


def put_on_day(
    db: Db, subject_id: int, day: date, who: str, now: datetime, *, real: bool, note: str
) -> None:
    """Mark a day of a subject, as the listener's zone has it; what was said before is replaced."""
    db.execute(
        "INSERT INTO mark (subject_id, day, real, note, who, at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (subject_id, day) WHERE day IS NOT NULL DO UPDATE SET"
        " real = excluded.real, note = excluded.note, who = excluded.who, at = excluded.at",
        (subject_id, day.isoformat(), real, note, who, to_text(now)),
    )


def take_off_incident(db: Db, incident_id: int) -> bool:
    """Whether there was a mark to take away."""
    return bool(db.execute("DELETE FROM mark WHERE incident_id = ?", (incident_id,)).rowcount)


def take_off_day(db: Db, subject_id: int, day: date) -> bool:
    """Whether there was a mark to take away."""
    return bool(
        db.execute(
            "DELETE FROM mark WHERE subject_id = ? AND day = ?", (subject_id, day.isoformat())
        ).rowcount
    )


def _mark(row: Row) -> Mark:
    return Mark(
        subject=row["subject"],
        incident=row["incident_id"],
        key=row["key"],
        opened_at=from_text_or_none(row["opened_at"]),
        resolved_at=from_text_or_none(row["resolved_at"]),
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        real=bool(row["real"]),
        note=row["note"],
        who=row["who"],
        at=from_text(row["at"]),
    )
