"""What rules remember that is of no subject: JSON by a key, such as the name of a source."""

import json
from collections.abc import Mapping
from typing import Any

from listener.store.connection import Db


def states(db: Db, rule: str) -> dict[str, dict[str, Any]]:
    """All that a rule remembers so, by its key."""
    prefix = _key(rule, "")
    rows = db.execute(
        "SELECT key, value FROM meta WHERE key >= ? AND key < ?", (prefix, _key(rule, "\U0010ffff"))
    )
    return {row["key"].removeprefix(prefix): json.loads(row["value"]) for row in rows}


def keep(db: Db, rule: str, key: str, state: Mapping[str, Any] | None) -> None:
    """Remember this in the place of what was; None: nothing."""
    if state is None:
        db.execute("DELETE FROM meta WHERE key = ?", (_key(rule, key),))
        return
    db.execute(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
        (_key(rule, key), json.dumps(state, separators=(",", ":"))),
    )


def _key(rule: str, key: str) -> str:
    return f"rule:{rule}:{key}"
