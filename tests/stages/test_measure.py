"""Stage three: clocks start when people spoke, and answers stop them, in any order."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener import inbox
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Evidence
from listener.domain.promise import Deserves, Promise
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
    a_mention,
    a_review,
    a_rival,
    a_subject,
    a_tombstone,
    an_answer,
)
from tests.stages.world import World, a_world, sentiment_of

SEEN = NOW + 30 * SECOND
QUESTIONS = replace(ONE_HOUR, which=(Deserves.NEGATIVE, Deserves.QUESTION))


def heard(world: World, *said: Any, **more: Any) -> None:
    world.hear(*said, now=more.pop("now", SEEN), **more)
    world.measure(SEEN)


def test_a_clock_starts_when_the_person_spoke(world: World) -> None:
    world.hear(a_mention(), now=NOW + 49 * MINUTE)
    world.measure(NOW + 50 * MINUTE)
    (clock,) = world.clocks().values()
    assert clock["said_at"] == "2026-11-22T12:00:00.000Z"
    assert clock["due_at"] == "2026-11-22T13:00:00.000Z"
    assert clock["state"] == "due_soon"


@pytest.mark.parametrize(
    ("label", "text", "runs"),
    [
        (NEGATIVE, "Acme is late", True),
        (NEUTRAL, "Acme is late", False),
        (POSITIVE, "Acme is early", False),
        (None, "Acme is late", False),
        (NEUTRAL, "Is Acme late?", True),
        (POSITIVE, "Acme 什麼時候到？", True),
        (None, "Is Acme late?", True),
    ],
)
def test_what_is_promised_an_answer_gets_a_clock(
    world: World, label: Sentiment | None, text: str, runs: bool
) -> None:
    world.promises = {Channel.SOCIAL: QUESTIONS}
    world.restart()
    heard(world, a_mention(label=label, text=text))
    assert (world.state() is not None) is runs


def test_a_competitor_gets_no_clock(world: World) -> None:
    heard(world, a_mention(text="Boreal lost my parcel"))
    assert world.clocks() == {}
    assert sentiment_of(world, 1) is NEGATIVE


def test_a_given_match_is_the_only_one_that_counts(world: World) -> None:
    heard(world, a_mention(text="Acme is as bad as Boreal", brand="boreal"))
    assert world.clocks() == {}
    found = world.rows("SELECT subject_id, origin, counts FROM match ORDER BY subject_id")
    assert [(r["subject_id"], r["origin"], r["counts"]) for r in found] == [
        (1, "query", 0),
        (2, "given", 1),
    ]


def test_one_mention_of_two_brands_starts_two_clocks(world: World) -> None:
    world.followed = (a_subject(), a_subject("Boreal"))
    world.restart()
    heard(world, a_mention(text="Acme and Boreal lost my parcel"))
    found = world.rows("SELECT subject_id FROM clock ORDER BY subject_id")
    assert [r["subject_id"] for r in found] == [1, 2]


def test_an_answer_by_one_brand_does_not_stop_the_others_clock(world: World) -> None:
    world.followed = (a_subject(), a_subject("Boreal"))
    world.restart()
    heard(world, a_mention(text="Acme and Boreal lost my parcel"))
    own = a_mention(7, author="acme_help", parent_id="1", said_at=NOW + MINUTE, text="Sorry")
    heard(world, own)
    found = world.rows("SELECT subject_id, state FROM clock ORDER BY subject_id")
    assert [r["state"] for r in found] == ["met", "waiting"]


def test_a_channel_without_a_promise_gets_no_clock(world: World) -> None:
    heard(world, a_mention(channel=Channel.NEWS))
    assert world.clocks() == {}


def test_a_review_has_a_week(world: World) -> None:
    heard(world, a_review(text="Acme is bad"))
    assert world.clocks()["1"]["due_at"] == "2026-11-29T12:00:00.000Z"


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        (timedelta(0), "met"),
        (59 * MINUTE, "met"),
        (HOUR, "met"),
        (HOUR + timedelta(milliseconds=1), "missed"),
        (HOUR + SECOND, "missed"),
        (9 * DAY, "missed"),
    ],
)
def test_an_answer_in_time_meets_the_promise(world: World, answered: timedelta, state: str) -> None:
    heard(world, a_mention(), answers=[an_answer(said_at=NOW + answered)])
    assert world.state() == state


def test_an_answer_older_than_the_mention_does_not_count(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer(said_at=NOW - SECOND)])
    assert world.state() == "waiting"


def test_the_first_answer_counts(world: World) -> None:
    late, early = (
        an_answer(source_id=name, said_at=NOW + span)
        for name, span in (("b", 2 * HOUR), ("a", MINUTE))
    )
    heard(world, a_mention(), answers=[late])
    assert world.state() == "missed"
    heard(world, answers=[early])
    assert world.state() == "met"
    assert world.clocks()["1"]["answered_at"] == "2026-11-22T12:01:00.000Z"


def test_an_automatic_answer_stops_the_clock_and_is_no_persons(world: World) -> None:
    robot = an_answer(source_id="robot", said_at=NOW + MINUTE, automatic=True)
    person = an_answer(source_id="person", said_at=NOW + 2 * HOUR)
    heard(world, a_mention(), answers=[robot])
    clock = world.clocks()["1"]
    assert (clock["state"], clock["human_at"]) == ("met", None)
    heard(world, answers=[person])
    clock = world.clocks()["1"]
    assert clock["answered_at"] == "2026-11-22T12:01:00.000Z"
    assert clock["human_at"] == "2026-11-22T14:00:00.000Z"


def test_a_later_answer_in_the_same_conversation_counts(world: World) -> None:
    in_thread = an_answer(to=99, thread_id="t", said_at=NOW + MINUTE)
    heard(world, a_mention(1, thread_id="t"), a_mention(2, thread_id="u"), answers=[in_thread])
    assert (world.state(1), world.state(2)) == ("met", "waiting")
    assert world.clocks()["1"]["evidence"] == "thread"


def test_a_direct_answer_is_better_evidence_than_the_conversation(world: World) -> None:
    heard(world, a_mention(thread_id="t"), answers=[an_answer(thread_id="t")])
    assert world.clocks()["1"]["evidence"] == "direct"


def test_an_answer_in_a_conversation_before_the_question_does_not_count(world: World) -> None:
    before = an_answer(to=99, thread_id="t", said_at=NOW - MINUTE)
    heard(world, a_mention(thread_id="t"), answers=[before])
    assert world.state() == "waiting"


def test_an_answer_in_another_source_does_not_count(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer(source="reddit")])
    assert world.state() == "waiting"


def test_a_review_sites_answer_counts_for_its_review_alone(world: World) -> None:
    world.hear(
        a_review(1, text="Acme is bad"),
        a_review(2, text="Acme is worse"),
        answers=[an_answer(1, source="play", evidence=Evidence.FIELD)],
        now=SEEN,
    )
    world.measure(SEEN)
    assert (world.state(1), world.state(2)) == ("met", "waiting")


def test_first_seen_too_late_is_missed(world: World) -> None:
    heard(world, a_mention(1), a_mention(2, said_at=NOW - SECOND), now=NOW + DAY)
    clocks = world.clocks()
    assert (clocks["1"]["late"], clocks["2"]["late"]) == (0, 1)
    assert (world.state(1), world.state(2)) == ("waiting", "missed")


def test_seen_too_late_but_answered_in_time_is_met(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer()], now=NOW + 30 * DAY)
    assert world.state() == "met"


def test_a_correction_starts_a_clock_and_takes_it_away(world: World) -> None:
    heard(world, a_mention(label=POSITIVE))
    assert world.state() is None
    inbox.correct(world.store, "x:1", NEGATIVE, (), "jo", SEEN)
    world.measure(SEEN)
    assert world.state() == "waiting"
    assert world.clocks()["1"]["due_at"] == "2026-11-22T13:00:00.000Z"
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN + SECOND)
    world.measure(SEEN)
    assert world.state() is None
    counted = world.rows("SELECT negative, positive FROM bucket WHERE channel = 'all'")
    assert counted == [{"negative": 0, "positive": 1}]


def test_a_clock_that_was_answered_outlives_a_correction(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer()])
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN)
    world.measure(SEEN)
    assert world.state() == "met"


def test_an_edit_that_names_somebody_else_takes_the_clock_away(world: World) -> None:
    heard(world, a_mention(text="Acme is late"))
    heard(world, a_mention(text="Boreal is late"))
    assert world.clocks() == {}
    counted = world.rows(
        "SELECT name, mentions FROM bucket JOIN subject ON id = subject_id"
        " WHERE channel = 'all' ORDER BY name"
    )
    assert [(r["name"], r["mentions"]) for r in counted] == [("Acme", 0), ("Boreal", 1)]


def test_what_is_gone_waits_for_no_answer(world: World) -> None:
    heard(world, a_mention())
    heard(world, gone=[a_tombstone()])
    assert world.state() == "dismissed"


def test_what_was_answered_and_is_gone_stays_met(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer()])
    heard(world, gone=[a_tombstone()])
    assert world.state() == "met"


def test_a_person_dismisses_and_a_new_label_does_not_bring_it_back(world: World) -> None:
    heard(world, a_mention())
    inbox.dismiss(world.store, "x:1", "jo", SEEN)
    inbox.correct(world.store, "x:1", NEGATIVE, (), "jo", SEEN)
    world.measure(SEEN)
    assert world.state() == "dismissed"


def test_copies_are_folded_and_all_are_counted(world: World) -> None:
    words = "Acme lost my parcel again and nobody answers the telephone there"
    heard(world, *(a_mention(n, text=words, said_at=NOW + n * SECOND) for n in (1, 2, 3)))
    counted = world.rows("SELECT mentions, folded, authors FROM bucket WHERE channel = 'all'")
    assert counted == [{"mentions": 3, "folded": 1, "authors": 3}]


SPANS = st.integers(-10, 90).map(lambda minutes: minutes * MINUTE)
STORIES = st.builds(
    lambda spans, numbers: [
        an_answer(number, source_id=f"a{at}", said_at=NOW + span)
        for at, (span, number) in enumerate(zip(spans, numbers, strict=False))
    ],
    st.lists(SPANS, max_size=4),
    st.lists(st.integers(1, 3), min_size=4, max_size=4),
)


@given(answers=STORIES, seed=st.integers(0, 10**6), ticks=st.booleans())
@settings(max_examples=60, deadline=None)
def test_in_whatever_order_things_come_the_clocks_end_the_same(
    answers: list[Any], seed: int, ticks: bool
) -> None:
    said = [a_mention(n, said_at=NOW + n * MINUTE, thread_id=str(n % 2)) for n in (1, 2, 3)]
    answers = [replace(a, thread_id=str(int(a.parent_id) % 2)) for a in answers]
    with a_world() as plain, a_world() as mixed:
        plain.hear(*said, now=SEEN, answers=answers)
        plain.measure(NOW + DAY)
        steps: list[Callable[[], Any]] = [
            *(lambda one=one: mixed.hear(one, now=SEEN) for one in said),
            *(lambda one=one: mixed.hear(now=SEEN, answers=[one]) for one in answers),
        ]
        random.Random(seed).shuffle(steps)
        for step in steps:
            step()
            if ticks:
                mixed.measure(NOW + DAY)
        mixed.measure(NOW + DAY)
        facts = ("state", "answered_at", "human_at", "due_at", "evidence")
        ended = [
            {number: [clock[f] for f in facts] for number, clock in world.clocks().items()}
            for world in (plain, mixed)
        ]
    assert ended[0] == ended[1]
    for number, (state, answered_at, *_) in ended[0].items():
        asked = NOW + int(number) * MINUTE
        mine = [
            a.said_at
            for a in answers
            if a.said_at >= asked and (a.parent_id == number or a.thread_id == str(int(number) % 2))
        ]
        assert (answered_at is None) == (not mine)
        if mine:
            assert state == ("met" if min(mine) <= asked + HOUR else "missed")


def test_measuring_again_finds_nothing_to_do(world: World) -> None:
    heard(world, a_mention(), answers=[an_answer()])
    before = world.rows("SELECT * FROM clock"), world.rows("SELECT * FROM bucket")
    world.restart()
    world.measure(NOW + DAY)
    assert (world.rows("SELECT * FROM clock"), world.rows("SELECT * FROM bucket")) == before


def test_a_promise_of_our_own_says_when_it_is_too_late(world: World) -> None:
    world.promises = {Channel.SOCIAL: Promise(within=HOUR, late_after=5 * MINUTE)}
    world.restart()
    heard(world, a_mention(), now=NOW + 6 * MINUTE)
    assert world.state() == "missed"


def test_two_competitors_alone_are_measured_too(world: World) -> None:
    world.followed = (a_rival(), a_rival("Acme"))
    world.restart()
    heard(world, a_mention(text="Acme or Boreal?"))
    assert world.clocks() == {}
    counted = world.rows("SELECT sum(negative) AS n FROM bucket WHERE channel = 'all'")
    assert counted == [{"n": 2}]
