"""Silence and breakage: told apart by a question that always has an answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from listener.clock import VirtualClock
from listener.domain.mention import Batch
from listener.errors import CollectorError, Trouble
from listener.stages.collect import Page, collect_page, state_of
from listener.store import spending
from tests.builders import HOUR, MINUTE, NOW, a_mention
from tests.fakes import FakeCollector, PaidCollector
from tests.stages.world import World
from tests.store.kept import rows


@dataclass
class Singing(FakeCollector):
    """A source whose canary sings, until it is `mute`."""

    mute: bool = False
    sang: list[datetime] = field(default_factory=list)

    def canary(self, now: datetime) -> bool:
        self.sang.append(now)
        return not self.mute


def read(world: World, source: FakeCollector, after: timedelta) -> Page:
    return collect_page(world.store, source, world.matcher, VirtualClock(NOW + after))


def test_a_new_source_that_finds_nothing_is_proved_once(world: World) -> None:
    source = Singing()
    assert read(world, source, 0 * MINUTE).error is None
    assert read(world, source, 2 * MINUTE).error is None
    assert source.sang == [NOW]


def test_what_finds_something_needs_no_proof(world: World) -> None:
    source = Singing(pages=[Batch(mentions=(a_mention(1),))])
    read(world, source, 0 * MINUTE)
    read(world, source, 5 * HOUR)
    assert source.sang == []
    read(world, source, 6 * HOUR)
    assert source.sang == [NOW + 6 * HOUR]


def test_silence_without_a_proof_is_a_failure_and_a_gap(world: World) -> None:
    source = Singing(pages=[Batch(mentions=(a_mention(1),), cursor={"upto": 1})])
    read(world, source, 0 * MINUTE)
    source.mute = True
    error = read(world, source, 7 * HOUR).error
    assert error is not None
    assert error.kind is Trouble.SHAPE
    assert "finds nothing" in str(error)
    state = state_of(world.store, "x")
    assert state.cursor == {"upto": 1}
    assert state.last_success == NOW
    (gap,) = rows(world.store, "SELECT since, until FROM source_gap")
    assert (gap["since"], gap["until"]) == ("2026-11-22T12:00:00.000Z", None)
    assert read(world, source, 7 * HOUR + MINUTE).error is not None
    source.mute = False
    assert read(world, source, 7 * HOUR + 2 * MINUTE).error is None
    assert rows(world.store, "SELECT * FROM source_gap") == []


def test_a_source_without_a_canary_is_believed(world: World) -> None:
    assert read(world, FakeCollector(), 0 * MINUTE).error is None
    assert read(world, FakeCollector(), 9 * HOUR).error is None


@dataclass
class SingingForMoney(PaidCollector):
    says: bool | CollectorError = True

    def canary(self, now: datetime) -> bool:
        if isinstance(self.says, CollectorError):
            raise self.says
        return self.says


@pytest.mark.parametrize(
    "says", [True, False, CollectorError("no answer in time", kind=Trouble.NETWORK)]
)
def test_a_canary_costs_what_it_costs_and_the_page_nothing(
    world: World, says: bool | CollectorError
) -> None:
    source = SingingForMoney(page_usd=0.5, canary_usd=0.005, says=says)
    for _ in range(1 if says is True else 3):
        read(world, source, 0 * MINUTE)
    with world.store.read() as db:
        spent = spending.of_month(db, "x", NOW)
    assert spent == pytest.approx(0.005 if says is True else 0.015)


def test_what_was_lost_before_a_canary_was_mute_stays_booked_once_in_a_day(world: World) -> None:
    page = Batch(lost_usd=0.25)
    source = SingingForMoney(pages=[page] * 3, page_usd=0.5, canary_usd=0.005, says=False)
    for _ in range(3):
        assert read(world, source, 0 * MINUTE).error is not None
    with world.store.read() as db:
        spent = spending.of_month(db, "x", NOW)
    assert spent == pytest.approx(0.51)
