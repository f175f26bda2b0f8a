"""How what is said of a subject spread over channels, people and copies, in a span of hours."""

from datetime import datetime

from listener.domain.part import WHOLE
from listener.domain.times import to_text
from listener.store.connection import Db, Row

SAID = "x.subject_id = :subject AND x.counts AND x.said_at >= :since AND x.said_at < :until"
HERE = "(:channel IS NULL OR x.channel = :channel)"


def _span(
    subject_id: int, since: datetime, until: datetime, channel: str | None
) -> dict[str, object]:
    return {
        "subject": subject_id,
        "since": to_text(since),
        "until": to_text(until),
        "channel": channel,
    }


def channels(
    db: Db, subject_id: int, since: datetime, until: datetime, channel: str | None
) -> list[Row]:
    """Each channel of a half-open span: channel, mentions, negative, texts (copies folded),
    authors, first; the one with most negatives first.
    """
    return db.execute(
        "SELECT x.channel, count(*) AS mentions, sum(x.sentiment IS 'negative') AS negative,"  # noqa: S608
        " sum(x.copy_of IS NULL) AS texts, count(DISTINCT x.author_id) AS authors,"
        f" min(x.said_at) AS first FROM match AS x WHERE {SAID} AND {HERE}"
        " GROUP BY x.channel ORDER BY negative DESC, x.channel",
        _span(subject_id, since, until, channel),
    ).fetchall()


def copied(
    db: Db, subject_id: int, since: datetime, until: datetime, channel: str | None, most: int
) -> list[Row]:
    """What was said in nearly the same words most often: row, id, text, times, authors."""
    return db.execute(
        "SELECT f.row, m.source || ':' || m.source_id AS id,"  # noqa: S608
        " CASE WHEN m.title <> '' THEN m.title || ': ' ELSE '' END || m.text AS text,"
        " f.times, f.authors FROM (SELECT coalesce(x.copy_of, x.mention_id) AS row,"
        " count(*) AS times, count(DISTINCT x.author_id) AS authors FROM match AS x"
        f" WHERE {SAID} AND {HERE} GROUP BY 1 HAVING count(*) > 1 ORDER BY times DESC, row LIMIT"
        " :most) AS f JOIN mention AS m ON m.id = f.row AND m.deleted_at IS NULL"
        " ORDER BY f.times DESC, f.row",
        _span(subject_id, since, until, channel) | {"most": most},
    ).fetchall()


def loudest(
    db: Db, subject_id: int, since: datetime, until: datetime, channel: str | None, most: int
) -> list[Row]:
    """Who was negative, those heard by most first: author, followers, mentions."""
    return db.execute(
        "SELECT coalesce(a.handle, a.name) AS author, a.followers, count(*) AS mentions"  # noqa: S608
        f" FROM match AS x JOIN author AS a ON a.id = x.author_id WHERE {SAID} AND {HERE}"
        " AND x.sentiment = 'negative' GROUP BY a.id"
        " ORDER BY coalesce(a.followers, 0) DESC, mentions DESC, a.id LIMIT :most",
        _span(subject_id, since, until, channel) | {"most": most},
    ).fetchall()


def others(db: Db, subject_id: int) -> list[Row]:
    """The competitors that are followed, but for one subject: id, name."""
    return db.execute(
        "SELECT id, name FROM subject WHERE active AND role = 'competitor' AND id <> ?"
        " ORDER BY name",
        (subject_id,),
    ).fetchall()


def negatives(db: Db, subject_id: int, since: datetime, until: datetime) -> tuple[int, int] | None:
    """Mentions and negatives of a subject in a half-open span, copies folded.

    None: it was not followed yet, or nothing was measured.
    """
    row = db.execute(
        "SELECT sum(folded) AS mentions, sum(folded_negative) AS negative,"
        " EXISTS (SELECT 1 FROM bucket WHERE subject_id = ?1 AND channel = ?2 AND topic = ?3"
        "  AND start < ?5) AS followed, min(measured) AS measured FROM bucket WHERE subject_id = ?1"
        " AND channel = ?2 AND topic = ?3 AND start >= ?4 AND start < ?5",
        (subject_id, *WHOLE, to_text(since), to_text(until)),
    ).fetchone()
    if not row["followed"] or row["measured"] == 0:
        return None
    return int(row["mentions"] or 0), int(row["negative"] or 0)


def outcomes(db: Db, subject_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """How the promises ended that began with what was said in a half-open span, by state."""
    rows = db.execute(
        "SELECT state, count(*) AS n FROM clock WHERE subject_id = ? AND said_at >= ?"
        " AND said_at < ? GROUP BY state",
        (subject_id, to_text(since), to_text(until)),
    )
    return {row["state"]: row["n"] for row in rows}
