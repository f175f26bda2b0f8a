"""Stored mentions as queries see them.

What is known of a match (its sentiment, topics, state, teams) belongs to one subject. A mention is
found when the query holds for one of its matches that count: all of it for the same one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple

from listener.domain.label import Remark, is_sure
from listener.domain.query.document import Document
from listener.domain.query.query import Query
from listener.domain.query.reading import Reading, whole
from listener.domain.stars import USUAL_SCALE
from listener.domain.times import from_text, to_text
from listener.store.connection import Db, Row, among
from listener.store.labels import AT_ODDS, CONFIDENCE, newest, yes_or_no

COLUMNS: Final = """
SELECT m.id, m.said_at, m.title, m.text, m.url, m.language, m.channel, m.source, m.kind, m.stars,
  m.stars_scale, m.likes, a.handle, a.followers, a.verified
FROM mention AS m LEFT JOIN author AS a ON a.id = m.author_id
WHERE m.deleted_at IS NULL AND m.id IN ({})
"""
# Of a match `x`, its mention `m`, subject `s` and clock `c`: what a field asks for.
STATE: Final = """CASE
    WHEN c.state IN ('waiting', 'due_soon') AND c.due_at < :now THEN 'overdue'
    WHEN c.state = 'waiting' AND EXISTS (SELECT 1 FROM json_each(c.warn_at) WHERE value <= :now)
    THEN 'due_soon' ELSE c.state END"""
PUT: Final = """(SELECT json_group_array(o.name) FROM comparison AS k
   JOIN subject AS o ON o.id = k.{other}
   WHERE k.mention_id = x.mention_id AND k.{own} = x.subject_id)"""
ASKED: Final[Mapping[str, Mapping[str, str]]] = {
    "subject": {"subject": "s.name"},
    "sentiment": {"sentiment": "x.sentiment"},
    "label": {
        "sentiment": "x.sentiment",
        "confidence": CONFIDENCE,
        "at_odds": AT_ODDS,
        "comparing": "EXISTS (SELECT 1 FROM comparison AS k WHERE k.mention_id = x.mention_id)",
        "copy": "x.copy_of NOTNULL",
    },
    "state": {"state": STATE},
    "topic": {"topics": newest("topics", "x.subject_id")},
    "team": {"topics": newest("topics", "x.subject_id")},
    "intent": {"intent": newest("intent", "x.subject_id")},
    "needs": {"needs_answer": newest("needs_answer", "x.subject_id")},
    "above": {"above": PUT.format(own="better", other="worse")},
    "below": {"below": PUT.format(own="worse", other="better")},
}
OF_MATCHES: Final = """
SELECT x.mention_id, {columns}
FROM match AS x JOIN mention AS m ON m.id = x.mention_id JOIN subject AS s ON s.id = x.subject_id
LEFT JOIN clock AS c ON c.mention_id = x.mention_id AND c.subject_id = x.subject_id
WHERE x.counts AND x.mention_id IN (SELECT value FROM json_each(:ids))
"""


class Text(NamedTuple):
    """A mention whose text a query holds for: its terms, as written, and what was read."""

    id: int
    said_at: str
    terms: tuple[str, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells of stored mentions whether a query holds for them. `teams`: the team of a topic."""

    query: Query
    now: datetime | None = None
    teams: Mapping[str, str] = field(default_factory=dict)

    def holding(self, db: Db, ids: Sequence[int]) -> dict[int, Text]:
        """Those of some mentions for which it holds."""
        marks, given = among(ids)
        rows = db.execute(COLUMNS.format(marks), given).fetchall()
        later = self._later(db, ids) if self.query.known_later else {}
        texts = (self._judged(row, later.get(row["id"], ())) for row in rows)
        return {text.id: text for text in texts if text is not None}

    def _judged(self, row: Row, later: Sequence[Mapping[str, object]]) -> Text | None:
        raw = whole(row["title"], row["text"])
        for known in later or ({},):
            reading = Reading(raw, _About(row, known))
            terms = self.query.match_read(reading)
            if terms is not None:
                return Text(row["id"], row["said_at"], terms, reading)
        return None

    def _later(self, db: Db, ids: Iterable[int]) -> dict[int, list[dict[str, object]]]:
        """What is known of each match, as much of it as is asked for."""
        columns: dict[str, str] = {}
        for name in sorted(self.query.known_later):
            columns |= ASKED[name]
        sql = OF_MATCHES.format(columns=", ".join(f"{sql} AS {n}" for n, sql in columns.items()))
        asked = {"ids": json.dumps(list(ids)), "now": to_text(self.now) if self.now else ""}
        found: dict[int, list[dict[str, object]]] = {}
        for row in db.execute(sql, asked):
            found.setdefault(row["mention_id"], []).append(self._known(row))
        return found

    def _known(self, row: Row) -> dict[str, object]:
        asked = self.query.known_later
        known: dict[str, object] = {name: row[name] for name in _AS_THEY_ARE if name in asked}
        if "topic" in asked or "team" in asked:
            topics = tuple(json.loads(row["topics"])) if row["topics"] else ()
            known["topics"] = topics
            known["teams"] = tuple(self.teams[topic] for topic in topics if topic in self.teams)
        if "label" in asked:
            known["labels"] = tuple(_remarks(row))
        if "needs" in asked:
            known["needs_answer"] = yes_or_no(row["needs_answer"])
        for name in _PUT_APART:
            if name in asked:
                known[name] = tuple(json.loads(row[name]))
        return known


_AS_THEY_ARE: Final = ("subject", "sentiment", "state", "intent")
_PUT_APART: Final = ("above", "below")


def _remarks(row: Row) -> Iterator[Remark]:
    if row["sentiment"] is not None and not is_sure(row["confidence"]):
        yield Remark.DOUBTFUL
    if row["at_odds"]:
        yield Remark.DISAGREEING
    if row["comparing"]:
        yield Remark.COMPARING
    if row["copy"]:
        yield Remark.COPY


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of a mention; only made when a field asks for it."""

    row: Row
    known: Mapping[str, object]

    def __call__(self) -> Document:
        document = document_of(self.row)
        return replace(document, **self.known) if self.known else document  # type: ignore[arg-type]


def documents_of(db: Db, ids: Sequence[int]) -> dict[int, Document]:
    """Stored mentions as queries see them, without what belongs to their matches."""
    marks, given = among(ids)
    rows = db.execute(COLUMNS.format(marks), given)
    return {row["id"]: document_of(row) for row in rows}


def document_of(row: Row) -> Document:
    """A mention as it is stored, without what belongs to its matches."""
    stars, scale = row["stars"], row["stars_scale"] or USUAL_SCALE
    return Document(
        text=row["text"],
        title=row["title"],
        author=row["handle"],
        url=row["url"],
        language=row["language"],
        channel=row["channel"],
        source=row["source"],
        kind=row["kind"],
        stars=None if stars is None else stars * USUAL_SCALE / scale,
        followers=row["followers"],
        likes=row["likes"],
        verified=None if row["verified"] is None else bool(row["verified"]),
        said_at=from_text(row["said_at"]),
    )
