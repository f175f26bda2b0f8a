"""Detectors are fed what was counted, bucket by bucket, and told what was not measured."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from listener.domain.part import WHOLE, Part
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, bucket_start, to_text
from listener.rules.spike import Detector
from listener.stages.alert import expected, gaps
from listener.stages.alert.tick import Tick
from listener.stages.alert.watched import Series, Watched
from listener.store import buckets, detectors, series
from listener.store.buckets import Gap
from listener.store.connection import Db
from listener.store.series import Slice

KEPT = timedelta(hours=24)  # how long a detector takes late mentions
REBUILD_FROM = 20  # slices older than that, that make it worth learning history anew
LEARNED = timedelta(weeks=26)  # of history; what is older weighs nothing any more
LEARNED_OF_PARTS = timedelta(weeks=4)


def feed(
    db: Db, brand: Subject, watched: Watched, news: Sequence[Slice], tick: Tick
) -> tuple[Watched, bool]:
    """Give a brand's detectors what changed. History that came late is learned by starting over.

    Returns what is watched now, and whether more happened than that time went by.
    """
    news = [one for one in news if one.touched > watched.touched]
    horizon = (watched.upto or tick.now) - KEPT
    watched.passed_over += sum(one.part == WHOLE and one.start < horizon for one in news)
    late = watched.passed_over >= REBUILD_FROM and buckets.all_counted(db)  # once for an import
    if watched.upto is None or late:
        detectors.drop_all(db, brand.id)
        anew = rebuilt(db, brand, tick)
        return anew, anew.upto is not None
    lost = gaps.unmeasured(db, brand.id, tick)
    to = max([tick.to, *(one.start for one in news)])
    changed = bool(news)
    for part, one in watched.series.items():
        changed |= expected.tell(db, brand, one, tick)
        changed |= _tell_lost(one, lost)
        fresh = [s for s in news if s.part == part and s.start >= horizon]
        changed |= give(one, fresh, to, lost)
    watched.touched = max([watched.touched, *(one.touched for one in news)])
    return watched, changed


def rebuilt(db: Db, brand: Subject, tick: Tick) -> Watched:
    """A detector that has learned all of history, as if it had been there; its parts are not."""
    watched = Watched(touched=buckets.last_touch(db))
    whole = learned(db, brand, WHOLE, LEARNED, tick)
    if whole is None:
        return Watched()
    watched.series[WHOLE] = whole
    return watched


def learned(db: Db, brand: Subject, part: Part, back: timedelta, tick: Tick) -> Series | None:
    """The series of a part, from its stored history; None where nothing was ever said or read.

    The history of a part begins when something was first said in it: before that, perhaps, nobody
    listened there.
    """
    begin = bucket_start(tick.now - back)
    history = [s for s in series.span(db, brand.id, begin, tick.now + BUCKET, part) if s.mentions]
    starts = [s.start for s in history[:1]]
    if part.is_whole and tick.first_read is not None:
        starts.append(max(bucket_start(tick.first_read), begin))
    if not starts:
        return None
    one = Series(Detector(tick.rule.sensitivity))
    one.upto = min([*starts, tick.to])
    expected.tell(db, brand, one, tick)
    one.detector.skip(one.upto, one.upto + BUCKET)
    lost = gaps.in_history(db, brand.id, one.upto, [s.start for s in history], tick)
    give(one, history, tick.to, lost)
    return one


def give(one: Series, slices: Iterable[Slice], to: datetime, lost: Sequence[Gap]) -> bool:
    """What a detector's buckets hold now, and the time up to `to`.

    Says whether any of that was not measured.
    """
    unmeasured = False
    for each in slices:
        if one.upto is not None and each.start > one.upto:
            unmeasured |= _advance(one, each.start, lost)
        one.detector.put(each.start, each.folded, each.folded_negative)
    return _advance(one, to, lost) or unmeasured


def _advance(one: Series, to: datetime, lost: Sequence[Gap]) -> bool:
    """Let time pass up to the bucket of `to`: measured and empty, or in a gap and unknown."""
    if one.upto is None or to <= one.upto:
        return False
    start, unmeasured = one.upto + BUCKET, False
    for gap in lost:
        since, until = bucket_start(gap.since), gap.until or to + BUCKET
        if until <= start or since > to:
            continue
        one.detector.skip(start, max(since, start))
        start = max(start, since)
        while start < until and start <= to:
            one.detector.no_data(start)
            start += BUCKET
            unmeasured = True
    if start <= to:
        one.detector.skip(start, to + BUCKET)
    one.upto = to
    return unmeasured


def _tell_lost(one: Series, lost: Sequence[Gap]) -> bool:
    """What turned out to be lost for good was taken for silence while it was not known."""
    assert one.upto is not None, "it was fed before"
    over = {(to_text(g.since), to_text(g.until)): g for g in lost if g.until is not None}
    new = [gap for key, gap in over.items() if list(key) not in one.told]
    for gap in new:
        start = max(bucket_start(gap.since), one.upto - KEPT)
        while start < (gap.until or start) and start <= one.upto:
            one.detector.no_data(start)
            start += BUCKET
    if new:
        one.told = [list(key) for key in over]
    return bool(new)
