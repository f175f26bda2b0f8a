"""What a query nearly finds among the newest stored mentions."""

from collections.abc import Iterator
from typing import Final

from listener.domain.query.amiss import Nearly
from listener.domain.query.nearly import Nearby
from listener.domain.query.query import Query
from listener.domain.query.reading import Reading
from listener.store.connection import Db
from listener.store.searching.documents import COLUMNS, document_of

AMONG: Final = 5_000  # no index knows what is nearly found: each is read
NEWEST: Final = "SELECT id FROM mention ORDER BY id DESC LIMIT ?"


def nearly(db: Db, query: Query) -> Iterator[tuple[int, Nearly]]:
    """The mentions that are nearly found, the last that came first, and why.

    None for a query that asks for what labels and clocks tell: here that is not looked up.
    """
    if query.known_later:
        return
    judge = Nearby(query)
    rows = db.execute(f"{COLUMNS.format(NEWEST)} ORDER BY m.id DESC", (AMONG,))
    for row in rows:
        why = judge.why(Reading.of(document_of(row)))
        if why is not None:
            yield row["id"], why
