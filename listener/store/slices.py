"""The slices of a part of a subject, with those that were not measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from listener.domain.part import WHOLE, Part
from listener.domain.times import from_text, to_text
from listener.store.connection import Db


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts with copies folded."""

    start: datetime
    mentions: int
    negative: int
    measured: bool


def counted(
    db: Db, subject_id: int, since: datetime, until: datetime, part: Part = WHOLE
) -> Iterator[Counted]:
    """The slices of a half-open span in which something was said or lost, oldest first."""
    rows = db.execute(
        "SELECT start, folded, folded_negative, measured FROM bucket WHERE subject_id = ?"
        " AND channel = ? AND topic = ? AND start >= ? AND start < ? ORDER BY start",
        (subject_id, *part, to_text(since), to_text(until)),
    )
    for start, mentions, negative, measured in rows:
        yield Counted(from_text(start), mentions, negative, bool(measured))
