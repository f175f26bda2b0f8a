"""Which deliveries a hook has taken: the same one, sent again, changes nothing."""

from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db


def was_taken(db: Db, source: str, key: str) -> bool:
    """Whether this delivery was taken before."""
    row = db.execute("SELECT 1 FROM delivery WHERE source = ? AND key = ?", (source, key))
    return row.fetchone() is not None


def note(db: Db, source: str, key: str, now: datetime) -> None:
    """Note a delivery, in the transaction that keeps what is in it."""
    db.execute(
        "INSERT INTO delivery (source, key, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (source, key, to_text(now)),
    )


def forget(db: Db, before: datetime) -> None:
    """Let go of what is so old that no sender tries it again."""
    db.execute("DELETE FROM delivery WHERE at < ?", (to_text(before),))
