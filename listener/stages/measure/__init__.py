"""Stage three: buckets are counted, response clocks start, and answers stop them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from listener.domain.label import Sentiment, standing
from listener.domain.mention import Channel
from listener.domain.relevance import Aside, why_aside
from listener.domain.response import Promise, ResponseClock, start_clock
from listener.domain.spam import ALL, MOST_REPEATS, SpamRule, spam
from listener.domain.times import bucket_text, from_text
from listener.store import asides, buckets, clocks, copies, heads, labels, matches
from listener.store.clocks import Answered
from listener.store.connection import Db, Store
from listener.store.heads import Recent
from listener.store.matches import Matched

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Promises:
    """Which brand's mentions of which channel are to be answered, and how soon."""

    by_channel: Mapping[Channel, Promise]
    brand_ids: frozenset[int]
    spam: frozenset[SpamRule] = ALL  # the rules that keep spam aside


def measure(store: Store, promises: Promises, now: datetime) -> int:
    """Measure one batch; returns how many rows were looked at, 0 when nothing is left."""
    with store.write() as db:
        ids, redone, upto = matches.next_unmeasured(db, AT_ONCE)
        _keep_aside(db, ids, promises.spam)
        answers = clocks.unjoined_responses(db, labels.progress(db, "answers"))
        stale = buckets.stale(db)
        if not ids and not answers and not stale:
            return 0
        again = set(redone)
        rows = _settle_matches(db, heads.recent(store), ids, again, promises.spam)
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


def _keep_aside(db: Db, ids: Sequence[int], rules: Collection[SpamRule]) -> None:
    """Keep aside what is not about its subject, before it is counted; bring back what is."""
    put, back = [], []
    judged = asides.judged(db, ids) if ids else []
    given = labels.briefly(db, [one.mention_id for one in judged if one.aside])
    for one in judged:
        why = why_aside(given=one.given, person=one.by_a_person, model=one.by_the_model)
        if why is not None:
            put.append((one.mention_id, one.subject_id, why))
        elif one.by_a_person or one.aside in set(Aside) or _is_spam_no_more(one, given, rules):
            back.append((one.mention_id, one.subject_id))
    asides.put_aside(db, put)
    asides.bring_back(db, back)


def _is_spam_no_more(
    one: asides.Judged, given: Mapping[int, list[labels.Brief]], rules: Collection[SpamRule]
) -> bool:
    """Whether the rule it was kept aside by is off, or its label has become a complaint's."""
    rule = (one.aside or "").removeprefix("spam:")
    if rule == one.aside or not rule or rule == SpamRule.REPEATS:
        return False
    label = standing(given.get(one.mention_id, []), one.subject_id)
    return rule not in rules or (label is not None and label.sentiment == Sentiment.NEGATIVE)


def _settle_matches(
    db: Db, known: Recent, ids: Sequence[int], again: Collection[int], rules: Collection[SpamRule]
) -> list[Matched]:
    """Keep spam aside, give every other match the sentiment that readers take, and fold copies."""
    if not ids:
        return []
    texts = matches.texts_of(db, ids)
    found = {i: name for i, text in texts.items() if (name := spam(text, rules)) is not None}
    rows = matches.counting(db, ids)
    given = labels.briefly(db, sorted({r.mention_id for r in rows}))
    settled = [r._replace(sentiment=_sentiment(given.get(r.mention_id, []), r)) for r in rows]
    for row in settled:
        if row.sentiment == Sentiment.NEGATIVE:  # who complains offers nothing
            found.pop(row.mention_id, None)
    settled = _without(db, settled, found)
    copy_of = copies.fold(db, known, settled, texts, again)
    matches.settle(
        db,
        [
            (r.sentiment, first, r.mention_id, r.subject_id)
            for r, first in zip(settled, copy_of, strict=True)
        ],
    )
    if SpamRule.REPEATS not in rules or not any(copy_of):
        return settled
    said_again = copies.repeated_by_one(db, settled, MOST_REPEATS)
    return _without(db, settled, dict.fromkeys((i for i, _ in said_again), SpamRule.REPEATS))


def _without(db: Db, rows: list[Matched], found: Mapping[int, str]) -> list[Matched]:
    """The matches that still count when spam, each mention with its rule, is kept aside."""
    put = [
        (r.mention_id, r.subject_id, f"spam:{found[r.mention_id]}")
        for r in rows
        if r.mention_id in found
    ]
    if not put:
        return rows
    asides.put_aside(db, put)
    still = {(r.mention_id, r.subject_id) for r in matches.counting(db, [i for i, _, _ in put])}
    return [r for r in rows if r.mention_id not in found or (r.mention_id, r.subject_id) in still]


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
