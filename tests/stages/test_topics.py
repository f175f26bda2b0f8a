"""What tells topics is made anew when people say more, and what is stored is told anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from listener import inbox
from listener.domain.label import Sentiment
from listener.domain.vector import Embedder
from listener.stages import topics as stage
from listener.stages.classify import classify
from listener.stages.relevance import Relevance
from listener.stages.topics import BACK, STEPS, Defined, Known, Topics, sweep_vectors, tell_anew
from listener.stages.vectors import Beside, read_later
from tests.builders import DAY, MINUTE, NOW, a_mention
from tests.fakes import FakeEmbedder, FakeModel
from tests.stages.world import World

if TYPE_CHECKING:
    from listener.domain.vector import Vector

SEEN = NOW + MINUTE


@dataclass
class Echo:
    """Tells `taught` once people taught it, else `vector`; by words alone `words`."""

    known: Known | None = None

    def told(self, texts: Sequence[str], vectors: "Sequence[Vector]" = ()) -> list[tuple[str, ...]]:
        name = "words" if self.known is None else "taught" if self.known.taught else "vector"
        return [(name,) for _ in texts]


@dataclass
class Telling:
    world: World
    fingerprint: str = "a"
    by_vectors: bool = True
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    made: list[Known] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart(self.fingerprint)

    def restart(self, fingerprint: str) -> None:
        """As after a start, with these definitions."""

        def make(embedder: Embedder, known: Known) -> Echo:
            self.made.append(known)
            return Echo(known)

        defined = Defined(fingerprint, Echo(), make)
        self.topics = Topics(lambda: defined, self.embedder, self.by_vectors)
        relevance = Relevance({}, self.embedder)
        self.beside = Beside(self.embedder, relevance, self.topics, frozenset({1, 2}))

    def think(self) -> int:
        store = self.world.store
        while classify(store, FakeModel(), SEEN, self.beside):
            pass
        done = tell_anew(store, self.topics, SEEN)
        while read_later(store, self.beside):
            pass
        return done

    def told(self) -> set[str]:
        return {r["topics"] for r in self.world.rows("SELECT topics FROM label WHERE by = 'model'")}

    def correct(self, count: int) -> None:
        for n in range(1, count + 1):
            inbox.correct(self.world.store, f"x:{n}", Sentiment.NEGATIVE, ("crew",), "jo", SEEN)


@pytest.fixture
def telling(world: World) -> Telling:
    made = Telling(world)
    world.hear(*(a_mention(n, text=f"Acme airline {n}") for n in range(1, 9)), now=SEEN)
    made.think()
    return made


def test_what_people_say_teaches_from_a_few_on_and_what_is_stored_is_told_anew(
    telling: Telling,
) -> None:
    assert telling.told() == {'["vector"]'}
    telling.correct(STEPS[0] - 1)
    assert telling.think() == 0
    telling.correct(STEPS[0])
    assert telling.think() == 8
    assert telling.told() == {'["taught"]'}
    assert {names for _, _, names in telling.made[-1].taught} == {("crew",)}
    assert len(telling.made[-1].taught) == STEPS[0]
    assert len(telling.embedder.read) == 8  # no text twice


def test_other_definitions_tell_anew_what_was_said_lately(telling: Telling) -> None:
    old = a_mention(20, text="Acme airline of old", said_at=SEEN - BACK - DAY)
    telling.world.hear(old, now=SEEN)
    telling.think()
    telling.restart("a")
    assert telling.think() == 0
    telling.restart("b")
    assert telling.think() == 8
    assert telling.world.rows("SELECT * FROM redo WHERE stage = 'embed'") == []


def test_a_persons_topics_stay(telling: Telling) -> None:
    telling.correct(STEPS[0])
    telling.think()
    telling.restart("b")
    telling.think()
    found = telling.world.rows("SELECT DISTINCT topics FROM label WHERE by = 'jo'")
    assert found == [{"topics": '["crew"]'}]


def test_beside_a_fast_model_words_alone_tell(world: World) -> None:
    telling = Telling(world, by_vectors=False)
    world.hear(a_mention(1, text="Acme airline"), now=SEEN)
    telling.think()
    assert telling.told() == {'["words"]'}
    assert telling.embedder.read == []


def test_what_is_usual_is_learnt_once_there_is_enough(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert telling.made[-1].usual == []
    monkeypatch.setattr(stage, "ENOUGH_USUAL", 4)
    telling.world.hear(a_mention(30, text="Acme airline too"), now=SEEN)
    telling.think()
    assert len(telling.made[-1].usual) == 8
    made = len(telling.made)
    telling.world.hear(a_mention(31, text="Acme airline three"), now=SEEN)
    telling.think()
    assert len(telling.made) == made


def test_old_vectors_go_but_not_those_that_people_taught_by(telling: Telling) -> None:
    telling.correct(2)
    assert sweep_vectors(telling.world.store, SEEN + DAY) == 6
    kept = telling.world.rows("SELECT mention_id FROM embedding ORDER BY mention_id")
    assert [r["mention_id"] for r in kept] == [1, 2]
    assert sweep_vectors(telling.world.store, SEEN + DAY) == 0
