"""Sources gone quiet, through the database: told once, also across a restart, and told back."""

import json
from datetime import datetime, timedelta

import pytest

from listener.clock import VirtualClock
from listener.domain.incident import Event
from listener.domain.mention import Batch
from listener.errors import CollectorError, Trouble
from listener.rules.quiet_source.rule import QuietSourceRule
from listener.stages.alert import quiet
from listener.stages.collect import collect_page
from listener.store import sources
from tests.builders import DAY, HOUR, MINUTE, NEUTRAL, NOW, a_mention
from tests.fakes import FakeCollector, FakeNotifier, PaidCollector, failing
from tests.stages.world import World

QUIET, RECOVERED = Event.SOURCE_QUIET, Event.SOURCE_RECOVERED


@pytest.fixture
def world(world: World) -> World:
    world.rules = {"quiet_source": QuietSourceRule()}
    world.promises = {}
    world.restart()
    return world


def read(world: World, source: FakeCollector, now: datetime) -> None:
    collect_page(world.store, source, world.matcher, VirtualClock(now))


def look(world: World, now: datetime) -> FakeNotifier:
    quiet.watch(world.store, world.watch, now)
    return world.tell(now)


def fails(name: str = "x") -> FakeCollector:
    return failing(CollectorError("asking x: no answer", kind=Trouble.SERVER), name=name)


def test_a_source_that_fails_is_told_once_and_told_when_it_is_back(world: World) -> None:
    read(world, FakeCollector(), NOW)
    source, told = fails(), []
    for minute in range(2, 40):
        now = NOW + minute * MINUTE
        read(world, source, now)
        told += look(world, now).taken
        world.restart()
    (notice,) = told
    assert notice.event is QUIET
    assert notice.title == "x has not been read for 15 min"
    assert "asking x: no answer" in notice.why
    assert (notice.subject, notice.incident, notice.mentions) == ("", None, ())
    read(world, FakeCollector(), NOW + 40 * MINUTE)
    (notice,) = look(world, NOW + 40 * MINUTE).taken
    assert notice.event is RECOVERED
    assert notice.title == "x is read again after 40 min"
    assert look(world, NOW + 41 * MINUTE).taken == []


def test_what_was_lost_meanwhile_is_told(world: World) -> None:
    read(world, FakeCollector(), NOW)
    source = fails()
    for minute in range(2, 20):
        read(world, source, NOW + minute * MINUTE)
        look(world, NOW + minute * MINUTE)
    read(world, FakeCollector(pages=[Batch(gap_since=NOW)]), NOW + 20 * MINUTE)
    (notice,) = look(world, NOW + 20 * MINUTE).taken
    assert notice.event is RECOVERED
    assert "missing for good" in notice.why


def test_one_that_waits_for_money_is_not_told(world: World) -> None:
    source = PaidCollector(pages=[Batch(cost_usd=0.5)] * 9, monthly_budget_usd=0.7, page_usd=0.5)
    read(world, source, NOW)
    for minute in range(2, 60):
        read(world, source, NOW + minute * MINUTE)
        assert look(world, NOW + minute * MINUTE).taken == []


def test_one_that_was_switched_off_is_not_told(world: World) -> None:
    read(world, FakeCollector(), NOW)
    source = fails()
    for minute in range(2, 10):
        read(world, source, NOW + minute * MINUTE)
        look(world, NOW + minute * MINUTE)
    with world.store.write() as db:
        sources.retire_others(db, [], NOW + 10 * MINUTE)
    assert look(world, NOW + HOUR).taken == []


def test_without_its_rule_nothing_is_looked_at(world: World) -> None:
    world.rules = {}
    world.restart()
    read(world, fails(), NOW)
    assert look(world, NOW + DAY).taken == []
    assert world.rows("SELECT * FROM meta WHERE key LIKE 'rule:%'") == []


def busy(world: World, start: datetime, hours: int, step: timedelta = HOUR) -> datetime:
    """One mention each hour, seen at once; the rule looks all the time."""
    now = start
    while now < start + hours * HOUR:
        said = a_mention(source_id=f"{now:%m%d%H%M}", said_at=now, label=NEUTRAL)
        read(world, FakeCollector(pages=[Batch(mentions=(said,))]), now)
        quiet.watch(world.store, world.watch, now)
        now += step
    return now


def test_one_that_answers_and_brings_nothing_is_told_beyond_chance_and_told_back(
    world: World,
) -> None:
    now = busy(world, NOW, 15 * 24)
    told = []
    for hour in range(30):
        read(world, FakeCollector(), now + hour * HOUR)
        told += look(world, now + hour * HOUR).taken
    (notice,) = told
    assert notice.event is QUIET
    assert notice.title.startswith("x has brought nothing for ")
    assert 3 * HOUR <= notice.at - now <= 9 * HOUR
    now += 30 * HOUR
    said = a_mention(source_id="again", said_at=now, label=NEUTRAL)
    read(world, FakeCollector(pages=[Batch(mentions=(said,))]), now)
    (notice,) = look(world, now).taken
    assert notice.event is RECOVERED
    assert notice.title == "x brings mentions again after 1 d 7 h"


def test_history_that_was_there_before_the_rule_is_used(world: World) -> None:
    world.rules = {}
    world.restart()
    now = busy(world, NOW, 15 * 24)
    world.rules = {"quiet_source": QuietSourceRule()}
    world.restart()
    for hour in range(10):
        read(world, FakeCollector(), now + hour * HOUR)
    assert len(look(world, now + 10 * HOUR).taken) == 1


def test_history_that_is_read_back_is_no_usual_hour(world: World) -> None:
    old = tuple(
        a_mention(source_id=f"old{n}", said_at=NOW - 20 * DAY + n * HOUR, label=NEUTRAL)
        for n in range(400)
    )
    read(world, FakeCollector(pages=[Batch(mentions=old)]), NOW)
    look(world, NOW)
    (kept,) = world.rows("SELECT value FROM meta WHERE key = 'rule:arrivals:x'")
    assert json.loads(kept["value"])["hours"]["counts"] == [0]
    for hour in range(1, 40):
        read(world, FakeCollector(), NOW + hour * HOUR)
        assert look(world, NOW + hour * HOUR).taken == []


def test_a_minute_without_news_writes_nothing(world: World) -> None:
    busy(world, NOW, 24)
    with world.store.read() as db:
        before = db.total_changes
        look(world, NOW + 2 * DAY)
        assert db.total_changes == before
