"""What of the inbox a query finds, in the order of its list."""

from dataclasses import replace
from typing import Final

from listener.clock import monotonic
from listener.store import searching
from listener.store.connection import Db
from listener.store.searching import Judge, Sifted
from listener.store.waiting import MOST_RANKED, RANKS, InboxFilter, Key, Sorted, keys

WITHOUT_LIMIT: Final = -1  # as SQLite has it


def sought(db: Db, wanted: InboxFilter, judge: Judge, seconds: float) -> Sifted[Key]:
    """The clocks that are wanted whose mentions a query finds; of its own, where they are few.

    By severity and reach the newest that are found are put in order, as those of a list are.
    """
    until = monotonic() + seconds
    among = wanted.among
    if among is None:
        among = searching.few(db, judge)
    if among is None and wanted.order in RANKS:
        by_age = replace(wanted, order=Sorted.NEWEST, limit=WITHOUT_LIMIT)
        found = searching.sift(db, judge, keys(db, by_age), MOST_RANKED, until)
        theirs = [key.mention_id for key in found.kept]
        return Sifted(list(keys(db, replace(wanted, among=theirs))), found.stopped_at)
    every = keys(db, replace(wanted, among=among, limit=WITHOUT_LIMIT))
    return searching.sift(db, judge, every, wanted.limit, until)
