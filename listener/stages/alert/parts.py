"""Parts of a brand: which are watched, and how their trouble and the brand's go together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from listener.domain.incident import Incident
from listener.domain.manners import IN_SUMMARY, Reason
from listener.domain.part import Part
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, from_text
from listener.domain.wording import Sentences, Wording
from listener.rules.spike import parts as rule
from listener.rules.spike.parts import Risen, key_of
from listener.stages.alert import newly
from listener.stages.alert.feeding import LEARNED_OF_PARTS, learned
from listener.stages.alert.tick import Tick
from listener.stages.alert.watched import Watched
from listener.store import detectors, incidents, series, withheld
from listener.store.connection import Db
from listener.store.series import Slice
from listener.store.withheld import Became

WEIGHED = timedelta(days=14)  # so much of the past says which parts have enough to be watched
BURST = 3  # negatives in a slice of a part that is not watched: worth choosing anew
WAIT = timedelta(minutes=10)  # a part is told of so much later: the brand may be in trouble
_DAY, _HOUR = 86_400, 3_600


def choose(db: Db, brand: Subject, watched: Watched, news: Sequence[Slice], tick: Tick) -> bool:
    """Begin and end to watch parts, by what was said in them; returns whether this was weighed.

    Once a day, each brand at a time of its own; and within the hour when one that is not watched
    suddenly has much.
    """
    seconds = int(tick.to.timestamp())
    day, hour = (seconds + brand.id * 7919 * 300) // _DAY, seconds // _HOUR
    burst = any(s.part not in watched.series and s.folded_negative >= BURST for s in news)
    if watched.upto is None:
        return False
    if watched.chosen and watched.chosen[0] == day and not (burst and watched.chosen[1] != hour):
        return False
    watched.chosen = [day, hour]
    volumes = series.volumes(db, brand.id, tick.to - WEIGHED, tick.to + BUCKET)
    wanted = rule.watched({part: tally.negative for part, tally in volumes.items()})
    gone = [p for p, s in watched.parts.items() if p not in wanted and not s.detector.alerting]
    for part in gone:
        del watched.series[part]
    detectors.drop(db, brand.id, gone)
    for part in wanted:
        if part not in watched.series and len(watched.series) <= rule.MOST:
            found = learned(db, brand, part, LEARNED_OF_PARTS, tick)
            if found is not None:
                watched.series[part] = found
    return True


def risen(watched: Watched, tick: Tick) -> dict[Part, Risen]:
    """The parts whose alarm is rare enough for one of so many, the least likely first."""
    alarms = {
        part: alarm
        for part, one in watched.parts.items()
        if one.detector.alerting and (alarm := one.detector.last) is not None
    }
    found = [
        (float(alarm["p_value"]), part)
        for part, alarm in alarms.items()
        if rule.rare_enough(alarm, tick.rule.sensitivity, len(watched.parts))
    ]
    return {
        part: Risen(part=part, negative=alarms[part]["negative"], expected=alarms[part]["expected"])
        for _, part in sorted(found)
    }


def untold(larger: Incident | None, alarm: Mapping[str, Any], tick: Tick) -> bool:
    """Whether nothing is told of a part's alarm, for now or at all.

    The brand's incident tells of it, if it is open, or was so meanwhile. For some minutes nobody
    knows whether the brand will be in trouble too; and what fires no more by then is let go.
    """
    since = from_text(alarm["opened_at"])
    if larger is not None and (larger.resolved_at is None or since <= larger.resolved_at):
        return True
    return not since + BUCKET + WAIT <= tick.now <= from_text(alarm["at"]) + BUCKET + 2 * WAIT


def fold(db: Db, larger: Incident, keys: Iterable[str], tick: Tick) -> int:
    """End the incidents of parts: the brand's tells of them from now on, in summaries too."""
    told = 0
    for key in keys:
        incident = incidents.latest(db, key)
        if incident is None or incident.resolved_at is not None:
            continue
        title = Wording("Now part of: %(title)s", title=larger.title)
        why = Sentences(Wording("It goes on there."), incident.why)
        incidents.retitle(db, incident.id, title, why)
        incidents.resolve(db, incident.id, tick.now, detail=f"part of {larger.key}")
        for held in withheld.open_of(db, incident.id):
            if held.reason in IN_SUMMARY:
                withheld.end(db, held, Became.SILENT, tick.now, Reason.MUTED)
        told += newly.tell_over(db, replace(incident, title=title, why=why), tick.telling, tick.now)
    return told


def keys_of(brand: Subject, tick: Tick) -> list[str]:
    """The keys of the incidents of a brand's parts that were open when the look began."""
    prefix = key_of(brand.name) + ":"
    return sorted(
        key for key in tick.open_keys if key.startswith((f"{prefix}channel:", f"{prefix}topic:"))
    )


def end_unwatched(db: Db, keys: Iterable[str], tick: Tick) -> None:
    """End incidents of parts that have too little said in them to be watched by themselves."""
    for key in keys:
        incident = incidents.latest(db, key)
        if incident is not None and incident.resolved_at is None:
            incidents.resolve(db, incident.id, tick.now, detail="no longer watched by itself")
