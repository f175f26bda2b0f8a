"""Stage four, teams: each hears of its own clocks, and another one of what nobody answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from listener import inbox, receipts
from listener.domain.incident import Event, notice_json
from listener.domain.mention import Channel
from listener.domain.promise import Promise, Special
from listener.stages.alert import next_due
from tests.builders import (
    HOUR,
    MINUTE,
    NOW,
    ONE_HOUR,
    SECOND,
    a_mention,
    a_tombstone,
    an_answer,
)
from tests.stages.world import World, a_world

SOON, OVER, MET = Event.RESPONSE_DUE_SOON, Event.RESPONSE_OVERDUE, Event.RESPONSE_MET
UP, EDIT = Event.RESPONSE_ESCALATED, Event.INCIDENT_UPDATED
SEEN = NOW + 30 * SECOND
TEAM = replace(
    ONE_HOUR, name="social", team="care", escalate_to="leads", escalate_after=30 * MINUTE
)


def promised(world: World, promise: Promise = TEAM) -> None:
    world.promises = {Channel.SOCIAL: promise}
    world.restart()


def heard(world: World, *numbers: int, **more: Any) -> None:
    world.hear(*(a_mention(n, **more) for n in numbers), now=SEEN)
    world.measure(SEEN)


def teams(world: World) -> list[tuple[Event, str | None]]:
    found = world.rows("SELECT event, json_extract(body, '$.team') AS team FROM notice"
                       " JOIN outbox ON notice_id = notice.id ORDER BY outbox.id")  # fmt: skip
    return [(Event(r["event"]), r["team"]) for r in found]


def test_what_nobody_answers_is_told_to_another_team_once(world: World) -> None:
    promised(world)
    heard(world, 1)
    world.go(SEEN, NOW + 6 * HOUR, MINUTE)
    assert teams(world) == [(SOON, "care"), (SOON, "care"), (OVER, "care"), (UP, "leads")]
    made = [r["made_at"][11:16] for r in world.rows("SELECT made_at FROM notice ORDER BY made_at")]
    assert made[-2:] == ["13:00", "13:30"]  # we look half a minute after each


def test_the_moment_of_it_is_known_without_looking(world: World) -> None:
    promised(world)
    heard(world, 1)
    moments = []
    while (moment := next_due(world.store, NOW)) is not None:
        moments.append(moment - NOW)
        world.think(moment)
    late = timedelta(milliseconds=1)
    assert moments[-2:] == [HOUR + late, 90 * MINUTE + late]


def test_found_late_both_teams_hear_at_once(world: World) -> None:
    promised(world)
    world.hear(a_mention(), now=NOW + 3 * HOUR)
    world.go(NOW + 3 * HOUR, NOW + 4 * HOUR, 10 * MINUTE)
    assert teams(world) == [(OVER, "care"), (UP, "leads")]


def test_it_is_an_incident_of_its_own_that_ends_with_the_answer(world: World) -> None:
    world.editing = ["slack"]
    promised(world)
    heard(world, 1)
    world.go(SEEN, NOW + 2 * HOUR, 10 * MINUTE)
    care, leads = world.incidents()
    assert (care["team"], leads["team"]) == ("care", "leads")
    assert leads["title"] == "Acme on social: 1 overdue"
    assert receipts.receipt(world.store, leads["id"])["evidence"]["items"][0]["row"] == 1
    now = NOW + 2 * HOUR
    world.hear(now=now, answers=[an_answer(said_at=now)])
    world.think(now)
    assert all(one["resolved_at"] for one in world.incidents())
    assert teams(world)[-1] == (EDIT, "leads")


def test_an_answer_in_time_for_that_escalates_nothing(world: World) -> None:
    promised(world)
    heard(world, 1)
    now = NOW + 70 * MINUTE
    world.think(now)
    world.hear(now=now, answers=[an_answer(said_at=now)])
    world.go(now, NOW + 5 * HOUR, 10 * MINUTE)
    assert UP not in world.events()


def test_what_was_snoozed_or_dismissed_is_not_escalated_before_its_time(world: World) -> None:
    promised(world)
    heard(world, 1, 2, 3)
    inbox.snooze(world.store, "x:1", 4 * HOUR, "jo", SEEN)
    inbox.dismiss(world.store, "x:2", "jo", SEEN)
    world.hear(now=SEEN, gone=[a_tombstone(3)])
    world.go(SEEN, NOW + 3 * HOUR, 10 * MINUTE)
    assert world.notices() == []
    world.go(NOW + 3 * HOUR, NOW + 5 * HOUR, 10 * MINUTE)
    assert world.notices() == [(OVER, ["1"]), (UP, ["1"])]


def test_each_team_has_a_message_of_its_own(world: World) -> None:
    billing = Special(
        topics=frozenset({"billing"}),
        promise=replace(TEAM, name="social, billing", team="billing", within=2 * HOUR),
    )
    promised(world, replace(TEAM, others=(billing,)))
    heard(world, 1)
    heard(world, 2, topics=("billing",))
    world.go(SEEN, NOW + 4 * HOUR, 10 * MINUTE)
    overdue = [pair for pair in teams(world) if pair[0] is OVER]
    assert overdue == [(OVER, "care"), (OVER, "billing")]
    assert [one["team"] for one in world.incidents()] == ["care", "billing", "leads"]
    titles = [r["title"] for r in world.rows("SELECT json_extract(body, '$.title') AS title"
              " FROM notice WHERE event = 'response.overdue' ORDER BY made_at")]  # fmt: skip
    assert titles == [
        "Acme on social: 1 mention waits longer than the promised 1 h",
        "Acme on social: 1 mention waits longer than the promised 2 h",
    ]


def test_the_open_incident_of_nobody_in_particular_silences_no_team(world: World) -> None:
    billing = Special(topics=frozenset({"billing"}), promise=replace(TEAM, name="b"))
    plain = replace(ONE_HOUR, name="social", others=(billing,))
    promised(world, plain)
    heard(world, 1)
    heard(world, 2, topics=("billing",))
    world.go(SEEN, NOW + 2 * HOUR, 10 * MINUTE)
    assert [pair for pair in teams(world) if pair[0] is not SOON] == [
        (OVER, None),
        (OVER, "care"),
        (UP, "leads"),
    ]


def test_two_promises_in_one_message_are_not_given_one_time(world: World) -> None:
    short = Special(topics=frozenset({"b"}), promise=replace(ONE_HOUR, name="b", within=MINUTE))
    promised(world, replace(ONE_HOUR, name="social", others=(short,)))
    heard(world, 1)
    heard(world, 2, topics=("b",))
    world.think(NOW + 2 * HOUR)
    (row,) = world.rows("SELECT json_extract(body, '$.title') AS title FROM notice")
    assert row["title"] == "Acme on social: 2 mentions wait longer than promised"


def test_a_notice_says_for_whom_it_is(world: World) -> None:
    promised(world)
    heard(world, 1)
    world.go(SEEN, NOW + 2 * HOUR, 10 * MINUTE)
    taken = world.tell(NOW + 2 * HOUR).taken
    told = {notice.event: notice_json(notice) for notice in taken}
    assert told[OVER]["team"] == "care"
    assert told[UP]["team"] == "leads"
    assert told[UP]["mentions"] == ["x:1"]
    assert told[UP]["incident"] != told[OVER]["incident"]
    assert "It was for care to answer." in told[UP]["why"]


@given(
    said=st.lists(st.integers(0, 60), min_size=1, max_size=4),
    ticks=st.lists(st.integers(1, 300), min_size=1, max_size=12, unique=True),
    answered=st.dictionaries(st.integers(0, 3), st.integers(0, 250), max_size=2),
    crashes=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_every_clock_is_escalated_once_at_most_and_never_forgotten(
    said: list[int], ticks: list[int], answered: dict[int, int], crashes: bool
) -> None:
    with a_world() as world:
        promised(world)
        for at in sorted(ticks):
            now = NOW + at * MINUTE
            heard = [a_mention(n, said_at=NOW + m * MINUTE) for n, m in enumerate(said) if m <= at]
            answers = [
                an_answer(n, said_at=NOW + m * MINUTE) for n, m in answered.items() if m <= at
            ]
            world.hear(*heard, now=now, answers=answers)
            world.think(now)
            if crashes:
                world.restart()
                assert world.think(now) == 0
        last = NOW + max(ticks) * MINUTE
        told = [name for event, names in world.notices() if event is UP for name in names]
        assert len(told) == len(set(told))
        for name, clock in world.clocks().items():
            late = last > NOW + said[int(name)] * MINUTE + 90 * MINUTE
            if clock["answered_at"] is None:
                assert (name in told) == late
        waiting = [n for n in told if world.clocks()[n]["answered_at"] is None]
        open_for_leads = [i for i in world.incidents() if i["team"] == "leads"]
        assert any(i["resolved_at"] is None for i in open_for_leads) == bool(waiting)
