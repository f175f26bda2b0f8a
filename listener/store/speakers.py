"""Who spoke for a subject in a period, and who against it: to thank, and to win back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from listener.domain.actions import Standing
from listener.domain.times import to_text
from listener.store import standings
from listener.store.connection import Db

MOST_LOOKED_AT = 200  # of those who said most for, or against
SPOKE = """
SELECT m.author_id, count(*) AS mentions, coalesce(sum(x.sentiment = 'negative'), 0) AS negative,
  coalesce(sum(x.sentiment = 'positive'), 0) AS positive,
  max(coalesce(a.followers, 0), coalesce(max(m.views), 0)) AS reach,
  json_group_array(m.id) FILTER (WHERE x.sentiment = ?1) AS ids
FROM match AS x JOIN mention AS m ON m.id = x.mention_id JOIN author AS a ON a.id = m.author_id
WHERE x.subject_id = ?2 AND x.said_at >= ?3 AND x.said_at < ?4 AND x.counts
  AND m.deleted_at IS NULL
GROUP BY m.author_id HAVING sum(x.sentiment = ?1) > 0
ORDER BY sum(x.sentiment = ?1) DESC, reach DESC, m.author_id LIMIT ?5
"""
ANSWERED = """
SELECT count(*) FROM clock WHERE subject_id = ? AND answered_at IS NOT NULL
  AND mention_id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """How somebody spoke of a subject. reach: 0 where nobody knows; `mention_ids`: those that
    praise, or blame."""

    mentions: int
    negative: int
    positive: int
    reach: int
    answered: bool  # any of these
    mention_ids: tuple[int, ...]


def spoke(
    db: Db, subject_id: int, since: datetime, until: datetime, standing: Standing, limit: int
) -> list[Speaker]:
    """The promoters of a subject in a half-open span who praised it most often, or the critics who
    blamed it most often; of several, whom most people hear."""
    said = "positive" if standing is Standing.PROMOTER else "negative"
    given = (said, subject_id, to_text(since), to_text(until), MOST_LOOKED_AT)
    rows = db.execute(SPOKE, given).fetchall()
    found = standings.overall(db, [r["author_id"] for r in rows], [subject_id], since, until)

    def those() -> Iterator[Speaker]:
        for row in rows:
            if found.get(row["author_id"]) is standing:
                answered = db.execute(ANSWERED, (subject_id, row["ids"])).fetchone()[0]
                yield Speaker(
                    mentions=row["mentions"],
                    negative=row["negative"],
                    positive=row["positive"],
                    reach=row["reach"],
                    answered=bool(answered),
                    mention_ids=tuple(json.loads(row["ids"])),
                )

    return list(islice(those(), limit))
