"""Crowds and ordinary days of Acme, and time that passes, for the tests of spikes."""

from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event
from listener.domain.mention import Mention
from tests.builders import MINUTE, NEGATIVE, NEUTRAL, SECOND, a_mention
from tests.stages.world import World

OPENED, RESOLVED, REOPENED = Event.SPIKE_OPENED, Event.SPIKE_RESOLVED, Event.SPIKE_REOPENED
SPIKE = {OPENED, RESOLVED, REOPENED, Event.SPIKE_ESCALATED}
WORDS = (
    "parcel", "courier", "refund", "website", "login", "phone", "driver", "box", "invoice",
    "seat", "bag", "gate", "crew", "meal", "delay", "ticket", "queue", "app", "bus", "hotel",
    "visa", "desk", "lounge", "screen", "battery",
)  # fmt: skip


def ordinary(since: datetime, until: datetime) -> list[Mention]:
    """A quiet brand: about eight mentions a day, one in four of them negative."""
    said, moment, number = [], since, 0
    while moment < until:
        number += 1
        label = NEGATIVE if number % 4 == 0 else NEUTRAL
        word = WORDS[number * 7 % len(WORDS)]
        said.append(
            a_mention(
                source="old",
                source_id=f"{moment:%m%d%H%M}",
                said_at=moment,
                label=label,
                text=f"Acme and the {word} of day {number}",
                author=f"old{number % 40}",
            )
        )
        moment += timedelta(minutes=140 + number * 37 % 90)
    return said


def a_crowd(
    at: datetime, count: int = 25, within: timedelta = 10 * MINUTE, **more: Any
) -> list[Mention]:
    """Negatives by different people in different words, other words at another time."""
    about = WORDS[(at.hour * 7 + at.minute) % len(WORDS)]
    return [
        a_mention(
            source_id=f"{at:%d%H%M}-{n}",
            said_at=at + within * n / count,
            text=f"Acme, that {about}: it broke my {WORDS[n % 25]} and my {WORDS[-n % 24]} too",
            author=f"angry{at:%H}{n}",
            **more,
        )
        for n in range(count)
    ]


def live(world: World, said: list[Mention], until: datetime) -> None:
    """Each is heard half a minute after it was said, and the clock ticks each five minutes."""
    moment = min([one.said_at for one in said], default=until)
    waiting = sorted(said, key=lambda one: one.said_at)
    while moment <= until:
        seen = [one for one in waiting if one.said_at + 30 * SECOND <= moment]
        waiting = waiting[len(seen) :]
        if seen:
            world.hear(*seen, now=moment)
        world.think(moment)
        moment += 5 * MINUTE


def spikes(world: World) -> list[Event]:
    return [event for event in world.events() if event in SPIKE]
