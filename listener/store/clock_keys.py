"""The clocks of a list, page by page: a page begins behind the last clock of the one before."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from listener.domain.times import to_text
from listener.store.connection import Db
from listener.store.waiting import STATE_NOW, quoted, stored_as

AT_ONCE: Final = 500  # keys read at a time


class DueOrder(StrEnum):
    """URGENCY: what runs out first. LATEST: what runs out, or ran out, last."""

    URGENCY = "urgency"
    LATEST = "latest"


class ClockKey(NamedTuple):
    """A clock, and where it stands in a list; `due_at` as the database keeps times."""

    due_at: str
    mention_id: int
    subject_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedClocks:
    """Which clocks to list. `after`: the last of the page before. `among`: of these mentions."""

    states: tuple[str, ...]
    now: datetime
    subject_id: int | None = None
    due_before: datetime | None = None
    order: DueOrder = DueOrder.URGENCY
    after: ClockKey | None = None
    among: Sequence[int] | None = None


FIRST: Final = ClockKey("", -1, -1)  # before, and after, every time as the database keeps them
LAST: Final = ClockKey("a", -1, -1)
EVERY: Final = "clock AS c"
AMONG: Final = "json_each(:among) AS few CROSS JOIN clock AS c ON c.mention_id = few.value"
KEYS: Final = """
SELECT c.due_at, c.mention_id, c.subject_id FROM {source}
WHERE {stored} AND {state} IN ({states}) AND (:subject IS NULL OR c.subject_id = :subject)
  AND c.due_at < :before
  AND (c.due_at, c.mention_id, c.subject_id) {beyond} (:due_at, :mention_id, :subject_id)
ORDER BY c.due_at {down}, c.mention_id {down}, c.subject_id {down} LIMIT :limit
"""


def keys(db: Db, wanted: WantedClocks) -> Iterator[ClockKey]:
    """The clocks of a list in its order, read as they are taken."""
    is_latest = wanted.order is DueOrder.LATEST
    sql = KEYS.format(
        source=EVERY if wanted.among is None else AMONG,
        state=STATE_NOW,
        states=quoted(wanted.states),
        stored=" AND ".join(f"c.state IN ({quoted(one)})" for one in stored_as(wanted.states)),
        beyond="<" if is_latest else ">",
        down="DESC" if is_latest else "",
    )
    due_before = to_text(wanted.due_before) if wanted.due_before else LAST.due_at
    given = {
        "limit": AT_ONCE,
        "subject": wanted.subject_id,
        "now": to_text(wanted.now),
        "before": due_before,
        "among": json.dumps(list(wanted.among or ())),
    }
    after = wanted.after or (LAST if is_latest else FIRST)
    while True:
        found = [ClockKey(*row) for row in db.execute(sql, given | after._asdict())]
        yield from found
        if len(found) < AT_ONCE:
            return
        after = found[-1]
