"""Which presses in a chat were carried out: services hand one over again if they are in doubt."""

from datetime import datetime, timedelta
from typing import Final

from listener.domain.times import to_text
from listener.store.connection import Db

KEPT: Final = timedelta(days=2)  # nothing is handed over again so much later


def is_new(db: Db, key: str) -> bool:
    return db.execute("SELECT 1 FROM pressed WHERE key = ?", (key,)).fetchone() is None


def note(db: Db, key: str, now: datetime) -> None:
    """Remember a press that was carried out, and forget old ones."""
    db.execute("INSERT OR IGNORE INTO pressed (key, at) VALUES (?, ?)", (key, to_text(now)))
    db.execute("DELETE FROM pressed WHERE at < ?", (to_text(now - KEPT),))
