"""Each mention that counts gets one vector: with its label, or after all labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from listener.domain.intent import Wants
from listener.stages.classify import classify
from listener.stages.measure import measure
from listener.stages.relevance import Relevance
from listener.stages.vectors import AFTERWARDS, MOST_AT_ONCE, Beside, read_later
from listener.store.connection import Store
from tests.builders import MINUTE, NOW, a_mention, a_tombstone
from tests.fakes import FakeEmbedder, FakeModel
from tests.stages.world import World

if TYPE_CHECKING:
    from listener.domain.vector import Vector

SEEN = NOW + MINUTE


@dataclass
class ByWord:
    """Knows a topic from its name in the text, and that of flights by the vector alone."""

    by_vectors: bool = True
    names: tuple[str, ...] = ("meal", "crew")

    def read(
        self, store: Store, texts: Mapping[int, str], vectors: "Mapping[int, Vector]"
    ) -> dict[int, tuple[str, ...]]:
        said = {i: [n for n in self.names if n in text] for i, text in texts.items()}
        for i, vector in vectors.items():
            if i in said and vector[0] > vector[3]:
                said[i].append("flight")
        return {i: tuple(names) for i, names in said.items() if names}


class ByVector:
    """Reads a defect out of a vector, and a question out of words."""

    def read(
        self,
        texts: Sequence[str],
        sentiments: Sequence[tuple[float, float, float]],
        vectors: "Sequence[Vector | None] | None" = None,
        vectors_by: str | None = None,
    ) -> list[Wants]:
        assert len(texts) == len(sentiments) == len(vectors or ())
        by_words = Wants(intent="question", confidence=0.4, needs_answer=False, reason="remark")
        by_vector = Wants(intent="defect", confidence=0.9, needs_answer=True, reason="help")
        return [by_words if v is None else by_vector for v in vectors or ()]


@dataclass
class Reading:
    """A world whose mentions are labelled and read."""

    world: World
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    topics: ByWord = field(default_factory=ByWord)
    model: FakeModel = field(default_factory=FakeModel)

    def __post_init__(self) -> None:
        followed = frozenset(s.id for s in self.world.subjects[:2])
        relevance = Relevance({}, self.embedder)
        self.beside = Beside(self.embedder, relevance, self.topics, followed, ByVector())

    def hear(self, *texts: str, first: int = 1, **more: Any) -> None:
        said = [a_mention(n, text=text, **more) for n, text in enumerate(texts, first)]
        self.world.hear(*said, now=SEEN)

    def label(self, now: datetime = SEEN) -> None:
        while classify(self.world.store, self.model, now, self.beside):
            self.measure()

    def measure(self) -> None:
        while measure(self.world.store, self.world.measured, SEEN):
            pass

    def look_closer(self) -> int:
        done = 0
        while step := read_later(self.world.store, self.beside):
            done += step
            self.measure()
        return done

    def wanted(self) -> list[tuple[str | None, bool | None, str | None]]:
        with self.world.store.read() as db:
            rows = db.execute("SELECT intent, needs_answer, reason FROM label ORDER BY mention_id")
            return [tuple(row) for row in rows.fetchall()]

    def told(self) -> dict[str, str]:
        found = self.world.rows(
            "SELECT m.source_id, l.topics FROM label AS l JOIN mention AS m ON m.id = l.mention_id"
        )
        return {r["source_id"]: r["topics"] for r in found}

    def vectors(self) -> int:
        (row,) = self.world.rows("SELECT count(*) AS n FROM embedding")
        return int(row["n"])


@pytest.fixture
def reading(world: World) -> Reading:
    return Reading(world)


def test_a_label_comes_with_its_topics(reading: Reading) -> None:
    reading.hear("Acme lost my meal, the crew was rude", "Acme airline", "Acme is fine")
    reading.label()
    assert reading.told() == {"1": '["meal", "crew"]', "2": '["flight"]', "3": "[]"}
    assert reading.vectors() == 3
    assert reading.look_closer() == 0


def test_topics_are_counted(reading: Reading) -> None:
    reading.hear("Acme lost my meal negative")
    reading.label()
    found = reading.world.rows("SELECT topic, negative FROM bucket WHERE topic <> ''")
    assert found == [{"topic": "meal", "negative": 1}]


def test_what_is_about_nobody_we_follow_is_not_read(reading: Reading) -> None:
    reading.hear("the weather and my meal")
    reading.label()
    assert reading.embedder.read == []


def test_where_many_wait_labels_come_first_and_vectors_after_them(reading: Reading) -> None:
    many = MOST_AT_ONCE + AFTERWARDS
    reading.hear(*(f"Acme airline meal {n} negative" for n in range(many)))
    reading.label()
    assert reading.vectors() == 0
    assert set(reading.told().values()) == {'["meal"]'}
    assert reading.look_closer() == many
    assert reading.vectors() == many
    assert set(reading.told().values()) == {'["meal", "flight"]'}
    found = reading.world.rows(
        "SELECT sum(negative) AS n FROM bucket WHERE topic = 'flight' AND channel = 'all'"
    )
    assert found == [{"n": many}]
    assert reading.world.rows("SELECT * FROM redo") == []


def test_no_text_is_read_twice(reading: Reading) -> None:
    reading.hear("Acme airline one", "Acme airline two")
    reading.label()
    reading.hear("Acme airline one", first=1, brand="Acme")  # the words are the same
    reading.label()
    reading.look_closer()
    assert sorted(reading.embedder.read) == ["Acme airline one", "Acme airline two"]


def test_an_edit_is_read_anew(reading: Reading) -> None:
    reading.hear("Acme airline")
    reading.label()
    reading.hear("Acme lost my meal")
    reading.label()
    assert reading.told() == {"1": '["meal"]'}
    assert reading.vectors() == 1


def test_words_that_are_gone_meanwhile_are_passed_over(reading: Reading) -> None:
    reading.hear(*(f"Acme airline {n}" for n in range(MOST_AT_ONCE + 1)))
    reading.label()
    reading.world.hear(now=SEEN, gone=[a_tombstone(1)])
    assert reading.look_closer() == MOST_AT_ONCE + 1
    assert reading.vectors() == MOST_AT_ONCE


def test_without_vectors_topics_are_told_by_words(world: World) -> None:
    reading = Reading(world, FakeEmbedder(version=None))
    reading.hear("Acme airline meal", "Acme airline venom")
    reading.label()
    assert reading.told() == {"1": '["meal"]', "2": "[]"}
    assert reading.look_closer() == 0


def test_a_text_that_can_have_no_vector_is_read_by_its_words(reading: Reading) -> None:
    reading.hear("Acme venom in my meal")
    reading.label()
    assert reading.told() == {"1": '["meal"]'}


def test_what_is_wanted_is_read_by_words_and_by_vectors_as_soon_as_there_are_any(
    reading: Reading,
) -> None:
    reading.hear(*(f"Acme parcel {n}" for n in range(MOST_AT_ONCE + 1)))
    reading.label()
    assert set(reading.wanted()) == {("question", False, "remark")}
    reading.look_closer()
    assert set(reading.wanted()) == {("defect", True, "help")}
    reading.hear("Acme is late", first=500)
    reading.label()
    assert set(reading.wanted()) == {("defect", True, "help")}
