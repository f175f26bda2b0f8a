"""Single severe mentions: each is told once, at once; of one kind within a day in one incident."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from listener.domain.incident import Event, Finding
from listener.domain.subject import Subject
from listener.rules.severe.rule import SevereRule, SevereScene, joined, key_of
from listener.rules.severe.telling import Grave
from listener.stages.alert import influencers, newly
from listener.stages.alert.telling import Telling
from listener.stages.alert.watch import Watch
from listener.store import incidents, matches
from listener.store.connection import Db, Store

RULE: Final = "severe"
AT_ONCE: Final = 500  # mentions that are read together


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Judge what was measured since the last time; returns how many notices were written."""
    rule: SevereRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    told = newly.end_quiet(store, RULE, watch.telling, now)
    with store.read() as db:
        new = newly.look(db, RULE, [b.id for b in watch.brands], watch.promises, now)
        if new is None:
            return told
        findings = [
            (finding, brand)
            for brand in watch.brands
            for ids in [[n.mention_id for n in new.fresh if n.subject_id == brand.id]]
            for finding in _judge(db, watch, rule, brand, ids, now)
        ]
    with store.write() as db:
        for finding, brand in findings:
            told += _take_up(db, finding, brand, watch.telling, now)
        newly.done(db, RULE, new.upto)
    return told


def _judge(
    db: Db, watch: Watch, rule: SevereRule, brand: Subject, ids: Sequence[int], now: datetime
) -> list[Finding]:
    """What the rule finds among these mentions of a brand, one finding for each kind."""
    grave = [
        voice
        for start in range(0, len(ids), AT_ONCE)
        for voice in matches.voices_by_id(db, brand.id, ids[start : start + AT_ONCE])
        if rule.why(voice) is not None
    ]
    if not grave:
        return []
    told = (
        incidents.rows_told(db, key_of(brand.name, kind), now - newly.REMEMBERED) for kind in Grave
    )
    far = [v.id for v in grave if (why := rule.why(v)) is not None and why[0] is Grave.REACH]
    return rule(
        SevereScene(
            subject_id=brand.id,
            subject=brand.name,
            now=now,
            mentions=tuple(grave),
            told=frozenset().union(*told),
            told_elsewhere=influencers.told_here(db, watch, brand, far, now),
        )
    )


def _take_up(db: Db, finding: Finding, brand: Subject, telling: Telling, now: datetime) -> int:
    def join(one: Finding, before: Finding) -> Finding:
        return joined(one, before, brand.name)

    return newly.add(db, finding, Event.MENTION_SEVERE, join, telling, now)


def next_due(store: Store) -> datetime | None:
    """When an incident ends by itself."""
    return newly.next_end(store, RULE)
