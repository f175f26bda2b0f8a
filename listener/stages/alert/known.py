"""Known events against what is stored: how large the last one was, and whether this is larger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.events import (
    KnownEvent,
    called,
    higher_than_before,
    learned_factor,
    previous,
    same_spans,
    touching,
)
from listener.domain.subject import Subject
from listener.domain.times import bucket_start
from listener.store import series
from listener.store.connection import Db
from listener.store.series import Tally

AROUND = timedelta(days=28)  # before an event: what was usual then
LISTENED = timedelta(days=7)  # with nothing at all in so long before an event nobody listened


def expected(
    db: Db, subject: Subject, events: Sequence[KnownEvent], since: datetime, until: datetime
) -> list[KnownEvent]:
    """The events of a subject that touch a span, each with the factor to be expected."""
    return [_sized(db, subject, events, e) for e in touching(events, subject.name, since, until)]


def _sized(db: Db, subject: Subject, events: Sequence[KnownEvent], event: KnownEvent) -> KnownEvent:
    before = previous(events, event) if event.learn else None
    if before is None:
        return event
    usual = _counts(db, subject, before.since - AROUND, before.since).mentions
    during = _counts(db, subject, before.since, before.until).mentions
    lasted, around = before.until - before.since, AROUND / timedelta(hours=1)
    factor = learned_factor(during / (lasted / timedelta(hours=1)), usual / around, counted=usual)
    return event if factor is None else replace(event, factor=factor)


def compared(db: Db, subject: Subject, events: Sequence[KnownEvent], now: datetime) -> str | None:
    """Say that negatives are higher than in the last event of the name of the one that is on.

    None where none is on, where there was none before, or where it is not clearly so.
    """
    for event in touching(events, subject.name, now, now + timedelta.resolution):
        before = previous(events, event)
        spans = same_spans(event, before, now) if before is not None else None
        if before is None or spans is None:
            continue
        then = _counts(db, subject, *spans[1])
        listened = _counts(db, subject, before.since - LISTENED, before.since).mentions > 0
        said = higher_than_before(
            _counts(db, subject, *spans[0]).negative,
            then.negative if listened and then.measured else None,
            spans[0][1] - spans[0][0],
            called(before),
        )
        if said is not None:
            return said
    return None


def _counts(db: Db, subject: Subject, since: datetime, until: datetime) -> Tally:
    return series.tally(db, subject.id, bucket_start(since), until)
