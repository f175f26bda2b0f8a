"""Stage one again: what was deleted at its source, and history that is read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import pytest

from listener.clock import VirtualClock
from listener.domain.mention import Batch
from listener.errors import CollectorError, Trouble, UsageError
from listener.stages.collect import (
    RECHECK_AFTER,
    backfill_page,
    begun_back,
    collect_page,
    recheck_page,
    state_of,
)
from listener.store import spending
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention, a_tombstone
from tests.fakes import FakeCollector, PaidCollector
from tests.stages.world import World
from tests.store.kept import one, rows

LATER = NOW + RECHECK_AFTER + HOUR


@dataclass
class Watched(FakeCollector):
    """A source that tells what became of what was read."""

    recheck_most: int = 2
    gone: Mapping[str, str] = field(default_factory=dict)  # id -> why
    looked_for: list[Sequence[str]] = field(default_factory=list)
    trouble: CollectorError | None = None

    def recheck(self, source_ids: Sequence[str], now: datetime) -> Batch:
        self.looked_for.append(source_ids)
        if self.trouble is not None:
            raise self.trouble
        gone = [one for one in source_ids if one in self.gone]
        stones = [a_tombstone(int(one), reason=self.gone[one]) for one in gone]
        return Batch(tombstones=tuple(stones))


@dataclass
class Deep(FakeCollector):
    """A source that can be read back to a moment."""

    back: datetime | None = None

    def reaching(self, since: datetime) -> Self:
        self.back = since
        return self


@dataclass
class PaidDeep(Deep, PaidCollector):
    """One whose history costs something."""


def known(world: World, *numbers: int) -> None:
    page = Batch(mentions=tuple(a_mention(n, said_at=NOW - HOUR) for n in numbers))
    read(world, FakeCollector(pages=[page]))


def read(world: World, source: FakeCollector) -> None:
    collect_page(world.store, source, world.matcher, VirtualClock(NOW))


def look(world: World, source: FakeCollector, now: datetime = LATER) -> Any:
    return recheck_page(world.store, source, world.matcher, VirtualClock(now))


def back(world: World, source: FakeCollector) -> Any:
    since = NOW - 90 * DAY
    return backfill_page(world.store, source, since, world.matcher, VirtualClock(NOW))


def test_what_is_gone_is_blanked_and_each_is_looked_for_once_a_day(world: World) -> None:
    source = Watched(gone={"2": "deleted by its author"})
    known(world, 1, 2, 3)
    assert look(world, source, NOW + HOUR) is None  # it was seen an hour ago
    assert look(world, source).gone == 1
    assert look(world, source).gone == 0
    assert look(world, source) is None
    assert [len(ids) for ids in source.looked_for] == [2, 1]
    (row,) = rows(world.store, "SELECT text, deletion_reason FROM mention WHERE source_id = '2'")
    assert (row["text"], row["deletion_reason"]) == ("", "deleted by its author")
    assert look(world, source, LATER + DAY).gone == 0
    assert sorted(source.looked_for[-1]) == ["1", "3"]


def test_what_was_said_long_ago_is_not_looked_for(world: World) -> None:
    known(world, 1)
    assert look(world, Watched(), NOW + 31 * DAY) is None


def test_a_source_that_cannot_be_asked_is_asked_again(world: World) -> None:
    source = Watched(trouble=CollectorError("x was asked too often", kind=Trouble.RATE))
    known(world, 1)
    assert look(world, source).error is source.trouble
    assert state_of(world.store, "x").error is None
    source.trouble = None
    assert look(world, source).error is None


def test_a_service_that_does_not_tell_is_not_asked(world: World) -> None:
    known(world, 1)
    assert look(world, FakeCollector()) is None


def test_a_source_that_wants_none_looked_for_is_not_asked(world: World) -> None:
    source = Watched(recheck_most=0)
    known(world, 1)
    assert look(world, source) is None
    assert source.looked_for == []


def test_history_has_a_cursor_of_its_own(world: World) -> None:
    read(world, FakeCollector(pages=[Batch(cursor={"live": 1})]))
    old = a_mention(1, said_at=NOW - 80 * DAY)
    pages = [Batch(mentions=(old,), cursor={"page": 2}, complete=False), Batch(cursor={"page": 3})]
    source = Deep(pages=pages)
    first = back(world, source)
    assert (first.accepted, first.complete) == (1, False)
    assert back(world, source).complete
    assert source.asked == [None, {"page": 2}]
    assert source.back == NOW - 90 * DAY
    assert state_of(world.store, "x").cursor == {"live": 1}
    back(world, source)
    assert source.asked[-1] is None  # it had ended, and is read anew


def test_reading_back_is_paid_for_too(world: World) -> None:
    source = PaidDeep(pages=[Batch(cost_usd=0.2)], monthly_budget_usd=0.5, page_usd=0.4)
    assert back(world, source).error is None
    assert back(world, source).error.kind is Trouble.QUOTA
    with world.store.read() as db:
        assert spending.of_month(db, "x", NOW) == pytest.approx(0.2)


def test_a_trouble_on_the_way_back_loses_nothing(world: World) -> None:
    trouble = CollectorError("x did not answer in time", kind=Trouble.NETWORK)
    last = Batch(mentions=(a_mention(1),))
    pages: list[Batch | Exception] = [Batch(cursor={"page": 2}, complete=False), trouble, last]
    source = Deep(pages=pages)
    assert [back(world, source).error for _ in range(3)] == [None, trouble, None]
    assert source.asked == [None, {"page": 2}, {"page": 2}]
    assert one(world.store, "SELECT count(*) FROM mention") == 1
    assert state_of(world.store, "x").failures == 0


def test_a_source_that_cannot_be_read_back_says_so(world: World) -> None:
    with pytest.raises(UsageError, match="cannot be read back"):
        back(world, FakeCollector())


def test_reading_back_goes_on_although_now_has_moved(world: World) -> None:
    trouble = CollectorError("x did not answer in time", kind=Trouble.NETWORK)
    source = Deep(pages=[Batch(cursor={"page": 2}, complete=False), trouble, Batch(), Batch()])
    for minutes in range(3):
        now = NOW + minutes * MINUTE
        since = begun_back(world.store, "x", now - 90 * DAY)
        backfill_page(world.store, source, since, world.matcher, VirtualClock(now))
    assert source.asked == [None, {"page": 2}, {"page": 2}]
    assert source.back == NOW - 90 * DAY
    later = NOW + 5 * MINUTE - 90 * DAY
    assert begun_back(world.store, "x", later) == later  # it had ended
    assert begun_back(world.store, "x", NOW - 365 * DAY) == NOW - 365 * DAY


def test_a_fault_on_the_way_back_is_told_as_one(world: World) -> None:
    page = back(world, Deep(pages=[ZeroDivisionError("by zero")]))
    assert "a fault of ours, ZeroDivisionError" in str(page.error)


def test_ids_that_cannot_be_looked_for_let_others_have_their_turn(world: World) -> None:
    source = Watched(trouble=CollectorError("x answered nonsense", kind=Trouble.SHAPE))
    known(world, 1, 2, 3)
    look(world, source)
    look(world, source)
    assert [sorted(ids) for ids in source.looked_for] == [["1", "2"], ["3"]]


def test_most_of_what_was_asked_for_is_gone_only_at_the_second_look(world: World) -> None:
    world.hear(*(a_mention(n) for n in range(1, 13)), now=NOW)
    source = Watched(recheck_most=12, gone={str(n): "deleted" for n in range(1, 13)})
    gone = []
    for day in (1, 2):
        clock = VirtualClock(NOW + day * DAY)
        page = recheck_page(world.store, source, world.matcher, clock)
        assert page is not None
        gone.append(page.gone)
        source.gone = {str(n): "deleted" for n in range(1, 9)}  # a third of them is back
    assert gone == [0, 8]
    assert one(world.store, "SELECT count(*) FROM mention WHERE deleted_at IS NULL") == 4
