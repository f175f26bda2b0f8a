"""Subjects as the database numbers them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from listener.domain.subject import Role, Subject
from listener.store import clocks, incidents
from listener.store.connection import Db, Row


def keep(db: Db, subjects: Iterable[Subject], now: datetime | None = None) -> tuple[Subject, ...]:
    """Store what the settings follow, numbered. Those no longer followed are not active.

    With `now` what is open of those ends: nobody waits for it, and no rule looks at it any more.
    """
    db.execute("UPDATE subject SET active = 0")
    kept = []
    for subject in subjects:
        query = subject.query.text if subject.query else ""
        db.execute(
            "INSERT INTO subject (name, role, query) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
            " SET name = excluded.name, role = excluded.role, query = excluded.query, active = 1",
            (subject.name, subject.role.value, query),
        )
        row = db.execute("SELECT id FROM subject WHERE name = ?", (subject.name,)).fetchone()
        kept.append(replace(subject, id=int(row["id"])))
    if now is not None:
        clocks.let_go(db, now)
        incidents.let_go(db, now, "no longer followed")
    return tuple(kept)


def names(db: Db) -> dict[int, str]:
    """The names by number, also of those no longer followed."""
    return {r["id"]: r["name"] for r in db.execute("SELECT id, name FROM subject")}


def followed(db: Db) -> dict[int, str]:
    """The names by number of those that are followed now."""
    rows = db.execute("SELECT id, name FROM subject WHERE active ORDER BY id")
    return {r["id"]: r["name"] for r in rows}


def listed(db: Db) -> list[Subject]:
    """Those that are followed now: brands, then competitors, then influencers; without queries."""
    rows = db.execute("SELECT id, name, role FROM subject WHERE active ORDER BY id").fetchall()
    found = [Subject(id=r["id"], name=r["name"], role=Role(r["role"]), query=None) for r in rows]
    return sorted(found, key=lambda subject: list(Role).index(subject.role))


def asked(db: Db) -> list[Row]:
    """What is followed now: name, role, query as it is matched, in the order of the settings."""
    return db.execute("SELECT name, role, query FROM subject WHERE active ORDER BY id").fetchall()


def brands(db: Db) -> list[str]:
    """The names of the brands that are followed now."""
    rows = db.execute("SELECT name FROM subject WHERE active AND role = 'brand' ORDER BY id")
    return [row["name"] for row in rows]


def described(db: Db) -> list[Row]:
    """Those that are followed now: name, role, query."""
    return db.execute("SELECT name, role, query FROM subject WHERE active ORDER BY id").fetchall()


def numbered(db: Db, subjects: Iterable[Subject]) -> tuple[Subject, ...] | None:
    """The subjects with their numbers, if what is stored is just what the settings follow."""
    rows = db.execute("SELECT id, name, role, query FROM subject WHERE active").fetchall()
    stored = {(r["name"], r["role"], r["query"]): int(r["id"]) for r in rows}
    wanted = {(s.name, s.role.value, s.query.text if s.query else ""): s for s in subjects}
    if stored.keys() != wanted.keys():
        return None
    return tuple(replace(subject, id=stored[key]) for key, subject in wanted.items())
