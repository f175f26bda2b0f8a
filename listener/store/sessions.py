"""Who is signed in: a row for each browser, so that signing out ends it for good."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from listener.domain.role import Role
from listener.domain.times import from_text, to_text
from listener.store.connection import Db

IDLE: Final = timedelta(hours=12)  # without a request; then it is over
LONGEST: Final = timedelta(days=30)  # however busy
NOTED_EVERY: Final = timedelta(minutes=1)  # a request is written down; not every one of a hundred
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Of a user who may sign in, and whose role is the one they have now."""

    user_id: int
    name: str
    role: Role
    made_at: datetime
    seen_at: datetime

    def lives(self, now: datetime) -> bool:
        return now < self.seen_at + IDLE and now < self.made_at + LONGEST

    def must_note(self, now: datetime) -> bool:
        """Whether a request should be written down; else there was one a moment ago."""
        return now - self.seen_at >= NOTED_EVERY


def begin(db: Db, user_id: int, now: datetime) -> str:
    """A new session; gives its id, which nobody can read again, and forgets those that are over."""
    _forget_old(db, now)
    text = secrets.token_urlsafe(_BYTES)
    db.execute(
        "INSERT INTO session (hash, user_id, made_at, seen_at) VALUES (?, ?, ?, ?)",
        (_hash(text), user_id, to_text(now), to_text(now)),
    )
    return text


def find(db: Db, text: str, now: datetime) -> Session | None:
    """The session of this id, if it lives and its user may sign in."""
    if len(text) > 100 or not text.isascii():
        return None
    row = db.execute(
        "SELECT u.id, u.name, u.role, s.made_at, s.seen_at FROM session AS s"
        " JOIN user AS u ON u.id = s.user_id WHERE s.hash = ? AND u.disabled_at IS NULL",
        (_hash(text),),
    ).fetchone()
    if row is None:
        return None
    times = from_text(row["made_at"]), from_text(row["seen_at"])
    found = Session(row["id"], row["name"], Role(row["role"]), *times)
    return found if found.lives(now) else None


def note_request(db: Db, text: str, now: datetime) -> None:
    db.execute("UPDATE session SET seen_at = ? WHERE hash = ?", (to_text(now), _hash(text)))


def end(db: Db, text: str) -> None:
    db.execute("DELETE FROM session WHERE hash = ?", (_hash(text),))


def end_all(db: Db, user_id: int) -> int:
    """End every session of a user; says how many there were."""
    return db.execute("DELETE FROM session WHERE user_id = ?", (user_id,)).rowcount


def _forget_old(db: Db, now: datetime) -> None:
    db.execute(
        "DELETE FROM session WHERE seen_at <= ? OR made_at <= ?",
        (to_text(now - IDLE), to_text(now - LONGEST)),
    )


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()
