"""Competitors' alarms become incidents: for information, and not beside a spike that tells them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from listener.domain.incident import Event, Finding, Incident
from listener.domain.part import EVERY, WHOLE, Part
from listener.domain.subject import Subject
from listener.domain.voice import Voice
from listener.rules.competitor import CompetitorScene, key_of
from listener.rules.spike.receipt import risen_topics
from listener.rules.spike.rule import is_crowd
from listener.stages.alert import newly, parts, scenes
from listener.stages.alert.judging import closed_by_hand, looked_at, still_as_grave
from listener.stages.alert.lives import Life, take_up
from listener.stages.alert.tick import Tick
from listener.stages.alert.watched import Watched
from listener.store import incidents
from listener.store.connection import Db

RULE: Final = "competitor"
MOST_COMPARED: Final = scenes.MOST_RIVALS // 2  # of our brands, and of the other competitors
LIFE: Final = Life(rule=RULE, opened=Event.COMPETITOR_TROUBLE, quiet=timedelta(hours=1))


def judge(db: Db, rival: Subject, watched: Watched, tick: Tick) -> int:
    """Write what follows from a competitor's detector; returns how many notices were written.

    It is told some minutes after it began: a brand of ours that is in the same trouble tells it.
    """
    whole, key = watched.whole, key_of(rival.name)
    if whole is None or not (whole.detector.alerting or key in tick.open_keys):
        return 0
    last = incidents.latest(db, key)
    is_open = last is not None and last.resolved_at is None
    if not whole.detector.alerting:
        return newly.end(db, last, tick.telling, tick.now) if last is not None and is_open else 0
    alarm = whole.detector.last
    assert alarm is not None, "a detector that alerts has an alarm"
    if last is not None and is_open:
        return 0 if _nothing_new(last, alarm, tick) else _look_into(db, rival, alarm, last, tick)
    return 0 if parts.untold(None, alarm, tick) else _look_into(db, rival, alarm, last, tick)


def _nothing_new(last: Incident, alarm: Mapping[str, Any], tick: Tick) -> bool:
    since = tick.now - last.updated_at
    return bool(alarm["at"] == looked_at(last.evidence)) or since < tick.telling.edit_every


def _look_into(
    db: Db, rival: Subject, alarm: Mapping[str, Any], last: Incident | None, tick: Tick
) -> int:
    negatives = scenes.negatives_of(db, rival.id, WHOLE, *scenes.window_of(alarm))
    if tick.competitor is None or not is_crowd(negatives, learning=alarm["learning"]):
        return 0
    finding = tick.competitor(_scene(db, rival, alarm, negatives, tick))
    if finding is None or (last is not None and closed_by_hand(db, last, finding)):
        return 0
    return take_up(db, LIFE, _as_it_lasts(finding, last), tick.telling, tick.now)


def _as_it_lasts(finding: Finding, last: Incident | None) -> Finding:
    """An open incident keeps its highest count, unless it has become graver."""
    if last is None or last.resolved_at or finding.severity.rank > last.severity.rank:
        return finding
    return still_as_grave(finding, last)


def _scene(
    db: Db,
    rival: Subject,
    alarm: Mapping[str, Any],
    negatives: tuple[Voice, ...],
    tick: Tick,
) -> CompetitorScene:
    ours = tick.brands[:MOST_COMPARED]
    others = [one for one in tick.rivals if one.id != rival.id][:MOST_COMPARED]
    compared = replace(tick, rivals=(*ours, *others))
    spike = scenes.scene(db, rival, WHOLE, alarm, negatives, (), compared)
    counts = Counter(t for v in negatives if v.copy_of is None for t in v.topics)
    window = scenes.window_of(alarm)
    with_ours = replace(tick, rivals=ours)
    return CompetitorScene(
        spike=spike,
        ours=frozenset(one.name for one in ours),
        topics={
            topic: tuple(scenes.rivals(db, Part(EVERY, topic), negatives, window, with_ours))
            for topic in (str(one["topic"]) for one in risen_topics(counts, spike.topics))
        },
    )
