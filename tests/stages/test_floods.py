"""Floods of copies, through the database: opened once, over when they ebb, and no spike."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Event
from listener.domain.mention import Kind, Mention
from listener.domain.times import BUCKET
from listener.rules.flood import FloodRule
from listener.rules.spike.rule import SpikeRule
from listener.stages.alert import floods
from tests.builders import DAY, HOUR, MINUTE, NEUTRAL, NOW, SECOND, a_mention
from tests.stages.world import World

OPENED, OVER = Event.FLOOD_OPENED, Event.INCIDENT_RESOLVED
TEXTS = (
    "Acme poisons our rivers and nobody in the government does anything about it at all",
    "Stop buying from Acme today, they have been lying to every one of us for many years now",
    "Shame on Acme for what they did to the workers in the harbour, share this with your friends",
)


@pytest.fixture
def world(world: World) -> World:
    world.rules = {"flood": FloodRule(), "spike": SpikeRule()}
    world.promises = {}
    world.restart()
    return world


def flood(
    at: datetime, count: int = 90, within: timedelta = 20 * MINUTE, **more: Any
) -> list[Mention]:
    return [
        a_mention(
            source_id=f"{at:%d%H%M}-{n}",
            said_at=at + within * n / count,
            text=TEXTS[n % 3],
            author=f"bot{at:%d}{n}",
            label=NEUTRAL,
            **more,
        )
        for n in range(count)
    ]


def live(world: World, said: list[Mention], until: datetime, lag: timedelta = 30 * SECOND) -> None:
    moment = min(one.said_at for one in said)
    waiting = sorted(said, key=lambda one: one.said_at)
    while moment <= until:
        seen = [one for one in waiting if one.said_at + lag <= moment]
        waiting = waiting[len(seen) :]
        if seen:
            world.hear(*seen, now=moment)
        world.think(moment)
        moment += 5 * MINUTE


def told(world: World) -> list[Event]:
    return [event for event in world.events() if event is not Event.INCIDENT_UPDATED]


def test_a_flood_is_told_once_and_its_end(world: World) -> None:
    live(world, flood(NOW), NOW + 4 * HOUR)
    assert told(world) == [OPENED, OVER]
    (incident,) = world.incidents()
    assert incident["key"] == "flood:Acme"
    assert incident["title"] == "Acme: 90 copies of 3 texts by 90 accounts in 1 h"


def test_as_it_ebbs_it_keeps_its_highest_count(world: World) -> None:
    late = [replace(m, author=f"late{m.author}") for m in flood(NOW + 50 * MINUTE, 60)]
    live(world, flood(NOW) + late, NOW + 4 * HOUR)
    (incident,) = world.incidents()
    assert incident["title"] == "Acme: 120 copies of 3 texts by 120 accounts in 1 h"
    assert json.loads(incident["evidence"])["mentions"] == 120


def test_negative_copies_are_a_flood_and_no_spike(world: World) -> None:
    said = [a_mention(**vars_of(one)) for one in flood(NOW)]
    live(world, said, NOW + HOUR)
    assert told(world) == [OPENED]
    assert world.incidents()[0]["severity"] == "high"


def vars_of(one: Mention) -> dict[str, Any]:
    """The same, as a complaint."""
    return {
        "source_id": one.source_id,
        "said_at": one.said_at,
        "text": one.text,
        "author": one.author,
    }


def test_who_passes_on_a_post_makes_no_flood(world: World) -> None:
    said = [
        a_mention(
            source_id=str(n),
            said_at=NOW + n * SECOND,
            text=f"RT @acme_fan: {TEXTS[0]}",
            author=f"follower{n}",
            label=NEUTRAL,
        )
        for n in range(200)
    ]
    live(world, said, NOW + HOUR)
    assert told(world) == []


def test_quotes_make_no_flood(world: World) -> None:
    live(world, flood(NOW, kind=Kind.QUOTE), NOW + HOUR)
    assert told(world) == []


def test_history_opens_nothing(world: World) -> None:
    world.hear(*flood(NOW - 3 * DAY), now=NOW)
    world.think(NOW)
    assert told(world) == []


def test_what_is_heard_hours_later_is_found_all_the_same(world: World) -> None:
    world.think(NOW)
    live(world, flood(NOW), NOW + 7 * HOUR, lag=6 * HOUR)
    assert told(world)[0] is OPENED


def test_a_restart_tells_nothing_twice_and_finds_no_old_flood_anew(world: World) -> None:
    live(world, flood(NOW), NOW + 30 * MINUTE)
    for minutes in range(35, 240, 5):
        world.restart()
        world.think(NOW + minutes * MINUTE)
    assert told(world) == [OPENED, OVER]


def test_a_brand_that_has_such_floods_daily_is_not_told_of_them(world: World) -> None:
    history = [m for day in range(2, 9) for m in flood(NOW - day * DAY)]
    world.hear(*history, now=NOW)
    world.think(NOW)
    live(world, flood(NOW), NOW + HOUR)
    assert told(world) == []
    live(world, flood(NOW + 2 * HOUR, 200), NOW + 3 * HOUR)
    assert told(world) == [OPENED]


def test_nothing_new_asks_for_nothing(world: World) -> None:
    live(world, flood(NOW, 20), NOW + HOUR)
    statements: list[str] = []
    with world.store.read() as db:
        db.set_trace_callback(statements.append)
        floods.watch(world.store, world.watch, NOW + HOUR + MINUTE)
        db.set_trace_callback(None)
    assert len(statements) == 2


@given(
    st.dictionaries(st.integers(0, 60), st.integers(1, 30), min_size=1),
    st.sets(st.integers(0, 60), min_size=1),
)
def test_the_fullest_hour_is_the_fullest(counts: dict[int, int], wanted: set[int]) -> None:
    copies = {NOW + n * BUCKET: c for n, c in counts.items()}
    starts = [NOW + n * BUCKET for n in sorted(wanted & counts.keys())]
    end, most = floods.fullest(copies, starts, HOUR)
    hours = [range(first, first + 12) for first in range(-12, 62)]
    assert most == max(
        (sum(counts.get(n, 0) for n in hour) for hour in hours if wanted & counts.keys() & {*hour}),
        default=0,
    )
    if end is not None:
        assert most == sum(c for start, c in copies.items() if end - HOUR <= start < end)
