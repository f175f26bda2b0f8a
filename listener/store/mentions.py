"""Mentions: kept once, and changed by edits."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from listener.domain.door import Arrival
from listener.domain.mention import Mention
from listener.domain.times import bucket_start, from_text, to_text
from listener.store import embeddings, search
from listener.store.connection import Db, Row, among
from listener.store.labels import CONFIDENCE

INSERT = """
INSERT INTO mention (id, source, source_id, channel, kind, title, text, raw_text, truncated,
  language, language_by, url, said_at, seen_at, edited_at, author_id, stars, stars_scale, likes,
  replies, shares, views, parent_id, thread_id, place, product, product_version, brand,
  given_label, given_topics, question, fold, raw)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
  ?, ?, ?)
"""
UPDATE = """
UPDATE mention SET title = ?, text = ?, raw_text = ?, truncated = ?, stars = coalesce(?, stars),
  edited_at = coalesce(?, edited_at), question = ?, fold = ?, url = coalesce(?, url),
  likes = coalesce(?, likes), replies = coalesce(?, replies), shares = coalesce(?, shares),
  views = coalesce(?, views), brand = coalesce(?, brand),
  given_label = coalesce(?, given_label), given_topics = coalesce(?, given_topics)
WHERE id = ?
"""
INSERT_MATCH = """
INSERT INTO match (mention_id, subject_id, origin, terms, places, counts, said_at, channel,
  author_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
KEEP_AUTHOR = """
INSERT INTO author (source, source_id, handle, name, followers, verified, first_seen)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, source_id) DO UPDATE SET handle = coalesce(excluded.handle, handle),
  name = coalesce(excluded.name, name), followers = coalesce(excluded.followers, followers),
  verified = coalesce(excluded.verified, verified)
WHERE coalesce(excluded.handle, handle) IS NOT handle
  OR coalesce(excluded.name, name) IS NOT name
  OR coalesce(excluded.followers, followers) IS NOT followers
  OR coalesce(excluded.verified, verified) IS NOT verified
"""  # what is known already is not written again
KNOWN = """
SELECT id, source_id, title, text, stars, edited_at, likes, replies, shares, views, said_at,
  channel, author_id, deleted_at, brand, given_label, given_topics, url, source, kind
FROM mention WHERE source = ? AND source_id IN (%s)
"""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a page: row ids of new and of changed mentions."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()


def add(db: Db, arrivals: Sequence[Arrival], seen_at: datetime) -> Added:
    """Keep a page of mentions. The same page twice changes nothing."""
    latest = {(a.mention.source, a.mention.source_id): a for a in arrivals}
    known = _known(db, list(latest))
    seen = to_text(seen_at)
    told = [a.mention for key, a in latest.items() if not _gone(known.get(key))]
    authors = _authors(db, told, seen)
    fresh = [a for key, a in latest.items() if key not in known]
    first_id = _next_id(db)
    ids = range(first_id, first_id + len(fresh))
    rows, match_rows = [], []
    for row_id, arrival in zip(ids, fresh, strict=True):
        said = to_text(arrival.mention.said_at)
        author_id = authors.get(_author_key(arrival.mention))
        rows.append(_values(row_id, arrival, said, seen, author_id))
        match_rows += _match_rows(row_id, arrival, said, author_id)
    db.executemany(INSERT, rows)
    db.executemany(INSERT_MATCH, match_rows)
    changed = [
        known[key]["id"]
        for key, arrival in latest.items()
        if key in known and _change(db, known[key], arrival, seen)
    ]
    return Added(tuple(ids), tuple(changed))


def _gone(row: Row | None) -> bool:
    return row is not None and row["deleted_at"] is not None


def _next_id(db: Db) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'mention'").fetchone()
    return 1 if row is None else int(row[0]) + 1


def _known(db: Db, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    by_source: dict[str, list[str]] = {}
    for source, source_id in keys:
        by_source.setdefault(source, []).append(source_id)
    found = {}
    for source, ids in by_source.items():
        marks, given = among(ids)
        for row in db.execute(KNOWN % marks, (source, *given)):
            found[(source, row["source_id"])] = row
    return found


def _author_key(mention: Mention) -> tuple[str, str] | None:
    name = mention.author_id or mention.author or mention.author_name
    return (mention.source, name) if name else None


def _authors(db: Db, mentions: Iterable[Mention], seen: str) -> dict[tuple[str, str] | None, int]:
    """The row ids of the writers, new ones added; what is known of them is kept up to date."""
    told = dict.fromkeys(
        (*key, m.author, m.author_name, m.followers, m.verified, seen)
        for m in mentions
        if (key := _author_key(m)) is not None
    )
    if not told:
        return {}
    db.executemany(KEEP_AUTHOR, list(told))
    ids: dict[tuple[str, str] | None, int] = {}
    by_source: dict[str, dict[str, None]] = {}
    for source, name, *_ in told:
        by_source.setdefault(source, {})[name] = None
    for source, names in by_source.items():
        marks, given = among(names)
        for row in db.execute(
            f"SELECT id, source_id FROM author WHERE source = ? AND source_id IN ({marks})",  # noqa: S608
            (source, *given),
        ):
            ids[(source, row["source_id"])] = row["id"]
    return ids


def _values(
    row_id: int, arrival: Arrival, said: str, seen: str, author_id: int | None
) -> tuple[object, ...]:
    m = arrival.mention
    return (
        row_id, m.source, m.source_id, m.channel.value, m.kind.value, m.title, m.text,
        arrival.raw_text, arrival.truncated, m.language, "source" if m.language else None, m.url,
        said, seen, to_text(m.edited_at) if m.edited_at else None, author_id,
        m.stars, m.stars_scale, m.likes, m.replies, m.shares, m.views, m.parent_id, m.thread_id,
        m.place, m.product, m.product_version, m.brand, m.label.value if m.label else None,
        _as_json(m.topics) if m.topics else None, arrival.question,
        arrival.fold, json.dumps(m.raw, ensure_ascii=True) if m.raw else None,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _as_json(words: tuple[str, ...]) -> str:
    """A list of terms or topics; the same few come again and again."""
    return json.dumps(words, ensure_ascii=False)


def _match_rows(
    row_id: int, arrival: Arrival, said: str, author_id: int | None
) -> list[tuple[object, ...]]:
    channel = arrival.mention.channel.value
    return [
        (
            row_id,
            match.subject_id,
            match.origin.value,
            _as_json(match.terms),
            json.dumps(match.places, ensure_ascii=False) if match.places else None,
            match.counts,
            said,
            channel,
            author_id,
        )
        for match in arrival.matches
    ]


def _change(db: Db, row: Row, arrival: Arrival, seen: str) -> bool:
    """Take up an edit. A tombstone, and a later edit, win over a page that comes after them."""
    m = arrival.mention
    edited = to_text(m.edited_at) if m.edited_at else None
    if row["deleted_at"] is not None or (edited or "~") < (row["edited_at"] or ""):
        return False
    words = (m.title, m.text) != (row["title"], row["text"])
    stars = m.stars is not None and m.stars != row["stars"]
    given = _given_differ(row, m)
    if not (words or stars or given or _counters_differ(row, m)):
        return False
    if words:
        embeddings.forget(db, [row["id"]])
    if words or stars:
        _keep_version(db, row, min(edited or seen, seen))
    if words or m.url not in (None, row["url"]):
        old = search.entry(row)
        search.replace(db, old, old._replace(title=m.title, text=m.text, url=m.url or old.url))
    db.execute(
        UPDATE,
        (
            m.title, m.text, arrival.raw_text, arrival.truncated, m.stars, edited,
            arrival.question, arrival.fold, m.url, m.likes, m.replies, m.shares, m.views,
            m.brand, m.label.value if m.label else None, _as_json(m.topics) if m.topics else None,
            row["id"],
        ),
    )  # fmt: skip
    if words or stars or given:
        _rematch(db, row, arrival)
        redo(db, "classify", [row["id"]])
        redo(db, "measure", [row["id"]])
    return words or stars


def _counters_differ(row: Row, m: Mention) -> bool:
    pairs = (
        (m.likes, row["likes"]),
        (m.replies, row["replies"]),
        (m.shares, row["shares"]),
        (m.views, row["views"]),
    )
    return any(new is not None and new != old for new, old in pairs)


def _given_differ(row: Row, m: Mention) -> bool:
    """Whether the source now says otherwise whom it is about, in which tone, or of what."""
    pairs = (
        (m.brand, row["brand"]),
        (m.label.value if m.label else None, row["given_label"]),
        (_as_json(m.topics) if m.topics else None, row["given_topics"]),
    )
    return any(new is not None and new != old for new, old in pairs)


def _keep_version(db: Db, row: Row, until: str) -> None:
    db.execute(
        "INSERT INTO mention_version (mention_id, title, text, stars, until)"
        " VALUES (?, ?, ?, ?, ?)",
        (row["id"], row["title"], row["text"], row["stars"], until),
    )


def _rematch(db: Db, row: Row, arrival: Arrival) -> None:
    """Matches follow the new text; the buckets of those that are gone are counted again."""
    mark_stale(db, [row["id"]])
    db.execute("DELETE FROM match WHERE mention_id = ?", (row["id"],))
    db.executemany(INSERT_MATCH, _match_rows(row["id"], arrival, row["said_at"], row["author_id"]))


def mark_stale(db: Db, ids: Sequence[int]) -> None:
    """Have the buckets of these mentions counted again."""
    marks, given = among(ids)
    rows = db.execute(
        f"SELECT subject_id, said_at FROM match WHERE mention_id IN ({marks})",  # noqa: S608
        given,
    ).fetchall()
    db.executemany(
        "INSERT OR IGNORE INTO stale_bucket (subject_id, start) VALUES (?, ?)",
        [(r["subject_id"], to_text(bucket_start(from_text(r["said_at"])))) for r in rows],
    )


def redo(db: Db, stage: str, ids: Iterable[int]) -> None:
    """Have a stage look at these mentions once more, also when it is just at work on them."""
    db.executemany(
        "INSERT INTO redo (stage, mention_id) VALUES (?, ?)"
        " ON CONFLICT (stage, mention_id) DO UPDATE SET round = round + 1",
        [(stage, i) for i in ids],
    )


def find(db: Db, name: str) -> int | None:
    """The row of a mention by SOURCE:ID or by its number; None when there is none."""
    if ":" in name:
        source, _, source_id = name.partition(":")
        row = db.execute(
            "SELECT id FROM mention WHERE source = ? AND source_id = ?", (source, source_id)
        ).fetchone()
        if row is not None:
            return int(row["id"])
    if name.isascii() and name.isdigit() and len(name) < 19:
        row = db.execute("SELECT id FROM mention WHERE id = ?", (int(name),)).fetchone()
        return None if row is None else int(row["id"])
    return None


def held(db: Db, ids: Collection[int]) -> set[int]:
    """Those of some mentions whose words are still there."""
    marks, given = among(ids)
    rows = db.execute(
        f"SELECT id FROM mention WHERE deleted_at IS NULL AND id IN ({marks})",  # noqa: S608
        given,
    )
    return {row["id"] for row in rows}


def heading(db: Db, mention_id: int) -> Row:
    """Which mention a row is, and when it was said: source, source_id, said_at."""
    row: Row = db.execute(
        "SELECT source, source_id, said_at FROM mention WHERE id = ?", (mention_id,)
    ).fetchone()
    return row


def listing(db: Db, ids: Sequence[int]) -> list[Row]:
    """These mentions, newest first, each with the sentiment that counts for its first subject."""
    marks, given = among(ids)
    return db.execute(
        "SELECT m.id AS row, m.source || ':' || m.source_id AS id, m.said_at, m.channel,"  # noqa: S608
        " m.language,"
        " coalesce(a.handle, a.name) AS author, m.title, m.text, m.url,"
        " m.stars, coalesce(m.stars_scale, 5) AS stars_scale,"
        f" x.sentiment, {CONFIDENCE} AS confidence"
        " FROM mention AS m LEFT JOIN author AS a ON a.id = m.author_id"
        " LEFT JOIN match AS x ON x.mention_id = m.id AND x.subject_id ="
        " (SELECT y.subject_id FROM match AS y WHERE y.mention_id = m.id AND y.counts LIMIT 1)"
        f" WHERE m.id IN ({marks}) ORDER BY m.said_at DESC, m.id DESC",
        given,
    ).fetchall()
