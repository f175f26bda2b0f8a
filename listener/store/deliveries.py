"""Which deliveries a hook has taken: the same one, sent again, changes nothing."""

from datetime import datetime

from listener.domain.times import to_text
from listener.store.connection import Db


def is_new(db: Db, source: str, key: str, now: datetime) -> bool:
    """Note a delivery, in the transaction that keeps what is in it; False for one taken before."""
    cursor = db.execute(
        "INSERT INTO delivery (source, key, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (source, key, to_text(now)),
    )
    return cursor.rowcount == 1


def forget(db: Db, before: datetime) -> None:
    """Let go of what is so old that no sender tries it again."""
    db.execute("DELETE FROM delivery WHERE at < ?", (to_text(before),))
