"""Stage one: a page of a source is read, and kept together with the cursor that brought it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from listener.clock import Clock
from listener.collectors import type_of
from listener.collectors.base import Canary, Collector, Paid, Reaches, Rechecks
from listener.domain import schedule
from listener.domain.budget import Budget
from listener.domain.door import Arrival, admit, admit_answer, answer_of
from listener.domain.mention import Batch, Mention, Response
from listener.domain.schedule import SourceState
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble, UsageError
from listener.store import (
    backfills,
    buckets,
    clocks,
    gone,
    mentions,
    rechecks,
    search,
    sources,
    spending,
    subjects,
)
from listener.store.connection import BATCH, Db, Store

MUTE = (
    "{name} finds nothing, and has no answer to a question that always has one: what it says now"
    " cannot be told from a breakage. `listener check --online` tries it"
)
RECHECKED_FOR = timedelta(days=30)  # after they were said
MANY_GONE = 5  # at once, and more than half of those that were asked for: looked at twice
RECHECK_AFTER = timedelta(hours=20)  # so that a day is kept


@dataclass(frozen=True, slots=True)
class Page:
    """What became of one page. `error` None: it was read and kept."""

    accepted: int = 0
    updated: int = 0
    rejected: int = 0
    responses: int = 0
    gone: int = 0
    complete: bool = True
    error: CollectorError | None = None

    def plus(self, other: "Page") -> "Page":
        return Page(
            self.accepted + other.accepted,
            self.updated + other.updated,
            self.rejected + other.rejected,
            self.responses + other.responses,
            self.gone + other.gone,
            other.complete,
            other.error,
        )


def collect_page(store: Store, collector: Collector, matcher: Matcher, clock: Clock) -> Page:
    """Read and keep the next page of a source; an error is kept with the source, not raised."""
    started = clock.now()
    state = state_of(store, collector.name)
    asked = _ask(store, collector, "reading", lambda: _heard(collector, state, started), started)
    if isinstance(asked, CollectorError):
        return _failed(store, collector, state, asked, started, clock.now())
    batch, booked = asked
    try:
        page = _keep(store, collector, state, batch, matcher, booked, started, clock.now())
    except Exception as error:  # nor be asked for at once again what cannot be kept
        fault = _fault(f"keeping a page of {collector.name}", error)
        return _failed(store, collector, state, fault, started, clock.now())
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


def _ask(
    store: Store, collector: Collector, doing: str, ask: Callable[[], Batch], now: datetime
) -> tuple[Batch, float] | CollectorError:
    """Pay for a page and ask for it: the page and what was booked, or the error.

    A fault in one collector is told as an error too, and stops no other.
    """
    booked = 0.0
    try:
        booked = _pay_before(store, collector, now)
        return ask(), booked
    except CollectorError as error:
        _pay_back(store, collector, booked, error, now)
        return error
    except Exception as error:  # a fault in one collector must not stop the others
        fault = _fault(f"{doing} {collector.name}", error)
        _pay_back(store, collector, booked, fault, now)
        return fault


def _pay_before(store: Store, collector: Collector, now: datetime) -> float:
    """Book what a page can cost at most, and say how much that is.

    Raises CollectorError where this month's budget does not allow it.
    """
    if not isinstance(collector, Paid):
        return 0.0
    with store.write() as db:
        budget = Budget(
            limit_usd=collector.monthly_budget_usd,
            spent_usd=spending.of_month(db, collector.name, now),
        )
        refused = budget.why_not(collector.name, collector.page_usd, now)
        if refused is None:
            spending.book(db, collector.name, collector.page_usd, now)
            spending.go_on(db, collector.name, now)
        else:
            spending.stop(db, collector.name, str(refused), now)
    if refused is not None:
        raise refused
    return collector.page_usd


def _pay_back(
    store: Store, collector: Collector, booked: float, error: CollectorError, now: datetime
) -> None:
    """Take back what was booked for a page that a service did not give.

    Of those whose answers were lost on their way the first one of a day stays booked.
    """
    if not booked:
        return
    with store.write() as db:
        if not (error.may_be_billed and spending.lose(db, collector.name, now)):
            spending.book(db, collector.name, error.cost_usd - booked, now)


def _fault(doing: str, error: Exception) -> CollectorError:
    words = f"{doing}: a fault of ours, {type(error).__name__}: {error}"
    return CollectorError(words, kind=Trouble.SHAPE)


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
    after = schedule.after_success(state, now, collector.every, batch.complete, batch.gap_since)
    if batch.mentions or batch.responses or batch.proved:
        after = replace(after, last_sign=now)
    with store.write() as db:
        page = take_in(db, batch, collector.name, collector.service, matcher, now)
        if batch.cursor is not None:
            sources.move_cursor(db, collector.name, batch.cursor)
        sources.keep(db, after, kind=_kind(collector), channel=collector.channel.value)
        _settle_cost(db, collector, batch, booked, started)
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
    asked = _ask(
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
        _settle_cost(db, collector, batch, booked, now)
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
    asked = _ask(store, collector, "reading back", lambda: reaching.fetch(cursor, now), now)
    if isinstance(asked, CollectorError):
        return Page(error=asked)
    batch, booked = asked
    with store.write() as db:
        page = take_in(db, batch, collector.name, collector.service, matcher, clock.now())
        if batch.complete:
            backfills.end(db, collector.name, since)
        else:
            backfills.move(db, collector.name, since, batch.cursor)
        _settle_cost(db, collector, batch, booked, now)
    return page


def _settle_cost(db: Db, collector: Collector, batch: Batch, booked: float, at: datetime) -> None:
    cost_usd = batch.cost_usd
    if batch.lost_usd and spending.lose(db, collector.name, at):
        cost_usd += batch.lost_usd
    if cost_usd != booked:
        spending.book(db, collector.name, cost_usd - booked, at)


def take_in(
    db: Db, batch: Batch, source: str, service: str, matcher: Matcher, now: datetime
) -> Page:
    """Keep a page inside a transaction: mentions, answers, tombstones and what was refused."""
    arrivals, answers = admitted(batch.mentions, service, matcher, now)
    added = mentions.Added()
    for begin in range(0, len(arrivals), BATCH):
        part = mentions.add(db, arrivals[begin : begin + BATCH], now)
        added = mentions.Added(added.new + part.new, added.changed + part.changed)
    answers += [(admit_answer(response), None) for response in batch.responses]
    responses = clocks.add_responses(db, answers, now) if answers else 0
    buried = gone.bury(db, batch.tombstones, now)
    if batch.rejects:
        sources.reject(db, source, batch.rejects, now)
    return Page(
        accepted=len(added.new),
        updated=len(added.changed),
        rejected=len(batch.rejects),
        responses=responses,
        gone=buried,
        complete=batch.complete,
    )


def admitted(
    page: Sequence[Mention], service: str, matcher: Matcher, now: datetime
) -> tuple[list[Arrival], list[tuple[Response, int | None]]]:
    """Through the door: mentions on one side, the posts of our own accounts on the other."""
    arrivals: list[Arrival] = []
    answers: list[tuple[Response, int | None]] = []
    for mention in page:
        brand = matcher.brand_behind(service, mention)
        if brand is not None:
            answers.append((answer_of(mention, brand), brand.id))
        else:
            arrivals.append(admit(mention, service, matcher, now))
    return arrivals, answers


def index(store: Store) -> int:
    """Bring the full-text index up to date."""
    return search.index_new(store)


def _counts(page: Page) -> dict[str, int]:
    return {
        "accepted": page.accepted,
        "updated": page.updated,
        "rejected": page.rejected,
        "responses": page.responses,
    }
