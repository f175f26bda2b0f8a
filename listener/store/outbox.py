"""The outbox: what is to be told, what is on its way, and where it landed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from listener.domain.incident import Event
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row, among

MOST_FOLDED = 20  # beside the first, in one message
TOO_OLD = timedelta(days=7)  # then nobody is helped by an alert any more
TRIED_AGAIN = timedelta(hours=24)  # after a start: what failed longer ago is no news


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
SELECT o.id, o.notice_id, o.outlet, o.attempts, o.unclear, o.next_try_at,
  n.event, n.made_at, n.incident_id, n.body, p.place AS root_place, p.ref AS root_ref
FROM outbox AS o JOIN notice AS n ON n.id = o.notice_id
LEFT JOIN incident_post AS p ON p.incident_id = n.incident_id AND p.outlet = o.outlet
"""


def next_out(db: Db, outlet: str, now: datetime) -> Outgoing | None:
    """The oldest notice for an outlet, if it may be tried by now.

    Strictly in order: a later notice never overtakes one of its outlet that waits to be retried.
    """
    row = _head(db, outlet)
    if row is not None and row["made_at"] < to_text(now - TOO_OLD):
        _drop_old(db, outlet, now)
        row = _head(db, outlet)
    return None if row is None or row["next_try_at"] > to_text(now) else outgoing(row)


def _head(db: Db, outlet: str) -> Row | None:
    row: Row | None = db.execute(
        f"{SELECT} WHERE o.outlet = ? AND o.state IN ('waiting', 'sending') ORDER BY o.id LIMIT 1",
        (outlet,),
    ).fetchone()
    return row


def _drop_old(db: Db, outlet: str, now: datetime) -> None:
    """What waited too long, while an outlet was dead or not there, is shown and told no more."""
    db.execute(
        "UPDATE outbox SET state = 'failed', error = 'too old to tell' WHERE outlet = ?"
        " AND state IN ('waiting', 'sending')"
        " AND notice_id IN (SELECT id FROM notice WHERE made_at < ?)",
        (outlet, to_text(now - TOO_OLD)),
    )


def also_out(db: Db, head: Outgoing, now: datetime) -> list[Outgoing]:
    """What follows of the same incident, to be folded into one message with the head.

    Summaries for one team follow each other too: after an outage they are one message. Where the
    head may have been taken, only what was sent with it: the same message is tried again. In order:
    what may not be tried by now holds back what comes after it.
    """
    if head.incident_id is None and head.event is not Event.SUMMARY_TOLD:
        return []
    rows = db.execute(
        f"{SELECT} WHERE o.outlet = ? AND o.state IN ('waiting', 'sending') AND o.id > ?"
        " AND n.incident_id IS ? AND (n.incident_id NOTNULL"
        " OR n.event = ? AND n.body ->> 'team' IS ?) ORDER BY o.id LIMIT ?",
        (head.outlet, head.id, head.incident_id, head.event, head.body.get("team"), MOST_FOLDED),
    ).fetchall()
    moment = to_text(now)
    fit = takewhile(
        lambda r: r["next_try_at"] <= moment and (bool(r["unclear"]) or not head.unclear), rows
    )
    return [outgoing(row) for row in fit]


def outgoing(row: Row) -> Outgoing:
    """A row of `SELECT`."""
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


def cover(db: Db, out: Outgoing, place: str, ref: str, now: datetime) -> None:
    """What waits of an incident whose lasting message was posted just now is told by it.

    After a long outage these are more than one message can name; it shows the state they led to.
    Not of one that was looked up: that may be older than they are.
    """
    db.execute(
        "UPDATE outbox SET state = 'sent', sent_at = ?1, place = ?2, ref = ?3 WHERE outlet = ?4"
        " AND state = 'waiting' AND attempts = 0 AND notice_id IN"
        " (SELECT id FROM notice WHERE incident_id = ?5 AND made_at <= ?1)",
        (to_text(now), place, ref, out.outlet, out.incident_id),
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
    """When the next notice may be tried: the oldest of each outlet, for nothing overtakes it."""
    heads = [row["next_try_at"] for name in outlets if (row := _head(db, name)) is not None]
    return from_text_or_none(min(heads, default=None))


def revive(
    db: Db, outlets: Sequence[str], now: datetime, made_within: timedelta = TRIED_AGAIN
) -> int:
    """Try what failed for good once more: after a start, when the reason may be gone."""
    marks, given = among(outlets)
    return db.execute(
        f"UPDATE outbox SET state = 'waiting', next_try_at = ? WHERE state = 'failed'"  # noqa: S608
        f" AND outlet IN ({marks}) AND notice_id IN (SELECT id FROM notice WHERE made_at >= ?)",
        (to_text(now), *given, to_text(now - made_within)),
    ).rowcount
