"""What is done with users, each on the record; changes that take something away end sessions."""

import re
from datetime import datetime
from typing import Any, Final

from listener.accounts.passwords import Passwords, check
from listener.domain.role import Role
from listener.domain.times import to_json
from listener.errors import UsageError
from listener.store import people, sessions, users
from listener.store.connection import Db, Store
from listener.store.users import User

_NAME: Final = re.compile(r"[\w.@+-]{1,80}")


def add(
    store: Store,
    name: str,
    role: Role,
    password: str | None,
    who: str,
    now: datetime,
    hashes: Passwords,
) -> None:
    """Let somebody sign in. `password` None: by an identity provider or a proxy alone.

    Raises UsageError for a name that is taken or none, and for a weak password.
    """
    if _NAME.fullmatch(name) is None:
        raise UsageError(
            f"{name[:80]!r} is no name for a user; take letters, digits and . _ - + @, 80 at most."
        )
    hashed = None
    if password is not None:
        check(password, name)
        hashed = hashes.hash(password)
    with store.write() as db:
        if users.named(db, name) is not None:
            raise UsageError(f"there is a user {name} already; `listener user list` shows all.")
        made = users.add(db, name, role, hashed, now)
        _write_down(db, who, "added", made, now, role.value)


def set_role(store: Store, name: str, role: Role, who: str, now: datetime) -> None:
    """It holds from the next request on, also where they are signed in."""
    with store.write() as db:
        user = _named(db, name)
        users.set_role(db, user, role)
        _write_down(db, who, "changed the role of", user, now, role.value)


def set_password(
    store: Store, name: str, password: str, who: str, now: datetime, hashes: Passwords
) -> int:
    """Sets it, and signs them out everywhere; says of how many browsers."""
    check(password, name)
    hashed = hashes.hash(password)
    with store.write() as db:
        user = _named(db, name)
        users.set_password(db, user, hashed)
        _write_down(db, who, "changed the password of", user, now)
        return sessions.end_all(db, user.id)


def disable(store: Store, name: str, who: str, now: datetime) -> int:
    """Nobody signs in by that name, nor by its tokens; says of how many browsers it was."""
    with store.write() as db:
        user = _named(db, name)
        if user.disabled_at is None:
            users.set_disabled(db, user, now)
            _write_down(db, who, "disabled", user, now)
        return sessions.end_all(db, user.id)


def enable(store: Store, name: str, who: str, now: datetime) -> None:
    with store.write() as db:
        user = _named(db, name)
        if user.disabled_at is not None:
            users.set_disabled(db, user, None)
            _write_down(db, who, "enabled", user, now)


def remove(store: Store, name: str, who: str, now: datetime) -> None:
    """With sessions and tokens; what they did stays on the record."""
    with store.write() as db:
        user = _named(db, name)
        users.remove(db, user)
        _write_down(db, who, "removed", user, now)


def must_be_there(store: Store, name: str) -> None:
    """Raises UsageError for a name that nobody has: before a password is asked for."""
    with store.read() as db:
        _named(db, name)


def listed(store: Store) -> list[dict[str, Any]]:
    """One row for each; how they sign in is a password, an identity provider, both or neither."""
    with store.read() as db:
        return [
            {
                "name": user.name,
                "role": user.role.value,
                "signs_in": [
                    way
                    for way, has in (("password", user.password), ("oidc", user.identity))
                    if has
                ],
                "made_at": to_json(user.made_at),
                "disabled_at": user.disabled_at and to_json(user.disabled_at),
            }
            for user in users.listed(db)
        ]


def _named(db: Db, name: str) -> User:
    user = users.named(db, name)
    if user is None:
        raise UsageError(f"there is no user {name[:80]!r}; `listener user list` shows all.")
    return user


def _write_down(db: Db, who: str, did: str, user: User, now: datetime, detail: str = "") -> None:
    people.write_down(db, who, did, f"user {user.name}", now, detail)
