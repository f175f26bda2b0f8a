"""Words that are gone at their source, or are to be forgotten: taken out wherever they are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from listener.domain.mention import Tombstone
from listener.domain.times import to_text
from listener.store import digests, embeddings, heads, search, shown
from listener.store.connection import Db


def bury(db: Db, tombstones: Iterable[Tombstone], now: datetime) -> int:
    """Blank what is gone at its source: text and author go, id, times and counts stay."""
    buried = 0
    for stone in tombstones:
        row = db.execute(
            "SELECT id FROM mention WHERE source = ? AND source_id = ? AND deleted_at IS NULL",
            (stone.source, stone.source_id),
        ).fetchone()
        if row is not None:
            blank(db, [row["id"]], stone.reason, now)
            buried += 1
    return buried


def blank(db: Db, ids: Sequence[int], reason: str, now: datetime) -> None:
    """Take words and writer out of these mentions, wherever they are kept."""
    embeddings.forget(db, ids)
    for mention_id in ids:
        row = db.execute(
            f"SELECT {search.INDEXED}, author_id, source || ':' || source_id AS name FROM mention"  # noqa: S608
            " WHERE id = ?",
            (mention_id,),
        ).fetchone()
        search.remove(db, [search.entry(row)])
        db.execute(
            "UPDATE mention SET title = '', text = '', raw_text = NULL, raw = NULL, url = NULL,"
            " author_id = NULL, fold = NULL, deleted_at = ?, deletion_reason = ? WHERE id = ?",
            (to_text(now), reason, mention_id),
        )
        db.execute(
            "UPDATE match SET author_id = NULL, terms = '[]', places = NULL WHERE mention_id = ?",
            (mention_id,),
        )
        db.execute("DELETE FROM mention_version WHERE mention_id = ?", (mention_id,))
        db.execute(  # answers speak to people by name, and quote them
            "UPDATE response SET text = '' WHERE mention_id = ?1 OR (source, parent_id) ="
            " (SELECT source, source_id FROM mention WHERE id = ?1)",
            (mention_id,),
        )
        db.execute(
            "UPDATE clock SET dismissed = 1, state = 'dismissed', next_at = NULL"
            " WHERE mention_id = ? AND answered_at IS NULL",
            (mention_id,),
        )
        db.execute("DELETE FROM work WHERE mention_id = ?", (mention_id,))
        db.execute("DELETE FROM issue_mention WHERE mention_id = ?", (mention_id,))
        db.execute("DELETE FROM note WHERE mention_id = ?", (mention_id,))  # they may quote it
        db.execute("DELETE FROM undoable WHERE mention_id = ?", (mention_id,))
        db.execute(
            "DELETE FROM author WHERE id = ?1"
            " AND NOT EXISTS (SELECT 1 FROM mention WHERE author_id = ?1)",
            (row["author_id"],),
        )
        heads.pass_on(db, mention_id)
        shown.gone(db, mention_id, now)
        digests.take_out(db, row["name"])
