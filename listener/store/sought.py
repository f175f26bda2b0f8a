"""What of the inbox a query finds, in the order of its list."""

from dataclasses import replace

from listener.clock import monotonic
from listener.store import searching
from listener.store.connection import Db
from listener.store.searching import Judge, Sifted
from listener.store.waiting import EVERY, InboxFilter, Key, keys


def sought(db: Db, wanted: InboxFilter, judge: Judge, seconds: float) -> Sifted[Key]:
    """The clocks that are wanted whose mentions a query finds; of its own, where they are few."""
    until = monotonic() + seconds
    among = wanted.among
    if among is None:
        among = searching.few(db, judge)
    every = keys(db, replace(wanted, among=among, limit=EVERY))
    return searching.sift(db, judge, every, wanted.limit, until)
