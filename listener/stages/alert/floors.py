"""Bounds that the user sets: counted where something new was, and over when it is below them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from listener.domain.incident import Event, Finding
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, bucket_start
from listener.rules.floor import Bound, Counted, FloorRule, FloorScene
from listener.stages.alert.lives import Life, live
from listener.stages.alert.watch import Looked, Watch
from listener.store import bounds, buckets, incidents
from listener.store.bounds import Said
from listener.store.connection import Db, Store
from listener.store.searching.documents import Judge

RULE: Final = "floor"
LOOK_EVERY: Final = timedelta(minutes=1)  # at what is open, when nothing new was counted
SHOWN: Final = 20
AT_ONCE: Final = 500  # texts that a query judges together


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Count for every bound, where there is one; returns how many notices were written."""
    rule: FloorRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    looked = watch.looked
    with store.read() as db:
        is_open = bool(incidents.open_ones(db, RULE))
        if not (rule.bounds or is_open) or not _is_time(db, looked, now, is_open=is_open):
            return 0
        touched = buckets.last_touch(db)
        findings = [
            finding
            for bound, brand in _pairs(rule, watch)
            for finding in _look(db, rule, bound, brand, looked, now)
        ]
    looked.floors, looked.floors_at = touched, now
    if not findings and not is_open:
        return 0
    life = Life(rule=RULE, opened=Event.FLOOR_CROSSED, quiet=rule.quiet)
    with store.write() as db:
        return live(db, life, findings, watch.telling, now)


def _is_time(db: Db, looked: Looked, now: datetime, *, is_open: bool) -> bool:
    """Time alone takes nothing above its bound, but it ends what is open."""
    if (
        looked.floors_at is None
        or now < looked.floors_at
        or buckets.last_touch(db) != looked.floors
    ):
        return True
    return is_open and now - looked.floors_at >= LOOK_EVERY


def _pairs(rule: FloorRule, watch: Watch) -> Iterator[tuple[Bound, Subject]]:
    for bound in rule.bounds:
        for brand in watch.brands:
            if not bound.subject or bound.subject.casefold() == brand.name.casefold():
                yield bound, brand


def _look(
    db: Db, rule: FloorRule, bound: Bound, brand: Subject, looked: Looked, now: datetime
) -> list[Finding]:
    channel = bound.channel.value if bound.channel else None
    said = Said(subject_id=brand.id, since=now - bound.within, until=now, channel=channel)
    if bound.query:
        said = _only_found(db, bound, said, looked)
    mentions, negative, authors = bounds.tally(db, said)
    counted = Counted(mentions=mentions, negative=negative, authors=authors)
    if not bound.is_crossed(counted):
        return []
    rows = bounds.telling(db, said, SHOWN)
    counted = Counted(mentions=mentions, negative=negative, authors=authors, rows=rows)
    return rule(
        FloorScene(subject_id=brand.id, subject=brand.name, now=now, bound=bound, counted=counted)
    )


def _only_found(db: Db, bound: Bound, said: Said, looked: Looked) -> Said:
    """The same, of what the query finds; each text is read once while it lies within the time."""
    query = bound.parsed
    assert query is not None, "only a bound with a query is asked"
    known = looked.found.get((bound.query, said.subject_id), {})
    rows = bounds.ids(db, said)
    new = [row for row in rows if row not in known] if not query.known_later else rows
    found = set[int]()
    for begin in range(0, len(new), AT_ONCE):
        found |= Judge(query, now=said.until).holding(db, new[begin : begin + AT_ONCE]).keys()
    fresh = {row: row in found for row in new}
    judged = {row: fresh.get(row, known.get(row, False)) for row in rows}
    looked.found[(bound.query, said.subject_id)] = judged
    return Said(
        subject_id=said.subject_id,
        since=said.since,
        until=said.until,
        channel=said.channel,
        only=[row for row, holds in judged.items() if holds],
    )


def next_due(store: Store, now: datetime) -> datetime | None:
    """While a bound is crossed: the next slice, in which it may be over."""
    with store.read() as db:
        return bucket_start(now) + BUCKET if incidents.open_ones(db, RULE) else None
