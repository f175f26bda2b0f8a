"""The negative share over weeks: looked at once a week, and told at most once in four."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from listener.domain.incident import Event, Finding
from listener.domain.part import EVERY
from listener.domain.subject import Subject
from listener.domain.times import from_text, to_text
from listener.rules.creeping import CreepingRule, CreepingScene, key_of
from listener.stages.alert.lives import Life, live
from listener.stages.alert.watch import Watch
from listener.store import incidents, rule_states, series, shares
from listener.store.connection import Db, Store

RULE: Final = "creeping"
WEEKS: Final = 26
SETTLED: Final = timedelta(hours=6)  # after a week's end: what comes late is there
TOLD_AGAIN: Final = timedelta(weeks=4)
LATEST: Final = 2  # weeks whose mentions are shown
SHOWN: Final = 20
LIFE: Final = Life(rule=RULE, opened=Event.SHARE_CREEPING, quiet=timedelta(days=6), tells_end=False)


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Look at the weeks when one more is over; returns how many notices were written."""
    rule: CreepingRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    edges = week_edges(now - SETTLED, watch.zone)
    with store.read() as db:
        looked = rule_states.states(db, RULE).get("week")
        if looked is not None and from_text(looked["upto"]) == edges[-1]:
            return 0
        findings = [f for brand in watch.brands for f in _look(db, rule, brand, edges, now)]
    with store.write() as db:
        told = live(db, LIFE, findings, watch.telling, now)
        rule_states.keep(db, RULE, "week", {"upto": to_text(edges[-1])})
    return told


def week_edges(now: datetime, zone: tzinfo) -> list[datetime]:
    """The Mondays, at midnight in a zone, of the last weeks that are over; in UTC, oldest first."""
    today = now.astimezone(zone)
    monday = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(
        days=today.weekday()
    )
    mondays = (monday - timedelta(weeks=back) for back in range(WEEKS, -1, -1))
    return [day.replace(tzinfo=zone).astimezone(UTC) for day in mondays]


def _look(
    db: Db, rule: CreepingRule, brand: Subject, edges: list[datetime], now: datetime
) -> Iterator[Finding]:
    """What rises: the brand as a whole, or else channels of it."""
    whole = _scene(db, rule, brand, EVERY, edges, now)
    found = [] if whole is None else rule(whole)
    if found:
        yield from found
        return
    for channel in series.CHANNELS:
        scene = _scene(db, rule, brand, channel, edges, now)
        if scene is not None:
            yield from rule(scene)


def _scene(
    db: Db, rule: CreepingRule, brand: Subject, channel: str, edges: list[datetime], now: datetime
) -> CreepingScene | None:
    """What the rule judges; None where counts alone say that there is nothing."""
    weeks = shares.weekly(db, brand.id, channel, edges)
    if not rule.may_rise(weeks):
        return None
    named = None if channel == EVERY else channel
    parts = [
        shares.labelled(db, brand.id, channel, since, until, round(week.all))
        for since, until, week in zip(edges, edges[1:], weeks, strict=False)
    ]
    return CreepingScene(
        subject_id=brand.id,
        subject=brand.name,
        channel=named,
        now=now,
        weeks=tuple(weeks),
        starts=tuple(edges[:-1]),
        parts=tuple(tuple(week) for week in parts),
        rows=shares.risen(db, brand.id, channel, edges[-1 - LATEST], edges[-1], SHOWN),
        told=_told(db, key_of(brand.name, named), now),
    )


def _told(db: Db, key: str, now: datetime) -> float | None:
    """The share that was told in the last four weeks, of an incident that is over."""
    last = incidents.latest(db, key)
    if last is None or last.resolved_at is None or now - last.opened_at >= TOLD_AGAIN:
        return None
    return float(last.evidence["share"])
