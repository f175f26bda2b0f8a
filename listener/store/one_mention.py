"""One mention whole: what was said, of whom, what was answered, and what people did about it."""

from collections.abc import Sequence

from listener.store.connection import Db, Row, among
from listener.store.labels import AT_ODDS, CONFIDENCE


def whole(db: Db, mention_id: int) -> Row:
    """The mention, who said it, and who works on it."""
    row: Row = db.execute(
        "SELECT m.id AS row, m.source || ':' || m.source_id AS id, m.source, m.channel, m.kind,"
        " m.title, m.text, m.language, m.url, m.said_at, m.seen_at, m.edited_at, m.stars,"
        " coalesce(m.stars_scale, 5) AS stars_scale, m.likes, m.replies, m.shares, m.views,"
        " m.place, m.product, m.product_version, m.deleted_at, m.thread_id,"
        " coalesce(a.handle, a.name) AS author, a.name AS author_name, a.followers, w.assignee"
        " FROM mention AS m LEFT JOIN author AS a ON a.id = m.author_id"
        " LEFT JOIN work AS w ON w.mention_id = m.id WHERE m.id = ?",
        (mention_id,),
    ).fetchone()
    return row


def subjects(db: Db, mention_id: int) -> list[Row]:
    """Each subject it was found for: subject, role, origin, counts, aside, sentiment, confidence,
    at_odds, places."""
    return db.execute(
        "SELECT s.name AS subject, s.role, x.origin, x.counts, x.aside, x.sentiment, x.places,"  # noqa: S608
        f" {CONFIDENCE} AS confidence, {AT_ODDS} AS at_odds"
        " FROM match AS x JOIN subject AS s ON s.id = x.subject_id"
        " JOIN mention AS m ON m.id = x.mention_id WHERE x.mention_id = ?"
        " ORDER BY x.counts DESC, s.id",
        (mention_id,),
    ).fetchall()


def answers(db: Db, mention_id: int) -> list[Row]:
    """What the brand answered: said_at, author, text, automatic, evidence; oldest first."""
    return db.execute(
        "SELECT said_at, author, text, automatic, evidence FROM response WHERE mention_id = ?"
        " ORDER BY said_at, id",
        (mention_id,),
    ).fetchall()


def acts(db: Db, name: str) -> list[Row]:
    """What people did about it: id, at, who, did, detail, note, batch, undone; oldest first.

    `name`: SOURCE:ID. `batch` is the number by which it can be undone, if anything can.
    """
    return db.execute(
        "SELECT a.id, a.at, a.who, a.did, a.detail, n.text AS note, u.batch,"
        " u.undone_by NOTNULL AS undone FROM audit AS a LEFT JOIN note AS n ON n.act_id = a.id"
        " LEFT JOIN undoable AS u ON u.act_id = a.id WHERE a.what = ? ORDER BY a.id",
        (name,),
    ).fetchall()


def last_acts(db: Db, names: Sequence[str]) -> dict[str, int]:
    """The number of the last line of the record about each of these mentions, if there is one."""
    marks, given = among(names)
    rows = db.execute(
        f"SELECT what, max(id) AS id FROM audit WHERE what IN ({marks}) GROUP BY what",  # noqa: S608
        given,
    )
    return {row["what"]: row["id"] for row in rows}
