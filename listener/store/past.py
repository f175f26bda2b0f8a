"""The past once more: a database of its own, into which what was seen comes as its time goes by.

The other database is only read. Mentions are numbered anew, in the order in which they are seen,
for rules tell by its number what is new.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from listener.domain.times import bucket_start, bucket_text, from_text, to_text
from listener.store import buckets, labels
from listener.store.connection import Db, Store, read_only

UNREAD: Final = ("id", "seen_at", "raw", "raw_text")  # of a mention; no rule reads the last two
DAY: Final = timedelta(days=1)
CACHE_KIB: Final = 65_536

TABLE: Final = """
CREATE TABLE ahead (id INTEGER PRIMARY KEY, old INTEGER NOT NULL UNIQUE, seen TEXT NOT NULL,
  history INTEGER NOT NULL)
"""
ORDER: Final = """
INSERT INTO ahead (id, old, seen, history)
SELECT row_number() OVER (ORDER BY seen, id), id, seen, late FROM (
  SELECT id, late,
    CASE WHEN late THEN strftime('%Y-%m-%dT%H:%M:%fZ', said_at, '+30 seconds') ELSE seen_at END
      AS seen
  FROM (
    SELECT m.id, m.said_at, m.seen_at, julianday(m.seen_at) - julianday(m.said_at)
      > coalesce((SELECT value FROM json_each(?1) WHERE key = m.channel), ?2) AS late
    FROM past.mention AS m WHERE m.said_at >= ?3 AND m.said_at < ?4
      AND EXISTS (SELECT 1 FROM past.match AS x WHERE x.mention_id = m.id)
  )
)
"""
BRING: Final = """
INSERT INTO mention (id, seen_at, {mention}) SELECT a.id, a.seen, {mention}
FROM ahead AS a JOIN past.mention AS t ON t.id = a.old WHERE a.id > ?1 AND a.id <= ?2;
INSERT INTO match (mention_id, copy_of, {match})
SELECT a.id, (SELECT h.id FROM ahead AS h WHERE h.old = t.copy_of), {match}
FROM ahead AS a JOIN past.match AS t ON t.mention_id = a.old WHERE a.id > ?1 AND a.id <= ?2;
INSERT INTO label (mention_id, {label}) SELECT a.id, {label}
FROM ahead AS a JOIN past.label AS t ON t.mention_id = a.old WHERE a.id > ?1 AND a.id <= ?2
ORDER BY a.id, t.id
"""
SLICES: Final = """
SELECT subject_id, said_at FROM match WHERE mention_id > ? AND mention_id <= ? AND counts
"""
NOT_ALL_SEEN: Final = """
SELECT x.subject_id, x.said_at FROM ahead AS a JOIN past.match AS x ON x.mention_id = a.old
WHERE a.id > ? AND x.said_at < ? AND x.counts
"""
GAPS: Final = """
INSERT OR IGNORE INTO source_gap (id, source, channel, since, until, lost)
SELECT id, source, channel, since, CASE WHEN until <= ?1 THEN until END, lost FROM past.source_gap
WHERE since <= ?1 ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What of the past is told anew, and how.

    `back`: how much of what was said before `since` is needed; counts are taken over from the
    very first. `late`: by channel, and for all others `late_else`: what was first seen so long
    after it was said came as history, and is told as if it had been seen half a minute later.
    """

    since: datetime
    until: datetime
    back: timedelta
    late: Mapping[str, timedelta]
    late_else: timedelta


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many mentions will be seen from the begin on, and how many of them came as history."""

    mentions: int
    history: int


class Past:
    """A new database, `copy`, that is filled from the one at `stored` up to a moment that moves."""

    def __init__(self, copy: Store, stored: Path) -> None:
        self._copy = copy
        self._upto = 0  # the newest mention that has come
        self._turns: list[datetime] = []  # when gaps begin and end; the next one is the last
        with copy.read() as db:
            # Else each transaction on the copy would keep the daemon from writing, too.
            db.execute("ATTACH DATABASE ? AS past", (read_only(stored),))
            db.execute(f"PRAGMA main.cache_size = -{CACHE_KIB}")
            db.execute("PRAGMA main.secure_delete = OFF")  # the whole file is soon gone
            self._bring_all = BRING.format(
                mention=_columns(db, "mention", UNREAD),
                match=_columns(db, "match", ("mention_id", "copy_of")),
                label=_columns(db, "label", ("id", "mention_id")),
            ).split(";")

    def begin(self, span: Span) -> None:
        """Take over all there was at `span.since`, and put what was seen later in order."""
        first = to_text(bucket_start(span.since))
        with self._copy.write() as db:
            _take_over(db, first)
            _order(db, span)
            self._turns = _turns(db)
            self._upto = _seen_by(db, span.since)
            self._bring(db, 0)
            buckets.recount(db, _slices(db, NOT_ALL_SEEN, self._upto, first))
            self._look_at_sources(db, span.since)

    def ahead(self) -> Ahead:
        with self._copy.read() as db:
            row = db.execute(
                "SELECT count(*), coalesce(sum(history), 0) FROM ahead WHERE id > ?", (self._upto,)
            ).fetchone()
        return Ahead(*row)

    def advance(self, now: datetime) -> int:
        """Let come what was seen by now, and count it; returns how many mentions came."""
        before = self._upto
        with self._copy.write() as db:
            self._upto = max(_seen_by(db, now), before)
            if self._upto > before:
                self._bring(db, before)
                buckets.recount(db, _slices(db, SLICES, before, self._upto))
            self._look_at_sources(db, now)
        return self._upto - before

    def _bring(self, db: Db, after: int) -> None:
        """The mentions that follow, what they are about, and their labels."""
        for statement in self._bring_all:
            db.execute(statement, (after, self._upto))
        labels.set_progress(db, "measure", self._upto)

    def _look_at_sources(self, db: Db, now: datetime) -> None:
        """The gaps as they stood, and since when anything was read."""
        turned = False
        while self._turns and self._turns[-1] <= now:
            self._turns.pop()
            turned = True
        if turned:
            db.execute("DELETE FROM source_gap")
            db.execute(GAPS, (to_text(now),))
            db.execute(
                "INSERT OR IGNORE INTO source_run (id, source, started_at, ended_at)"
                " SELECT id, source, started_at, ended_at FROM past.source_run"
                " WHERE error IS NULL AND started_at <= ? ORDER BY started_at LIMIT 1",
                (to_text(now),),
            )


def _take_over(db: Db, first: str) -> None:
    """What has no time, and what was counted before the slice `first`.

    Of later slices only that they were not measured: what they hold is counted as it comes.
    """
    for table in ("subject", "author", "source_state"):
        columns = _columns(db, table)
        db.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM past.{table}")  # noqa: S608
    db.execute("UPDATE source_state SET state = '{}', next_run = NULL, error = NULL")
    columns = _columns(db, "bucket")
    db.execute(
        f"INSERT INTO bucket ({columns}) SELECT {columns} FROM past.bucket WHERE start < ?",  # noqa: S608
        (first,),
    )
    db.execute(
        "INSERT INTO bucket (start, subject_id, channel, topic, measured) SELECT start, subject_id,"
        " channel, topic, 0 FROM past.bucket WHERE start >= ? AND NOT measured",
        (first,),
    )


def _order(db: Db, span: Span) -> None:
    days = {channel: late / DAY for channel, late in span.late.items()}
    db.execute(TABLE)
    db.execute(
        ORDER,
        (
            json.dumps(days), span.late_else / DAY,
            to_text(span.since - span.back), to_text(span.until),
        ),
    )  # fmt: skip
    db.execute("CREATE INDEX ahead_seen ON ahead (seen, id)")


def _turns(db: Db) -> list[datetime]:
    rows = db.execute(
        "SELECT since FROM past.source_gap UNION SELECT until FROM past.source_gap"
        " WHERE until NOTNULL UNION SELECT min(started_at) FROM past.source_run"
        " WHERE error IS NULL ORDER BY 1 DESC"
    )
    return [from_text(row[0]) for row in rows if row[0] is not None]


def _seen_by(db: Db, now: datetime) -> int:
    row = db.execute(
        "SELECT id FROM ahead WHERE seen <= ? ORDER BY seen DESC, id DESC LIMIT 1", (to_text(now),)
    ).fetchone()
    return 0 if row is None else int(row["id"])


def _slices(db: Db, which: str, *values: object) -> set[tuple[int, str]]:
    return {(row["subject_id"], bucket_text(row["said_at"])) for row in db.execute(which, values)}


def _columns(db: Db, table: str, but: Collection[str] = ()) -> str:
    names = [row["name"] for row in db.execute(f"PRAGMA main.table_info({table})")]
    return ", ".join(name for name in names if name not in but)
