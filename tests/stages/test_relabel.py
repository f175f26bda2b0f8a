"""Another model labels: what was said lately is labelled once more, and nobody is alarmed by it."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from listener import inbox
from listener.domain.label import Sentiment
from listener.domain.mention import Mention
from listener.stages.alert import alert
from listener.stages.classify import classify
from listener.stages.measure import measure
from listener.stages.relabel import AT_ONCE, BACK, relabel
from listener.store import models
from tests.builders import DAY, MINUTE, NOW, a_mention
from tests.fakes import FakeModel
from tests.stages.world import World, sentiment_of

LATER = NOW + 10 * DAY


@dataclass
class Relabelled:
    """A world that a model labels, and then another one."""

    world: World
    model: FakeModel = field(default_factory=FakeModel)

    def think(self, now: datetime) -> None:
        """Label, relabel and measure all there is, as the cycle does."""
        store = self.world.store
        while classify(store, self.model, now) or relabel(store, self.model.version, now):
            while measure(store, self.world.measured, now):
                pass

    def change_model(self, label: str) -> None:
        """From now on all is `label`."""
        self.model = FakeModel(version="fake@2", label_of=lambda text: label)

    def models_of(self) -> list[str]:
        rows = self.world.rows("SELECT model FROM label WHERE by = 'model' ORDER BY mention_id")
        return [row["model"] for row in rows]


@pytest.fixture
def relabelled(world: World) -> Relabelled:
    return Relabelled(world)


def said(number: int, at: datetime = NOW) -> Mention:
    text = f"Acme is neutral to {''.join(chr(97 + int(d)) for d in str(number))} of us"
    return a_mention(number, text=text, label=None, said_at=at)


def test_the_first_model_labels_nothing_twice(relabelled: Relabelled) -> None:
    relabelled.world.hear(said(1), said(2), now=NOW + MINUTE)
    relabelled.think(NOW + MINUTE)
    relabelled.think(NOW + DAY)
    assert len(relabelled.model.read) == 2


def test_another_model_labels_all_of_the_last_ninety_days(relabelled: Relabelled) -> None:
    old, new = NOW - BACK, NOW - BACK + 20 * DAY
    relabelled.world.hear(said(1, old), said(2, new), said(3), now=NOW + MINUTE)
    relabelled.think(NOW + MINUTE)
    relabelled.change_model("positive")
    relabelled.think(LATER)
    assert relabelled.models_of() == ["fake@1", "fake@2", "fake@2"]
    assert sentiment_of(relabelled.world, 3) is Sentiment.POSITIVE
    relabelled.think(LATER + DAY)
    assert len(relabelled.model.read) == 2


def test_more_than_a_batch_is_labelled_newest_first(relabelled: Relabelled) -> None:
    count = AT_ONCE + 30
    relabelled.world.hear(*(said(n, NOW + n * MINUTE) for n in range(1, count + 1)), now=LATER)
    relabelled.think(LATER)
    relabelled.change_model("positive")
    assert relabel(relabelled.world.store, "fake@2", LATER) == AT_ONCE
    waiting = relabelled.world.rows("SELECT mention_id FROM redo WHERE stage = 'classify'")
    assert min(row["mention_id"] for row in waiting) == 31
    relabelled.think(LATER)
    assert set(relabelled.models_of()) == {"fake@2"}


def test_a_start_in_the_middle_goes_on(relabelled: Relabelled) -> None:
    relabelled.world.hear(*(said(n) for n in range(1, AT_ONCE + 30)), now=NOW + MINUTE)
    relabelled.think(NOW + MINUTE)
    relabelled.change_model("positive")
    relabel(relabelled.world.store, "fake@2", LATER)
    relabelled.world.restart()
    relabelled.think(LATER)
    assert set(relabelled.models_of()) == {"fake@2"}


def test_what_a_person_said_stays(relabelled: Relabelled) -> None:
    relabelled.world.hear(said(1), now=NOW + MINUTE)
    relabelled.think(NOW + MINUTE)
    inbox.correct(relabelled.world.store, "x:1", Sentiment.NEGATIVE, (), "agent", NOW + DAY)
    relabelled.change_model("positive")
    relabelled.think(LATER)
    assert sentiment_of(relabelled.world, 1) is Sentiment.NEGATIVE


def test_counts_follow_and_nobody_is_alarmed(relabelled: Relabelled) -> None:
    """Forty mentions of ten days ago become negative: no spike, no promise runs out."""
    relabelled.world.hear(*(said(n, NOW + n * MINUTE) for n in range(1, 41)), now=NOW + DAY / 24)
    relabelled.think(NOW + DAY / 24)
    alert(relabelled.world.store, relabelled.world.watch, NOW + DAY)
    relabelled.change_model("negative")
    relabelled.think(LATER)
    alert(relabelled.world.store, relabelled.world.watch, LATER + MINUTE)
    (row,) = relabelled.world.rows(
        "SELECT sum(negative) AS n FROM bucket WHERE channel = 'all' AND topic = ''"
    )
    assert row["n"] == 40
    assert relabelled.world.events() == []
    assert {c["state"] for c in relabelled.world.clocks().values()} == {"missed"}


def test_when_another_model_took_over_is_known(relabelled: Relabelled) -> None:
    relabelled.world.hear(said(1), now=NOW + MINUTE)
    relabelled.think(NOW + MINUTE)
    relabelled.change_model("positive")
    relabelled.think(LATER)
    with relabelled.world.store.read() as db:
        assert [(use.model, use.since) for use in models.steps(db, NOW)] == [("fake@2", LATER)]
        assert models.steps(db, LATER + DAY) == []
