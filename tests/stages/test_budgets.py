"""A budget that is spent: told once, and again only after it was raised."""

from datetime import datetime

import pytest

from listener.clock import VirtualClock
from listener.domain.incident import Event
from listener.domain.mention import Batch
from listener.stages.alert import budgets
from listener.stages.collect import collect_page
from tests.builders import MINUTE, NOW
from tests.fakes import FakeNotifier, PaidCollector
from tests.stages.world import World


def read(world: World, limit: float, now: datetime = NOW) -> None:
    source = PaidCollector(pages=[Batch(cost_usd=0.5)], monthly_budget_usd=limit, page_usd=0.5)
    collect_page(world.store, source, world.matcher, VirtualClock(now))


def told(world: World, now: datetime = NOW) -> FakeNotifier:
    budgets.watch(world.store, world.watch, now)
    return world.tell(now)


@pytest.fixture
def spent(world: World) -> World:
    """Of $0.70 one page took $0.50, and the next one was not asked for."""
    read(world, 0.7)
    read(world, 0.7)
    return world


def test_a_spent_budget_is_told_once(spent: World) -> None:
    (notice,) = told(spent).taken
    assert notice.event is Event.BUDGET_SPENT
    assert notice.title == "x is not read until 2026-12-01: its budget is spent"
    assert "$0.50 of this month's $0.70" in notice.why
    assert "monthly_budget_usd" in notice.action
    assert (notice.subject, notice.channel, notice.incident) == ("", "social", None)
    assert notice.evidence == {
        "source": "x",
        "spent_usd": 0.5,
        "until": "2026-12-01T00:00:00Z",
    }
    read(spent, 0.7, NOW + MINUTE)
    spent.restart()
    assert told(spent, NOW + MINUTE).taken == []


def test_a_budget_that_lasts_is_not_told(world: World) -> None:
    read(world, 1.0)
    assert told(world).taken == []


def test_one_that_was_raised_and_is_spent_again_is_told_again(spent: World) -> None:
    assert len(told(spent).taken) == 1
    read(spent, 1.2, NOW + MINUTE)
    assert told(spent, NOW + MINUTE).taken == []
    read(spent, 1.2, NOW + 2 * MINUTE)
    (notice,) = told(spent, NOW + 2 * MINUTE).taken
    assert "$1.00 of this month's $1.20" in notice.why


def test_the_next_months_budget_is_told_anew(spent: World) -> None:
    assert len(told(spent).taken) == 1
    later = NOW.replace(month=12, day=20)
    read(spent, 0.7, later)
    assert told(spent, later).taken == []
    read(spent, 0.7, later + MINUTE)
    assert len(told(spent, later + MINUTE).taken) == 1
