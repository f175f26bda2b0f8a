"""Themes, what was said of each in windows of days, and the texts they are found in."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from listener.domain.themes import Theme, Window, moved
from listener.domain.themes.theme import FEWEST_PEOPLE
from listener.domain.times import to_text
from listener.store.connection import Db, among
from listener.store.labels import newest as newest_label
from listener.store.matches import TOPICS

COMPARED_WITH: Final = 4  # weeks before
# Whether a mention is a question: by the label that readers take, else by its words.
ASKS: Final = f"coalesce({newest_label('intent', 'x.subject_id')} = 'question', m.question)"


class Said(NamedTuple):
    """A text that themes are looked for in; copies and deleted ones are none."""

    mention_id: int
    text: str
    language: str
    person: int  # the author; where nobody is known, minus the mention
    negative: bool
    has_topic: bool
    asks: bool
    vector: bytes


class Known(NamedTuple):
    """A theme there is."""

    id: int
    name: str
    middle: bytes


class Count(NamedTuple):
    """What was said of a theme in one window."""

    theme_id: int
    mentions: int
    negative: int
    people: int
    with_topic: int
    examples: tuple[int, ...]


def said(
    db: Db,
    subject_id: int,
    since: datetime,
    until: datetime,
    model: str,
    most: int,
) -> list[Said]:
    """What was said of a subject in a half-open span and has a vector; evenly some, if more."""
    whole = (subject_id, to_text(since), to_text(until))
    (number,) = db.execute(
        "SELECT count(*) FROM match WHERE subject_id = ? AND said_at >= ? AND said_at < ?"
        " AND counts AND copy_of IS NULL",
        whole,
    ).fetchone()
    rows = db.execute(
        "SELECT m.id, CASE m.title WHEN '' THEN m.text ELSE m.title || char(10) || m.text END,"  # noqa: S608
        " coalesce(m.language, 'und'), coalesce(m.author_id, -m.id),"
        f" x.sentiment IS 'negative', coalesce({TOPICS}, '[]') <> '[]', {ASKS}, e.vector"
        " FROM match AS x JOIN mention AS m ON m.id = x.mention_id"
        " JOIN embedding AS e ON e.mention_id = m.id AND e.model = ?4"
        " WHERE x.subject_id = ?1 AND x.said_at >= ?2 AND x.said_at < ?3 AND x.counts"
        " AND x.copy_of IS NULL AND m.deleted_at IS NULL AND m.id % ?5 = 0"
        " ORDER BY x.said_at, m.id",
        (*whole, model, max(1, -(-number // most))),
    )
    return [
        Said(i, text, language, person, bool(negative), bool(topic), bool(asks), vector)
        for i, text, language, person, negative, topic, asks, vector in rows
    ]


def known(db: Db, subject_id: int, model: str, since: date) -> list[Known]:
    """The themes of a subject that were spoken of since a day, oldest first."""
    rows = db.execute(
        "SELECT id, name, middle FROM theme WHERE subject_id = ? AND model = ? AND last_on >= ?"
        " ORDER BY id",
        (subject_id, model, since.isoformat()),
    )
    return [Known(*row) for row in rows]


def add(db: Db, subject_id: int, name: str, model: str, middle: bytes, day: date) -> int:
    """Keep a new theme; returns its number. Its name stays with it."""
    done = db.execute(
        "INSERT INTO theme (subject_id, name, model, middle, first_on, last_on)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (subject_id, name, model, middle, day.isoformat(), day.isoformat()),
    )
    return int(done.lastrowid or 0)


def move(db: Db, rows: Iterable[tuple[int, bytes, bool, date | None]]) -> None:
    """Note where themes have moved, whether they are mere talk, and when they were last heard."""
    db.executemany(
        "UPDATE theme SET middle = ?, talk = ?, last_on = coalesce(?, last_on) WHERE id = ?",
        [(m, talk, day.isoformat() if day else None, i) for i, m, talk, day in rows],
    )


def keep(db: Db, subject_id: int, until: date, read: int, counts: Sequence[Count]) -> None:
    """Keep a window: how many texts were read, and what was said of each theme."""
    db.execute(
        "INSERT OR REPLACE INTO theme_window (subject_id, until, read) VALUES (?, ?, ?)",
        (subject_id, until.isoformat(), read),
    )
    db.executemany(
        "INSERT OR REPLACE INTO theme_count (theme_id, until, mentions, negative, people,"
        " with_topic, examples) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (c.theme_id, until.isoformat(), c.mentions, c.negative, c.people, c.with_topic,
             json.dumps(c.examples))
            for c in counts
        ],
    )  # fmt: skip


def last_until(db: Db, subject_id: int, at_most: date | None = None) -> date | None:
    """The end of the newest window of a subject; None where none was read."""
    (found,) = db.execute(
        "SELECT max(until) FROM theme_window WHERE subject_id = ? AND until <= coalesce(?, until)",
        (subject_id, at_most.isoformat() if at_most else None),
    ).fetchone()
    return date.fromisoformat(found) if found else None


def first_heard(db: Db, theme_ids: Collection[int]) -> dict[int, date]:
    """The day on which each of these themes was first found."""
    marks, given = among(theme_ids)
    rows = db.execute(f"SELECT id, first_on FROM theme WHERE id IN ({marks})", given)  # noqa: S608
    return {row["id"]: date.fromisoformat(row["first_on"]) for row in rows}


def newest(db: Db, subject_id: int, at_most: date | None = None) -> list[Theme]:
    """The themes of the newest window of a subject that ended by a day, most mentions first.

    Only those that enough people spoke of; mere talk is none.
    """
    until = last_until(db, subject_id, at_most)
    if until is None:
        return []
    before = [until - timedelta(weeks=n) for n in range(1, COMPARED_WITH + 1)]
    reads = _reads(db, subject_id, [until, *before])
    compared = [day for day in before if reads.get(day)]
    found = []
    for row in db.execute(
        "SELECT c.theme_id, t.name, c.mentions, c.negative, c.people, c.with_topic, c.examples"
        " FROM theme_count AS c JOIN theme AS t ON t.id = c.theme_id"
        " WHERE t.subject_id = ? AND c.until = ? AND c.people >= ? AND NOT t.talk"
        " ORDER BY c.mentions DESC, c.theme_id",
        (subject_id, until.isoformat(), FEWEST_PEOPLE),
    ).fetchall():
        earlier = _mentions(db, row["theme_id"], compared)
        windows = [Window(mentions=earlier.get(d, 0), read=reads[d]) for d in compared]
        found.append(
            Theme(
                id=row["theme_id"],
                name=row["name"],
                until=until,
                mentions=row["mentions"],
                negative=row["negative"],
                people=row["people"],
                with_topic=row["with_topic"],
                move=moved(Window(mentions=row["mentions"], read=reads[until]), windows),
                before=sum(w.mentions for w in windows) / len(windows) if windows else None,
                examples=tuple(json.loads(row["examples"])),
            )
        )
    return found


def _reads(db: Db, subject_id: int, days: Sequence[date]) -> dict[date, int]:
    rows = db.execute(
        "SELECT until, read FROM theme_window WHERE subject_id = ? AND until BETWEEN ? AND ?",
        (subject_id, min(days).isoformat(), max(days).isoformat()),
    )
    return {date.fromisoformat(r["until"]): r["read"] for r in rows}


def _mentions(db: Db, theme_id: int, days: Sequence[date]) -> dict[date, int]:
    if not days:
        return {}
    rows = db.execute(
        "SELECT until, mentions FROM theme_count WHERE theme_id = ? AND until BETWEEN ? AND ?",
        (theme_id, min(days).isoformat(), max(days).isoformat()),
    )
    return {date.fromisoformat(r["until"]): r["mentions"] for r in rows}
