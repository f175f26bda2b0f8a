"""Saved views: lists of the inbox that people gave a name, for all of them."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A list of the inbox, as its address asks for it; what is empty does not narrow it."""

    state: str
    subject: str = ""
    query: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    id: int
    name: str
    view: View
    made_by: str


def every(db: Db) -> list[SavedView]:
    """All of them, by their names."""
    rows = db.execute("SELECT * FROM saved_view ORDER BY name COLLATE NOCASE, id")
    return [_saved(row) for row in rows]


def get(db: Db, number: int) -> SavedView | None:
    row = db.execute("SELECT * FROM saved_view WHERE id = ?", (number,)).fetchone()
    return None if row is None else _saved(row)


def named(db: Db, name: str) -> SavedView | None:
    row = db.execute("SELECT * FROM saved_view WHERE name = ? COLLATE NOCASE", (name,)).fetchone()
    return None if row is None else _saved(row)


def add(db: Db, name: str, view: View, who: str, now: datetime) -> int:
    """Keep a view under a name that no other has."""
    cursor = db.execute(
        "INSERT INTO saved_view (name, state, subject, query, sorted, made_by, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, view.state, view.subject, view.query, view.sorted, who, to_text(now)),
    )
    return int(cursor.lastrowid or 0)


def rename(db: Db, number: int, name: str) -> None:
    db.execute("UPDATE saved_view SET name = ? WHERE id = ?", (name, number))


def remove(db: Db, number: int) -> None:
    db.execute("DELETE FROM saved_view WHERE id = ?", (number,))


def _saved(row: Row) -> SavedView:
    view = View(
        state=row["state"], subject=row["subject"], query=row["query"], sorted=row["sorted"]
    )
    return SavedView(id=row["id"], name=row["name"], view=view, made_by=row["made_by"])
