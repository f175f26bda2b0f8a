"""Finding stored mentions: the database gives candidates, the text evaluator decides on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from listener.clock import monotonic
from listener.domain.query.query import Query
from listener.domain.times import from_text
from listener.store import search
from listener.store.connection import Db
from listener.store.searching.documents import Judge, Text
from listener.store.searching.interrupting import no_longer_than
from listener.store.searching.planning import Bounds, Plan, mention_of, moment_of, plan
from listener.store.searching.predicates import EVER, Span
from listener.store.searching.ranking import Ranking

PATIENCE: Final = 2.0  # seconds
RANKED: Final = 150  # of the newest that are found, for the order of relevance
LOOKED_THROUGH: Final = 1_000  # for them, once there are enough for a page
MOST_READ: Final = 512  # texts at once
FIRST_MORE: Final = 14  # texts than asked for, that are read first: some do not hold


class Order(StrEnum):
    """NEWEST: the last said first. RELEVANCE: the best first, among the newest `RANKED` found."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to find. `after`: what `Found.next` said of the page before."""

    query: Query
    limit: int = 50
    order: Order = Order.NEWEST
    span: Span = EVER
    after: int | None = None
    teams: Mapping[str, str] = field(default_factory=dict)  # of topics
    seconds: float = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found, and how.

    `looked_back_to`: when time ran out, so far were mentions looked at; None when all were that
    could do. `waiting`: so many mentions are stored and not in the index yet.
    """

    texts: tuple[Text, ...]
    next: int | None
    read: int
    held: int
    is_complete: bool
    looked_back_to: str | None
    reached: int | None  # the last candidate that was looked at; a page may begin behind it
    ranked_among: int | None  # the newest, so many; None where all that were found are ranked
    waiting: int
    ms: float
    plan: Plan | None  # None: time was up before there was one

    def explained(self, db: Db) -> list[str]:
        """What was asked of which index, and what came of it; a line each."""
        lines = []
        for lead in self.plan.leads if self.plan else ():
            lines.append(f"asked: {lead.words}")
            lines += [f"  SQLite: {step}" for step in lead.steps(db)]
        lines += [f"note: {note}" for note in (self.plan.notes if self.plan else ())]
        if self.ranked_among is not None:
            lines.append(f"ranked: the newest {self.ranked_among} that were found")
        lines.append(f"read {self.read} candidates, {self.held} hold; {self.ms:.0f} ms")
        return lines


@dataclass(slots=True)
class _Reading:
    """What has been read of the candidates so far."""

    plan: Plan | None = None
    texts: list[tuple[int, Text]] = field(default_factory=list)  # what holds, with its number
    read: int = 0
    reached: int | None = None  # the number of the last candidate
    is_complete: bool = False  # as many as were asked for, or all there are
    is_all: bool = False

    def go_on(self, db: Db, judge: Judge, wanted: Wanted, until: float) -> None:
        """Judge candidates, newest first, until there are enough, all are read, or time is up."""
        assert self.plan is not None
        keys = self.plan.keys(db)
        size = min(wanted.limit + FIRST_MORE, MOST_READ)
        while monotonic() < until:
            portion = list(islice(keys, size))
            if not portion:
                self.is_complete = self.is_all = True
                return
            held = judge.holding(db, [mention_of(key) for key in portion])
            self.texts += [
                (key, text)
                for key in portion
                if (text := held.get(mention_of(key))) is not None
                and self.plan.bounds.span.holds(from_text(text.said_at))
            ]
            self.read += len(portion)
            self.reached = portion[-1]
            if self._is_enough(wanted):
                self.texts = self.texts[: self._most(wanted)]
                self.is_complete = True
                return
            size = min(size * 2, MOST_READ)
            if not self._is_sparse():
                size = min(size, self._most(wanted) - len(self.texts) + FIRST_MORE)

    def _is_sparse(self) -> bool:
        """Whether most candidates do not hold: then more of them are read at once."""
        return len(self.texts) * 2 < self.read

    def _is_enough(self, wanted: Wanted) -> bool:
        if len(self.texts) >= self._most(wanted):
            return True
        is_ranked = wanted.order is Order.RELEVANCE
        return is_ranked and self.read >= LOOKED_THROUGH and len(self.texts) > wanted.limit

    @staticmethod
    def _most(wanted: Wanted) -> int:
        """How many are enough: one more than a page, or as many as are ranked."""
        is_ranked = wanted.order is Order.RELEVANCE
        return max(RANKED, wanted.limit) if is_ranked else wanted.limit + 1


def find(db: Db, wanted: Wanted, now: datetime) -> Found:
    """A page of the mentions that a query finds: what the indexes give is judged by its text."""
    began = monotonic()
    until = began + wanted.seconds
    is_ranked = wanted.order is Order.RELEVANCE
    bounds = Bounds(wanted.span, None if is_ranked else wanted.after)
    judge = Judge(wanted.query, now, wanted.teams)
    done = _Reading()
    with no_longer_than(db, until):
        done.plan = plan(db, wanted.query.root, bounds)
        done.go_on(db, judge, wanted, until)
    page, following = _page(done.texts, wanted, now)
    return Found(
        texts=tuple(text for _, text in page),
        next=following,
        read=done.read,
        held=len(done.texts),
        is_complete=done.is_complete,
        looked_back_to=None if done.is_complete else _time_of(done.reached),
        reached=done.reached,
        ranked_among=None if done.is_all or not is_ranked else len(done.texts),
        waiting=search.waiting(db),
        ms=round((monotonic() - began) * 1000, 1),
        plan=done.plan,
    )


Numbered = tuple[int, Text]


def _page(
    texts: Sequence[Numbered], wanted: Wanted, now: datetime
) -> tuple[Sequence[Numbered], int | None]:
    """The texts of a page, and what the one after it begins behind."""
    if wanted.order is Order.NEWEST:
        page = texts[: wanted.limit]
        return page, page[-1][0] if page and len(texts) > len(page) else None
    scores = Ranking(wanted.query).scores([text for _, text in texts], now)
    ranked = sorted(
        zip(scores, texts, strict=True), key=lambda one: (one[0], one[1][0]), reverse=True
    )
    start = wanted.after or 0
    end = start + wanted.limit
    return [one for _, one in ranked[start:end]], end if end < len(ranked) else None


def _time_of(number: int | None) -> str | None:
    return None if number is None else moment_of(number)


def matching(db: Db, judge: Judge, ids: Sequence[int]) -> set[int]:
    """Those of some mentions for which a query holds."""
    found: set[int] = set()
    for start in range(0, len(ids), MOST_READ):
        found |= judge.holding(db, ids[start : start + MOST_READ]).keys()
    return found
