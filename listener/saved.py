"""Saved views of the inbox: kept, renamed and removed, for all who work there."""

from datetime import datetime
from typing import Final

from listener.domain.actions import Pack
from listener.domain.query import Query
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.store import people, saved_views, waiting
from listener.store.connection import Db, Store
from listener.store.saved_views import SavedView, View
from listener.store.searching import Judge, Number
from listener.store.sought import sought
from listener.store.waiting import InboxFilter

LONGEST_NAME: Final = 60
MOST: Final = 30  # each is counted beside the list
QUICK: Final = 0.1  # seconds, for one of these numbers


def every(store: Store) -> list[SavedView]:
    """All of them, by their names."""
    with store.read() as db:
        return saved_views.every(db)


def how_many(store: Store, wanted: InboxFilter, query: Query | None, pack: Pack) -> Number:
    """How many a list of the inbox holds, up to its limit, and as far as there is time to tell."""
    with store.read() as db:
        if query is None:
            found = len(list(waiting.keys(db, wanted)))
            return Number(found, is_all=found < wanted.limit)
        held = sought(db, wanted, Judge(query, wanted.now, pack.topic_teams), QUICK)
        return Number(len(held.kept), held.stopped_at is None and len(held.kept) < wanted.limit)


def save(store: Store, name: str, view: View, who: str, now: datetime) -> int:
    """Keep a view under a name of its own. Raises UsageError where it has none, or is one too many.

    Returns its number.
    """
    with store.write() as db:
        name = _free(db, name)
        if len(saved_views.every(db)) >= MOST:
            raise UsageError(
                Wording("There are %(most)s views already; remove one first.", most=MOST)
            )
        number = saved_views.add(db, name, view, who, now)
        people.write_down(db, who, "saved", f"view {number}", now, name)
        return number


def rename(store: Store, number: int, name: str, who: str, now: datetime) -> None:
    """Give a view another name. Raises UsageError as `save` does, or where it is gone."""
    with store.write() as db:
        before = _known(db, number)
        name = _free(db, name, but=number)
        saved_views.rename(db, number, name)
        people.write_down(db, who, "renamed", f"view {number}", now, f"{before.name} to {name}")


def remove(store: Store, number: int, who: str, now: datetime) -> None:
    """Remove a view; mentions stay as they are. Raises UsageError where it is gone."""
    with store.write() as db:
        before = _known(db, number)
        saved_views.remove(db, number)
        people.write_down(db, who, "removed", f"view {number}", now, before.name)


def _known(db: Db, number: int) -> SavedView:
    found = saved_views.get(db, number)
    if found is None:
        raise UsageError(Wording("This view is gone; somebody removed it."))
    return found


def _free(db: Db, name: str, but: int | None = None) -> str:
    """The name on one line, where no other view has it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(
            Wording("Give the view a name of at most %(most)s characters.", most=LONGEST_NAME)
        )
    other = saved_views.named(db, name)
    if other is not None and other.id != but:
        raise UsageError(
            Wording(
                "There is a view named %(name)s already; give this one another name.",
                name=other.name,
            )
        )
    return name
