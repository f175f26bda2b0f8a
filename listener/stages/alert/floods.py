"""Floods of copies: looked for where copies were counted, and over when they ebb."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from listener.domain.incident import Event, Finding
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, bucket_start
from listener.rules.flood import FloodRule, FloodScene
from listener.stages.alert.lives import Life, live
from listener.stages.alert.watch import Watch
from listener.store import buckets, flooding, incidents
from listener.store.connection import Db, Store

RULE: Final = "flood"
LATEST: Final = timedelta(hours=24)  # what was said longer ago is history
USUAL_OF: Final = timedelta(days=28)
LIFE: Final = Life(rule=RULE, opened=Event.FLOOD_OPENED, quiet=timedelta(hours=1), peak="mentions")


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Look where copies were counted since the last time; returns how many notices were written."""
    rule: FloodRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    with store.read() as db:
        newest = buckets.last_touch(db)
        findings = _look(db, watch, rule, watch.looked.floods, newest, now)
        if not findings and not incidents.open_ones(db, RULE):
            watch.looked.floods = newest
            return 0
    with store.write() as db:
        told = live(db, LIFE, findings, watch.telling, now)
    watch.looked.floods = newest
    return told


def _look(
    db: Db, watch: Watch, rule: FloodRule, upto: int | None, newest: int, now: datetime
) -> list[Finding]:
    """What the rule finds; after a start only what goes on now is looked at."""
    if upto == newest:
        return []
    since = now - (rule.within if upto is None else LATEST)
    touched = flooding.touched(db, upto or 0, bucket_start(since))
    by_id = {subject.id: subject for subject in watch.brands}
    return [
        finding
        for subject_id, starts in touched.items()
        if subject_id in by_id
        for finding in _look_at(db, by_id[subject_id], rule, starts, now)
    ]


def _look_at(
    db: Db, subject: Subject, rule: FloodRule, starts: Sequence[datetime], now: datetime
) -> list[Finding]:
    first, last = starts[0] - rule.within, starts[-1] + rule.within
    copies = flooding.slices(db, subject.id, first, last)
    end, most = fullest(copies, starts, rule.within)
    if end is None or most < rule.at_least / 2:  # their firsts are not among them
        return []
    said = flooding.copied(db, subject.id, end - rule.within, end)
    firsts = flooding.said(db, {one.head for one in said})
    past = flooding.slices(db, subject.id, end - USUAL_OF, end - max(LATEST, rule.within))
    scene = FloodScene(
        subject_id=subject.id,
        subject=subject.name,
        now=now,
        copies=said,
        usual_most=fullest(past, list(past), rule.within)[1],
        names={row: name for row, (name, _) in firsts.items()},
        begun={row: at for row, (_, at) in firsts.items()},
    )
    return rule(scene)


def fullest(
    copies: Mapping[datetime, int], starts: Sequence[datetime], within: timedelta
) -> tuple[datetime | None, int]:
    """The end of the span with most copies that touches one of these slices, and how many. Pure.

    None: none of them has any.
    """
    end, most = None, 0
    line, wanted = sorted(copies), set(starts)
    inside, near, first = 0, 0, 0  # copies in the span, wanted slices in it, where it begins
    for start in line:
        inside += copies[start]
        near += start in wanted
        while line[first] <= start - within:
            inside -= copies[line[first]]
            near -= line[first] in wanted
            first += 1
        if near and inside > most:
            end, most = start + BUCKET, inside
    return end, most


def next_due(store: Store, now: datetime) -> datetime | None:
    """While a flood is open: the next slice, in which it may be over."""
    with store.read() as db:
        return bucket_start(now) + BUCKET if incidents.open_ones(db, RULE) else None
