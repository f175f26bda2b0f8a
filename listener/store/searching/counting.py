"""How many stored mentions a query finds: read from buckets, counted by SQL, or judged one by one.

Counts that pages show come from buckets, and so does the number of what a link of theirs leads to,
where its query asks for no more than a bucket knows. What was deleted since goes on counting there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from listener.clock import monotonic
from listener.domain.label import Remark
from listener.domain.part import EVERY, Part
from listener.domain.query.fields import moment
from listener.domain.query.folding import fold_for_match
from listener.domain.query.nodes import And, Field, Node, Not
from listener.domain.query.query import Query
from listener.domain.times import bucket_start, to_text
from listener.store import series
from listener.store.connection import Db
from listener.store.searching.documents import Judge
from listener.store.searching.exactly import counting
from listener.store.searching.interrupting import no_longer_than
from listener.store.searching.planning import Bounds, mention_of, plan
from listener.store.searching.predicates import subject_ids

PATIENCE: Final = 0.25  # seconds; a page is not kept waiting for a number
READING: Final = 0.06  # of that time, where texts have to be read: few are read in any time
AT_ONCE: Final = 128  # mentions
KNOWN: Final = frozenset({"subject", "sentiment", "channel", "topic", "since", "until"})
FOLDED: Final = {"mentions": "folded", "negative": "folded_negative"}  # copies counted once
NO_COPY: Final = Not(Field("label", Remark.COPY))
EVER: Final = ("", "a")  # before, and after, every time as the database keeps them


@dataclass(frozen=True, slots=True)
class Number:
    """How many a query finds; with `is_all` False there are more, or there was no time to tell."""

    mentions: int
    is_all: bool = True


def count(
    db: Db,
    query: Query,
    now: datetime,
    teams: Mapping[str, str] = {},
    seconds: float = PATIENCE,
) -> Number:
    """How many mentions a query finds, as far as that can be told in so many seconds."""
    counted = _of_buckets(db, query)
    if counted is not None:
        return Number(counted)
    until = monotonic() + seconds
    asked = counting(db, query, now)
    if asked is None:
        return _judged(db, Judge(query, now, teams), monotonic() + READING * seconds)
    found: list[int] = []  # nothing, where time is up
    with no_longer_than(db, until):
        found += db.execute(asked.sql, asked.values).fetchone()
    return Number(found[0]) if found else Number(0, is_all=False)


def _judged(db: Db, judge: Judge, until: float) -> Number:
    held = 0
    with no_longer_than(db, until):
        keys = plan(db, judge.query.root, Bounds()).keys(db)
        while monotonic() < until:
            portion = list(islice(keys, AT_ONCE))
            if not portion:
                return Number(held)
            held += len(judge.holding(db, [mention_of(key) for key in portion]))
    return Number(held, is_all=False)


def _of_buckets(db: Db, query: Query) -> int | None:
    """The number that the buckets hold; None where the query asks for more than they know."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    asked = _known_to_buckets(parts)
    if asked is None:
        return None
    column: str | None = asked.get("sentiment", "mentions")
    if NO_COPY in parts:
        column = FOLDED.get(column or "")
    ids = subject_ids(db, asked["subject"])
    part = _stored(db, ids, Part(asked.get("channel", EVERY), asked.get("topic", "")))
    if column is None or part is None:
        return None
    since, until = (
        to_text(moment(asked[name])) if name in asked else ever
        for name, ever in zip(("since", "until"), EVER, strict=True)
    )
    row = db.execute(
        f"SELECT coalesce(sum({column}), 0) FROM bucket"  # noqa: S608  # one of ours
        " WHERE subject_id = ? AND channel = ? AND topic = ? AND start >= ? AND start < ?",
        (ids[0], *part, since, until),
    ).fetchone()
    return int(row[0])


def _known_to_buckets(parts: Sequence[Node]) -> dict[str, str] | None:
    """What is asked of each field; None where buckets do not know it, or not so finely."""
    fields = [part for part in parts if isinstance(part, Field)]
    asked = {field.name: field.value for field in fields}
    if len(asked) < len([part for part in parts if part != NO_COPY]) or not asked.keys() <= KNOWN:
        return None
    times = [moment(asked[name]) for name in ("since", "until") if name in asked]
    if "subject" not in asked or any(bucket_start(at) != at for at in times):
        return None
    return None if "topic" in asked and "channel" in asked else asked


def _stored(db: Db, subject_ids: Sequence[int], part: Part) -> Part | None:
    """A part of the one subject by its topic as it is stored; None where that is not one."""
    if len(subject_ids) != 1:
        return None
    if not part.topic:
        return part
    alike = [t for t in series.topics(db, subject_ids[0]) if fold_for_match(t) == part.topic]
    return part._replace(topic=alike[0]) if len(alike) == 1 else None
