"""What detectors remember, one row for each part of a subject; and how far counts were taken."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from listener.domain.part import Part
from listener.store.connection import Db, among

RULE = "spike"


class Remembered(NamedTuple):
    """What the detector of a part of a subject remembers, as JSON."""

    subject_id: int
    part: Part
    state: Mapping[str, Any]
    alerting: bool = False


def load(db: Db, subject_ids: Collection[int]) -> list[Remembered]:
    """What is remembered of these subjects, the first part that was kept first."""
    marks, given = among(subject_ids)
    rows = db.execute(
        f"SELECT subject_id, channel, topic, state FROM detector WHERE subject_id IN ({marks})"  # noqa: S608
        " ORDER BY subject_id, id",
        given,
    )
    return [
        Remembered(r["subject_id"], Part(r["channel"], r["topic"]), json.loads(r["state"]))
        for r in rows
    ]


def keep(db: Db, remembered: Iterable[Remembered]) -> None:
    """Write what they remember now, in the transaction of what followed from it."""
    db.executemany(
        "INSERT INTO detector (subject_id, channel, topic, alerting, state) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (subject_id, channel, topic) DO UPDATE SET alerting = excluded.alerting,"
        " state = excluded.state",
        [
            (
                one.subject_id, one.part.channel, one.part.topic, one.alerting,
                json.dumps(one.state, separators=(",", ":")).encode(),
            )
            for one in remembered
        ],
    )  # fmt: skip


def drop(db: Db, subject_id: int, parts: Iterable[Part]) -> None:
    """Forget parts of a subject that are no longer watched."""
    db.executemany(
        "DELETE FROM detector WHERE subject_id = ? AND channel = ? AND topic = ?",
        [(subject_id, *part) for part in parts],
    )


def drop_all(db: Db, subject_id: int) -> None:
    """Forget a subject: its history is learned anew."""
    db.execute("DELETE FROM detector WHERE subject_id = ?", (subject_id,))


def any_alerting(db: Db) -> bool:
    """Whether a detector alerts, also one whose trouble was not told (yet)."""
    return db.execute("SELECT 1 FROM detector WHERE alerting LIMIT 1").fetchone() is not None


def taken(db: Db) -> int | None:
    """The newest touch of a count that every subject's detectors have taken, but those behind.

    None before the first look.
    """
    row = db.execute("SELECT upto FROM progress WHERE stage = ?", (RULE,)).fetchone()
    return None if row is None else int(row["upto"])


def behind(db: Db) -> set[int]:
    """The subjects that failed: they have to look for themselves what they have missed."""
    rows = db.execute(
        "SELECT subject_id FROM rule_state WHERE rule = ? AND key = 'behind'", (RULE,)
    )
    return {row["subject_id"] for row in rows}


def note(db: Db, upto: int, failed: Collection[int]) -> None:
    """Write how far all have come, and who has not."""
    db.execute("INSERT OR REPLACE INTO progress (stage, upto) VALUES (?, ?)", (RULE, upto))
    db.execute("DELETE FROM rule_state WHERE rule = ? AND key = 'behind'", (RULE,))
    db.executemany(
        "INSERT INTO rule_state (rule, subject_id, key, state) VALUES (?, ?, 'behind', '{}')",
        [(RULE, subject_id) for subject_id in sorted(failed)],
    )


@contextmanager
def apart(db: Db) -> Iterator[None]:
    """One subject's part of a transaction: what fails in it is undone, and the rest stays."""
    db.execute("SAVEPOINT apart")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # a full disk has undone everything already
            db.execute("ROLLBACK TO apart")
            db.execute("RELEASE apart")
        raise
    db.execute("RELEASE apart")
