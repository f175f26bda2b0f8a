"""When a subject was not measured, because none of the sources that feed it was read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

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
