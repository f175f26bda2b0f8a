"""What people read: what waits, what was found, what is exported."""

import json
from dataclasses import replace
from typing import Any

import pytest

from listener import inbox, receipts, views
from listener.clock import VirtualClock
from listener.collectors import type_of
from listener.collectors.hacker_news import HackerNews
from listener.domain.actions import Action, Pack
from listener.domain.mention import Batch
from listener.domain.query import parse
from listener.domain.schedule import SourceState
from listener.domain.voice import quoted
from listener.http import Http
from listener.stages.collect import collect_page
from listener.store import labels, matches, search, sources
from listener.store.searching import Order
from listener.store.searching.listing import AT_ONCE
from listener.store.waiting import MOST_RANKED, InboxFilter, Sorted
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEGATIVE,
    NEUTRAL,
    NOW,
    POSITIVE,
    a_label,
    a_mention,
    a_review,
)
from tests.fakes import FakeCollector
from tests.service.conftest import SEEN, names
from tests.stages.world import World

PACK = Pack(actions=())
LONG_AGO = NOW - 10_000 * DAY


def test_the_most_urgent_is_first(world: World) -> None:
    rows = views.waiting(world.store)
    assert names(rows) == ["x:2", "x:1"]
    assert rows[0]["text"] == "Acme lost parcel number 2"


def test_a_row_has_the_fields_of_the_design(world: World) -> None:
    (row, _) = views.waiting(world.store)
    assert row.keys() >= {
        "id", "subject", "channel", "state", "due_at", "said_at", "seen_at", "sentiment",
        "topics", "intent", "assignee", "action",
    }  # fmt: skip
    assert (row["subject"], row["state"], row["sentiment"]) == ("Acme", "waiting", "negative")


def test_a_row_says_what_to_do_and_for_whom(world: World) -> None:
    world.hear(a_review(3, text="Acme is bad"), now=SEEN)
    world.think(SEEN)
    found = {row["id"]: row for row in views.waiting(world.store, now=SEEN)}
    assert found["play:3"]["action"] == "Answer the review within the week"
    pack = Pack(actions=(Action(channel=("review",), action="Ring", team="shops"),))
    found = {row["id"]: row for row in views.waiting(world.store, now=SEEN, pack=pack)}
    assert (found["play:3"]["action"], found["play:3"]["team"]) == ("Ring", "shops")
    assert (found["x:1"]["action"], found["x:1"]["team"]) == ("", None)


def test_whoever_blames_again_is_a_critic(world: World) -> None:
    world.hear(a_mention(3, author="person1"), now=SEEN)
    world.think(SEEN)
    found = {row["id"]: row for row in views.waiting(world.store, now=SEEN)}
    assert found["x:3"]["standing"] == "critic"
    assert found["x:3"]["action"] == "Win them back: answer in person, by name"
    assert found["x:2"]["standing"] is None  # one mention is no habit


def test_an_intent_that_is_a_guess_is_shown_and_asks_for_nothing(world: World) -> None:
    pack = Pack(actions=(Action(intent=("churn",), action="Call them"), Action(action="Read it")))
    for sure, action in ((0.4, "Read it"), (0.6, "Call them")):
        with world.store.write() as db:
            db.execute("UPDATE label SET intent = 'churn', intent_confidence = ?", (sure,))
        found = {row["id"]: row for row in views.waiting(world.store, now=SEEN, pack=pack)}
        assert (found["x:1"]["intent"], found["x:1"]["action"]) == ("churn", action)


def test_the_inbox_can_be_narrowed(world: World) -> None:
    world.hear(a_review(3, text="Acme is bad"), now=SEEN)
    world.think(SEEN)

    search.index_new(world.store)
    assert names(views.waiting(world.store, subject="ACME")) == ["x:2", "x:1", "play:3"]
    assert views.waiting(world.store, subject="Boreal") == []
    assert names(views.waiting(world.store, limit=1)) == ["x:2"]
    assert views.waiting(world.store, states=("met",)) == []


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("order", list(Sorted))
def test_a_query_narrows_what_waits_in_the_order_that_is_wanted(
    world: World, order: Sorted, indexed: bool
) -> None:
    many = range(10, 10 + 8 * AT_ONCE)
    world.hear(*(a_mention(n, text=f"Acme is bad {n}", followers=n % 500) for n in many), now=SEEN)
    world.think(SEEN)
    if indexed:
        search.index_new(world.store)
    wanted = InboxFilter(now=SEEN, order=order, limit=5000)
    every = names(views.sought(world.store, wanted, None, PACK).rows)
    found_by = {
        "bad": {f"x:{n}" for n in many},
        "177": {"x:177"},
        "nowhere": set(),
        "acme followers:>497": {f"x:{n}" for n in many if n % 500 > 497},
        "bad followers:<2": {f"x:{n}" for n in many if n % 500 < 2},
    }
    for words, held in found_by.items():
        found = views.sought(world.store, wanted, parse(words), PACK, seconds=60)
        assert names(found.rows) == [one for one in every if one in held]
        assert found.unfinished is None
    (first,) = views.sought(world.store, replace(wanted, limit=1), parse("bad"), PACK).rows
    assert first["id"] == next(one for one in every if one not in ("x:1", "x:2"))


@pytest.mark.parametrize("order", list(Sorted))
def test_what_a_query_finds_is_there_in_every_order_however_much_is_newer(
    world: World, order: Sorted
) -> None:
    old = [a_mention(n, text=f"Acme is bad {n}", said_at=NOW - HOUR) for n in range(10, 210)]
    newer = [a_mention(n, text=f"Acme is odd {n}") for n in range(1000, 1050 + MOST_RANKED)]
    world.hear(*old, *newer, now=SEEN)
    world.think(SEEN)
    wanted = InboxFilter(now=SEEN, order=order, limit=500)
    found = views.sought(world.store, wanted, parse("bad"), PACK, seconds=60)
    assert len(found.rows) == 200


def test_a_list_that_was_gone_through_is_whole_however_long_it_took(world: World) -> None:
    found = views.sought(world.store, InboxFilter(now=SEEN), parse("parcel"), PACK, seconds=0)
    assert (names(found.rows), found.unfinished) == (["x:2", "x:1"], None)


def test_a_list_that_cannot_be_gone_through_in_time_says_so(world: World) -> None:
    world.hear(
        *(a_mention(n, text=f"Acme is bad {n}") for n in range(10, 10 + 2 * AT_ONCE)), now=SEEN
    )
    world.think(SEEN)
    found = views.sought(world.store, InboxFilter(now=SEEN), parse("parcel"), PACK, seconds=0)
    assert str(found.unfinished).startswith("there was no time to look at everything")


def test_time_is_seen_in_the_inbox_before_any_rule_has_looked(world: World) -> None:
    inbox.snooze(world.store, "x:1", DAY, "jo", SEEN)
    for now, first, second in (
        (NOW + 25 * MINUTE, "due_soon", "waiting"),
        (NOW + 45 * MINUTE, "due_soon", "due_soon"),
        (NOW + 55 * MINUTE, "overdue", "due_soon"),
        (NOW + 90 * MINUTE, "overdue", "overdue"),
    ):
        rows = views.waiting(world.store, now=now)
        assert [row["state"] for row in rows] == [first, second]
        late = [row for row in rows if row["state"] == "overdue"]
        assert views.waiting(world.store, states=("overdue",), now=now) == late


def test_a_persons_topics_are_shown_and_not_the_models(world: World) -> None:
    world.hear(a_mention(3, topics=("delivery",)), now=SEEN)
    world.think(SEEN)
    inbox.correct(world.store, "x:3", NEGATIVE, ("refund",), "jo", SEEN)
    found = {row["id"]: row["topics"] for row in views.waiting(world.store)}
    assert found["x:3"] == ["refund"]


def test_how_sure_a_label_is_comes_with_it(world: World) -> None:
    with world.store.write() as db:
        labels.add(db, [a_label(1, negative=0.5, made_at=NOW + DAY)])
    found = {row["id"]: row["confidence"] for row in views.waiting(world.store)}
    assert found == {"x:1": 0.5, "x:2": 1.0}
    inbox.correct(world.store, "x:1", NEGATIVE, (), "jo", SEEN)
    assert {row["confidence"] for row in views.waiting(world.store)} == {1.0}


def test_what_is_searched_for_and_what_is_quoted_say_how_sure_it_is(world: World) -> None:
    search.index_new(world.store)
    with world.store.write() as db:
        labels.add(db, [a_label(1, negative=0.5, subject_id=1)])
    rows = views.find(world.store, parse("acme"), NOW).rows
    found = {row["id"]: row["confidence"] for row in rows}
    assert found == {"x:1": 0.5, "x:2": 1.0}
    with world.store.read() as db:
        voices = matches.voices_by_id(db, 1, [1, 2])
    assert [quoted(voice, 80, mask=True).confidence for voice in voices] == [0.5, 1.0]


def test_a_review_without_words_is_quoted_by_its_stars(world: World) -> None:
    said = (a_review(3, stars=1, text="", brand="Acme"), a_review(4, stars=0, brand="Acme"))
    world.hear(*said, now=SEEN)
    world.think(SEEN)
    found = {row["id"]: row["stars"] for row in views.waiting(world.store)}
    assert (found["play:3"], found["x:1"]) == (1, None)
    with world.store.read() as db:
        voices = matches.voices_by_id(db, 1, [3, 4])
    texts = [quoted(voice, 80, mask=True).text for voice in voices]
    assert texts == ["★ 1/5", "Acme lost parcel number 4"]


def test_a_receipt_can_be_written_as_json(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    receipt = json.loads(json.dumps(receipts.receipt(world.store, 1)))
    assert receipt["subject"] == "Acme"
    assert receipt["evidence"]["within_s"] == 3600


def test_a_summary_counts(world: World) -> None:
    summary = views.summary(world.store)
    assert summary.subjects == [("Acme", "brand", 2, 2), ("Boreal", "competitor", 0, 0)]
    assert summary.clocks == {"waiting": 2}


@pytest.mark.parametrize("kind", ["mentions", "clocks", "incidents", "corrections"])
def test_every_kind_can_be_exported(world: World, kind: str) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.correct(world.store, "x:1", POSITIVE, ("refund",), "jo", NOW + 3 * HOUR)
    rows = list(views.export(world.store, kind, LONG_AGO))
    assert rows
    assert json.dumps(rows)
    assert list(views.export(world.store, kind, NOW + 30 * DAY)) == []


def test_an_exported_mention_has_the_fields_of_the_design(world: World) -> None:
    (first, _) = views.export(world.store, "mentions", LONG_AGO)
    assert first.keys() >= {"id", "source", "channel", "kind", "text", "created_at", "author"}
    assert (first["id"], first["brand"], first["label"]) == ("2", "Acme", "negative")


def test_a_correction_is_exported_beside_what_the_model_said(world: World) -> None:
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN)
    (row,) = views.export(world.store, "corrections", LONG_AGO)
    assert (row["id"], row["label"], row["model_label"], row["by"]) == (
        "x:1",
        "positive",
        "negative",
        "jo",
    )


def test_beside_a_correction_of_the_text_is_what_the_model_said_of_the_text(world: World) -> None:
    with world.store.write() as db:
        (whole,) = labels.of(db, [1])[1]
        labels.add(db, [replace(whole, subject_id=2, sentiment=NEUTRAL)])
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN)
    (row,) = views.export(world.store, "corrections", LONG_AGO)
    assert row["model_label"] == "negative"


def test_what_is_searched_for_is_found_by_all_its_words(world: World) -> None:

    search.index_new(world.store)
    assert names(views.find(world.store, parse("lost parcel"), NOW).rows) == ["x:1", "x:2"]
    assert names(views.find(world.store, parse("parcel 2"), NOW).rows) == ["x:2"]


def test_a_search_says_what_was_found_where_and_what_it_has_not_looked_at(world: World) -> None:
    search.index_new(world.store)
    world.hear(a_mention(77, text="one more parcel"), now=SEEN)
    found = views.find(world.store, parse("lost parcel"), NOW, limit=1)
    (row,) = found.rows
    assert row["terms"] == ["lost", "parcel"]
    assert [row["text"][start:end] for start, end, _ in row["places"]] == ["lost", "parcel"]
    assert found.unfinished == "1 of the newest mentions is not in the index yet."
    second = views.find(world.store, parse("lost parcel"), NOW, limit=1, after=found.next)
    assert names([*found.rows, *second.rows]) == ["x:1", "x:2"]
    assert second.next is None


def test_the_best_are_sought_among_the_newest_and_that_is_said(world: World) -> None:
    world.hear(*(a_mention(n, text="a parcel") for n in range(100, 400)), now=SEEN)
    search.index_new(world.store)
    everything = views.find(world.store, parse("parcel"), NOW, limit=1000)
    assert (len(everything.rows) > 300, everything.unfinished) == (True, None)
    best = views.find(world.store, parse("parcel"), NOW, order=Order.RELEVANCE, limit=250)
    assert (len(best.rows), best.next) == (250, None)
    assert best.unfinished is not None
    assert "the best of the newest 250" in best.unfinished


def test_sources_are_listed_with_how_late_they_are(world: World) -> None:

    collect_page(world.store, FakeCollector(), world.matcher, VirtualClock(NOW))
    (row,) = views.source_list(world.store, NOW + HOUR)
    assert row.keys() >= {
        "name", "type", "last_success", "lag_s", "gap_since", "next_run", "error", "spent_usd",
    }  # fmt: skip
    assert (row["name"], row["lag_s"], row["error"]) == ("x", 3600, None)


def test_streams_that_fail_are_told_while_their_source_counts_as_well(world: World) -> None:
    cursor = {
        "streams": {
            "answers": {
                "mark": "7",
                "refused": "X refuses us",
                "refused_since": "2026-11-22T09:00:00.000Z",
                "refused_until": "2026-11-22T13:00:00.000Z",
            },
            "old": {"refused": "cut short"},
            "well": {"mark": "9"},
        },
        "rest": [],
    }
    source = FakeCollector(pages=[Batch(cursor=cursor)])
    collect_page(world.store, source, world.matcher, VirtualClock(NOW))
    (row,) = views.source_list(world.store, NOW)
    assert row["error"] is None
    assert row["failing"] == [
        {"stream": "answers", "since": "2026-11-22T09:00:00.000Z", "why": "X refuses us"},
        {"stream": "old", "since": None, "why": "cut short"},
    ]
    with world.store.write() as db:
        sources.retire_others(db, [])
    (row,) = views.source_list(world.store, NOW)
    assert row["failing"] == []


@pytest.mark.parametrize(
    "cursor",
    [
        None,
        {},
        {"streams": ["a"]},
        {"streams": {"a": None, "b": ["refused"], "c": "refused"}},
        {"mark": {"refused": "no stream"}},
    ],
)
def test_a_cursor_without_streams_tells_of_none(
    world: World, cursor: dict[str, Any] | None
) -> None:
    source = FakeCollector(pages=[Batch(cursor=cursor)])
    collect_page(world.store, source, world.matcher, VirtualClock(NOW))
    (row,) = views.source_list(world.store, NOW)
    assert row["failing"] == []


def test_since_when_a_stream_fails_may_be_unknown(world: World) -> None:
    cursor = {"streams": {"a": {"refused": 7, "refused_since": "the other day"}}}
    source = FakeCollector(pages=[Batch(cursor=cursor)])
    collect_page(world.store, source, world.matcher, VirtualClock(NOW))
    (row,) = views.source_list(world.store, NOW)
    assert row["failing"] == [{"stream": "a", "since": None, "why": "7"}]


def test_types_that_were_tried_with_no_recorded_reply_are_experimental(world: World) -> None:
    hacker_news = HackerNews(name="hn", http=Http(), follows=tuple(world.subjects))
    for source in (FakeCollector(), hacker_news):
        with world.store.write() as db:
            state = SourceState(name=source.name)
            sources.keep(db, state, kind=type_of(source) or source.service, channel="social")
    listed = views.source_list(world.store, NOW)
    found = {row["name"]: (row["type"], row["experimental"]) for row in listed}
    assert found == {"hn": ("hacker_news", True), "x": ("x", False)}
