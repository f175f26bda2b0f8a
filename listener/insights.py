"""What people read of whom we follow, and of what, one layer for all doors."""

from datetime import date, datetime
from typing import Any

from listener import named
from listener.domain.part import EVERY, Part
from listener.domain.themes import Theme
from listener.domain.times import BUCKET, bucket_start
from listener.errors import UsageError
from listener.store import matches, series, subjects, themes
from listener.store.connection import Db, Store


def themes_of(store: Store, subject: str | None, day: str | None) -> list[dict[str, Any]]:
    """The themes of the newest window of each subject that ended by a day, fullest first.

    `before`: mentions in such a window, on the average of up to four weeks before; None: nothing
    was read then. `move`: whether its share of what is said rose or fell. `defined` False: no topic
    that was defined covers it. Raises UsageError for a subject or a day that is none.
    """
    until = _day(day) if day else None
    with store.read() as db:
        followed = subjects.followed(db)
        chosen = {named.subject(db, subject)} if subject else followed.keys()
        return [
            _row(db, followed[number], number, theme)
            for number in followed
            if number in chosen
            for theme in themes.newest(db, number, until)
        ]


def topics_of(
    store: Store, subject: str | None, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """How much was said of each topic in a span, fullest first; copies of a text count once.

    Raises UsageError for a subject that is not followed.
    """
    span = bucket_start(since), bucket_start(until) + BUCKET
    with store.read() as db:
        followed = subjects.followed(db)
        chosen = {named.subject(db, subject)} if subject else followed.keys()
        counted = [
            (followed[number], topic, series.tally(db, number, *span, Part(EVERY, topic)))
            for number in followed
            if number in chosen
            for topic in series.topics(db, number)
        ]
    rows = [
        {"subject": name, "topic": topic, "mentions": tally.mentions, "negative": tally.negative}
        for name, topic, tally in counted
        if tally.mentions
    ]
    return sorted(rows, key=lambda row: (-row["mentions"], row["subject"], row["topic"]))


def subjects_followed(store: Store) -> list[dict[str, Any]]:
    """Whom we follow: name, role, query."""
    with store.read() as db:
        return [dict(row) for row in subjects.described(db)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--day {text!r} is no day; write it like 2026-11-23.") from None


def _row(db: Db, name: str, subject_id: int, theme: Theme) -> dict[str, Any]:
    quoted = matches.voices_by_id(db, subject_id, theme.examples[:1])
    return {
        "id": theme.id,
        "subject": name,
        "until": theme.until.isoformat(),
        "theme": theme.name,
        "mentions": theme.mentions,
        "people": theme.people,
        "negative": theme.negative,
        "before": theme.before,
        "move": theme.move.value,
        "defined": not theme.is_undefined,
        "examples": matches.names_of(db, theme.examples),
        "text": next((voice.text for voice in quoted), None),
    }
