"""Competitors' troubles: one incident each, for information; not beside a spike that tells it."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from listener import inbox
from listener.domain.incident import Event, Severity
from listener.domain.manners import Reason
from listener.domain.mention import Mention
from listener.domain.part import WHOLE
from listener.receipts import hours_around, receipt
from listener.rules.competitor import CompetitorRule, Means
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import next_due
from listener.store import detectors
from listener.texts.notice import facts as told_facts
from listener.texts.notice import spoken, subject_line
from listener.texts.receipt import facts
from tests.builders import HOUR, MINUTE, NOW
from tests.stages.crowds import a_crowd, live
from tests.stages.test_spike_parts import evidence, with_history
from tests.stages.world import World

TROUBLE, UPDATED = Event.COMPETITOR_TROUBLE, Event.INCIDENT_UPDATED
START = NOW + HOUR
ACME, BOREAL = 1, 2
KEY = "competitor:Boreal"


def a_world(folder: Path, **more: Any) -> World:
    rules = more.pop("rules", {"spike": SpikeRule(), "competitor": CompetitorRule()})
    world = World(folder, rules=rules, promises={}, **more)
    with_history(world, ACME)
    with_history(world, BOREAL)
    world.think(NOW)
    return world


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = a_world(tmp_path / "rivals")
    yield made
    made.store.close()


def theirs(said: list[Mention]) -> list[Mention]:
    return [
        replace(one, brand="Boreal", source="y", text=one.text.replace("Acme", "Boreal"))
        for one in said
    ]


def told(world: World) -> list[Event]:
    return [event for event in world.events() if event is not UPDATED]


def test_a_competitors_crowd_is_an_opening(world: World) -> None:
    live(world, theirs(a_crowd(START, 60)), START + 30 * MINUTE)
    assert told(world) == [TROUBLE]
    (incident,) = world.incidents()
    assert (incident["key"], incident["severity"], incident["subject_id"]) == (KEY, "info", BOREAL)
    found = evidence(world, KEY)
    assert found["means"] == "opening"
    (acme,) = found["ours"]
    assert (acme["subject"], acme["rose"]) == ("Acme", False)
    assert found["authors"] >= 20
    (notice,) = world.tell(START + 30 * MINUTE).taken[:1]
    assert len(notice.quotes) > 5
    assert subject_line(notice).startswith("[info] Boreal: A competitor is in trouble (")
    assert any("By chance" in spoken(line, UTC) for line in told_facts(notice))


def test_it_waits_some_minutes_for_a_brand_in_the_same_trouble(world: World) -> None:
    live(world, theirs(a_crowd(START, 60, 5 * MINUTE)), START + 10 * MINUTE)
    assert told(world) == []
    assert next_due(world.store, START + 10 * MINUTE) == START + 15 * MINUTE


def test_when_we_rise_together_the_spike_tells_it_alone(world: World) -> None:
    live(world, a_crowd(START, 60) + theirs(a_crowd(START + MINUTE, 60)), START + 50 * MINUTE)
    assert set(told(world)) <= {Event.SPIKE_OPENED, Event.SPIKE_ESCALATED}
    assert evidence(world)["whose"] == "everyones"
    found = evidence(world, KEY)
    assert (found["means"], found["ours"][0]["rose"]) == ("warning", True)
    held = world.rows("SELECT reason, became FROM withheld WHERE event = 'competitor.trouble'")
    assert held == [{"reason": Reason.MUTED.value, "became": None}]


def test_what_goes_on_when_our_spike_is_over_is_told_then(world: World) -> None:
    live(world, a_crowd(START, 60) + theirs(a_crowd(START + MINUTE, 60)), START + 30 * MINUTE)
    assert TROUBLE not in told(world)
    again = START + 40 * MINUTE
    live(world, theirs(a_crowd(again, 90, 2 * HOUR)), again + 2 * HOUR)
    assert told(world)[-2:] == [Event.SPIKE_RESOLVED, TROUBLE]


def test_an_opening_that_becomes_a_warning_is_told_as_graver(tmp_path: Path) -> None:
    rules = {"competitor": CompetitorRule()}
    world = a_world(tmp_path / "alone", rules=rules)
    live(world, theirs(a_crowd(START, 60)), START + 25 * MINUTE)
    later = START + 26 * MINUTE
    live(world, a_crowd(later, 60) + theirs(a_crowd(later + MINUTE, 60)), later + 30 * MINUTE)
    assert told(world) == [TROUBLE, Event.INCIDENT_ESCALATED]
    assert world.incidents()[0]["severity"] == "watch"
    world.store.close()


def test_the_end_is_told_to_programs(world: World) -> None:
    live(world, theirs(a_crowd(START, 60)), START + 3 * HOUR)
    assert told(world) == [TROUBLE, Event.INCIDENT_RESOLVED]
    over = world.tell(START + 3 * HOUR).taken[-1]
    assert (over.incident, over.severity, over.action) == (1, Severity.INFO, "")
    assert over.why.startswith("It was open for ")


def test_after_a_quiet_hour_it_is_over_without_a_word_to_people(tmp_path: Path) -> None:
    world = a_world(tmp_path / "slack", editing=("slack",), calling=("slack",))
    live(world, theirs(a_crowd(START, 60)), START + 3 * HOUR)
    (incident,) = world.incidents()
    assert incident["resolved_at"] is not None
    assert told(world) == [TROUBLE]
    assert world.events()[-1] is UPDATED
    live(world, theirs(a_crowd(START + 20 * HOUR, 60)), START + 21 * HOUR)
    assert told(world) == [TROUBLE, TROUBLE]
    world.store.close()


def test_a_restart_tells_nothing_twice_and_keeps_what_was_learned(world: World) -> None:
    said = theirs(a_crowd(START, 60))
    live(world, said, START + 15 * MINUTE)
    for minutes in (16, 20, 25, 30, 60):
        world.restart()
        world.think(START + minutes * MINUTE)
    assert told(world) == [TROUBLE]
    with world.store.read() as db:
        assert {r.part for r in detectors.load(db, [BOREAL])} == {WHOLE}
    assert world.watch.memory.brands[BOREAL].series[WHOLE].detector.sensitivity == "calm"


def test_what_a_person_resolved_stays_closed_for_that_episode(world: World) -> None:
    live(world, theirs(a_crowd(START, 60)), START + 30 * MINUTE)
    inbox.resolve(world.store, 1, "jo", [], START + 30 * MINUTE)
    live(world, theirs(a_crowd(START + 31 * MINUTE, 30)), START + 2 * HOUR)
    assert told(world) == [TROUBLE]
    assert len(world.incidents()) == 1


def test_what_nobody_asks_for_opens_nothing(tmp_path: Path) -> None:
    rules = {"competitor": CompetitorRule(which=(Means.WARNING,))}
    world = a_world(tmp_path / "some", rules=rules)
    live(world, theirs(a_crowd(START, 60)), START + 30 * MINUTE)
    assert world.incidents() == []
    world.store.close()


def test_people_hear_it_once_and_are_not_reminded(tmp_path: Path) -> None:
    world = a_world(tmp_path / "people", calling=("slack",), editing=("slack",))
    live(world, theirs(a_crowd(START, 60)), START + 9 * HOUR)
    assert told(world) == [TROUBLE]
    world.store.close()


def test_the_receipt_says_what_it_is_to_us(world: World) -> None:
    live(world, theirs(a_crowd(START, 60)), START + 30 * MINUTE)
    lines = facts(receipt(world.store, 1), world.watch.zone)
    assert ("means", "an opening: our brands are as usual, as far as is known") in lines
    assert any(name == "ours" and words.startswith("Acme: ") for name, words in lines)
    assert {"window", "counted", "expected", "chance", "people"} <= {name for name, _ in lines}
    assert len(hours_around(world.store, 1, START + HOUR)) > 10


def test_where_nothing_was_said_nothing_is_written(world: World) -> None:
    live(world, theirs(a_crowd(START, 60)), START + 4 * HOUR)
    with world.store.write() as db:
        for change in ("INSERT", "UPDATE"):
            db.execute(
                f"CREATE TRIGGER no_{change} BEFORE {change} ON detector"
                " BEGIN SELECT RAISE (ABORT, 'something is written'); END"
            )
    world.think(START + 4 * HOUR + MINUTE)
    world.think(START + 4 * HOUR + 6 * MINUTE)
    assert world.watch.memory.upto == START + 4 * HOUR + 5 * MINUTE
