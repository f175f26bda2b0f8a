"""How far a source's history was read, beside and apart from what is new there."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.times import from_text_or_none, to_text
from listener.store.connection import Db

NEAR: Final = timedelta(days=7)


def begun(db: Db, source: str, since: datetime) -> datetime | None:
    """Back to when a reading goes that was begun, has not ended, and serves for this one too.

    It goes as far, or a few days further: "90d" means another moment each time it is said.
    """
    row = db.execute(
        "SELECT max(since) FROM backfill WHERE source = ? AND since BETWEEN ? AND ?",
        (source, to_text(since - NEAR), to_text(since)),
    ).fetchone()
    return from_text_or_none(row[0])


def cursor(db: Db, source: str, since: datetime) -> Mapping[str, Any] | None:
    """Where reading back to a moment goes on; None where it begins."""
    row = db.execute(
        "SELECT cursor FROM backfill WHERE source = ? AND since = ?", (source, to_text(since))
    ).fetchone()
    return json.loads(row["cursor"]) if row is not None and row["cursor"] else None


def move(db: Db, source: str, since: datetime, cursor: Mapping[str, Any] | None) -> None:
    """Move on, in the transaction that keeps the page."""
    db.execute(
        "INSERT INTO backfill (source, since, cursor) VALUES (?, ?, ?)"
        " ON CONFLICT (source, since) DO UPDATE SET cursor = coalesce(excluded.cursor, cursor)",
        (source, to_text(since), None if cursor is None else json.dumps(dict(cursor))),
    )


def end(db: Db, source: str, since: datetime) -> None:
    """All was read: the next time it begins anew."""
    db.execute("DELETE FROM backfill WHERE source = ? AND since = ?", (source, to_text(since)))
