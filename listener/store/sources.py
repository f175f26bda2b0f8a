"""What is known of each source: how far it was read, how it fares, and its gaps."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from listener.domain.door import storable
from listener.domain.mention import Reject
from listener.domain.schedule import SourceState
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.errors import Trouble
from listener.store.connection import Db, Row, among

MOMENTS = (
    "last_success",
    "last_attempt",
    "next_run",
    "not_before",
    "last_sign",
    "gap_since",
    "covered_from",
    "covered_until",
)


def get(db: Db, source: str) -> SourceState:
    """How a source fares; a new one is due at once."""
    row = db.execute(
        "SELECT state, cursor FROM source_state WHERE source = ?", (source,)
    ).fetchone()
    if row is None:
        return SourceState(name=source)
    kept = json.loads(row["state"])
    return SourceState(
        name=source,
        cursor=json.loads(row["cursor"]) if row["cursor"] else None,
        failures=kept.get("failures", 0),
        error=kept.get("error"),
        error_kind=Trouble(kept["error_kind"]) if kept.get("error_kind") else None,
        **{name: from_text_or_none(kept.get(name)) for name in MOMENTS},
    )


def keep(db: Db, state: SourceState, *, kind: str, channel: str) -> None:
    """Write how a source fares; its cursor is moved only together with a page."""
    kept = {
        "failures": state.failures,
        "error": state.error,
        "error_kind": state.error_kind.value if state.error_kind else None,
        **{name: _text(getattr(state, name)) for name in MOMENTS},
    }
    db.execute(
        "INSERT INTO source_state (source, type, channel, state, last_success, next_run, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET type = excluded.type,"
        " channel = excluded.channel, state = excluded.state,"
        " last_success = excluded.last_success, next_run = excluded.next_run,"
        " error = excluded.error, active = 1",
        (
            state.name,
            kind,
            channel,
            json.dumps(kept),
            _text(state.last_success),
            _text(state.next_run),
            state.error,
        ),
    )


def move_cursor(db: Db, source: str, cursor: Mapping[str, Any]) -> None:
    """Move on, in the transaction that keeps the page which brought the cursor."""
    db.execute(
        "INSERT INTO source_state (source, state, cursor) VALUES (?, '{}', ?)"
        " ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor",
        (source, json.dumps(dict(cursor))),
    )


def allow_again(db: Db) -> None:
    """Ask at once those again that waited for money or quota: their settings may be others now."""
    db.execute(
        "UPDATE source_state SET next_run = NULL,"
        " state = json_set(state, '$.next_run', NULL, '$.not_before', NULL)"
        " WHERE json_extract(state, '$.error_kind') = 'quota'"
    )


def retire_others(db: Db, names: Iterable[str], now: datetime | None = None) -> None:
    """Sources that are no longer configured stay for the record, but are not waited for.

    Nobody will read them any more, so their gaps end `now`.
    """
    kept = list(names)
    marks, given = among(kept)
    db.execute(
        f"UPDATE source_state SET active = 0 WHERE source NOT IN ({marks})",  # noqa: S608
        given,
    )
    if now is not None:
        db.execute(
            "UPDATE source_gap SET until = max(since, ?)"  # noqa: S608
            f" WHERE until IS NULL AND source NOT IN ({marks})",
            (to_text(now), *given),
        )


def active(db: Db) -> list[SourceState]:
    """How the sources fare that are configured and were asked before."""
    rows = db.execute("SELECT source FROM source_state WHERE active ORDER BY source").fetchall()
    return [get(db, row["source"]) for row in rows]


def names(db: Db) -> set[str]:
    """The sources that are configured and were asked before."""
    return {row["source"] for row in db.execute("SELECT source FROM source_state WHERE active")}


def feeding(db: Db, subject_id: int, since: datetime) -> set[str]:
    """The active sources that brought what was said of a subject since then."""
    rows = db.execute(
        "SELECT s.source FROM source_state AS s WHERE s.active AND EXISTS (SELECT 1"
        " FROM match AS x JOIN mention AS m ON m.id = x.mention_id WHERE x.subject_id = ?"
        " AND x.said_at >= ? AND m.source = s.source)",
        (subject_id, to_text(since)),
    )
    return {row["source"] for row in rows}


def fed_by(db: Db, subject_id: int, names: Collection[str], since: datetime) -> bool:
    """Whether any of these sources brought what was said of a subject since then."""
    marks, given = among(names)
    row = db.execute(
        "SELECT 1 FROM match AS x JOIN mention AS m ON m.id = x.mention_id"  # noqa: S608
        f" WHERE x.subject_id = ? AND x.said_at >= ? AND m.source IN ({marks})"
        " ORDER BY x.said_at DESC LIMIT 1",
        (subject_id, to_text(since), *given),
    ).fetchone()
    return row is not None


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


def reject(db: Db, source: str, rejects: Iterable[Reject], now: datetime) -> None:
    """Keep what could not be read; of a place what it said last, and when."""
    at = to_text(now)
    db.executemany(
        "INSERT INTO reject (source, place, reason, content, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (source, place) DO UPDATE SET reason = excluded.reason,"
        " content = excluded.content, at = excluded.at",
        [
            (source, storable(r.place), storable(r.reason), storable(r.content[:2000]), at)
            for r in rejects
        ],
    )


def open_gap(db: Db, source: str, channel: str, since: datetime) -> None:
    """From here on the source is not read; an open gap stays as it began."""
    db.execute(
        "INSERT OR IGNORE INTO source_gap (source, channel, since) VALUES (?, ?, ?)",
        (source, channel, to_text(since)),
    )


def lose(db: Db, source: str, channel: str, since: datetime) -> None:
    """What was said since then may be missing for good: the gap will stay when it is closed."""
    open_gap(db, source, channel, since)
    db.execute(
        "UPDATE source_gap SET lost = 1, since = min(since, ?) WHERE source = ? AND until IS NULL",
        (to_text(since), source),
    )


def close_gap(db: Db, source: str, until: datetime) -> datetime | None:
    """The source is read up to now: a gap in which nothing was lost has never been one.

    Returns since when something was lost; None where nothing was.
    """
    db.execute("DELETE FROM source_gap WHERE source = ? AND until IS NULL AND NOT lost", (source,))
    row = db.execute(
        "UPDATE source_gap SET until = ? WHERE source = ? AND until IS NULL RETURNING since",
        (to_text(until), source),
    ).fetchone()
    return None if row is None else from_text(row["since"])


def listing(db: Db) -> list[Row]:
    """Every source with its rejects, its cursor and its open gap."""
    return db.execute(
        "SELECT s.source AS name, s.type, s.channel, s.last_success, s.next_run, s.error,"
        " s.active, s.cursor, g.since AS gap_since,"
        " (SELECT count(*) FROM reject AS r WHERE r.source = s.source) AS rejected"
        " FROM source_state AS s"
        " LEFT JOIN source_gap AS g ON g.source = s.source AND g.until IS NULL ORDER BY s.source"
    ).fetchall()


def brought(db: Db, after: int = 0) -> tuple[int, Counter[str]]:
    """How many mentions each source brought behind a row of the table, and the last such row."""
    upto = db.execute("SELECT coalesce(max(id), 0) FROM mention").fetchone()[0]
    if after:  # the plus keeps SQLite from walking through all of them by the index of sources
        sql = "SELECT source, count(*) FROM mention WHERE id > ? GROUP BY +source"
    else:
        sql = "SELECT source, count(*) FROM mention WHERE ? = 0 GROUP BY source"
    rows = db.execute(sql, (after,))
    return upto, Counter({row[0]: row[1] for row in rows})


def first_success(db: Db) -> datetime | None:
    """When anything was first read: before that there was nothing to measure."""
    row = db.execute("SELECT min(started_at) FROM source_run WHERE error IS NULL").fetchone()
    return from_text_or_none(row[0])


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
