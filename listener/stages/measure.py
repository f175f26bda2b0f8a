"""Stage three: buckets are counted, response clocks start, and answers stop them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from listener.domain.label import Sentiment, standing
from listener.domain.mention import Channel
from listener.domain.response import Promise, ResponseClock, start_clock
from listener.domain.times import bucket_text, from_text
from listener.store import buckets, clocks, labels, matches
from listener.store.clocks import Answered
from listener.store.connection import Db, Store
from listener.store.matches import Matched

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Promises:
    """Which brand's mentions of which channel are to be answered, and how soon."""

    by_channel: Mapping[Channel, Promise]
    brand_ids: frozenset[int]


def measure(store: Store, promises: Promises, now: datetime) -> int:
    """Measure one batch; returns how many rows were looked at, 0 when nothing is left."""
    with store.write() as db:
        ids, redone, upto = matches.next_unmeasured(db, AT_ONCE)
        answers = clocks.unjoined_responses(db, labels.progress(db, "answers"))
        stale = buckets.stale(db)
        if not ids and not answers and not stale:
            return 0
        rows = matches.counting(db, ids) if ids else []
        rows = _settle_matches(db, rows)
        again = set(redone)
        grown = [(r.subject_id, bucket_text(r.said_at)) for r in rows if r.mention_id not in again]
        counted_again = [
            (r.subject_id, bucket_text(r.said_at)) for r in rows if r.mention_id in again
        ]
        buckets.recount(db, grown, shrunk=[*counted_again, *stale])
        buckets.clear_stale(db, stale)
        _settle_clocks(db, rows, redone, answers, promises, now)
        labels.set_progress(db, "measure", upto, redone)
        if answers:
            labels.set_progress(db, "answers", answers[-1])
        return len(ids) + len(answers) + len(stale)


def _settle_matches(db: Db, rows: list[Matched]) -> list[Matched]:
    """Give every match the sentiment that readers take, and fold copies."""
    if not rows:
        return []
    given = labels.briefly(db, sorted({r.mention_id for r in rows}))
    settled = [r._replace(sentiment=_sentiment(given.get(r.mention_id, []), r)) for r in rows]
    matches.settle(
        db,
        [
            (r.sentiment, original, r.mention_id, r.subject_id)
            for r, original in zip(settled, matches.originals_of(db, settled), strict=True)
        ],
    )
    return settled


def _sentiment(given: list[labels.Brief], row: Matched) -> str | None:
    label = standing(given, row.subject_id)
    return None if label is None else label.sentiment


def _settle_clocks(
    db: Db,
    rows: Sequence[Matched],
    redone: Sequence[int],
    responses: list[int],
    promises: Promises,
    now: datetime,
) -> None:
    """Start the clocks of new mentions, and let every answer stop those it belongs to."""
    questions = clocks.questions_of(db, responses) if responses else []
    about_brands = {r.mention_id for r in rows if r.subject_id in promises.brand_ids}
    ids = sorted(about_brands.union(questions, redone))
    if not ids:
        return
    standing_clocks = {(c.mention_id, c.subject_id): c for c in clocks.of(db, ids)}
    matched = {(r.mention_id, r.subject_id) for r in rows}
    for key in [k for k in standing_clocks if k[0] in redone and k not in matched]:
        _drop(db, key, standing_clocks)  # an edit has made it about somebody else
    for row in rows:
        if row.subject_id in promises.brand_ids:
            _start_or_drop(db, row, promises, standing_clocks)
    if not standing_clocks:
        return
    answered = clocks.answers_of(db, ids)
    clocks.keep(db, [_answer(c, answered) for c in standing_clocks.values()], now)


def _start_or_drop(
    db: Db,
    row: Matched,
    promises: Promises,
    standing_clocks: dict[tuple[int, int], ResponseClock],
) -> None:
    key = (row.mention_id, row.subject_id)
    promise = promises.by_channel.get(Channel(row.channel))
    deserves = (
        promise is not None
        and not row.deleted
        and promise.covers(
            Sentiment(row.sentiment) if row.sentiment else None, question=row.question
        )
    )
    if not deserves:
        _drop(db, key, standing_clocks)
    elif key not in standing_clocks and promise is not None:
        standing_clocks[key] = start_clock(
            row.mention_id,
            row.subject_id,
            Channel(row.channel),
            from_text(row.said_at),
            from_text(row.seen_at),
            promise,
        )


def _drop(
    db: Db, key: tuple[int, int], standing_clocks: dict[tuple[int, int], ResponseClock]
) -> None:
    """Take a clock away, unless it was answered: that stays on record."""
    clock = standing_clocks.get(key)
    if clock is not None and clock.answered_at is None:
        clocks.drop(db, clock.mention_id, [clock.subject_id])
        del standing_clocks[key]


def _answer(clock: ResponseClock, answered: list[Answered]) -> ResponseClock:
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
