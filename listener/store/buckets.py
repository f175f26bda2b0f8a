"""Buckets: counts of five-minute slices, always counted anew from the rows they stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.domain.times import BUCKET, bucket_start, from_text, to_text
from listener.store.connection import Db, Row

ALL = "all"  # the channel of the row that sums up a subject's channels

COUNT = """
INSERT OR REPLACE INTO bucket (start, subject_id, channel, topic, mentions, negative, neutral,
  positive, authors, folded, folded_negative, measured, touched)
SELECT ?1, ?2, {channel}, '', count(*), coalesce(sum(sentiment = 'negative'), 0),
  coalesce(sum(sentiment = 'neutral'), 0), coalesce(sum(sentiment = 'positive'), 0),
  count(DISTINCT author_id), coalesce(sum(copy_of IS NULL), 0),
  coalesce(sum(copy_of IS NULL AND sentiment = 'negative'), 0),
  coalesce((SELECT b.measured FROM bucket AS b WHERE b.subject_id = ?2 AND b.start = ?1
    AND b.channel = {channel} AND b.topic = ''), 1), ?4
FROM match WHERE subject_id = ?2 AND said_at >= ?1 AND said_at < ?3 AND counts {group}
"""
COUNT_CHANNELS = COUNT.format(channel="match.channel", group="GROUP BY match.channel")
COUNT_ALL = COUNT.format(channel=f"'{ALL}'", group="")


def recount(db: Db, keys: Iterable[tuple[int, str]], shrunk: Iterable[tuple[int, str]] = ()) -> int:
    """Count these (subject, start) slices anew; returns how many. Marks them as touched.

    `shrunk`: those from which something may have gone, so that a channel may be left with nothing.
    """
    gone = set(shrunk)
    rows = sorted({*keys, *gone})
    if not rows:
        return 0
    touch = last_touch(db) + 1
    slices = [(start, subject, _end(start), touch) for subject, start in rows]
    db.executemany(
        "UPDATE bucket SET mentions = 0, negative = 0, neutral = 0, positive = 0, authors = 0,"
        " folded = 0, folded_negative = 0, touched = ?3"
        " WHERE subject_id = ?1 AND start = ?2 AND topic = '' AND channel IN"
        " ('all', 'social', 'review', 'news', 'ticket', 'survey')",
        [(subject, start, touch) for subject, start in sorted(gone)],
    )
    db.executemany(COUNT_CHANNELS, slices)
    db.executemany(COUNT_ALL, slices)
    return len(rows)


def _end(start: str) -> str:
    return to_text(from_text(start) + BUCKET)


def stale(db: Db) -> list[tuple[int, str]]:
    """The slices that were marked for counting anew."""
    return [tuple(r) for r in db.execute("SELECT subject_id, start FROM stale_bucket")]


def clear_stale(db: Db, keys: Iterable[tuple[int, str]]) -> None:
    db.executemany("DELETE FROM stale_bucket WHERE subject_id = ? AND start = ?", list(keys))


def last_touch(db: Db) -> int:
    row = db.execute("SELECT max(touched) FROM bucket").fetchone()
    return int(row[0] or 0)


@dataclass(frozen=True, slots=True)
class Slice:
    """One five-minute slice of a subject, all channels; copies are folded in the last two."""

    start: datetime
    mentions: int
    negative: int
    folded: int
    folded_negative: int
    touched: int


def touched_since(db: Db, subject_id: int, touched: int) -> list[Slice]:
    """The slices of a subject, all channels, that changed after `touched`, oldest first."""
    rows = db.execute(
        "SELECT start, mentions, negative, folded, folded_negative, touched FROM bucket"
        " WHERE touched > ? AND subject_id = ? AND channel = 'all' AND topic = '' ORDER BY start",
        (touched, subject_id),
    )
    return [_slice(r) for r in rows]


def span(db: Db, subject_id: int, since: datetime, until: datetime) -> list[Slice]:
    """The slices of a subject, all channels, in a half-open span, oldest first; empty ones lack."""
    rows = db.execute(
        "SELECT start, mentions, negative, folded, folded_negative, touched FROM bucket"
        " WHERE subject_id = ? AND channel = 'all' AND topic = '' AND start >= ? AND start < ?"
        " ORDER BY start",
        (subject_id, to_text(since), to_text(until)),
    )
    return [_slice(r) for r in rows]


def _slice(row: Row) -> Slice:
    return Slice(
        from_text(row["start"]),
        row["mentions"],
        row["negative"],
        row["folded"],
        row["folded_negative"],
        row["touched"],
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a source was not read; open while `until` is None."""

    source: str
    channel: str
    since: datetime
    until: datetime | None


def gaps(db: Db, since: datetime, until: datetime) -> list[Gap]:
    """The gaps that touch a span, oldest first."""
    rows = db.execute(
        "SELECT source, channel, since, until FROM source_gap"
        " WHERE since < ? AND (until IS NULL OR until > ?) ORDER BY since, source",
        (to_text(until), to_text(since)),
    )
    return [
        Gap(
            r["source"],
            r["channel"],
            from_text(r["since"]),
            from_text(r["until"]) if r["until"] else None,
        )
        for r in rows
    ]


def common(found: Iterable[Gap], names: Iterable[str]) -> list[Gap]:
    """The times in which all of these sources were in a gap at once, oldest first. Pure."""
    shared: list[Gap] | None = None
    for name in sorted(names):
        own = [gap for gap in found if gap.source == name]
        shared = own if shared is None else [b for a in shared for g in own if (b := _both(a, g))]
    return sorted(shared or [], key=lambda gap: gap.since)


def _both(one: Gap, other: Gap) -> Gap | None:
    since = max(one.since, other.since)
    until = min((g.until for g in (one, other) if g.until is not None), default=None)
    if until is not None and until <= since:
        return None
    return Gap(one.source, one.channel, since, until)


def measured_share(start: datetime, end: datetime, found: Iterable[Gap]) -> float:
    """The share of a span that lies in none of these gaps. Pure.

    Times are compared in UTC: a local day may have 23 or 25 hours.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    measured, upto = timedelta(0), start
    for gap in sorted(found, key=lambda g: g.since):
        measured += max(timedelta(0), min(gap.since, end) - upto)
        upto = max(upto, min(gap.until or end, end))
    measured += max(timedelta(0), end - upto)
    return min(1.0, measured / (end - start)) if end > start else 1.0


def all_counted(db: Db) -> bool:
    """Whether no mention waits to be measured."""
    row = db.execute(
        "SELECT coalesce((SELECT max(id) FROM mention), 0)"
        " <= coalesce((SELECT upto FROM progress WHERE stage = 'measure'), 0)"
    ).fetchone()
    return bool(row[0])


def mark_unmeasured(db: Db, subject_ids: Iterable[int], gap: Gap) -> None:
    """Show a gap that is over in the table of buckets: its channel's slices, and the sum.

    At most 31 days are marked, for subjects that are followed; the gap itself is kept whole in
    `source_gap`.
    """
    assert gap.until is not None, "only a gap that is over is known to be one"
    end = min(gap.until, gap.since + timedelta(days=31))
    start, starts = bucket_start(gap.since), []
    while start < end:
        starts.append(to_text(start))
        start += BUCKET
    active = {row["id"] for row in db.execute("SELECT id FROM subject WHERE active")}
    db.executemany(
        "INSERT INTO bucket (start, subject_id, channel, topic, measured) VALUES (?, ?, ?, '', 0)"
        " ON CONFLICT DO UPDATE SET measured = 0",
        [(s, i, c) for i in subject_ids if i in active for c in (gap.channel, ALL) for s in starts],
    )
