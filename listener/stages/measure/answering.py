"""The clocks of stage three: mentions that deserve an answer start them, and answers stop them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from listener.domain.intent import is_sure
from listener.domain.label import Sentiment, standing
from listener.domain.mention import Channel
from listener.domain.promise import BY_LABEL, Asked, Promise, promised, start_clock
from listener.domain.query import Document
from listener.domain.response import ResponseClock
from listener.domain.spam import ALL, SpamRule
from listener.domain.times import from_text
from listener.store import answering, clocks, labels, subjects
from listener.store.answering import Answered
from listener.store.connection import Db
from listener.store.labels import Told
from listener.store.matches import Matched
from listener.store.searching.documents import documents_of

Key = tuple[int, int]  # mention, subject


@dataclass(frozen=True, slots=True)
class Promises:
    """Which brand's mentions of which channel are to be answered, and how soon."""

    by_channel: Mapping[Channel, Promise]
    brand_ids: frozenset[int]
    spam: frozenset[SpamRule] = ALL  # the rules that keep spam aside

    @property
    def every(self) -> list[Promise]:
        return [promise for one in self.by_channel.values() for promise in one.all]


def settle_clocks(
    db: Db,
    rows: Sequence[Matched],
    redone: Sequence[int],
    responses: list[int],
    promises: Promises,
    now: datetime,
) -> None:
    """Start the clocks of new mentions, and let every answer stop those it belongs to."""
    questions = answering.questions_of(db, responses) if responses else []
    of_brands = [r for r in rows if r.subject_id in promises.brand_ids]
    ids = sorted({r.mention_id for r in of_brands}.union(questions, redone))
    if not ids:
        return
    running = {(c.mention_id, c.subject_id): c for c in clocks.of(db, ids)}
    matched = {(r.mention_id, r.subject_id) for r in rows}
    for key in [k for k in running if k[0] in redone and k not in matched]:
        _drop(db, key, running)  # an edit has made it about somebody else
    _start(db, of_brands, promises, running, dict.fromkeys(redone, now))
    if not running:
        return
    answered = answering.answers_of(db, ids)
    clocks.keep(db, [stopped(c, answered) for c in running.values()], now)


def _start(
    db: Db,
    rows: Sequence[Matched],
    promises: Promises,
    running: dict[Key, ResponseClock],
    judged_at: Mapping[int, datetime],
) -> None:
    """Start a clock for each that deserves an answer and has none; drop those of the others.

    judged_at: by mention, of those that were measured before.
    """
    known, new = _known(db, rows, promises), []
    for row in rows:
        key = (row.mention_id, row.subject_id)
        promise = _deserved(row, promises, known)
        if promise is None:
            _drop(db, key, running)
        elif key in running:
            running[key] = _kept(running[key], promise)
        else:
            new.append(_new(row, promise, judged_at.get(row.mention_id)))
    back = clocks.come_back(db, new) if new else []
    running.update({(c.mention_id, c.subject_id): c for c in back})


def _new(row: Matched, promise: Promise, judged_at: datetime | None) -> ResponseClock:
    return start_clock(
        row.mention_id,
        row.subject_id,
        Channel(row.channel),
        from_text(row.said_at),
        from_text(row.seen_at),
        promise,
        judged_at,
    )


def _kept(clock: ResponseClock, promise: Promise) -> ResponseClock:
    """A running clock; another promise holds for it where what was said of it has changed.

    What was settled, or told as overdue, keeps the deadline it was settled by. A change of the
    settings alone changes no deadline.
    """
    settled = clock.answered_at is not None or clock.told_overdue or not clock.promise
    return clock if settled or clock.promise == promise.name else promised(clock, promise)


@dataclass(frozen=True, slots=True)
class _Known:
    """What promises ask of mentions beside their sentiment; empty where none does."""

    names: Mapping[int, str] = field(default_factory=dict)
    told: Mapping[int, list[Told]] = field(default_factory=dict)
    documents: Mapping[int, Document] = field(default_factory=dict)

    def topics(self, row: Matched) -> tuple[str, ...]:
        label = standing([t for t in self.told.get(row.mention_id, ()) if t.topics], row.subject_id)
        return label.topics if label is not None else ()

    def intent(self, row: Matched) -> str | None:
        label = standing([t for t in self.told.get(row.mention_id, ()) if t.intent], row.subject_id)
        if label is None or not is_sure(label.intent_confidence):
            return None
        return label.intent

    def needs_answer(self, row: Matched) -> bool | None:
        said = [t for t in self.told.get(row.mention_id, ()) if t.needs_answer is not None]
        label = standing(said, row.subject_id)
        return label.needs_answer if label is not None else None


def _known(db: Db, rows: Sequence[Matched], promises: Promises) -> _Known:
    every = promises.every
    ids = sorted({row.mention_id for row in rows})
    if not ids or not every:
        return _Known()
    by_label = any(
        p.by_topic or p.fields & {"topic", "intent", "needs"} or not BY_LABEL.isdisjoint(p.which)
        for p in every
    )
    return _Known(
        names=subjects.names(db) if any(p.others for p in every) else {},
        told=labels.told(db, ids) if by_label else {},
        documents=documents_of(db, ids) if any(p.asks for p in every) else {},
    )


def _deserved(row: Matched, promises: Promises, known: _Known) -> Promise | None:
    """The promise by which a mention deserves an answer; None: it deserves none."""
    usual = promises.by_channel.get(Channel(row.channel))
    if usual is None or row.deleted:
        return None
    topics = known.topics(row)
    promise = usual.made_to(known.names.get(row.subject_id, ""), topics)
    document = known.documents.get(row.mention_id) if promise.asks else None
    asked = Asked(
        sentiment=Sentiment(row.sentiment) if row.sentiment else None,
        question=row.question,
        intent=known.intent(row),
        needs_answer=known.needs_answer(row),
        document=document
        and replace(
            document,
            sentiment=row.sentiment,
            topics=topics,
            intent=known.intent(row),
            needs_answer=known.needs_answer(row),
        ),
    )
    return promise if promise.covers(asked) else None


def _drop(db: Db, key: Key, running: dict[Key, ResponseClock]) -> None:
    """Take a clock away, unless it was answered: that stays on record."""
    clock = running.get(key)
    if clock is not None and clock.answered_at is None:
        clocks.drop(db, clock.mention_id, [clock.subject_id])
        del running[key]


def stopped(clock: ResponseClock, answered: Sequence[Answered]) -> ResponseClock:
    """The clock with its first answer by anybody, and its first by a person."""
    mine = [
        a
        for a in answered
        if a.mention_id == clock.mention_id and a.subject_id in (None, clock.subject_id)
    ]
    if not mine:
        return clock
    human = next((a.said_at for a in mine if not a.automatic), None)
    return replace(clock, answered_at=mine[0].said_at, evidence=mine[0].evidence, human_at=human)
