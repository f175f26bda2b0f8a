"""Issues of a tracker, the mentions that are tied to them, and who has been gone back to."""

from datetime import datetime
from typing import Final

from listener.domain.times import to_text
from listener.store.connection import Db, Row

PERSON: Final = "coalesce('author ' || m.author_id, 'mention ' || m.id)"
LISTED: Final = f"""
SELECT i.name AS issue, i.fixed_at, i.fixed_by, count(t.mention_id) AS mentions,
  count(DISTINCT {PERSON}) AS people,
  count(DISTINCT CASE WHEN t.told_at NOTNULL THEN {PERSON} END) AS told, max(m.said_at) AS last_said
FROM issue AS i LEFT JOIN issue_mention AS t ON t.issue = i.name
LEFT JOIN mention AS m ON m.id = t.mention_id
WHERE ?1 IS NULL OR i.name = ?1
GROUP BY i.name ORDER BY i.fixed_at NOTNULL, mentions DESC, i.name
"""  # noqa: S608  # ours, without a value
TIED: Final = f"""
SELECT i.name AS issue, i.fixed_at, m.source || ':' || m.source_id AS id, m.id AS row, m.channel,
  m.said_at, m.language, m.url, coalesce(a.handle, a.name) AS author, m.title, m.text, m.stars,
  coalesce(m.stars_scale, 5) AS stars_scale, t.linked_at, t.linked_by, t.told_at, t.told_by,
  {PERSON} AS person,
  (SELECT s.name FROM match AS x JOIN subject AS s ON s.id = x.subject_id
   WHERE x.mention_id = m.id AND x.counts ORDER BY s.role <> 'brand', s.id LIMIT 1) AS subject
FROM issue_mention AS t JOIN issue AS i ON i.name = t.issue
JOIN mention AS m ON m.id = t.mention_id LEFT JOIN author AS a ON a.id = m.author_id
WHERE t.issue = ? AND m.deleted_at IS NULL ORDER BY t.told_at NOTNULL, m.said_at, m.id
"""  # noqa: S608  # ours, without a value


def listing(db: Db, name: str | None = None) -> list[Row]:
    """All issues, or one: how many mentions and people, how many were told; open ones first."""
    return db.execute(LISTED, (name,)).fetchall()


def tied(db: Db, name: str) -> list[Row]:
    """The mentions of an issue that are still at their source, those not told yet first."""
    return db.execute(TIED, (name,)).fetchall()


def tie(db: Db, name: str, mention_id: int, who: str, now: datetime) -> bool:
    """Tie a mention to an issue, which need not be known; tied twice, the first time stays.

    Whether it was not tied to it before.
    """
    db.execute("INSERT OR IGNORE INTO issue (name) VALUES (?)", (name,))
    tied = db.execute(
        "INSERT OR IGNORE INTO issue_mention (issue, mention_id, linked_at, linked_by)"
        " VALUES (?, ?, ?, ?)",
        (name, mention_id, to_text(now), who),
    )
    return bool(tied.rowcount)


def untie(db: Db, name: str, mention_id: int) -> bool:
    """Whether there was a tie to take away. A trigger takes an issue with its last mention."""
    return bool(
        db.execute(
            "DELETE FROM issue_mention WHERE issue = ? AND mention_id = ?", (name, mention_id)
        ).rowcount
    )


def fix(db: Db, name: str, who: str, now: datetime) -> None:
    """Note that an issue is fixed; fixed twice, the first time stays."""
    db.execute(
        "UPDATE issue SET fixed_at = ?, fixed_by = ? WHERE name = ? AND fixed_at IS NULL",
        (to_text(now), who, name),
    )


def reopen(db: Db, name: str) -> None:
    """Note that an issue is not fixed. Who was told before is to be told again."""
    db.execute("UPDATE issue SET fixed_at = NULL, fixed_by = NULL WHERE name = ?", (name,))
    db.execute("UPDATE issue_mention SET told_at = NULL, told_by = NULL WHERE issue = ?", (name,))


def tell(db: Db, name: str, mention_id: int, who: str, now: datetime) -> bool:
    """Note that somebody went back to who wrote a mention, and so for all that they wrote of the
    issue; False: it is not tied to it.
    """
    tie = "SELECT 1 FROM issue_mention WHERE issue = ? AND mention_id = ?"
    if db.execute(tie, (name, mention_id)).fetchone() is None:
        return False
    db.execute(
        "UPDATE issue_mention SET told_at = ?1, told_by = ?2 WHERE issue = ?3 AND told_at IS NULL"
        " AND mention_id IN (SELECT m.id FROM mention AS m JOIN mention AS told ON told.id = ?4"
        " WHERE m.id = told.id OR m.author_id = told.author_id)",
        (to_text(now), who, name, mention_id),
    )
    return True
