"""Tokens that programs bear: made once, shown once, kept as a hash."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from listener.domain.role import Role, Scope
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row

PREFIX: Final = "lst_"  # by which people, and programs that look for leaks, know one
_BYTES: Final = 32
_NOTED_EVERY: Final = timedelta(minutes=1)  # a use is written down; not every one of a hundred


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. `user` None: it acts in its own name.

    One of a user may do no more than the user, and nothing while the user is disabled.
    """

    id: int
    name: str
    scopes: frozenset[Scope]
    user: str | None
    role: Role
    made_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    @property
    def who(self) -> str:
        """In whose name it acts, for the record."""
        return self.user or f"token {self.name}"

    def may(self, scope: Scope) -> bool:
        """One that acts reads too, and one that reads reads feeds too."""
        held = self.scopes
        reads = Scope.READ in held or Scope.ACT in held
        return (scope in held or (reads and scope is not Scope.ACT)) and self.role.may(scope.role)

    def ended(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked_at is not None or (
            self.expires_at is not None and self.expires_at <= now
        )


def add(
    db: Db,
    name: str,
    scopes: Collection[Scope],
    made_at: datetime,
    expires_at: datetime | None,
    user_id: int | None = None,
) -> str:
    """Make a token and give its text, which nobody can read again.

    The name must be a new one, and there must be a scope: who calls sees to it.
    """
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    db.execute(
        "INSERT INTO api_token (name, hash, scopes, user_id, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            name,
            _hash(token),
            " ".join(sorted(scopes)),
            user_id,
            to_text(made_at),
            None if expires_at is None else to_text(expires_at),
        ),
    )
    return token


_SELECT: Final = (
    "SELECT t.*, u.name AS user, u.role AS user_role, u.disabled_at FROM api_token AS t"
    " LEFT JOIN user AS u ON u.id = t.user_id"
)


def find(db: Db, token: str, now: datetime) -> Token | None:
    """The token of this text, if it is good now: not revoked, not over, its user not disabled."""
    if not (token.startswith(PREFIX) and token.isascii() and len(token) < 100):
        return None
    row = db.execute(f"{_SELECT} WHERE t.hash = ?", (_hash(token),)).fetchone()
    if row is None or row["disabled_at"] is not None:
        return None
    found = _token(row)
    return None if found.ended(now) else found


def must_note(token: Token, now: datetime) -> bool:
    """Whether its use should be written down; else it was a moment ago."""
    return token.used_at is None or now - token.used_at >= _NOTED_EVERY


def note_use(db: Db, token: Token, now: datetime) -> None:
    db.execute("UPDATE api_token SET used_at = ? WHERE id = ?", (to_text(now), token.id))


def named(db: Db, name: str) -> Token | None:
    """Also one that is revoked or over; capitals do not count."""
    row = db.execute(f"{_SELECT} WHERE t.name = ?", (name,)).fetchone()
    return None if row is None else _token(row)


def listed(db: Db) -> list[Token]:
    """All of them, by name."""
    return [_token(row) for row in db.execute(f"{_SELECT} ORDER BY t.name")]


def revoke(db: Db, token: Token, now: datetime) -> None:
    """End it now; doing it twice changes nothing."""
    db.execute(
        "UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
        (to_text(now), token.id),
    )


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _token(row: Row) -> Token:
    scopes = frozenset(Scope(one) for one in row["scopes"].split())
    role = max((one.role for one in scopes), key=tuple(Role).index)
    theirs = Role(row["user_role"]) if row["user_role"] is not None else role
    return Token(
        id=row["id"],
        name=row["name"],
        scopes=scopes,
        user=row["user"],
        role=role if theirs.may(role) else theirs,
        made_at=from_text(row["made_at"]),
        used_at=from_text_or_none(row["used_at"]),
        expires_at=from_text_or_none(row["expires_at"]),
        revoked_at=from_text_or_none(row["revoked_at"]),
    )
