"""What mentions of a period are about: their topics, and the most telling of them to quote."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from listener.domain.label import SURE
from listener.domain.times import to_text
from listener.store.connection import Db
from listener.store.labels import CONFIDENCE

# The label that readers take comes last.
ABOUT = """
SELECT x.mention_id, l.topics, x.sentiment FROM match AS x JOIN label AS l
  ON l.mention_id = x.mention_id AND l.topics <> '[]'
  AND (l.subject_id IS NULL OR l.subject_id = x.subject_id)
WHERE x.subject_id = ? AND x.said_at >= ? AND x.said_at < ? AND x.counts
ORDER BY l.by NOT IN ('model', 'given'), l.subject_id IS NOT NULL, l.made_at, l.id
"""
TELLING = f"""
SELECT m.id, coalesce(x.sentiment = ?3, 0) AS first, coalesce({CONFIDENCE}, 1) >= {SURE} AS sure,
  coalesce(a.followers, 0) AS followers, x.said_at
FROM json_each(?2) AS j CROSS JOIN match AS x ON x.mention_id = j.value AND x.subject_id = ?1
CROSS JOIN mention AS m ON m.id = x.mention_id LEFT JOIN author AS a ON a.id = m.author_id
WHERE x.copy_of IS NULL AND m.deleted_at IS NULL
ORDER BY first DESC, sure DESC, followers DESC, x.said_at, m.id LIMIT ?4
"""  # noqa: S608  # ours, without a value
PEOPLE = """
SELECT count(DISTINCT coalesce(-m.author_id, m.id)) FROM json_each(?) AS j
CROSS JOIN mention AS m ON m.id = j.value
"""


@dataclass(frozen=True, slots=True)
class About:
    """A mention with topics. Of several labels with topics the one counts that readers take."""

    mention_id: int
    topics: tuple[str, ...]
    sentiment: str | None


def with_topics(db: Db, subject_id: int, since: datetime, until: datetime) -> list[About]:
    """The mentions of a subject in a half-open span that have topics."""
    rows = db.execute(ABOUT, (subject_id, to_text(since), to_text(until)))
    return [
        About(row["mention_id"], tuple(json.loads(row["topics"])), row["sentiment"])
        for row in {row["mention_id"]: row for row in rows}.values()
    ]


def most_telling(
    db: Db, subject_id: int, mention_ids: Collection[int], limit: int, first: str = "negative"
) -> list[int]:
    """Of these mentions of a subject those to quote: of the sentiment `first`, then of the rest,
    surely labelled before in doubt, whom most people hear before others. Copies and what is
    deleted lack."""
    rows = db.execute(TELLING, (subject_id, json.dumps(list(mention_ids)), first, limit))
    return [row["id"] for row in rows]


def people(db: Db, mention_ids: Collection[int]) -> int:
    """How many people said these; one whose name is not known counts by herself."""
    return int(db.execute(PEOPLE, (json.dumps(list(mention_ids)),)).fetchone()[0])
