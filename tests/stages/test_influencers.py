"""What influencers write: told once, at once; history, others and doubtful labels are not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener import inbox
from listener.domain.incident import Event
from listener.domain.label import Sentiment
from listener.domain.manners import Manners
from listener.domain.mention import Batch, Mention
from listener.domain.query import parse
from listener.domain.quiet import read_quiet
from listener.domain.schedule import SourceState
from listener.domain.subject import Role, Subject
from listener.receipts import receipt
from listener.rules.influencer import InfluencerRule
from listener.rules.severe.rule import SevereRule
from listener.stages.alert import influencers, next_due
from listener.stages.collect import take_in
from listener.store import labels, sources
from listener.texts.receipt import facts
from listener.web.words import in_words
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEGATIVE,
    NEUTRAL,
    NOW,
    POSITIVE,
    SECOND,
    a_label,
    a_mention,
    a_rival,
    a_subject,
)
from tests.stages.world import World

PRAISE, CRITICISM = Event.INFLUENCER_PRAISE, Event.INFLUENCER_CRITICISM
WANDA = Subject(
    name="Wanda",
    role=Role.INFLUENCER,
    query=parse("wanda"),
    accounts={"x": frozenset({"wanda"}), "clips": frozenset({"wanda.flies"})},
)
SEEN = NOW + 30 * SECOND


def a_world(folder: Path, rule: InfluencerRule | None = None, **more: Any) -> World:
    made = World(
        folder,
        followed=(a_subject(), a_rival(), WANDA),
        rules={"influencer": rule or InfluencerRule()},
        promises={},
        **more,
    )
    made.think(NOW - HOUR)
    return made


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    yield made
    made.store.close()


ABOUT = ("the crew in row 4", "a seat by the wing", "my lost umbrella", "the new lounge in Oslo")


def a_post(number: int = 1, **more: Any) -> Mention:
    given = {
        "text": f"Acme and {ABOUT[number % 4]}: a word on day {number}, dear followers",
        "author": "wanda",
        "followers": 48_000,
        "label": POSITIVE,
        "url": f"https://x.example/{number}",
    }
    return a_mention(number, **(given | more))


def hear(world: World, *said: Mention, now: datetime = SEEN) -> None:
    world.hear(*said, now=now)
    world.think(now)


def told(world: World) -> list[tuple[Event, list[str]]]:
    return [one for one in world.notices() if one[0] in (PRAISE, CRITICISM)]


def test_praise_is_told_at_once_and_once(world: World) -> None:
    hear(world, a_post(), a_mention(2))
    (notice,) = world.tell(SEEN).taken
    assert notice.event is PRAISE
    assert notice.title == "Wanda praises Acme"
    assert notice.why == "By wanda on x; reaches 48,000."
    assert [(q.text, q.url) for q in notice.quotes] == [(a_post().text, "https://x.example/1")]
    world.restart()
    world.think(SEEN + MINUTE)
    assert told(world) == [(PRAISE, ["1"])]


def test_people_do_not_wait_for_a_group(tmp_path: Path) -> None:
    world = a_world(tmp_path / "people", calling=("slack",), editing=("slack",))
    hear(world, a_post(label=NEGATIVE))
    assert told(world) == [(CRITICISM, ["1"])]
    world.store.close()


def test_criticism_is_told_and_neutral_posts_are_not(world: World) -> None:
    hear(world, a_post(1, label=NEGATIVE), a_post(2, label=NEUTRAL), a_post(3, label=None))
    assert told(world) == [(CRITICISM, ["1"])]
    assert world.incidents()[0]["severity"] == "high"


@pytest.mark.parametrize(
    "post",
    [
        a_post(author="fan", text="wanda, did you fly Acme? the best of all airlines"),
        a_post(text="Boreal is the best of all airlines"),
        a_post(text="the best of all airlines is none"),
        a_post(said_at=NOW - DAY - MINUTE),
    ],
    ids=["names the influencer", "of a rival", "of nobody", "found late"],
)
def test_what_is_no_news_of_a_brand_is_silent(world: World, post: Mention) -> None:
    hear(world, post)
    assert world.notices() == []


def hear_clip(world: World, post: Mention, now: datetime = SEEN) -> None:
    """Heard from a source of another service; its name is not the service's."""
    batch = Batch(mentions=(replace(post, source="films"),))
    with world.store.write() as db:
        sources.keep(db, SourceState(name="films"), kind="clips", channel="social")
        take_in(db, batch, "films", "clips", world.matcher, now)
    world.think(now)


def test_an_account_counts_at_its_own_service_alone(world: World) -> None:
    hear(world, a_post(author="wanda.flies"))
    hear_clip(world, a_post(2, author="wanda", text="wanda here: Acme is the best of all I know"))
    assert told(world) == []
    hear_clip(world, a_post(3, author="wanda.flies"))
    assert told(world) == [(PRAISE, ["3"])]


def test_praise_of_a_rival_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    world = a_world(tmp_path / "rivals", InfluencerRule(competitors=True))
    hear(world, a_post(text="Boreal is the best of all airlines that I know"))
    assert told(world) == [(PRAISE, ["1"])]
    (incident,) = world.incidents()
    assert (incident["title"], incident["severity"]) == (
        "Wanda praises Boreal, a competitor",
        "info",
    )
    lines = dict(facts(receipt(world.store, 1), UTC))
    assert (lines["role"], lines["reach"]) == ("a competitor", "48,000")
    world.store.close()


def test_praise_that_may_be_a_rivals_is_silent(world: World) -> None:
    hear(world, a_post(text="Acme or Boreal? one of them made my whole year"))
    assert world.notices() == []


def by_model(world: World, post: Mention, **label: Any) -> None:
    """Heard with a label that a model is so sure of."""
    world.hear(post, now=SEEN)
    (row,) = world.rows("SELECT id FROM mention WHERE source_id = ?", post.source_id)
    with world.store.write() as db:
        labels.add(db, [a_label(row["id"], **label)])
    world.think(SEEN)


@pytest.mark.parametrize(("sure", "times"), [(0.65, 0), (0.75, 1)])
def test_a_doubtful_label_is_no_praise(world: World, sure: float, times: int) -> None:
    by_model(world, a_post(label=None), sentiment=POSITIVE, positive=sure, negative=1 - sure)
    assert len(told(world)) == times


def correct(world: World, number: int, sentiment: Sentiment, now: datetime) -> None:
    inbox.correct(world.store, f"x:{number}", sentiment, (), "jo", now)
    world.think(now)


def test_a_persons_word_makes_it_praise(world: World) -> None:
    by_model(world, a_post(label=None), sentiment=NEUTRAL, neutral=0.8, negative=0.1)
    correct(world, 1, POSITIVE, NOW + HOUR)
    world.restart()
    world.think(NOW + HOUR + MINUTE)
    assert told(world) == [(PRAISE, ["1"])]


def test_a_persons_word_takes_it_back_and_tells_what_it_is(tmp_path: Path) -> None:
    world = a_world(tmp_path / "slack", editing=("slack",), calling=("slack",))
    hear(world, a_post())
    world.tell(SEEN)
    correct(world, 1, NEGATIVE, NOW + HOUR)
    first, second = world.incidents()
    assert first["title"] == "Taken back: Wanda praises Acme"
    assert first["resolved_at"] is not None
    title = receipt(world.store, first["id"])["title"]
    assert in_words("hu", title) == "Visszavonva: Wanda dicséri: Acme"
    assert second["title"] == "Wanda criticises Acme"
    assert [n.event for n in world.tell(NOW + HOUR).taken] == [Event.INCIDENT_UPDATED, CRITICISM]
    world.store.close()


def test_one_of_two_is_taken_back(world: World) -> None:
    hear(world, a_post(1), a_post(2))
    correct(world, 1, NEUTRAL, NOW + HOUR)
    (incident,) = world.incidents()
    assert (incident["title"], incident["resolved_at"]) == ("Wanda praises Acme", None)


def test_the_correction_of_an_old_post_is_no_news(world: World) -> None:
    hear(world, a_post(label=NEUTRAL))
    correct(world, 1, POSITIVE, NOW + 2 * DAY)
    assert world.notices() == []


def test_what_was_told_in_an_earlier_incident_is_not_told_again(world: World) -> None:
    hear(world, a_post(1, label=NEGATIVE))
    world.think(NOW + 7 * HOUR)
    hear(world, a_post(2, label=NEGATIVE, said_at=NOW + 8 * HOUR), now=NOW + 8 * HOUR)
    assert len(world.incidents()) == 2
    correct(world, 1, NEGATIVE, NOW + 9 * HOUR)
    assert told(world) == [(CRITICISM, ["1"]), (CRITICISM, ["2"])]


def test_an_edit_is_told_as_what_it_says_now(world: World) -> None:
    hear(world, a_post())
    edited = NOW + HOUR
    hear(world, a_post(text="Acme, never again", label=NEGATIVE, edited_at=edited), now=edited)
    assert told(world) == [(PRAISE, ["1"]), (CRITICISM, ["1"])]
    assert [i["resolved_at"] is None for i in world.incidents()] == [False, True]


def test_posts_within_hours_are_one_incident(world: World) -> None:
    hear(world, a_post(1))
    for n, hours in ((2, 3), (3, 8)):
        hear(world, a_post(n, said_at=NOW + hours * HOUR), now=NOW + hours * HOUR)
    assert told(world) == [(PRAISE, ["1"]), (PRAISE, ["2"]), (PRAISE, ["3"])]
    (incident,) = world.incidents()
    assert incident["title"] == "Wanda praises Acme in 3 posts"
    assert next_due(world.store, NOW) == NOW + 14 * HOUR
    world.think(NOW + 14 * HOUR)
    assert world.incidents()[0]["resolved_at"] is not None
    assert world.events()[-1] is Event.INCIDENT_RESOLVED
    hear(world, a_post(4, said_at=NOW + 15 * HOUR), now=NOW + 15 * HOUR)
    assert len(world.incidents()) == 2


@pytest.mark.parametrize(
    ("lasting", "when"), [(("slack",), 5), ((), 30)], ids=["a thread", "mails"]
)
def test_further_posts_come_together(tmp_path: Path, lasting: tuple[str, ...], when: int) -> None:
    """In a thread after five minutes; as mails, of which each calls people, after half an hour."""
    world = a_world(tmp_path / "further", calling=("slack",), editing=lasting)
    found: list[tuple[int, list[str]]] = []
    for minute in range(90):
        now = NOW + minute * MINUTE
        if minute < 4:
            world.hear(a_post(minute, label=NEGATIVE), now=now)
        world.think(now)
        found += [(minute, sorted(ids)) for _, ids in told(world)[len(found) :]]
    assert found == [(0, ["0"]), (when, ["1", "2", "3"])]
    world.store.close()


def test_what_was_held_back_is_told_with_what_comes_then(tmp_path: Path) -> None:
    world = a_world(tmp_path / "held", calling=("slack",))
    for number, minute in ((0, 0), (1, 10), (2, 45)):  # nobody looked at minute 30
        hear(world, a_post(number, label=NEGATIVE), now=NOW + minute * MINUTE)
    assert [sorted(ids) for _, ids in told(world)] == [["0"], ["1", "2"]]
    world.store.close()


WORDS = "Acme gave me the quietest night over the ocean that I ever had, and breakfast was warm"


@pytest.mark.parametrize("days", [0, 3, 60])
@pytest.mark.parametrize("words", [WORDS, f"RT {WORDS}", f"{WORDS} too, thank you"])
def test_what_was_said_before_is_not_told_again(world: World, days: int, words: str) -> None:
    hear(world, a_post(1, text=WORDS))
    later = NOW + days * DAY + HOUR
    hear(world, a_post(2, text=words, said_at=later), now=later)
    assert told(world) == [(PRAISE, ["1"])]


def test_the_same_at_another_service_is_no_news_and_somebody_elses_words_are(
    world: World,
) -> None:
    hear(world, a_post(1, text=WORDS))
    hear_clip(world, a_post(2, author="wanda.flies", text=WORDS), NOW + HOUR)
    assert told(world) == [(PRAISE, ["1"])]
    complaint = "Acme left a hundred of us on the floor of Oslo for the whole night, not a word"
    hear(world, a_mention(3, text=complaint), now=NOW + HOUR)
    hear(world, a_post(4, text=complaint, label=NEGATIVE), now=NOW + HOUR)
    assert told(world)[1:] == [(CRITICISM, ["4"])]


def test_an_influencer_that_is_followed_from_now_on_brings_no_history(tmp_path: Path) -> None:
    world = World(tmp_path / "old", rules={"influencer": InfluencerRule()}, promises={})
    hear(world, a_post(), now=NOW - 3 * DAY)
    world.followed = (a_subject(), a_rival(), WANDA)
    world.restart()
    hear(world, a_post(2, said_at=NOW - 3 * DAY), now=NOW)
    assert world.notices() == []
    hear(world, a_post(3))
    assert told(world) == [(PRAISE, ["3"])]
    world.store.close()


def test_nothing_new_asks_for_little(world: World) -> None:
    hear(world, a_post(1), a_post(2, label=NEUTRAL))
    statements: list[str] = []
    with world.store.read() as db:
        db.set_trace_callback(statements.append)
        influencers.watch(world.store, world.watch, SEEN + MINUTE)
        db.set_trace_callback(None)
    assert len(statements) <= 6
    assert not any("match" in one for one in statements)


def test_reach_is_not_told_beside_it_and_what_is_graver_is(tmp_path: Path) -> None:
    world = a_world(tmp_path / "both")
    world.rules = {**world.rules, "severe": SevereRule(reach_above=1000)}
    world.restart()
    of_another = a_post(3, label=NEGATIVE, author="jo", text="Acme lost my umbrella, and my day")
    hear(world, a_post(1, label=NEGATIVE), of_another)
    assert sorted(world.notices()) == [
        (CRITICISM, ["1"]),
        (Event.MENTION_SEVERE, ["3"]),
    ]
    hear(world, a_post(2, label=NEGATIVE, text="Acme, see you in court: my lawyer will write"))
    assert {event for event, ids in world.notices()[2:] if "2" in ids} == {
        CRITICISM,
        Event.MENTION_SEVERE,
    }
    world.store.close()


def test_reach_that_is_too_old_for_it_is_told_by_its_reach(tmp_path: Path) -> None:
    world = a_world(tmp_path / "old", InfluencerRule(max_age=HOUR))
    world.rules = {**world.rules, "severe": SevereRule(reach_above=1000)}
    world.restart()
    hear(world, a_post(1, label=NEGATIVE), now=NOW + 2 * HOUR)
    assert world.notices() == [(Event.MENTION_SEVERE, ["1"])]
    world.store.close()


def test_the_receipt_quotes_what_quiet_hours_hold_back(tmp_path: Path) -> None:
    night = Manners(quiet_hours=read_quiet(["00:00-24:00"]))
    world = a_world(tmp_path / "night", calling=("slack",), manners=night)
    hear(world, a_post())
    assert told(world) == []
    assert [q["id"] for q in receipt(world.store, 1)["quotes"]] == ["x:1"]
    world.store.close()


def test_the_receipt_quotes_the_post(world: World) -> None:
    hear(world, a_post())
    said = receipt(world.store, 1)
    assert said["evidence"]["influencer"] == "Wanda"
    assert [(q["id"], q["followers"]) for q in said["quotes"]] == [("x:1", 48_000)]
