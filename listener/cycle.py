"""What the clock does: every stage, in order, as far as there is something to do."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from listener.app import GIVEN_LABELS, App
from listener.clock import monotonic
from listener.collectors.base import Paced
from listener.collectors.webhook import Webhook
from listener.domain import schedule
from listener.domain.digest import DigestData
from listener.domain.mention import Batch
from listener.domain.week import Week
from listener.errors import CollectorError, UsageError
from listener.stages import alert, charts, collect, measure, notify, report, themes
from listener.stages.classify import classify, take_given
from listener.stages.collect import Page
from listener.stages.relabel import relabel
from listener.stages.relevance import judge_anew
from listener.stages.topics import sweep_vectors, tell_anew
from listener.stages.vectors import read_later
from listener.store import deliveries, keep, notices, outbox, shown, sources
from listener.store import digests as kept_digests
from listener.texts.digest import render_html, render_text

Enough = Callable[[], bool]
Told = Callable[[Page], None]
DELIVERIES_KEPT = timedelta(days=30)
VECTORS_KEPT = timedelta(days=90)  # 768 bytes each
JOB_SECONDS = 300.0  # one source may take so long; then it goes on in the next turn


def _never() -> bool:
    return False


def _untold(page: Page) -> None:
    """Nobody wants to know."""


def due_sources(app: App, now: datetime) -> list[str]:
    """The sources that are to be read by now."""
    return [name for name in app.collectors if schedule.due(collect.state_of(app.store, name), now)]


def read_source(app: App, name: str, *, seconds: float = JOB_SECONDS) -> Page:
    """Read a source page by page until it has no more, fails, or its time is up."""
    until = monotonic() + seconds
    collector = app.collectors[name]
    total = Page()
    while True:
        page = collect.collect_page(app.store, collector, app.matcher, app.clock)
        total = total.plus(page)
        if page.complete or page.error is not None or monotonic() > until:
            return total


def paces(app: App) -> dict[str, str]:
    """How late those sources are that are later than their `every` tells, in words."""
    said = {}
    for name, collector in app.collectors.items():
        with suppress(CollectorError):  # of nothing to read; reading will say so
            if isinstance(collector, Paced):
                said[name] = collector.pace()
    return said


def note_gaps(app: App, now: datetime) -> None:
    """Note since when sources were not read that wait for long, hang, or never come to an end.

    Of one that fails it is noted then; but until it is asked again nobody else would.
    """
    late = [
        collector
        for name, collector in app.collectors.items()
        if schedule.gap(collect.state_of(app.store, name), now, collector.every)
    ]
    if not late:
        return
    with app.store.write() as db:
        for collector in late:
            missing = schedule.gap(sources.get(db, collector.name), now, collector.every)
            if missing is not None:  # nor was it read meanwhile
                sources.open_gap(db, collector.name, collector.channel.value, missing.start)


def backfill_source(app: App, name: str, since: datetime, told: Told = _untold) -> Page:
    """Read a source's history back to a moment; goes on where it was stopped. Tells each page.

    Raises UsageError for a source that cannot be read so.
    """
    since = collect.begun_back(app.store, name, since)
    total = Page(complete=False)
    while not total.complete and total.error is None:
        page = collect.backfill_page(app.store, app.collectors[name], since, app.matcher, app.clock)
        total = total.plus(page)
        told(total)
    return total


def recheck_source(app: App, name: str, *, seconds: float = JOB_SECONDS) -> Page:
    """Look whether what is stored of a source is still there, until none is due or time is up."""
    until = monotonic() + seconds
    total = Page()
    while page := collect.recheck_page(app.store, app.collectors[name], app.matcher, app.clock):
        total = total.plus(page)
        if page.error is not None or monotonic() > until:
            break
    return total


def receive(app: App, batch: Batch, source: str, service: str) -> Page:
    """Take in mentions that were brought to us in a file. Deliveries come by `deliver`."""
    with app.store.write() as db:
        return collect.take_in(db, batch, source, service, app.matcher, app.clock.now())


def deliver(app: App, name: str, body: bytes, headers: Mapping[str, str]) -> Page | None:
    """Take what another program sent to the hook of this name; None: it was taken before.

    `headers` by their names in lower case. Raises Refused, and UsageError where there is no such
    hook.
    """
    hook = app.collectors.get(name)
    if not isinstance(hook, Webhook):
        raise UsageError("there is no such hook.")
    now = app.clock.now()
    delivery = hook.take(body, headers, now)
    with app.store.write() as db:
        if deliveries.was_taken(db, name, delivery.key):
            return None
        page = collect.take_in(db, delivery.batch, name, hook.service, app.matcher, now)
        if not page.rejected:  # else it may be sent again once the settings are mended
            deliveries.note(db, name, delivery.key, now)
        return page


def think(app: App, now: datetime, enough: Enough = _never) -> int:
    """Label, measure and judge all there is, or so much until it is `enough`; returns how much.

    Without a model it raises, and where a rule fails, but not before all else was done that can be.
    """
    try:
        try:
            done = label_and_measure(app, now, enough)
        finally:
            told = alert.alert(app.store, app.watch, now)
    finally:
        closer = look_closer(app, now, enough)
    return done + told + closer


def look_closer(app: App, now: datetime, enough: Enough = _never) -> int:
    """Read what was labelled by its vectors, where those were left for later; returns how many."""
    done = 0 if enough() else tell_anew(app.store, app.topics, now)
    while not enough() and (step := read_later(app.store, app.beside)):
        done += step + _measure(app, now)
    return done


def label_and_measure(app: App, now: datetime, enough: Enough = _never) -> int:
    """Label and count all there is, and tell nobody; returns how many rows were looked at.

    `enough` is asked after each batch: what is due must not wait for the end of a long backlog.
    """
    done = 0
    try:
        while step := _label(app, now):
            done += step + _measure(app, now)
            if enough():
                break
    finally:  # answers, and what was labelled before, also without a model
        done += _measure(app, now)
        indexed = collect.index(app.store, enough)
        done = done or indexed  # a backlog of it alone goes on in the next turn
    return done


def _measure(app: App, now: datetime) -> int:
    done = 0
    while measured := measure.measure(app.store, app.promises, now):
        done += measured
    return done


def _label(app: App, now: datetime) -> int:
    if app.labels == GIVEN_LABELS:
        return take_given(app.store, app.subject_ids, now)
    return (
        classify(app.store, app.model, now, app.beside, app.towards)
        or judge_anew(app.store, app.relevance, now)
        or relabel(app.store, app.labelling, now)
    )


def tell(app: App, outlet: str, now: datetime) -> bool:
    """Send the next notice of one outlet; False when none may be sent by now."""
    mask = app.config.manners.mask
    return notify.notify(app.store, outlet, app.notifiers[outlet], now, mask=mask)


def draw_chart(app: App, outlet: str, now: datetime) -> bool:
    """Draw a chart for one message of an outlet; False when none is wanted."""
    own = app.config.listener
    return charts.draw(
        app.store, outlet, app.notifiers[outlet], now, own.timezone, own.language.value
    )


def tell_all(app: App, now: datetime) -> int:
    """Send what waits, outlet by outlet, without pauses; returns how many were tried."""
    tried = 0
    for outlet in app.outlets:
        while tell(app, outlet, now):
            tried += 1
    return tried


def let_out(app: App, now: datetime) -> None:
    """Write what waits but to see whether it lasts: at the end of a replay, after which is none."""
    alert.let_all_out(app.store, app.watch, now)


def make_reports(app: App, now: datetime) -> int:
    """Find the themes of the days that are over, then make the digests that have come due."""
    try:
        themes.find_due(app.store, app.finder, now)
    finally:  # a model that cannot be had keeps no digest back
        made = report.make_due(app.store, app.reporting, now)
    return made


def mail_report(app: App, now: datetime) -> bool:
    """Send one digest that waits; False when none does."""
    return report.send_next(app.store, app.notifiers, now, app.public_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A digest as it looks, whether it was sent or not."""

    week: Week
    data: DigestData
    html: str
    text: str


def build_report(app: App, week: str | None, now: datetime, team: str = "") -> Report:
    """The digest of a week ("2026-W47"): as it was sent, else from what is known now.

    Without a week: the newest that is due; an earlier one, if all that was said is older. Without
    a team the company's. Raises UsageError for a team there is not.
    """
    edition = edition_of(app, team)
    reporting = app.reporting
    wanted = Week.parse(week) if week else reporting.schedule.newest_due(now, reporting.zone)
    data = report.sent_or_built(
        app.store, reporting, wanted, now, exact=week is not None, edition=edition
    )
    return rendered(data)


def keep_report(app: App, kept: Report, now: datetime) -> None:
    """Keep a company's digest to be read on the pages; nobody is sent it."""
    with app.store.write() as db:
        here = kept_digests.Reader(outlet="pages", recipient="")
        kept_digests.add(db, kept.data, [here], "linked", now)


def rendered(data: DigestData) -> Report:
    return Report(week=data.week, data=data, html=render_html(data), text=render_text(data))


def edition_of(app: App, team: str) -> report.Edition:
    """A team's; of no team, the company's. Raises UsageError for a team there is not."""
    if not team:
        return app.reporting.company
    found = next((one for one in app.reporting.teams if one.team == team), None)
    if found is None:
        known = ", ".join(one.team for one in app.reporting.teams) or "none"
        raise UsageError(f"--team {team!r} is none of [[teams]]; there is: {known}.")
    return found


def send_report(app: App, week: Week, now: datetime, team: str = "") -> dict[str, str]:
    """Send the digest of a week to those of its readers who have not had it.

    Returns for each recipient what became of it: "sent", or the error.
    """
    edition = edition_of(app, team)
    report.make(app.store, app.reporting, week, now, edition)
    while mail_report(app, app.clock.now()):
        pass
    with app.store.read() as db:
        found = kept_digests.listing(db)
    rows = [row for row in found if (row["week"], row["kind"]) == (str(week), edition.kind)]
    return {row["recipient"]: row["error"] or row["state"] for row in rows}


def sweep(app: App, now: datetime) -> int:
    """Delete what is older than `keep`, a part at a time, and leave no trace of it."""
    gone = keep.sweep(app.store, now - app.config.listener.keep)
    sweep_vectors(app.store, now - VECTORS_KEPT)
    with app.store.write() as db:
        deliveries.forget(db, now - DELIVERIES_KEPT)
    if gone:
        app.store.scrub()  # costs as much as the search index is big
    return gone


def start(app: App, now: datetime) -> None:
    """After a start: look after what was on its way when we died, and try again what had failed."""
    notify.recover(app.store, now)
    with app.store.write() as db:
        notices.begin_shadow(db, now)
        outbox.revive(db, app.outlets, now)
        shown.revive(db, now)
        sources.retire_others(db, app.collectors, now)
        sources.allow_again(db)


def waits_to_tell(app: App, outlet: str) -> bool:
    """Whether a notice waits for its next try at an outlet."""
    with app.store.read() as db:
        return outbox.next_try(db, [outlet]) is not None


def next_due(app: App, now: datetime) -> datetime | None:
    """When time alone will next give something to do, apart from reading sources."""
    with app.store.read() as db:
        moments = [
            alert.next_due(app.store, now),
            outbox.next_try(db, app.outlets),
            shown.next_try(db, app.outlets),
            kept_digests.next_try(db, app.notifiers),
        ]
    return min((m for m in moments if m is not None), default=None)


def once(app: App, now: datetime) -> dict[str, Page]:
    """Everything that is due, once, in order: the whole of `run --once`."""
    with app.store.write() as db:
        notices.begin_shadow(db, now)
    pages = {name: read_source(app, name) for name in due_sources(app, now)}
    now = app.clock.now()
    note_gaps(app, now)
    think(app, now)
    tell_all(app, now)
    make_reports(app, now)
    while mail_report(app, app.clock.now()):
        pass
    sweep(app, now)
    return pages
