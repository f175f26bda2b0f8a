"""A storm: more negatives than are read. What is told of them is counted of all."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import HOUR, MINUTE, NOW, a_mention
from tests.stages.crowds import OPENED, RESOLVED, WORDS, a_crowd, live
from tests.stages.test_spike_parts import evidence, with_history
from tests.stages.world import World

START = NOW + HOUR
MANY, COPIES = 2300, 50


@pytest.fixture
def stormy(world: World) -> World:
    """2,300 different negatives, 50 copies of the first, and the one with most followers last."""
    world.promises = {}
    world.restart()
    with_history(world)
    world.think(NOW)
    dice = random.Random(1)
    said = [
        replace(one, text=f"Acme {' '.join(dice.sample(WORDS, 8))} {n:x}q")
        for n, one in enumerate(a_crowd(START, MANY))
    ]
    said += [
        replace(said[0], source_id=f"copy{n}", author=f"copier{n}", said_at=START + 9 * MINUTE)
        for n in range(COPIES)
    ]
    said.append(
        a_mention(
            source_id="loud", text="Acme is all over my channel", author="star", followers=900_000,
            said_at=START + 9 * MINUTE + timedelta(seconds=59),
        )
    )  # fmt: skip
    live(world, said, START + 25 * MINUTE)
    return world


def test_people_texts_and_copies_are_counted_of_all(stormy: World) -> None:
    found = evidence(stormy)
    assert found["negative"] == MANY + 1
    assert found["authors"] == MANY + COPIES + 1
    assert found["clusters"] == MANY + 1
    assert found["copies"] == COPIES
    assert found["channels"] == {"social": MANY + COPIES + 1}
    assert f"({COPIES} copies not counted)" in stormy.incidents()[0]["why"]


def test_who_reaches_most_is_found_however_late_it_was_said(stormy: World) -> None:
    assert evidence(stormy)["loudest"]["id"] == "x:loud"


def test_its_end_tells_of_all_that_were_said(stormy: World) -> None:
    stormy.go(START + 20 * MINUTE, START + 3 * HOUR, 5 * MINUTE)
    assert RESOLVED in stormy.events()
    [why] = stormy.rows("SELECT body ->> '$.why' AS why FROM notice WHERE event = 'spike.resolved'")
    said = f"{MANY + 1:,} negative mentions and {COPIES:,} copies of them"
    assert f"{said}, by {MANY + COPIES + 1:,} people in all." in why["why"]


def test_a_longer_window_with_no_more_in_it_does_not_replace_the_telling_one(
    stormy: World,
) -> None:
    stormy.go(START + 30 * MINUTE, START + 55 * MINUTE, 5 * MINUTE)
    assert stormy.incidents()[0]["title"] == f"Acme: {MANY + 1:,} negative mentions in 30 min"


def test_while_it_grows_its_message_follows_within_a_minute(world: World) -> None:
    world.promises, world.editing = {}, ("slack",)
    world.restart()
    with_history(world)
    world.think(NOW)
    for minute in range(4):
        now = START + minute * MINUTE
        world.hear(*a_crowd(now, 100, MINUTE), now=now + MINUTE)
        world.think(now + MINUTE)
    titles = world.rows("SELECT body ->> '$.title' AS title FROM notice ORDER BY made_at")
    counts = [int(row["title"].split()[1]) for row in titles]
    assert len(counts) == 4
    assert counts[-1] > 3 * counts[0]


def test_a_message_is_not_drawn_anew_for_each_further_mention(world: World) -> None:
    world.promises, world.editing = {}, ("slack",)
    world.restart()
    with_history(world)
    world.think(NOW)
    world.hear(*a_crowd(START, 100, MINUTE), now=START + MINUTE)
    world.think(START + MINUTE)
    for minute in range(2, 5):
        now = START + minute * MINUTE
        world.hear(*a_crowd(now, 2, MINUTE), now=now)
        world.think(now)
    assert world.events() == [OPENED]
