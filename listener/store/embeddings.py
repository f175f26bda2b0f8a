"""Vectors of mentions: little-endian float16, of unit length, one for each model."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from listener.store.connection import Db, among

TEXT = "CASE m.title WHEN '' THEN m.text ELSE m.title || char(10) || m.text END AS text"


def of(db: Db, mention_ids: Collection[int], model: str) -> dict[int, bytes]:
    """The vectors that there are of these mentions."""
    marks, given = among(mention_ids)
    rows = db.execute(
        f"SELECT mention_id, vector FROM embedding WHERE model = ? AND mention_id IN ({marks})",  # noqa: S608
        (model, *given),
    )
    return {r["mention_id"]: r["vector"] for r in rows}


def keep(db: Db, vectors: Mapping[int, bytes], texts: Mapping[int, str], model: str) -> None:
    """Keep vectors of mentions whose words are still those that they were made of."""
    marks, given = among(vectors)
    rows = db.execute(
        f"SELECT m.id, {TEXT} FROM mention AS m WHERE m.deleted_at IS NULL AND m.id IN ({marks})",  # noqa: S608
        given,
    )
    same = sorted(r["id"] for r in rows if r["text"] == texts[r["id"]])
    db.executemany(
        "INSERT OR REPLACE INTO embedding (mention_id, model, vector) VALUES (?, ?, ?)",
        [(i, model, vectors[i]) for i in same],
    )


def forget(db: Db, mention_ids: Sequence[int]) -> None:
    """Take away the vectors of words that are gone."""
    db.executemany("DELETE FROM embedding WHERE mention_id = ?", [(i,) for i in mention_ids])


def counting(db: Db, mention_ids: Collection[int], subject_ids: Collection[int]) -> set[int]:
    """Those of these mentions that are of one of these subjects."""
    marks, given = among(mention_ids)
    rows = db.execute(
        f"SELECT mention_id, subject_id FROM match WHERE mention_id IN ({marks})",  # noqa: S608
        given,
    )
    return {r["mention_id"] for r in rows if r["subject_id"] in subject_ids}


class Waiting(NamedTuple):
    """A mention that is to be read by its vector; without words where it is gone."""

    mention_id: int
    text: str
    round: int


def next_waiting(db: Db, limit: int) -> list[Waiting]:
    """Mentions that were labelled and wait for what is read out of vectors, newest first."""
    rows = db.execute(
        f"SELECT r.mention_id, {TEXT}, r.round FROM redo AS r"  # noqa: S608
        " JOIN mention AS m ON m.id = r.mention_id WHERE r.stage = 'embed'"
        " ORDER BY r.mention_id DESC LIMIT ?",
        (limit,),
    )
    return [Waiting(r["mention_id"], r["text"], r["round"]) for r in rows]


def done(db: Db, waiting: Iterable[Waiting]) -> None:
    """Note that these were read, unless they are to be read once more since."""
    db.executemany(
        "DELETE FROM redo WHERE stage = 'embed' AND mention_id = ? AND round = ?",
        [(w.mention_id, w.round) for w in waiting],
    )


def set_topics(db: Db, topics: Mapping[int, tuple[str, ...]]) -> list[int]:
    """Put topics into the labels that a model gave; returns the mentions of which that is new."""
    changed = []
    for mention_id, names in topics.items():
        written = json.dumps(names, ensure_ascii=False) if names else "[]"
        done = db.execute(
            "UPDATE label SET topics = ?1 WHERE mention_id = ?2 AND by = 'model'"
            " AND subject_id IS NULL AND topics <> ?1",
            (written, mention_id),
        )
        if done.rowcount > 0:
            changed.append(mention_id)
    return changed
