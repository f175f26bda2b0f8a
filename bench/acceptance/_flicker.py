"""A series that comes and goes around what an alert takes, for two hours; see storm.py."""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.acceptance._texts import WORDS
from bench.acceptance.verdicts import Verdicts
from listener.domain.incident import Event
from listener.domain.label import Sentiment
from listener.domain.manners import LOUD, Kind, kind_of
from listener.domain.mention import Mention
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention, a_subject
from tests.fakes import FakeNotifier
from tests.stages.world import World

SEEDS = 20
STEP = MINUTE
HISTORY, AFTER = 16 * DAY, 8 * HOUR
AN_HOUR, NEGATIVE_SHARE = 6.0, 0.2
MOST_MESSAGES = 4  # it began, it is over, it is back, it is over for good
MOST_INTERRUPTING = 2


@dataclass
class Flicker:
    """Mentions of Acme, and how much more of them are negative in the two hours.

    Every other seed knows whether an incident is open: it falls silent once there is one, and comes
    back when that is over.
    """

    seed: int

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.knows = bool(self.seed % 2)
        self.rate = self.dice.uniform(6, 14)  # more negatives an hour while it is on
        self.on, self.off = (self.dice.uniform(5, 25) for _ in range(2))  # minutes
        self.number = 0

    def usual(self, start: datetime, end: datetime) -> Iterator[Mention]:
        at = start + self._wait(AN_HOUR)
        while at < end:
            negative = self.dice.random() < NEGATIVE_SHARE
            yield self._said(at, Sentiment.NEGATIVE if negative else Sentiment.NEUTRAL)
            at += self._wait(AN_HOUR)

    def more(self, start: datetime, now: datetime, *, is_open: bool) -> Iterator[Mention]:
        """The negatives of one step."""
        minute = (now - start) / MINUTE
        is_on = not is_open if self.knows else minute % (self.on + self.off) < self.on
        if is_on and self.dice.random() < self.rate * (STEP / HOUR):
            yield self._said(now, Sentiment.NEGATIVE)

    def _wait(self, an_hour: float) -> timedelta:
        return timedelta(hours=self.dice.expovariate(an_hour))

    def _said(self, at: datetime, label: Sentiment) -> Mention:
        self.number += 1
        words = " ".join(self.dice.sample(WORDS, 8))
        return a_mention(self.number, text=f"Acme {words}", said_at=at, label=label)


def played(seed: int, folder: Path) -> tuple[Counter[str], int, int]:
    """The events told, how many incidents there were, and how many messages interrupted."""
    flicker, told = Flicker(seed), FakeNotifier()
    world = World(folder, followed=(a_subject(),), promises={}, editing=("slack",),
                  calling=("slack",))  # fmt: skip
    begin = NOW - HISTORY
    world.hear(*flicker.usual(begin, NOW), now=NOW)
    end = NOW + 2 * HOUR + AFTER
    background, now = list(flicker.usual(NOW, end)), NOW
    while now < end:
        now += STEP
        said = [m for m in background if now - STEP < m.said_at <= now]
        if now <= NOW + 2 * HOUR:
            is_open = any(i["resolved_at"] is None for i in world.incidents())
            said += flicker.more(NOW, now, is_open=is_open)
        world.hear(*said, now=now)
        world.think(now)
        world.tell(now, told)
    events = Counter(n.event for n in told.taken if n.event is not Event.INCIDENT_UPDATED)
    interrupting = sum(
        n for event, n in events.items() if event in LOUD or kind_of(event) is Kind.BEGINS
    )
    incidents = len(world.incidents())
    world.store.close()
    return Counter({e.value: n for e, n in events.items()}), incidents, interrupting


def run(verdicts: Verdicts) -> None:
    incidents, messages, loud = [], [], []
    for seed in range(SEEDS):
        with tempfile.TemporaryDirectory() as folder:
            events, count, interrupting = played(seed, Path(folder) / "world")
        incidents.append(count)
        messages.append(events.total())
        loud.append(interrupting)
        said = ", ".join(f"{n} {event}" for event, n in sorted(events.items())) or "nothing told"
        print(f"      seed {seed:2}: {count} incidents, {events.total()} messages,"
              f" {interrupting} of them interrupt: {said}", flush=True)  # fmt: skip
    verdicts.claim(
        max(incidents) <= 1,
        f"flicker: at most {max(incidents)} incident in two hours and eight after, {SEEDS} seeds",
    )
    verdicts.claim(
        max(messages) <= MOST_MESSAGES and max(loud) <= MOST_INTERRUPTING,
        f"at most {max(messages)} messages of a seed, {max(loud)} of them interrupt",
    )
    verdicts.claim(
        sum(incidents) >= SEEDS / 2, f"{sum(incidents)} of {SEEDS} seeds came to an incident"
    )
