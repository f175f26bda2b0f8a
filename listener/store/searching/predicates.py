"""What of a query's fields the database can tell by itself: never less than they find."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from listener.domain.label import Remark
from listener.domain.query.document import Document
from listener.domain.query.fields import (
    OPEN,
    OPEN_STATES,
    RANGE,
    moment,
    test_of,
)
from listener.domain.query.folding import fold_for_match
from listener.domain.query.nodes import And, Field, Node, Or, Pack
from listener.domain.query.reading import Reading
from listener.domain.times import to_text
from listener.store import subjects
from listener.store.connection import Db

Value = str | int | float
MOST_LISTED: Final = 1_000  # authors or languages in one statement
_LAST: Final = "\U0010ffff"
_CLOSE: Final = 0.001  # stars are scaled: what is read as a number must not miss by a rounding

STARS: Final = "m.stars * 5.0 / coalesce(m.stars_scale, 5)"
NUMBERS: Final = {"stars": STARS, "followers": "a.followers", "likes": "m.likes"}
HELD_BY: Final[Mapping[tuple[str, str], str]] = {
    ("is", "verified"): "a.verified = 1",
    ("is", "question"): "(instr(m.text, '?') OR instr(m.text, '？') OR instr(m.text, '؟'))",
    ("is", "repost"): "instr(m.text, 'RT @')",
    ("has", "link"): "(instr(m.text, 'http') OR instr(m.text, 'www.'))",
}
OF_MATCH: Final = "EXISTS (SELECT 1 FROM match AS x WHERE x.mention_id = m.id AND x.counts AND {})"
IN_STATE: Final = "EXISTS (SELECT 1 FROM clock AS c WHERE c.mention_id = m.id AND c.state IN ({}))"

COMPARED: Final = "EXISTS (SELECT 1 FROM comparison AS k WHERE k.mention_id = m.id AND {})"

REMARKED: Final[Mapping[Remark, str]] = {
    Remark.DOUBTFUL: OF_MATCH.format("x.sentiment NOTNULL"),
    Remark.DISAGREEING: "EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = m.id AND l.at_odds)",
    Remark.COMPARING: COMPARED.format("1"),
    Remark.COPY: OF_MATCH.format("x.copy_of NOTNULL"),
}
LABELLED: Final = "EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = m.id AND {})"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition in SQL on `m`, a mention, and `a`, its author; and what it says, in words."""

    sql: str
    values: tuple[Value, ...] = ()
    words: str = ""

    @property
    def joined(self) -> str:
        """What is to be joined to `m` for it."""
        return " LEFT JOIN author AS a ON a.id = m.author_id" if "a." in self.sql else ""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is asked for: from a moment, and before another."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, other: "Span") -> "Span":
        since = [at for at in (self.since, other.since) if at is not None]
        until = [at for at in (self.until, other.until) if at is not None]
        return Span(max(since, default=None), min(until, default=None))

    def holds(self, moment: datetime) -> bool:
        is_early = self.since is not None and moment < self.since
        return not is_early and (self.until is None or moment < self.until)


EVER: Final = Span()


def of(db: Db, node: Node) -> Predicate | None:
    """What holds for the row of each mention for which a part of a query holds."""
    match node:
        case And(parts):
            return _all(filter(None, (of(db, part) for part in parts)))
        case Or(parts):
            found = [of(db, part) for part in parts]
            return None if None in found else _any([one for one in found if one is not None])
        case Pack():
            return of(db, node.root)
        case Field():
            made = _OF.get(node.name)
            return None if made is None else _said(made(db, node), node)
        case _:
            return None


def _said(predicate: Predicate | None, field: Field) -> Predicate | None:
    return None if predicate is None else replace(predicate, words=str(field))


def _all(parts: Iterable[Predicate]) -> Predicate | None:
    return _joined(list(parts), " AND ")


def _any(parts: list[Predicate]) -> Predicate | None:
    return _joined(parts, " OR ")


def _joined(parts: list[Predicate], sign: str) -> Predicate | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return Predicate(
        f"({sign.join(part.sql for part in parts)})",
        tuple(value for part in parts for value in part.values),
        f"({sign.join(part.words for part in parts)})",
    )


def span_of(node: Node) -> Span:
    """The time that a query leaves, by those of its parts that must all hold."""
    match node:
        case And(parts):
            span = Span()
            for part in parts:
                span = span.within(span_of(part))
            return span
        case Field(name="since"):
            return Span(since=moment(node.value))
        case Field(name="until"):
            return Span(until=moment(node.value))
        case _:
            return Span()


def asked(node: Node, name: str) -> list[Field] | None:
    """The values of a field one of which every match has; None where it is not asked for."""
    match node:
        case And(parts):
            return next(filter(None, (asked(part, name) for part in parts)), None)
        case Or(parts):
            found = [asked(part, name) for part in parts]
            if not all(found):
                return None
            return [field for some in found for field in some or ()]
        case Field():
            return [node] if node.name == name else None
        case _:
            return None


def languages(db: Db, fields: Iterable[Field]) -> list[str]:
    """The languages, as they are stored, that fit one of these values."""
    tests = [test_of(field) for field in fields]
    return [
        stored for stored in _stored_languages(db) if any(test(_spoken(stored)) for test in tests)
    ]


def _spoken(language: str) -> Reading:
    return Reading("", lambda: Document(text="", language=language))


def _stored_languages(db: Db) -> list[str]:
    """Each language once: from one to the next in the index, not through all that is there."""
    rows = db.execute(
        "WITH RECURSIVE l (language) AS ("
        " SELECT min(language) FROM mention WHERE language IS NOT NULL UNION ALL"
        " SELECT (SELECT min(language) FROM mention WHERE language > l.language) FROM l"
        " WHERE l.language IS NOT NULL) SELECT language FROM l WHERE language IS NOT NULL"
    )
    return [row[0] for row in rows]


def authors(db: Db, fields: Iterable[Field]) -> list[int] | None:
    """The rows of the authors who have one of these handles; None when they are very many.

    SQLite folds ASCII alone: handles with other letters are all looked at.
    """
    fields = list(fields)
    found: set[int] = set()
    for field in fields:
        name = field.value
        if name.endswith("*"):
            sql, values = f"{_HANDLE} >= ? AND {_HANDLE} < ?", [name[:-1], name[:-1] + _LAST]
        else:
            sql, values = f"{_HANDLE} = ?", [name]
        rows = db.execute(
            f"SELECT id FROM author WHERE {sql} LIMIT ?",  # noqa: S608
            (*values, MOST_LISTED + 1),
        )
        found.update(row[0] for row in rows)
    tests = [test_of(field) for field in fields]
    for row in db.execute("SELECT id, handle FROM author WHERE handle GLOB '*[^!-~]*'"):
        reading = _written_by(row["handle"])
        if any(test(reading) for test in tests):
            found.add(row["id"])
    return sorted(found) if len(found) <= MOST_LISTED else None


_HANDLE: Final = "lower(ltrim(handle, '@'))"


def _written_by(handle: str) -> Reading:
    return Reading("", lambda: Document(text="", author=handle))


def _number(db: Db, field: Field) -> Predicate:
    column, low = NUMBERS[field.name], float(field.value)
    slack = _CLOSE if field.name == "stars" else 0.0
    match field.op:
        case "<" | "<=":
            return Predicate(f"{column} {field.op} ?", (low + slack,))
        case ">" | ">=":
            return Predicate(f"{column} {field.op} ?", (low - slack,))
        case op:
            high = float(field.high) if op == RANGE else low
            return Predicate(f"{column} BETWEEN ? AND ?", (low - slack, high + slack))


def _time(db: Db, field: Field) -> Predicate:
    """Times are kept in milliseconds; what is finer is left to the text."""
    order = ">=" if field.name == "since" else "<="
    return Predicate(f"m.said_at {order} ?", (to_text(moment(field.value)),))


def _held(db: Db, field: Field) -> Predicate | None:
    sql = HELD_BY.get((field.name, field.value))
    return None if sql is None else Predicate(sql)


def _language(db: Db, field: Field) -> Predicate:
    return _in("m.language", languages(db, [field]))


def _author(db: Db, field: Field) -> Predicate | None:
    ids = authors(db, [field])
    return None if ids is None else _in("m.author_id", ids)


def _in(column: str, values: Iterable[Value]) -> Predicate:
    given = json.dumps(list(values))
    return Predicate(f"{column} IN (SELECT value FROM json_each(?))", (given,))  # noqa: S608


def _sentiment(db: Db, field: Field) -> Predicate:
    return Predicate(OF_MATCH.format("x.sentiment = ?"), (field.value,))


def _label(db: Db, field: Field) -> Predicate:
    """By what is stored; which label counts is told once it is read."""
    return Predicate(REMARKED[Remark(field.value)])


def subject_ids(db: Db, name: str) -> list[int]:
    """The subjects that are called so, whatever the case."""
    return [row for row, known in subjects.names(db).items() if fold_for_match(known) == name]


def _subject(db: Db, field: Field) -> Predicate:
    one = _in("x.subject_id", subject_ids(db, field.value))
    return replace(one, sql=OF_MATCH.format(one.sql))


def _compared(db: Db, field: Field) -> Predicate:
    """By the other of the two; whether it is above or below is told once it is read."""
    ids = json.dumps(subject_ids(db, field.value))
    other = "k.worse" if field.name == "above" else "k.better"
    among = "IN (SELECT value FROM json_each(?))"
    return Predicate(COMPARED.format(f"{other} {among}"), (ids,))


def _state(db: Db, field: Field) -> Predicate:
    """By the state that is stored: an open one may have run on since."""
    is_open = field.value == OPEN or field.value in OPEN_STATES
    states = tuple(map(str, OPEN_STATES)) if is_open else (field.value,)
    return Predicate(IN_STATE.format(", ".join("?" * len(states))), states)


def _intent(db: Db, field: Field) -> Predicate:
    return Predicate(LABELLED.format("l.intent = ?"), (field.value,))


def _needs(db: Db, field: Field) -> Predicate:
    return Predicate(LABELLED.format("l.needs_answer = 1"))


def _topic(db: Db, field: Field) -> Predicate:
    """LIKE folds ASCII alone: topics with other letters are left to the text."""
    value = field.value
    if not value.isascii() or any(sign in value for sign in '"\\'):
        return _team(db, field)
    pattern = f"%{'%'.join(value.split())}%"
    return Predicate(LABELLED.format("(l.topics LIKE ? OR l.topics GLOB '*[^ -~]*')"), (pattern,))


def _team(db: Db, field: Field) -> Predicate:
    return Predicate(LABELLED.format("l.topics <> '[]'"))


_OF: Final[Mapping[str, Callable[[Db, Field], Predicate | None]]] = {
    "stars": _number,
    "followers": _number,
    "likes": _number,
    "since": _time,
    "until": _time,
    "is": _held,
    "has": _held,
    "lang": _language,
    "author": _author,
    "sentiment": _sentiment,
    "label": _label,
    "state": _state,
    "intent": _intent,
    "needs": _needs,
    "topic": _topic,
    "team": _team,
    "subject": _subject,
    "above": _compared,
    "below": _compared,
}
