"""How everything stands at a glance: for the first page, the health checks and the metrics."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from listener.domain.incident import Incident
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store import asides, clocks, incidents, labels
from listener.store.connection import SCHEMA, Db, Row, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the first page shows beside its figures."""

    incidents: list[Incident]  # open ones, gravest first
    last_changed: datetime | None  # None: nothing has ever happened here


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an outlet stands; `digest` is the mailing of the reports."""

    outlet: str
    waiting: int
    sent: int
    failed: int  # for good, until somebody has put it right
    oldest: datetime | None = None  # when the oldest that waits was made
    stale: int = 0  # messages that show words which are gone, and could not be drawn anew
    error: str | None = None  # the newest of what is not sent, or not drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A text that the model could not bear."""

    name: str  # SOURCE:ID
    model: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person who looks after the machine wants to know, beside the sources."""

    clocks: dict[str, int]
    incidents: dict[str, int]  # open ones by severity
    deliveries: list[Delivery]
    quarantined: list[SetAside]  # newest first
    aside: list[tuple[str, str, int]]  # subject, reason, mentions that count for nothing


def overview(db: Db) -> Overview:
    """What is wrong, and when anything last happened."""
    return Overview(
        incidents=incidents.open_ones(db),
        last_changed=last_changed(db),
    )


def standing(db: Db, now: datetime) -> Standing:
    """How promises, incidents and outlets stand, and what was set aside."""
    gravity = Counter(incident.severity.value for incident in incidents.open_ones(db))
    return Standing(
        clocks=clocks.states(db) | open_clocks(db, now),
        incidents=dict(gravity),
        deliveries=deliveries(db),
        quarantined=set_aside(db),
        aside=[(name, reason, n) for _, name, reason, n in asides.count_by(db)],
    )


def set_aside(db: Db) -> list[SetAside]:
    """The texts that the model could not bear, newest first."""
    return [_set_aside(row) for row in labels.quarantined(db)]


def _set_aside(row: Row) -> SetAside:
    return SetAside(
        name=row["name"], model=row["model"], reason=row["reason"], at=from_text(row["at"])
    )


def open_clocks(db: Db, now: datetime) -> dict[str, int]:
    """How many clocks are in each open state; what is past due is overdue, whoever noticed."""
    found = dict.fromkeys(("overdue", "due_soon", "waiting"), 0)
    rows = db.execute(
        "SELECT CASE WHEN due_at < ? THEN 'overdue' ELSE state END AS standing, count(*) AS n"  # noqa: S608
        f" FROM clock WHERE state IN {clocks.STILL_OPEN} GROUP BY standing",
        (to_text(now),),
    )
    return found | {row["standing"]: row["n"] for row in rows}


LAST_CHANGED = """
SELECT max(at) FROM (
  SELECT seen_at AS at FROM mention WHERE id = (SELECT max(id) FROM mention)
  UNION ALL SELECT ended_at FROM source_run WHERE id = (SELECT max(id) FROM source_run)
  UNION ALL SELECT at FROM incident_event WHERE id = (SELECT max(id) FROM incident_event)
  UNION ALL SELECT at FROM audit WHERE id = (SELECT max(id) FROM audit)
  UNION ALL SELECT max(made_at) FROM notice
)
"""


def last_changed(db: Db) -> datetime | None:
    """When anything was last collected, told or done here."""
    return from_text_or_none(db.execute(LAST_CHANGED).fetchone()[0])


DELIVERIES = """
SELECT outlet, sum(state IN ('waiting', 'sending')) AS waiting, sum(state = 'sent') AS sent,
  sum(state = 'failed') AS failed,
  (SELECT min(n.made_at) FROM outbox AS w JOIN notice AS n ON n.id = w.notice_id
   WHERE w.outlet = o.outlet AND w.state IN ('waiting', 'sending')) AS oldest,
  (SELECT count(*) FROM redraw AS d WHERE d.outlet = o.outlet AND d.error IS NOT NULL) AS stale,
  coalesce((SELECT e.error FROM outbox AS e WHERE e.outlet = o.outlet AND e.state <> 'sent'
   AND e.error IS NOT NULL ORDER BY e.id DESC LIMIT 1),
   (SELECT d.error FROM redraw AS d WHERE d.outlet = o.outlet AND d.error IS NOT NULL LIMIT 1))
   AS error
FROM outbox AS o GROUP BY outlet
UNION ALL
SELECT 'digest', sum(state IN ('waiting', 'sending')), sum(state = 'sent'), sum(state = 'failed'),
  min(CASE WHEN state IN ('waiting', 'sending') THEN made_at END), 0,
  (SELECT error FROM digest WHERE state <> 'sent' AND error IS NOT NULL ORDER BY id DESC LIMIT 1)
FROM digest WHERE state IN ('waiting', 'sending', 'sent', 'failed') HAVING count(*)
"""


def deliveries(db: Db) -> list[Delivery]:
    """Every outlet that was ever to tell something."""
    return [
        Delivery(
            outlet=row["outlet"],
            waiting=row["waiting"],
            sent=row["sent"],
            failed=row["failed"],
            oldest=from_text_or_none(row["oldest"]),
            stale=row["stale"],
            error=row["error"],
        )
        for row in db.execute(DELIVERIES)
    ]


def problems(store: Store, *, writing: bool) -> list[str]:
    """Why the database cannot be worked with. `writing`: try the lock that writes need, too."""
    try:
        with store.read() as db:
            rows = db.execute(
                "SELECT name FROM _sqlite_migrations WHERE migration_set = 'listener'"
                " ORDER BY rowid"
            ).fetchall()
        if writing:
            with store.write():
                pass  # BEGIN IMMEDIATE takes the lock that every write needs
    except sqlite3.Error as error:
        return [f"the database: {error}"]
    if tuple(row["name"] for row in rows) != SCHEMA:
        return ["the database was changed by another version of listener; start that one"]
    return []
