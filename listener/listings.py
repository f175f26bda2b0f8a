"""Lists that other programs read page by page: mentions, clocks, incidents.

A page begins behind the last row of the one before, so what comes in meanwhile moves nothing. Rows
have the shapes of `views.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from listener import named, views
from listener.clock import monotonic
from listener.domain.actions import Pack
from listener.domain.query import Query
from listener.store import clock_keys, incidents, people, searching, waiting
from listener.store.clock_keys import ClockKey, DueOrder, WantedClocks
from listener.store.connection import Db, Row, Store
from listener.store.incidents import IncidentKey
from listener.store.searching import Judge, Order, Span, Text, Wanted

PATIENCE: Final = 2.0  # seconds
OUT_OF_TIME: Final = (
    "there was no time to look at everything. Go on by `next`, or narrow it: a rarer word, a field"
    " as author:."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows, and behind what the next page begins; `next` None: this was the last.

    `unfinished`: why there may be more than was found; None if all is well.
    """

    rows: list[dict[str, Any]]
    next: tuple[Any, ...] | None
    unfinished: str | None = None


def mentions(
    store: Store,
    query: Query,
    now: datetime,
    *,
    order: Order = Order.NEWEST,
    limit: int = 50,
    span: Span,
    after: int | None = None,
    subject: str | None = None,
    teams: Mapping[str, str] = {},
) -> Page:
    """The mentions that a query finds, by the names of DESIGN 7.

    `subject`: for whom the label is told, of mentions that are about several. By relevance there is
    one page. Raises UsageError for a subject that is none.
    """
    wanted = Wanted(query=query, order=order, limit=limit, span=span, after=after, teams=teams)
    with store.read() as db:
        if subject is not None:
            named.subject(db, subject)
        found = searching.find(db, wanted, now)
        rows = as_mentions(db, [text.id for text in found.texts], subject)
        shown = [rows[text.id] | _why(query, text) for text in found.texts]
    following = found.next if found.is_complete else found.reached
    if order is Order.RELEVANCE:
        following = None
    return Page(
        rows=shown,
        next=None if following is None else (following,),
        unfinished=views.unfinished(found),
    )


def _why(query: Query, text: Text) -> dict[str, Any]:
    return {"terms": list(text.terms), "places": views.places(query, text)}


def mention(store: Store, row: int) -> dict[str, Any]:
    """One mention, by the names of DESIGN 7."""
    with store.read() as db:
        return as_mentions(db, [row])[row]


def as_mentions(db: Db, ids: list[int], subject: str | None = None) -> dict[int, dict[str, Any]]:
    """Mentions by their rows, each with its name and all that it counts for."""
    by_row: dict[int, list[Row]] = {}
    for row in people.exported(db, ids):
        by_row.setdefault(row["row"], []).append(row)
    return {number: _one(rows, subject) for number, rows in by_row.items()}


def _one(rows: list[Row], subject: str | None) -> dict[str, Any]:
    asked = (subject or "").casefold()
    chosen = next((row for row in rows if (row["brand"] or "").casefold() == asked), rows[0])
    told = views.as_mention(chosen)
    return {
        "name": f"{told['source']}:{told['id']}",
        **told,
        "subjects": [row["brand"] for row in rows if row["brand"] is not None],
    }


def clocks(
    store: Store,
    now: datetime,
    *,
    states: tuple[str, ...],
    subject: str | None = None,
    query: Query | None = None,
    due_before: datetime | None = None,
    order: DueOrder = DueOrder.URGENCY,
    limit: int = 50,
    after: ClockKey | None = None,
    pack: Pack = views.BUILT_IN,
) -> Page:
    """Response clocks, as the inbox has them. Raises UsageError for a subject that is none."""
    until = monotonic() + PATIENCE
    with store.read() as db:
        wanted = WantedClocks(
            states=states,
            now=now,
            subject_id=None if subject is None else named.subject(db, subject),
            due_before=due_before,
            order=order,
            after=after,
        )
        stopped_at = None
        if query is None:
            kept = list(islice(clock_keys.keys(db, wanted), limit + 1))
        else:
            judge = Judge(query, now, pack.topic_teams)
            keys = clock_keys.keys(db, replace(wanted, among=searching.few(db, judge)))
            found = searching.sift(db, judge, keys, limit + 1, until)
            kept, stopped_at = found.kept, found.stopped_at
        shown = kept[:limit]
        rows = waiting.of_clocks(db, [(key.mention_id, key.subject_id) for key in shown], now)
        told = views.as_waiting(db, rows, pack, now)
    last = shown[-1] if len(kept) > limit else stopped_at
    return Page(rows=told, next=last, unfinished=OUT_OF_TIME if stopped_at else None)


def incident_page(
    store: Store,
    *,
    is_open: bool | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    limit: int = 50,
    after: IncidentKey | None = None,
) -> Page:
    """Incidents, the newest first. Raises UsageError for a subject that is none."""
    with store.read() as db:
        subject_id = None if subject is None else named.subject(db, subject)
        found = incidents.newest(db, is_open, subject_id, since, limit + 1, after)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        rows=[views.as_incident(one) for one in found[:limit]],
        next=None if last is None else IncidentKey.of(last),
    )
