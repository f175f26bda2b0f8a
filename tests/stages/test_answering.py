"""Stage three, clocks: which promise holds for a mention, and what is remembered of its clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from listener import inbox
from listener.domain.calendar import WorkingHours
from listener.domain.incident import Event
from listener.domain.mention import Channel
from listener.domain.opening import read_week
from listener.domain.promise import Deserves, Special
from listener.store import labels
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEGATIVE,
    NEUTRAL,
    NOW,
    ONE_HOUR,
    POSITIVE,
    SECOND,
    a_label,
    a_mention,
    a_subject,
    an_answer,
)
from tests.stages.world import World

SEEN = NOW + 30 * SECOND
FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 16:30 in Budapest
OFFICE = WorkingHours(zone=ZoneInfo("Europe/Budapest"), week=read_week(["mon-fri 09:00-17:30"]))
BY_OFFICE = replace(ONE_HOUR, within=2 * HOUR, hours="office", calendar=OFFICE, name="social")


def promised(world: World, *others: Special, **changes: Any) -> None:
    promise = replace(replace(ONE_HOUR, name="social"), others=others, **changes)
    world.promises = {Channel.SOCIAL: promise}
    world.restart()


def special(within: timedelta, name: str, **to: frozenset[str]) -> Special:
    return Special(**to, promise=replace(ONE_HOUR, within=within, name=name))


def heard(world: World, *said: Any, now: datetime = SEEN) -> None:
    world.hear(*said, now=now)
    world.measure(now)


def due(world: World, number: int = 1) -> timedelta:
    return datetime.fromisoformat(world.clocks()[str(number)]["due_at"]) - NOW


def test_a_promise_to_one_brand_is_not_one_to_another(world: World) -> None:
    world.followed = (a_subject(), a_subject("Boreal"))
    promised(world, special(5 * MINUTE, "social, Boreal", subjects=frozenset({"boreal"})))
    heard(world, a_mention(1), a_mention(2, text="Boreal lost my parcel"))
    assert (due(world, 1), due(world, 2)) == (HOUR, 5 * MINUTE)


def test_a_promise_for_a_topic_holds_for_what_is_about_it(world: World) -> None:
    promised(world, special(10 * MINUTE, "social, billing", topics=frozenset({"billing"})))
    heard(world, a_mention(1, topics=("Billing", "price")), a_mention(2, topics=("delivery",)))
    assert (due(world, 1), due(world, 2)) == (10 * MINUTE, HOUR)


def test_a_topic_that_a_person_corrects_brings_its_promise(world: World) -> None:
    promised(world, special(10 * MINUTE, "social, billing", topics=frozenset({"billing"})))
    heard(world, a_mention(topics=("delivery",)))
    assert due(world) == HOUR
    inbox.correct(world.store, "x:1", NEGATIVE, ("billing",), "jo", SEEN)
    world.measure(SEEN)
    assert due(world) == 10 * MINUTE
    assert world.clocks()["1"]["promise"] == "social, billing"


def test_what_was_told_as_overdue_keeps_its_deadline(world: World) -> None:
    promised(world, special(9 * HOUR, "social, billing", topics=frozenset({"billing"})))
    heard(world, a_mention())
    world.think(NOW + 2 * HOUR)
    inbox.correct(world.store, "x:1", NEGATIVE, ("billing",), "jo", NOW + 2 * HOUR)
    world.go(NOW + 2 * HOUR, NOW + 12 * HOUR, HOUR)
    assert due(world) == HOUR
    assert world.events().count(Event.RESPONSE_OVERDUE) == 1


def test_other_settings_leave_the_deadlines_that_were_given(world: World) -> None:
    promised(world)
    heard(world, a_mention(1))
    promised(world, within=3 * HOUR)
    heard(world, a_mention(1, text="Acme lost it, I said"), a_mention(2))
    assert (due(world, 1), due(world, 2)) == (HOUR, 3 * HOUR)


def test_a_special_promise_may_be_that_nothing_deserves_an_answer(world: World) -> None:
    nothing = Special(topics=frozenset({"jokes"}), promise=replace(ONE_HOUR, which=()))
    promised(world, nothing)
    heard(world, a_mention(1, topics=("jokes",)), a_mention(2))
    assert set(world.clocks()) == {"2"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"only": "followers:>1000"}, {"1"}),
        ({"never": "followers:>1000"}, {"2", "3"}),
        ({"only": "author:jo OR author:bo"}, {"2", "3"}),
        ({"only": "is:verified"}, {"3"}),
        ({"only": "followers:>1000 OR is:verified", "never": "author:bo"}, {"1"}),
        ({"only": "topic:billing"}, {"2"}),
        ({"never": "sentiment:negative"}, set()),
        ({}, {"1", "2", "3"}),
    ],
)
def test_who_asks_may_decide(world: World, query: dict[str, Any], found: set[str]) -> None:
    promised(world, **query)
    heard(
        world,
        a_mention(1, author="mo", followers=5000),
        a_mention(2, author="jo", followers=10, topics=("billing",)),
        a_mention(3, author="bo", verified=True),
    )
    assert set(world.clocks()) == found


def test_a_complaint_deserves_an_answer_where_a_label_says_that_it_is_one(world: World) -> None:
    promised(world, which=(Deserves.COMPLAINT,))
    heard(world, a_mention(1, label=NEUTRAL), a_mention(2, label=NEUTRAL))
    assert world.clocks() == {}
    with world.store.write() as db:
        labels.add(db, [a_label(1, sentiment=NEUTRAL, intent="complaint")], replacing=[1])
        db.execute("INSERT INTO redo (stage, mention_id) VALUES ('measure', 1), ('measure', 2)")
    world.measure(SEEN)
    assert set(world.clocks()) == {"1"}


def test_an_intent_to_ask_is_a_question_whatever_the_words(world: World) -> None:
    promised(world, which=(Deserves.QUESTION,))
    heard(world, a_mention(label=NEUTRAL))
    with world.store.write() as db:
        labels.add(db, [a_label(1, sentiment=NEUTRAL, intent="question")])
        db.execute("INSERT INTO redo (stage, mention_id) VALUES ('measure', 1)")
    world.measure(SEEN)
    assert set(world.clocks()) == {"1"}


def test_an_intent_in_doubt_starts_no_clock_but_a_persons_does(world: World) -> None:
    promised(world, which=(Deserves.CHURN, Deserves.NEEDS_ANSWER))
    heard(world, *(a_mention(n, label=NEUTRAL) for n in range(1, 5)))
    with world.store.write() as db:
        doubt = a_label(1, sentiment=NEUTRAL, intent="churn", intent_confidence=0.3)
        sure = a_label(2, sentiment=NEUTRAL, intent="churn", intent_confidence=0.8)
        needs = a_label(3, sentiment=NEUTRAL, needs_answer=True, reason="waits")
        needs_none = a_label(4, sentiment=NEUTRAL, needs_answer=False, reason="settled")
        labels.add(db, [doubt, sure, needs, needs_none], replacing=[1, 2, 3, 4])
        db.execute(
            "INSERT INTO redo (stage, mention_id) SELECT 'measure', id FROM mention WHERE id < 5"
        )
    world.measure(SEEN)
    assert set(world.clocks()) == {"2", "3"}
    inbox.correct(world.store, "x:1", None, (), "jo", SEEN, "churn")
    inbox.correct(world.store, "x:2", None, (), "jo", SEEN, "none")
    world.measure(SEEN)
    assert set(world.clocks()) == {"1", "3"}


def test_by_a_calendar_friday_evening_is_due_on_monday(world: World) -> None:
    world.promises = {Channel.SOCIAL: BY_OFFICE}
    world.restart()
    heard(world, a_mention(said_at=FRIDAY), now=FRIDAY + MINUTE)
    clock = world.clocks()["1"]
    assert clock["due_at"] == "2026-11-23T09:00:00.000Z"  # an hour on Friday, one on Monday
    assert clock["warn_at"] == '["2026-11-20T16:30:00.000Z", "2026-11-23T08:36:00.000Z"]'
    assert (clock["hours"], clock["within_s"]) == ("office", 7200)


def test_what_is_seen_after_a_week_end_is_not_late_as_long_as_it_is_not_due(world: World) -> None:
    world.promises = {Channel.SOCIAL: BY_OFFICE}
    world.restart()
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    heard(world, a_mention(1, said_at=FRIDAY), now=monday)
    heard(world, a_mention(2, said_at=FRIDAY), now=monday + 2 * HOUR)
    assert (world.state(1), world.state(2)) == ("due_soon", "missed")


def dismissed(world: World) -> None:
    inbox.dismiss(world.store, "x:1", "jo", SEEN)


def not_about(world: World) -> None:
    inbox.judge(world.store, "x:1", "Acme", "jo", SEEN, relevant=False)


def about(world: World) -> None:
    inbox.judge(world.store, "x:1", "Acme", "jo", SEEN, relevant=True)


def positive(world: World) -> None:
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN)


def negative(world: World) -> None:
    inbox.correct(world.store, "x:1", NEGATIVE, (), "jo", SEEN + SECOND)


def edited_away(world: World) -> None:
    world.hear(a_mention(text="Boreal lost parcel number 1"), now=SEEN)


def edited_back(world: World) -> None:
    world.hear(a_mention(), now=SEEN)


Act = Callable[[World], None]
AWAY_AND_BACK = [(not_about, about), (positive, negative), (edited_away, edited_back)]


@pytest.mark.parametrize(("away", "back"), AWAY_AND_BACK)
def test_what_a_person_dismissed_stays_dismissed(world: World, away: Act, back: Act) -> None:
    heard(world, a_mention())
    dismissed(world)
    for act in (away, back):
        act(world)
        world.measure(SEEN)
        world.restart()
    assert world.state() == "dismissed"
    world.go(SEEN, NOW + 3 * HOUR, 10 * MINUTE)
    assert world.notices() == []


@pytest.mark.parametrize(("away", "back"), AWAY_AND_BACK)
def test_what_a_person_snoozed_stays_silent_as_long(world: World, away: Act, back: Act) -> None:
    heard(world, a_mention())
    until = inbox.snooze(world.store, "x:1", 5 * HOUR, "jo", SEEN)
    for act in (away, back):
        act(world)
        world.measure(SEEN)
        world.restart()
    world.go(SEEN, until - SECOND, 10 * MINUTE)
    assert world.notices() == []
    world.think(until)
    assert world.events() == [Event.RESPONSE_OVERDUE]


@pytest.mark.parametrize(("away", "back"), AWAY_AND_BACK)
def test_what_was_told_is_not_told_again(world: World, away: Act, back: Act) -> None:
    heard(world, a_mention())
    world.go(SEEN, NOW + 2 * HOUR, 10 * MINUTE)
    before = world.events()
    assert before.count(Event.RESPONSE_OVERDUE) == 1
    for act in (away, back):
        act(world)
        world.think(NOW + 2 * HOUR)
    world.restart()
    world.go(NOW + 2 * HOUR, NOW + 5 * HOUR, 10 * MINUTE)
    assert world.state() == "overdue"
    assert world.events() == before


def test_edits_and_new_labels_keep_what_people_did(world: World) -> None:
    heard(world, a_mention(1), a_mention(2))
    inbox.snooze(world.store, "x:2", 3 * HOUR, "jo", SEEN)
    dismissed(world)
    heard(world, a_mention(1, text="Acme lost it, twice"), a_mention(2, text="Acme lost it!"))
    for name in ("x:1", "x:2"):
        inbox.correct(world.store, name, NEGATIVE, (), "jo", SEEN)
    world.restart()
    world.go(SEEN, NOW + 2 * HOUR, 10 * MINUTE)
    assert world.state(1) == "dismissed"
    assert world.notices() == []
    world.think(NOW + 4 * HOUR)
    assert world.notices() == [(Event.RESPONSE_OVERDUE, ["2"])]


def test_a_clock_that_nobody_touched_is_not_remembered(world: World) -> None:
    heard(world, a_mention())
    positive(world)
    world.measure(SEEN)
    assert world.rows("SELECT * FROM former_clock") == []


def test_what_is_remembered_goes_with_its_mention(world: World) -> None:
    heard(world, a_mention())
    dismissed(world)
    positive(world)
    world.measure(SEEN)
    assert len(world.rows("SELECT * FROM former_clock")) == 1
    with world.store.write() as db:
        db.execute("DELETE FROM match")
        db.execute("DELETE FROM mention")
    assert world.rows("SELECT * FROM former_clock") == []


def test_what_was_dismissed_and_is_answered_all_the_same_is_met(world: World) -> None:
    heard(world, a_mention())
    dismissed(world)
    not_about(world)
    world.measure(SEEN)
    about(world)
    world.hear(now=NOW + 20 * MINUTE, answers=[an_answer()])
    world.measure(NOW + DAY)
    assert world.state() == "met"
