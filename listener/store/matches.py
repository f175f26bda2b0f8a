"""Matches: which mentions are about which subject, and what they count as."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from listener.domain.marked import told_places
from listener.domain.stars import USUAL_SCALE, as_text
from listener.domain.times import from_text, to_text
from listener.domain.voice import Voice
from listener.store.connection import Db, Row, among
from listener.store.labels import CONFIDENCE, newest

COPIES_WITHIN = timedelta(hours=24)


class Matched(NamedTuple):
    """A mention that counts for a subject, as the measure stage needs it."""

    mention_id: int
    subject_id: int
    channel: str
    said_at: str
    seen_at: str
    sentiment: str | None
    question: bool
    fold: int | None
    deleted: bool


def next_unmeasured(db: Db, limit: int) -> tuple[list[int], list[int], int]:
    """The mentions to measure next: ids, those of them that are done again, and how far that is."""
    upto = _progress(db, "measure")
    rows = db.execute(
        "SELECT id FROM mention WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        (upto, _progress(db, "classify"), limit),
    ).fetchall()
    again = db.execute(
        "SELECT mention_id FROM redo AS r WHERE stage = 'measure' AND mention_id <= ?"
        " AND NOT EXISTS (SELECT 1 FROM redo AS c WHERE c.stage = 'classify'"
        " AND c.mention_id = r.mention_id) LIMIT ?",
        (upto, limit),
    ).fetchall()
    new = [r["id"] for r in rows]
    redone = [r["mention_id"] for r in again]
    return new + redone, redone, new[-1] if new else upto


def _progress(db: Db, stage: str) -> int:
    row = db.execute("SELECT upto FROM progress WHERE stage = ?", (stage,)).fetchone()
    return 0 if row is None else int(row["upto"])


def counting(db: Db, mention_ids: Sequence[int]) -> list[Matched]:
    """The matches of these mentions that count."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT x.mention_id, x.subject_id, x.channel, x.said_at, m.seen_at, x.sentiment,"  # noqa: S608
        " m.question, m.fold, m.deleted_at FROM match AS x JOIN mention AS m ON m.id = x.mention_id"
        f" WHERE x.counts AND x.mention_id IN ({marks})"
        " ORDER BY x.mention_id, x.subject_id",
        given,
    )
    return [
        Matched(
            r["mention_id"],
            r["subject_id"],
            r["channel"],
            r["said_at"],
            r["seen_at"],
            r["sentiment"],
            bool(r["question"]),
            r["fold"],
            r["deleted_at"] is not None,
        )
        for r in rows
    ]


def texts_of(db: Db, mention_ids: Sequence[int]) -> dict[int, str]:
    """The texts of these mentions."""
    marks, given = among(mention_ids)
    rows = db.execute(f"SELECT id, text FROM mention WHERE id IN ({marks})", given)  # noqa: S608
    return {row["id"]: row["text"] for row in rows}


def is_one(db: Db, mention_id: int, subject_id: int) -> bool:
    """Whether a mention was found for a subject, whether it counts or not."""
    row = db.execute(
        "SELECT 1 FROM match WHERE mention_id = ? AND subject_id = ?", (mention_id, subject_id)
    ).fetchone()
    return row is not None


ORIGINALS: Final = """
SELECT s.value ->> 0, (
  SELECT m.id FROM mention AS m JOIN match AS x
    ON x.mention_id = m.id AND x.subject_id = s.value ->> 2 AND x.counts
  WHERE m.fold = s.value ->> 3 AND m.said_at BETWEEN s.value ->> 4 AND s.value ->> 5
    AND m.id < s.value ->> 1
  ORDER BY m.said_at, m.id LIMIT 1
) FROM json_each(?) AS s
"""  # of [number, mention, subject, fold, since, until]


def originals_of(db: Db, rows: Sequence[Matched]) -> list[int | None]:
    """For each match, one that came before it, with its words and subject, said within a day."""
    folds = {one.fold for one in rows if one.fold is not None}
    if not folds:
        return [None] * len(rows)
    marks, given = among(folds)
    said = [one.said_at for one in rows]
    near = (_moved(min(said), -COPIES_WITHIN), _moved(max(said), COPIES_WITHIN))
    again = db.execute(
        f"SELECT fold FROM mention WHERE fold IN ({marks}) AND said_at BETWEEN ? AND ?"  # noqa: S608
        " GROUP BY fold HAVING count(*) > 1",
        (*given, *near),
    )
    repeated = {row["fold"] for row in again}  # few are: the others need no look-up of their own
    asked = [(at, *_around(one)) for at, one in enumerate(rows) if one.fold in repeated]
    found = dict(map(tuple, db.execute(ORIGINALS, (json.dumps(asked),))))
    return [found.get(at) for at in range(len(rows))]


def _around(one: Matched) -> tuple[int, int, int | None, str, str]:
    since, until = _moved(one.said_at, -COPIES_WITHIN), _moved(one.said_at, COPIES_WITHIN)
    return one.mention_id, one.subject_id, one.fold, since, until


def _moved(said_at: str, by: timedelta) -> str:
    return to_text(from_text(said_at) + by)


def settle(db: Db, rows: Sequence[tuple[str | None, int | None, int, int]]) -> None:
    """Write what matches count as: sentiment, original, mention, subject.

    What is a copy now is no original: its own copies follow it.
    """
    db.executemany(
        "UPDATE match SET sentiment = ?, copy_of = ? WHERE mention_id = ? AND subject_id = ?", rows
    )
    db.executemany(
        "UPDATE match SET copy_of = ?1 WHERE copy_of = ?2 AND subject_id = ?3 AND mention_id <> ?1",
        [(first, mention_id, subject_id) for _, first, mention_id, subject_id in rows if first],
    )


TOPICS = f"coalesce({newest('topics', 'x.subject_id')}, m.given_topics)"
VOICE = f"""
SELECT m.id, m.source || ':' || m.source_id AS name, m.channel, m.said_at, m.title, m.text,
  coalesce(a.handle, a.name) AS author, m.author_id, a.followers, m.url, x.sentiment, x.copy_of,
  {TOPICS} AS topics, m.language, x.places,
  m.stars, m.stars_scale, {CONFIDENCE} AS confidence
FROM match AS x JOIN mention AS m ON m.id = x.mention_id
LEFT JOIN author AS a ON a.id = m.author_id
"""  # noqa: S608  # ours, without a value


def voices(
    db: Db,
    subject_id: int,
    since: datetime,
    until: datetime,
    *,
    sentiment: str | None = None,
    limit: int = 2000,
    loudest: bool = False,
) -> list[Voice]:
    """What was said of a subject in a half-open span, oldest first; deleted ones lack.

    `loudest`: those with most followers first.
    """
    order = "a.followers DESC, x.said_at, m.id" if loudest else "x.said_at, m.id"
    rows = db.execute(
        f"{VOICE} WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts"
        " AND m.deleted_at IS NULL AND (?4 IS NULL OR x.sentiment = ?4)"
        f" ORDER BY {order} LIMIT ?5",
        (subject_id, to_text(since), to_text(until), sentiment, limit),
    )
    return [_voice(r) for r in rows]


def voices_by_id(db: Db, subject_id: int, mention_ids: Sequence[int]) -> list[Voice]:
    """These mentions of a subject, in the order of the ids; deleted ones lack, and those aside."""
    marks, given = among(mention_ids)
    rows = db.execute(
        f"{VOICE} WHERE x.subject_id = ? AND x.aside IS NULL AND m.deleted_at IS NULL"
        f" AND m.id IN ({marks})",
        (subject_id, *given),
    )
    found = {r["id"]: _voice(r) for r in rows}
    return [found[i] for i in mention_ids if i in found]


def about(db: Db, mention_ids: Sequence[int]) -> dict[int, list[tuple[str, str | None]]]:
    """Of each of these mentions the subjects it counts for, and its sentiment towards each."""
    marks, given = among(mention_ids)
    rows = db.execute(
        "SELECT x.mention_id, s.name, x.sentiment FROM match AS x"  # noqa: S608
        f" JOIN subject AS s ON s.id = x.subject_id WHERE x.mention_id IN ({marks}) AND x.counts"
        " ORDER BY x.mention_id, s.id",
        given,
    )
    found: dict[int, list[tuple[str, str | None]]] = {}
    for row in rows:
        found.setdefault(row["mention_id"], []).append((row["name"], row["sentiment"]))
    return found


def names_of(db: Db, mention_ids: Sequence[int]) -> list[str]:
    """SOURCE:ID of these mentions, in the order of the ids; also of deleted ones."""
    marks, given = among(mention_ids)
    rows = db.execute(
        f"SELECT id, source || ':' || source_id AS name FROM mention WHERE id IN ({marks})",  # noqa: S608
        given,
    )
    found = {r["id"]: r["name"] for r in rows}
    return [found[i] for i in mention_ids if i in found]


def _voice(row: Row) -> Voice:
    return Voice(
        id=row["id"],
        name=row["name"],
        channel=row["channel"],
        said_at=from_text(row["said_at"]),
        text=f"{row['title']}: {row['text']}" if row["title"] else row["text"],
        author=row["author"],
        author_id=row["author_id"],
        followers=row["followers"],
        url=row["url"],
        sentiment=row["sentiment"],
        copy_of=row["copy_of"],
        language=row["language"],
        stars=as_text(row["stars"], row["stars_scale"] or USUAL_SCALE)
        if row["stars"] is not None
        else "",
        confidence=row["confidence"],
        topics=tuple(json.loads(row["topics"])) if row["topics"] else (),
        places=_places(row),
    )


def _places(row: Row) -> tuple[tuple[int, int], ...]:
    if not row["places"]:
        return ()
    told = told_places(json.loads(row["places"]), row["title"] or "")
    return tuple((start, end) for start, end, *_ in told)


def found_since(db: Db, subject: str, since: datetime, limit: int) -> list[Row]:
    """What was found for a subject and is still there, the newest first: mention_id, said_at, and
    whether it was `named` by the mention.
    """
    return db.execute(
        "SELECT x.mention_id, x.said_at, x.origin = 'given' AS named FROM match AS x"
        " WHERE x.subject_id = (SELECT id FROM subject WHERE name = ?) AND x.said_at >= ?"
        " AND (x.origin = 'given' OR x.terms <> '[]')"  # the terms of what is gone are gone too
        " ORDER BY x.said_at DESC LIMIT ?",
        (subject, to_text(since), limit),
    ).fetchall()


def counts(db: Db) -> list[tuple[str, str, int, int]]:
    """For each subject: name, role, mentions that count, negative ones among them."""
    rows = db.execute(
        "SELECT s.name, s.role, count(x.mention_id) AS n,"
        " coalesce(sum(x.sentiment = 'negative'), 0) AS negative FROM subject AS s"
        " LEFT JOIN match AS x ON x.subject_id = s.id AND x.counts WHERE s.active"
        " GROUP BY s.id ORDER BY s.id"
    )
    return [(r["name"], r["role"], r["n"], r["negative"]) for r in rows]
