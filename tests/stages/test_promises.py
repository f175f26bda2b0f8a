"""Stage four, promises: of every clock each thing is told once, in few messages."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener import inbox, receipts
from listener.domain.incident import Event
from listener.domain.mention import Channel
from listener.stages.alert import next_due
from listener.store import subjects
from listener.texts.notice import as_it_stands, headline
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    POSITIVE,
    SECOND,
    a_mention,
    a_review,
    a_rival,
    a_tombstone,
    an_answer,
)
from tests.stages.world import World, a_world

SOON, OVER, MET = Event.RESPONSE_DUE_SOON, Event.RESPONSE_OVERDUE, Event.RESPONSE_MET
EDIT = Event.INCIDENT_UPDATED
SEEN = NOW + 30 * SECOND


def open_incidents(world: World) -> int:
    return sum(one["resolved_at"] is None for one in world.incidents())


def test_a_clock_warns_twice_and_runs_out_once(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.go(SEEN, NOW + 2 * HOUR, MINUTE)
    assert world.notices() == [(SOON, ["1"]), (SOON, ["1"]), (OVER, ["1"])]
    made = [r["made_at"][11:16] for r in world.rows("SELECT made_at FROM notice ORDER BY made_at")]
    assert made == ["12:30", "12:48", "13:00"]


def test_the_next_moment_is_known_without_looking(world: World) -> None:

    world.hear(a_mention(), now=SEEN)
    moments = []
    world.think(SEEN)
    while (moment := next_due(world.store, NOW)) is not None:
        moments.append(moment - NOW)
        world.think(moment)
    assert moments == [30 * MINUTE, 48 * MINUTE, HOUR + timedelta(milliseconds=1)]
    assert world.events() == [SOON, SOON, OVER]


def test_first_seen_past_both_warnings_it_warns_once(world: World) -> None:
    world.hear(a_mention(), now=NOW + 49 * MINUTE)
    world.think(NOW + 49 * MINUTE)
    world.think(NOW + 50 * MINUTE)
    assert world.notices() == [(SOON, ["1"])]


def test_first_seen_overdue_it_is_told_as_that_alone(world: World) -> None:
    world.hear(a_mention(), now=NOW + 2 * HOUR)
    world.go(NOW + 2 * HOUR, NOW + 3 * HOUR, 10 * MINUTE)
    assert world.notices() == [(OVER, ["1"])]


def test_at_due_it_is_not_overdue_and_a_moment_later_it_is(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + HOUR)
    assert OVER not in world.events()
    world.think(NOW + HOUR + timedelta(milliseconds=1))
    assert OVER in world.events()


def test_what_was_first_seen_too_late_is_never_told(world: World) -> None:
    world.hear(a_mention(), a_review(2, text="Acme"), now=NOW + 15 * DAY)
    world.go(NOW + 15 * DAY, NOW + 40 * DAY, DAY)
    assert world.notices() == []
    assert (world.state(1), world.state(2)) == ("missed", "missed")
    assert world.incidents() == []


def test_fourteen_overdue_posts_are_one_message(world: World) -> None:
    said = [a_mention(n, said_at=NOW + n * SECOND) for n in range(14)]
    world.hear(*reversed(said), now=NOW + 2 * HOUR)
    world.think(NOW + 2 * HOUR)
    assert world.notices() == [(OVER, [str(n) for n in range(14)])]
    (incident,) = world.incidents()
    assert incident["title"] == "Acme on social: 14 overdue"


def test_each_channel_has_a_message_of_its_own(world: World) -> None:
    world.hear(a_mention(1), a_review(2, text="Acme is bad"), now=SEEN)
    world.go(SEEN, NOW + 8 * DAY, HOUR)
    over = [names for event, names in world.notices() if event is OVER]
    assert over == [["1"], ["2"]]
    assert {i["channel"] for i in world.incidents()} == {"social", "review"}


def test_a_promise_kept_is_told_only_to_those_who_were_warned(world: World) -> None:
    world.hear(a_mention(1), a_mention(2, said_at=NOW + 20 * MINUTE), now=NOW + 20 * MINUTE)
    world.think(NOW + 31 * MINUTE)
    answers = [an_answer(n, said_at=NOW + 35 * MINUTE) for n in (1, 2)]
    world.hear(now=NOW + 36 * MINUTE, answers=answers)
    world.go(NOW + 36 * MINUTE, NOW + 3 * HOUR, MINUTE)
    assert world.notices() == [(SOON, ["1"]), (MET, ["1"])]


def test_an_answer_that_comes_too_late_is_no_kept_promise(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + 2 * HOUR)
    world.hear(now=NOW + 2 * HOUR, answers=[an_answer(said_at=NOW + 2 * HOUR)])
    world.go(NOW + 2 * HOUR, NOW + 3 * HOUR, MINUTE)
    assert world.events() == [OVER]
    assert world.state() == "missed"
    assert open_incidents(world) == 0


def test_an_incident_is_over_when_nothing_of_it_waits(world: World) -> None:
    world.hear(a_mention(1), a_mention(2), now=SEEN)
    world.think(NOW + 31 * MINUTE)
    world.hear(now=NOW + 32 * MINUTE, answers=[an_answer(1, said_at=NOW + 32 * MINUTE)])
    world.think(NOW + 32 * MINUTE)
    assert open_incidents(world) == 1
    world.hear(now=NOW + 33 * MINUTE, answers=[an_answer(2, said_at=NOW + 33 * MINUTE)])
    world.think(NOW + 33 * MINUTE)
    assert open_incidents(world) == 0
    assert len(world.incidents()) == 1


@pytest.mark.parametrize("way", ["dismissed", "deleted", "corrected", "edited", "forgotten"])
def test_an_incident_is_over_when_its_last_clock_goes_without_an_answer(
    world: World, way: str
) -> None:
    world.editing = ["slack"]
    world.restart()
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + 2 * HOUR)
    now = NOW + 2 * HOUR + SECOND
    if way == "dismissed":
        inbox.dismiss(world.store, "x:1", "jo", now)
    elif way == "deleted":
        world.hear(now=now, gone=[a_tombstone()])
    elif way == "corrected":
        inbox.correct(world.store, "x:1", POSITIVE, (), "jo", now)
    elif way == "edited":
        world.hear(a_mention(text="Boreal is bad"), now=now)
    else:
        inbox.forget(world.store, "x:person1", "jo", now)
    world.think(now)
    assert open_incidents(world) == 0
    assert world.events() == [OVER, EDIT]
    world.think(now + MINUTE)
    assert world.events() == [OVER, EDIT]


def test_a_snoozed_clock_is_silent_and_runs_on(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(SEEN)
    until = inbox.snooze(world.store, "x:1", 2 * HOUR, "jo", SEEN)
    world.go(SEEN, until - SECOND, MINUTE)
    assert world.events() == []
    world.go(until, until + HOUR, MINUTE)
    assert world.notices() == [(OVER, ["1"])]


def test_a_dismissed_clock_is_silent(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(SEEN)
    inbox.dismiss(world.store, "x:1", "jo", SEEN)
    world.go(SEEN, NOW + 3 * HOUR, MINUTE)
    assert world.notices() == []


def test_what_a_person_resolved_is_not_opened_to_say_that_it_is_over(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + 31 * MINUTE)
    inbox.resolve(world.store, 1, "jo", [], NOW + 32 * MINUTE)
    world.hear(now=NOW + 33 * MINUTE, answers=[an_answer(said_at=NOW + 33 * MINUTE)])
    world.think(NOW + 33 * MINUTE)
    assert len(world.incidents()) == 1
    assert world.incidents()[0]["resolved_at"] == "2026-11-22T12:32:00.000Z"
    assert world.notices() == [(SOON, ["1"]), (MET, ["1"])]


def test_after_a_person_resolved_it_what_comes_due_is_a_new_incident(world: World) -> None:
    world.hear(a_mention(1), a_mention(2, said_at=NOW + 5 * MINUTE), now=NOW + 5 * MINUTE)
    world.think(NOW + 31 * MINUTE)
    inbox.resolve(world.store, 1, "jo", [], NOW + 32 * MINUTE)
    world.think(NOW + 36 * MINUTE)
    assert [i["resolved_at"] is None for i in world.incidents()] == [False, True]


def test_after_a_day_there_is_a_new_message_and_what_waits_is_in_it(world: World) -> None:
    world.hear(a_mention(1), now=SEEN)
    world.think(NOW + 2 * HOUR)
    world.hear(a_mention(2, said_at=NOW + 26 * HOUR), now=NOW + 26 * HOUR)
    world.think(NOW + 28 * HOUR)
    assert [i["resolved_at"] is None for i in world.incidents()] == [False, True]
    assert [c["incident_id"] for c in world.clocks().values()] == [2, 2]
    assert world.notices() == [(OVER, ["1"]), (OVER, ["2"])]


def test_the_graver_severity_stays(world: World) -> None:
    world.hear(a_mention(1), a_mention(2, said_at=NOW + 40 * MINUTE), now=NOW + 40 * MINUTE)
    world.think(NOW + 61 * MINUTE)
    world.think(NOW + 71 * MINUTE)
    assert world.events() == [OVER, SOON]
    assert [i["severity"] for i in world.incidents()] == ["high"]


def test_the_message_shows_the_severity_of_the_incident_whatever_the_news(world: World) -> None:
    world.hear(a_mention(1), a_mention(2), now=SEEN)
    world.think(NOW + 2 * HOUR)
    world.hear(now=NOW + 2 * HOUR, answers=[an_answer(1, said_at=NOW + 2 * HOUR)])
    world.think(NOW + 2 * HOUR)
    world.hear(a_mention(3, said_at=NOW + 2 * HOUR), now=NOW + 2 * HOUR)
    world.think(NOW + 2 * HOUR + 31 * MINUTE)
    taken = world.tell(NOW + 3 * HOUR).taken
    assert [notice.event for notice in taken] == [OVER, SOON]
    assert [notice.severity.value for notice in taken] == ["high", "watch"]
    assert all("HIGH" in headline(notice) for notice in taken)


def test_the_message_says_how_all_of_it_stands_whatever_the_news(world: World) -> None:
    world.hear(a_mention(1), a_mention(2, said_at=NOW + 40 * MINUTE), now=NOW + 40 * MINUTE)
    world.think(NOW + 61 * MINUTE)
    world.think(NOW + 71 * MINUTE)
    soon = world.tell(NOW + 71 * MINUTE).taken[-1]
    assert soon.event is SOON
    assert soon.action.startswith("Answer before the promise runs out")
    assert as_it_stands(soon).why == "The most urgent has waited 1 h 11 min."
    assert as_it_stands(soon).action.startswith("Answer now")


def test_a_notice_carries_what_the_design_says(world: World) -> None:
    world.hear(a_mention(), now=NOW + 45 * SECOND)
    world.think(NOW + 31 * MINUTE)
    (notice,) = world.tell(NOW + 31 * MINUTE).taken
    assert notice.evidence.keys() >= {
        "due_at",
        "said_at",
        "seen_at",
        "detection_lag_s",
        "within_s",
    }
    assert notice.evidence["detection_lag_s"] == 45
    assert notice.evidence["within_s"] == 3600
    assert (notice.subject, notice.channel, notice.mentions) == ("Acme", "social", ("x:1",))


def test_a_promise_that_was_taken_out_of_the_settings_is_silent(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(SEEN)
    world.promises = {Channel.REVIEW: world.promises[Channel.REVIEW]}
    world.restart()
    world.go(SEEN, NOW + 3 * HOUR, MINUTE)
    assert world.notices() == []


MOMENTS = st.lists(st.integers(0, 150).map(lambda n: n * MINUTE), min_size=1, max_size=8)


@given(
    said=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    seen_after=st.integers(0, 90),
    ticks=st.lists(st.integers(1, 240), min_size=1, max_size=12, unique=True),
    answered=st.dictionaries(st.integers(0, 5), st.integers(0, 150), max_size=3),
    crashes=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_clock_is_told_once_of_each_thing_whenever_we_look(
    said: list[int],
    seen_after: int,
    ticks: list[int],
    answered: dict[int, int],
    crashes: bool,
) -> None:
    with a_world() as world:
        for at in sorted(ticks):
            now = NOW + at * MINUTE
            heard = [
                a_mention(n, said_at=NOW + m * MINUTE)
                for n, m in enumerate(said)
                if m + seen_after <= at
            ]
            answers = [
                an_answer(n, said_at=NOW + m * MINUTE) for n, m in answered.items() if m <= at
            ]
            world.hear(*heard, now=now, answers=answers)
            world.think(now)
            if crashes:
                world.restart()
                world.think(now)
        told: dict[str, list[Event]] = {}
        for event, names in world.notices():
            for name in names:
                told.setdefault(name, []).append(event)
        clocks = world.clocks()
        last = NOW + max(ticks) * MINUTE
        unresolved = open_incidents(world)
        for name, clock in clocks.items():
            events = told.get(name, [])
            assert events.count(OVER) <= 1
            assert events.count(SOON) <= 2
            assert events.count(MET) <= 1
            assert OVER not in events or SOON not in events[events.index(OVER) :]
            assert MET not in events or (SOON in events and clock["state"] == "met")
            still_open = clock["answered_at"] is None
            due = NOW + said[int(name)] * MINUTE + HOUR
            assert (OVER in events) or not (still_open and last > due)
        waiting = [c for n, c in clocks.items() if c["answered_at"] is None and told.get(n)]
        assert unresolved == (1 if waiting else 0)


@given(moments=MOMENTS)
@settings(max_examples=30, deadline=None)
def test_looking_again_after_a_crash_tells_nothing_new(moments: list[timedelta]) -> None:
    with a_world() as world:
        world.hear(a_mention(1), a_mention(2, said_at=NOW + 9 * MINUTE), now=NOW + 9 * MINUTE)
        for moment in sorted(moments):
            world.think(NOW + 10 * MINUTE + moment)
            before: list[Any] = world.notices()
            world.restart()
            assert world.think(NOW + 10 * MINUTE + moment) == 0
            assert world.notices() == before


def test_a_receipt_tells_of_what_still_waits(world: World) -> None:
    world.hear(a_mention(1), a_mention(2, said_at=NOW + 20 * MINUTE), now=NOW + 20 * MINUTE)
    world.think(NOW + 55 * MINUTE)
    first = receipts.receipt(world.store, 1)
    assert first["why"] == "The most urgent has waited 55 min."
    assert [item["row"] for item in first["evidence"]["items"]] == [1, 2]
    assert first["evidence"]["elapsed_share"] == round(55 / 60, 3)
    now = NOW + 56 * MINUTE
    world.hear(now=now, answers=[an_answer(1, said_at=now)])
    world.think(now)
    second = receipts.receipt(world.store, 1)
    assert second["why"] == "The most urgent has waited 36 min."
    assert [item["row"] for item in second["evidence"]["items"]] == [2]
    world.hear(now=now, answers=[an_answer(2, said_at=now)])
    world.think(now)
    assert receipts.receipt(world.store, 1)["why"] == "Nothing waits any more."


def test_a_receipt_does_not_tell_of_what_was_dismissed(world: World) -> None:
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + 2 * HOUR)
    inbox.dismiss(world.store, "x:1", "jo", NOW + 2 * HOUR)
    world.think(NOW + 2 * HOUR)
    assert receipts.receipt(world.store, 1)["why"] == "Nothing waits any more."


def test_what_is_no_longer_followed_waits_no_more(world: World) -> None:
    world.hear(a_mention(1), a_mention(2), now=SEEN)
    world.think(NOW + 2 * HOUR)
    now = NOW + 3 * HOUR
    with world.store.write() as db:
        subjects.keep(db, [a_rival()])
    assert open_incidents(world) == 1
    for _ in range(2):
        with world.store.write() as db:
            subjects.keep(db, [a_rival()], now)
    assert open_incidents(world) == 0
    assert {clock["state"] for clock in world.clocks().values()} == {"dismissed"}
    assert next_due(world.store, now) is None
    history = receipts.receipt(world.store, 1)["history"]
    assert [(h["event"], h["detail"]) for h in history] == [
        ("opened", ""),
        ("resolved", "no longer followed"),
    ]
