"""Stage three: buckets are counted, response clocks start, and answers stop them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from listener.domain.label import Sentiment, standing
from listener.domain.relevance import Aside, why_aside
from listener.domain.spam import MOST_REPEATS, SpamRule, spam
from listener.domain.times import bucket_text
from listener.stages.measure.answering import Promises, settle_clocks
from listener.store import answering, asides, buckets, copies, heads, labels, matches
from listener.store.connection import Db, Store
from listener.store.heads import Recent
from listener.store.matches import Matched

__all__ = ["Promises", "measure"]

AT_ONCE = 500


def measure(store: Store, promises: Promises, now: datetime) -> int:
    """Measure one batch; returns how many rows were looked at, 0 when nothing is left."""
    with store.write() as db:
        ids, redone, upto = matches.next_unmeasured(db, AT_ONCE)
        _keep_aside(db, ids, promises.spam)
        answers = answering.unjoined(db, labels.progress(db, "answers"))
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
        settle_clocks(db, rows, redone, answers, promises, now)
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
