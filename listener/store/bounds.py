"""What was said of a subject within a time, for bounds that count; copies count once."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from listener.domain.times import to_text
from listener.store.connection import Db

OF: Final = """
FROM match AS x WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at <= ?3 AND x.counts
  AND x.copy_of IS NULL AND (?4 IS NULL OR x.channel = ?4)
  AND (?5 IS NULL OR x.mention_id IN (SELECT value FROM json_each(?5)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A span of what was said of a subject; `only`: no other mentions than these."""

    subject_id: int
    since: datetime
    until: datetime
    channel: str | None = None
    only: Collection[int] | None = None

    def values(self) -> tuple[object, ...]:
        only = None if self.only is None else json.dumps(sorted(self.only))
        return (self.subject_id, to_text(self.since), to_text(self.until), self.channel, only)


def ids(db: Db, said: Said) -> list[int]:
    rows = db.execute(f"SELECT x.mention_id {OF}", said.values())
    return [row["mention_id"] for row in rows]


def tally(db: Db, said: Said) -> tuple[int, int, int]:
    """Mentions, negative ones among them, and authors; one who is not known counts by herself."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(x.sentiment = 'negative'), 0),"
        f" count(DISTINCT coalesce(x.author_id, -x.mention_id)) {OF}",
        said.values(),
    ).fetchone()
    return row[0], row[1], row[2]


def telling(db: Db, said: Said, limit: int) -> list[int]:
    """The rows to show: negative ones first, of them those that reach most."""
    rows = db.execute(
        f"WITH found AS (SELECT x.mention_id, x.sentiment, x.author_id {OF})"  # noqa: S608
        " SELECT f.mention_id FROM found AS f LEFT JOIN author AS a ON a.id = f.author_id"
        " ORDER BY f.sentiment IS NOT 'negative', coalesce(a.followers, 0) DESC, f.mention_id"
        " LIMIT ?6",
        (*said.values(), limit),
    )
    return [row["mention_id"] for row in rows]
