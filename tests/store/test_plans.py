"""How SQLite goes about what is asked often: never through everything that was ever kept."""

from collections.abc import Callable, Sequence

import pytest

from listener.domain.incident import Event
from listener.store import (
    charts,
    clock_keys,
    incidents,
    newly,
    outbox,
    ratings,
    rechecks,
    reports,
    shown,
    spending,
    waiting,
)
from listener.store.clock_keys import DueOrder, WantedClocks
from listener.store.connection import Db, Store
from listener.store.incidents import Outlets
from listener.store.newly import Marks
from listener.store.shown import Stale
from listener.store.waiting import STILL_OPEN, InboxFilter, Sorted
from tests.builders import DAY, HOUR, NOW, a_finding, a_mention, a_subject
from tests.store.kept import followed, kept

LASTING = Stale("slack", "#cx", "root", 1, 0)


def costs(db: Db) -> object:
    return spending.costs(db, NOW)


def due(db: Db) -> object:
    return rechecks.due(db, "x", since=NOW - 30 * DAY, before=NOW, limit=100)


def recoveries(db: Db) -> object:
    return reports.recoveries(db, 1, NOW - 7 * DAY, NOW)


def notices(db: Db) -> object:
    return shown.notices_of(db, LASTING)


def stars(db: Db) -> object:
    return ratings.reviews(db, 1, NOW - 365 * DAY, NOW)


def new_stars(db: Db) -> object:
    return ratings.touched(db, [1], Marks(5, 5), Marks(9, 9))


def told_drops(db: Db) -> object:
    return ratings.told(db, 1, NOW - 365 * DAY)


def spike_beside(db: Db) -> object:
    return incidents.spike_that_names(db, "Boreal")


def wanted_charts(db: Db) -> object:
    return charts.next_wanted(db, "slack", NOW)


def new_mentions(db: Db) -> object:
    return newly.mentions(db, [1, 2, 3], 0, 100, NOW - 30 * DAY)


def new_edits(db: Db) -> object:
    return newly.edited(db, [1, 2, 3], 0, 100, NOW - DAY)


def listed(*states: str, order: DueOrder = DueOrder.URGENCY) -> Callable[[Db], object]:
    wanted = WantedClocks(states=states, now=NOW, order=order)
    return lambda db: list(clock_keys.keys(db, wanted))


def steps(db: Db, ask: Callable[[Db], object]) -> list[str]:
    """The plan of every statement by which something is asked."""
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    ask(db)
    db.set_trace_callback(None)
    return [
        row["detail"]
        for statement in statements
        for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]


@pytest.mark.parametrize(
    ("ask", "walked", "through"),
    [
        (costs, ["p"], ["m USING INDEX mention_said"]),
        (due, [], ["m USING INDEX mention_said"]),
        (recoveries, ["v"], ["x USING PRIMARY KEY", "m USING INTEGER PRIMARY KEY"]),
        (stars, [], ["x USING INDEX match_review", "m USING INTEGER PRIMARY KEY"]),
        (new_stars, [], ["m USING INTEGER PRIMARY KEY", "x USING PRIMARY KEY"]),
        (told_drops, [], ["incident USING INDEX incident_key"]),
        (spike_beside, ["i", "r"], ["i USING INDEX incident_open"]),
        (wanted_charts, ["incident", "o"], ["USING INDEX incident_open", "USING INDEX chart_open"]),
        (new_mentions, [], ["m USING INTEGER PRIMARY KEY", "x USING PRIMARY KEY (mention_id=?"]),
        (new_edits, [], ["m USING INTEGER PRIMARY KEY", "x USING PRIMARY KEY (mention_id=?"]),
        (listed(*STILL_OPEN), ["json_each"], ["c USING INDEX clock_open ((due_at,mention_id"]),
        (listed("met"), ["json_each"], ["c USING INDEX clock_closed (state=?"]),
        (
            listed("missed", order=DueOrder.LATEST),
            ["json_each"],
            ["c USING INDEX clock_closed (state=?"],
        ),
        (notices, ["i"], ["t USING INDEX notice_incident", "o USING INDEX outbox_landed"]),
    ],
)  # walked: spending, edits, where incidents were told, and a clock's warnings, which stay few
def test_no_big_table_is_walked_through(
    store: Store, ask: Callable[[Db], object], walked: Sequence[str], through: Sequence[str]
) -> None:
    with store.write() as db:
        spending.book(db, "x", 1.0, NOW)
        plan = steps(db, ask)
    reads = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
    assert [step.split()[1] for step in reads if "?" not in step] == walked
    assert [step for step in through if not any(step in one for one in plan)] == []


def test_new_stars_are_looked_for_from_the_new_mentions_on(store: Store) -> None:
    with store.write() as db:
        assert not any("match_review" in step for step in steps(db, new_stars))


def test_where_nothing_was_paid_this_month_no_mention_is_looked_at(store: Store) -> None:
    with store.write() as db:
        spending.book(db, "x", 1.0, NOW - 40 * DAY)
        assert not any("mention" in step for step in steps(db, costs))
        assert spending.costs(db, NOW)["x"].mention_usd is None


def test_a_months_money_is_divided_by_that_months_mentions_about_a_subject(store: Store) -> None:
    said = [a_mention(n, text="Acme and Boreal are late") for n in range(3)]
    others = [a_mention(10, text="none of them"), a_mention(11, source="y", text="Acme is late")]
    past = [a_mention(20, text="Acme is late", said_at=NOW.replace(day=1) - DAY)]
    kept(store, *said, *others, *past, subjects=followed(store))
    with store.write() as db:
        spending.book(db, "x", 5.0, NOW - 40 * DAY)
        spending.book(db, "x", 0.6, NOW)
        cost = spending.costs(db, NOW)["x"]
    assert (cost.spent_usd, cost.month_useful) == (5.6, 3)
    assert cost.mention_usd == pytest.approx(0.2)


def test_a_lasting_message_tells_the_newest_and_a_reply_its_own(store: Store) -> None:
    followed(store, a_subject())
    with store.write() as db:
        for key in ("spike:Acme", "spike:other"):
            opened = incidents.open_incident(db, a_finding(key=key), NOW)
            for now in (NOW, NOW + HOUR):
                incidents.tell(
                    db,
                    a_finding(key=key),
                    event=Event.SPIKE_OPENED,
                    incident_id=opened,
                    outlets=Outlets(["slack"]),
                    now=now,
                )
        sent = []
        for ref in ("root", "reply", "other root", "other reply"):
            out = outbox.next_out(db, "slack", NOW + DAY)
            assert out is not None
            outbox.landed(db, out, "#cx", ref, NOW + DAY)
            sent.append(out.id)
        told = {
            ref: [out.id for out in shown.notices_of(db, Stale("slack", "#cx", ref, 1, 0))]
            for ref in ("root", "reply", "other root", "unknown")
        }
    assert told == {"root": sent[1:2], "reply": sent[1:2], "other root": sent[3:], "unknown": []}


@pytest.mark.parametrize(
    ("wanted", "through"),
    [
        (InboxFilter(), "clock_open "),
        (InboxFilter(states=("overdue",), now=NOW), "clock_open "),
        (InboxFilter(order=Sorted.NEWEST), "clock_open_said"),
        (InboxFilter(order=Sorted.OLDEST), "clock_open_said"),
        (InboxFilter(states=("missed",)), "clock_closed "),
        (InboxFilter(states=("met",), order=Sorted.NEWEST), "clock_closed_said"),
    ],
)
def test_a_list_of_the_inbox_is_read_in_its_order(
    store: Store, wanted: InboxFilter, through: str
) -> None:
    with store.read() as db:
        plan = steps(db, lambda db: waiting.keys(db, wanted))
    assert any(through in f"{step} " for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


@pytest.mark.parametrize("order", [Sorted.SEVERITY, Sorted.REACH])
def test_only_so_many_are_ranked(store: Store, order: Sorted) -> None:
    with store.read() as db:
        plan = steps(db, lambda db: waiting.keys(db, InboxFilter(order=order)))
    assert any("clock_open_said" in step for step in plan), plan
    assert any("m USING INTEGER PRIMARY KEY" in step for step in plan), plan
