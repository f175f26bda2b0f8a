"""Stars that drop: looked at where reviews are new, and over when they are usual again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.incident import Event
from listener.domain.times import from_text, to_text
from listener.domain.wording import Wording
from listener.rules.rating_drop.rule import RatingDropRule
from listener.rules.rating_drop.scene import RatingScene
from listener.rules.rating_drop.spans import KEPT
from listener.stages.alert.lives import Life, live
from listener.stages.alert.watch import Watch
from listener.store import incidents, newly, ratings, rule_states
from listener.store.connection import Db, Store
from listener.store.newly import Marks

RULE: Final = ratings.RULE
LOOK_EVERY: Final = timedelta(hours=1)
OPEN_EVERY: Final = timedelta(days=1)  # at what is open, when nothing is new
LIFE: Final = Life(
    rule=RULE,
    opened=Event.RATING_DROPPED,
    quiet=timedelta(hours=24),
    reopen_within=timedelta(days=7),
)


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Look where reviews have come since the last time; returns how many notices were written."""
    rule: RatingDropRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    with store.read() as db:
        last = rule_states.states(db, RULE).get("looked")
        if last is not None and timedelta(0) <= now - from_text(last["at"]) < LOOK_EVERY:
            return 0
        since = Marks(last["mentions"], last["edits"]) if last else Marks(0, 0)
        upto = newly.measured(db, since)
        open_of = {one.subject_id for one in incidents.open_ones(db, RULE)}
        is_time = last is not None and now - from_text(last["at"]) >= OPEN_EVERY
        if upto == since and not (open_of and is_time):
            return 0
        brands = [brand.id for brand in watch.brands]
        wanted = ratings.touched(db, brands, since, upto) | open_of
        scenes = [_scene(db, one.id, one.name, now) for one in watch.brands if one.id in wanted]
    findings = [finding for scene in scenes for finding in rule(scene)]
    with store.write() as db:
        for scene in scenes:
            _settle(db, rule, scene)
        told = live(db, LIFE, findings, watch.telling, now)
        rule_states.keep(db, RULE, "looked", _looked(upto, now))
    return told


def _scene(db: Db, subject_id: int, subject: str, now: datetime) -> RatingScene:
    since = now - KEPT
    return RatingScene(
        subject_id=subject_id,
        subject=subject,
        now=now,
        reviews=ratings.reviews(db, subject_id, since, now),
        told=ratings.told(db, subject_id, since),
    )


def _settle(db: Db, rule: RatingDropRule, scene: RatingScene) -> None:
    """What has become usual ends, but not as if the stars had recovered."""
    for told, title in rule.settled(scene):
        why = Wording("It lasts so long that it is usual now.")
        incidents.retitle(db, told.incident, title, why)


def _looked(upto: Marks, now: datetime) -> Mapping[str, Any]:
    return {"mentions": upto.mentions, "edits": upto.edits, "at": to_text(now)}


def next_due(store: Store, now: datetime) -> datetime | None:
    """Where something is new, an hour after the last look; while a drop is open, a day after it."""
    with store.read() as db:
        last = rule_states.states(db, RULE).get("looked")
        if last is None:
            return None
        at, since = from_text(last["at"]), Marks(last["mentions"], last["edits"])
        if newly.measured(db, since) != since:
            return max(now, at + LOOK_EVERY)
        return max(now, at + OPEN_EVERY) if incidents.open_ones(db, RULE) else None
