"""Counts over time, read from buckets: what changed, what was, and how much of it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from listener.domain.part import EVERY, WHOLE, Part
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row, among


@dataclass(frozen=True, slots=True)
class Slice:
    """One five-minute slice of a part of a subject; copies are folded in two of the counts."""

    part: Part
    start: datetime
    mentions: int
    negative: int
    folded: int
    folded_negative: int
    touched: int


COLUMNS = "subject_id, channel, topic, start, mentions, negative, folded, folded_negative, touched"


def touched_since(db: Db, touched: int) -> dict[int, list[Slice]]:
    """By subject, the slices of all its parts that changed after `touched`, oldest first."""
    found: dict[int, list[Slice]] = {}
    rows = db.execute(f"SELECT {COLUMNS} FROM bucket WHERE touched > ?", (touched,))  # noqa: S608
    for row in rows:
        found.setdefault(row["subject_id"], []).append(_slice(row))
    for slices in found.values():
        slices.sort(key=lambda s: s.start)
    return found


def of_subject_since(db: Db, subject_id: int, touched: int) -> list[Slice]:
    """The same of one subject, however long ago: reads all that is stored of it."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM bucket WHERE subject_id = ? AND +touched > ? ORDER BY start",  # noqa: S608
        (subject_id, touched),
    )
    return [_slice(row) for row in rows]


def span(
    db: Db, subject_id: int, since: datetime, until: datetime, part: Part = WHOLE
) -> Iterator[Slice]:
    """The slices of a part in a half-open span, oldest first; empty ones lack."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM bucket WHERE subject_id = ? AND channel = ? AND topic = ?"  # noqa: S608
        " AND start >= ? AND start < ? ORDER BY start",
        (subject_id, *part, to_text(since), to_text(until)),
    )
    return map(_slice, rows)


def _slice(row: Row) -> Slice:
    return Slice(
        Part(row["channel"], row["topic"]),
        from_text(row["start"]),
        row["mentions"],
        row["negative"],
        row["folded"],
        row["folded_negative"],
        row["touched"],
    )


class Tally(NamedTuple):
    """Counts with copies folded."""

    mentions: int
    negative: int
    measured: bool = True  # none of it was lost


def tally(db: Db, subject_id: int, since: datetime, until: datetime, part: Part = WHOLE) -> Tally:
    """How much was said of a part of a subject in a half-open span of whole slices."""
    row = db.execute(
        "SELECT coalesce(sum(folded), 0), coalesce(sum(folded_negative), 0),"
        " coalesce(min(measured), 1) FROM bucket"
        " WHERE subject_id = ? AND channel = ? AND topic = ? AND start >= ? AND start < ?",
        (subject_id, *part, to_text(since), to_text(until)),
    ).fetchone()
    return Tally(row[0], row[1], bool(row[2]))


def first(db: Db, subject_id: int, part: Part = WHOLE) -> datetime | None:
    """The first slice in which anything was said of a part."""
    row = db.execute(
        "SELECT min(start) FROM bucket WHERE subject_id = ? AND channel = ? AND topic = ?"
        " AND mentions > 0",
        (subject_id, *part),
    ).fetchone()
    return from_text_or_none(row[0])


NEXT_TOPIC = """
WITH RECURSIVE found (topic) AS (
  SELECT (SELECT min(topic) FROM bucket WHERE subject_id = ?1 AND channel = 'all' AND topic > '')
  UNION ALL SELECT (SELECT min(b.topic) FROM bucket AS b
    WHERE b.subject_id = ?1 AND b.channel = 'all' AND b.topic > found.topic)
  FROM found WHERE found.topic NOTNULL
) SELECT topic FROM found WHERE topic NOTNULL
"""


def topics(db: Db, subject_id: int) -> list[str]:
    """All topics that were ever counted of a subject; steps from one to the next in the index."""
    return [row["topic"] for row in db.execute(NEXT_TOPIC, (subject_id,))]


CHANNELS = ("social", "review", "news", "ticket", "survey")


def volumes(db: Db, subject_id: int, since: datetime, until: datetime) -> dict[Part, Tally]:
    """Of each part of a subject, and of the whole: how much was said in a span."""
    parts = [WHOLE, *(Part(channel) for channel in CHANNELS)]
    parts += [Part(EVERY, topic) for topic in topics(db, subject_id)]
    return {part: tally(db, subject_id, since, until, part) for part in parts}


def shared(db: Db, mention_ids: Sequence[int], subject_ids: Collection[int]) -> dict[int, int]:
    """How many of these mentions are about each of these subjects too."""
    if not mention_ids or not subject_ids:
        return {}
    ids, given = among(mention_ids)
    others, theirs = among(subject_ids)
    rows = db.execute(
        f"SELECT subject_id, count(*) AS n FROM match WHERE mention_id IN ({ids})"  # noqa: S608
        f" AND subject_id IN ({others}) AND aside IS NULL GROUP BY subject_id",
        (*given, *theirs),
    )
    return {row["subject_id"]: row["n"] for row in rows}
