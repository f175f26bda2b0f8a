"""Who is behind the negatives of a span: counted of all, also where not every voice is read."""

from datetime import datetime

from listener.domain.part import EVERY, Part
from listener.domain.times import to_text
from listener.domain.voice import Crowd
from listener.store.connection import Db
from listener.store.matches import TOPICS

_SPAN = f"""
FROM match AS x JOIN mention AS m ON m.id = x.mention_id
WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts
  AND m.deleted_at IS NULL AND x.sentiment = 'negative'
  AND (?4 = '{EVERY}' OR x.channel = ?4)
  AND (?5 = '' OR EXISTS (SELECT 1 FROM json_each({TOPICS}) WHERE value = ?5))
"""  # noqa: S608  # ours, without a value
_PEOPLE = f"""
SELECT count(*) AS mentions, count(x.copy_of) AS copies,
  count(DISTINCT coalesce(x.author_id, -m.id)) AS authors,
  count(DISTINCT coalesce(x.copy_of, m.id)) AS clusters {_SPAN}
"""
_CHANNELS = f"SELECT x.channel, count(*) AS mentions {_SPAN} GROUP BY 1 ORDER BY 2 DESC, 1"


def crowd(db: Db, subject_id: int, since: datetime, until: datetime, part: Part) -> Crowd:
    """How many were negative about a part of a subject in a half-open span; deleted ones lack."""
    given = (subject_id, to_text(since), to_text(until), *part)
    people = db.execute(_PEOPLE, given).fetchone()
    by_channel = {row["channel"]: row["mentions"] for row in db.execute(_CHANNELS, given)}
    return Crowd(**dict(people), channels=by_channel)
