"""Sources that are away or silent: each is told once, and told again when it is back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain import arrivals as usual
from listener.domain.times import BUCKET, bucket_start, from_text, from_text_or_none, to_text
from listener.rules.quiet_source.rule import QuietSourceRule
from listener.rules.quiet_source.scene import USUAL_EVERY, Episode, QuietScene, Source
from listener.stages.alert.telling import tell
from listener.stages.alert.watch import Watch
from listener.store import arrivals, buckets, rule_states, sources
from listener.store.arrivals import Arrived
from listener.store.connection import Db, Store

RULE: Final = "quiet_source"
ARRIVALS: Final = "arrivals"  # what is remembered of them, by source
UPTO: Final = ""  # the key under which it says how far they were counted
LOOK_EVERY: Final = timedelta(minutes=1)
FRESH_DAYS: Final = 3.0  # said no longer before it was seen: else it is history that is read back
LEAST_SILENCE: Final = usual.FEWEST_HOURS * usual.HOUR
KEPT: Final = timedelta(hours=usual.KEPT)


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Look after the sources, once a minute; returns how many notices were written."""
    rule: QuietSourceRule | None = watch.rules.get(RULE)
    last = watch.looked.sources_at
    if rule is None or (last is not None and timedelta(0) <= now - last < LOOK_EVERY):
        return 0
    if rule.silence and (last is None or bucket_start(last) != bucket_start(now)):
        _count(store, now)
    with store.read() as db:
        before = {k: _episode(v) for k, v in rule_states.states(db, RULE).items()}
        scene = QuietScene(now=now, sources=_sources(db, watch, before, now), memory=before)
    look = rule(scene)
    told = 0
    if look.memory != before:
        with store.write() as db:
            for name in before.keys() | look.memory.keys():
                if before.get(name) != look.memory.get(name):
                    rule_states.keep(db, RULE, name, _kept(look.memory.get(name)))
            for event, finding in look.news:
                told += tell(db, finding, event, None, watch.telling, now)
    watch.looked.sources_at = now
    return told


def _sources(
    db: Db, watch: Watch, memory: Mapping[str, Episode], now: datetime
) -> tuple[Source, ...]:
    counted, stopped = rule_states.states(db, ARRIVALS), arrivals.without_money(db, now)
    missing = {
        gap.source: gap.since for gap in buckets.gaps(db, now - BUCKET, now) if not gap.until
    }
    made = []
    for name, channel in arrivals.channels(db).items():
        last, hours = _hours(counted.get(name))
        if last is not None and now - last >= LEAST_SILENCE:
            for start in arrivals.hours_read(db, name, last):
                hours.setdefault(usual.hour_of(start), 0)
        made.append(
            Source(
                name=name,
                channel=channel,
                state=sources.get(db, name),
                every=watch.every.get(name, USUAL_EVERY),
                gap_since=missing.get(name),
                lost_since=_lost(db, name, memory.get(name), now),
                stopped=name in stopped,
                hours=hours,
                last=last,
            )
        )
    return tuple(made)


def _lost(db: Db, name: str, known: Episode | None, now: datetime) -> datetime | None:
    """Since when something is missing for good of a time that was told of."""
    if known is None or known.group is None:
        return None
    over = [g for g in buckets.gaps(db, known.since, now) if g.source == name and g.until]
    return min((g.since for g in over), default=None)


def _count(store: Store, now: datetime) -> None:
    """Take up what came since the last time, by source and hour."""
    with store.read() as db:
        newest = arrivals.newest(db)
        known = rule_states.states(db, ARRIVALS)
        upto = int(known.get(UPTO, {}).get("upto", 0))
        if newest == upto:
            return
        names = arrivals.channels(db)
        new = [
            one for one in arrivals.after(db, upto, now - KEPT, FRESH_DAYS) if one.source in names
        ]
        changed = {
            name: _taken_up(db, name, known.get(name), [n for n in new if n.source == name], now)
            for name in {one.source for one in new}
        }
    with store.write() as db:
        for name, state in changed.items():
            rule_states.keep(db, ARRIVALS, name, state)
        rule_states.keep(db, ARRIVALS, UPTO, {"upto": newest})


def _taken_up(
    db: Db, name: str, state: dict[str, Any] | None, new: list[Arrived], now: datetime
) -> dict[str, Any]:
    """The hours of a source with what is new; those in which it was read and nothing came count."""
    last, hours = _hours(state)
    for start in arrivals.hours_read(db, name, (last or now - KEPT) - usual.HOUR):
        hours.setdefault(usual.hour_of(start), 0)
    for one in new:
        hour = usual.hour_of(one.at)
        hours[hour] = hours.get(hour, 0) + one.mentions
    newest = max(one.last for one in new)
    return {"last": to_text(newest), "hours": _packed(hours, usual.hour_of(now) - usual.KEPT)}


def _hours(state: dict[str, Any] | None) -> tuple[datetime | None, dict[int, int]]:
    if state is None:
        return None, {}
    counts = enumerate(state["hours"]["counts"], state["hours"]["from"])
    return from_text(state["last"]), {hour: n for hour, n in counts if n is not None}


def _packed(hours: Mapping[int, int], oldest: int) -> dict[str, Any]:
    """A row of counts, null where the source was not read."""
    kept = [hour for hour in hours if hour >= oldest]
    first, end = min(kept), max(kept) + 1
    return {"from": first, "counts": [hours.get(hour) for hour in range(first, end)]}


def _kept(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    return {k: to_text(v) if isinstance(v, datetime) else v for k, v in asdict(episode).items()}


def _episode(kept: Mapping[str, Any]) -> Episode:
    moments = {name: from_text_or_none(kept[name]) for name in ("told_at", "back_at")}
    since, seen_at = from_text(kept["since"]), from_text(kept["seen_at"])
    return Episode(**{**kept, **moments, "since": since, "seen_at": seen_at})
