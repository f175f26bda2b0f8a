"""Matches kept aside: they count for nothing and alert nobody, and stay where they can be seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from listener.domain.relevance import Aside
from listener.domain.times import bucket_start, from_text, to_text
from listener.store import clocks, mentions
from listener.store.connection import Db, Row, among

PUT = """
UPDATE match SET counts = 0, aside = ?3 WHERE mention_id = ?1 AND subject_id = ?2 AND counts
  AND origin <> 'given' AND NOT EXISTS (SELECT 1 FROM verdict AS v
    WHERE v.mention_id = ?1 AND v.subject_id = ?2 AND v.relevant)
RETURNING said_at
"""
PUT_BY_A_PERSON = """
UPDATE match SET counts = 0, aside = ?3 WHERE mention_id = ?1 AND subject_id = ?2
  AND (counts OR aside <> ?3) RETURNING said_at
"""
BRING = """
UPDATE match SET aside = NULL, counts = origin = 'given' OR NOT EXISTS (SELECT 1 FROM match AS g
    WHERE g.mention_id = ?1 AND g.origin = 'given')
WHERE mention_id = ?1 AND subject_id = ?2 AND aside IS NOT NULL RETURNING said_at
"""


def put_aside(db: Db, rows: Sequence[tuple[int, int, str]]) -> int:
    """Keep matches aside, each (mention, subject, reason); returns how many this moved.

    Their clocks go, unless they were answered, and their buckets are counted anew. A match that
    the mention named itself stays, as does one that a person called relevant, unless the reason is
    a person. One that is aside already keeps its reason, but for a person's. Copies of what goes
    are measured once more: they may be the first now.
    """
    moved = []
    for mention_id, subject_id, reason in rows:
        sql = PUT_BY_A_PERSON if reason == Aside.PERSON else PUT
        found = db.execute(sql, (mention_id, subject_id, reason)).fetchall()
        moved += [(mention_id, subject_id, r["said_at"]) for r in found]
    for mention_id, subject_id, _ in moved:
        clocks.drop(db, mention_id, [subject_id])
    db.executemany(  # which is not what later copies are found by, also when it comes back
        "DELETE FROM copy_head WHERE mention_id = ? AND subject_id = ?",
        [(mention_id, subject_id) for mention_id, subject_id, _ in moved],
    )
    _count_anew(db, moved)
    mentions.redo(db, "measure", _copies(db, [mention_id for mention_id, _, _ in moved]))
    return len(moved)


def bring_back(db: Db, rows: Sequence[tuple[int, int]]) -> int:
    """Let matches, each (mention, subject), count again; returns how many were aside.

    They are measured once more, which starts their clocks and counts them.
    """
    moved = []
    for mention_id, subject_id in rows:
        found = db.execute(BRING, (mention_id, subject_id)).fetchall()
        moved += [(mention_id, subject_id, r["said_at"]) for r in found]
    _count_anew(db, moved)
    mentions.redo(db, "measure", [mention_id for mention_id, _, _ in moved])
    return len(moved)


def _count_anew(db: Db, moved: Sequence[tuple[int, int, str]]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO stale_bucket (subject_id, start) VALUES (?, ?)",
        [(subject_id, to_text(bucket_start(from_text(said)))) for _, subject_id, said in moved],
    )


def _copies(db: Db, mention_ids: Sequence[int]) -> list[int]:
    if not mention_ids:
        return []
    marks, given = among(mention_ids)
    rows = db.execute(
        f"SELECT DISTINCT mention_id FROM match WHERE copy_of IN ({marks})",  # noqa: S608
        given,
    )
    return [r["mention_id"] for r in rows]


class Judged(NamedTuple):
    """What is said of a match's relevance. None: by nobody, or by no model."""

    mention_id: int
    subject_id: int
    given: bool  # the mention named the subject
    aside: str | None
    by_a_person: bool | None
    by_the_model: bool | None


def judged(db: Db, mention_ids: Sequence[int]) -> list[Judged]:
    """The matches of these mentions whose relevance anybody judged, or that are aside."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT x.mention_id, x.subject_id, x.origin = 'given' AS given, x.aside,"  # noqa: S608
        " v.relevant AS by_a_person, r.relevant AS by_the_model FROM match AS x"
        " LEFT JOIN verdict AS v ON v.mention_id = x.mention_id AND v.subject_id = x.subject_id"
        " LEFT JOIN relevance AS r ON r.mention_id = x.mention_id AND r.subject_id = x.subject_id"
        f" WHERE x.mention_id IN ({marks}) AND coalesce(x.aside, v.relevant, r.relevant) NOTNULL",
        given,
    )
    return [
        Judged(
            r["mention_id"],
            r["subject_id"],
            bool(r["given"]),
            r["aside"],
            _yes(r["by_a_person"]),
            _yes(r["by_the_model"]),
        )
        for r in rows
    ]


def _yes(value: int | None) -> bool | None:
    return None if value is None else bool(value)


LISTED = """
SELECT m.source || ':' || m.source_id AS id, s.name AS subject, x.aside AS reason, r.score,
  v.by, x.said_at, x.channel, coalesce(a.handle, a.name) AS author, x.sentiment, m.title, m.text,
  m.url, x.places
FROM match AS x JOIN mention AS m ON m.id = x.mention_id JOIN subject AS s ON s.id = x.subject_id
LEFT JOIN author AS a ON a.id = m.author_id
LEFT JOIN relevance AS r ON r.mention_id = x.mention_id AND r.subject_id = x.subject_id
LEFT JOIN verdict AS v ON v.mention_id = x.mention_id AND v.subject_id = x.subject_id
WHERE x.aside IS NOT NULL AND (?1 IS NULL OR s.name = ?1 COLLATE NOCASE)
  AND (?2 IS NULL OR x.aside = ?2 OR x.aside LIKE ?2 || ':%')
ORDER BY x.said_at DESC, x.mention_id DESC LIMIT ?3
"""


def listing(db: Db, subject: str | None, reason: str | None, limit: int) -> list[Row]:
    """What is kept aside, newest first. `reason`: also the kind alone, "spam"."""
    return db.execute(LISTED, (subject, reason, limit)).fetchall()


def count_by(
    db: Db, since: datetime | None = None, until: datetime | None = None
) -> list[tuple[int, str, str, int]]:
    """How many are aside of what was said in a half-open span: subject, its name, reason, count.

    For subjects that are followed, in their order; the reasons by their names.
    """
    rows = db.execute(
        "SELECT s.id, s.name, x.aside, count(*) AS n FROM subject AS s"
        " JOIN match AS x ON x.subject_id = s.id AND x.aside IS NOT NULL"
        " AND x.said_at >= ? AND x.said_at < ? WHERE s.active GROUP BY s.id, x.aside"
        " ORDER BY s.id, x.aside",
        (to_text(since) if since else "", to_text(until) if until else "~"),
    )
    return [(r["id"], r["name"], r["aside"], r["n"]) for r in rows]
