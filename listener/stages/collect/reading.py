"""A page of a source is read, and kept together with the cursor that brought it."""

from dataclasses import replace
from datetime import datetime

from listener.clock import Clock
from listener.collectors import type_of
from listener.collectors.base import Canary, Collector, Paid
from listener.domain import schedule
from listener.domain.mention import Batch
from listener.domain.schedule import SourceState
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble
from listener.stages.collect.paying import ask, fault, settle_cost
from listener.stages.collect.taking import Page, take_in
from listener.store import buckets, sources, subjects
from listener.store.connection import Db, Store

MUTE = (
    "{name} finds nothing, and has no answer to a question that always has one: what it says now"
    " cannot be told from a breakage. `listener check --online` tries it"
)


def collect_page(store: Store, collector: Collector, matcher: Matcher, clock: Clock) -> Page:
    """Read and keep the next page of a source; an error is kept with the source, not raised."""
    started = clock.now()
    state = state_of(store, collector.name)
    asked = ask(store, collector, "reading", lambda: _heard(collector, state, started), started)
    if isinstance(asked, CollectorError):
        return _failed(store, collector, state, asked, started, clock.now())
    batch, booked = asked
    try:
        page = _keep(store, collector, state, batch, matcher, booked, started, clock.now())
    except Exception as error:  # nor be asked for at once again what cannot be kept
        ours = fault(f"keeping a page of {collector.name}", error)
        return _failed(store, collector, state, ours, started, clock.now())
    collector.committed(batch)
    return page


def _heard(collector: Collector, state: SourceState, now: datetime) -> Batch:
    """A page; one without anything, after a long silence, is believed only where a question that
    always has an answer has one. Raises CollectorError.
    """
    batch = collector.fetch(state.cursor, now)
    silent = batch.complete and not (batch.mentions or batch.responses or batch.tombstones)
    if not (silent and isinstance(collector, Canary) and schedule.needs_canary(state, now)):
        return batch
    cost_usd = batch.cost_usd + (collector.canary_usd if isinstance(collector, Paid) else 0.0)
    try:
        if not collector.canary(now):
            raise CollectorError(MUTE.format(name=collector.name), kind=Trouble.SHAPE)
    except CollectorError as error:  # of a page that came; another one may have been lost before
        error.may_be_billed, error.cost_usd = batch.lost_usd > 0, cost_usd
        raise
    return replace(batch, proved=True, cost_usd=cost_usd)


def state_of(store: Store, name: str) -> SourceState:
    """How a source fares; a new one is due at once."""
    with store.read() as db:
        return sources.get(db, name)


def _keep(
    store: Store,
    collector: Collector,
    state: SourceState,
    batch: Batch,
    matcher: Matcher,
    booked: float,
    started: datetime,
    now: datetime,
) -> Page:
    after = schedule.after_success(
        state, now, collector.every, batch.complete, batch.gap_since, asked_at=started
    )
    if batch.mentions or batch.responses or batch.proved:
        after = replace(after, last_sign=now)
    with store.write() as db:
        page = take_in(db, batch, collector.name, collector.service, matcher, now)
        if batch.cursor is not None:
            sources.move_cursor(db, collector.name, batch.cursor)
        sources.keep(db, after, kind=_kind(collector), channel=collector.channel.value)
        settle_cost(db, collector, batch, booked, started)
        _settle_gap(db, collector, batch, now)
        if not _nothing(page) or batch.complete:
            sources.add_run(db, collector.name, started, now, _counts(page), None)
    return page


def _kind(collector: Collector) -> str:
    return type_of(collector) or collector.service


def _nothing(page: Page) -> bool:
    return not (page.accepted or page.updated or page.rejected or page.responses or page.gone)


def _settle_gap(db: Db, collector: Collector, batch: Batch, now: datetime) -> None:
    """What was missed for good stays a gap; what was caught up with never was one."""
    if batch.gap_since is not None:
        sources.lose(db, collector.name, collector.channel.value, batch.gap_since)
    if batch.complete:
        lost = sources.close_gap(db, collector.name, now)
        if lost is not None:
            gap = buckets.Gap(collector.name, collector.channel.value, lost, now)
            buckets.mark_unmeasured(db, subjects.names(db), gap)


def _failed(
    store: Store,
    collector: Collector,
    state: SourceState,
    error: CollectorError,
    started: datetime,
    now: datetime,
) -> Page:
    after = schedule.after_failure(state, now, collector.every, error)
    channel = collector.channel.value
    with store.write() as db:
        sources.keep(db, after, kind=_kind(collector), channel=channel)
        missing = schedule.gap(after, now, collector.every)
        if missing is not None:
            sources.open_gap(db, collector.name, channel, missing.start)
        sources.add_run(db, collector.name, started, now, {}, str(error))
    return Page(error=error)


def _counts(page: Page) -> dict[str, int]:
    return {
        "accepted": page.accepted,
        "updated": page.updated,
        "rejected": page.rejected,
        "responses": page.responses,
    }
