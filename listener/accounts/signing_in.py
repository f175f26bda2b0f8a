"""Signing in and out. A failure says nothing of why, and takes as long for a name nobody has."""

from datetime import datetime
from typing import Final

from listener.accounts.passwords import Passwords
from listener.domain.role import Role
from listener.store import people, sessions, users
from listener.store.connection import Db, Store
from listener.store.sessions import Session
from listener.store.users import User

SOMEBODY: Final = "somebody"
NOBODY: Final = "user ?"  # what was written is not kept: now and then it is a password


def sign_in(
    store: Store, name: str, password: str, now: datetime, hashes: Passwords, *, address: str
) -> str | None:
    """A new session by name and password; gives its id, or None for whatever reason.

    `address`: where they sit, for the record.
    """
    with store.read() as db:
        user = users.named(db, name)
    right = hashes.match(user.password if user else None, password)
    with store.write() as db:
        if user is None or not right or not _may_still(db, user):
            known = NOBODY if user is None else f"user {user.name}"
            people.write_down(db, SOMEBODY, "failed to sign in as", known, now, address)
            return None
        if user.password is not None and hashes.is_dated(user.password):
            users.set_password(db, user, hashes.hash(password))
        return _begin(db, user, now, address)


def _may_still(db: Db, user: User) -> bool:
    """Nobody took it away while the password was compared."""
    found = users.named(db, user.name)
    return found is not None and found.disabled_at is None and found.password == user.password


def sign_in_by_identity(
    store: Store, identity: str, name: str, role: Role, now: datetime, *, address: str
) -> str | None:
    """A new session for whom an identity provider vouches; None where they are disabled.

    Who comes for the first time becomes a user with this `role`, or is the user of that name whom
    somebody added for them. A name that belongs to another identity is not given to a second one.
    """
    with store.write() as db:
        user = users.identified(db, identity) or _first_time(db, identity, name, role, now)
        if user is None or user.disabled_at is not None:
            known = f"user {name}"
            people.write_down(db, SOMEBODY, "failed to sign in as", known, now, address)
            return None
        return _begin(db, user, now, address)


def _first_time(db: Db, identity: str, name: str, role: Role, now: datetime) -> User | None:
    user = users.named(db, name)
    if user is None:
        user = users.add(db, name, role, None, now)
        people.write_down(db, user.name, "added", f"user {user.name}", now, role.value)
    elif user.identity is not None:
        return None
    users.set_identity(db, user, identity)
    return user


def _begin(db: Db, user: User, now: datetime, address: str) -> str:
    people.write_down(db, user.name, "signed in", f"user {user.name}", now, address)
    return sessions.begin(db, user.id, now)


def sign_out(store: Store, session: str, now: datetime) -> None:
    """End a session; one that is over already stays so."""
    with store.write() as db:
        found = sessions.find(db, session, now)
        sessions.end(db, session)
        if found is not None:
            people.write_down(db, found.name, "signed out", f"user {found.name}", now)


def visiting(store: Store, session: str, now: datetime) -> Session | None:
    """Whose session it is, if it lives."""
    with store.read() as db:
        return sessions.find(db, session, now)


def note_request(store: Store, session: str, now: datetime) -> None:
    with store.write() as db:
        sessions.note_request(db, session, now)


def anybody(store: Store) -> bool:
    """Whether there is a user, so that sign-in is asked for."""
    with store.read() as db:
        return users.any_there(db)


def standing(store: Store, name: str, role: Role) -> Role | None:
    """The role of somebody whom a proxy vouches for: their own where there is such a user.

    None: they are disabled.
    """
    with store.read() as db:
        user = users.named(db, name)
    if user is None:
        return role
    return None if user.disabled_at is not None else user.role
