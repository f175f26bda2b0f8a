"""Queries of fields alone as SQL that is exact: to count what they find without reading it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from listener.domain.label import SURE, Remark
from listener.domain.query.fields import LATER, OPEN, OPEN_STATES, RANGE, moment
from listener.domain.query.folding import fold_for_match
from listener.domain.query.nodes import And, Field, Node, Not, Or
from listener.domain.query.query import Query
from listener.domain.times import to_text
from listener.store import series, subjects
from listener.store.connection import Db
from listener.store.labels import AT_ODDS, CONFIDENCE, newest
from listener.store.searching import predicates
from listener.store.searching.documents import STATE
from listener.store.searching.predicates import NUMBERS, Value

OF_MATCHES: Final = "match AS x INDEXED BY match_said"
OF_MENTIONS: Final = "mention AS m"
JOINED: Final = (  # by what a condition speaks of
    ("m.", " JOIN mention AS m ON m.id = x.mention_id"),
    ("a.", " LEFT JOIN author AS a ON a.id = m.author_id"),
    ("c.", " LEFT JOIN clock AS c ON c.mention_id = x.mention_id AND c.subject_id = x.subject_id"),
)


@dataclass(frozen=True, slots=True)
class Counting:
    """A statement that counts the mentions a query finds."""

    sql: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Holds:
    """A condition, and whether it is of a match that counts (or of a mention as it came)."""

    sql: str
    values: tuple[Value, ...] = ()


class _CannotError(Exception):
    """What SQL cannot tell as the query means it."""


def counting(db: Db, query: Query, now: datetime) -> Counting | None:
    """How to count what a query finds; None where only its texts can tell.

    What belongs to a match (sentiment, topic, state) has to hold for one of those that count; the
    query has to ask for something of it, or for nothing of it at all. Deleted texts count.
    """
    of_match = bool(query.known_later)
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    if of_match and not any(map(_needs_a_match, parts)):
        return None  # it may hold for mentions that have none
    try:
        holds = _Exactly(db, now, of_match=of_match).all_of(parts)
    except _CannotError:
        return None
    if not of_match:
        source = OF_MENTIONS + (JOINED[1][1] if "a." in holds.sql else "")
        return Counting(f"SELECT count(*) FROM {source} WHERE {holds.sql}", holds.values)  # noqa: S608
    where, values = holds.sql, holds.values
    if not any(isinstance(part, Field) and part.name == "subject" for part in parts):
        where += " AND x.subject_id IN (SELECT value FROM json_each(?))"  # of which is the index
        values = (*values, json.dumps(list(subjects.names(db))))
    needs = "m." if "a." in where else ""
    joined = "".join(join for name, join in JOINED if name in where or name == needs)
    return Counting(
        f"SELECT count(DISTINCT x.mention_id) FROM {OF_MATCHES}{joined} WHERE x.counts AND {where}",  # noqa: S608
        values,
    )


def _needs_a_match(node: Node) -> bool:
    match node:
        case Field():
            return node.name in LATER
        case Or(parts):
            return all(map(_needs_a_match, parts))
        case _:
            return False


class _Exactly:
    def __init__(self, db: Db, now: datetime, *, of_match: bool) -> None:
        self._db, self._now = db, now
        self._row = "x" if of_match else "m"

    def all_of(self, parts: Iterable[Node]) -> _Holds:
        return self._joined(parts, " AND ")

    def _of(self, node: Node) -> _Holds:
        match node:
            case And(parts):
                return self._joined(parts, " AND ")
            case Or(parts):
                return self._joined(parts, " OR ")
            case Not(part):
                holds = self._of(part)
                return _Holds(f"NOT coalesce({holds.sql}, 0)", holds.values)
            case Field() if node.name in _OF:
                return _OF[node.name](self, node)
            case _:
                raise _CannotError

    def _joined(self, parts: Iterable[Node], sign: str) -> _Holds:
        found = [self._of(part) for part in parts]
        values = tuple(value for one in found for value in one.values)
        return _Holds(f"({sign.join(one.sql for one in found)})", values)

    def _subject(self, field: Field) -> _Holds:
        return _in("x.subject_id", predicates.subject_ids(self._db, field.value))

    def _sentiment(self, field: Field) -> _Holds:
        return _Holds("x.sentiment = ?", (field.value,))

    def _channel(self, field: Field) -> _Holds:
        return _Holds(f"{self._row}.channel = ?", (field.value,))

    def _time(self, field: Field) -> _Holds:
        order = ">=" if field.name == "since" else "<"
        return _Holds(f"{self._row}.said_at {order} ?", (to_text(moment(field.value)),))

    def _kind(self, field: Field) -> _Holds:
        return _Holds("m.kind = ?", (field.value,))

    def _source(self, field: Field) -> _Holds:
        stored = (row[0] for row in self._db.execute(SOURCES))
        return _in("m.source", [one for one in stored if fold_for_match(one) == field.value])

    def _language(self, field: Field) -> _Holds:
        return _in("m.language", predicates.languages(self._db, [field]))

    def _number(self, field: Field) -> _Holds:
        column, low = NUMBERS[field.name], float(field.value)
        if field.op == RANGE:
            return _Holds(f"{column} BETWEEN ? AND ?", (low, float(field.high)))
        order = "=" if field.op == ":" else field.op
        return _Holds(f"{column} {order} ?", (low,))

    def _topic(self, field: Field) -> _Holds:
        known = {name for row in subjects.names(self._db) for name in series.topics(self._db, row)}
        alike = [name for name in known if fold_for_match(name) == field.value]
        topics = newest("topics", "x.subject_id", mention="x.mention_id")
        return _Holds(
            f"EXISTS (SELECT 1 FROM json_each({topics}) AS t"  # noqa: S608
            " WHERE t.value IN (SELECT value FROM json_each(?)))",
            (json.dumps(alike),),
        )

    def _intent(self, field: Field) -> _Holds:
        intent = newest("intent", "x.subject_id", mention="x.mention_id")
        return _Holds(f"{intent} = ?", (field.value,))

    def _needs(self, _: Field) -> _Holds:
        return _Holds(f"{newest('needs_answer', 'x.subject_id', mention='x.mention_id')} = 1")

    def _state(self, field: Field) -> _Holds:
        now = STATE.replace(":now", f"'{to_text(self._now)}'")
        wanted = OPEN_STATES if field.value == OPEN else (field.value,)
        return _in(now, map(str, wanted))

    def _label(self, field: Field) -> _Holds:
        return _Holds(REMARKED[Remark(field.value)])

    def _compared(self, field: Field) -> _Holds:
        own, other = ("better", "worse") if field.name == "above" else ("worse", "better")
        ids = json.dumps(predicates.subject_ids(self._db, field.value))
        return _Holds(
            "EXISTS (SELECT 1 FROM comparison AS k WHERE k.mention_id = x.mention_id"  # noqa: S608
            f" AND k.{own} = x.subject_id AND k.{other} IN (SELECT value FROM json_each(?)))",
            (ids,),
        )


SOURCES: Final = """
WITH RECURSIVE s (source) AS (
  SELECT min(source) FROM mention
  UNION ALL SELECT (SELECT min(source) FROM mention WHERE source > s.source) FROM s
  WHERE s.source NOTNULL
) SELECT source FROM s WHERE source NOTNULL
"""
REMARKED: Final[Mapping[Remark, str]] = {
    Remark.DOUBTFUL: f"(x.sentiment NOTNULL AND {CONFIDENCE} < {SURE})",
    Remark.DISAGREEING: AT_ODDS,
    Remark.COMPARING: "EXISTS (SELECT 1 FROM comparison AS k WHERE k.mention_id = x.mention_id)",
    Remark.COPY: "x.copy_of NOTNULL",
}
_OF: Final[Mapping[str, Callable[[_Exactly, Field], _Holds]]] = {
    "subject": _Exactly._subject,
    "sentiment": _Exactly._sentiment,
    "channel": _Exactly._channel,
    "since": _Exactly._time,
    "until": _Exactly._time,
    "kind": _Exactly._kind,
    "source": _Exactly._source,
    "lang": _Exactly._language,
    "stars": _Exactly._number,
    "likes": _Exactly._number,
    "followers": _Exactly._number,
    "topic": _Exactly._topic,
    "intent": _Exactly._intent,
    "needs": _Exactly._needs,
    "state": _Exactly._state,
    "label": _Exactly._label,
    "above": _Exactly._compared,
    "below": _Exactly._compared,
}


def _in(column: str, values: Iterable[Value]) -> _Holds:
    return _Holds(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),))  # noqa: S608
