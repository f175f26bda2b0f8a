"""What waits for an answer, and what came of it: the rows of the inbox in their orders.

First the clocks of a page are found, each order by an index; what is known of them is read after
that, for so many.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from listener.domain.intent import SURE
from listener.domain.times import to_text
from listener.store.connection import Db, Row
from listener.store.labels import AT_ODDS, CONFIDENCE, newest


class Sorted(StrEnum):
    """What stands first in the inbox."""

    URGENCY = "urgency"  # what runs out first
    SEVERITY = "severity"  # what may do most harm
    OLDEST = "oldest"
    NEWEST = "newest"
    REACH = "reach"  # who is heard by most


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What to list."""

    states: tuple[str, ...] = ("waiting", "due_soon", "overdue")
    subject: str | None = None
    limit: int = 100
    now: datetime | None = None  # None: as the rules saw it last
    order: Sorted = Sorted.URGENCY
    among: Sequence[int] | None = None  # these mentions alone


class Key(NamedTuple):
    """A clock."""

    mention_id: int
    subject_id: int


STILL_OPEN: Final = ("waiting", "due_soon", "overdue")  # as the index `clock_open` has it
CLOSED: Final = ("met", "missed", "dismissed")  # as the index `clock_closed` has it
STATE_NOW: Final = """CASE
  WHEN c.state IN ('waiting', 'due_soon') AND c.due_at < :now THEN 'overdue'
  WHEN c.state = 'waiting' AND EXISTS (SELECT 1 FROM json_each(c.warn_at) WHERE value <= :now)
  THEN 'due_soon' ELSE c.state END"""
KEYS: Final = """
SELECT c.mention_id, c.subject_id FROM clock AS c WHERE {which} ORDER BY {order} LIMIT :limit
"""
RANKED: Final = """
SELECT c.mention_id, c.subject_id FROM (
  SELECT * FROM clock AS c WHERE {which} ORDER BY c.said_at DESC LIMIT :ranked) AS c
JOIN mention AS m ON m.id = c.mention_id
LEFT JOIN match AS x ON x.mention_id = c.mention_id AND x.subject_id = c.subject_id
LEFT JOIN author AS a ON a.id = m.author_id
ORDER BY {order} LIMIT :limit
"""
MOST_RANKED: Final = 3000  # the newest: of them those are found that are gravest, or heard by most
REACHED: Final = "max(coalesce(a.followers, 0), coalesce(m.views, 0))"
# 8 for what an incident of the rule `severe` told of lately; 3 for negative words, and of these 1
# for each digit of how many they reach, beyond the first; 2 for the lowest stars, less for others.
SEVERITY: Final = f"""(
  8 * (c.mention_id IN (SELECT r.value FROM incident AS i JOIN json_each(i.evidence, '$.rows') AS r
    WHERE i.key >= 'severe:' AND i.key < 'severe;' AND i.opened_at >= :flagged))
  + (x.sentiment IS 'negative') * (2 + length({REACHED}))
  + coalesce(2 * (coalesce(m.stars_scale, 5) - m.stars) / max(coalesce(m.stars_scale, 5) - 1, 1), 0)
)"""  # noqa: S608  # ours, without a value
FLAGGED: Final = timedelta(days=30)
ORDERS: Final = {
    Sorted.URGENCY: (KEYS, "c.due_at, c.mention_id"),
    Sorted.SEVERITY: (RANKED, f"{SEVERITY} DESC, c.due_at, c.mention_id"),
    Sorted.OLDEST: (KEYS, "c.said_at, c.mention_id"),
    Sorted.NEWEST: (KEYS, "c.said_at DESC, c.mention_id DESC"),
    Sorted.REACH: (RANKED, f"{REACHED} DESC, c.due_at, c.mention_id"),
}
RANKS: Final = frozenset(order for order, (sql, _) in ORDERS.items() if sql is RANKED)
INTENT_SURE: Final = f"coalesce(l.intent_confidence, 1) >= {SURE}"
ROWS: Final = """
SELECT m.source || ':' || m.source_id AS id, c.mention_id, c.subject_id, s.name AS subject, s.role,
  c.channel, c.team, m.author_id, a.followers, m.views,
  {state} AS state, c.due_at, c.said_at, c.seen_at, c.answered_at, c.snoozed_until, x.sentiment,
  {confidence} AS confidence, {at_odds} AS at_odds, m.stars,
  coalesce(m.stars_scale, 5) AS stars_scale,
  m.text, m.title, x.places, m.question, coalesce(a.handle, a.name) AS author, w.assignee,
  {intent} AS intent, {intent_sure} AS intent_sure, {needs_answer} AS needs_answer,
  {reason} AS reason, {topics} AS topics
FROM clock AS c
JOIN mention AS m ON m.id = c.mention_id
JOIN subject AS s ON s.id = c.subject_id
LEFT JOIN match AS x ON x.mention_id = c.mention_id AND x.subject_id = c.subject_id
LEFT JOIN author AS a ON a.id = m.author_id
LEFT JOIN work AS w ON w.mention_id = m.id
WHERE c.mention_id IN (SELECT value FROM json_each(:among))
""".format(  # noqa: S608  # ours, without a value
    state=STATE_NOW,
    confidence=CONFIDENCE,
    at_odds=AT_ODDS,
    intent=newest("intent", "c.subject_id"),
    intent_sure=newest("intent", "c.subject_id", value=INTENT_SURE),
    needs_answer=newest("needs_answer", "c.subject_id"),
    reason=newest("reason", "c.subject_id"),
    topics=newest("topics", "c.subject_id"),
)


def inbox(db: Db, wanted: InboxFilter) -> list[Row]:
    """What waits for an answer, in the order that is wanted."""
    return of_clocks(db, list(keys(db, wanted)), wanted.now)


def keys(db: Db, wanted: InboxFilter) -> Iterator[Key]:
    """The clocks of the same rows, in the same order, without a look at what is known of them.

    They are read as they are taken.
    """
    sql, order = ORDERS[wanted.order]
    rows = db.execute(
        sql.format(which=" AND ".join(_which(wanted)), order=order),
        {
            "subject": wanted.subject,
            "limit": wanted.limit,
            "now": _as_text(wanted.now),
            "among": None if wanted.among is None else json.dumps(list(wanted.among)),
            "flagged": _as_text(wanted.now and wanted.now - FLAGGED),
            "ranked": MOST_RANKED,
        },
    )
    return (Key(*row) for row in rows)


def of_clocks(db: Db, keys: Sequence[tuple[int, int]], now: datetime | None) -> list[Row]:
    """The rows of the inbox of these clocks (mention, subject), in the order of the keys."""
    among = json.dumps([mention_id for mention_id, _ in keys])
    rows = db.execute(ROWS, {"among": among, "now": _as_text(now)})
    found = {(row["mention_id"], row["subject_id"]): row for row in rows}
    return [found[key] for key in keys if key in found]


def _which(wanted: InboxFilter) -> Iterator[str]:
    """What makes a clock `c` one of those that are wanted."""
    for stored in stored_as(wanted.states):
        yield f"c.state IN ({quoted(stored)})"
    asked_of_open = set(STILL_OPEN) & set(wanted.states)
    if asked_of_open and asked_of_open != set(STILL_OPEN):  # which of them it is, the time tells
        yield f"{STATE_NOW} IN ({quoted(wanted.states)})"
    if wanted.subject is not None:
        yield "c.subject_id IN (SELECT id FROM subject WHERE name = :subject COLLATE NOCASE)"
    if wanted.among is not None:
        yield "c.mention_id IN (SELECT value FROM json_each(:among))"


def stored_as(states: Sequence[str]) -> Iterator[Sequence[str]]:
    """The states that clocks may be stored with that are in one of these now.

    In the words of an index, where one has them all, and then exactly.
    """
    closed = [state for state in states if state not in STILL_OPEN]
    stored = [*(STILL_OPEN if len(closed) < len(states) else ()), *closed]
    if set(stored) <= set(CLOSED):
        yield CLOSED
    yield stored


def _as_text(now: datetime | None) -> str:
    return "" if now is None else to_text(now)


def quoted(words: Iterable[str]) -> str:
    """Words of ours as SQL lists them."""
    return ", ".join(f"'{word}'" for word in words)
