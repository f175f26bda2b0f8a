"""Tokens of programs: making and ending them, and who bears one."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from listener.domain.role import Scope
from listener.domain.times import to_json
from listener.errors import UsageError
from listener.store import api_tokens, people, users
from listener.store.api_tokens import Token
from listener.store.connection import Store

_NAME: Final = re.compile(r"[\w.@+-]{1,80}")


def add(
    store: Store,
    name: str,
    scopes: Collection[Scope],
    user: str | None,
    expires_at: datetime | None,
    who: str,
    now: datetime,
) -> str:
    """A new token, which is shown this once. `user`: in whose name it acts, if not its own.

    Raises UsageError for a name that is taken or none, without a scope, or for an unknown user.
    """
    if _NAME.fullmatch(name) is None:
        raise UsageError(f"{name[:80]!r} is no name for a token; take letters, digits and . _ -")
    if not scopes:
        raise UsageError("what is the token for? Say --scope read, or --scope act.")
    with store.write() as db:
        if api_tokens.named(db, name) is not None:
            raise UsageError(f"there is, or was, a token {name}; take another name.")
        owner = None if user is None else users.named(db, user)
        if user is not None and owner is None:
            raise UsageError(f"there is no user {user[:80]!r}; `listener user list` shows all.")
        made = api_tokens.add(db, name, scopes, now, expires_at, owner.id if owner else None)
        people.write_down(db, who, "made", f"token {name}", now, " ".join(sorted(scopes)))
    return made


def revoke(store: Store, name: str, who: str, now: datetime) -> None:
    """It opens nothing from now on; twice changes nothing. Raises UsageError if there is none."""
    with store.write() as db:
        token = api_tokens.named(db, name)
        if token is None:
            raise UsageError(f"there is no token {name[:80]!r}; `listener token list` shows all.")
        if token.revoked_at is None:
            api_tokens.revoke(db, token, now)
            people.write_down(db, who, "revoked", f"token {token.name}", now)


def note_use(store: Store, token: Token, now: datetime) -> None:
    with store.write() as db:
        api_tokens.note_use(db, token, now)


def listed(store: Store, now: datetime) -> list[dict[str, Any]]:
    with store.read() as db:
        return [_row(token, now) for token in api_tokens.listed(db)]


def _row(token: Token, now: datetime) -> dict[str, Any]:
    times = {
        "made_at": token.made_at,
        "used_at": token.used_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
    return {
        "name": token.name,
        "state": "revoked" if token.revoked_at else "over" if token.ended(now) else "good",
        "scopes": sorted(token.scopes),
        "user": token.user,
        **{name: at and to_json(at) for name, at in times.items()},
    }


def good(store: Store, text: str, now: datetime) -> Token | None:
    """The token of this text, if it is good now."""
    with store.read() as db:
        return api_tokens.find(db, text, now)
