"""Many brands: one that fails stops none, what is quiet costs little, and nothing comes of that."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.domain.part import WHOLE
from listener.stages.alert import spikes
from listener.store import detectors, series
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, a_subject
from tests.stages.crowds import OPENED, a_crowd, live, ordinary
from tests.stages.test_spike_parts import with_history
from tests.stages.world import World, a_world

START = NOW + HOUR
BOTH = (a_subject("Acme"), a_subject("Cirrus"))


@pytest.fixture
def two(tmp_path: Path) -> World:
    world = World(tmp_path / "two", followed=BOTH, promises={})
    for subject_id in (1, 2):
        with_history(world, subject_id)
    world.think(NOW)
    return world


def of_cirrus(said: list[Any]) -> list[Any]:
    return [replace(one, text=one.text.replace("Acme", "Cirrus"), source="y") for one in said]


def opened(world: World) -> list[str]:
    return [incident["key"] for incident in world.incidents()]


def test_a_brand_that_fails_stops_no_other_and_catches_up(two: World) -> None:
    with two.store.write() as db:
        db.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON incident WHEN new.subject_id = 1"
            " BEGIN SELECT RAISE (ABORT, 'poison'); END"
        )
    two.hear(*a_crowd(START, 80), *of_cirrus(a_crowd(START, 80)), now=START + 11 * MINUTE)
    with pytest.raises(Exception, match="poison"):
        two.think(START + 11 * MINUTE)
    assert opened(two) == ["spike:Cirrus"]
    two.restart()
    with pytest.raises(Exception, match="poison"):
        two.think(START + 12 * MINUTE)
    with two.store.write() as db:
        assert detectors.behind(db) == {1}
        db.execute("DROP TRIGGER poison")
    two.restart()
    two.think(START + 13 * MINUTE)
    assert opened(two) == ["spike:Cirrus", "spike:Acme"]
    with two.store.read() as db:
        assert detectors.behind(db) == set()
    assert two.watch.memory.behind == set()


def test_a_state_that_cannot_be_read_is_learned_anew_and_harms_no_other(two: World) -> None:
    with two.store.write() as db:
        db.execute("UPDATE detector SET state = '{}' WHERE subject_id = 1")
    two.restart()
    two.think(NOW + 5 * MINUTE)
    assert not two.watch.memory.brands[1].series[WHOLE].detector.learning


def test_a_look_when_nothing_happened_writes_nothing(two: World) -> None:
    two.think(NOW + 5 * MINUTE)
    with two.store.read() as db:
        before = db.total_changes
    two.think(NOW + 6 * MINUTE)
    two.think(NOW + 10 * MINUTE)
    with two.store.read() as db:
        assert db.total_changes == before


def test_more_brands_than_one_transaction_takes_are_all_looked_at(two: World) -> None:
    two.hear(*a_crowd(START, 80), *of_cirrus(a_crowd(START, 80)), now=START + 11 * MINUTE)
    two.measure(START + 11 * MINUTE)
    spikes.watch(two.store, two.watch, START + 11 * MINUTE, at_once=1)
    assert sorted(opened(two)) == ["spike:Acme", "spike:Cirrus"]


def test_a_brand_that_is_new_is_watched_and_the_old_one_goes_on(two: World) -> None:
    two.followed = (*BOTH, a_subject("Delos"))
    two.restart()
    with_history(two, 3)
    two.think(NOW + 5 * MINUTE)
    assert not two.watch.memory.brands[3].series[WHOLE].detector.learning
    assert two.watch.memory.brands[1].upto == NOW + 5 * MINUTE


@given(gaps=st.lists(st.integers(1, 60), min_size=1, max_size=5), restarts=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_does_not_matter_how_often_a_quiet_time_is_looked_at(
    gaps: list[int], restarts: bool
) -> None:
    """Every five minutes, or now and then: the same detector, to the last bit."""
    crowd = a_crowd(NOW + 5 * MINUTE, 4, MINUTE)  # too few for an alarm, enough to look closely
    until = NOW + 5 * MINUTE * (3 + sum(gaps))
    with a_world(promises={}) as often, a_world(promises={}) as seldom:
        for world in (often, seldom):
            with_history(world, days=2)
            world.think(NOW)
            world.hear(*crowd, now=NOW + 10 * MINUTE)
            world.think(NOW + 10 * MINUTE)
        often.go(NOW + 15 * MINUTE, until, 5 * MINUTE)
        moment = NOW + 15 * MINUTE
        for gap in gaps:
            moment += gap * 5 * MINUTE
            if restarts:
                seldom.restart()
            seldom.think(moment)
        assert moment == until
        frequent, rare = (w.watch.memory.brands[1] for w in (often, seldom))
        states = [
            {part: one.detector.state() for part, one in each.series.items()}
            for each in (frequent, rare)
        ]
        assert states[0][WHOLE] == states[1][WHOLE]
        assert often.notices() == seldom.notices()


def test_two_weeks_that_are_imported_at_the_start_end_the_learning(world: World) -> None:
    world.promises = {}
    world.restart()
    world.hear(*ordinary(NOW - 15 * DAY, NOW - MINUTE), now=NOW)
    world.think(NOW)
    assert not world.watch.memory.brands[1].series[WHOLE].detector.learning
    live(world, a_crowd(START), START + 15 * MINUTE)
    assert world.events()[0] is OPENED
    assert "still learning" not in world.incidents()[0]["why"]


def test_a_correction_of_what_is_long_past_learns_nothing_anew(two: World) -> None:
    long_ago = "2026-11-10T12:00:00.000Z"
    with two.store.write() as db:
        db.execute(
            "UPDATE bucket SET folded = 500, touched = 2 WHERE subject_id = 1 AND start = ?",
            (long_ago,),
        )
    before = two.watch.memory.brands[1].series[WHOLE].detector
    two.think(NOW + 5 * MINUTE)
    assert two.watch.memory.brands[1].series[WHOLE].detector is before
    assert two.watch.memory.brands[1].passed_over == 1


def test_what_was_counted_while_we_were_away_is_taken_up_after_a_crash(two: World) -> None:
    crowd = a_crowd(START, 80)
    two.hear(*crowd, now=START + 11 * MINUTE)
    two.measure(START + 11 * MINUTE)
    two.restart()
    two.think(START + 11 * MINUTE + SECOND)
    assert opened(two) == ["spike:Acme"]
    with two.store.read() as db:
        assert detectors.taken(db) == max(
            one.touched for found in series.touched_since(db, 0).values() for one in found
        )


def test_a_day_without_a_word_is_kept_at_least_once(two: World) -> None:
    def kept() -> list[Any]:
        return two.rows("SELECT state FROM detector WHERE subject_id = 1 AND channel = 'all'")

    before = kept()
    two.go(NOW + HOUR, NOW + 25 * HOUR, timedelta(hours=1))
    assert kept() != before
