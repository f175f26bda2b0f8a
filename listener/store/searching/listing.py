"""A list gone through in its order, for what of it a query finds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from listener.clock import monotonic
from listener.store.connection import Db
from listener.store.searching import predicates
from listener.store.searching.documents import Judge
from listener.store.searching.finding import Wanted, find, matching
from listener.store.searching.predicates import Predicate

AT_ONCE: Final = 200  # rows of a list that are judged together, at first
MOST_AT_ONCE: Final = 3200
SPARSE: Final = 20  # one of so many at most is found: then more are asked of together
FEW: Final = 100  # mentions that a query finds
QUICK: Final = 0.05  # seconds; so long it is tried whether they are few


class OfMention(Protocol):
    """A row of a list, as far as it is looked at here."""

    @property
    def mention_id(self) -> int: ...


K = TypeVar("K", bound=OfMention)


@dataclass(frozen=True, slots=True)
class Sifted(Generic[K]):
    """What of a list a query finds. `stopped_at`: the last row that was judged when time was up;
    None where there are as many as were wanted, or no more."""

    kept: list[K]
    stopped_at: K | None


def few(db: Db, judge: Judge) -> list[int] | None:
    """All that a query finds where that is little; None: a list is sooner gone through."""
    if judge.now is None:
        return None
    wanted = Wanted(query=judge.query, limit=FEW, teams=judge.teams, seconds=QUICK)
    found = find(db, wanted, judge.now)
    is_all = found.is_complete and found.next is None and not found.waiting
    return [text.id for text in found.texts] if is_all else None


def sift(db: Db, judge: Judge, keys: Iterable[K], enough: int, until: float) -> Sifted[K]:
    """The rows whose mentions a query finds, until there are enough, or time is up.

    What SQL can tell of the query is asked of many rows at once, and the text of the rest is read.
    """
    rows, kept, size = iter(keys), list[K](), AT_ONCE
    told = predicates.of(db, judge.query.root)
    while portion := list(islice(rows, size)):
        ids = list(dict.fromkeys(row.mention_id for row in portion))
        held = matching(db, judge, ids if told is None else _told(db, told, ids))
        found = [row for row in portion if row.mention_id in held]
        kept += found
        if len(kept) >= enough or len(portion) < size:
            break
        if monotonic() > until:
            return Sifted(kept, portion[-1])
        if told is not None and len(found) * SPARSE < size:
            size = min(2 * size, MOST_AT_ONCE)
    return Sifted(kept[:enough], None)


def _told(db: Db, told: Predicate, ids: Sequence[int]) -> list[int]:
    """Those of some mentions for which a condition holds, in the same order."""
    rows = db.execute(
        f"SELECT m.id FROM json_each(?) AS o CROSS JOIN mention AS m ON m.id = o.value{told.joined}"  # noqa: S608
        f" WHERE m.deleted_at IS NULL AND {told.sql} ORDER BY o.id",
        (json.dumps(list(ids)), *told.values),
    )
    return [row[0] for row in rows]
