"""What is known of each source: how far it was read, how it fares, and its gaps."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from listener.domain.mention import Reject
from listener.domain.times import from_text_or_none, to_text
from listener.store.connection import Db, Row


def get(db: Db, source: str) -> Row | None:
    """The row of a source: type, channel, state (JSON), cursor (JSON), and what is shown of it."""
    row: Row | None = db.execute(
        "SELECT * FROM source_state WHERE source = ?", (source,)
    ).fetchone()
    return row


def keep(
    db: Db,
    source: str,
    *,
    service: str,
    channel: str,
    state: Mapping[str, Any],
    last_success: datetime | None,
    next_run: datetime | None,
    error: str | None,
) -> None:
    """Write how a source fares; its cursor is moved only together with a page."""
    db.execute(
        "INSERT INTO source_state (source, type, channel, state, last_success, next_run, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET type = excluded.type,"
        " channel = excluded.channel, state = excluded.state,"
        " last_success = excluded.last_success, next_run = excluded.next_run,"
        " error = excluded.error, active = 1",
        (source, service, channel, json.dumps(dict(state)), _text(last_success), _text(next_run),
         error),
    )  # fmt: skip


def move_cursor(db: Db, source: str, cursor: Mapping[str, Any], cost_usd: float) -> None:
    """Move on, in the transaction that keeps the page which brought the cursor."""
    db.execute(
        "INSERT INTO source_state (source, state, cursor, spent_usd) VALUES (?, '{}', ?, ?)"
        " ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor,"
        " spent_usd = spent_usd + excluded.spent_usd",
        (source, json.dumps(dict(cursor)), cost_usd),
    )


def retire_others(db: Db, names: Iterable[str]) -> None:
    """Sources that are no longer configured stay for the record, but are not waited for."""
    kept = list(names)
    marks = ",".join("?" * len(kept))
    db.execute(
        f"UPDATE source_state SET active = 0 WHERE source NOT IN ({marks})",  # noqa: S608
        kept,
    )


def add_run(
    db: Db,
    source: str,
    started: datetime,
    ended: datetime,
    counts: Mapping[str, int],
    error: str | None,
) -> None:
    """Write one pass over a source."""
    db.execute(
        "INSERT INTO source_run (source, started_at, ended_at, accepted, updated, rejected,"
        " responses, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (source, to_text(started), to_text(ended), counts.get("accepted", 0),
         counts.get("updated", 0), counts.get("rejected", 0), counts.get("responses", 0), error),
    )  # fmt: skip
    db.execute(
        "DELETE FROM source_run WHERE source = ?1 AND id <="
        " (SELECT max(id) FROM source_run WHERE source = ?1) - 100000",
        (source,),
    )


def reject(db: Db, source: str, rejects: Iterable[Reject], now: datetime) -> None:
    """Keep what could not be read; the same place twice is kept once."""
    db.executemany(
        "INSERT OR IGNORE INTO reject (source, place, reason, content, at) VALUES (?, ?, ?, ?, ?)",
        [(source, r.place, r.reason, r.content[:2000], to_text(now)) for r in rejects],
    )


def open_gap(db: Db, source: str, channel: str, since: datetime) -> None:
    """From here on the source is not read; an open gap stays as it began."""
    db.execute(
        "INSERT OR IGNORE INTO source_gap (source, channel, since) VALUES (?, ?, ?)",
        (source, channel, to_text(since)),
    )


def close_gap(db: Db, source: str, until: datetime | None) -> None:
    """The source is read again. `until` None: nothing was missed, so there was no gap."""
    if until is None:
        db.execute("DELETE FROM source_gap WHERE source = ? AND until IS NULL", (source,))
        return
    db.execute(
        "UPDATE source_gap SET until = ? WHERE source = ? AND until IS NULL",
        (to_text(until), source),
    )


def listing(db: Db) -> list[Row]:
    """Every source with its totals and its open gap."""
    return db.execute(
        "SELECT s.source AS name, s.type, s.channel, s.last_success, s.next_run, s.error,"
        " s.spent_usd, s.active, g.since AS gap_since,"
        " (SELECT count(*) FROM reject AS r WHERE r.source = s.source) AS rejected,"
        " (SELECT count(*) FROM mention AS m WHERE m.source = s.source) AS mentions"
        " FROM source_state AS s"
        " LEFT JOIN source_gap AS g ON g.source = s.source AND g.until IS NULL ORDER BY s.source"
    ).fetchall()


def first_success(db: Db) -> datetime | None:
    """When anything was first read: before that there was nothing to measure."""
    row = db.execute("SELECT min(started_at) FROM source_run WHERE error IS NULL").fetchone()
    return from_text_or_none(row[0])


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
