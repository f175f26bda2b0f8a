"""Retention: what is older than `keep` goes, little by little."""

from datetime import datetime

from listener.domain.times import to_text
from listener.store import search
from listener.store.connection import BATCH, Store

LARGEST_SHARE = 0.1  # of all mentions in one run: a clock that jumped must not empty the database


def sweep(store: Store, before: datetime) -> int:
    """Delete mentions said before a moment, at most a tenth of all; returns how many went.

    Buckets stay: they are counts, and hold nobody's words.
    """
    with store.write() as db:
        db.execute("DELETE FROM source_run WHERE ended_at < ?", (to_text(before),))
        db.execute("DELETE FROM reject WHERE at < ?", (to_text(before),))
    with store.read() as db:
        total = db.execute("SELECT count(*) FROM mention").fetchone()[0]
    left = max(int(total * LARGEST_SHARE), min(total, BATCH))
    gone = 0
    while left > 0 and (took := _sweep_some(store, before, min(left, BATCH))):
        gone += took
        left -= took
    return gone


def _sweep_some(store: Store, before: datetime, limit: int) -> int:
    with store.write() as db:
        rows = db.execute(
            "SELECT id, title, text FROM mention WHERE said_at < ? ORDER BY said_at LIMIT ?",
            (to_text(before), limit),
        ).fetchall()
        for row in rows:
            search.remove(db, row["id"], (row["title"], row["text"]))
        ids = [(row["id"],) for row in rows]
        db.executemany("UPDATE response SET mention_id = NULL, text = '' WHERE mention_id = ?", ids)
        db.executemany("DELETE FROM mention WHERE id = ?", ids)
        db.execute(
            "DELETE FROM author WHERE id IN (SELECT a.id FROM author AS a"
            " LEFT JOIN mention AS m ON m.author_id = a.id WHERE m.id IS NULL LIMIT 1000)"
        )
        return len(rows)
