"""When there was nothing to measure: before the beginning, and while sources were not read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from listener.domain.times import from_text_or_none
from listener.store import buckets, sources
from listener.store.buckets import Gap
from listener.store.connection import Db

FED_WITHIN = timedelta(days=14)  # sources that brought nothing for longer do not count


def of_subject(db: Db, subject_id: int, found: Sequence[Gap], now: datetime) -> list[Gap]:
    """Of these gaps what all sources that feed a subject have in common, oldest first."""
    if not found:
        return []
    active = sources.names(db)
    working = active - {gap.source for gap in found}
    if working and sources.fed_by(db, subject_id, working, now - FED_WITHIN):
        return []
    feeding = sources.feeding(db, subject_id, now - FED_WITHIN)
    return buckets.common(found, feeding or active)


BEGAN = """
SELECT min((SELECT min(start) FROM bucket
  WHERE subject_id = s.id AND channel = 'all' AND topic = '' AND mentions))
FROM subject AS s
"""


def began(db: Db) -> datetime | None:
    """The first slice in which anything was said of anybody."""
    return from_text_or_none(db.execute(BEGAN).fetchone()[0])


def heard(db: Db, spans: Sequence[tuple[datetime, datetime]]) -> list[float]:
    """The share of each of these spans, the oldest first, that was measured: it lies after the
    beginning, and in no source's gap."""
    first = began(db)
    if first is None or not spans:
        return [0.0] * len(spans)
    before = Gap("listener", "", datetime.min.replace(tzinfo=UTC), first)
    gaps = [before, *buckets.gaps(db, spans[0][0], spans[-1][1])]
    return [
        buckets.measured_share(start, end, gaps) if first < end else 0.0 for start, end in spans
    ]
