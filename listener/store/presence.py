"""Who has which mention open: rows that run out by themselves."""

from collections.abc import Sequence
from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db, among


def come(db: Db, mention_id: int, who: str, now: datetime, until: datetime) -> None:
    """Note that somebody has a mention open, and no other; what has run out goes."""
    db.execute("DELETE FROM presence WHERE until <= ?", (to_text(now),))
    db.execute("DELETE FROM presence WHERE who = ? AND mention_id <> ?", (who, mention_id))
    db.execute(
        "INSERT OR REPLACE INTO presence (mention_id, who, until) VALUES (?, ?, ?)",
        (mention_id, who, to_text(until)),
    )


def is_on(db: Db, mention_id: int, who: str, at: datetime) -> bool:
    """Whether somebody will count as there at a moment."""
    row = db.execute(
        "SELECT 1 FROM presence WHERE mention_id = ? AND who = ? AND until > ?",
        (mention_id, who, to_text(at)),
    ).fetchone()
    return row is not None


def leave(db: Db, mention_id: int, who: str) -> None:
    db.execute("DELETE FROM presence WHERE mention_id = ? AND who = ?", (mention_id, who))


def on(db: Db, mention_ids: Sequence[int], but: str, now: datetime) -> dict[int, list[str]]:
    """Who has each of these mentions open, apart from one person."""
    marks, given = among(mention_ids)
    found: dict[int, list[str]] = {}
    for row in db.execute(
        "SELECT mention_id, who FROM presence WHERE until > ? AND who <> ?"  # noqa: S608
        f" AND mention_id IN ({marks}) ORDER BY who",
        (to_text(now), but, *given),
    ):
        found.setdefault(row["mention_id"], []).append(row["who"])
    return found


def all_of_them(db: Db, now: datetime) -> frozenset[tuple[int, str]]:
    """Who is where."""
    rows = db.execute("SELECT mention_id, who FROM presence WHERE until > ?", (to_text(now),))
    return frozenset((row["mention_id"], row["who"]) for row in rows)
