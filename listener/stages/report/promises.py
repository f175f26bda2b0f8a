"""How response promises fared, and ratings after an answer."""

import statistics
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from listener.domain.digest import PromiseLine, RecoveryLine
from listener.domain.mention import Channel
from listener.domain.promise import calendars_of
from listener.domain.subject import Subject
from listener.stages.report.reporting import Reporting
from listener.stages.report.spans import Spans
from listener.store import reports
from listener.store.connection import Db

NONE = reports.Kept({}, None, ())


def promise_lines(
    db: Db, reporting: Reporting, spans: Spans, now: datetime
) -> Iterator[PromiseLine]:
    """How each channel's promise fared, all brands together."""
    brands = [brand.id for brand in reporting.brands]
    calendars = calendars_of(reporting.promises.values())
    for channel, promise in reporting.promises.items():
        kept = reports.promise(db, brands, channel, spans.start, spans.end, calendars)
        earlier = reports.promise(db, brands, channel, spans.before, spans.start, calendars)
        line = promise_line(Channel(channel), promise.within, kept, earlier, now)
        if line.due or sum(earlier.states.values()):
            yield line


def team_promises(
    db: Db, reporting: Reporting, team: str, spans: Spans, now: datetime
) -> Iterator[PromiseLine]:
    """How what was a team's to answer fared; one line for each span that was promised."""
    calendars = calendars_of(reporting.promises.values())
    kept = reports.promises_of(db, team, spans.start, spans.end, calendars)
    before = reports.promises_of(db, team, spans.before, spans.start, calendars)
    for key, fared in kept.items():
        channel, seconds = key
        usual = reporting.promises.get(channel)
        if seconds is None and usual is None:
            continue
        within = usual.within if usual and seconds is None else timedelta(seconds=seconds or 0)
        line = promise_line(Channel(channel), within, fared, before.get(key, NONE), now)
        if line.due:
            yield line


def promise_line(
    channel: Channel, within: timedelta, kept: reports.Kept, earlier: reports.Kept, now: datetime
) -> PromiseLine:
    """A channel's line, from how its clocks fared, and those of the time before."""
    states = kept.states
    overdue = states.get("overdue", 0)
    still = overdue + states.get("waiting", 0) + states.get("due_soon", 0)
    met, missed = states.get("met", 0), states.get("missed", 0)
    answered = kept.answered_s
    oldest = (now - kept.oldest_open) / timedelta(hours=1) if kept.oldest_open else None
    return PromiseLine(
        channel=channel,
        within=within,
        due=met + missed + still,
        kept=met,
        late=missed,
        open=still,
        overdue=overdue,
        oldest_open_h=oldest,
        average_first_response_s=sum(answered) / len(answered) if answered else None,
        median_first_response_s=statistics.median(answered) if answered else None,
        n=len(answered),
        kept_before=earlier.states.get("met", 0),
        late_before=earlier.states.get("missed", 0) + earlier.states.get("overdue", 0),
    )


def recovery_lines(
    db: Db, brands: Iterable[Subject], since: datetime, until: datetime
) -> Iterator[RecoveryLine]:
    """For each of these brands of which ratings were changed after an answer."""
    for brand in brands:
        if changes := reports.recoveries(db, brand.id, since, until):
            yield RecoveryLine(
                subject=brand.name,
                up=sum(change.after > change.before for change in changes),
                down=sum(change.after < change.before for change in changes),
                before=statistics.fmean(change.before for change in changes),
                after=statistics.fmean(change.after for change in changes),
                median_s=statistics.median(change.took_s for change in changes),
            )
