"""Subscriptions: who unsubscribed from what, and the tokens of the links that do it."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from listener.domain.times import from_text_or_none, to_text
from listener.store.connection import Db, Row

_SECRET: Final = "subscription"  # noqa: S105  # its name
_DIGITS: Final = 32  # of the signature: 128 bits


@dataclass(frozen=True, slots=True)
class Subscription:
    """Digests of one kind, by mail to one recipient. `unsubscribed_at` None: it is sent."""

    id: int
    recipient: str
    kind: str
    unsubscribed_at: datetime | None


def token(db: Db, recipient: str, kind: str) -> str:
    """What a link to unsubscribe names, the same for ever; nobody can make it up."""
    db.execute(
        "INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)",
        (_SECRET, secrets.token_bytes(32)),
    )
    return _signed(db, _of(db, recipient, kind))


def find(db: Db, token: str) -> Subscription | None:
    """The subscription that a token is of; None for one that we did not make."""
    number, _, signature = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 12 and signature.isascii()):
        return None
    row = db.execute("SELECT * FROM subscription WHERE id = ?", (int(number),)).fetchone()
    if row is None or not hmac.compare_digest(_signed(db, _subscription(row)), token):
        return None
    return _subscription(row)


def unsubscribe(db: Db, one: Subscription, now: datetime) -> None:
    """Send it no more, nor what waits or was on its way; doing it twice changes nothing."""
    db.execute(
        "UPDATE subscription SET unsubscribed_at = ? WHERE id = ? AND unsubscribed_at IS NULL",
        (to_text(now), one.id),
    )
    db.execute(
        "UPDATE digest SET state = 'unsubscribed', next_try_at = NULL"
        " WHERE recipient = ? COLLATE NOCASE AND kind = ? AND state IN ('waiting', 'sending')",
        (one.recipient, one.kind),
    )


def subscribe(db: Db, one: Subscription) -> None:
    """Send the next ones again."""
    db.execute("UPDATE subscription SET unsubscribed_at = NULL WHERE id = ?", (one.id,))


def unsubscribed(db: Db) -> list[Subscription]:
    """Who wants no mail, by address."""
    rows = db.execute(
        "SELECT * FROM subscription WHERE unsubscribed_at IS NOT NULL ORDER BY recipient, kind"
    )
    return [_subscription(row) for row in rows]


def without(db: Db, recipients: Collection[str], kind: str) -> frozenset[str]:
    """Those of the recipients who unsubscribed from this kind; capitals do not count."""
    gone = {one.recipient.lower() for one in unsubscribed(db) if one.kind == kind}
    return frozenset(one for one in recipients if one.lower() in gone)


def _of(db: Db, recipient: str, kind: str) -> Subscription:
    db.execute(
        "INSERT OR IGNORE INTO subscription (recipient, kind) VALUES (?, ?)", (recipient, kind)
    )
    row = db.execute(
        "SELECT * FROM subscription WHERE recipient = ? AND kind = ?", (recipient, kind)
    ).fetchone()
    return _subscription(row)


def _signed(db: Db, one: Subscription) -> str:
    row = db.execute("SELECT value FROM secret WHERE name = ?", (_SECRET,)).fetchone()
    signed = f"{one.id}\0{one.kind}\0{one.recipient.lower()}".encode()
    return f"{one.id}-{hmac.new(row['value'], signed, sha256).hexdigest()[:_DIGITS]}"


def _subscription(row: Row) -> Subscription:
    return Subscription(
        row["id"], row["recipient"], row["kind"], from_text_or_none(row["unsubscribed_at"])
    )
