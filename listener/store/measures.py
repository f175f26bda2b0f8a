"""What measures are made of: counts, scores and labels of a span, copies counted once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from listener.domain.intent import SURE, Intent
from listener.domain.label import Sentiment
from listener.domain.measures.prevalence import Confusion
from listener.domain.measures.surveys import Answer
from listener.domain.scored import CES, CSAT, NPS, SCORES, score
from listener.domain.stars import USUAL_SCALE, on_five
from listener.domain.times import to_text
from listener.store import comparisons
from listener.store.connection import Db, Row, among
from listener.store.labels import newest

LIKE_REVIEWS: Final = ("review", "survey")  # channels whose texts are labelled as reviews are
COUNTED: Final = "x.counts AND x.copy_of IS NULL AND x.said_at >= ? AND x.said_at < ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """How many mentions are labelled what. family: "review" or "social", as classifiers know them.

    is_known: a person has said so, or the mention brought it along.
    """

    family: str
    is_known: bool
    sentiment: Sentiment
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What surveys were answered: the fields `nps`, `ces` and `csat` of a survey's row."""

    nps: tuple[float, ...] = ()
    ces: tuple[Answer, ...] = ()
    csat: tuple[Answer, ...] = ()


def mentions(
    db: Db, subject_ids: Sequence[int], since: datetime, until: datetime
) -> dict[int, int]:
    """How many mentions of each subject there are."""
    marks, given = among(subject_ids)
    rows = db.execute(
        f"SELECT x.subject_id, count(*) FROM match AS x WHERE {COUNTED}"  # noqa: S608
        f" AND x.subject_id IN ({marks}) GROUP BY x.subject_id",
        (to_text(since), to_text(until), *given),
    ).fetchall()
    return dict.fromkeys(subject_ids, 0) | {row[0]: row[1] for row in rows}


BEATEN: Final = f"""
SELECT x.subject_id, count(*) FROM match AS x WHERE {COUNTED} AND {comparisons.ONLY_BEATEN}
GROUP BY x.subject_id
"""  # noqa: S608  # ours, without a value


def beaten(db: Db, since: datetime, until: datetime) -> dict[int, int]:
    """How many mentions of each subject only say that another one is better."""
    return dict(db.execute(BEATEN, (to_text(since), to_text(until))).fetchall())


LABELLED: Final = f"""
SELECT CASE WHEN x.channel IN {LIKE_REVIEWS} THEN 'review' ELSE 'social' END AS family,
  EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = x.mention_id AND l.by <> 'model'
    AND NOT l.taken_over AND (l.subject_id IS NULL OR l.subject_id = x.subject_id)) AS is_known,
  x.sentiment, count(*) AS mentions
FROM match AS x WHERE {COUNTED} AND x.subject_id = ? AND x.sentiment NOTNULL
GROUP BY family, is_known, x.sentiment
"""  # noqa: S608  # ours, without a value


def labelled(db: Db, subject_id: int, since: datetime, until: datetime) -> list[Labelled]:
    """How the mentions of a subject are labelled."""
    rows = db.execute(LABELLED, (to_text(since), to_text(until), subject_id))
    return [
        Labelled(
            family=row["family"],
            is_known=bool(row["is_known"]),
            sentiment=Sentiment(row["sentiment"]),
            mentions=row["mentions"],
        )
        for row in rows
    ]


def stars(db: Db, subject_id: int, since: datetime, until: datetime) -> list[float]:
    """The stars of a subject's reviews, on a scale of one to five."""
    found = stars_by_source(db, subject_id, since, until)
    return [stars for given in found.values() for stars in given]


def stars_by_source(
    db: Db, subject_id: int, since: datetime, until: datetime
) -> dict[str, list[float]]:
    """The same, by the source that brought them."""
    rows = db.execute(
        "SELECT m.source, m.stars, m.stars_scale FROM match AS x"  # noqa: S608
        " JOIN mention AS m ON m.id = x.mention_id"
        f" WHERE {COUNTED} AND x.subject_id = ? AND x.channel = 'review' AND m.stars NOTNULL"
        " AND m.deleted_at IS NULL",
        (to_text(since), to_text(until), subject_id),
    )
    found: dict[str, list[float]] = {}
    for row in rows:
        stars = on_five(row["stars"], row["stars_scale"] or USUAL_SCALE)
        found.setdefault(row["source"], []).append(stars)
    return found


SURVEYS: Final = f"""
SELECT m.raw, m.stars, m.stars_scale FROM match AS x JOIN mention AS m ON m.id = x.mention_id
WHERE {COUNTED.replace(" AND x.copy_of IS NULL", "")} AND x.subject_id = ?
  AND x.channel = 'survey' AND m.deleted_at IS NULL
"""  # noqa: S608  # two who answer alike are two: no copies here


def scores(db: Db, subject_id: int, since: datetime, until: datetime) -> Scores:
    """What surveys of a subject were answered; stars are satisfaction where no score is named."""
    nps: list[float] = []
    ces: list[Answer] = []
    csat: list[Answer] = []
    for row in db.execute(SURVEYS, (to_text(since), to_text(until), subject_id)):
        raw: dict[str, Any] = json.loads(row["raw"]) if row["raw"] else {}
        named = {name: score(raw, name) for name in SCORES}
        if row["stars"] is not None and not any(named.values()):
            named[CSAT] = row["stars"], row["stars_scale"] or USUAL_SCALE
        nps += [given[0] for given in (named[NPS],) if given]
        ces += [Answer(*given) for given in (named[CES],) if given]
        csat += [Answer(*given) for given in (named[CSAT],) if given]
    return Scores(nps=tuple(nps), ces=tuple(ces), csat=tuple(csat))


MAY_LEAVE: Final = f"l.intent = '{Intent.CHURN}' AND coalesce(l.intent_confidence, 1) >= {SURE}"
AT_RISK: Final = f"""
SELECT count(DISTINCT coalesce('author ' || x.author_id, 'mention ' || x.mention_id))
FROM match AS x WHERE {COUNTED} AND x.subject_id = ?
  AND {newest("intent", "x.subject_id", value=MAY_LEAVE, mention="x.mention_id")}
"""  # noqa: S608  # ours, without a value


def customers_at_risk(db: Db, subject_id: int, since: datetime, until: datetime) -> int:
    """How many people said that they may leave; one whose name is not known counts by herself."""
    row = db.execute(AT_RISK, (to_text(since), to_text(until), subject_id)).fetchone()
    return int(row[0])


DRAWN: Final = f"""
SELECT m.id, CASE WHEN m.channel IN {LIKE_REVIEWS} THEN 'review' ELSE 'social' END AS family,
  (SELECT l.sentiment FROM label AS l WHERE l.mention_id = m.id AND l.by = 'model'
    ORDER BY l.subject_id NOTNULL, l.id DESC LIMIT 1) AS called,
  (SELECT l.sentiment FROM label AS l WHERE l.mention_id = m.id AND l.by NOT IN ('model', 'given')
    AND NOT l.taken_over AND l.subject_id IS NULL ORDER BY l.id DESC LIMIT 1) AS truly
FROM label_check AS c CROSS JOIN mention AS m ON m.id = c.mention_id
"""  # noqa: S608  # ours, without a value


def checked(db: Db) -> dict[str, Confusion]:
    """What people said of drawn mentions beside what the model says now, by family.

    Only of drawn ones: what people correct of their own accord is what they found wrong, and would
    make the model look worse than it is.
    """
    counts: dict[str, list[int]] = {}
    for row in db.execute(f"SELECT * FROM ({DRAWN}) WHERE called NOTNULL AND truly NOTNULL"):  # noqa: S608
        of = counts.setdefault(row["family"], [0, 0, 0, 0])
        truly, called = row["truly"] == Sentiment.NEGATIVE, row["called"] == Sentiment.NEGATIVE
        of[2 * (not truly) + (not called)] += 1
    return {
        family: Confusion(hits=hits, missed=missed, false_alarms=alarms, passed=passed)
        for family, (hits, missed, alarms, passed) in counts.items()
    }


def draw(db: Db, count: int, since: datetime, now: datetime) -> list[Row]:
    """Mentions to be checked, at random among those that a model has labelled since.

    First come those that were drawn before, and that nobody has checked yet. Row by row: id, text,
    sentiment and so on, as lists show mentions.
    """
    open_ones = [r["id"] for r in db.execute(f"SELECT id FROM ({DRAWN}) WHERE truly IS NULL")]  # noqa: S608
    wanted = max(count - len(open_ones), 0)
    fresh = db.execute(
        "SELECT m.id FROM mention AS m WHERE m.said_at >= ? AND m.deleted_at IS NULL"
        " AND EXISTS (SELECT 1 FROM match AS x WHERE x.mention_id = m.id AND x.counts"
        " AND x.copy_of IS NULL AND x.sentiment NOTNULL)"
        " AND EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = m.id AND l.by = 'model')"
        " AND NOT EXISTS (SELECT 1 FROM label AS l WHERE l.mention_id = m.id AND l.by <> 'model'"
        " AND NOT l.taken_over AND l.subject_id IS NULL)"
        " AND m.id NOT IN (SELECT mention_id FROM label_check) ORDER BY random() LIMIT ?",
        (to_text(since), wanted),
    ).fetchall()
    db.executemany(
        "INSERT INTO label_check (mention_id, drawn_at) VALUES (?, ?)",
        [(row["id"], to_text(now)) for row in fresh],
    )
    ids = [*open_ones, *(row["id"] for row in fresh)][:count]
    marks, given = among(ids)
    return db.execute(
        "SELECT m.source || ':' || m.source_id AS id, m.channel, m.language, d.called AS sentiment,"  # noqa: S608
        " m.text, m.title, m.url"
        f" FROM ({DRAWN}) AS d JOIN mention AS m ON m.id = d.id WHERE m.id IN ({marks})",
        given,
    ).fetchall()
