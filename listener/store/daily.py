"""What was counted of a subject in spans of whole slices."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from listener.domain.part import EVERY, WHOLE, Part
from listener.domain.times import to_text
from listener.store import comparisons, series
from listener.store.connection import Db
from listener.store.labels import newest


class Tally(NamedTuple):
    """Mentions by sentiment, copies and all; and with copies counted once."""

    mentions: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    folded: int = 0
    folded_negative: int = 0

    @classmethod
    def added(cls, tallies: Iterable["Tally"]) -> "Tally":
        """Of at least one."""
        return cls(*map(sum, zip(*tallies, strict=True)))

    @property
    def labelled(self) -> int:
        return self.negative + self.neutral + self.positive


COUNTED = """
SELECT coalesce(sum(mentions), 0), coalesce(sum(negative), 0), coalesce(sum(neutral), 0),
  coalesce(sum(positive), 0), coalesce(sum(folded), 0), coalesce(sum(folded_negative), 0)
FROM bucket WHERE subject_id = ? AND channel = ? AND topic = ? AND start >= ? AND start < ?
"""


def parts(db: Db, subject_id: int) -> list[Part]:
    """Of a subject the whole, its channels, and all topics that were ever counted."""
    topics = series.topics(db, subject_id)
    return [WHOLE, *map(Part, series.CHANNELS), *(Part(EVERY, topic) for topic in topics)]


def counted(
    db: Db, subject_id: int, of: Sequence[Part], since: datetime, until: datetime
) -> dict[Part, Tally]:
    """The parts of which anything was said in a half-open span."""
    span = to_text(since), to_text(until)
    found = ((part, db.execute(COUNTED, (subject_id, *part, *span)).fetchone()) for part in of)
    return {part: Tally(*row) for part, row in found if row[0]}


# Of each mention the label that readers take; one that says no more than nothing is no intent.
INTENTS = f"""
SELECT {newest("intent", "x.subject_id", mention="x.mention_id")} AS intent, count(*) AS mentions
FROM match AS x WHERE x.subject_id = ? AND x.said_at >= ? AND x.said_at < ? AND x.counts
GROUP BY intent HAVING intent NOTNULL
"""  # noqa: S608  # ours, without a value


def intents(db: Db, subject_id: int, since: datetime, until: datetime) -> Counter[str]:
    """What those who spoke of a subject wanted, as far as labels say."""
    rows = db.execute(INTENTS, (subject_id, to_text(since), to_text(until)))
    return Counter({row["intent"]: row["mentions"] for row in rows})


BEATEN = f"""
SELECT count(*) FROM (SELECT DISTINCT mention_id FROM comparison WHERE worse = ?1) AS w
CROSS JOIN match AS x ON x.mention_id = w.mention_id AND x.subject_id = ?1
WHERE x.counts AND x.said_at >= ?2 AND x.said_at < ?3 AND {comparisons.ONLY_BEATEN}
"""  # noqa: S608  # ours; CROSS: from the few comparisons on


def beaten(db: Db, subject_id: int, since: datetime, until: datetime) -> int:
    """How many mentions of a subject only say that another one is better, copies and all."""
    row = db.execute(BEATEN, (subject_id, to_text(since), to_text(until))).fetchone()
    return int(row[0])
