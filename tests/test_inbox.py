"""What people do: each act once, by its name, on record; and erasure that leaves nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener import inbox
from listener.clock import VirtualClock
from listener.domain.mention import Evidence, Reject
from listener.errors import UsageError
from listener.stages.collect import collect_page
from listener.stages.report import make_due
from listener.store import clocks, digests, keep, search, sources
from listener.store.connection import Store
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEGATIVE,
    NEUTRAL,
    NOW,
    POSITIVE,
    SECOND,
    a_mention,
    a_review,
    a_tombstone,
    an_answer,
)
from tests.fakes import FakeCollector
from tests.stages.test_report import MONDAY, reporting
from tests.stages.world import World
from tests.store.kept import everything, on_disk, one

SEEN = NOW + 30 * SECOND
LONG_AGO = NOW - 10_000 * DAY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, durable=True)
    made.hear(a_mention(1), a_mention(2, said_at=NOW - 10 * MINUTE), now=SEEN)
    made.think(SEEN)
    yield made
    made.store.close()


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [str(row["id"]) for row in rows]


def test_the_most_urgent_is_first(world: World) -> None:
    rows = inbox.waiting(world.store)
    assert names(rows) == ["x:2", "x:1"]
    assert rows[0]["text"] == "Acme lost parcel number 2"


def test_a_row_has_the_fields_of_the_design(world: World) -> None:
    (row, _) = inbox.waiting(world.store)
    assert row.keys() >= {
        "id", "subject", "channel", "state", "due_at", "said_at", "seen_at", "sentiment",
        "topics", "intent", "assignee", "action",
    }  # fmt: skip
    assert (row["subject"], row["state"], row["sentiment"]) == ("Acme", "waiting", "negative")


def test_the_inbox_can_be_narrowed(world: World) -> None:
    world.hear(a_review(3, text="Acme is bad"), now=SEEN)
    world.think(SEEN)

    search.index_new(world.store)
    assert names(inbox.waiting(world.store, subject="ACME")) == ["x:2", "x:1", "play:3"]
    assert inbox.waiting(world.store, subject="Boreal") == []
    assert names(inbox.waiting(world.store, words="bad")) == ["play:3"]
    assert inbox.waiting(world.store, words="nowhere") == []
    assert names(inbox.waiting(world.store, limit=1)) == ["x:2"]
    assert inbox.waiting(world.store, states=("met",)) == []


def test_time_is_seen_in_the_inbox_before_any_rule_has_looked(world: World) -> None:
    inbox.snooze(world.store, "x:1", DAY, "jo", SEEN)
    for now, first, second in (
        (NOW + 25 * MINUTE, "due_soon", "waiting"),
        (NOW + 45 * MINUTE, "due_soon", "due_soon"),
        (NOW + 55 * MINUTE, "overdue", "due_soon"),
        (NOW + 90 * MINUTE, "overdue", "overdue"),
    ):
        rows = inbox.waiting(world.store, now=now)
        assert [row["state"] for row in rows] == [first, second]
        late = [row for row in rows if row["state"] == "overdue"]
        assert inbox.waiting(world.store, states=("overdue",), now=now) == late


def test_a_persons_topics_are_shown_and_not_the_models(world: World) -> None:
    world.hear(a_mention(3, topics=("delivery",)), now=SEEN)
    world.think(SEEN)
    inbox.correct(world.store, "x:3", NEGATIVE, ("refund",), "jo", SEEN)
    found = {row["id"]: row["topics"] for row in inbox.waiting(world.store)}
    assert found["x:3"] == ["refund"]


def test_an_answer_stops_the_clock_at_once(world: World) -> None:
    inbox.answer(world.store, "x:1", "jo", NOW + 10 * MINUTE)
    assert world.state(1) == "met"
    world.think(NOW + 11 * MINUTE)
    clock = world.clocks()["1"]
    assert (clock["state"], clock["evidence"]) == ("met", "hand")
    assert clock["answered_at"] == clock["human_at"] == "2026-11-22T12:10:00.000Z"


def test_the_first_answer_counts_and_a_second_changes_nothing(world: World) -> None:
    now = NOW + 2 * HOUR
    assert inbox.answer(world.store, "x:1", "jo", now, at=NOW + HOUR) is None
    assert inbox.answer(world.store, "x:1", "kata", now) == NOW + HOUR
    world.think(now)
    assert world.clocks()["1"]["answered_at"] == "2026-11-22T13:00:00.000Z"
    assert len(world.rows("SELECT * FROM audit")) == 1


def test_an_answer_is_put_right_when_it_was_given_earlier(world: World) -> None:
    now = NOW + 2 * HOUR
    inbox.answer(world.store, "x:1", "jo", now)
    world.think(now)
    assert world.state(1) == "missed"
    assert inbox.answer(world.store, "x:1", "kata", now, at=NOW + 5 * MINUTE) is None
    for _ in range(2):
        clock = world.clocks()["1"]
        assert (clock["state"], clock["answered_at"]) == ("met", "2026-11-22T12:05:00.000Z")
        world.think(now + MINUTE)
    assert len(world.rows("SELECT * FROM audit")) == 2


def test_an_answer_that_was_seen_first_stays_the_first(world: World) -> None:
    world.hear(now=SEEN, answers=[an_answer(1, automatic=True)])
    world.think(SEEN)
    inbox.answer(world.store, "x:1", "jo", NOW + 20 * MINUTE)
    clock = world.clocks()["1"]
    assert clock["answered_at"] == "2026-11-22T12:10:00.000Z"
    assert clock["human_at"] == "2026-11-22T12:20:00.000Z"
    world.think(NOW + HOUR)
    assert world.clocks()["1"] == clock


def test_an_answer_cannot_be_older_than_its_mention(world: World) -> None:
    with pytest.raises(UsageError, match="cannot be older"):
        inbox.answer(world.store, "x:1", "jo", SEEN, at=NOW - SECOND)
    assert one(world.store, "SELECT count(*) FROM response") == 0
    assert one(world.store, "SELECT count(*) FROM audit") == 0


def test_what_nobody_asked_can_be_answered_too(world: World) -> None:
    world.hear(a_mention(3, label=POSITIVE), now=SEEN)
    world.think(SEEN)
    inbox.answer(world.store, "x:3", "jo", SEEN)
    assert world.state(3) is None


def test_a_mention_is_named_by_its_row_too(world: World) -> None:
    inbox.assign(world.store, "1", "kata", "jo", SEEN)
    found = {row["id"]: row["assignee"] for row in inbox.waiting(world.store)}
    assert found == {"x:1": "kata", "x:2": None}


def test_assigning_and_linking_keep_each_other(world: World) -> None:
    inbox.assign(world.store, "x:1", "kata", "jo", SEEN)
    inbox.link(world.store, "x:1", "CX-7", "jo", SEEN)
    inbox.assign(world.store, "x:1", "bela", "jo", SEEN)
    assert world.rows("SELECT assignee, link FROM work") == [{"assignee": "bela", "link": "CX-7"}]


def test_a_snooze_needs_a_time(world: World) -> None:
    with pytest.raises(UsageError, match="30m"):
        inbox.snooze(world.store, "x:1", timedelta(0), "jo", SEEN)
    assert inbox.snooze(world.store, "x:1", HOUR, "jo", SEEN) == SEEN + HOUR


ACTS: dict[str, Callable[[Store, str], object]] = {
    "answer": lambda store, name: inbox.answer(store, name, "jo", SEEN),
    "dismiss": lambda store, name: inbox.dismiss(store, name, "jo", SEEN),
    "snooze": lambda store, name: inbox.snooze(store, name, HOUR, "jo", SEEN),
    "assign": lambda store, name: inbox.assign(store, name, "kata", "jo", SEEN),
    "link": lambda store, name: inbox.link(store, name, "CX-7", "jo", SEEN),
    "correct": lambda store, name: inbox.correct(store, name, NEUTRAL, (), "jo", SEEN),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_on_record(world: World, act: str) -> None:
    ACTS[act](world.store, "x:1")
    (line,) = world.rows("SELECT at, who, what FROM audit")
    assert line == {"at": "2026-11-22T12:00:30.000Z", "who": "jo", "what": "x:1"}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_not_there_is_told_and_changes_nothing(world: World, act: str) -> None:
    before = everything(world.store)
    with pytest.raises(UsageError, match=r"'x:99'.*SOURCE:ID"):
        ACTS[act](world.store, "x:99")
    assert everything(world.store) == before


@pytest.mark.parametrize("act", ["dismiss", "snooze"])
def test_what_waits_for_nothing_cannot_be_dismissed(world: World, act: str) -> None:
    world.hear(a_mention(3, label=POSITIVE), now=SEEN)
    world.think(SEEN)
    with pytest.raises(UsageError, match="x:3 waits for no answer"):
        ACTS[act](world.store, "x:3")


def test_an_incident_is_looked_after_by_the_first_who_says_so(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.acknowledge(world.store, 1, "jo", [], NOW + 2 * HOUR)
    inbox.acknowledge(world.store, 1, "kata", [], NOW + 2 * HOUR)
    (row,) = inbox.incident_list(world.store, every=False)
    assert row["state"] == "acknowledged"
    assert inbox.receipt(world.store, 1)["acknowledged_by"] == "jo"


def test_an_incident_is_resolved_once(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.resolve(world.store, 1, "jo", [], NOW + 2 * HOUR)
    inbox.resolve(world.store, 1, "kata", [], NOW + 3 * HOUR)
    assert inbox.incident_list(world.store, every=False) == []
    (row,) = inbox.incident_list(world.store, every=True)
    assert (row["state"], row["resolved_at"]) == ("resolved", "2026-11-22T14:00:00Z")
    history = inbox.receipt(world.store, 1)["history"]
    assert [(line["event"], line["who"]) for line in history] == [
        ("opened", None),
        ("resolved", "jo"),
    ]


@pytest.mark.parametrize("number", [0, 99, -1, 2**62])
def test_an_incident_that_is_not_there_is_told(world: World, number: int) -> None:
    for act in (
        lambda: inbox.acknowledge(world.store, number, "jo", [], SEEN),
        lambda: inbox.resolve(world.store, number, "jo", [], SEEN),
        lambda: inbox.receipt(world.store, number),
    ):
        with pytest.raises(UsageError, match=f"no incident {number}"):
            act()


def test_a_receipt_can_be_written_as_json(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    receipt = json.loads(json.dumps(inbox.receipt(world.store, 1)))
    assert receipt["subject"] == "Acme"
    assert receipt["evidence"]["within_s"] == 3600


def test_a_summary_counts(world: World) -> None:
    summary = inbox.summary(world.store)
    assert summary.subjects == [("Acme", "brand", 2, 2), ("Boreal", "competitor", 0, 0)]
    assert summary.clocks == {"waiting": 2}


@pytest.mark.parametrize("kind", ["mentions", "clocks", "incidents", "corrections"])
def test_every_kind_can_be_exported(world: World, kind: str) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.correct(world.store, "x:1", POSITIVE, ("refund",), "jo", NOW + 3 * HOUR)
    rows = list(inbox.export(world.store, kind, LONG_AGO))
    assert rows
    assert json.dumps(rows)
    assert list(inbox.export(world.store, kind, NOW + 30 * DAY)) == []


def test_an_exported_mention_has_the_fields_of_the_design(world: World) -> None:
    (first, _) = inbox.export(world.store, "mentions", LONG_AGO)
    assert first.keys() >= {"id", "source", "channel", "kind", "text", "created_at", "author"}
    assert (first["id"], first["brand"], first["label"]) == ("2", "Acme", "negative")


def test_a_correction_is_exported_beside_what_the_model_said(world: World) -> None:
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN)
    (row,) = inbox.export(world.store, "corrections", LONG_AGO)
    assert (row["id"], row["label"], row["model_label"], row["by"]) == (
        "x:1",
        "positive",
        "negative",
        "jo",
    )


def test_what_is_searched_for_is_found_by_all_its_words(world: World) -> None:

    search.index_new(world.store)
    assert names(inbox.search_for(world.store, "lost parcel", 10)) == ["x:1", "x:2"]
    assert names(inbox.search_for(world.store, "parcel 2", 10)) == ["x:2"]


@pytest.fixture
def remembered(world: World) -> World:
    """A person whose words are everywhere we keep words."""
    words = "Acme canaryword lost the canaryluggage"
    said = a_mention(7, text=words, title="canarytitle", author="canaryman", author_name="Canary M")
    said = replace(said, topics=("delivery",))
    world.hear(said, now=SEEN)
    world.hear(a_mention(7, text=f"{words} 金絲雀", author="canaryman"), now=SEEN)
    quote = an_answer(7, text="Dear canaryman, sorry for the canaryluggage")
    own = an_answer(1, source_id="own", author="canaryman", text="canary answers too")
    world.hear(now=SEEN, answers=[quote, own])
    world.think(NOW + 2 * HOUR)
    inbox.correct(world.store, "x:7", NEGATIVE, (), "jo", NOW + 2 * HOUR)
    world.think(NOW + 2 * HOUR)
    world.tell(NOW + 2 * HOUR)

    search.index_new(world.store)
    make_due(world.store, reporting(world), MONDAY)
    assert b"canary" in on_disk(world.store)
    return world


def test_who_is_forgotten_leaves_no_word(remembered: World) -> None:
    assert inbox.forget(remembered.store, "x:@canaryman", "jo", MONDAY) == 1
    for table, kept in everything(remembered.store).items():
        found = json.dumps(kept, ensure_ascii=False, default=str).lower()
        assert "canary" not in found, table
        assert "金絲" not in found, table
    left = on_disk(remembered.store).lower()
    assert b"canary" not in left
    assert "金絲".encode() not in left


def test_what_was_refused_of_a_person_is_forgotten_too(world: World) -> None:
    mine = Reject(place="a:1", reason="no time", content='{"author": "canaryman", "text": "hm"}')
    other = Reject(place="a:2", reason="no time", content='{"author": "person1"}')
    world.hear(a_mention(7, author="canaryman"), now=SEEN)
    with world.store.write() as db:
        sources.reject(db, "x", [mine, other], SEEN)
    inbox.forget(world.store, "x:canaryman", "jo", SEEN)
    assert world.rows("SELECT place FROM reject") == [{"place": "a:2"}]


def test_what_is_gone_at_its_source_is_quoted_by_no_kept_digest(remembered: World) -> None:
    assert "canaryluggage" in one(remembered.store, "SELECT data FROM digest")
    remembered.hear(now=MONDAY, gone=[a_tombstone(7)])
    assert "canary" not in one(remembered.store, "SELECT data FROM digest").lower()
    assert remembered.rows("SELECT * FROM author WHERE handle = 'canaryman'") == []


def test_an_old_digest_keeps_its_figures_and_loses_its_quotes(remembered: World) -> None:
    before = json.loads(one(remembered.store, "SELECT data FROM digest"))
    keep.sweep(remembered.store, MONDAY - DAY)
    assert "canaryluggage" in one(remembered.store, "SELECT data FROM digest")
    keep.sweep(remembered.store, MONDAY + DAY)
    after = json.loads(one(remembered.store, "SELECT data FROM digest"))
    assert "canaryluggage" not in str(after)
    assert after["subjects"][0]["now"] == before["subjects"][0]["now"]


def test_who_is_forgotten_leaves_the_counts(remembered: World) -> None:
    before = remembered.rows("SELECT start, channel, mentions, negative FROM bucket")
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    remembered.think(MONDAY)
    assert remembered.rows("SELECT start, channel, mentions, negative FROM bucket") == before
    assert remembered.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    with remembered.store.read() as db:
        assert digests.last_week(db) is not None


def test_who_is_forgotten_is_on_record_without_a_name(remembered: World) -> None:
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    (line,) = remembered.rows("SELECT who, what, detail FROM audit WHERE did = 'forgot'")
    assert line["who"] == "jo"
    assert line["what"].startswith("x:#")
    assert line["detail"] == "1 mentions"


def test_others_keep_their_words_when_one_is_forgotten(remembered: World) -> None:
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    silent = remembered.rows("SELECT source_id FROM mention WHERE text = ''")
    assert silent == [{"source_id": "7"}]


def test_to_forget_a_name_without_a_source_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="SOURCE:ID"):
        inbox.forget(world.store, "canaryman", "jo", SEEN)


def test_to_forget_a_stranger_forgets_nobody(world: World) -> None:
    before = everything(world.store)
    with pytest.raises(UsageError, match=r"'x:stranger'.*SOURCE:ID.*export"):
        inbox.forget(world.store, "x:stranger", "jo", SEEN)
    assert everything(world.store) == before


def test_a_source_whose_name_has_a_colon_can_be_forgotten(world: World) -> None:
    world.hear(a_mention(7, source="a:b", author="urn:7"), now=SEEN)
    assert inbox.forget(world.store, "a:b:urn:7", "jo", SEEN) == 1
    (line,) = world.rows("SELECT what FROM audit")
    assert line["what"].startswith("a:b:#")


def test_sources_are_listed_with_how_late_they_are(world: World) -> None:

    collect_page(world.store, FakeCollector(), world.matcher, VirtualClock(NOW))
    (row,) = inbox.source_list(world.store, NOW + HOUR)
    assert row.keys() >= {
        "name", "type", "last_success", "lag_s", "gap_since", "next_run", "error", "spent_usd",
    }  # fmt: skip
    assert (row["name"], row["lag_s"], row["error"]) == ("x", 3600, None)


def test_hand_made_evidence_is_told_apart(world: World) -> None:
    inbox.answer(world.store, "x:1", "jo", SEEN)
    with world.store.read() as db:
        (clock,) = clocks.of(db, [1])
    assert clock.evidence is Evidence.HAND
