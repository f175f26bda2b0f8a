"""The responses that stop clocks: kept also before their question, and tied to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.mention import Evidence, Response
from listener.domain.times import from_text, to_text
from listener.store.connection import Db, Row, among


@dataclass(frozen=True, slots=True)
class Answered:
    """A response tied to a mention; `subject_id` None: a brand's, we do not know which."""

    mention_id: int
    subject_id: int | None
    said_at: datetime
    evidence: Evidence
    automatic: bool


def add(db: Db, responses: Iterable[tuple[Response, int | None]], seen_at: datetime) -> int:
    """Keep responses, also before their question; each with its brand, where it is known.

    Where the source keeps only the last edit of an answer, the first one seen stays.
    """
    before = db.total_changes
    db.executemany(
        "INSERT INTO response (source, source_id, subject_id, parent_id, thread_id, said_at,"
        " seen_at, author, text, automatic, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (
                r.source, r.source_id, subject_id, r.parent_id, r.thread_id, to_text(r.said_at),
                to_text(seen_at), r.author, r.text, r.automatic, r.evidence.value,
            )
            for r, subject_id in responses
        ],
    )  # fmt: skip
    return db.total_changes - before


def by_hand(db: Db, response: Response) -> tuple[datetime, str] | None:
    """When a person had said that it was answered, and who, if one had."""
    row = db.execute(
        "SELECT said_at, author FROM response WHERE source = ? AND source_id = ?",
        (response.source, response.source_id),
    ).fetchone()
    return None if row is None else (from_text(row["said_at"]), row["author"])


def take_back(db: Db, source: str, source_id: str) -> None:
    """Take a response away that a person had put there by hand.

    The next one may get its number, and is not to count as one that was looked at.
    """
    db.execute(
        "DELETE FROM response WHERE source = ? AND source_id = ? AND evidence = 'hand'",
        (source, source_id),
    )
    db.execute(
        "UPDATE progress SET upto = min(upto, (SELECT coalesce(max(id), 0) FROM response))"
        " WHERE stage = 'answers'"
    )


def put_at(db: Db, response: Response) -> None:
    """Correct when a response was given, and by whom."""
    db.execute(
        "UPDATE response SET said_at = ?, author = ? WHERE source = ? AND source_id = ?",
        (to_text(response.said_at), response.author, response.source, response.source_id),
    )


def unjoined(db: Db, upto: int) -> list[int]:
    """Responses that the measure stage has not looked at yet."""
    rows = db.execute("SELECT id FROM response WHERE id > ? ORDER BY id LIMIT 500", (upto,))
    return [r["id"] for r in rows]


DIRECT = """
SELECT r.id, m.id AS mention_id, r.subject_id, r.said_at, r.evidence, r.automatic
FROM response AS r JOIN mention AS m ON m.source = r.source AND m.source_id = r.parent_id
WHERE r.said_at >= m.said_at AND {which}
"""
THREAD = """
SELECT r.id, m.id AS mention_id, r.subject_id, r.said_at, 'thread' AS evidence, r.automatic
FROM response AS r JOIN mention AS m ON m.source = r.source AND m.thread_id = r.thread_id
WHERE r.thread_id IS NOT NULL AND r.said_at >= m.said_at
  AND m.source_id IS NOT r.parent_id AND {which}
"""


def answers_of(db: Db, mention_ids: Sequence[int]) -> list[Answered]:
    """What answered these mentions, wherever it was seen first, earliest first."""
    marks, ids = among(mention_ids)
    found = []
    for query in (DIRECT, THREAD):
        rows = db.execute(query.format(which=f"m.id IN ({marks})"), ids)
        found += [_answered(r) for r in rows]
    rows = db.execute(
        "SELECT mention_id, subject_id, said_at, evidence, automatic FROM response"  # noqa: S608
        f" WHERE evidence = 'hand' AND mention_id IN ({marks})",
        ids,
    )
    found += [_answered(r) for r in rows]
    return sorted(found, key=lambda a: a.said_at)


def questions_of(db: Db, response_ids: Sequence[int]) -> list[int]:
    """The mentions that these responses may answer; they are tied to the ones they name."""
    marks, ids = among(response_ids)
    found: set[int] = set()
    for query in (DIRECT, THREAD):
        rows = db.execute(query.format(which=f"r.id IN ({marks})"), ids).fetchall()
        found |= {r["mention_id"] for r in rows}
        db.executemany(
            "UPDATE response SET mention_id = ? WHERE id = ? AND mention_id IS NULL",
            [(r["mention_id"], r["id"]) for r in rows],
        )
    return sorted(found)


def _answered(row: Row) -> Answered:
    return Answered(
        row["mention_id"],
        row["subject_id"],
        from_text(row["said_at"]),
        Evidence(row["evidence"]),
        bool(row["automatic"]),
    )
