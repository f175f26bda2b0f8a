"""Response promises: clocks that have come due are told, grouped, each once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.incident import Event, Finding, Incident, as_finding, place_of
from listener.domain.promise import calendars_of
from listener.domain.response import OPEN, ResponseClock, settle, warnings_due
from listener.rules.response import (
    ClockScene,
    ResponseRule,
    Told,
    evidence_of,
    standing_title,
    standing_why,
)
from listener.stages.alert.telling import Telling, tell, with_action
from listener.stages.alert.watch import Watch
from listener.store import clocks, incidents
from listener.store.connection import Db, Store

ONE_MESSAGE_FOR = timedelta(hours=24)  # then a new one, so that it is seen again

GRAVE = (Event.RESPONSE_OVERDUE, Event.RESPONSE_ESCALATED)
SHOWN = 50  # of the clocks that run, in an incident's evidence


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Tell what has come due by now; returns how many notices were written."""
    names = {brand.id: brand.name for brand in watch.brands}
    promises, telling = watch.promises, watch.telling
    calendars = calendars_of(promises.values())
    told = 0
    with store.read() as db:
        if not clocks.due(db, now, limit=1) and not incidents.without_waiting(db):
            return 0
    with store.write() as db:
        for (subject_id, channel, team), due in _grouped(clocks.due(db, now), now).items():
            if subject_id not in names or channel not in promises:
                clocks.keep(db, [_as_told(c, now, escalated=True) for c in due], now)
                continue
            scene = ClockScene(
                subject_id=subject_id,
                subject=names[subject_id],
                channel=channel,
                within=promises[channel].within,
                now=now,
                clocks=tuple(due),
                open_before=clocks.told_and_open(
                    db, subject_id, channel, team, [c.mention_id for c in due]
                ),
                team=team,
                calendars=calendars,
            )
            told += _tell(db, scene, telling, now)
        told += _close(db, telling, now)
    return told


def _grouped(
    due: Sequence[ResponseClock], now: datetime
) -> dict[tuple[int, str, str], list[ResponseClock]]:
    """What has come due, by brand, channel and team: each group is told by itself."""
    groups: dict[tuple[int, str, str], list[ResponseClock]] = {}
    for clock in due:
        key = (clock.subject_id, clock.channel.value, clock.team or "")
        groups.setdefault(key, []).append(settle(clock, now))
    return groups


def _tell(db: Db, scene: ClockScene, telling: Telling, now: datetime) -> int:
    told, said = 0, set()
    for news in ResponseRule()(scene):
        said |= {c.mention_id for c in news.clocks}
        news = replace(news, finding=with_action(news.finding, news.event, telling))
        incident_id = _incident(db, news, now)
        escalated = news.event is Event.RESPONSE_ESCALATED
        clocks.keep(db, [_as_told(c, now, escalated=escalated) for c in news.clocks], now)
        _join(db, news, news.clocks, incident_id)
        place = place_of(scene.subject, scene.channel)
        running = clocks.most_urgent(db, incident_id, limit=SHOWN)
        incidents.retitle(
            db,
            incident_id,
            standing_title(place, clocks.tally(db, incident_id)),
            standing_why(running, now),
            evidence_of(running, scene.within, now, scene.calendars),
        )
        told += tell(db, news.finding, news.event, incident_id, telling, now)
        if not clocks.open_of(db, incident_id):
            incidents.resolve(db, incident_id, now)
    unsaid = [c for c in scene.clocks if c.mention_id not in said]
    clocks.keep(db, unsaid, now)  # their next moment moves on
    return told


def _close(db: Db, telling: Telling, now: datetime) -> int:
    """End incidents whose last clock went without an answer: deleted, corrected, forgotten."""
    told = 0
    for incident in incidents.without_waiting(db):
        incidents.resolve(db, incident.id, now)
        title = standing_title(place_of(incident.subject, incident.channel), {})
        why = standing_why([], now)
        incidents.retitle(db, incident.id, title, why)
        told += tell(
            db,
            as_finding(replace(incident, title=title, why=why)),
            Event.INCIDENT_UPDATED,
            incident.id,
            telling,
            now,
        )
    return told


def _as_told(clock: ResponseClock, now: datetime, *, escalated: bool = False) -> ResponseClock:
    if clock.state not in OPEN:
        return replace(clock, told_closed=True)
    overdue = now > clock.due_at
    warned = len(clock.warn_at) if overdue else warnings_due(clock, now)
    return replace(
        clock,
        told_warnings=warned,
        told_overdue=overdue or clock.told_overdue,
        told_escalated=escalated or clock.told_escalated,
    )


def _incident(db: Db, news: Told, now: datetime) -> int:
    """The incident that gathers what waits of a brand and channel: the open one, or a new one.

    That something is over is told of the last one, also where a person has closed it.
    """
    last = incidents.latest(db, news.finding.key)
    trouble = news.event in (*GRAVE, Event.RESPONSE_DUE_SOON)
    if last is None or (trouble and last.resolved_at is not None):
        return incidents.open_incident(db, news.finding, now)
    if not trouble:
        return last.id
    if now - last.opened_at > ONE_MESSAGE_FOR and news.event in GRAVE:
        return _anew(db, last, news, now)
    incidents.update(db, last.id, _as_grave(news.finding, last), now)
    return last.id


def _as_grave(finding: Finding, last: Incident) -> Finding:
    """As grave as the incident has been, and what is to be done then."""
    if finding.severity.rank >= last.severity.rank:
        return finding
    return replace(finding, severity=last.severity, action=last.action)


def _anew(db: Db, last: Incident, news: Told, now: datetime) -> int:
    """Start a new message; what still waits moves to it."""
    waiting = clocks.most_urgent(db, last.id, limit=100_000)
    incidents.resolve(db, last.id, now)
    fresh = incidents.open_incident(db, news.finding, now)
    _join(db, news, waiting, fresh)
    return fresh


def _join(db: Db, news: Told, told: Sequence[ResponseClock], incident_id: int) -> None:
    join = clocks.join_incident
    if news.event is Event.RESPONSE_ESCALATED:
        join = clocks.join_escalation
    join(db, told, incident_id)


def next_due(store: Store) -> datetime | None:
    with store.read() as db:
        return clocks.next_due(db)
