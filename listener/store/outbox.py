"""The outbox: what is to be told, what is on its way, and where it landed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener.domain.incident import Event
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox with its notice. `unclear`: an attempt may have been taken."""

    id: int
    notice_id: str
    outlet: str
    event: Event
    made_at: datetime
    incident_id: int | None
    body: dict[str, Any]
    attempts: int
    unclear: bool
    root_place: str | None
    root_ref: str | None


SELECT = """
SELECT o.id, o.notice_id, o.outlet, o.attempts, o.unclear, n.event, n.made_at, n.incident_id,
  n.body, p.place AS root_place, p.ref AS root_ref
FROM outbox AS o JOIN notice AS n ON n.id = o.notice_id
LEFT JOIN incident_post AS p ON p.incident_id = n.incident_id AND p.outlet = o.outlet
"""


def next_out(db: Db, outlet: str, now: datetime) -> Outgoing | None:
    """The oldest notice for an outlet, if it may be tried by now.

    Strictly in order: a later notice never overtakes one of its outlet that waits to be retried.
    """
    row = db.execute(
        f"{SELECT} WHERE o.outlet = ? AND o.state IN ('waiting', 'sending') ORDER BY o.id LIMIT 1",
        (outlet,),
    ).fetchone()
    if row is None:
        return None
    due = db.execute("SELECT next_try_at FROM outbox WHERE id = ?", (row["id"],)).fetchone()
    return _outgoing(row) if due[0] <= to_text(now) else None


def _outgoing(row: Row) -> Outgoing:
    return Outgoing(
        row["id"],
        row["notice_id"],
        row["outlet"],
        Event(row["event"]),
        from_text(row["made_at"]),
        row["incident_id"],
        json.loads(row["body"]),
        row["attempts"],
        bool(row["unclear"]),
        row["root_place"],
        row["root_ref"],
    )


def intend(db: Db, outgoing_id: int) -> None:
    """Note that a message is about to be sent: from here on its end is unclear."""
    db.execute(
        "UPDATE outbox SET state = 'sending', unclear = 1, attempts = attempts + 1 WHERE id = ?",
        (outgoing_id,),
    )


def landed(db: Db, out: Outgoing, place: str, ref: str, now: datetime) -> None:
    """Note where it landed; the first message of an incident is the one that will be edited."""
    db.execute(
        "UPDATE outbox SET state = 'sent', unclear = 0, error = NULL, sent_at = ?, place = ?,"
        " ref = ? WHERE id = ?",
        (to_text(now), place, ref, out.id),
    )
    if out.incident_id is not None:
        db.execute(
            "INSERT OR IGNORE INTO incident_post (incident_id, outlet, place, ref)"
            " VALUES (?, ?, ?, ?)",
            (out.incident_id, out.outlet, place, ref),
        )


def retry(db: Db, out: Outgoing, error: str, *, unclear: bool, at: datetime) -> None:
    """Try again later; `unclear` says whether it must be looked up first."""
    db.execute(
        "UPDATE outbox SET state = 'waiting', unclear = ?, error = ?, next_try_at = ? WHERE id = ?",
        (unclear, error, to_text(at), out.id),
    )


def give_up(db: Db, out: Outgoing, error: str, *, unclear: bool) -> None:
    """Note that it cannot be told here; it is shown until somebody has put it right."""
    db.execute(
        "UPDATE outbox SET state = 'failed', unclear = ?, error = ? WHERE id = ?",
        (unclear, error, out.id),
    )


def interrupted(db: Db, now: datetime, grace_until: datetime) -> int:
    """After a start: what was being sent when we died is looked up, once it cannot be in flight."""
    return db.execute(
        "UPDATE outbox SET state = 'waiting', unclear = 1, next_try_at = ? WHERE state = 'sending'",
        (to_text(grace_until),),
    ).rowcount


def next_try(db: Db, outlets: Iterable[str]) -> datetime | None:
    """When the next notice may be tried."""
    names = list(outlets)
    marks = ",".join("?" * len(names))
    row = db.execute(
        "SELECT min(next_try_at) FROM outbox WHERE state IN ('waiting', 'sending')"  # noqa: S608
        f" AND outlet IN ({marks})",
        names,
    ).fetchone()
    return from_text_or_none(row[0])


def revive(db: Db, outlets: Sequence[str], now: datetime) -> int:
    """Try what failed for good once more: after a start, when the reason may be gone."""
    marks = ",".join("?" * len(outlets))
    return db.execute(
        f"UPDATE outbox SET state = 'waiting', next_try_at = ? WHERE state = 'failed'"  # noqa: S608
        f" AND outlet IN ({marks})",
        (to_text(now), *outlets),
    ).rowcount
