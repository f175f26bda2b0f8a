"""What people do about the mail that they get: stop it, and have it again."""

from datetime import datetime

from listener.errors import UsageError
from listener.store import subscriptions
from listener.store.connection import Store
from listener.store.subscriptions import Subscription


def of_token(store: Store, token: str) -> Subscription | None:
    """The subscription that a link names; None where it is none of ours. Nothing is changed."""
    with store.read() as db:
        return subscriptions.find(db, token)


def press(store: Store, token: str, now: datetime, *, again: bool) -> Subscription | None:
    """Unsubscribe, or subscribe `again`, by a link; how it stands then."""
    with store.write() as db:
        found = subscriptions.find(db, token)
        if found is None:
            return None
        if again:
            subscriptions.subscribe(db, found)
        else:
            subscriptions.unsubscribe(db, found, now)
        return subscriptions.find(db, token)


def unsubscribed(store: Store) -> list[Subscription]:
    """Who is sent no digest though the settings name him."""
    with store.read() as db:
        return subscriptions.unsubscribed(db)


def subscribe_again(store: Store, recipient: str) -> None:
    """Send somebody all of the digests that the settings tell. Raises UsageError for a stranger."""
    with store.write() as db:
        found = [
            one
            for one in subscriptions.unsubscribed(db)
            if one.recipient.lower() == recipient.strip().lower()
        ]
        if not found:
            raise UsageError(f"{recipient!r} has not unsubscribed.")
        for one in found:
            subscriptions.subscribe(db, one)
