"""Authors as their service shows them, and what they said. No author is joined to another one."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from listener.domain.actions import Standing
from listener.domain.marked import told_places
from listener.domain.subject import Role, handle
from listener.domain.times import to_text
from listener.store.connection import Db, Row, among
from listener.store.labels import CONFIDENCE
from listener.store.standings import overall

MOST_READ = 10_000  # people, where only some standing is asked for


class Order(StrEnum):
    """Who comes first: by the greatest of this."""

    REACH = "reach"
    MENTIONS = "mentions"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which authors to list. `subjects`: who spoke of one of these; `source` None: of any."""

    subjects: Sequence[int]
    since: datetime
    source: str | None = None
    order: Order = Order.REACH
    limit: int = 50
    standing: Standing | None = None  # only who speaks so
    until: datetime | None = None  # before that moment; None: up to now


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody as one service shows them, and how they spoke of what was asked for.

    reach: the greater of the followers and the views of the mention that had most; None where
    neither is given. standing: promoter, passive or critic, by what was said here. share: its part
    of the reach of all whom the same question finds.
    """

    id: str  # SOURCE:ID, as `forget` takes it
    author: str | None
    name: str | None
    source: str
    followers: int | None
    verified: bool | None
    first_seen: str | None
    mentions: int
    negative: int
    positive: int
    standing: str
    last_said: str
    reach: int | None
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What one account said of one subject, with the newest mention; or of nobody we follow."""

    account: str
    source: str
    followers: int | None = None
    verified: bool | None = None
    posts: int = 0  # of whatever; only some are about the subject
    subject: str | None = None
    role: str | None = None
    mentions: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    last_said: str | None = None
    id: str | None = None
    sentiment: str | None = None
    confidence: float | None = None
    stars: float | None = None
    stars_scale: int | None = None
    text: str | None = None
    url: str | None = None
    places: Sequence[Sequence[Any]] = ()  # in the text: from, up to, and the term found


OF_A_SUBJECT = (
    "subject", "role", "mentions", "negative", "neutral", "positive", "last_said", "id",
    "sentiment", "confidence", "stars", "stars_scale", "url",
)  # fmt: skip
ORDERS = {
    Order.REACH: "reach DESC, mentions DESC",
    Order.MENTIONS: "mentions DESC, reach DESC",
    Order.NEGATIVE: "negative DESC, mentions DESC, reach DESC",
    Order.POSITIVE: "positive DESC, mentions DESC, reach DESC",
}
# A mention of two subjects is one mention; where it praises one and blames the other it is both.
HEARD = """
WITH said AS (
  SELECT x.mention_id, coalesce(max(x.sentiment = 'negative'), 0) AS negative,
    coalesce(max(x.sentiment = 'positive'), 0) AS positive
  FROM match AS x
  WHERE x.subject_id IN ({subjects}) AND x.said_at >= ?
    AND x.said_at < coalesce(?, 'a') AND x.counts
  GROUP BY x.mention_id
), person AS (
  SELECT m.author_id, count(*) AS mentions, sum(s.negative) AS negative,
    sum(s.positive) AS positive, max(m.said_at) AS last_said, max(m.views) AS views
  FROM said AS s JOIN mention AS m ON m.id = s.mention_id
  WHERE m.deleted_at IS NULL AND m.author_id IS NOT NULL
  GROUP BY m.author_id
), reaching AS (
  SELECT a.id, a.source, a.source_id, a.handle, a.name, a.followers, a.verified, a.first_seen,
    p.mentions, p.negative, p.positive, p.last_said,
    CASE WHEN a.followers IS NOT NULL OR p.views IS NOT NULL
    THEN max(coalesce(a.followers, 0), coalesce(p.views, 0)) END AS reach
  FROM person AS p JOIN author AS a ON a.id = p.author_id
  WHERE ? IN ('', a.source)
)
SELECT *, reach * 1.0 / nullif(sum(reach) OVER (), 0) AS share
FROM reaching ORDER BY {order}, last_said DESC, id LIMIT ?
"""


def heard(db: Db, asked: Asked) -> list[Author]:
    """Those who spoke of these subjects since a moment."""
    marks, given = among(asked.subjects)
    sql = HEARD.format(subjects=marks, order=ORDERS[asked.order])
    limit = asked.limit if asked.standing is None else MOST_READ
    until = to_text(asked.until) if asked.until else None
    span = (to_text(asked.since), until)
    rows = db.execute(sql, (*given, *span, asked.source or "", limit)).fetchall()
    found = overall(db, [row["id"] for row in rows], asked.subjects, asked.since, asked.until)
    authors = [_author(row, found[row["id"]]) for row in rows]
    return [a for a in authors if asked.standing in (None, a.standing)][: asked.limit]


def _author(row: Row, standing: Standing) -> Author:
    return Author(
        id=f"{row['source']}:{row['source_id']}",
        author=row["handle"] or row["name"],
        name=row["name"],
        source=row["source"],
        followers=row["followers"],
        verified=_yes_or_no(row["verified"]),
        first_seen=row["first_seen"],
        mentions=row["mentions"],
        negative=row["negative"],
        positive=row["positive"],
        standing=standing.value,
        last_said=row["last_said"],
        reach=row["reach"],
        share=row["share"],
    )


def _yes_or_no(value: int | None) -> bool | None:
    return None if value is None else bool(value)


ACCOUNTS = """
SELECT id, source, source_id, handle, name, followers, verified FROM author
WHERE source = ? AND (lower(ltrim(handle, '@')) IN ({names}) OR handle GLOB '*[^ -~]*'
  OR lower(ltrim(source_id, '@')) IN ({names}))
"""  # SQLite folds ASCII alone: handles in other letters are all looked at


POSTS = """
SELECT author_id, count(*) AS posts FROM mention
WHERE author_id IN ({authors}) AND said_at >= ? AND deleted_at IS NULL GROUP BY author_id
"""
# SQLite takes what stands beside the only max() from the row that has it: the newest mention.
SAYS = f"""
SELECT x.*, {CONFIDENCE} AS confidence FROM (
  SELECT m.author_id, y.subject_id, s.name AS subject, s.role, count(*) AS mentions,
    coalesce(sum(y.sentiment = 'negative'), 0) AS negative,
    coalesce(sum(y.sentiment = 'neutral'), 0) AS neutral,
    coalesce(sum(y.sentiment = 'positive'), 0) AS positive,
    max(m.said_at) AS last_said, m.id AS mention_id, m.source || ':' || m.source_id AS id,
    m.title, m.text, m.url, m.stars, coalesce(m.stars_scale, 5) AS stars_scale, y.sentiment,
    y.places
  FROM mention AS m JOIN match AS y ON y.mention_id = m.id AND y.counts
  JOIN subject AS s ON s.id = y.subject_id AND s.active AND s.role IN (?, ?)
  WHERE m.author_id IN ({{authors}}) AND m.said_at >= ? AND m.deleted_at IS NULL
  GROUP BY m.author_id, y.subject_id
) AS x ORDER BY x.author_id, x.subject_id
"""  # noqa: S608  # ours, without a value


def spoken(db: Db, source: str, handles: Collection[str], since: datetime) -> list[Spoken]:
    """What the authors at a source who have one of these accounts said since a moment.

    Of each a row for every brand and competitor it spoke of, or one for none of them.
    """
    found = _accounts(db, source, handles, since)
    says: dict[int, list[Spoken]] = {author_id: [] for author_id in found}
    marks, given = among(found)
    roles = (Role.BRAND.value, Role.COMPETITOR.value)
    for row in db.execute(SAYS.format(authors=marks), (*roles, *given, to_text(since))):
        text = f"{row['title']}: {row['text']}" if row["title"] else row["text"]
        of_subject = {name: row[name] for name in OF_A_SUBJECT}
        author_id = row["author_id"]
        places = told_places(json.loads(row["places"] or "[]"), row["title"] or "")
        said = replace(found[author_id], text=text, places=places, **of_subject)
        says[author_id].append(said)
    return [one for author_id in found for one in says[author_id] or [found[author_id]]]


def _accounts(db: Db, source: str, handles: Collection[str], since: datetime) -> dict[int, Spoken]:
    """The authors who have one of these accounts, by row id, in the order of their handles."""
    names, given = among(handles)
    rows = db.execute(ACCOUNTS.format(names=names), (source, *given, *given)).fetchall()
    theirs = {row["id"]: (name, row) for row in rows if (name := account_of(row, handles))}
    marks, ids = among(theirs)
    counted = db.execute(POSTS.format(authors=marks), (*ids, to_text(since)))
    posts = {row["author_id"]: row["posts"] for row in counted}
    return {
        author_id: Spoken(
            account=name,
            source=row["source"],
            followers=row["followers"],
            verified=_yes_or_no(row["verified"]),
            posts=posts.get(author_id, 0),
        )
        for author_id, (name, row) in sorted(theirs.items(), key=lambda one: (one[1][0], one[0]))
    }


def account_of(row: Row, handles: Collection[str]) -> str:
    """The account of an author; a name that is merely shown is none, whoever else bears it."""
    is_shown_name = row["handle"] is None and row["source_id"] == row["name"]
    known = (row["handle"], None if is_shown_name else row["source_id"])
    return next((handle(name) for name in known if handle(name) in handles), "")
