"""Retention: what is older than `keep` goes, little by little."""

from datetime import datetime
from math import ceil

from listener.domain.times import to_text
from listener.store import digests, search, withheld
from listener.store.connection import BATCH, Store

ONE_IN = 10  # of all mentions go in one run: a clock that jumped must not empty the database

DELETE_UNASKED = """
DELETE FROM response WHERE id IN
  (SELECT id FROM response WHERE mention_id IS NULL AND said_at < ? ORDER BY id LIMIT ?)
"""

OVER = "(SELECT id FROM incident WHERE resolved_at < ?1)"
TOLD_LONG_AGO = f"""
SELECT n.id FROM notice AS n JOIN outbox AS o ON o.notice_id = n.id
WHERE n.made_at < ?1 AND o.state IN ('sent', 'failed', 'shadow')
  AND (n.incident_id IS NULL OR n.incident_id IN {OVER}) ORDER BY n.made_at LIMIT ?2
"""  # noqa: S608
DELETE_HISTORY = f"""
DELETE FROM incident_event WHERE id IN
  (SELECT id FROM incident_event WHERE at < ?1 AND incident_id IN {OVER} ORDER BY id LIMIT ?2)
"""  # noqa: S608
DELETE_NOTES = f"""
DELETE FROM note WHERE incident_id IN {OVER} AND act_id IN
  (SELECT n.act_id FROM note AS n JOIN audit AS a ON a.id = n.act_id
   WHERE n.incident_id NOTNULL AND a.at < ?1 ORDER BY n.act_id LIMIT ?2)
"""  # noqa: S608


def sweep(store: Store, before: datetime) -> int:
    """Delete mentions said before a moment, at most a tenth of all; returns how many went.

    What was told of incidents that are over goes too, and their history; of open ones it stays.
    Answers go with their mentions; those that never found theirs go by their own age. Buckets
    stay: they are counts, and hold nobody's words.
    """
    with store.write() as db:
        db.execute("DELETE FROM source_run WHERE ended_at < ?", (to_text(before),))
        db.execute("DELETE FROM reject WHERE at < ?", (to_text(before),))
        digests.take_out_old(db, before)
        db.execute(DELETE_UNASKED, (to_text(before), BATCH))
        db.execute(DELETE_HISTORY, (to_text(before), BATCH))
        db.execute(DELETE_NOTES, (to_text(before), BATCH))
        withheld.sweep(db, before, BATCH)
        notices = [(r["id"],) for r in db.execute(TOLD_LONG_AGO, (to_text(before), BATCH))]
        db.executemany("DELETE FROM outbox WHERE notice_id = ?", notices)
        db.executemany("DELETE FROM notice WHERE id = ?", notices)
    with store.read() as db:
        total = db.execute("SELECT count(*) FROM mention").fetchone()[0]
    left = ceil(total / ONE_IN)
    gone = 0
    while left > 0 and (took := _sweep_some(store, before, min(left, BATCH))):
        gone += took
        left -= took
    return gone


def _sweep_some(store: Store, before: datetime, limit: int) -> int:
    with store.write() as db:
        rows = db.execute(
            f"SELECT {search.INDEXED} FROM mention WHERE said_at < ? ORDER BY said_at LIMIT ?",  # noqa: S608
            (to_text(before), limit),
        ).fetchall()
        search.remove(db, map(search.entry, rows))
        ids = [(row["id"],) for row in rows]
        db.executemany("UPDATE response SET mention_id = NULL, text = '' WHERE mention_id = ?", ids)
        db.executemany("DELETE FROM mention WHERE id = ?", ids)
        db.execute(
            "DELETE FROM author WHERE id IN (SELECT a.id FROM author AS a"
            " LEFT JOIN mention AS m ON m.author_id = a.id WHERE m.id IS NULL LIMIT 1000)"
        )
        return len(rows)
