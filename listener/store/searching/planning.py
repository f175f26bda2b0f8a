"""How the database goes about a query: which index leads, and what the rows are sifted by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Final

from listener.domain.query.fields import OPEN, OPEN_STATES
from listener.domain.query.nodes import Node, Or
from listener.domain.times import to_text
from listener.store.connection import Db
from listener.store.search import ID_BITS, ID_MASK, key, second
from listener.store.searching import predicates
from listener.store.searching.conditions import Asking
from listener.store.searching.predicates import EVER, Predicate, Span

FEW: Final = 2_000  # mentions that are sooner read one by one than looked for in the index
_OPEN: Final = ", ".join(f"'{state}'" for state in OPEN_STATES)  # as the index clock_open has it
_NEWEST: Final = " ORDER BY m.said_at DESC, m.id DESC"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which moments, and before which row (not included): see `search.key`."""

    span: Span = EVER
    before: int | None = None

    def keys(self) -> tuple[int, int]:
        """The first and the last number in the index that can be within."""
        first = -(1 << 63) if self.span.since is None else _second(self.span.since) << ID_BITS
        last = (1 << 63) - 1
        if self.span.until is not None:
            last = ((_second(self.span.until) + 1) << ID_BITS) - 1
        return first, last if self.before is None else min(last, self.before - 1)

    def sql(self) -> tuple[str, list[str]]:
        """The same on `m.said_at`; what is in the last second is sifted afterwards."""
        asked, values = "", []
        if self.span.since is not None:
            asked += " AND m.said_at >= ?"
            values.append(to_text(self.span.since))
        if self.span.until is not None:
            asked += " AND m.said_at <= ?"
            values.append(to_text(self.span.until))
        if self.before is not None:
            asked += " AND m.said_at < ?"
            values.append(moment_of(self.before, 1))
        return asked, values


def _second(moment: datetime) -> int:
    return second(to_text(moment))


def moment_of(number: int, seconds_later: int = 0) -> str:
    """The second that a number of the index is in, as the database keeps times."""
    seconds = (number >> ID_BITS) + seconds_later
    return to_text(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Lead:
    """One statement that gives candidates, newest first. `words` says what leads."""

    words: str
    sql: str
    values: tuple[predicates.Value, ...]
    gives_keys: bool = False  # numbers of the index, and not mentions

    def keys(self, db: Db, before: int | None) -> Iterator[int]:
        rows = db.execute(self.sql, self.values)
        if self.gives_keys:
            yield from (row[0] for row in rows)
            return
        for _, group in groupby(rows, key=lambda row: second(row["said_at"])):
            keys = sorted((key(row["said_at"], row["id"]) for row in group), reverse=True)
            yield from (one for one in keys if before is None or one < before)

    def steps(self, db: Db) -> list[str]:
        """How SQLite goes about it, in its words."""
        rows = db.execute(f"EXPLAIN QUERY PLAN {self.sql}", self.values)
        return [row["detail"] for row in rows]


@dataclass(frozen=True, slots=True)
class Plan:
    """What gives candidates, one for each part that can hold by itself."""

    leads: tuple[Lead, ...]
    bounds: Bounds
    notes: tuple[str, ...] = ()

    def keys(self, db: Db) -> Iterator[int]:
        """The numbers of candidates, newest first, each once."""
        streams = [lead.keys(db, self.bounds.before) for lead in self.leads]
        found = streams[0] if len(streams) == 1 else merge(*streams, reverse=True)
        return (one for one, _ in groupby(found))


def mention_of(key: int) -> int:
    """The mention that a number of the index stands for."""
    return key & ID_MASK


def plan(db: Db, root: Node, bounds: Bounds) -> Plan:
    """Choose what leads. What it gives holds all that the query finds, within the bounds."""
    asking = Asking(db)
    bounds = replace(bounds, span=bounds.span.within(predicates.span_of(root)))
    leads = tuple(_leads(db, root, bounds, asking))
    return Plan(leads, bounds, tuple(dict.fromkeys(asking.notes)))


def _leads(db: Db, node: Node, bounds: Bounds, asking: Asking) -> Iterator[Lead]:
    """A disjunction that no index knows as a whole is asked for part by part."""
    condition = asking.of(node)
    if condition is None and isinstance(node, Or):
        leads = [lead for part in node.parts for lead in _leads(db, part, bounds, asking)]
        if all(lead.words != _ALL for lead in leads):
            yield from leads
            return
    sift = predicates.of(db, node)
    few = _few(db, node, bounds, sift)
    if few is not None and (condition is None or few.is_small(db)):
        yield from few.leads
    elif condition is not None:
        yield _by_words(str(condition), bounds, sift)
    else:
        yield _by_time(bounds, sift)


@dataclass(frozen=True, slots=True)
class _Few:
    leads: tuple[Lead, ...]

    def is_small(self, db: Db) -> bool:
        """Whether they give a few mentions only, that are sooner read than looked for."""
        return len(self.leads) < FEW and all(_is_small(db, lead) for lead in self.leads)


def _few(db: Db, node: Node, bounds: Bounds, sift: Predicate | None) -> _Few | None:
    """Leads by a field of which there is an index beside that of words."""
    if fields := predicates.asked(node, "author"):
        ids = predicates.authors(db, fields)
        if ids is not None:
            return _Few((_by_author(ids, bounds, sift),))
    fields = predicates.asked(node, "state")
    if fields and all(one.value in (OPEN, *OPEN_STATES) for one in fields):
        return _Few((_by_clock(bounds, sift),))
    if fields := predicates.asked(node, "subject"):
        leads = tuple(
            _by_subject(subject_id, bounds, sift)
            for name in dict.fromkeys(one.value for one in fields)
            for subject_id in predicates.subject_ids(db, name)
        )
        return _Few(leads)
    if fields := predicates.asked(node, "lang"):
        leads = tuple(
            _by_language(language, bounds, sift) for language in predicates.languages(db, fields)
        )
        return _Few(leads)
    return None


def _is_small(db: Db, lead: Lead) -> bool:
    """Whether a lead gives few candidates; it is counted no further than that."""
    unordered = lead.sql.removesuffix(_NEWEST)
    count = f"SELECT count(*) FROM (SELECT 1 FROM ({unordered}) LIMIT ?)"  # noqa: S608
    return int(db.execute(count, (*lead.values, FEW)).fetchone()[0]) < FEW


_ALL: Final = "every mention, newest first"


def _by_words(condition: str, bounds: Bounds, sift: Predicate | None) -> Lead:
    first, last = bounds.keys()
    source, where = "mention_search AS f", ""
    if sift is not None:
        source += f" CROSS JOIN mention AS m ON m.id = f.rowid & {ID_MASK}{sift.joined}"
        where = f" AND m.deleted_at IS NULL AND {sift.sql}"
    return Lead(
        f"the full-text index: {condition}{_sifted(sift)}",
        f"SELECT f.rowid FROM {source}"  # noqa: S608
        f" WHERE f.mention_search MATCH ? AND f.rowid >= ? AND f.rowid <= ?{where}"
        " ORDER BY f.rowid DESC",
        (condition, first, last, *(sift.values if sift else ())),
        gives_keys=True,
    )


def _by_time(bounds: Bounds, sift: Predicate | None) -> Lead:
    return _rows(_ALL, "mention AS m INDEXED BY mention_said", "1", (), bounds, sift)


def _by_author(ids: list[int], bounds: Bounds, sift: Predicate | None) -> Lead:
    source = "mention AS m INDEXED BY mention_author"
    words = f"the mentions of {len(ids)} author{'s' if len(ids) != 1 else ''}"
    where = "m.author_id IN (SELECT value FROM json_each(?))"
    return _rows(words, source, where, (json.dumps(ids),), bounds, sift)


def _by_clock(bounds: Bounds, sift: Predicate | None) -> Lead:
    source = (
        "(SELECT DISTINCT mention_id FROM clock INDEXED BY clock_open"  # noqa: S608
        f" WHERE state IN ({_OPEN})) AS o"
        " CROSS JOIN mention AS m ON m.id = o.mention_id"
    )
    return _rows("the open response clocks", source, "1", (), bounds, sift)


def _by_language(language: str, bounds: Bounds, sift: Predicate | None) -> Lead:
    source = "mention AS m INDEXED BY mention_language"
    words = f"the mentions in {language}"
    return _rows(words, source, "m.language = ?", (language,), bounds, sift)


def _by_subject(subject_id: int, bounds: Bounds, sift: Predicate | None) -> Lead:
    source = (
        "match AS o INDEXED BY match_said CROSS JOIN mention AS m ON m.id = o.mention_id"
        " AND o.counts"
    )
    where = "o.subject_id = ?"
    lead = _rows("what counts for a subject", source, where, (subject_id,), bounds, sift)
    of_match = lead.sql.replace("m.said_at", "o.said_at").replace("m.id DESC", "o.mention_id DESC")
    return replace(lead, sql=of_match)  # in the order of the index


def _rows(
    words: str,
    source: str,
    where: str,
    values: tuple[predicates.Value, ...],
    bounds: Bounds,
    sift: Predicate | None,
) -> Lead:
    within, moments = bounds.sql()
    sifted = f" AND {sift.sql}" if sift else ""
    return Lead(
        words + ("" if words == _ALL and sift is None else _sifted(sift)),
        f"SELECT m.id, m.said_at FROM {source}{sift.joined if sift else ''}"  # noqa: S608
        f" WHERE {where} AND m.deleted_at IS NULL{within}{sifted}{_NEWEST}",
        (*values, *moments, *(sift.values if sift else ())),
    )


def _sifted(sift: Predicate | None) -> str:
    return f", sifted by {sift.words}" if sift else ""
