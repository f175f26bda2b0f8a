"""Relevance: what is probably not about its subject is kept aside before anything counts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from listener import inbox
from listener.domain.relevance import read_about
from listener.errors import UsageError
from listener.stages.classify import classify
from listener.stages.measure import measure
from listener.stages.relevance import BACK, Relevance, judge_anew
from listener.stages.vectors import Beside
from tests.builders import DAY, MINUTE, NOW, a_mention, a_subject, a_tombstone
from tests.fakes import FakeEmbedder, FakeModel
from tests.stages.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE = "an airline, not the cartoon"
SEEN = NOW + MINUTE


@dataclass
class Watched:
    """A world whose first subject, Acme, says what it is about."""

    world: World
    line: str = LINE
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    model: FakeModel = field(default_factory=FakeModel)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As after a start with other settings: what was in memory is gone."""
        acme = self.world.subjects[0]
        abouts = {acme.id: read_about(acme.name, self.line)} if self.line else {}
        self.relevance = Relevance(abouts, self.embedder)
        self.beside = Beside(self.embedder, self.relevance)

    def hear(self, *texts: str, first: int = 1, **more: Any) -> None:
        said = [a_mention(n, text=text, **more) for n, text in enumerate(texts, first)]
        self.world.hear(*said, now=more.get("said_at", NOW) + MINUTE)

    def think(self, now: datetime = SEEN) -> None:
        """Label, judge and measure all there is, as the cycle does."""
        store = self.world.store
        while self._step(now):
            while measure(store, self.world.measured, now):
                pass
        while measure(store, self.world.measured, now):
            pass

    def _step(self, now: datetime) -> int:
        store = self.world.store
        return classify(store, self.model, now, self.beside) or judge_anew(
            store, self.relevance, now
        )

    def aside(self) -> dict[str, str]:
        """The reason by the id of each mention that is aside."""
        found = self.world.rows(
            "SELECT m.source_id, x.aside FROM match AS x JOIN mention AS m ON m.id = x.mention_id"
            " WHERE x.aside IS NOT NULL ORDER BY m.id"
        )
        return {r["source_id"]: r["aside"] for r in found}

    def counted(self) -> int:
        (row,) = self.world.rows(
            "SELECT coalesce(sum(mentions), 0) AS n FROM bucket"
            " WHERE channel = 'all' AND subject_id = 1"
        )
        return int(row["n"])


@pytest.fixture
def watched(world: World) -> Watched:
    return Watched(world)


FLIGHT = "Acme flight late, bag lost, negative"
CARTOON = "negative: Acme draw a cartoon film"
SHOP = "negative: Acme glue from the shop"


def test_what_is_about_something_else_starts_no_clock_and_is_not_counted(watched: Watched) -> None:
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    assert watched.aside() == {"2": "relevance"}
    assert list(watched.world.clocks()) == ["1"]
    assert watched.counted() == 1


def test_it_is_labelled_all_the_same(watched: Watched) -> None:
    watched.hear(CARTOON)
    watched.think()
    assert watched.world.rows("SELECT sentiment FROM label") == [{"sentiment": "negative"}]


def test_only_what_a_query_found_for_a_subject_with_a_line_is_read(watched: Watched) -> None:
    watched.hear("Boreal flight negative", "the weather")
    watched.hear(CARTOON, first=3, brand="Acme")
    watched.think()
    assert watched.embedder.read == []
    assert watched.aside() == {}
    assert watched.world.rows("SELECT 1 FROM embedding") == []


def test_a_line_without_a_not_costs_nothing_before_the_first_correction(world: World) -> None:
    watched = Watched(world, "an airline")
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    assert watched.embedder.read == []
    assert watched.counted() == 2
    inbox.judge(world.store, "x:2", "Acme", "jo", SEEN, relevant=False)
    watched.think()
    assert FLIGHT in watched.embedder.read


def test_every_text_is_made_a_vector_once(watched: Watched) -> None:
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    inbox.judge(watched.world.store, "x:1", "Acme", "jo", SEEN, relevant=True)
    watched.think()
    watched.think()
    assert watched.embedder.read.count(FLIGHT) == 1
    assert watched.world.rows("SELECT count(*) AS n FROM embedding") == [{"n": 2}]


def test_a_text_that_has_no_vector_counts(watched: Watched) -> None:
    watched.hear("Acme cartoon film venom negative", CARTOON)
    watched.think()
    assert watched.aside() == {"2": "relevance"}
    assert watched.counted() == 1


def test_without_weights_for_vectors_everything_counts(world: World) -> None:
    watched = Watched(world, embedder=FakeEmbedder(version=None))
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    assert watched.counted() == 2


def test_a_person_brings_back_what_was_kept_aside(watched: Watched) -> None:
    watched.hear(CARTOON)
    watched.think()
    inbox.judge(watched.world.store, "x:1", "Acme", "jo", SEEN, relevant=True)
    watched.think()
    assert watched.aside() == {}
    assert list(watched.world.clocks()) == ["1"]
    assert watched.counted() == 1


def test_a_person_puts_aside_what_counted(watched: Watched) -> None:
    watched.hear(FLIGHT)
    watched.think()
    inbox.judge(watched.world.store, "x:1", "acme", "jo", SEEN, relevant=False)
    assert list(watched.world.clocks()) == []
    watched.think()
    assert watched.aside() == {"1": "person"}
    assert watched.counted() == 0
    assert watched.world.rows("SELECT who, did, what, detail FROM audit") == [
        {"who": "jo", "did": "corrected", "what": "x:1", "detail": "not about acme"}
    ]


def test_a_person_may_speak_before_anything_was_measured(watched: Watched) -> None:
    watched.hear(FLIGHT)
    inbox.judge(watched.world.store, "x:1", "Acme", "jo", SEEN, relevant=False)
    watched.think()
    assert watched.aside() == {"1": "person"}
    assert watched.counted() == 0


def test_a_word_on_what_was_never_found_is_refused(watched: Watched) -> None:
    watched.hear(FLIGHT)
    with pytest.raises(UsageError, match="never found for Boreal"):
        inbox.judge(watched.world.store, "x:1", "Boreal", "jo", SEEN, relevant=False)
    assert watched.world.rows("SELECT 1 FROM verdict") == []


def test_corrections_teach_and_what_is_stored_is_judged_anew(watched: Watched) -> None:
    watched.hear(*[f"{SHOP} {n}" for n in range(1, 21)])
    watched.hear(*[f"{FLIGHT} {n}" for n in range(21, 41)], first=21)
    watched.think()
    assert watched.aside() == {}
    for n in range(1, 16):
        inbox.judge(watched.world.store, f"x:{n}", "Acme", "jo", SEEN, relevant=False)
        inbox.judge(watched.world.store, f"x:{20 + n}", "Acme", "jo", SEEN, relevant=True)
    watched.think()
    reasons = watched.aside()
    assert {reasons[str(n)] for n in range(16, 21)} == {"relevance"}
    assert not {str(n) for n in range(21, 41)} & reasons.keys()
    assert watched.counted() == 20
    assert len(watched.world.clocks()) == 20


def test_what_was_said_long_ago_is_not_judged_anew(watched: Watched) -> None:
    long_ago = NOW - BACK - DAY
    watched.hear(CARTOON, said_at=long_ago)
    watched.line = ""
    watched.restart()
    watched.think(long_ago + MINUTE)
    watched.line = LINE
    watched.restart()
    watched.think()
    assert watched.aside() == {}


def test_another_line_judges_anew_and_without_one_all_comes_back(watched: Watched) -> None:
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    watched.line = "a cartoon film, not the airline"
    watched.restart()
    watched.think()
    assert watched.aside() == {"1": "relevance"}
    assert list(watched.world.clocks()) == ["2"]
    watched.line = ""
    watched.restart()
    watched.think()
    assert watched.aside() == {}
    assert watched.counted() == 2
    assert watched.world.rows("SELECT 1 FROM relevance") == []


def test_nothing_is_judged_anew_without_a_reason(watched: Watched) -> None:
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    watched.restart()
    read = len(watched.embedder.read)
    assert judge_anew(watched.world.store, watched.relevance, SEEN) == 0
    assert len(watched.embedder.read) == read


def test_an_edit_is_judged_by_its_new_words(watched: Watched) -> None:
    watched.hear(CARTOON)
    watched.think()
    watched.hear(FLIGHT, edited_at=NOW + MINUTE)
    watched.think()
    assert watched.aside() == {}
    assert watched.counted() == 1
    watched.hear(CARTOON, edited_at=NOW + 2 * MINUTE)
    watched.think()
    assert watched.aside() == {"1": "relevance"}
    assert watched.counted() == 0
    assert list(watched.world.clocks()) == []


def test_a_persons_word_outlives_an_edit(watched: Watched) -> None:
    watched.hear(CARTOON)
    inbox.judge(watched.world.store, "x:1", "Acme", "jo", SEEN, relevant=True)
    watched.hear(CARTOON + " again", edited_at=NOW + MINUTE)
    watched.think()
    assert watched.aside() == {}


def test_measuring_twice_changes_nothing(watched: Watched) -> None:
    watched.hear(FLIGHT, CARTOON)
    watched.think()
    before = watched.world.rows("SELECT * FROM match"), watched.world.rows("SELECT * FROM bucket")
    watched.think()
    watched.restart()
    watched.think()
    after = watched.world.rows("SELECT * FROM match"), watched.world.rows("SELECT * FROM bucket")
    assert after == before
    assert watched.world.rows("SELECT * FROM redo") == []


def test_no_vector_is_left_of_words_that_are_gone(watched: Watched) -> None:
    watched.hear(CARTOON)
    watched.think()
    watched.world.hear(now=SEEN, gone=[a_tombstone(1)])
    watched.think()
    assert watched.world.rows("SELECT 1 FROM embedding") == []


def test_the_shipped_vectors_tell_a_bank_from_a_river(tmp_path: Path) -> None:
    import classifiers  # noqa: PLC0415

    class Shipped(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> "list[NDArray[np.float32] | None]":
            return list(classifiers.embed(list(texts)))

    world = World(tmp_path, followed=(a_subject("Delta"),))
    watched = Watched(world, "a bank, not a river delta, not the airline", Shipped())
    watched.hear(
        "Delta froze my card and nobody at the branch helps me, negative",
        "locked out of my delta account since Monday, negative",
        "Rice farmers in the delta fear that salt water floods their fields",
    )
    watched.think()
    assert watched.aside() == {"3": "relevance"}
    world.store.close()
