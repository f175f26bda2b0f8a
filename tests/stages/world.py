"""The stages over one real database, in a time that the test tells."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from listener.domain.incident import Event
from listener.domain.label import Sentiment
from listener.domain.manners import Manners
from listener.domain.mention import Batch, Channel, Mention, Response, Tombstone
from listener.domain.promise import Promise
from listener.domain.spam import ALL, SpamRule
from listener.domain.subject import Matcher, Role, Subject
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import alert
from listener.stages.alert.telling import Telling
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory
from listener.stages.classify import take_given
from listener.stages.collect import Page, take_in
from listener.stages.measure import Promises, measure
from listener.stages.notify import notify
from listener.store import subjects
from listener.store.connection import Store
from listener.store.incidents import Outlets
from tests.builders import NOW, ONE_HOUR, ONE_WEEK, a_rival, a_subject
from tests.fakes import FakeNotifier
from tests.store.kept import rows

PROMISES = {Channel.SOCIAL: ONE_HOUR, Channel.REVIEW: ONE_WEEK}


@dataclass
class World:
    """Acme, a brand, and Boreal, its rival; labels are those that mentions bring along."""

    folder: Path
    followed: Sequence[Subject] = (a_subject(), a_rival())
    promises: Mapping[Channel, Promise] = field(default_factory=lambda: PROMISES)
    editing: Sequence[str] = ()
    calling: Sequence[str] = ()  # none: everything is told at once
    manners: Manners = field(default_factory=Manners)
    rules: Mapping[str, Any] = field(default_factory=lambda: {"spike": SpikeRule()})
    spam: frozenset[SpamRule] = ALL
    durable: bool = False
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.open()

    def open(self) -> None:
        self.store = Store(self.folder / "listener.db", durable=self.durable).open(NOW)
        with self.store.write() as db:
            self.subjects = subjects.keep(db, self.followed)
        self.matcher = Matcher(self.subjects)
        brands = frozenset(s.id for s in self.subjects if s.role is Role.BRAND)
        self.measured = Promises(self.promises, brands, self.spam)
        self.watch = Watch(
            subjects=self.subjects,
            rules=self.rules,
            promises={channel.value: promise for channel, promise in self.promises.items()},
            telling=Telling(
                outlets=Outlets(("slack",), self.editing, self.calling), manners=self.manners
            ),
            memory=Memory(),
        )

    def restart(self) -> None:
        """All that was in memory is gone, as after a crash."""
        self.store.close()
        self.open()

    def hear(
        self,
        *said: Mention,
        now: datetime,
        answers: Sequence[Response] = (),
        gone: Sequence[Tombstone] = (),
    ) -> Page:
        batch = Batch(mentions=said, responses=tuple(answers), tombstones=tuple(gone))
        with self.store.write() as db:
            return take_in(db, batch, "x", "x", self.matcher, now)

    def measure(self, now: datetime) -> None:
        """Label and count all there is, as the cycle does."""
        while take_given(self.store, {s.name.casefold(): s.id for s in self.subjects}, now):
            while measure(self.store, self.measured, now):
                pass
        while measure(self.store, self.measured, now):
            pass

    def think(self, now: datetime) -> int:
        self.measure(now)
        return alert(self.store, self.watch, now)

    def go(self, start: datetime, end: datetime, step: timedelta) -> None:
        """Let time pass, and look at every step."""
        now = start
        while now <= end:
            self.think(now)
            now += step

    def tell(self, now: datetime, notifier: FakeNotifier | None = None) -> FakeNotifier:
        told = notifier or FakeNotifier()
        while notify(self.store, "slack", told, now):
            pass
        return told

    def notices(self) -> list[tuple[Event, list[str]]]:
        """What was written to be told, with the mentions of each, in order."""
        names = {r["id"]: r["source_id"] for r in self.rows("SELECT id, source_id FROM mention")}
        found = self.rows(
            "SELECT n.event, json_extract(n.body, '$.mentions') AS ids FROM notice AS n"
            " JOIN outbox AS o ON o.notice_id = n.id ORDER BY o.id"
        )
        return [
            (Event(r["event"]), [names[int(i)] for i in r["ids"].strip("[]").split(",") if i])
            for r in found
        ]

    def events(self) -> list[Event]:
        return [event for event, _ in self.notices()]

    def clocks(self) -> dict[str, dict[str, Any]]:
        """Every clock by the id of its mention."""
        found = self.rows(
            "SELECT m.source_id, c.* FROM clock AS c JOIN mention AS m ON m.id = c.mention_id"
        )
        return {r["source_id"]: r for r in found}

    def state(self, number: int = 1) -> str | None:
        """The state of a mention's clock; None where none runs."""
        clock = self.clocks().get(str(number))
        return None if clock is None else str(clock["state"])

    def incidents(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM incident ORDER BY id")

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return rows(self.store, sql, *values)


@contextmanager
def a_world(**more: Any) -> Iterator[World]:
    """One that is gone afterwards: for tests that need a new one for each example."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), **more)
        try:
            yield world
        finally:
            world.store.close()


def sentiment_of(world: World, number: int) -> Sentiment | None:
    found = world.rows(
        "SELECT x.sentiment FROM match AS x JOIN mention AS m ON m.id = x.mention_id"
        " WHERE m.source_id = ?",
        str(number),
    )
    return Sentiment(found[0]["sentiment"]) if found and found[0]["sentiment"] else None
