"""What a spike is compared with: competitors in the same hours, known events, the last of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from listener.domain.events import KnownEvent
from listener.domain.part import WHOLE
from tests.builders import DAY, HOUR, MINUTE, NOW
from tests.stages.crowds import a_crowd, live
from tests.stages.test_spike_parts import evidence, with_history
from tests.stages.world import World

START = NOW + HOUR
RIVAL = 2


@pytest.fixture
def busy(world: World) -> World:
    world.promises = {}
    world.restart()
    with_history(world)
    world.think(NOW)
    return world


def test_a_crowd_about_one_brand_alone_is_ours(busy: World) -> None:
    with_history(busy, RIVAL)
    live(busy, a_crowd(START, 60), START + 15 * MINUTE)
    assert evidence(busy)["whose"] == "ours"
    assert "Acme alone: Boreal is as usual." in busy.incidents()[0]["why"]


def test_when_the_competitor_is_in_trouble_too_it_is_everyones(busy: World) -> None:
    with_history(busy, RIVAL)
    said = a_crowd(START, 60) + [
        replace(one, brand="Boreal", source="y") for one in a_crowd(START + MINUTE, 60, 9 * MINUTE)
    ]
    live(busy, said, START + 15 * MINUTE)
    found = evidence(busy)
    assert found["whose"] == "everyones"
    (rival,) = found["rivals"]
    assert rival["subject"] == "Boreal"
    assert rival["negative"] > 2 * rival["usual"] > 10


def test_what_names_the_competitor_too_is_theirs(busy: World) -> None:
    with_history(busy, RIVAL)
    said = [replace(one, text=f"{one.text} Boreal") for one in a_crowd(START, 60)]
    live(busy, said, START + 15 * MINUTE)
    assert evidence(busy)["whose"] == "theirs"


def test_without_a_past_of_the_competitor_nobody_knows(busy: World) -> None:
    live(busy, a_crowd(START, 60), START + 15 * MINUTE)
    assert evidence(busy)["whose"] == "unknown"
    assert evidence(busy)["rivals"] == []


def with_events(world: World, *events: KnownEvent) -> None:
    world.watch = replace(world.watch, events=events)


def a_sale(since: timedelta = HOUR, **changes: Any) -> KnownEvent:
    given: dict[str, Any] = {
        "name": "Black Friday",
        "since": NOW + since,
        "until": NOW + since + DAY,
    }
    return KnownEvent(**(given | {"factor": 3.0} | changes))


def told(world: World) -> list[Any]:
    return world.watch.memory.brands[1].series[WHOLE].events


def expected(world: World) -> list[Any]:
    """Spans of known events, as the detector keeps them."""
    state = world.watch.memory.brands[1].series[WHOLE].detector.state()
    return [factor for *_, factor in state["events"]]


def test_a_detector_is_told_of_an_event_once_and_again_when_it_changes(busy: World) -> None:
    with_events(busy, a_sale())
    busy.think(NOW + 5 * MINUTE)
    assert expected(busy) == [3.0]
    before = told(busy)
    busy.restart()
    with_events(busy, a_sale())
    busy.think(NOW + 10 * MINUTE)
    assert told(busy) == before
    with_events(busy, a_sale(factor=2.0))
    busy.think(NOW + 15 * MINUTE)
    assert expected(busy) == [2.0]
    with_events(busy)
    busy.think(NOW + 20 * MINUTE)
    assert expected(busy) == []
    assert told(busy) == []


def test_an_event_of_another_subject_is_none_of_ours(busy: World) -> None:
    with_events(busy, a_sale(subjects=("Boreal",)))
    busy.think(NOW + 5 * MINUTE)
    assert expected(busy) == []


def test_every_part_is_told_of_it(busy: World) -> None:
    with_events(busy, a_sale())
    busy.think(NOW + 5 * MINUTE)
    watched = busy.watch.memory.brands[1]
    assert len(watched.series) == 3
    assert all(one.detector.state()["events"] for one in watched.series.values())


def test_during_an_event_it_takes_more_and_the_alert_names_it(busy: World) -> None:
    with_events(busy, a_sale())
    live(busy, a_crowd(START, 120), START + 15 * MINUTE)
    assert evidence(busy)["events"] == ["Black Friday"]
    assert "During Black Friday." in busy.incidents()[0]["why"]


def test_more_than_the_last_time_is_told(busy: World) -> None:
    last = a_sale(-10 * DAY + HOUR, name="Black Friday", factor=1.5)
    with_events(busy, last, a_sale())
    live(busy, a_crowd(START, 200), START + 15 * MINUTE)
    assert "of Black Friday 2026" in evidence(busy)["beyond_last"]
    assert "times as many negatives as in the same hours" in busy.incidents()[0]["why"]


def test_how_much_the_last_one_was_is_learned_from_history(busy: World) -> None:
    with busy.store.write() as db:  # three times as many on that day
        db.execute(
            "UPDATE bucket SET folded = folded * 3 WHERE start >= '2026-11-12T13:00' AND"
            " start < '2026-11-13T13:00'"
        )
    last = a_sale(-10 * DAY + HOUR)
    with_events(busy, last, a_sale(learn=True, factor=1.5))
    busy.think(NOW + 5 * MINUTE)
    (factor,) = expected(busy)
    assert factor > 3  # of the days before it, of which half had no buckets yet
