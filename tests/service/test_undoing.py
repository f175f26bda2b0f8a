"""Undoing: what stood before stands again, and the record says what was done and undone."""

from collections.abc import Callable
from typing import Any

import pytest

from listener import inbox, issues, notes, undoing
from listener.domain.label import Sentiment
from listener.errors import UsageError
from listener.store import people, undoable
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NEUTRAL, NOW, POSITIVE, SECOND, an_answer
from tests.service.conftest import SEEN
from tests.stages.world import World
from tests.store.kept import everything, one

THEN = SEEN + MINUTE
ACTS: dict[str, Callable[[Store], object]] = {
    "answered": lambda store: inbox.answer(store, "x:1", "jo", THEN),
    "dismissed": lambda store: inbox.dismiss(store, "x:1", "jo", THEN),
    "snoozed": lambda store: inbox.snooze(store, "x:1", HOUR, "jo", THEN),
    "assigned": lambda store: inbox.assign(store, "x:1", "kata", "jo", THEN),
    "corrected": lambda store: inbox.correct(store, "x:1", POSITIVE, ("price",), "jo", THEN),
    "towards": lambda store: inbox.correct_towards(store, "x:1", "Acme", NEUTRAL, "jo", THEN),
    "not about": lambda store: inbox.judge(store, "x:1", "Acme", "jo", THEN, relevant=False),
    "linked": lambda store: issues.link(store, "x:1", "CX-7", "jo", THEN),
}
STANDS = (
    "clock", "former_clock", "label", "match", "response", "verdict", "issue", "issue_mention",
)  # fmt: skip


def stands(world: World) -> dict[str, list[dict[str, Any]]]:
    """What acts change; that nobody works on it is as if nobody ever had."""
    every = everything(world.store)
    rows = {name: every[name] for name in STANDS}
    working = [(row["mention_id"], row["assignee"]) for row in every["work"] if row["assignee"]]
    return rows | {"work": [dict(working)]}


def last_batch(world: World) -> int:
    return int(one(world.store, "SELECT max(act_id) FROM undoable"))


@pytest.mark.parametrize("act", ACTS)
def test_what_is_undone_is_as_if_it_had_not_been_done(world: World, act: str) -> None:
    world.think(THEN)
    before, counted = stands(world), one(world.store, "SELECT sum(negative) FROM bucket")
    ACTS[act](world.store)
    world.think(THEN + SECOND)
    assert stands(world) != before
    undone = undoing.undo(world.store, last_batch(world), "jo", THEN + MINUTE)
    assert (undone.names, undone.failed) == (("x:1",), ())
    world.think(THEN + MINUTE)
    assert stands(world) == before
    assert one(world.store, "SELECT sum(negative) FROM bucket") == counted
    acts = world.rows("SELECT who, did, what, detail FROM audit ORDER BY id DESC LIMIT 2")
    assert acts[0]["did"] == "undid"
    assert acts[0]["detail"] == acts[1]["did"]
    assert people.last_acts(_db(world), ["x:1"]) == {}


def _db(world: World) -> Any:
    with world.store.read() as db:
        return db


@pytest.mark.parametrize("act", ["answered", "dismissed", "snoozed", "assigned"])
def test_an_act_that_only_repeats_is_undone_to_what_it_repeated(world: World, act: str) -> None:
    inbox.assign(world.store, "x:1", "bela", "kim", SEEN)
    inbox.snooze(world.store, "x:1", 3 * HOUR, "kim", SEEN)
    inbox.dismiss(world.store, "x:1", "kim", SEEN)
    inbox.answer(world.store, "x:1", "kim", NOW + 2 * HOUR)
    before = stands(world)
    if act == "answered":  # earlier than was known
        inbox.answer(world.store, "x:1", "jo", NOW + 2 * HOUR, at=THEN)
    else:
        ACTS[act](world.store)
    later = NOW + 2 * HOUR if act == "answered" else THEN
    assert undoing.undo(world.store, last_batch(world), "jo", later).failed == ()
    assert stands(world) == before


def test_an_answer_that_was_seen_meanwhile_stays(world: World) -> None:
    inbox.answer(world.store, "x:1", "jo", THEN)
    world.hear(now=THEN + MINUTE, answers=[an_answer(1)])
    world.think(THEN + MINUTE)
    undoing.undo(world.store, last_batch(world), "jo", THEN + 2 * MINUTE)
    clock = world.clocks()["1"]
    assert (clock["state"], clock["answered_at"]) == ("met", "2026-11-22T12:10:00.000Z")
    world.think(THEN + 3 * MINUTE)
    assert world.clocks()["1"] == clock


def test_the_answer_that_is_seen_after_one_was_taken_back_counts(world: World) -> None:
    """It gets the number of the one that is gone, which was looked at already."""
    inbox.answer(world.store, "x:1", "jo", THEN)
    world.think(THEN)
    undoing.undo(world.store, last_batch(world), "jo", THEN)
    world.hear(now=THEN + MINUTE, answers=[an_answer(2, said_at=THEN)])
    world.think(THEN + MINUTE)
    assert (world.state(1), world.state(2)) == ("waiting", "met")


def refused(world: World, batch: int, who: str = "jo", now: Any = THEN) -> str:
    before = everything(world.store)
    undone = undoing.undo(world.store, batch, who, now)
    assert undone.names == ()
    assert everything(world.store) == before
    assert not undoing.can_undo(world.store, batch, who, now)
    return " ".join(undone.failed)


def test_it_is_refused_to_others_too_late_twice_and_after_other_acts(world: World) -> None:
    inbox.dismiss(world.store, "x:1", "jo", THEN)
    batch = last_batch(world)
    assert undoing.can_undo(world.store, batch, "jo", THEN)
    assert "only jo can" in refused(world, batch, who="kim")
    assert "too long ago" in refused(world, batch, now=THEN + undoing.WITHIN + SECOND)
    inbox.assign(world.store, "x:1", "kim", "kim", THEN)
    assert "somebody did something" in refused(world, batch)
    undoing.undo(world.store, last_batch(world), "kim", THEN)
    undoing.undo(world.store, batch, "jo", THEN)
    assert world.state(1) == "waiting"
    assert "undone already" in refused(world, batch)
    with pytest.raises(UsageError, match="nothing to undo"):
        undoing.undo(world.store, 999, "jo", THEN)


def test_a_deleted_mention_stays_as_it_is(world: World) -> None:
    inbox.dismiss(world.store, "x:1", "jo", THEN)
    batch = last_batch(world)
    inbox.forget(world.store, "x:person1", "jo", THEN)
    with pytest.raises(UsageError, match="nothing to undo"):
        undoing.undo(world.store, batch, "jo", THEN)
    assert world.state(1) == "dismissed"


def test_what_was_done_at_once_is_undone_at_once_but_for_what_changed_since(world: World) -> None:
    after = undoing.newest_act(world.store)
    for name in ("x:1", "x:2"):
        inbox.dismiss(world.store, name, "jo", THEN)
    batch = undoing.together(world.store, "jo", after)
    assert batch is not None
    inbox.assign(world.store, "x:2", "kim", "kim", THEN)
    undone = undoing.undo(world.store, batch, "jo", THEN)
    assert undone.names == ("x:1",)
    assert [one.partition(" ")[0] for one in undone.failed] == ["x:2:"]
    assert (world.state(1), world.state(2)) == ("waiting", "dismissed")
    assert undoing.together(world.store, "jo", undoing.newest_act(world.store)) is None


def test_what_was_dismissed_after_it_was_told_is_told_when_it_ends(world: World) -> None:
    """Who heard that it was over would never hear of its answer."""
    late = NOW + HOUR + MINUTE
    world.think(late)
    inbox.dismiss(world.store, "x:1", "jo", late)
    world.think(late + MINUTE)
    undoing.undo(world.store, last_batch(world), "jo", late + MINUTE)
    with world.store.read() as db:
        row = db.execute("SELECT state, told_overdue, told_closed FROM clock").fetchone()
    assert tuple(row) == ("overdue", 1, 0)


def test_a_note_is_kept_cleaned_and_undone(world: World) -> None:
    notes.on_mention(world.store, "1", "  told\x00 the\u202e courier\r\nby phone ", "jo", THEN)
    assert one(world.store, "SELECT text FROM note") == "told the courier\nby phone"
    assert one(world.store, "SELECT what FROM audit") == "x:1"
    with world.store.read() as db:
        assert undoable.standing(db, "x:1") == last_batch(world)
    undoing.undo(world.store, last_batch(world), "jo", THEN)
    assert one(world.store, "SELECT count(*) FROM note") == 1
    with pytest.raises(UsageError, match="needs words"):
        notes.on_mention(world.store, "1", " \n ", "jo", THEN)


def test_a_correction_that_was_undone_teaches_nothing(world: World) -> None:
    inbox.correct(world.store, "x:1", Sentiment.POSITIVE, (), "jo", THEN)
    undoing.undo(world.store, last_batch(world), "jo", THEN)
    with world.store.read() as db:
        assert list(people.export(db, "corrections", NOW - HOUR)) == []
