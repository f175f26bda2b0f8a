"""When what is stored was last looked for at its source, where it may have been deleted."""

from collections.abc import Sequence
from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db, among


def due(db: Db, source: str, *, since: datetime, before: datetime, limit: int) -> list[str]:
    """The source's ids of mentions said since a moment and not looked for since another one.

    Those that have waited longest come first; a mention was first looked for when it was seen.
    The plus keeps SQLite from walking through all that the source ever brought.
    """
    rows = db.execute(
        "SELECT m.source_id FROM mention AS m LEFT JOIN recheck AS r ON r.mention_id = m.id"
        " WHERE +m.source = ? AND m.said_at >= ? AND m.deleted_at IS NULL"
        " AND coalesce(r.at, m.seen_at) < ? ORDER BY coalesce(r.at, m.seen_at), m.id LIMIT ?",
        (source, to_text(since), to_text(before), limit),
    )
    return [row["source_id"] for row in rows]


def note(db: Db, source: str, source_ids: Sequence[str], now: datetime) -> None:
    """Write down that these were looked for."""
    db.executemany(
        "INSERT INTO recheck (mention_id, at) SELECT id, ? FROM mention"
        " WHERE source = ? AND source_id = ?"
        " ON CONFLICT (mention_id) DO UPDATE SET at = excluded.at, missing = 0",
        [(to_text(now), source, source_id) for source_id in source_ids],
    )


def missed(db: Db, source: str, source_ids: Sequence[str]) -> set[str]:
    """Those of some ids that the last look did not find either."""
    marks, given = among(source_ids)
    rows = db.execute(
        "SELECT m.source_id FROM mention AS m JOIN recheck AS r ON r.mention_id = m.id"  # noqa: S608
        f" WHERE r.missing AND m.source = ? AND m.source_id IN ({marks})",
        (source, *given),
    )
    return {row["source_id"] for row in rows}


def miss(db: Db, source: str, source_ids: Sequence[str]) -> None:
    """Write down that the look which was noted did not find these."""
    db.executemany(
        "UPDATE recheck SET missing = 1 WHERE mention_id ="
        " (SELECT id FROM mention WHERE source = ? AND source_id = ?)",
        [(source, source_id) for source_id in source_ids],
    )
