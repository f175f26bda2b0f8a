"""Which incidents' messages show a chart, and which are to be drawn one, or another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from listener.domain.chart import Chart
from listener.domain.incident import Incident
from listener.domain.times import to_text
from listener.store import incidents
from listener.store.connection import Db

AGAIN_AFTER = timedelta(minutes=30)  # while it lasts, and neither gets worse nor ends

# Those of rules that count, once their message is there: without a chart, with one that shows
# neither how grave it is by now nor that it is over, or with one that is old.
DUE = """
SELECT i.id, p.place, p.ref
FROM (SELECT id FROM incident WHERE resolved_at IS NULL
  UNION SELECT incident_id FROM chart WHERE outlet = ?1 AND NOT over) AS o
CROSS JOIN incident AS i ON i.id = o.id
JOIN incident_post AS p ON p.incident_id = i.id AND p.outlet = ?1
LEFT JOIN chart AS c ON c.incident_id = i.id AND c.outlet = ?1
WHERE i.rule IN ('spike', 'competitor') AND (c.incident_id IS NULL OR c.severity <> i.severity
  OR c.over <> (i.resolved_at NOTNULL) OR (NOT c.over AND c.tried_at <= ?2))
ORDER BY c.tried_at, i.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An incident whose message is to show a chart, and where that message stands."""

    incident: Incident
    place: str
    ref: str


def next_wanted(db: Db, outlet: str, now: datetime) -> Wanted | None:
    """The incident that has waited longest for its chart at an outlet, those without one first."""
    row = db.execute(DUE, (outlet, to_text(now - AGAIN_AFTER))).fetchone()
    incident = incidents.get(db, row["id"]) if row is not None else None
    return None if incident is None else Wanted(incident, row["place"], row["ref"])


def intend(db: Db, outlet: str, incident: Incident, now: datetime) -> None:
    """Note that one is drawn now: however it ends, not again before something has changed."""
    db.execute(
        "INSERT INTO chart (incident_id, outlet, severity, over, tried_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (incident_id, outlet) DO UPDATE SET severity = excluded.severity,"
        " over = excluded.over, tried_at = excluded.tried_at, error = NULL",
        (incident.id, outlet, incident.severity, incident.resolved_at is not None, to_text(now)),
    )


def keep(db: Db, outlet: str, incident_id: int, chart: Chart) -> None:
    """Note the picture that the message is to show from now on."""
    db.execute(
        "UPDATE chart SET file = ?, title = ?, alt = ? WHERE incident_id = ? AND outlet = ?",
        (chart.file, chart.title, chart.alt, incident_id, outlet),
    )


def fail(db: Db, outlet: str, incident_id: int, error: str) -> None:
    """Note why there is no new one; the message goes on with what it shows."""
    db.execute(
        "UPDATE chart SET error = ? WHERE incident_id = ? AND outlet = ?",
        (error, incident_id, outlet),
    )


def of(db: Db, outlet: str, incident_id: int) -> Chart | None:
    """The chart that an incident's lasting message shows."""
    row = db.execute(
        "SELECT file, title, alt FROM chart WHERE incident_id = ? AND outlet = ? AND file NOTNULL",
        (incident_id, outlet),
    ).fetchone()
    return None if row is None else Chart(file=row["file"], title=row["title"], alt=row["alt"])


def forget(db: Db, outlet: str, incident_id: int, error: str) -> None:
    """The outlet would not show it."""
    db.execute(
        "UPDATE chart SET file = NULL, error = ? WHERE incident_id = ? AND outlet = ?",
        (error, incident_id, outlet),
    )
