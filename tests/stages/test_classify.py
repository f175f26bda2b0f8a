"""Stage two: what is new gets a label, and a text that cannot be borne stops nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from listener import inbox, views
from listener.domain.label import SURE
from listener.domain.query import parse
from listener.stages.classify import (
    AT_ONCE,
    AT_STAKE,
    classify,
    label_lines,
    measured,
    take_given,
    with_gold,
)
from listener.stages.measure import measure
from listener.store import search
from tests.builders import (
    MINUTE,
    NEGATIVE,
    NEUTRAL,
    NOW,
    POSITIVE,
    a_mention,
    a_review,
    a_tombstone,
)
from tests.fakes import FakeModel
from tests.stages.world import World

if TYPE_CHECKING:
    from classifiers import Poison, Prediction


def sentiments(world: World) -> dict[str, str]:
    found = world.rows(
        "SELECT m.source_id, l.sentiment FROM label AS l JOIN mention AS m ON m.id = l.mention_id"
        " ORDER BY l.id"
    )
    return {r["source_id"]: r["sentiment"] for r in found}


def labelled(world: World, model: FakeModel) -> None:
    while classify(world.store, model, NOW):
        pass


def test_every_mention_is_read_once(world: World) -> None:
    said = [a_mention(n, text=f"Acme is negative {n}") for n in range(1, 1203)]
    world.hear(*said, now=NOW)
    model = FakeModel()
    labelled(world, model)
    labelled(world, model)
    assert len(model.read) == 1202
    assert set(sentiments(world).values()) == {"negative"}
    assert world.rows("SELECT DISTINCT by, model FROM label") == [
        {"by": "model", "model": "fake@1"}
    ]


def test_what_is_about_nobody_is_not_read(world: World) -> None:
    world.hear(a_mention(1, text="the weather"), a_mention(2, text="Acme"), now=NOW)
    model = FakeModel()
    labelled(world, model)
    assert model.read == ["Acme"]


class Unstarted(FakeModel):
    """One whose start takes long: it must not be asked for anything."""

    def __getattribute__(self, name: str) -> object:
        if name in ("version", "predict_each"):
            raise AssertionError(f"it was asked for its {name}")
        return super().__getattribute__(name)


def test_what_is_about_nobody_starts_no_model(world: World) -> None:
    """Nor while others wait for their turn to write."""
    world.hear(a_mention(1, text="nothing of ours"), now=NOW)
    labelled(world, Unstarted())


def test_a_text_that_cannot_be_borne_is_set_aside_and_the_others_go_on(world: World) -> None:
    texts = ("Acme positive", "Acme poison", "Acme negative")
    world.hear(*(a_mention(n, text=t) for n, t in enumerate(texts)), now=NOW)
    model = FakeModel()
    labelled(world, model)
    assert sentiments(world) == {"0": "positive", "2": "negative"}
    (aside,) = world.rows("SELECT reason, model FROM quarantine")
    assert aside == {"reason": "it hangs", "model": "fake@1"}
    assert inbox.retry(world.store, ("x:1",), NOW, []) == (1, 0)
    labelled(world, model)
    assert model.read.count("Acme poison") == 2
    assert inbox.retry(world.store, (), NOW, []) == (1, 0)


def test_praise_that_may_be_irony_is_in_doubt(world: World) -> None:
    texts = ("Acme positive", "Acme positive, thanks for nothing", "Acme negative, thanks a bunch")
    world.hear(*(a_mention(n, text=t) for n, t in enumerate(texts)), now=NOW)
    labelled(world, FakeModel())
    found = world.rows("SELECT max(negative, positive) AS sure FROM label ORDER BY mention_id")
    assert [row["sure"] >= SURE for row in found] == [True, False, True]
    assert sentiments(world) == {"0": "positive", "1": "positive", "2": "negative"}


def test_an_edited_text_is_read_again_and_its_label_replaced(world: World) -> None:
    model = FakeModel()
    world.hear(a_mention(text="Acme negative"), now=NOW)
    labelled(world, model)
    world.hear(a_mention(text="Acme positive"), now=NOW + MINUTE)
    labelled(world, model)
    assert world.rows("SELECT sentiment FROM label") == [{"sentiment": "positive"}]


def test_a_persons_label_outlives_the_models(world: World) -> None:
    model = FakeModel()
    world.hear(a_mention(text="Acme negative"), now=NOW)
    world.measure(NOW)
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", NOW)
    world.hear(a_mention(text="Acme negative indeed"), now=NOW + MINUTE)
    labelled(world, model)
    world.measure(NOW + MINUTE)
    taken = world.rows("SELECT by, sentiment FROM current_label")
    assert taken == [{"by": "jo", "sentiment": "positive"}]
    assert world.rows("SELECT sentiment FROM match") == [{"sentiment": "positive"}]


def test_the_language_is_detected_where_it_was_not_given(world: World) -> None:
    world.hear(
        a_mention(1, text="Az Acme megint elvesztette a csomagomat, felháborító", language=None),
        a_mention(2, text="Acme航空公司又把我的行李弄丟了", language=None),
        a_mention(3, text="Acme", language="de"),
        now=NOW,
    )
    labelled(world, FakeModel())
    found = world.rows("SELECT language, language_by FROM mention ORDER BY id")
    assert found[0] == {"language": "hu", "language_by": "detected"}
    assert found[1]["language"].startswith("zh")
    assert found[2] == {"language": "de", "language_by": "source"}


def test_a_given_label_is_of_the_brand_it_was_given_with(world: World) -> None:
    world.hear(
        a_mention(1, brand="Boreal", label=NEGATIVE),
        a_mention(2, label=NEUTRAL),
        a_mention(3, label=None),
        now=NOW,
    )
    ids = {s.name.casefold(): s.id for s in world.subjects}
    while take_given(world.store, ids, NOW):
        pass
    found = world.rows("SELECT mention_id, subject_id, sentiment, by FROM label ORDER BY id")
    assert [(r["mention_id"], r["subject_id"], r["sentiment"], r["by"]) for r in found] == [
        (1, 2, "negative", "given"),
        (2, None, "neutral", "given"),
    ]


def test_words_against_their_stars_are_in_doubt_and_shown(world: World) -> None:
    world.hear(
        a_review(1, stars=4, text="Acme negative"),
        a_review(2, stars=1, text="Acme negative"),
        a_review(3, stars=2, text="Acme positive"),
        a_mention(4, text="Acme negative"),
        now=NOW,
    )
    labelled(world, FakeModel())
    found = world.rows("SELECT mention_id, at_odds, negative FROM label ORDER BY mention_id")
    assert [(r["mention_id"], r["at_odds"], r["negative"] < SURE) for r in found] == [
        (1, 1, True),
        (2, 0, False),
        (3, 1, True),
        (4, 0, False),
    ]
    while measure(world.store, world.measured, NOW):
        pass
    rows = {row["row"]: row["stars_disagree"] for row in views.waiting(world.store)}
    assert rows == {1: True, 2: False, 4: False}
    assert found_by(world, "acme label:disagreeing") == {1, 3}
    assert found_by(world, "acme label:doubtful") == {1, 3}
    assert found_by(world, "acme -label:disagreeing") == {2, 4}
    inbox.correct(world.store, "1", NEGATIVE, (), "jo", NOW)  # whoever has read it knows
    assert found_by(world, "acme label:disagreeing") == {3}


def found_by(world: World, query: str) -> set[int]:
    search.index_new(world.store)
    return {row["row"] for row in views.find(world.store, parse(query), NOW, limit=9).rows}


def test_stars_are_weighed_with_the_text(world: World) -> None:
    world.hear(
        a_review(1, stars=1, text="Acme positive"),
        a_review(2, stars=5, text="Acme positive"),
        a_review(3, stars=5, text="Acme negative"),
        a_mention(4, text="Acme positive"),
        a_review(5, stars=10, stars_scale=10, text="Acme positive"),
        now=NOW,
    )
    labelled(world, FakeModel(confidence=0.95))
    one, five, torn, none, ten = world.rows(
        "SELECT model, sentiment, max(negative, neutral, positive) AS confidence FROM label"
        " ORDER BY mention_id"
    )
    assert one["confidence"] < SURE
    assert torn["confidence"] < SURE
    assert (five["sentiment"], none["sentiment"]) == ("positive", "positive")
    assert five["confidence"] > none["confidence"] == 0.95
    assert ten == five
    assert (five["model"], none["model"]) == ("fake@1+stars@1", "fake@1")


def test_stars_without_words_are_a_label_of_their_own(world: World) -> None:
    said = [a_review(n, stars=n, text="", brand="Acme") for n in range(1, 6)]
    world.hear(*said, now=NOW)
    model = FakeModel()
    labelled(world, model)
    assert model.read == []
    assert list(sentiments(world).values()) == [
        "negative", "negative", "neutral", "positive", "positive",
    ]  # fmt: skip
    assert world.rows("SELECT DISTINCT by, model FROM label") == [
        {"by": "model", "model": "stars@1"}
    ]


def test_other_stars_are_another_label(world: World) -> None:
    world.hear(a_review(stars=1, text="Acme"), now=NOW)
    labelled(world, FakeModel(confidence=0.4))
    world.hear(a_review(stars=5, text="Acme"), now=NOW + MINUTE)
    labelled(world, FakeModel(confidence=0.4))
    assert world.rows("SELECT sentiment FROM label") == [{"sentiment": "positive"}]


def test_given_labels_do_not_look_at_stars(world: World) -> None:
    world.hear(a_review(stars=1, label=POSITIVE), now=NOW)
    while take_given(world.store, {}, NOW):
        pass
    found = world.rows("SELECT by, model, sentiment, positive FROM label")
    assert found == [{"by": "given", "model": None, "sentiment": "positive", "positive": 1.0}]


def test_a_text_that_cannot_be_borne_is_set_aside_whatever_its_stars(world: World) -> None:
    world.hear(a_review(1, text="Acme poison"), a_review(2, text="", brand="Acme"), now=NOW)
    labelled(world, FakeModel())
    assert sentiments(world) == {"2": "negative"}
    assert len(world.rows("SELECT * FROM quarantine")) == 1


def test_what_is_gone_is_not_read(world: World) -> None:
    world.hear(a_mention(text="Acme negative"), now=NOW)
    labelled(world, FakeModel())
    world.hear(a_mention(text="Acme positive"), now=NOW)
    world.hear(now=NOW, gone=[a_tombstone()])
    model = FakeModel()
    labelled(world, model)
    assert model.read == []


def test_lines_keep_their_order_and_bad_ones_their_place() -> None:
    lines = [
        b"\xef\xbb\xbfI am negative\n",
        b'{"text": "positive", "id": 7}\n',
        b'{"text": 7}\n',
        b'{"text": "torn\n',
        b"\xff\xfe\n",
        b'{"no": "text"}\n',
        b"poison\n",
        b"\n",
    ]
    found = list(label_lines(FakeModel(), lines, 3))
    assert [row.get("line") for row in found] == [None, None, 3, 4, 5, 6, 7, None]
    assert found[0]["text"] == "I am negative"
    assert found[0]["sentiment"]["label"] == "negative"
    assert found[1]["id"] == 7
    assert found[1].keys() >= {"language", "sentiment", "topics", "intent"}
    assert found[1]["sentiment"].keys() == {"label", "negative", "neutral", "positive"}
    assert all(isinstance(row["error"], str) for row in found if "line" in row)


def test_a_line_keeps_its_language_and_a_question_is_one() -> None:
    line = '{"text": "什麼時候到？", "language": "xx"}'.encode()
    (row,) = label_lines(FakeModel(), [line], 10)
    assert (row["language"], row["intent"]) == ("xx", "question")


def test_the_stars_of_a_line_are_weighed_in() -> None:
    lines = [
        b'{"text": "negative", "stars": 1}\n',
        b'{"text": "negative", "stars": "10", "stars_scale": 10}\n',
        b'{"stars": 5}\n',
        b'{"text": "positive", "stars": null, "error": "of theirs"}\n',
        b'{"text": "negative", "stars": 6}\n',
        b'{"text": "negative", "stars": "many"}\n',
        b'{"text": 7, "stars": 1}\n',
    ]
    model = FakeModel()
    sure, torn, alone, none, *bad = label_lines(model, lines, 100)
    assert model.read == ["negative", "negative", "positive"]
    assert sure["sentiment"]["negative"] > 0.9
    assert max(v for v in torn["sentiment"].values() if isinstance(v, float)) < SURE
    assert alone["sentiment"]["label"] == "positive"
    assert none["sentiment"]["positive"] == 0.9
    assert [row.keys() for row in bad] == [{"line", "error"}] * 3
    assert [row["line"] for row in bad] == [5, 6, 7]
    assert bad[0]["error"] == "stars 6 is outside 0..5"


def test_a_model_is_measured_against_given_labels() -> None:
    rows = [{"text": "negative", "label": "negative", "language": "en"}] * 3
    rows += [{"text": "negative", "label": "positive", "lang": "hu"}]
    rows += [{"text": "poison", "label": "positive"}, {"text": "", "label": "neutral"}]
    rows += [{"text": "unlabelled"}]
    said = measured(FakeModel(), with_gold(rows))
    found = {row["language"]: row for row in said.scores}
    assert found.keys() == {"en", "hu", "all"}
    assert found["all"].keys() == {
        "language", "n", "accuracy", "macro_f1", "macro_recall", "negative_f1", "ece",
    }  # fmt: skip
    assert (found["all"]["n"], found["en"]["accuracy"], found["hu"]["accuracy"]) == (4, 1.0, 0.0)
    assert said.poison == 1


def test_measuring_tells_how_far_it_is_and_looks_at_no_stars() -> None:
    rows = with_gold([{"text": "negative", "label": "negative", "stars": 5}] * (AT_ONCE + 1))
    heard: list[int] = []
    (english, _) = measured(FakeModel(), rows, heard.append).scores
    assert heard == [AT_ONCE, AT_ONCE + 1]
    assert english["accuracy"] == 1.0


@dataclass
class Interrupted(FakeModel):
    """While it reads, something else happens, once."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def predict_each(self, texts: Sequence[str]) -> "list[Prediction | Poison]":
        results = super().predict_each(texts)
        if self.meanwhile:
            self.meanwhile.pop()()
        return results


def test_an_edit_of_what_is_being_labelled_again_is_not_lost(world: World) -> None:
    def edit() -> None:
        world.hear(a_mention(text="Acme positive"), now=NOW + 2 * MINUTE)

    world.hear(a_mention(text="Acme neutral"), now=NOW)
    labelled(world, FakeModel())
    world.hear(a_mention(text="Acme negative"), now=NOW + MINUTE)
    model = Interrupted(meanwhile=[edit])
    labelled(world, model)
    assert model.read == ["Acme negative", "Acme positive"]
    assert world.rows("SELECT sentiment FROM label") == [{"sentiment": "positive"}]
    assert world.rows("SELECT * FROM redo WHERE stage = 'classify'") == []


def test_an_edit_of_what_is_being_labelled_for_the_first_time_is_not_lost(world: World) -> None:
    def edit() -> None:
        world.hear(a_mention(text="Acme positive"), now=NOW + MINUTE)

    world.hear(a_mention(text="Acme negative"), now=NOW)
    model = Interrupted(meanwhile=[edit])
    labelled(world, model)
    assert model.read == ["Acme negative", "Acme positive"]
    assert world.rows("SELECT sentiment FROM label") == [{"sentiment": "positive"}]


def test_an_edit_before_it_is_labelled_costs_one_reading(world: World) -> None:
    world.hear(*(a_mention(n, text="Acme") for n in range(1, 502)), now=NOW)
    world.hear(a_mention(501, text="Acme positive"), now=NOW + MINUTE)
    model = FakeModel()
    labelled(world, model)
    assert len(model.read) == 501
    assert world.rows("SELECT count(*) AS n FROM label") == [{"n": 501}]
    assert world.rows("SELECT * FROM redo WHERE stage = 'classify'") == []


def test_what_was_labelled_before_we_were_killed_is_kept(world: World) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    world.hear(*(a_mention(n, text=f"the weather {n}") for n in range(1, 11)), now=NOW)
    count = 2 * AT_STAKE - 50
    end = 11 + count
    world.hear(*(a_mention(n, text=f"Acme {n}") for n in range(11, end)), now=NOW)
    model = Interrupted(meanwhile=[killed, lambda: None])
    with pytest.raises(KeyboardInterrupt):
        classify(world.store, model, NOW)
    assert len(model.read) == count
    again = FakeModel()
    world.restart()
    labelled(world, again)
    assert again.read == [f"Acme {n}" for n in range(11 + AT_STAKE, end)]
    kept = world.rows("SELECT count(DISTINCT mention_id) AS n FROM label")
    assert kept == [{"n": count}]
