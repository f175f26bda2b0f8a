"""What can be undone: what stood before an act of a person, and whether the act still stands.

`batch` is the number of the first of what was done at once, and of an act alone its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener.domain.times import from_text
from listener.store.connection import Db, Row

SELECT = """
SELECT u.act_id, u.mention_id, u.before, u.undone_by, a.at, a.who, a.did, a.what, a.detail,
  m.deleted_at NOTNULL AS gone
FROM undoable AS u JOIN audit AS a ON a.id = u.act_id JOIN mention AS m ON m.id = u.mention_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """One act about one mention. `before`: what stood before it, as each kind of act needs it."""

    act_id: int
    mention_id: int
    name: str  # SOURCE:ID
    who: str
    did: str
    detail: str
    at: datetime
    before: Mapping[str, Any]
    is_undone: bool
    is_gone: bool  # the words of the mention


def remember(db: Db, act_id: int, mention_id: int, before: Mapping[str, Any]) -> None:
    """Keep what stood before an act, in the act's own transaction."""
    db.execute(
        "INSERT INTO undoable (act_id, mention_id, batch, before) VALUES (?1, ?2, ?1, ?3)",
        (act_id, mention_id, json.dumps(before)),
    )


def tie(db: Db, who: str, after: int) -> int | None:
    """Make one batch of what a person did since a line of the record; returns its number."""
    row = db.execute(
        "SELECT min(u.act_id) FROM undoable AS u JOIN audit AS a ON a.id = u.act_id"
        " WHERE u.act_id > ? AND a.who = ?",
        (after, who),
    ).fetchone()
    if row[0] is None:
        return None
    db.execute(
        "UPDATE undoable SET batch = ?1 WHERE act_id > ?2"
        " AND (SELECT who FROM audit WHERE id = act_id) = ?3",
        (row[0], after, who),
    )
    return int(row[0])


def of_batch(db: Db, batch: int) -> list[Undoable]:
    """What was done at once, the last first."""
    rows = db.execute(f"{SELECT} WHERE u.batch = ? ORDER BY u.act_id DESC", (batch,))
    return [_undoable(row) for row in rows]


def get(db: Db, act_id: int) -> Undoable | None:
    row = db.execute(f"{SELECT} WHERE u.act_id = ?", (act_id,)).fetchone()
    return None if row is None else _undoable(row)


def standing(db: Db, name: str) -> int:
    """The number of the last act about a mention (SOURCE:ID) that was not undone; 0 for none."""
    row = db.execute(
        "SELECT coalesce(max(a.id), 0) FROM audit AS a WHERE a.what = ? AND a.did <> 'undid'"
        " AND NOT EXISTS (SELECT 1 FROM undoable AS u WHERE u.act_id = a.id"
        " AND u.undone_by NOTNULL)",
        (name,),
    ).fetchone()
    return int(row[0])


def undo(db: Db, act_id: int, by: int) -> None:
    """Note that an act was undone. `by`: the line of the record that says so."""
    db.execute("UPDATE undoable SET undone_by = ? WHERE act_id = ?", (by, act_id))


def _undoable(row: Row) -> Undoable:
    return Undoable(
        act_id=row["act_id"],
        mention_id=row["mention_id"],
        name=row["what"],
        who=row["who"],
        did=row["did"],
        detail=row["detail"],
        at=from_text(row["at"]),
        before=json.loads(row["before"]),
        is_undone=row["undone_by"] is not None,
        is_gone=bool(row["gone"]),
    )
