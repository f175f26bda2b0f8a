"""The demo as one story with a beginning and an end, and as a stream that goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.collectors.demo.day import said_on
from listener.collectors.demo.plan import Plan
from listener.collectors.demo.telling import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was said, in order, and when the two things happened that it tells of."""

    events: tuple[Event, ...]
    praise_at: datetime
    crisis_at: datetime | None  # None: told without one


def story(end: datetime, days: int = 14, seed: int = 1, crisis: bool = True) -> Story:
    """Tell what was said in so many days before `end`; the same words for the same arguments.

    Another `end` moves the story. Without the crisis the rest of it stays as it is. Raises
    ValueError for fewer than `plan.FEWEST_DAYS` days.
    """
    plan = Plan(
        seed=seed, epoch=end.astimezone(UTC) - timedelta(days=days), days=days, crisis=crisis
    )
    praises = (plan.praise_at(number) for number in range(days))
    crises = (plan.crisis_at(number) for number in range(days))
    return Story(
        events=tuple(said_between(plan, plan.epoch, end)),
        praise_at=next(at for at in praises if at is not None),
        crisis_at=next((at for at in crises if at is not None), None),
    )


def said_between(plan: Plan, since: datetime, until: datetime) -> Iterator[Event]:
    """All from `since` on and before `until`, in order, told no further than it is asked for."""
    number = max(plan.number(since), 0)
    while plan.starts(number) < until:
        for event in said_on(plan, number):
            if since <= event.said_at < until:
                yield event
        number += 1
