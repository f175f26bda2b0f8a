"""Reviews whose words say clearly the contrary of their stars."""

from datetime import datetime
from typing import Final

from listener.domain.times import to_text
from listener.store.connection import Db
from listener.store.labels import AT_ODDS

COUNTED: Final = f"""
SELECT count(*) FROM match AS x INDEXED BY match_review JOIN mention AS m ON m.id = x.mention_id
WHERE x.subject_id = ? AND x.channel = 'review' AND x.said_at >= ? AND x.said_at < ? AND x.counts
  AND m.stars NOTNULL AND m.deleted_at IS NULL AND {AT_ODDS}
"""  # noqa: S608  # ours, without a value


def counted(db: Db, subject_id: int, since: datetime, until: datetime) -> int:
    """How many reviews of a subject contradict themselves, in a half-open span."""
    row = db.execute(COUNTED, (subject_id, to_text(since), to_text(until))).fetchone()
    return int(row[0])
