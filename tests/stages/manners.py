"""Incidents told to a Slack that calls people, step by step, in a time that the test tells."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Notice, Severity
from listener.stages.alert import alert, next_due
from listener.stages.alert.lives import Life, live
from listener.stages.alert.telling import tell
from listener.store import incidents
from tests.builders import HOUR, MINUTE, NOW, SECOND, a_finding
from tests.fakes import FakeNotifier
from tests.stages.world import World

LIFE = Life(rule="spike", opened=Event.SPIKE_OPENED, quiet=HOUR)


@dataclass
class Channel:
    """A world whose Slack calls people, and what its readers saw."""

    world: World
    slack: FakeNotifier = field(default_factory=FakeNotifier)

    def open(self, now: datetime = NOW, **changes: Any) -> int:
        """An incident that a rule has just found."""
        finding = a_finding(**changes)
        with self.world.store.write() as db:
            number = incidents.open_incident(db, finding, now)
            tell(db, finding, Event.SPIKE_OPENED, number, self.world.watch.telling, now)
        return number

    def news(self, number: int, event: Event, now: datetime, **changes: Any) -> None:
        """What a rule says of an incident later on."""
        finding = a_finding(**changes)
        with self.world.store.write() as db:
            if event is Event.SPIKE_RESOLVED:
                incidents.resolve(db, number, now)
            elif event is Event.SPIKE_REOPENED:
                incidents.reopen(db, number, finding, now)
            else:
                incidents.update(db, number, finding, now)
            tell(db, finding, event, number, self.world.watch.telling, now)

    def find(self, now: datetime, *keys: str, severity: Severity = Severity.HIGH) -> None:
        """What a rule finds at one look, lived as all rules' findings are."""
        found = [a_finding(key=key, severity=severity, title=key) for key in keys]
        with self.world.store.write() as db:
            live(db, LIFE, found, self.world.watch.telling, now)

    def look(self, now: datetime) -> list[Event]:
        """Let the clock come to a moment; returns what is told then, edits too."""
        alert(self.world.store, self.world.watch, now)
        before = len(self.slack.taken)
        self.world.tell(now, self.slack)
        return [notice.event for notice in self.slack.taken[before:]]

    def wait(self, now: datetime, until: datetime) -> list[tuple[timedelta, Event]]:
        """Let time pass from one due moment to the next; returns what was told after NOW, when."""
        told = []
        while now <= until:
            told += [(now - NOW, event) for event in self.look(now)]
            due = next_due(self.world.store, now)
            now = max(due, now + SECOND) if due is not None else until + SECOND
        return told

    def messages(self) -> list[Notice]:
        """All that was told, without edits."""
        return [n for n in self.slack.taken if n.event is not Event.INCIDENT_UPDATED]

    def withheld(self) -> list[tuple[str, str]]:
        """What was not told, and why."""
        rows = self.world.rows(
            "SELECT event, reason FROM withheld WHERE became = 'silent' ORDER BY made_at, rowid"
        )
        return [(row["event"], row["reason"]) for row in rows]


def after(minutes: float) -> datetime:
    return NOW + minutes * MINUTE
