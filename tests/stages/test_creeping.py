"""Shares that creep up, through the database: once a week, in the listener's zone, and once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from listener.domain.incident import Event
from listener.domain.mention import Channel
from listener.rules.creeping import CreepingRule
from listener.stages.alert import creeping
from tests.builders import DAY, HOUR, MINUTE, NEGATIVE, NEUTRAL, a_mention
from tests.stages.world import World

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
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
CREEPING = Event.SHARE_CREEPING


@pytest.fixture
def world(world: World) -> World:
    world.rules = {"creeping": CreepingRule()}
    world.promises = {}
    world.restart()
    return world


def rises(week: int) -> float:
    """A fifth for sixteen weeks, then three points more each week."""
    return 0.2 + 0.03 * max(0, week - 15)


def weeks(
    world: World,
    share: Callable[[int], float],
    count: int = 60,
    begin: int = 0,
    end: int = 26,
    **more: Any,
) -> None:
    """Weeks before MONDAY, each with so many mentions; 26 is the one that begins there."""
    said = []
    for week in range(begin, end):
        for n in range(count):
            at = MONDAY + timedelta(weeks=week - 26) + n * 7 * DAY / count + MINUTE
            text = f"Acme {WORDS[n % 12]} {WORDS[(n * 5 + week) % 12]} number {week * 977 + n * 31}"
            label = NEGATIVE if n < share(week) * count else NEUTRAL
            said.append(
                a_mention(source_id=f"{week}-{n}", said_at=at, text=text, label=label,
                          author=f"p{week}-{n}", **more)
            )  # fmt: skip
    world.hear(*said, now=max(one.said_at for one in said))
    world.measure(MONDAY)


def look(world: World, now: datetime) -> list[Event]:
    before = len(world.events())
    creeping.watch(world.store, world.watch, now)
    return world.events()[before:]


def test_it_is_told_on_monday_morning_once(world: World) -> None:
    weeks(world, rises)
    assert look(world, MONDAY + 7 * HOUR) == [CREEPING]
    (incident,) = world.incidents()
    assert incident["key"] == "creeping:Acme"
    assert look(world, MONDAY + 2 * DAY) == []


def test_a_week_is_looked_at_when_it_has_settled(world: World) -> None:
    weeks(world, lambda week: 0.2)
    look(world, MONDAY + 5 * HOUR)
    (kept,) = world.rows("SELECT value FROM meta WHERE key = 'rule:creeping:week'")
    assert "2026-11-16" in kept["value"]
    look(world, MONDAY + 6 * HOUR)
    (kept,) = world.rows("SELECT value FROM meta WHERE key = 'rule:creeping:week'")
    assert "2026-11-23" in kept["value"]


def test_a_level_share_is_not_told(world: World) -> None:
    weeks(world, lambda week: 0.3)
    assert look(world, MONDAY + 7 * HOUR) == []


def test_while_it_goes_on_it_is_told_once_and_its_end_is_silent(world: World) -> None:
    weeks(world, rises)
    assert look(world, MONDAY + 7 * HOUR) == [CREEPING]
    weeks(world, lambda week: rises(25), begin=26, end=40)
    told = [
        event
        for week in range(1, 14)
        for event in look(world, MONDAY + timedelta(weeks=week) + 7 * HOUR)
    ]
    assert [e for e in told if e is not Event.INCIDENT_UPDATED] in ([], [Event.INCIDENT_ESCALATED])
    assert world.incidents()[0]["resolved_at"] is not None


def test_another_model_is_no_rise(world: World) -> None:
    weeks(world, lambda week: 0.2 if week < 20 else 0.4)
    with world.store.write() as db:
        db.execute(
            "UPDATE label SET model = 'new@2' WHERE mention_id IN (SELECT id FROM mention"
            " WHERE said_at >= ?)",
            (f"{MONDAY - timedelta(weeks=6):%Y-%m-%dT%H:%M:%S.000Z}",),
        )
    assert look(world, MONDAY + 7 * HOUR) == []


def test_the_same_without_another_model_is_one(world: World) -> None:
    weeks(world, lambda week: 0.2 if week < 20 else 0.4)
    assert look(world, MONDAY + 7 * HOUR) == [CREEPING]


def test_a_channel_that_rises_alone_is_named(world: World) -> None:
    weeks(world, lambda week: 0.3, count=150)
    weeks(world, rises, count=25, source="play", channel=Channel.REVIEW)
    assert look(world, MONDAY + 7 * HOUR) == [CREEPING]
    (incident,) = world.incidents()
    assert incident["key"] == "creeping:Acme:review"
    assert incident["title"].startswith("Acme on review: the negative share crept from ")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Budapest", "America/New_York", "Asia/Kathmandu"])
def test_weeks_begin_on_local_mondays_also_when_clocks_change(zone: str) -> None:
    edges = creeping.week_edges(MONDAY + 2 * DAY, ZoneInfo(zone))
    assert len(edges) == 27
    for edge in edges:
        local = edge.astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    assert edges == sorted(edges)
    assert edges[-1] <= MONDAY + 2 * DAY < edges[-1] + 7 * DAY


def test_nothing_new_asks_for_nothing(world: World) -> None:
    weeks(world, rises)
    look(world, MONDAY + 7 * HOUR)
    statements: list[str] = []
    with world.store.read() as db:
        db.set_trace_callback(statements.append)
        look_again = creeping.watch(world.store, world.watch, MONDAY + 8 * HOUR)
        db.set_trace_callback(None)
    assert (look_again, len(statements)) == (0, 1)


def test_the_zone_of_the_listener_decides(world: World) -> None:
    weeks(world, lambda week: 0.2)
    world.watch = replace(world.watch, zone=ZoneInfo("America/New_York"))
    look(world, MONDAY + 7 * HOUR)
    (kept,) = world.rows("SELECT value FROM meta WHERE key = 'rule:creeping:week'")
    assert "2026-11-16T05:00" in kept["value"]
