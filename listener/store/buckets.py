"""Buckets: counts of five-minute slices, always counted anew from the rows they stand for."""

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.domain.part import EVERY, WHOLE, Part
from listener.domain.times import BUCKET, bucket_start, from_text, to_text
from listener.store import series
from listener.store.connection import Db

KEEP = """
ON CONFLICT DO UPDATE SET mentions = excluded.mentions, negative = excluded.negative,
  neutral = excluded.neutral, positive = excluded.positive, authors = excluded.authors,
  folded = excluded.folded, folded_negative = excluded.folded_negative, touched = excluded.touched
"""
# A slice is [start, subject, end]; `measured` stays what it is.
COUNT = (
    """
INSERT INTO bucket (start, subject_id, channel, topic, mentions, negative, neutral, positive,
  authors, folded, folded_negative, touched)
SELECT s.value ->> 0, s.value ->> 1, {channel}, '', count(x.mention_id),
  coalesce(sum(x.sentiment = 'negative'), 0), coalesce(sum(x.sentiment = 'neutral'), 0),
  coalesce(sum(x.sentiment = 'positive'), 0), count(DISTINCT x.author_id),
  coalesce(sum(x.copy_of IS NULL AND x.mention_id NOTNULL), 0),
  coalesce(sum(x.copy_of IS NULL AND x.sentiment = 'negative'), 0), ?2
FROM json_each(?1) AS s {join} JOIN match AS x ON x.subject_id = s.value ->> 1
  AND x.said_at >= s.value ->> 0 AND x.said_at < s.value ->> 2 AND x.counts
GROUP BY s.key{group}
"""
    + KEEP
)
COUNT_CHANNELS = COUNT.format(channel="x.channel", join="CROSS", group=", x.channel")
COUNT_ALL = COUNT.format(channel=f"'{EVERY}'", join="LEFT", group="")  # of an empty slice too


def recount(db: Db, keys: Iterable[tuple[int, str]], shrunk: Iterable[tuple[int, str]] = ()) -> int:
    """Count these (subject, start) slices anew; returns how many. Marks them as touched.

    `shrunk`: those from which something may have gone, so that a channel or a topic may be left
    with nothing.
    """
    gone = sorted(set(shrunk))
    rows = sorted({*keys, *gone})
    if not rows:
        return 0
    touch = last_touch(db) + 1
    slices = json.dumps([(start, subject, _end(start)) for subject, start in rows])
    _empty(db, gone, touch)
    db.execute(COUNT_CHANNELS, (slices, touch))
    db.execute(COUNT_ALL, (slices, touch))
    _count_topics(db, slices, touch)
    return len(rows)


def _empty(db: Db, gone: Sequence[tuple[int, str]], touch: int) -> None:
    parts = {subject: _parts(db, subject) for subject in {subject for subject, _ in gone}}
    db.executemany(
        "UPDATE bucket SET mentions = 0, negative = 0, neutral = 0, positive = 0, authors = 0,"
        " folded = 0, folded_negative = 0, touched = ?"
        " WHERE subject_id = ? AND channel = ? AND topic = ? AND start = ?",
        [(touch, subject, *part, start) for subject, start in gone for part in parts[subject]],
    )


def _parts(db: Db, subject_id: int) -> list[Part]:
    topics = series.topics(db, subject_id)
    return [WHOLE, *map(Part, series.CHANNELS), *(Part(EVERY, topic) for topic in topics)]


LABELLED = """
SELECT s.value ->> 0, x.subject_id, x.mention_id, x.sentiment, x.author_id, x.copy_of, l.topics
FROM json_each(?) AS s
CROSS JOIN match AS x ON x.subject_id = s.value ->> 1
  AND x.said_at >= s.value ->> 0 AND x.said_at < s.value ->> 2 AND x.counts
JOIN label AS l ON l.mention_id = x.mention_id AND l.topics <> '[]'
  AND (l.subject_id IS NULL OR l.subject_id = x.subject_id)
ORDER BY l.by NOT IN ('model', 'given'), l.subject_id NOTNULL, l.made_at, l.id
"""  # of several labels of a mention the last one counts, as readers take them
KEEP_TOPICS = (
    """
INSERT INTO bucket (subject_id, channel, topic, start, mentions, negative, neutral, positive,
  authors, folded, folded_negative, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
    + KEEP
)

Said = tuple[str | None, int | None, int | None]  # sentiment, writer, original


def _count_topics(db: Db, slices: str, touch: int) -> None:
    last: dict[tuple[int, int], tuple[str, Said, str]] = {}
    rows = db.execute(LABELLED, (slices,))
    for start, subject, mention, sentiment, author, original, topics in rows:
        last[mention, subject] = start, (sentiment, author, original), topics
    of_topic: dict[tuple[int, str, str, str], list[Said]] = {}
    for (_, subject), (start, said, topics) in last.items():
        for topic in _topics(topics):
            of_topic.setdefault((subject, EVERY, topic, start), []).append(said)
    db.executemany(  # in the order they lie in
        KEEP_TOPICS, [(*key, *_tally(said), touch) for key, said in sorted(of_topic.items())]
    )


@functools.lru_cache(4096)
def _topics(written: str) -> frozenset[str]:
    return frozenset(json.loads(written)) - {""}


def _tally(said: Sequence[Said]) -> tuple[int, ...]:
    negative = [original for sentiment, _, original in said if sentiment == "negative"]
    sentiments = [sentiment for sentiment, _, _ in said]
    return (
        len(said),
        len(negative),
        sentiments.count("neutral"),
        sentiments.count("positive"),
        len({author for _, author, _ in said} - {None}),
        [original for _, _, original in said].count(None),
        negative.count(None),
    )


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
        [
            (s, i, c)
            for i in subject_ids
            if i in active
            for c in (gap.channel, EVERY)
            for s in starts
        ],
    )
