"""How far a source's history was read, beside and apart from what is new there."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listener.domain.times import to_text
from listener.store.connection import Db


def cursor(db: Db, source: str, since: datetime) -> Mapping[str, Any] | None:
    """Where reading back to a moment goes on; None where it begins."""
    row = db.execute(
        "SELECT cursor FROM backfill WHERE source = ? AND since = ? AND ended_at IS NULL",
        (source, to_text(since)),
    ).fetchone()
    return json.loads(row["cursor"]) if row is not None and row["cursor"] else None


def move(
    db: Db,
    source: str,
    since: datetime,
    cursor: Mapping[str, Any] | None,
    ended_at: datetime | None,
) -> None:
    """Move on, in the transaction that keeps the page; `ended_at` where there is no more."""
    db.execute(
        "INSERT INTO backfill (source, since, cursor, ended_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, since) DO UPDATE SET ended_at = excluded.ended_at,"
        " cursor = coalesce(excluded.cursor, cursor)",
        (
            source,
            to_text(since),
            None if cursor is None else json.dumps(dict(cursor)),
            None if ended_at is None else to_text(ended_at),
        ),
    )
