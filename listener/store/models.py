"""The models that labelled, one after the other, and what an earlier one labelled."""

from datetime import datetime
from typing import Final, NamedTuple

from listener.domain.times import from_text, to_text
from listener.store.connection import Db

LOOKED_AT: Final = 5_000  # mentions, in one step
DONE: Final = 0


class Use(NamedTuple):
    """A model in use. below: mentions under this number are still to be looked at; 0: none is."""

    model: str
    since: datetime
    below: int


def newest(db: Db) -> Use | None:
    """The model that labels now; None before the first label."""
    row = db.execute(
        "SELECT model, since, below FROM model_use ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return None if row is None else Use(row["model"], from_text(row["since"]), row["below"])


def begin(db: Db, model: str, now: datetime) -> Use:
    """Note that another model labels from now on; what the one before it labelled is to be redone.

    Of the first model nothing is.
    """
    (labelled,) = db.execute(
        "SELECT coalesce(max(mention_id), 0) FROM label WHERE by = 'model'"
    ).fetchone()
    below = labelled + 1 if labelled else DONE
    db.execute(
        "INSERT INTO model_use (model, since, below) VALUES (?, ?, ?)",
        (model, to_text(now), below),
    )
    return Use(model, now, below)


def set_below(db: Db, below: int) -> None:
    """Note how far the newest model has come with what is to be redone."""
    db.execute(
        "UPDATE model_use SET below = ? WHERE id = (SELECT max(id) FROM model_use)", (below,)
    )


def labelled_otherwise(db: Db, use: Use, since: datetime, limit: int) -> tuple[list[int], int]:
    """Mentions said since a moment that an earlier model labelled, newest first; and how far that
    looks back: 0 where there is nothing more.
    """
    lowest = max(use.below - LOOKED_AT, DONE)
    rows = db.execute(
        "SELECT m.id FROM mention AS m JOIN label AS l ON l.mention_id = m.id AND l.by = 'model'"
        " WHERE m.id < ? AND m.id >= ? AND m.said_at >= ? AND m.deleted_at IS NULL"
        " AND substr(l.model, 1, ?) <> ? GROUP BY m.id ORDER BY m.id DESC LIMIT ?",
        (use.below, lowest, to_text(since), len(use.model), use.model, limit),
    ).fetchall()
    found = [row["id"] for row in rows]
    return found, (found[-1] if len(found) == limit else lowest)


def steps(db: Db, since: datetime) -> list[Use]:
    """When another model took over, since a moment, oldest first; the first took over from none."""
    rows = db.execute(
        "SELECT model, since, below FROM model_use WHERE since >= ?"
        " AND id > (SELECT min(id) FROM model_use) ORDER BY id",
        (to_text(since),),
    )
    return [Use(r["model"], from_text(r["since"]), r["below"]) for r in rows]
