"""What floods of copies are found by: slices with copies, and who is behind them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from listener.domain.times import from_text, to_text
from listener.store.connection import Db, among


def touched(db: Db, after: int, since: datetime) -> dict[int, list[datetime]]:
    """The slices with copies that were counted anew after a touch, and begin after a moment.

    By subject, oldest first.
    """
    rows = db.execute(
        "SELECT subject_id, start FROM bucket WHERE touched > ? AND start >= ? AND topic = ''"
        " AND channel = 'all' AND mentions > folded ORDER BY start",
        (after, to_text(since)),
    )
    found: dict[int, list[datetime]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(from_text(row["start"]))
    return found


def slices(db: Db, subject_id: int, since: datetime, until: datetime) -> dict[datetime, int]:
    """How many copies each slice of a half-open span has, firsts left out; empty ones lack."""
    rows = db.execute(
        "SELECT start, mentions - folded AS copies FROM bucket WHERE subject_id = ?"
        " AND channel = 'all' AND topic = '' AND start >= ? AND start < ? AND mentions > folded",
        (subject_id, to_text(since), to_text(until)),
    )
    return {from_text(row["start"]): row["copies"] for row in rows}


@dataclass(frozen=True, slots=True)
class Copied:
    """One of several mentions that say nearly the same."""

    id: int
    head: int  # the first of them
    author_id: int | None
    first_seen: datetime | None  # when we first saw its author
    followers: int | None
    source: str
    said_at: datetime
    negative: bool


COPIED = """
SELECT m.id, coalesce(x.copy_of, m.id) AS head, x.author_id, a.first_seen, a.followers, m.source,
  x.said_at, x.sentiment = 'negative' AS negative
FROM match AS x JOIN mention AS m ON m.id = x.mention_id
LEFT JOIN author AS a ON a.id = x.author_id
WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts
  AND m.kind <> 'quote' AND substr(m.text, 1, 4) <> 'RT @'
  AND (x.copy_of IS NOT NULL OR EXISTS (SELECT 1 FROM match AS y
    WHERE y.copy_of = x.mention_id AND y.subject_id = x.subject_id))
ORDER BY x.said_at, m.id LIMIT ?4
"""


def copied(
    db: Db, subject_id: int, since: datetime, until: datetime, limit: int = 20_000
) -> list[Copied]:
    """The copies of a half-open span with their firsts, oldest first; who only passes on a post,
    or quotes one, is left out.
    """
    rows = db.execute(COPIED, (subject_id, to_text(since), to_text(until), limit))
    return [
        Copied(
            r["id"],
            r["head"],
            r["author_id"],
            from_text(r["first_seen"]) if r["first_seen"] else None,
            r["followers"],
            r["source"],
            from_text(r["said_at"]),
            bool(r["negative"]),
        )
        for r in rows
    ]


def said(db: Db, mention_ids: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """Where these were said, SOURCE:ID, and when."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT id, source || ':' || source_id AS name, said_at FROM mention"  # noqa: S608
        f" WHERE id IN ({marks})",
        given,
    )
    return {row["id"]: (row["name"], from_text(row["said_at"])) for row in rows}
