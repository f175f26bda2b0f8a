"""Backtest: the alert stage over stored history with other settings; what is stored stays as it is.

The rules look at a copy, into which each mention comes at the time it was seen.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from listener.app import App, app_over
from listener.clock import VirtualClock
from listener.config import Config
from listener.domain.hindsight import Backtest, days_of, judged, troubles
from listener.domain.incident import Incident
from listener.domain.subject import Role
from listener.domain.times import BUCKET, bucket_start
from listener.errors import UsageError
from listener.stages.alert import alert, next_due
from listener.stages.alert.feeding import LEARNED
from listener.stages.alert.newly import LATE_AFTER
from listener.stages.alert.telling import Telling
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory
from listener.store import incidents, marks, reports, slices, subjects
from listener.store.connection import Db, Store
from listener.store.incidents import Outlets
from listener.store.past import Ahead, Past, Span

LEFT_OUT: Final[Mapping[str, str]] = {
    "response": "when questions were answered, dismissed or snoozed is not kept as it stood then",
    "quiet_source": "what sources said each time they were asked is not kept",
    "budget": "what sources had cost by each day is not kept",
}
LOOKS_AFTER: Final = timedelta(minutes=1)  # the end of a slice: by then most of it was seen
LOOKS_AT_LEAST: Final = timedelta(hours=1)  # some rules do not say when they are due
WARM_UP: Final = timedelta(days=2)  # what goes on as the span begins is no alarm of it
AFTERWARDS: Final = timedelta(days=8)  # the last week that something was said in is looked at

DAY: Final = timedelta(days=1)

Progress = Callable[[datetime], None]


def backtest(
    config: Config,
    stored: Store,
    since: datetime,
    now: datetime,
    progress: Progress = lambda now: None,
) -> Backtest:
    """Let the rules of `config` look at what is stored, from `since` up to `now`.

    Raises UsageError where nothing is stored of that time.
    """
    zone = config.listener.timezone
    begin, end = span(stored, since, now)
    with tempfile.TemporaryDirectory(prefix="listener-backtest-") as folder:
        found, ran, ahead = _played(config, stored, Path(folder), begin, end, progress)
    with stored.read() as db:
        then = [one for one in _opened(db, begin, end) if one.rule in ran]
        marked = troubles(marks.every(db), ran, *days_of(begin, end, zone), zone)
        negatives = _negatives(db, config, begin, end)
        last_said = reports.last_said(db)
    return Backtest(
        begin=begin,
        end=end,
        last_said=last_said or end,
        ran=ran,
        left_out=LEFT_OUT,
        mentions=ahead.mentions,
        history=ahead.history,
        negatives=negatives,
        hindsight=judged(found, then, marked, zone, end),
    )


def span(stored: Store, since: datetime, now: datetime) -> tuple[datetime, datetime]:
    """From when on, and up to when, something is stored of that time."""
    with stored.read() as db:
        first, last = reports.first_said(db), reports.last_said(db)
    if first is None or last is None or last < since:
        raise UsageError(
            f"backtest: nothing is stored that was said since {since:%Y-%m-%d}; name an earlier"
            " time with --since, or bring history in with `listener import`."
        )
    return max(since, first), min(now, last + AFTERWARDS)


def _played(
    config: Config,
    stored: Store,
    folder: Path,
    begin: datetime,
    end: datetime,
    progress: Progress,
) -> tuple[list[Incident], tuple[str, ...], Ahead]:
    """The incidents that opened from `begin` on, the rules that looked, and what they saw."""
    copy = Store(folder / "past.db", durable=False).open(end)
    try:
        past, since = Past(copy, stored.path), bucket_start(begin - WARM_UP)
        late = {channel.value: promise.late_after for channel, promise in config.promises.items()}
        past.begin(Span(since=since, until=end, back=LEARNED, late=late, late_else=LATE_AFTER))
        ahead = past.ahead()
        app = app_over(copy, config, VirtualClock(end), collectors={}, notifiers={})
        watch = _watch(app)
        _go(past, copy, watch, since, end, progress)
        with copy.read() as db:
            return _opened(db, begin, end), tuple(watch.rules), ahead
    finally:
        copy.close()


def _watch(app: App) -> Watch:
    """The rules that can look at the past; nobody hears of what they find, nor reads it later."""
    return replace(
        app.watch,
        rules={name: rule for name, rule in app.config.rules.items() if name not in LEFT_OUT},
        telling=Telling(
            outlets=Outlets(()), edit_every=LOOKS_AT_LEAST, changed_every=LOOKS_AT_LEAST
        ),
        memory=Memory(kept=False),
    )


def _go(
    past: Past, copy: Store, watch: Watch, since: datetime, until: datetime, progress: Progress
) -> None:
    """Look a minute after each slice in which something was seen or is due, and once an hour."""
    moment, due = since + LOOKS_AFTER, since
    while moment <= until:
        day = _moments(moment, min(moment + DAY, until))
        with copy.write():  # a day in one transaction: to begin one takes longer than many a look
            for moment in day:
                if past.advance(moment) or due <= moment:
                    alert(copy, watch, moment)
                    due = min(_due(copy, watch, moment) or until, moment + LOOKS_AT_LEAST)
                    progress(moment)
        moment += BUCKET


def _moments(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += BUCKET


def _due(copy: Store, watch: Watch, now: datetime) -> datetime | None:
    return now + BUCKET if watch.memory.alerting else next_due(copy, now)


def _opened(db: Db, since: datetime, until: datetime) -> list[Incident]:
    return [one for one in incidents.between(db, since, until) if one.opened_at >= since]


def _negatives(
    db: Db, config: Config, since: datetime, until: datetime
) -> dict[str, dict[date, int]]:
    """The negatives of each brand by day; copies count once."""
    zone = config.listener.timezone
    brands = {t.subject.name.casefold() for t in config.subjects if t.subject.role is Role.BRAND}
    found: dict[str, dict[date, int]] = {}
    for number, name in subjects.followed(db).items():
        if name.casefold() in brands:
            days: Counter[date] = Counter()
            for one in slices.counted(db, number, since, until):
                days[one.start.astimezone(zone).date()] += one.negative
            found[name] = dict(days)
    return found
