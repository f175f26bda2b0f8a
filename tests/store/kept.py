"""Putting things into a database, and taking all of it out again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from listener.domain.mention import Mention
from listener.domain.subject import Subject
from listener.store import mentions, search, subjects
from listener.store.connection import Store
from listener.store.mentions import Added
from tests.builders import NOW, a_rival, a_subject, arrived


def followed(store: Store, *wanted: Subject) -> tuple[Subject, ...]:
    """Acme, a brand, and Boreal, its competitor; or those that are named."""
    with store.write() as db:
        return subjects.keep(db, wanted or (a_subject(), a_rival()))


def kept(
    store: Store, *said: Mention, subjects: Sequence[Subject] = (), now: datetime = NOW
) -> Added:
    """Mentions through the door and into the database, and into the full-text index."""
    with store.write() as db:
        added = mentions.add(db, [arrived(one, subjects) for one in said], now)
    search.index_new(store)
    return added


def rows(store: Store, sql: str, *values: object) -> list[dict[str, Any]]:
    with store.read() as db:
        return [dict(row) for row in db.execute(sql, values).fetchall()]


def one(store: Store, sql: str, *values: object) -> Any:
    """The only value of the only row."""
    (row,) = rows(store, sql, *values)
    (value,) = row.values()
    return value


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    names = rows(
        store,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'mention_search%'"
        " AND name NOT LIKE 'sqlite_%'",
    )
    return {r["name"]: rows(store, f"SELECT * FROM {r['name']}") for r in names}


def on_disk(store: Store) -> bytes:
    """The bytes of the database and of what lies beside it."""
    files = sorted(store.path.parent.glob(store.path.name + "*"))
    return b"".join(file.read_bytes() for file in files)
