"""Subjects that are named together in a mention, and which of them it puts above which."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from listener.domain.times import to_text
from listener.store.connection import Db, among

# Of a match `x`: it only says that another subject is better.
ONLY_BEATEN: Final = """
EXISTS (SELECT 1 FROM comparison AS c
  WHERE c.mention_id = x.mention_id AND c.worse = x.subject_id)
AND NOT EXISTS (SELECT 1 FROM comparison AS c
  WHERE c.mention_id = x.mention_id AND c.better = x.subject_id)
"""


class Together(NamedTuple):
    """A subject of a mention that has others too. `places`: where its terms stand."""

    mention_id: int
    subject_id: int
    given: bool
    places: tuple[tuple[int, int], ...]


def together(db: Db, mention_ids: Collection[int]) -> list[Together]:
    """The matches, counting or not, of those of these mentions that have two or more."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT mention_id, subject_id, origin, places FROM match WHERE mention_id IN ("  # noqa: S608
        f"SELECT mention_id FROM match WHERE mention_id IN ({marks})"
        " GROUP BY mention_id HAVING count(*) > 1) ORDER BY mention_id, subject_id",
        given,
    )
    return [
        Together(
            r["mention_id"],
            r["subject_id"],
            r["origin"] == "given",
            tuple((start, end) for start, end, *_ in json.loads(r["places"] or "[]")),
        )
        for r in rows
    ]


class Compared(NamedTuple):
    """A mention that puts one subject above another."""

    mention_id: int
    better: int
    worse: int


def add(db: Db, found: Iterable[Compared], model: str, *, replacing: Iterable[int] = ()) -> None:
    """Keep comparisons. `replacing`: mentions whose earlier ones give way."""
    db.executemany("DELETE FROM comparison WHERE mention_id = ?", [(i,) for i in replacing])
    db.executemany(
        "INSERT OR REPLACE INTO comparison (mention_id, better, worse, model) VALUES (?, ?, ?, ?)",
        [(*one, model) for one in found],
    )


class Count(NamedTuple):
    """How often one subject was put above another."""

    better: int
    worse: int
    mentions: int


def counted(db: Db, since: datetime, until: datetime) -> list[Count]:
    """Who was put above whom in a half-open span, copies once, most often first."""
    rows = db.execute(
        "SELECT c.better, c.worse, count(DISTINCT c.mention_id) AS mentions"
        " FROM comparison AS c CROSS JOIN mention AS m ON m.id = c.mention_id"
        " CROSS JOIN match AS x ON x.mention_id = c.mention_id"
        " AND x.subject_id IN (c.better, c.worse)"
        " WHERE m.said_at >= ? AND m.said_at < ? AND m.deleted_at IS NULL"
        " AND x.aside IS NULL AND x.copy_of IS NULL"
        " GROUP BY c.better, c.worse ORDER BY mentions DESC, c.better, c.worse",
        (to_text(since), to_text(until)),
    )
    return [Count(r["better"], r["worse"], r["mentions"]) for r in rows]
