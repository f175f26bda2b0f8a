"""Who may sign in: a name, a role, and the hash of a password or who vouches for them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from listener.domain.role import Role
from listener.domain.times import from_text, from_text_or_none, to_text
from listener.store.connection import Db, Row


@dataclass(frozen=True, slots=True)
class User:
    """`password` is an argon2id hash; None: they sign in elsewhere, and `identity` tells who there.

    `identity`: the issuer and its own name for them, once they have come from there.
    """

    id: int
    name: str
    role: Role
    password: str | None = field(repr=False)
    identity: str | None
    made_at: datetime
    disabled_at: datetime | None


_SELECT: Final = "SELECT * FROM user"


def any_there(db: Db) -> bool:
    """Whether anybody may sign in, or might again."""
    return db.execute("SELECT 1 FROM user LIMIT 1").fetchone() is not None


def named(db: Db, name: str) -> User | None:
    """Capitals of the Latin alphabet do not count."""
    return _one(db.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone())


def identified(db: Db, identity: str) -> User | None:
    return _one(db.execute(f"{_SELECT} WHERE identity = ?", (identity,)).fetchone())


def listed(db: Db) -> list[User]:
    """All of them, by name."""
    return [_user(row) for row in db.execute(f"{_SELECT} ORDER BY name")]


def add(db: Db, name: str, role: Role, password: str | None, now: datetime) -> User:
    """The name must be a new one: who calls sees to it."""
    db.execute(
        "INSERT INTO user (name, role, password, made_at) VALUES (?, ?, ?, ?)",
        (name, role.value, password, to_text(now)),
    )
    return _user(db.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone())


def set_role(db: Db, user: User, role: Role) -> None:
    db.execute("UPDATE user SET role = ? WHERE id = ?", (role.value, user.id))


def set_password(db: Db, user: User, password: str) -> None:
    db.execute("UPDATE user SET password = ? WHERE id = ?", (password, user.id))


def set_identity(db: Db, user: User, identity: str) -> None:
    db.execute("UPDATE user SET identity = ? WHERE id = ?", (identity, user.id))


def set_disabled(db: Db, user: User, at: datetime | None) -> None:
    """None: they may sign in again."""
    text = None if at is None else to_text(at)
    db.execute("UPDATE user SET disabled_at = ? WHERE id = ?", (text, user.id))


def remove(db: Db, user: User) -> None:
    """With their sessions and tokens; the record keeps their name."""
    db.execute("DELETE FROM user WHERE id = ?", (user.id,))


def _one(row: Row | None) -> User | None:
    return None if row is None else _user(row)


def _user(row: Row) -> User:
    return User(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        password=row["password"],
        identity=row["identity"],
        made_at=from_text(row["made_at"]),
        disabled_at=from_text_or_none(row["disabled_at"]),
    )
