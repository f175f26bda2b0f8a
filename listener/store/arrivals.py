"""When sources brought something, by the hour, and in which hours they were read."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.budget import month_of
from listener.domain.times import from_text, to_text
from listener.store.connection import Db


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a source brought in one hour. `mentions` are those that were fresh then."""

    source: str
    at: datetime  # the first of it
    mentions: int
    last: datetime


NEW = """
SELECT source, min(seen_at) AS at, max(seen_at) AS last,
  sum(julianday(seen_at) - julianday(said_at) <= ?3) AS mentions
FROM mention WHERE id > ?1 AND seen_at >= ?2 GROUP BY source, substr(seen_at, 1, 13)
"""


def newest(db: Db) -> int:
    """The number of the newest mention; 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM mention").fetchone()[0])


def after(db: Db, upto: int, since: datetime, fresh_days: float) -> list[Arrived]:
    """What came with numbers above `upto`, seen since then; history that is read back is not fresh.

    Costs as much as there is new.
    """
    rows = db.execute(NEW, (upto, to_text(since), fresh_days))
    return [
        Arrived(r["source"], from_text(r["at"]), r["mentions"], from_text(r["last"])) for r in rows
    ]


def hours_read(db: Db, source: str, since: datetime) -> list[datetime]:
    """The hours in which a source was read without an error, since then; each by its start."""
    rows = db.execute(
        "SELECT DISTINCT substr(ended_at, 1, 13) || ':00:00.000Z' AS hour FROM source_run"
        " WHERE source = ? AND ended_at >= ? AND error IS NULL",
        (source, to_text(since)),
    )
    return [from_text(row["hour"]) for row in rows]


def channels(db: Db) -> dict[str, str]:
    """The channel of each source that is configured."""
    rows = db.execute("SELECT source, channel FROM source_state WHERE active ORDER BY source")
    return {row["source"]: row["channel"] for row in rows}


def without_money(db: Db, now: datetime) -> set[str]:
    """The sources that are not asked any more this month: their budget is spent."""
    rows = db.execute(
        "SELECT source FROM spending WHERE month = ? AND stopped IS NOT NULL", (month_of(now),)
    )
    return {row["source"] for row in rows}
