"""What influencers wrote: by whom of them a mention is, whom else it names, and what was before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from listener.domain.subject import Role, Subject
from listener.domain.times import to_text
from listener.store.authors import account_of
from listener.store.connection import Db, Row, among

SAID_BEFORE: Final = timedelta(days=90)
MOST_BEFORE: Final = 200

BY: Final = """
SELECT y.mention_id, y.subject_id, m.source, s.type, m.views, a.handle, a.source_id, a.name
FROM match AS y JOIN mention AS m ON m.id = y.mention_id JOIN author AS a ON a.id = m.author_id
LEFT JOIN source_state AS s ON s.source = m.source
WHERE y.mention_id IN ({ids}) AND y.subject_id IN ({subjects}) ORDER BY y.subject_id
"""


class Writer(NamedTuple):
    """The influencer who wrote a mention, and how often that was seen, where it is known."""

    influencer: Subject
    views: int | None


def writers(
    db: Db, mention_ids: Sequence[int], influencers: Iterable[Subject]
) -> dict[int, Writer]:
    """Those of these mentions that an account of an influencer wrote; others only name one."""
    known = {one.id: one for one in influencers}
    ids, given = among(mention_ids)
    subjects, theirs = among(known)
    rows = db.execute(BY.format(ids=ids, subjects=subjects), (*given, *theirs))
    return {
        row["mention_id"]: Writer(known[row["subject_id"]], row["views"])
        for row in rows
        if _is_by(row, known[row["subject_id"]].accounts)
    }


def _is_by(row: Row, accounts: Mapping[str, frozenset[str]]) -> bool:
    handles = accounts.get(row["type"] or "") or accounts.get(row["source"])
    return bool(handles) and bool(account_of(row, handles or ()))


def others(db: Db, mention_ids: Sequence[int], subject_id: int) -> dict[int, tuple[str, ...]]:
    """The other brands and competitors that these mentions are about, where there are any."""
    ids, given = among(mention_ids)
    rows = db.execute(
        "SELECT y.mention_id, s.name FROM match AS y JOIN subject AS s ON s.id = y.subject_id"  # noqa: S608
        f" WHERE y.mention_id IN ({ids}) AND y.subject_id <> ? AND y.aside IS NULL AND s.active"
        " AND s.role IN (?, ?) ORDER BY s.name",
        (*given, subject_id, Role.BRAND.value, Role.COMPETITOR.value),
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row["mention_id"]] = (*found.get(row["mention_id"], ()), row["name"])
    return found


class Before(NamedTuple):
    """The words of an older mention. `fold`: what copies share; None of what is too short."""

    fold: int | None
    text: str


def words_of(db: Db, mention_id: int) -> Before:
    """The words of a mention as `before` gives those of older ones."""
    row = db.execute("SELECT fold, text FROM mention WHERE id = ?", (mention_id,)).fetchone()
    return Before(row["fold"], row["text"])


def before(db: Db, mention_id: int, subject_id: int, said_at: datetime) -> list[Before]:
    """What the same account said of a subject in the three months before, newest first."""
    rows = db.execute(
        "SELECT m.fold, m.text FROM mention AS m CROSS JOIN match AS x"
        " ON x.mention_id = m.id AND x.subject_id = ?1 WHERE m.author_id ="
        " (SELECT author_id FROM mention WHERE id = ?2) AND m.id <> ?2 AND m.said_at < ?3"
        " AND m.said_at >= ?4 ORDER BY m.said_at DESC LIMIT ?5",
        (subject_id, mention_id, to_text(said_at), to_text(said_at - SAID_BEFORE), MOST_BEFORE),
    )
    return [Before(row["fold"], row["text"]) for row in rows]
