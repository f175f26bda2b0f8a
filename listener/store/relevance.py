"""How relevant mentions are to their subjects, and what people said of that."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from listener.domain.times import to_text
from listener.store import mentions
from listener.store.connection import Db, among
from listener.store.embeddings import TEXT


class Found(NamedTuple):
    """A mention that the query of a subject found, and its vector, where there is one.

    A vector is little-endian float16, of unit length.
    """

    mention_id: int
    text: str
    vector: bytes | None


def found_by(db: Db, mention_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of a mention and a subject whose query found it."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT mention_id, subject_id FROM match"  # noqa: S608
        f" WHERE origin = 'query' AND mention_id IN ({marks})",
        given,
    )
    return [(r["mention_id"], r["subject_id"]) for r in rows]


def next_found(
    db: Db, subject_id: int, model: str, *, after: int, since: datetime, limit: int
) -> list[Found]:
    """What the query of a subject found since a moment and was labelled, in the order of rows.

    The pluses keep SQLite from reading, for each page, all that was said since then.
    """
    rows = db.execute(
        f"SELECT m.id, {TEXT}, e.vector FROM match AS x"  # noqa: S608
        " CROSS JOIN mention AS m ON m.id = x.mention_id"
        " LEFT JOIN embedding AS e ON e.mention_id = m.id AND e.model = ?1"
        " WHERE +x.subject_id = ?2 AND x.origin = 'query' AND +x.said_at >= ?3"
        " AND x.mention_id > ?4 AND m.deleted_at IS NULL AND x.mention_id"
        " <= coalesce((SELECT upto FROM progress WHERE stage = 'classify'), 0)"
        " ORDER BY x.mention_id LIMIT ?5",
        (model, subject_id, to_text(since), after, limit),
    )
    return [Found(r["id"], r["text"], r["vector"]) for r in rows]


def newest_found(
    db: Db, subject_id: int, model: str, *, since: datetime, limit: int
) -> list[Found]:
    """The newest that the query of a subject found, and on which nobody said a word."""
    rows = db.execute(
        f"SELECT m.id, {TEXT}, e.vector FROM match AS x"  # noqa: S608
        " CROSS JOIN mention AS m ON m.id = x.mention_id"
        " LEFT JOIN embedding AS e ON e.mention_id = m.id AND e.model = ?1"
        " WHERE x.subject_id = ?2 AND x.origin = 'query' AND x.said_at >= ?3"
        " AND m.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM verdict AS v"
        " WHERE v.mention_id = m.id AND v.subject_id = ?2)"
        " ORDER BY x.said_at DESC, x.mention_id DESC LIMIT ?4",
        (model, subject_id, to_text(since), limit),
    )
    return [Found(r["id"], r["text"], r["vector"]) for r in rows]


class Verdict(NamedTuple):
    """What a person said of a mention's relevance, and the mention's vector, if there is one."""

    mention_id: int
    relevant: bool
    text: str
    vector: bytes | None


def say(
    db: Db, mention_id: int, subject_id: int, by: str, now: datetime, *, relevant: bool
) -> None:
    """Keep what a person says; the last word stands."""
    db.execute(
        "INSERT OR REPLACE INTO verdict (mention_id, subject_id, relevant, by, made_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (mention_id, subject_id, relevant, by, to_text(now)),
    )


def said_before(db: Db, mention_id: int, subject_id: int) -> dict[str, Any] | None:
    """What a person said last of a mention's relevance: relevant, by, made_at; None: nobody did."""
    row = db.execute(
        "SELECT relevant, by, made_at FROM verdict WHERE mention_id = ? AND subject_id = ?",
        (mention_id, subject_id),
    ).fetchone()
    return None if row is None else dict(row)


def unsay(db: Db, mention_id: int, subject_id: int, before: Mapping[str, Any] | None) -> None:
    """Take the last word back; what `said_before` it stands again. Whoever calls it has the
    mention measured anew.
    """
    db.execute(
        "DELETE FROM verdict WHERE mention_id = ? AND subject_id = ?", (mention_id, subject_id)
    )
    if before is not None:
        db.execute(
            "INSERT INTO verdict (mention_id, subject_id, relevant, by, made_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (mention_id, subject_id, before["relevant"], before["by"], before["made_at"]),
        )


def verdicts(db: Db, subject_id: int, model: str, limit: int) -> list[Verdict]:
    """The newest of what people said of a subject's mentions, in the order of the mentions."""
    rows = db.execute(
        f"SELECT m.id, v.relevant, {TEXT}, e.vector FROM verdict AS v"  # noqa: S608
        " JOIN mention AS m ON m.id = v.mention_id AND m.deleted_at IS NULL"
        " LEFT JOIN embedding AS e ON e.mention_id = m.id AND e.model = ?"
        " WHERE v.subject_id = ? ORDER BY v.made_at DESC, m.id LIMIT ?",
        (model, subject_id, limit),
    )
    found = [Verdict(r["id"], bool(r["relevant"]), r["text"], r["vector"]) for r in rows]
    return sorted(found)


def verdicts_said(db: Db) -> dict[int, tuple[int, str, int]]:
    """For each subject of which people said anything: how often, when last, a sum of the rows.

    It changes whenever anybody says anything more, or anything else.
    """
    rows = db.execute(
        "SELECT subject_id, count(*) AS n, max(made_at) AS last,"
        " sum(mention_id * (1 + relevant)) AS total FROM verdict GROUP BY subject_id"
    )
    return {r["subject_id"]: (r["n"], r["last"], r["total"]) for r in rows}


def keep_scores(
    db: Db, scores: Iterable[tuple[int, int, float, bool]], model: str, now: datetime
) -> list[int]:
    """Keep scores: mention, subject, score, relevant. Returns the mentions judged otherwise."""
    changed = []
    for mention_id, subject_id, score, relevant in scores:
        before = db.execute(
            "SELECT relevant FROM relevance WHERE mention_id = ? AND subject_id = ?",
            (mention_id, subject_id),
        ).fetchone()
        if (before is None or bool(before["relevant"])) != relevant:
            changed.append(mention_id)
        db.execute(
            "INSERT OR REPLACE INTO relevance (mention_id, subject_id, score, relevant, model,"
            " made_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM match"
            " WHERE mention_id = ?1 AND subject_id = ?2)",
            (mention_id, subject_id, round(score, 4), relevant, model, to_text(now)),
        )
    return changed


def forget_words(db: Db, mention_ids: Iterable[int]) -> None:
    """Take away what was read out of words that may have changed."""
    rows = [(i,) for i in mention_ids]
    db.executemany("DELETE FROM relevance WHERE mention_id = ?", rows)


def forget_subject(db: Db, subject_id: int) -> None:
    """Take away what a model said of a subject's mentions, and measure anew those it kept aside."""
    aside = db.execute(
        "SELECT mention_id FROM match WHERE subject_id = ? AND aside = 'relevance'", (subject_id,)
    ).fetchall()
    db.execute("DELETE FROM relevance WHERE subject_id = ?", (subject_id,))
    mentions.redo(db, "measure", [r["mention_id"] for r in aside])


class Rescored(NamedTuple):
    """With which model a subject's stored mentions are scored anew, and how far that is."""

    model: str
    upto: int
    done: bool


def rescored(db: Db) -> dict[int, Rescored]:
    rows = db.execute("SELECT subject_id, model, upto, done FROM rescored")
    return {r["subject_id"]: Rescored(r["model"], r["upto"], bool(r["done"])) for r in rows}


def set_rescored(db: Db, subject_id: int, state: Rescored) -> None:
    db.execute(
        "INSERT OR REPLACE INTO rescored (subject_id, model, upto, done) VALUES (?, ?, ?, ?)",
        (subject_id, state.model, state.upto, state.done),
    )
