"""What was read is looked for again, and history is read back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.clock import Clock
from listener.collectors.base import Collector, Reaches, Rechecks
from listener.domain.mention import Batch
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble, UsageError
from listener.stages.collect.paying import ask, settle_cost
from listener.stages.collect.taking import Page, take_in
from listener.store import backfills, rechecks
from listener.store.connection import Db, Store

RECHECKED_FOR = timedelta(days=30)  # after they were said
MANY_GONE = 5  # at once, and more than half of those that were asked for: looked at twice
RECHECK_AFTER = timedelta(hours=20)  # so that a day is kept


def recheck_page(store: Store, collector: Collector, matcher: Matcher, clock: Clock) -> Page | None:
    """Look at its source for those stored mentions that have waited longest; None: none is due.

    An error is told and not kept with the source, whose own reading will meet it too.
    """
    if not isinstance(collector, Rechecks):
        return None
    now = clock.now()
    with store.read() as db:
        since, before = now - RECHECKED_FOR, now - RECHECK_AFTER
        most = collector.recheck_most
        source_ids = rechecks.due(db, collector.name, since=since, before=before, limit=most)
    if not source_ids:
        return None
    asked = ask(
        store, collector, "looking again at", lambda: collector.recheck(source_ids, now), now
    )
    if isinstance(asked, CollectorError):
        _let_others(store, collector, source_ids, asked, now)
        return Page(error=asked)
    batch, booked = asked
    with store.write() as db:
        batch, doubted = _believed(db, collector.name, batch, source_ids)
        page = take_in(db, batch, collector.name, collector.service, matcher, now)
        rechecks.note(db, collector.name, source_ids, now)
        rechecks.miss(db, collector.name, doubted)
        settle_cost(db, collector, batch, booked, now)
    return page


def _believed(
    db: Db, source: str, batch: Batch, source_ids: Sequence[str]
) -> tuple[Batch, list[str]]:
    """A look without the deletions that are not believed yet, and the ids of those.

    Where most of what was asked for is gone at once, the answer may be wrong, and blanking cannot
    be taken back: only what the next look does not find either is gone.
    """
    if len(batch.tombstones) <= max(MANY_GONE, len(source_ids) // 2):
        return batch, []
    before = rechecks.missed(db, source, source_ids)
    surely = tuple(stone for stone in batch.tombstones if stone.source_id in before)
    doubted = [one.source_id for one in batch.tombstones if one.source_id not in before]
    return replace(batch, tombstones=surely), doubted


def _let_others(
    store: Store,
    collector: Collector,
    source_ids: Sequence[str],
    error: CollectorError,
    now: datetime,
) -> None:
    """Where the ids themselves may be the trouble they wait a day: others get their turn."""
    if error.kind in (Trouble.SHAPE, Trouble.SETTINGS):
        with store.write() as db:
            rechecks.note(db, collector.name, source_ids, now)


def begun_back(store: Store, name: str, since: datetime) -> datetime:
    """The moment back to which a source is read: that of a reading which has not ended, if near."""
    with store.read() as db:
        return backfills.begun(db, name, since) or since


def backfill_page(
    store: Store, collector: Collector, since: datetime, matcher: Matcher, clock: Clock
) -> Page:
    """Read and keep the next page of a source's history, back to a moment.

    It has a cursor of its own, and moves neither the source's nor its health. Raises UsageError
    for a source that cannot be read so.
    """
    if not isinstance(collector, Reaches):
        raise UsageError(f"{collector.name}: {collector.service} cannot be read back to a date.")
    now = clock.now()
    with store.read() as db:
        cursor = backfills.cursor(db, collector.name, since)
    reaching = collector.reaching(since)
    asked = ask(store, collector, "reading back", lambda: reaching.fetch(cursor, now), now)
    if isinstance(asked, CollectorError):
        return Page(error=asked)
    batch, booked = asked
    with store.write() as db:
        page = take_in(db, batch, collector.name, collector.service, matcher, clock.now())
        if batch.complete:
            backfills.end(db, collector.name, since)
        else:
            backfills.move(db, collector.name, since, batch.cursor)
        settle_cost(db, collector, batch, booked, now)
    return page
