"""What people do: their work on mentions, the record of who did what, whom they erase."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.press import Worked
from listener.domain.times import to_text
from listener.store import gone
from listener.store.connection import Db, Row, among
from listener.store.labels import CONFIDENCE, newest
from listener.store.matches import TOPICS


def assign(db: Db, mention_id: int, assignee: str | None, now: datetime) -> None:
    """Note who works on a mention; None: nobody."""
    db.execute(
        "INSERT INTO work (mention_id, assignee, updated_at) VALUES (?, ?, ?)"
        " ON CONFLICT (mention_id) DO UPDATE SET assignee = excluded.assignee,"
        " updated_at = excluded.updated_at",
        (mention_id, assignee, to_text(now)),
    )


def assignee(db: Db, mention_id: int) -> str | None:
    """Who works on a mention, if anybody does."""
    row = db.execute("SELECT assignee FROM work WHERE mention_id = ?", (mention_id,)).fetchone()
    return None if row is None else row["assignee"]


def write_down(db: Db, who: str, did: str, what: str, now: datetime, detail: str = "") -> int:
    """Add a line to the record of who did what; returns its number."""
    cursor = db.execute(
        "INSERT INTO audit (at, who, did, what, detail) VALUES (?, ?, ?, ?, ?)",
        (to_text(now), who, did, what, detail),
    )
    return int(cursor.lastrowid or 0)


def last_acts(db: Db, names: Collection[str]) -> dict[str, Worked]:
    """The last thing that somebody did about each of these mentions (SOURCE:ID), if anything.

    What was undone is as if it had not been done; a note does nothing.
    """
    marks, given = among(names)
    rows = db.execute(
        f"SELECT what, who, did, detail FROM audit WHERE id IN"  # noqa: S608
        f" (SELECT max(a.id) FROM audit AS a WHERE a.what IN ({marks})"
        " AND a.did NOT IN ('undid', 'noted') AND NOT EXISTS (SELECT 1 FROM undoable AS u"
        " WHERE u.act_id = a.id AND u.undone_by NOTNULL) GROUP BY a.what)",
        given,
    )
    return {r["what"]: Worked(who=r["who"], did=r["did"], detail=r["detail"]) for r in rows}


def acts_about(db: Db, names: Collection[str]) -> list[Row]:
    """What people did about mentions (SOURCE:ID): at, who, did, what; oldest first.

    What was undone is left out, with its undoing.
    """
    marks, given = among(names)
    return db.execute(
        f"SELECT a.at, a.who, a.did, a.what FROM audit AS a WHERE a.what IN ({marks})"  # noqa: S608
        " AND a.did <> 'undid' AND NOT EXISTS (SELECT 1 FROM undoable AS u"
        " WHERE u.act_id = a.id AND u.undone_by NOTNULL) ORDER BY a.id",
        given,
    ).fetchall()


def newest_act(db: Db) -> int:
    """The number of what was done last, about anything; 0 for nothing."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0])


def acts_of_others(db: Db, what: str, since: int, who: str) -> list[Worked]:
    """What others than `who` did about a mention or an incident after an act; oldest first.

    Without what was undone.
    """
    rows = db.execute(
        "SELECT who, did, detail FROM audit AS a WHERE what = ? AND id > ? AND who <> ?"
        " AND NOT EXISTS (SELECT 1 FROM undoable AS u WHERE u.act_id = a.id"
        " AND u.undone_by NOTNULL) ORDER BY id",
        (what, since, who),
    )
    return [Worked(who=row["who"], did=row["did"], detail=row["detail"]) for row in rows]


def not_measured(db: Db, mention_id: int) -> bool:
    """Whether a mention still waits for a label or for its clocks, for the first time or again."""
    row = db.execute(
        "SELECT ?1 > coalesce((SELECT upto FROM progress WHERE stage = 'measure'), 0)"
        " OR EXISTS (SELECT 1 FROM redo WHERE mention_id = ?1)",
        (mention_id,),
    ).fetchone()
    return bool(row[0])


def author_rows(db: Db, source: str, name: str) -> list[int]:
    """The rows of a writer, by handle, id or name."""
    rows = db.execute(
        "SELECT id FROM author WHERE source = ?1 AND (source_id = ?2 OR handle = ?2"
        " OR handle = '@' || ?2 OR '@' || handle = ?2)",
        (source, name),
    )
    return [r["id"] for r in rows]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a person's words, in mentions: their own, what others only repeated of
    theirs, and those of others that name the person still."""

    mentions: int = 0
    reposts: int = 0
    still_named: int = 0

    def plus(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            self.mentions + other.mentions,
            self.reposts + other.reposts,
            self.still_named + other.still_named,
        )


def forget_author(db: Db, author_id: int, now: datetime) -> Forgotten:
    """Take a person out, words and name; counts stay.

    "RT @name: ..." of others goes as the person's own does. Blanked, it stays so when its source
    brings it again; a name that was only masked would come back.
    """
    ids = [r["id"] for r in db.execute("SELECT id FROM mention WHERE author_id = ?", (author_id,))]
    named = db.execute(
        "SELECT source, source_id, handle, name FROM author WHERE id = ?", (author_id,)
    )
    row = named.fetchone()
    reposts, naming = _by_others(db, author_id, row["source"], row["handle"])
    gone.blank(db, [*ids, *reposts], "forgotten", now)
    db.execute("DELETE FROM author WHERE id = ?", (author_id,))
    for name in {row["source_id"], row["handle"], row["name"]} - {None}:
        db.execute(
            "UPDATE response SET text = '', author = NULL WHERE source = ? AND author = ?",
            (row["source"], name),
        )
        db.execute(
            "DELETE FROM reject WHERE source = ? AND instr(content, ?)", (row["source"], name)
        )
    return Forgotten(len(ids), len(reposts), len(naming))


def _by_others(
    db: Db, author_id: int, source: str, handle: str | None
) -> tuple[list[int], list[int]]:
    """The mentions of others that only repeat a person's words, and those that name the person."""
    name = (handle or "").lstrip("@")
    if not name:
        return [], []
    whole = rf"@{re.escape(name)}(?!\w)"
    repeats = re.compile(rf"\s*RT\s+{whole}:", re.IGNORECASE)
    names = re.compile(rf"(?<!\w){whole}", re.IGNORECASE)
    rows = db.execute(
        "SELECT id, title, text FROM mention WHERE source = ?1 AND author_id IS NOT ?2"
        " AND deleted_at IS NULL AND instr(lower(title || ' ' || text), lower('@' || ?3))",
        (source, author_id, name),
    ).fetchall()
    reposts = [r["id"] for r in rows if repeats.match(r["text"])]
    naming = [r["id"] for r in rows if names.search(f"{r['title']} {r['text']}")]
    return reposts, [i for i in naming if i not in set(reposts)]


MENTION = """
SELECT m.id AS row, m.source_id AS id, m.source, m.channel, m.kind, m.title, m.text, m.language,
  m.url, m.said_at AS created_at, m.edited_at, m.seen_at, a.handle AS author,
  a.name AS author_name, a.source_id AS author_id, a.followers, a.verified, m.stars,
  m.stars_scale, m.likes, m.replies, m.shares, m.views, m.parent_id, m.thread_id,
  s.name AS brand, x.origin, m.place, m.product, m.product_version,
  x.sentiment AS label, {confidence} AS confidence, {topics} AS topics, {intent} AS intent,
  {needs_answer} AS needs_answer, {reason} AS reason, m.deleted_at
FROM mention AS m LEFT JOIN author AS a ON a.id = m.author_id
LEFT JOIN match AS x ON x.mention_id = m.id AND x.counts
LEFT JOIN subject AS s ON s.id = x.subject_id
""".format(
    confidence=CONFIDENCE,
    topics=TOPICS,
    intent=newest("intent", "x.subject_id"),
    needs_answer=newest("needs_answer", "x.subject_id"),
    reason=newest("reason", "x.subject_id"),
)
EXPORTS = {
    "mentions": f"{MENTION} WHERE m.said_at >= ? ORDER BY m.said_at, m.id",
    "clocks": """
SELECT m.source || ':' || m.source_id AS id, s.name AS subject, c.channel, c.state, c.said_at,
  c.seen_at, c.due_at, c.answered_at, c.human_at, c.evidence, c.late
FROM clock AS c JOIN mention AS m ON m.id = c.mention_id JOIN subject AS s ON s.id = c.subject_id
WHERE c.said_at >= ? ORDER BY c.said_at, c.mention_id
""",
    "incidents": """
SELECT i.id, i.key, i.rule, s.name AS subject, i.channel, i.topic, i.severity, i.title, i.why,
  i.evidence, i.opened_at, i.resolved_at, i.acknowledged_by
FROM incident AS i JOIN subject AS s ON s.id = i.subject_id
WHERE i.opened_at >= ? ORDER BY i.opened_at, i.id
""",
    "issues": """
SELECT i.name AS issue, i.fixed_at, m.source || ':' || m.source_id AS id, m.url, m.language,
  coalesce(a.handle, a.name) AS author, m.said_at AS created_at, t.linked_at, t.linked_by,
  t.told_at, t.told_by
FROM issue_mention AS t JOIN issue AS i ON i.name = t.issue
JOIN mention AS m ON m.id = t.mention_id LEFT JOIN author AS a ON a.id = m.author_id
WHERE t.linked_at >= ? ORDER BY i.name, t.linked_at
""",
    "notes": """
SELECT a.what AS about, a.who, a.at, n.text FROM note AS n JOIN audit AS a ON a.id = n.act_id
WHERE a.at >= ? AND NOT EXISTS (SELECT 1 FROM undoable AS u
  WHERE u.act_id = n.act_id AND u.undone_by NOTNULL)
ORDER BY n.act_id
""",
    "corrections": """
SELECT m.source || ':' || m.source_id AS id, m.text, m.language, s.name AS subject,
  CASE WHEN NOT l.taken_over THEN l.sentiment END AS label, l.topics, l.intent, l.by, l.made_at,
  (SELECT o.sentiment FROM label AS o WHERE o.mention_id = l.mention_id
   AND o.by IN ('model', 'given') AND (o.subject_id IS NULL OR o.subject_id = l.subject_id)
   ORDER BY o.subject_id IS NULL, o.id DESC LIMIT 1) AS model_label
FROM label AS l JOIN mention AS m ON m.id = l.mention_id
LEFT JOIN subject AS s ON s.id = l.subject_id
WHERE l.by NOT IN ('model', 'given') AND l.made_at >= ? ORDER BY l.made_at, l.id
""",
}


def export(db: Db, kind: str, since: datetime) -> Iterator[Row]:
    """The rows of one kind since a moment, oldest first, read as they are taken."""
    yield from db.execute(EXPORTS[kind], (to_text(since),))


def exported(db: Db, mention_ids: Sequence[int]) -> list[Row]:
    """These mentions as an export has them: a row for each subject that one counts for."""
    marks, given = among(mention_ids)
    return db.execute(
        f"{MENTION} WHERE m.id IN ({marks}) ORDER BY m.id, x.subject_id", given
    ).fetchall()
