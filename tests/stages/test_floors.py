"""Bounds of the user's own, through the database: crossed once, and over when below."""

from datetime import datetime

import pytest

from listener.domain.incident import Event
from listener.domain.mention import Channel
from listener.rules.floor import Bound, FloorRule
from listener.stages.alert import floors
from tests.builders import DAY, HOUR, MINUTE, NEUTRAL, NOW, SECOND, a_mention, a_review
from tests.stages.world import World

CROSSED, OVER = Event.FLOOR_CROSSED, Event.INCIDENT_RESOLVED
WORDS = (
    "seat",
    "bag",
    "gate",
    "crew",
    "meal",
    "bus",
    "hotel",
    "visa",
    "desk",
    "box",
    "app",
    "queue",
)


def with_bounds(world: World, *bounds: Bound) -> World:
    world.rules = {"floor": FloorRule(bounds=bounds)}
    world.promises = {}
    world.restart()
    return world


def said(world: World, count: int, at: datetime = NOW) -> None:
    for n in range(count):
        k = n + 9 * at.minute
        text = f"Acme, the {WORDS[k % 12]} and the {WORDS[(k + 5) % 12]} of flight {k * 37} failed"
        one = a_mention(
            source_id=f"{at:%d%H%M}-{n}", said_at=at + n * SECOND, text=text, author=f"p{at:%M}{n}"
        )
        world.hear(one, now=at + n * SECOND)
    world.think(at + MINUTE)


def told(world: World) -> list[Event]:
    return [event for event in world.events() if event is not Event.INCIDENT_UPDATED]


def test_ten_negatives_in_an_hour_are_told_once_and_over_when_they_are_past(world: World) -> None:
    with_bounds(world, Bound(subject="Acme", negative=10))
    said(world, 9)
    assert told(world) == []
    said(world, 1, NOW + 5 * MINUTE)
    assert told(world) == [CROSSED]
    world.go(NOW + 10 * MINUTE, NOW + 3 * HOUR, 5 * MINUTE)
    assert told(world) == [CROSSED, OVER]
    (incident,) = world.incidents()
    assert incident["title"] == "Acme: 10 negative mentions in 1 h, your bound is 10"
    assert incident["resolved_at"] == "2026-11-22T13:30:00.000Z"


def test_without_bounds_nothing_is_counted(world: World) -> None:
    with_bounds(world)
    said(world, 50)
    assert told(world) == []


def test_a_bound_of_a_channel_counts_that_channel(world: World) -> None:
    with_bounds(world, Bound(channel=Channel.REVIEW, negative=3))
    said(world, 10)
    reviews = [
        a_review(n, text=f"{WORDS[n]} Acme {WORDS[-n]} broke", brand="Acme") for n in range(1, 4)
    ]
    assert told(world) == []
    world.hear(*reviews, now=NOW + MINUTE)
    world.think(NOW + 2 * MINUTE)
    assert told(world) == [CROSSED]


def test_copies_count_once(world: World) -> None:
    with_bounds(world, Bound(negative=3))
    words = "Acme is a fraud, never give your money to these people, share this everywhere"
    for n in range(20):
        world.hear(a_mention(n, text=words, author=f"p{n}"), now=NOW + n * SECOND)
    world.think(NOW + MINUTE)
    assert told(world) == []


def test_a_query_counts_what_it_finds_of_any_sentiment(world: World) -> None:
    with_bounds(world, Bound(query="strike", mentions=2))
    said(world, 20)
    for n, text in enumerate(("Acme crews on strike", "is there an Acme strike in Riga?")):
        assert told(world) == []
        at = NOW + (2 + n) * MINUTE
        world.hear(a_mention(900 + n, text=text, said_at=at, label=NEUTRAL), now=at)
        world.think(at + SECOND)
    assert world.notices()[0] == (CROSSED, ["900", "901"])


def test_a_query_may_ask_for_what_is_known_later(world: World) -> None:
    with_bounds(world, Bound(query="strike sentiment:negative", mentions=1))
    world.hear(a_mention(1, text="Acme crews on strike", label=NEUTRAL), now=NOW)
    world.think(NOW + MINUTE)
    assert told(world) == []
    world.hear(a_mention(2, text="the Acme strike ruined my week"), now=NOW)
    world.think(NOW + 2 * MINUTE)
    assert told(world) == [CROSSED]


def test_history_opens_nothing(world: World) -> None:
    with_bounds(world, Bound(negative=3))
    said(world, 10, NOW - DAY)
    world.think(NOW)
    assert [i for i in world.incidents() if i["opened_at"] > "2026-11-22T12"] == []


def test_a_rival_has_no_bounds(world: World) -> None:
    with_bounds(world, Bound(negative=1))
    world.hear(a_mention(1, text="Boreal lost my bag"), now=NOW)
    world.think(NOW + MINUTE)
    assert told(world) == []


def test_a_restart_tells_nothing_twice(world: World) -> None:
    with_bounds(world, Bound(negative=3), Bound(query="flight", mentions=3))
    said(world, 3)
    assert told(world) == [CROSSED, CROSSED]
    for minutes in range(2, 20):
        world.restart()
        world.think(NOW + minutes * MINUTE)
    assert told(world) == [CROSSED, CROSSED]


def test_nothing_new_asks_for_nothing(world: World) -> None:
    with_bounds(world, Bound(negative=10), Bound(query="strike", mentions=9))
    said(world, 5)
    statements: list[str] = []
    with world.store.read() as db:
        db.set_trace_callback(statements.append)
        floors.watch(world.store, world.watch, NOW + 2 * HOUR)
        db.set_trace_callback(None)
    assert len(statements) == 2


@pytest.mark.parametrize("share", [0.6, 0.4])
def test_a_share_counts_negatives_among_all(world: World, share: float) -> None:
    with_bounds(world, Bound(share=share, at_least=20))
    said(world, 10)
    for n in range(10):
        text = f"Acme: {WORDS[n]} was fine, so was the {WORDS[-n - 1]} on day {n * 31}"
        world.hear(a_mention(500 + n, text=text, label=NEUTRAL), now=NOW + MINUTE)
    world.think(NOW + 2 * MINUTE)
    assert told(world) == ([CROSSED] if share < 0.5 else [])
