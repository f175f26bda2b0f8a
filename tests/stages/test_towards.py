"""A mention that names several subjects has a label towards each, and says who is above whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from listener import inbox, views
from listener.domain.query import parse
from listener.domain.sides import Names, Sides
from listener.domain.subject import Role
from listener.stages.classify import classify
from listener.stages.measure import measure
from listener.stages.towards import Towards
from listener.store import comparisons, search
from listener.store.comparisons import Count
from tests.builders import HOUR, MINUTE, NOW, POSITIVE, a_mention, a_review, a_rival, a_subject
from tests.fakes import FakeModel
from tests.stages.world import World

if TYPE_CHECKING:
    from classifiers import Prediction

SEEN = NOW + MINUTE
ACME, BOREAL = 1, 2
BETTER = "Boreal is so much better than Acme"


@dataclass
class RealReader:
    """The real reading of clauses and comparisons, over a model that reads the label's name."""

    read_texts: list[str] = field(default_factory=list)

    def read(self, said: Sequence[tuple[str, Names]]) -> Sequence[Sides | None]:
        from classifiers import Named  # noqa: PLC0415  # as no door loads a model
        from classifiers.towards import towards  # noqa: PLC0415

        self.read_texts += [text for text, _ in said]
        bearable = [Named(*one) for one in said if "venom" not in one[0]]
        found = iter(towards(_Model(), bearable))
        return [None if "venom" in text else next(found) for text, _ in said]


class _Model(FakeModel):
    name = "fake"
    labels = ("negative", "neutral", "positive")

    def predict(self, texts: Sequence[str]) -> "list[Prediction]":
        from classifiers import Prediction  # noqa: PLC0415

        return [one for one in self.predict_each(texts) if isinstance(one, Prediction)]


@dataclass
class Sided:
    """A world whose mentions are labelled towards each subject."""

    world: World
    reader: RealReader = field(default_factory=RealReader)
    model: FakeModel = field(default_factory=FakeModel)

    def __post_init__(self) -> None:
        self.towards = Towards(self.reader, {s.id: s.name for s in self.world.subjects})

    def hear(self, text: str, number: int = 1, **more: object) -> None:
        self.world.hear(a_mention(number, text=text, **more), now=SEEN)
        self.label()

    def label(self) -> None:
        while classify(self.world.store, self.model, SEEN, towards=self.towards):
            pass
        while measure(self.world.store, self.world.measured, SEEN):
            pass

    def of_pairs(self) -> list[tuple[int | None, str]]:
        rows = self.world.rows("SELECT subject_id, sentiment FROM label ORDER BY id")
        return [(r["subject_id"], r["sentiment"]) for r in rows]

    def counted(self) -> dict[int, str]:
        rows = self.world.rows("SELECT subject_id, sentiment FROM match WHERE counts")
        return {r["subject_id"]: r["sentiment"] for r in rows}

    def above(self) -> list[Count]:
        with self.world.store.read() as db:
            return comparisons.counted(db, NOW - HOUR, NOW + HOUR)


@pytest.fixture
def sided(world: World) -> Sided:
    return Sided(world)


def test_a_comparison_praises_one_and_complains_of_the_other(sided: Sided) -> None:
    sided.hear(BETTER)
    assert sided.of_pairs() == [(None, "neutral"), (ACME, "negative"), (BOREAL, "positive")]
    assert sided.counted() == {ACME: "negative", BOREAL: "positive"}
    assert sided.above() == [Count(BOREAL, ACME, 1)]
    negative = sided.world.rows(
        "SELECT subject_id, sum(negative) AS n FROM bucket WHERE topic = '' AND channel = 'social'"
        " GROUP BY subject_id ORDER BY subject_id"
    )
    assert [(r["subject_id"], r["n"]) for r in negative] == [(ACME, 1), (BOREAL, 0)]
    search.index_new(sided.world.store)
    compared = views.find(sided.world.store, parse("acme label:comparing"), NOW, limit=9)
    assert [row["row"] for row in compared.rows] == [1]
    (row,) = views.waiting(sided.world.store)  # a complaint about the brand waits for an answer
    assert (row["subject"], row["sentiment"]) == ("Acme", "negative")


def test_praise_of_the_brand_starts_no_clock_though_the_text_is_a_complaint(sided: Sided) -> None:
    sided.hear("Acme is better than Boreal, which is negative")
    assert sided.of_pairs() == [(None, "negative"), (ACME, "positive")]
    assert views.waiting(sided.world.store) == []


def test_one_subject_needs_no_second_look(sided: Sided) -> None:
    sided.hear("Acme is negative, but the crew was positive")
    sided.hear("Acme", 2)
    assert sided.reader.read_texts == []
    assert all(subject is None for subject, _ in sided.of_pairs())


def test_where_all_is_alike_the_label_of_the_text_is_enough(sided: Sided) -> None:
    sided.hear("Acme and Boreal are both negative")
    assert sided.of_pairs() == [(None, "negative")]
    assert sided.above() == []


def test_an_edit_takes_back_what_was_compared(sided: Sided) -> None:
    sided.hear(BETTER)
    sided.hear("Acme is better than Boreal")
    assert sided.counted() == {ACME: "positive", BOREAL: "negative"}
    assert sided.above() == [Count(ACME, BOREAL, 1)]
    sided.hear("Acme is positive")
    assert sided.of_pairs() == [(None, "positive")]
    assert sided.above() == []


def test_a_persons_word_stands_above_it(sided: Sided) -> None:
    sided.hear(BETTER)
    inbox.correct(sided.world.store, "x:1", POSITIVE, (), "jo", SEEN)
    sided.label()
    assert sided.counted()[ACME] == "positive"


def test_what_cannot_be_read_twice_keeps_the_label_of_its_text(sided: Sided) -> None:
    sided.hear(f"{BETTER}, venom")
    assert sided.of_pairs() == [(None, "neutral")]


def test_a_killed_writer_leaves_neither_label_nor_comparison(sided: Sided) -> None:
    """What a reader dies of comes before anything is written; all of it is done again."""
    sided.world.hear(a_mention(1, text=BETTER), now=SEEN)

    class KilledError(Exception):
        pass

    class Dying:
        def read(self, said: Sequence[tuple[str, Names]]) -> Sequence[Sides | None]:
            raise KilledError

    dying = Towards(Dying(), sided.towards.names)
    with pytest.raises(KilledError):
        classify(sided.world.store, sided.model, SEEN, towards=dying)
    assert sided.of_pairs() == []
    assert sided.above() == []
    sided.label()
    assert sided.above() == [Count(BOREAL, ACME, 1)]


def test_stars_say_more_of_the_one_that_they_were_given(sided: Sided) -> None:
    """On the brand's own page a rival is named; the stars are the brand's."""
    review = a_review(1, stars=5, text=f"{BETTER}, but positive", brand="Acme")
    sided.world.hear(review, now=SEEN)
    sided.label()
    assert sided.counted() == {ACME: "positive"}
    assert sided.above() == [Count(BOREAL, ACME, 1)]


def test_a_name_within_a_longer_one_is_not_named(world: World) -> None:
    other = World(
        world.folder / "other",
        followed=(a_subject(), a_rival("Acme Air", query=parse('"Acme Air"'))),
    )
    sided = Sided(other)
    sided.hear("Acme Air is so much better than Acme")
    assert sided.counted() == {1: "negative", 2: "positive"}
    sided.hear("I hate Acme Air", 2)
    assert sided.reader.read_texts == ["Acme Air is so much better than Acme"]
    other.store.close()


def test_whom_a_post_is_handed_on_from_is_not_named(world: World) -> None:
    wanda = a_subject("Wanda", role=Role.INFLUENCER, query=parse("wanda"), accounts={})
    other = World(world.folder / "other", followed=(a_subject(), wanda))
    sided = Sided(other)
    sided.towards = Towards(sided.reader, {ACME: "Acme", 9: "Boreal"})
    sided.hear("RT @wanda: they are negative. Acme is positive")
    assert sided.reader.read_texts == []
    other.store.close()


def test_copies_of_a_comparison_count_once(sided: Sided) -> None:
    for number in range(1, 4):
        sided.hear(BETTER, number)
    assert sided.above() == [Count(BOREAL, ACME, 1)]
