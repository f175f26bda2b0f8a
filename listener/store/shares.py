"""Shares of negatives by the week, and of a sample what labelled it and where it was said."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from listener.domain.times import to_text
from listener.domain.trend import Counted, Share
from listener.store.connection import Db

MOST_READ: Final = 5_000  # matches of a week, for what labelled them


def weekly(db: Db, subject_id: int, channel: str, edges: Sequence[datetime]) -> list[Share]:
    """Mentions and negatives between each moment and the next; copies count once."""
    found = []
    for since, until in pairwise(edges):
        row = db.execute(
            "SELECT coalesce(sum(folded), 0), coalesce(sum(folded_negative), 0) FROM bucket"
            " WHERE subject_id = ? AND channel = ? AND topic = '' AND start >= ? AND start < ?",
            (subject_id, channel, to_text(since), to_text(until)),
        ).fetchone()
        found.append(Share(row[0], row[1]))
    return found


SAMPLE: Final = """
SELECT source, model, count(*) AS mentions, sum(sentiment = 'negative') AS negative FROM (
  SELECT m.source, x.sentiment, (SELECT coalesce(l.model, l.by) FROM label AS l
    WHERE l.mention_id = x.mention_id AND l.by IN ('model', 'given')
      AND (l.subject_id IS NULL OR l.subject_id = x.subject_id)
    ORDER BY l.subject_id IS NULL, l.made_at DESC, l.id DESC LIMIT 1) AS model
  FROM match AS x JOIN mention AS m ON m.id = x.mention_id
  WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts
    AND x.copy_of IS NULL AND x.sentiment NOTNULL AND (?4 = 'all' OR x.channel = ?4)
    AND x.mention_id % ?5 = 0
) WHERE model NOTNULL GROUP BY source, model
"""


def labelled(
    db: Db, subject_id: int, channel: str, since: datetime, until: datetime, mentions: int
) -> list[Counted]:
    """What labelled a week's mentions, by source; of a week with many, of every so manieth."""
    every = max(1, round(mentions / MOST_READ))
    rows = db.execute(SAMPLE, (subject_id, to_text(since), to_text(until), channel, every))
    return [Counted(r["source"], r["model"], r["mentions"], r["negative"]) for r in rows]


def risen(
    db: Db, subject_id: int, channel: str, since: datetime, until: datetime, limit: int
) -> list[int]:
    """Negative mentions of a span to show, those that reach most first; copies only by a first."""
    rows = db.execute(
        "SELECT x.mention_id FROM match AS x LEFT JOIN author AS a ON a.id = x.author_id"
        " WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts"
        " AND x.copy_of IS NULL AND x.sentiment = 'negative' AND (?4 = 'all' OR x.channel = ?4)"
        " ORDER BY coalesce(a.followers, 0) DESC, x.said_at DESC LIMIT ?5",
        (subject_id, to_text(since), to_text(until), channel, limit),
    )
    return [row["mention_id"] for row in rows]
