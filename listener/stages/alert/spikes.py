"""Spikes: detectors are fed what was counted, and alarms become incidents; many subjects at once.

Competitors have detectors too, in the same way; what follows from theirs is in `rivals.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from listener.domain.subject import Role, Subject
from listener.domain.times import BUCKET, bucket_start
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import gaps, parts, rivals
from listener.stages.alert.feeding import KEPT, feed
from listener.stages.alert.judging import RULE, judge
from listener.stages.alert.tick import Tick
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory, Watched
from listener.store import buckets, detectors, incidents, series, sources
from listener.store.connection import Db, Store
from listener.store.series import Slice

AT_ONCE = 500  # subjects in one transaction
RULES = {Role.BRAND: RULE, Role.COMPETITOR: rivals.RULE}  # brands first: theirs tells of both

News = Mapping[int, Sequence[Slice]]  # by subject


def watch(store: Store, watch: Watch, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Let the detectors look, of brands first; returns how many notices were written.

    One that fails does not stop the others; its error is raised when all have looked.
    """
    roles = [role for role, name in RULES.items() if name in watch.rules]
    if not roles:
        return 0
    followed = [s for role in roles for s in watch.subjects if s.role is role]
    memory = watch.memory
    last = _recall(store, memory)
    with store.read() as db:
        tick = _tick(db, watch, now)
        news = series.touched_since(db, memory.taken or 0) if last > (memory.taken or 0) else {}
    everyone = memory.upto is None or tick.to > memory.upto
    due = [b for b in followed if everyone or b.id in news or b.id in memory.behind]
    told, failed = 0, dict[int, Exception]()
    for at in range(0, len(due), at_once):
        told += _look_at_all(store, due[at : at + at_once], news, tick, memory, failed)
    _note(store, memory, last, failed)
    if everyone:
        memory.upto = tick.to
        memory.gaps_over |= {
            (g.source, g.since, g.until) for g in tick.gaps if g.until and g.until <= tick.to
        }
    if failed:
        raise next(iter(failed.values()))
    return told


def _recall(store: Store, memory: Memory) -> int:
    """How far counts go by now; how far they were taken is read after a start."""
    with store.read() as db:
        last = buckets.last_touch(db)
        if memory.taken is None:
            memory.taken, memory.behind = detectors.taken(db), detectors.behind(db)
    if memory.taken is None:  # all brands begin with their history
        memory.taken = last
        with store.write() as db:
            detectors.note(db, last, ())
    return last


def _tick(db: Db, watch: Watch, now: datetime) -> Tick:
    memory, to = watch.memory, bucket_start(now)
    if memory.upto is None or to > memory.upto:
        to = bucket_start(gaps.known_until(db, now))
    if memory.first_read is None:
        memory.first_read = sources.first_success(db)
    found = buckets.gaps(db, (memory.upto or now) - KEPT, now)
    return Tick(
        now=now,
        to=to,
        rule=watch.rules.get(RULE) or SpikeRule(),
        telling=watch.telling,
        events=watch.events,
        brands=watch.brands,
        competitor=watch.rules.get(rivals.RULE),
        rivals=tuple(s for s in watch.subjects if s.role is Role.COMPETITOR),
        gaps=tuple(g for g in found if (g.source, g.since, g.until) not in memory.gaps_over),
        first_read=memory.first_read,
        open_keys=frozenset(
            one.key for rule in RULES.values() for one in incidents.open_ones(db, rule)
        ),
    )


def _look_at_all(
    store: Store,
    batch: Sequence[Subject],
    news: News,
    tick: Tick,
    memory: Memory,
    failed: dict[int, Exception],
) -> int:
    """Let some brands look in one transaction; those that fail are undone, and named in `failed`.

    What is in memory is as the database has it: it is taken out, and put back when that is kept.
    """
    told, seen, changed = 0, dict[int, Watched](), list[detectors.Remembered]()
    mine = dict[int, Exception]()
    try:
        with store.write() as db:
            known = _known(db, batch, memory, tick)
            for brand in batch:
                try:
                    with detectors.apart(db):
                        watched, is_changed, notices = _look_at(
                            db, brand, known[brand.id], news, tick, behind=brand.id in memory.behind
                        )
                        to_keep = is_changed and memory.kept
                        remembered = watched.remembered(brand.id) if to_keep else []
                except Exception as error:  # one bad brand stays one bad brand
                    if not db.in_transaction:
                        raise
                    mine[brand.id] = error
                    continue
                told += notices
                changed += remembered
                seen[brand.id] = watched
            detectors.keep(db, changed)
    except Exception as error:  # nothing of all this was kept
        failed.update({brand.id: error for brand in batch})
        return 0
    memory.brands.update(seen)
    failed.update(mine)
    return told


def _known(db: Db, batch: Sequence[Subject], memory: Memory, tick: Tick) -> dict[int, Watched]:
    """What is watched of these subjects, taken out of memory, or else out of the database."""
    known = {b.id: memory.brands.pop(b.id) for b in batch if b.id in memory.brands}
    rows: dict[int, list[detectors.Remembered]] = {}
    for row in detectors.load(db, [b.id for b in batch if b.id not in known]):
        rows.setdefault(row.subject_id, []).append(row)
    for brand in batch:
        if brand.id not in known:
            known[brand.id] = Watched.of(rows.get(brand.id, ()), _rule_of(brand, tick).sensitivity)
    return known


def _look_at(
    db: Db, brand: Subject, watched: Watched, news: News, tick: Tick, *, behind: bool
) -> tuple[Watched, bool, int]:
    """Feed a subject's detectors and judge them: what is watched now, whether it is to be kept, and
    how many notices were written.
    """
    mine = news.get(brand.id, ())
    if brand.role is Role.COMPETITOR:
        tick = replace(tick, rule=_rule_of(brand, tick))
    if behind and watched.upto is not None:
        mine = series.of_subject_since(db, brand.id, watched.touched)
    if watched.upto is not None and (watched.upto < tick.to - BUCKET or behind):  # just read
        tick = replace(tick, gaps=tuple(buckets.gaps(db, watched.upto - KEPT, tick.now)))
    alerted = watched.alerting
    watched, changed = feed(db, brand, watched, mine, tick)
    if brand.role is Role.COMPETITOR:
        told = rivals.judge(db, brand, watched, tick)
    else:
        changed |= parts.choose(db, brand, watched, mine, tick)
        told = judge(db, brand, watched, tick)
    return watched, changed or alerted or watched.alerting, told


def _rule_of(subject: Subject, tick: Tick) -> SpikeRule:
    theirs = tick.competitor if subject.role is Role.COMPETITOR else None
    return tick.rule if theirs is None else theirs.spike


def _note(store: Store, memory: Memory, last: int, failed: Mapping[int, Exception]) -> None:
    behind = set(failed)
    if last == memory.taken and behind == memory.behind:
        return
    with store.write() as db:
        detectors.note(db, last, behind)
    memory.taken, memory.behind = last, behind


def next_due(store: Store, now: datetime) -> datetime | None:
    """While a spike is open, or may be told of soon: the next slice, in which it may end."""
    with store.read() as db:
        waiting = incidents.open_ones(db, RULE) or detectors.any_alerting(db)
        return bucket_start(now) + BUCKET if waiting else None
