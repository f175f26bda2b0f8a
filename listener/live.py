"""What people at the pages see of each other, and what tells that anything has changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from listener import named
from listener.store import newest as newest_rows
from listener.store import presence
from listener.store.connection import Store
from listener.store.newest import Newest

HERE_FOR: Final = timedelta(seconds=45)  # after somebody last said so


def newest(store: Store) -> Newest:
    """Differs from what it was before when anything that people see has changed."""
    with store.read() as db:
        return newest_rows.newest(db)


def last_mention(newest: Newest) -> int:
    """The highest row of a mention: those that come get higher ones."""
    return newest[0]


def mark(store: Store, now: datetime) -> str:
    """The same in a few letters, with who is where: it also changes when somebody's time is up."""
    with store.read() as db:
        here = sorted(presence.all_of_them(db, now))
        told = repr((newest_rows.newest(db), here)).encode()
    return blake2b(told, digest_size=9).hexdigest()


def come(store: Store, name: str, who: str, now: datetime) -> None:
    """Note that somebody has a mention open now. Raises UsageError where nothing is called so.

    Whoever said so just now need not say it again.
    """
    with store.read() as db:
        mention_id = named.mention(db, name)
        if presence.is_on(db, mention_id, who, now + HERE_FOR / 2):
            return
    with store.write() as db:
        presence.come(db, mention_id, who, now, now + HERE_FOR)


def leave(store: Store, name: str, who: str) -> None:
    """Note that somebody has closed a mention. Raises UsageError where nothing is called so."""
    with store.write() as db:
        presence.leave(db, named.mention(db, name), who)


def others_on(store: Store, rows: Sequence[int], who: str, now: datetime) -> dict[int, list[str]]:
    """Who else has each of these mentions open, by its row."""
    with store.read() as db:
        return presence.on(db, rows, who, now)
