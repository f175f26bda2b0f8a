"""What people said of topics, what told those of stored mentions, and vectors that are no more."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from listener.domain.times import to_text
from listener.store.connection import BATCH, Db
from listener.store.embeddings import TEXT

PEOPLES = "l.topics <> '[]' AND l.by NOT IN ('model', 'given')"
SWEPT = timedelta(days=30)  # how far behind the last that is kept vectors are looked for


class Taught(NamedTuple):
    """A mention whose topics a person told, and its vector, where there is one."""

    mention_id: int
    text: str
    topics: tuple[str, ...]
    vector: bytes | None


def how_many_taught(db: Db) -> int:
    """How often people told topics."""
    return int(db.execute(f"SELECT count(*) FROM label AS l WHERE {PEOPLES}").fetchone()[0])  # noqa: S608


def taught(db: Db, model: str, limit: int) -> list[Taught]:
    """The newest of what people told; of a mention the last word alone."""
    rows = db.execute(
        f"SELECT m.id, {TEXT}, l.topics, e.vector, max(l.made_at) AS last FROM label AS l"  # noqa: S608
        " JOIN mention AS m ON m.id = l.mention_id AND m.deleted_at IS NULL"
        " LEFT JOIN embedding AS e ON e.mention_id = m.id AND e.model = ?"
        f" WHERE {PEOPLES} GROUP BY m.id ORDER BY last DESC, m.id LIMIT ?",
        (model, limit),
    )
    return [Taught(r["id"], r["text"], tuple(json.loads(r["topics"])), r["vector"]) for r in rows]


def usual(db: Db, model: str, limit: int) -> list[tuple[str, bytes]]:
    """The newest texts that have a vector."""
    rows = db.execute(
        f"SELECT {TEXT}, e.vector FROM embedding AS e JOIN mention AS m ON m.id = e.mention_id"  # noqa: S608
        " WHERE e.model = ? AND m.deleted_at IS NULL ORDER BY e.mention_id DESC LIMIT ?",
        (model, limit),
    )
    return [(r["text"], r["vector"]) for r in rows]


def told_by(db: Db) -> str | None:
    """What told the topics of what is stored; None before anything did."""
    row = db.execute("SELECT model FROM told_by WHERE what = 'topics'").fetchone()
    return None if row is None else str(row["model"])


def tell_anew(db: Db, model: str, since: datetime) -> int:
    """Have topics told anew of all that was said since then and has a model's label."""
    db.execute("INSERT OR REPLACE INTO told_by (what, model) VALUES ('topics', ?)", (model,))
    done = db.execute(
        "INSERT INTO redo (stage, mention_id) SELECT 'embed', m.id FROM mention AS m"
        " WHERE m.said_at >= ? AND m.deleted_at IS NULL AND EXISTS (SELECT 1 FROM label AS l"
        " WHERE l.mention_id = m.id AND l.by = 'model')"
        " ON CONFLICT (stage, mention_id) DO UPDATE SET round = round + 1",
        (to_text(since),),
    )
    return max(done.rowcount, 0)


def sweep_vectors(db: Db, before: datetime) -> int:
    """Take away vectors of what was said before then, but not of what people judged by hand."""
    done = db.execute(
        "DELETE FROM embedding WHERE mention_id IN (SELECT m.id FROM mention AS m"  # noqa: S608
        " WHERE m.said_at < ?1 AND m.said_at >= ?2"
        " AND EXISTS (SELECT 1 FROM embedding AS e WHERE e.mention_id = m.id)"
        f" AND NOT EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = m.id AND {PEOPLES})"
        " AND NOT EXISTS (SELECT 1 FROM verdict AS v WHERE v.mention_id = m.id) LIMIT ?3)",
        (to_text(before), to_text(before - SWEPT), BATCH),
    )
    return max(done.rowcount, 0)
