"""What was measured since a rule last looked: new mentions, and those with other words."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from listener.domain.times import to_text
from listener.store.connection import Db, Row, among
from listener.store.labels import progress


class New(NamedTuple):
    """A match that counts, of a mention that is there; times as the database keeps them."""

    mention_id: int
    subject_id: int
    channel: str
    said_at: str
    seen_at: str


class Marks(NamedTuple):
    """How far a rule has looked: the highest mention, and the highest version that an edit left."""

    mentions: int
    edits: int


def looked(db: Db, rule: str) -> Marks:
    """How far a rule has looked; zeros: it never has."""
    return Marks(progress(db, rule), progress(db, f"{rule} edits"))


def measured(db: Db, since: Marks) -> Marks:
    """How far there is something to look at; edits only up to one that waits to be labelled."""
    row = db.execute(
        "SELECT (SELECT upto FROM progress WHERE stage = 'measure') AS mentions,"
        " (SELECT max(id) FROM mention_version) AS edits"
    ).fetchone()
    edits = row["edits"] or 0
    if edits > since.edits:
        waits = db.execute(
            "SELECT min(v.id) FROM mention_version AS v JOIN redo AS r"
            " ON r.mention_id = v.mention_id WHERE v.id > ? AND r.stage IN ('classify', 'measure')",
            (since.edits,),
        ).fetchone()[0]
        edits = edits if waits is None else waits - 1
    return Marks(max(row["mentions"] or 0, since.mentions), max(edits, since.edits))


NEW = """
SELECT x.mention_id, x.subject_id, x.channel, x.said_at, m.seen_at
FROM mention AS m CROSS JOIN match AS x ON x.mention_id = m.id
WHERE x.counts AND m.deleted_at IS NULL AND x.subject_id IN ({subjects})
"""  # CROSS: from the new mentions on, of which there are few, and not through all of a subject's


def mentions(
    db: Db, subject_ids: Sequence[int], after: int, upto: int, said_since: datetime
) -> list[New]:
    """The new ones of these subjects that were said since a moment, as they came."""
    marks, given = among(subject_ids)
    rows = db.execute(
        f"{NEW.format(subjects=marks)} AND m.id > ? AND m.id <= ? AND +m.said_at >= ?"
        " ORDER BY m.id",
        (*given, after, upto, to_text(said_since)),
    )
    return [_new(row) for row in rows]


def edited(
    db: Db, subject_ids: Sequence[int], after: int, upto: int, edited_since: datetime
) -> list[New]:
    """Those whose words, or stars, have changed since a moment."""
    marks, given = among(subject_ids)
    rows = db.execute(
        f"{NEW.format(subjects=marks)} AND m.id IN (SELECT mention_id FROM mention_version"  # noqa: S608
        " WHERE id > ? AND id <= ? AND until >= ?) ORDER BY m.id",
        (*given, after, upto, to_text(edited_since)),
    )
    return [_new(row) for row in rows]


def corrections(db: Db, since: int) -> int:
    """Up to which label people's corrections can be looked at: to one that is not counted yet."""
    upto = db.execute("SELECT max(id) FROM label").fetchone()[0] or 0
    if upto <= since:
        return int(upto)
    waits = db.execute(
        "SELECT min(l.id) FROM label AS l JOIN redo AS r ON r.mention_id = l.mention_id"
        " WHERE l.id > ? AND l.by NOT IN ('model', 'given') AND r.stage = 'measure'",
        (since,),
    ).fetchone()[0]
    return int(upto if waits is None else waits - 1)


def corrected(db: Db, subject_ids: Sequence[int], after: int, upto: int) -> list[New]:
    """Those that people have labelled, by the numbers of their labels."""
    marks, given = among(subject_ids)
    rows = db.execute(
        f"{NEW.format(subjects=marks)} AND m.id IN (SELECT mention_id FROM label"  # noqa: S608
        " WHERE id > ? AND id <= ? AND by NOT IN ('model', 'given')) ORDER BY m.id",
        (*given, after, upto),
    )
    return [_new(row) for row in rows]


def _new(row: Row) -> New:
    return New(row["mention_id"], row["subject_id"], row["channel"], row["said_at"], row["seen_at"])


def quiet_since(db: Db, rule: str) -> str | None:
    """When the open incident of a rule that was longest left alone was last found; None: none."""
    row = db.execute(
        "SELECT min(updated_at) FROM incident WHERE resolved_at IS NULL AND rule = ?", (rule,)
    ).fetchone()
    return None if row[0] is None else str(row[0])
