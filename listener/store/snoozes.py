"""What people have put off for a while, and what else waits for the end of that."""

from datetime import datetime

from listener.domain.manners import Reason
from listener.domain.times import to_text
from listener.store.connection import Db, Row

OF_MENTIONS = """
SELECT m.id AS row, m.source || ':' || m.source_id AS name, m.title, m.text, m.channel,
  coalesce(a.handle, a.name) AS author, max(c.snoozed_until) AS until,
  group_concat(s.name, ', ') AS subjects,
  (SELECT who FROM audit WHERE what = m.source || ':' || m.source_id AND did = 'snoozed'
   ORDER BY id DESC LIMIT 1) AS who
FROM clock AS c INDEXED BY clock_open JOIN mention AS m ON m.id = c.mention_id
JOIN subject AS s ON s.id = c.subject_id LEFT JOIN author AS a ON a.id = m.author_id
WHERE c.state IN ('waiting', 'due_soon', 'overdue') AND c.snoozed_until > ?
GROUP BY m.id ORDER BY until, m.id LIMIT ?
"""
OF_INCIDENTS = """
SELECT i.id, i.rule, i.title, i.wordings, i.severity, s.name AS subject, i.snoozed_until AS until,
  (SELECT who FROM incident_event WHERE incident_id = i.id AND event = 'snoozed'
   ORDER BY id DESC LIMIT 1) AS who
FROM incident AS i JOIN subject AS s ON s.id = i.subject_id
WHERE i.resolved_at IS NULL AND i.snoozed_until > ? ORDER BY until, i.id LIMIT ?
"""


def of_mentions(db: Db, now: datetime, limit: int) -> list[Row]:
    """The mentions nothing is said of until a moment that is still to come, the next first."""
    return db.execute(OF_MENTIONS, (to_text(now), limit)).fetchall()


def of_incidents(db: Db, now: datetime, limit: int) -> list[Row]:
    """The open incidents nothing is said of until a moment that is still to come."""
    return db.execute(OF_INCIDENTS, (to_text(now), limit)).fetchall()


def end_of_incident(db: Db, incident_id: int, now: datetime) -> None:
    """Its snooze ends now, and what was held for that is due: people hear that it is still open."""
    moment = to_text(now)
    db.execute("UPDATE incident SET snoozed_until = ? WHERE id = ?", (moment, incident_id))
    db.execute(
        "UPDATE withheld SET until = ? WHERE incident_id = ? AND became IS NULL AND reason = ?",
        (moment, incident_id, Reason.SNOOZED.value),
    )
