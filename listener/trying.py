"""A query tried on what is stored, before it is taken up: what it would find, and what no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.query import Query, parse
from listener.domain.query.reading import whole
from listener.domain.times import from_text
from listener.store import matches, mentions, searching, subjects
from listener.store.connection import Store
from listener.store.searching import Found, Span, Wanted

LOOKED_BACK: Final = timedelta(days=28)
MOST_COUNTED: Final = 3_000
MOST_MATCHES: Final = 20_000
NEWEST: Final = 10  # that are shown
GONE: Final = 3  # that are shown of those that are found now, and would be no more
SECONDS: Final = 0.08  # for each of the two queries


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

    count: of them, back to `since`, and no more than are counted. more, fewer: what it finds and is
    not found now, and the other way, back to `compared_since`; None where nothing is followed yet.
    newest, gone: mentions as `store.mentions.listing` has them, with `places` in their title, a
    line break and their text; `is_new` where it is not found now.
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
class _Found:
    """Mentions with the time they were said, newest first; and how far back those are all."""

    said_at: Mapping[int, str]
    since: datetime
    is_whole: bool
    named: frozenset[int] = frozenset()  # those that name the subject, whatever its query
    waiting: int = 0

    def back_to(self, moment: datetime) -> set[int]:
        return {one for one, at in self.said_at.items() if from_text(at) >= moment}


def try_query(store: Store, name: str, query: Query, present: Query | None, now: datetime) -> Tried:
    """What a query finds, beside what is found for a subject now.

    name: of the subject, present: its query as it is in force; None where it has none yet.
    """
    begin = now - LOOKED_BACK
    found = _by_query(store, query, begin, now)
    known = None if present is None else _known(store, name, query, present, found, begin, now)
    since = max(found.since, known.since) if known else found.since
    here, there = found.back_to(since), known.back_to(since) if known else set()
    gone = sorted(there - here - (known.named if known else set()))[-GONE:]
    newest = list(found.said_at)[:NEWEST]
    with store.read() as db:
        rows = {row["row"]: dict(row) for row in mentions.listing(db, [*newest, *gone])}
    return Tried(
        count=len(found.said_at),
        since=found.since,
        is_whole=found.is_whole,
        more=None if known is None else len(here - there),
        fewer=None if known is None else len(there - here - known.named),
        compared_since=since,
        newest=[
            _row(rows[one], query) | {"is_new": known is not None and one in here - there}
            for one in newest
            if one in rows
        ],
        gone=[_row(rows[one], present) for one in reversed(gone) if one in rows],
        waiting=found.waiting,
    )


def _known(
    store: Store,
    name: str,
    query: Query,
    present: Query,
    found: _Found,
    begin: datetime,
    now: datetime,
) -> _Found:
    """What is found now: by its query where that can be looked up, else by what was matched."""
    if query == present:
        return found
    known = _by_query(store, present, begin, now)
    return known if known.is_whole or not found.is_whole else _by_matches(store, name, begin)


def _by_query(store: Store, query: Query, begin: datetime, now: datetime) -> _Found:
    wanted = Wanted(query=query, limit=MOST_COUNTED, span=Span(begin), seconds=SECONDS)
    with store.read() as db:
        found = searching.find(db, wanted, now)
    since = _since(found, begin, now)
    said_at = {one.id: one.said_at for one in found.texts}
    return _Found(said_at, since, is_whole=since == begin, waiting=found.waiting)


def _since(found: Found, begin: datetime, now: datetime) -> datetime:
    """How far back all was looked at that could do."""
    if found.next is not None:
        return from_text(found.texts[-1].said_at)
    if found.is_complete:
        return begin
    return from_text(found.looked_back_to) if found.looked_back_to else now


def _by_matches(store: Store, name: str, begin: datetime) -> _Found:
    """What was matched when it came, by the index of the subject's own matches."""
    with store.read() as db:
        rows = matches.found_since(db, name, begin, MOST_MATCHES + 1)
    some = rows[:MOST_MATCHES]
    is_whole = len(rows) == len(some)
    return _Found(
        {row["mention_id"]: row["said_at"] for row in some},
        begin if is_whole else from_text(some[-1]["said_at"]),
        is_whole=is_whole,
        named=frozenset(row["mention_id"] for row in some if row["named"]),
    )


def _row(row: dict[str, Any], query: Query | None) -> dict[str, Any]:
    """A mention with the places where a query finds its terms in it."""
    places = query.places(whole(row["title"], row["text"])) if query else ()
    return row | {"places": list(places)}
