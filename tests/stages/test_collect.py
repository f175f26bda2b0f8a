"""Stage one: a page and its cursor are one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from listener import views
from listener.clock import VirtualClock
from listener.domain.mention import Batch, Reject
from listener.domain.subject import Role
from listener.errors import CollectorError, Trouble
from listener.stages.collect import collect_page, index, state_of
from listener.store import sources, spending
from tests.builders import HOUR, MINUTE, NOW, a_mention, a_subject, a_tombstone, an_answer
from tests.fakes import FakeCollector, PaidCollector, failing
from tests.stages.world import World
from tests.store.kept import one, rows

OFFLINE = CollectorError("reading x: no route", kind=Trouble.NETWORK)
LOST = CollectorError("x did not answer in time", kind=Trouble.NETWORK)


def read(world: World, collector: FakeCollector, now: Any = NOW) -> Any:
    return collect_page(world.store, collector, world.matcher, VirtualClock(now))


def test_a_page_is_kept_with_its_cursor(world: World) -> None:
    page = Batch(mentions=(a_mention(1), a_mention(2)), cursor={"after": 2}, complete=False)
    source = FakeCollector(pages=[page, Batch(mentions=(a_mention(3),))])
    first, second = read(world, source), read(world, source)
    assert (first.accepted, first.complete) == (2, False)
    assert (second.accepted, second.complete) == (1, True)
    assert source.asked == [None, {"after": 2}]
    assert source.noted == source.pages
    assert state_of(world.store, "x").next_run == NOW + source.every


def test_a_page_that_cannot_be_kept_is_kept_in_no_part_and_moves_no_cursor(world: World) -> None:
    with world.store.write() as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON mention WHEN new.source_id = '2'"
            " BEGIN SELECT RAISE (ABORT, 'the disk is full'); END"
        )
    page = Batch(mentions=(a_mention(1), a_mention(2)), cursor={"after": 2})
    source = FakeCollector(pages=[page])
    assert "the disk is full" in str(read(world, source).error)
    assert one(world.store, "SELECT count(*) FROM mention") == 0
    assert one(world.store, "SELECT count(*) FROM author") == 0
    state = state_of(world.store, "x")
    assert (state.cursor, state.failures) == (None, 1)
    assert source.noted == []


def test_a_page_read_again_after_a_crash_is_kept_once(world: World) -> None:
    page = Batch(mentions=(a_mention(1),), responses=(an_answer(1),), cursor={"after": 1})
    read(world, FakeCollector(pages=[page]))
    world.restart()
    again = read(world, FakeCollector(pages=[page]))
    assert (again.accepted, again.updated, again.responses) == (0, 0, 0)
    assert one(world.store, "SELECT count(*) FROM mention") == 1
    assert one(world.store, "SELECT count(*) FROM response") == 1


def test_a_failure_is_kept_with_the_source_and_loses_nothing(world: World) -> None:
    read(world, FakeCollector(pages=[Batch(mentions=(a_mention(),), cursor={"after": 1})]))
    page = read(world, failing(OFFLINE), NOW + MINUTE)
    state = state_of(world.store, "x")
    assert page.error is OFFLINE
    assert (state.error, state.failures, state.cursor) == ("reading x: no route", 1, {"after": 1})
    assert state.next_run is not None
    assert state.next_run > NOW + MINUTE
    read(world, FakeCollector(pages=[Batch()]), NOW + 2 * MINUTE)
    assert state_of(world.store, "x").error is None


def test_a_fault_in_a_collector_is_told_as_one(world: World) -> None:
    page = read(world, FakeCollector(pages=[ZeroDivisionError("by zero")]))
    assert "a fault of ours, ZeroDivisionError: by zero" in str(page.error)
    assert state_of(world.store, "x").failures == 1


def test_an_outage_is_a_gap_until_it_is_caught_up_with(world: World) -> None:
    read(world, FakeCollector(pages=[Batch()]))
    for minutes in (30, 60):
        read(world, failing(OFFLINE), NOW + minutes * MINUTE)
    gaps = world.rows("SELECT since, until FROM source_gap")
    assert gaps == [{"since": "2026-11-22T12:00:00.000Z", "until": None}]
    read(world, FakeCollector(pages=[Batch()]), NOW + 2 * HOUR)
    assert world.rows("SELECT * FROM source_gap") == []


def test_what_a_source_says_is_lost_stays_a_gap(world: World) -> None:
    read(world, FakeCollector(pages=[Batch()]))
    lost = Batch(gap_since=NOW, mentions=(a_mention(),))
    read(world, FakeCollector(pages=[lost]), NOW + HOUR)
    assert world.rows("SELECT since, until FROM source_gap") == [
        {"since": "2026-11-22T12:00:00.000Z", "until": "2026-11-22T13:00:00.000Z"}
    ]
    measured = world.rows("SELECT DISTINCT measured FROM bucket")
    assert measured == [{"measured": 0}]


def test_the_brands_own_posts_are_answers_and_no_mentions(world: World) -> None:
    own = a_mention(7, author="@Acme_Help", text="Sorry, Acme cares", parent_id="1")
    page = world.hear(own, a_mention(1), now=NOW)
    assert (page.accepted, page.responses) == (1, 1)
    (answer,) = world.rows("SELECT parent_id, subject_id, author FROM response")
    assert answer == {"parent_id": "1", "subject_id": 1, "author": "@Acme_Help"}


def test_a_competitors_own_posts_are_mentions(world: World) -> None:
    page = world.hear(a_mention(7, author="boreal_help", text="Boreal cares"), now=NOW)
    assert (page.accepted, page.responses) == (1, 0)


def test_an_answer_with_odd_text_is_kept(world: World) -> None:
    world.hear(now=NOW, answers=[an_answer(1, text="half \ud800 of\0 a\u202e pair")])
    assert world.rows("SELECT text FROM response") == [{"text": "half  of a pair"}]


def test_what_was_refused_is_kept_once(world: World) -> None:
    bad = Reject(place="a.csv:7", reason="created_at is missing", content="x" * 9_000)
    source = FakeCollector(pages=[Batch(rejects=(bad,)), Batch(rejects=(bad,))])
    assert [read(world, source).rejected for _ in range(2)] == [1, 1]
    (kept,) = world.rows("SELECT source, place, reason, length(content) AS length FROM reject")
    assert kept["place"] == "a.csv:7"
    assert kept["length"] == 2_000


def test_a_tombstone_in_a_page_blanks_what_an_earlier_page_brought(world: World) -> None:
    world.hear(a_mention(1), now=NOW)
    world.hear(now=NOW, gone=[a_tombstone(1)])
    assert world.rows("SELECT text FROM mention") == [{"text": ""}]


def test_the_index_takes_what_was_collected(world: World) -> None:
    world.hear(a_mention(1), a_mention(2), now=NOW)
    assert index(world.store, lambda: False) == 2
    assert index(world.store, lambda: False) == 0


def test_a_claim_to_be_from_the_future_is_not_believed(world: World) -> None:
    world.hear(a_mention(said_at=NOW + timedelta(days=9)), now=NOW)
    assert one(world.store, "SELECT said_at FROM mention") == "2026-11-22T12:00:00.000Z"


def test_an_influencers_post_is_matched_against_the_others(world: World) -> None:
    wanda = a_subject(
        "Wanda", role=Role.INFLUENCER, query=None, accounts={"x": frozenset({"wanda"})}
    )
    world.followed = [*world.followed, replace(wanda)]
    world.restart()
    world.hear(a_mention(author="wanda", text="I love Acme"), now=NOW)
    names = world.rows("SELECT name FROM match JOIN subject ON id = subject_id ORDER BY name")
    assert [row["name"] for row in names] == ["Acme", "Wanda"]


def paid(world: World, *pages: Batch | Exception, limit: float | None = 1.0) -> PaidCollector:
    return PaidCollector(pages=pages, monthly_budget_usd=limit, page_usd=0.5)


def month_usd(world: World, now: datetime = NOW) -> float:
    with world.store.read() as db:
        return spending.of_month(db, "x", now)


def test_a_page_costs_what_it_cost_not_what_was_feared(world: World) -> None:
    read(world, paid(world, Batch(mentions=(a_mention(1),), cost_usd=0.005)))
    assert month_usd(world) == pytest.approx(0.005)
    (row,) = views.source_list(world.store, NOW)
    assert row["spent_usd"] == pytest.approx(0.005)


def test_beyond_the_budget_nothing_is_asked_until_the_next_month(world: World) -> None:
    read(world, paid(world, Batch(cost_usd=0.6)))
    source = paid(world, Batch(mentions=(a_mention(1),)))
    refused = read(world, source).error
    assert refused.kind is Trouble.QUOTA
    assert source.asked == []
    assert month_usd(world) == pytest.approx(0.6)
    later = NOW.replace(month=12, day=1)
    assert read(world, source, later).accepted == 1
    assert month_usd(world, later) == 0


def test_what_a_service_refuses_costs_nothing(world: World) -> None:
    refusal = CollectorError("x does not accept our credentials", kind=Trouble.CREDENTIALS)
    read(world, paid(world, refusal))
    assert month_usd(world) == 0


def test_an_answer_that_was_lost_may_have_been_billed(world: World) -> None:
    read(world, paid(world, LOST))
    assert month_usd(world) == pytest.approx(0.5)


def test_of_what_was_lost_in_a_day_one_page_stays_booked(world: World) -> None:
    source = paid(world, *[LOST] * 9, limit=None)
    for hours in (0, 1, 2, 11):  # the last one just before midnight
        read(world, source, NOW + hours * HOUR)
        assert month_usd(world) == pytest.approx(0.5)
    for hours in (12, 13, 35):
        read(world, source, NOW + hours * HOUR)
        assert month_usd(world) == pytest.approx(1.0)


def test_what_was_spent_for_certain_stays_booked_at_every_loss(world: World) -> None:
    lost = CollectorError("x hung up", kind=Trouble.NETWORK)
    lost.cost_usd = 0.1
    source = paid(world, lost, lost, lost, limit=None)
    for _ in range(3):
        read(world, source)
    assert month_usd(world) == pytest.approx(0.7)


def test_a_fault_of_ours_is_booked_once_in_a_day_too(world: World) -> None:
    source = paid(world, *[ValueError("odd")] * 3, limit=None)
    for _ in range(3):
        assert read(world, source).error is not None
    assert month_usd(world) == pytest.approx(0.5)


def test_what_was_lost_beside_a_page_is_booked_once_in_a_day(world: World) -> None:
    beside = Batch(cost_usd=0.01, lost_usd=0.25)
    source = paid(world, beside, beside, LOST, beside, limit=None)
    for cost in (0.26, 0.27, 0.27):
        read(world, source)
        assert month_usd(world) == pytest.approx(cost)
    read(world, source, NOW + 13 * HOUR)
    assert month_usd(world) == pytest.approx(0.53)


def test_a_crash_while_asking_overspends_nothing(world: World) -> None:
    with pytest.raises(KeyboardInterrupt):
        read(world, paid(world, KeyboardInterrupt()))  # type: ignore[arg-type]
    world.restart()
    assert month_usd(world) == pytest.approx(0.5)
    assert read(world, paid(world, Batch(), limit=0.9)).error is not None


def test_what_a_useful_mention_costs_is_listed(world: World) -> None:
    page = Batch(
        mentions=(a_mention(1, text="Acme is late"), a_mention(2, text="x")), cost_usd=0.01
    )
    read(world, paid(world, page, limit=None))
    (row,) = views.source_list(world.store, NOW)
    assert (row["month_usd"], row["usd_per_mention"]) == (0.01, 0.01)
    assert row["forecast_usd"] == pytest.approx(0.01 * 30 / 21.5, abs=0.005)


def test_an_outage_of_ours_costs_nothing(world: World) -> None:
    unreached = CollectorError("x cannot be found", kind=Trouble.NETWORK, reached=False)
    read(world, paid(world, unreached))
    assert month_usd(world) == 0


def test_half_an_emoji_in_a_reject_and_an_absurd_count_stop_nothing(world: World) -> None:
    half = Reject(place="item \ud83d", reason="it is no object", content='"\ud83d\0"')
    page = Batch(mentions=(a_mention(1, likes=10**30), a_mention(2, likes=7)), rejects=(half,))
    assert read(world, FakeCollector(pages=[page])).accepted == 2
    likes = [row["likes"] for row in rows(world.store, "SELECT likes FROM mention ORDER BY id")]
    assert likes == [None, 7]
    assert one(world.store, "SELECT count(*) FROM reject") == 1


def test_who_waits_for_money_is_asked_again_after_a_change(world: World) -> None:
    read(world, paid(world, Batch(), limit=0.1))
    assert state_of(world.store, "x").next_run > NOW  # type: ignore[operator]
    with world.store.write() as db:
        sources.allow_again(db)
    assert state_of(world.store, "x").next_run is None
