"""Whose words stand in which message, and the messages to be drawn anew without them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from listener.domain.times import from_text_or_none, to_text
from listener.store.connection import Db, among
from listener.store.outbox import SELECT, Outgoing, outgoing


@dataclass(frozen=True, slots=True)
class Stale:
    """A message that shows words which are gone. `round` tells whether it was asked for since."""

    outlet: str
    place: str
    ref: str
    round: int
    attempts: int


def note(db: Db, outlet: str, place: str, ref: str, mention_ids: Iterable[int]) -> None:
    """Note whose words a message shows."""
    db.executemany(
        "INSERT OR IGNORE INTO shown (mention_id, outlet, place, ref) VALUES (?, ?, ?, ?)",
        [(mention_id, outlet, place, ref) for mention_id in mention_ids],
    )


def gone(db: Db, mention_id: int, now: datetime) -> None:
    """Have every message drawn anew that shows these words."""
    rows = db.execute(
        "DELETE FROM shown WHERE mention_id = ? RETURNING outlet, place, ref", (mention_id,)
    ).fetchall()
    for row in rows:
        ask(db, row["outlet"], row["place"], row["ref"], now)


def ask(db: Db, outlet: str, place: str, ref: str, now: datetime) -> None:
    """Have a message drawn anew."""
    db.execute(
        "INSERT INTO redraw (outlet, place, ref, next_try_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (outlet, place, ref) DO UPDATE SET round = round + 1,"
        " next_try_at = excluded.next_try_at",
        (outlet, place, ref, to_text(now)),
    )


def next_stale(db: Db, outlet: str, now: datetime) -> Stale | None:
    """The message of an outlet that has waited longest for its drawing, if one may be tried."""
    row = db.execute(
        "SELECT * FROM redraw WHERE outlet = ? AND next_try_at <= ? ORDER BY next_try_at LIMIT 1",
        (outlet, to_text(now)),
    ).fetchone()
    if row is None:
        return None
    return Stale(row["outlet"], row["place"], row["ref"], row["round"], row["attempts"])


def notices_of(db: Db, stale: Stale) -> list[Outgoing]:
    """What a message tells, as it was folded together: at least one, unless it was let go.

    The lasting message of an incident tells what was last told of it.
    """
    newest = db.execute(
        f"{SELECT} WHERE o.id = (SELECT max(l.id) FROM incident_post AS i"  # noqa: S608
        " CROSS JOIN notice AS t ON t.incident_id = i.incident_id AND t.outlet = i.outlet"
        " CROSS JOIN outbox AS l ON l.notice_id = t.id AND l.state = 'sent'"
        " WHERE i.outlet = ? AND i.place = ? AND i.ref = ?)",
        (stale.outlet, stale.place, stale.ref),
    ).fetchall()
    rows = newest or db.execute(
        f"{SELECT} WHERE o.outlet = ? AND o.place = ? AND o.ref = ? AND o.state = 'sent'"
        " ORDER BY o.id",
        (stale.outlet, stale.place, stale.ref),
    )
    return [outgoing(row) for row in rows]


def drawn(db: Db, stale: Stale) -> None:
    """It was drawn; what was asked for meanwhile waits for the next time."""
    db.execute(
        "DELETE FROM redraw WHERE outlet = ? AND place = ? AND ref = ? AND round = ?",
        (stale.outlet, stale.place, stale.ref, stale.round),
    )


def retry(db: Db, stale: Stale, error: str, at: datetime | None) -> None:
    """Try again at a moment; None: not before the next start, or before it is asked for anew."""
    db.execute(
        "UPDATE redraw SET attempts = attempts + 1, error = ?, next_try_at = ?"
        " WHERE outlet = ? AND place = ? AND ref = ? AND round = ?",
        (error, to_text(at) if at else None, stale.outlet, stale.place, stale.ref, stale.round),
    )


def revive(db: Db, now: datetime) -> None:
    """After a start: try what was given up once more."""
    db.execute("UPDATE redraw SET next_try_at = ? WHERE next_try_at IS NULL", (to_text(now),))


def next_try(db: Db, outlets: Iterable[str]) -> datetime | None:
    """When the next message may be drawn anew."""
    names = list(outlets)
    marks, given = among(names)
    row = db.execute(
        f"SELECT min(next_try_at) FROM redraw WHERE outlet IN ({marks})",  # noqa: S608
        given,
    ).fetchone()
    return from_text_or_none(row[0])
