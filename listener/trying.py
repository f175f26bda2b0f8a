"""A query tried on what is stored, before it is taken up: what it would find, and what no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.query import Query, parse
from listener.domain.times import from_text
from listener.store import mentions, searching, subjects
from listener.store.connection import Store
from listener.store.searching import Found, Span, Text, Wanted

LOOKED_BACK: Final = timedelta(days=28)
MOST_COUNTED: Final = 1_000
NEWEST: Final = 10  # that are shown
GONE: Final = 3  # that are shown of those that are found now, and would be no more
SECONDS: Final = 0.1  # for each of the two queries


@dataclass(frozen=True, slots=True)
class Followed:
    """A subject as mentions are matched with it now; `query` empty where it has none."""

    name: str
    role: str
    query: str


def followed(store: Store) -> list[Followed]:
    with store.read() as db:
        return [Followed(row["name"], row["role"], row["query"]) for row in subjects.asked(db)]


def present_query(store: Store, name: str) -> Query | None:
    """What a subject's mentions are found by now; None where it has no query, or is not followed.

    Raises QueryError for one that was kept by a version that read other queries.
    """
    found = next((one.query for one in followed(store) if one.name == name), "")
    return parse(found) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a query finds among what was said in four weeks up to now.

    count: of them, back to `since`, and no more than are counted. more, fewer: what it finds and
    the present query does not, and the other way, back to `compared_since`; None without one.
    newest, gone: mentions as `store.mentions.listing` has them, with `places` in their title, a
    line break and their text; `is_new` where the present query does not find it.
    """

    count: int
    since: datetime
    is_whole: bool  # False: there are more, or there was no time to look at all
    more: int | None
    fewer: int | None
    compared_since: datetime
    newest: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    waiting: int  # mentions that are stored, and not in the index yet


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a query found, and how far back that is all there is."""

    texts: Mapping[int, Text]
    since: datetime
    is_whole: bool
    waiting: int

    def back_to(self, moment: datetime) -> set[int]:
        return {one.id for one in self.texts.values() if from_text(one.said_at) >= moment}


def try_query(store: Store, query: Query, now_query: Query | None, now: datetime) -> Tried:
    """What a query finds, beside what the one that is followed now does."""
    found = _look(store, query, now)
    present = found if now_query is None or query == now_query else _look(store, now_query, now)
    both_since = max(found.since, present.since)
    found_ids, present_ids = found.back_to(both_since), present.back_to(both_since)
    newest = list(found.texts)[:NEWEST]
    gone = sorted(present_ids - found_ids, key=lambda one: present.texts[one].said_at)[-GONE:]
    with store.read() as db:
        rows = {row["row"]: dict(row) for row in mentions.listing(db, [*newest, *gone])}
    known = present_ids if now_query is not None else found_ids
    return Tried(
        count=len(found.texts),
        since=found.since,
        is_whole=found.is_whole,
        more=None if now_query is None else len(found_ids - present_ids),
        fewer=None if now_query is None else len(present_ids - found_ids),
        compared_since=both_since,
        newest=[
            row | {"is_new": row["row"] in found_ids and row["row"] not in known}
            for row in _with_places(rows, newest, query, found)
        ],
        gone=_with_places(rows, reversed(gone), now_query, present),
        waiting=found.waiting,
    )


def _look(store: Store, query: Query, now: datetime) -> _Looked:
    begin = now - LOOKED_BACK
    wanted = Wanted(query=query, limit=MOST_COUNTED, span=Span(begin), seconds=SECONDS)
    with store.read() as db:
        found = searching.find(db, wanted, now)
    since = _since(found, begin, now)
    return _Looked(
        {one.id: one for one in found.texts},
        since,
        is_whole=since == begin,
        waiting=found.waiting,
    )


def _since(found: Found, begin: datetime, now: datetime) -> datetime:
    """How far back all was looked at that could do."""
    if found.next is not None:
        return from_text(found.texts[-1].said_at)
    if found.is_complete:
        return begin
    return from_text(found.looked_back_to) if found.looked_back_to else now


def _with_places(
    rows: Mapping[int, dict[str, Any]], ids: Iterable[int], query: Query | None, found: _Looked
) -> list[dict[str, Any]]:
    return [
        rows[one] | {"places": [] if query is None else query.places(found.texts[one].reading)}
        for one in ids
        if one in rows
    ]
