"""What people do: each act once, by its name, on record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from listener import inbox, issues, receipts, views
from listener.domain.label import Sentiment
from listener.domain.mention import Evidence
from listener.errors import UsageError
from listener.store import clocks, labels, mentions
from listener.store.connection import Store
from listener.store.incidents import Outlets
from listener.texts.notice import headline
from tests.builders import DAY, HOUR, MINUTE, NEUTRAL, NOW, POSITIVE, SECOND, a_mention, an_answer
from tests.service.conftest import SEEN
from tests.stages.world import World
from tests.store.kept import everything, one


def test_an_answer_stops_the_clock_at_once(world: World) -> None:
    inbox.answer(world.store, "x:1", "jo", NOW + 10 * MINUTE)
    assert world.state(1) == "met"
    world.think(NOW + 11 * MINUTE)
    clock = world.clocks()["1"]
    assert (clock["state"], clock["evidence"]) == ("met", "hand")
    assert clock["answered_at"] == clock["human_at"] == "2026-11-22T12:10:00.000Z"


def test_an_act_is_on_record_under_the_mention_s_name_however_it_was_named(world: World) -> None:
    """The record, the page of the mention and Slack look for it by that."""
    store = world.store
    inbox.assign(store, "1", "jo", "kim", NOW + MINUTE)
    inbox.snooze(store, "1", HOUR, "kim", NOW + MINUTE)
    inbox.correct(store, "1", Sentiment.NEUTRAL, (), "kim", NOW + MINUTE)
    inbox.answer(store, "1", "kim", NOW + MINUTE)
    inbox.dismiss(store, "1", "kim", NOW + MINUTE)
    issues.link(store, "1", "SHOP-1", "kim", NOW + MINUTE)
    issues.unlink(store, "1", "SHOP-1", "kim", NOW + MINUTE)
    acts = world.rows("SELECT did, what FROM audit")
    assert len(acts) == 7
    assert {act["what"] for act in acts} == {"x:1"}


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
    found = {row["id"]: row["assignee"] for row in views.waiting(world.store)}
    assert found == {"x:1": "kata", "x:2": None}


def test_who_was_assigned_last_has_it(world: World) -> None:
    inbox.assign(world.store, "x:1", "kata", "jo", SEEN)
    inbox.assign(world.store, "x:1", "bela", "jo", SEEN)
    assert world.rows("SELECT assignee FROM work") == [{"assignee": "bela"}]


def test_a_snooze_needs_a_time(world: World) -> None:
    with pytest.raises(UsageError, match="30m"):
        inbox.snooze(world.store, "x:1", timedelta(0), "jo", SEEN)
    assert inbox.snooze(world.store, "x:1", HOUR, "jo", SEEN) == SEEN + HOUR


ACTS: dict[str, Callable[[Store, str], object]] = {
    "answer": lambda store, name: inbox.answer(store, name, "jo", SEEN),
    "dismiss": lambda store, name: inbox.dismiss(store, name, "jo", SEEN),
    "snooze": lambda store, name: inbox.snooze(store, name, HOUR, "jo", SEEN),
    "assign": lambda store, name: inbox.assign(store, name, "kata", "jo", SEEN),
    "link": lambda store, name: issues.link(store, name, "CX-7", "jo", SEEN),
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
    (row,) = views.incident_list(world.store, every=False)
    assert row["state"] == "acknowledged"
    assert receipts.receipt(world.store, 1)["acknowledged_by"] == "jo"


def test_an_incident_is_resolved_once(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.resolve(world.store, 1, "jo", [], NOW + 2 * HOUR)
    inbox.resolve(world.store, 1, "kata", [], NOW + 3 * HOUR)
    assert views.incident_list(world.store, every=False) == []
    (row,) = views.incident_list(world.store, every=True)
    assert (row["state"], row["resolved_at"]) == ("resolved", "2026-11-22T14:00:00Z")
    history = receipts.receipt(world.store, 1)["history"]
    assert [(line["event"], line["who"]) for line in history] == [
        ("opened", None),
        ("resolved", "jo"),
    ]


@pytest.mark.parametrize("number", [0, 99, -1, 2**62])
def test_an_incident_that_is_not_there_is_told(world: World, number: int) -> None:
    for act in (
        lambda: inbox.acknowledge(world.store, number, "jo", [], SEEN),
        lambda: inbox.resolve(world.store, number, "jo", [], SEEN),
        lambda: receipts.receipt(world.store, number),
    ):
        with pytest.raises(UsageError, match=f"no incident {number}"):
            act()


def test_hand_made_evidence_is_told_apart(world: World) -> None:
    inbox.answer(world.store, "x:1", "jo", SEEN)
    with world.store.read() as db:
        (clock,) = clocks.of(db, [1])
    assert clock.evidence is Evidence.HAND


def test_the_first_to_take_an_incident_has_it_and_the_second_hears_who(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    found = [
        inbox.acknowledge(world.store, 1, who, [], NOW + 2 * HOUR) for who in ("jo", "kata", "jo")
    ]
    assert found == [None, "jo", "jo"]
    acts = world.rows("SELECT who FROM audit WHERE did = 'acknowledged'")
    assert acts == [{"who": "jo"}]


def test_two_who_take_it_at_once_are_one_and_the_other_hears_who(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    names = [f"agent{n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = [
            pool.submit(inbox.acknowledge, world.store, 1, who, [], NOW + 2 * HOUR) for who in names
        ]
        found = [one.result() for one in taken]
    first = names[found.index(None)]
    assert sorted(found, key=str) == sorted([None, *[first] * 7], key=str)


def test_what_one_has_taken_all_see_where_messages_last(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    told = world.tell(NOW + 2 * HOUR)
    inbox.acknowledge(world.store, 1, "jo", ["slack", "email"], NOW + 2 * HOUR)
    world.tell(NOW + 2 * HOUR, told)
    assert headline(told.taken[-1]).startswith("🟠 HIGH · acknowledged by jo · ")
    edits = world.rows("SELECT outlet FROM notice WHERE event = 'incident.updated'")
    assert edits == [{"outlet": "slack"}]  # nothing was told by email


def test_an_incident_is_snoozed_by_its_number(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    now = NOW + 2 * HOUR
    outlets = Outlets(("slack",))
    said = inbox.snooze_named(world.store, "incident:1", HOUR, "jo", outlets, now)
    assert said == ("incident 1", now + HOUR)
    assert receipts.receipt(world.store, 1)["snoozed_until"] == (now + HOUR).isoformat()
    assert world.clocks()["1"]["snoozed_until"] is None


def test_a_number_that_may_be_both_is_asked_about(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    outlets = Outlets(("slack",))
    with pytest.raises(UsageError, match="incident:1"):
        inbox.snooze_named(world.store, "1", HOUR, "jo", outlets, NOW + 2 * HOUR)
    said, _ = inbox.snooze_named(world.store, "x:1", HOUR, "jo", outlets, NOW + 2 * HOUR)
    assert said == "x:1"
    assert world.clocks()["1"]["snoozed_until"] is not None


def test_what_is_over_cannot_be_snoozed(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    inbox.resolve(world.store, 1, "jo", [], NOW + 2 * HOUR)
    with pytest.raises(UsageError, match="it is over"):
        inbox.snooze_incident(world.store, 1, HOUR, "jo", Outlets(()), NOW + 3 * HOUR)


def test_what_was_told_and_what_was_not_stands_in_the_receipt(world: World) -> None:
    world.think(NOW + 2 * HOUR)
    receipt = receipts.receipt(world.store, 1)
    assert [(one["event"], one["reason"]) for one in receipt["told"]] == [
        ("response.overdue", "a promise")
    ]
    assert receipt["withheld"] == []


def test_an_intent_alone_leaves_what_is_said_towards_each_subject(world: World) -> None:
    acme = world.subjects[0].id
    with world.store.write() as db:
        (whole,) = labels.of(db, [1])[1]
        labels.add(db, [replace(whole, by="model", subject_id=acme, sentiment=NEUTRAL)])
        db.execute("UPDATE label SET by = 'model'")
    inbox.correct(world.store, "x:1", None, (), "jo", SEEN, "churn")
    world.think(SEEN)
    felt = "SELECT sentiment FROM match WHERE mention_id = 1"
    assert world.rows(felt) == [{"sentiment": "neutral"}]
    inbox.correct(world.store, "x:1", POSITIVE, (), "jo", SEEN + SECOND)
    world.think(SEEN + SECOND)
    assert world.rows(felt) == [{"sentiment": "positive"}]


def test_an_intent_alone_is_no_word_on_the_sentiment(world: World) -> None:
    with world.store.write() as db:
        db.execute("UPDATE label SET by = 'model', negative = 0.5, neutral = 0.3, positive = 0.2")
    inbox.correct(world.store, "x:1", None, (), "jo", SEEN, "churn")
    (row,) = views.export(world.store, "corrections", NOW - 10_000 * DAY)
    assert (row["label"], row["intent"]) == (None, "churn")
    found = {row["id"]: row for row in views.waiting(world.store, now=SEEN)}
    assert (found["x:1"]["confidence"], found["x:1"]["intent"]) == (0.5, "churn")  # as unsure
    inbox.correct(world.store, "x:1", NEUTRAL, (), "jo", SEEN + SECOND)
    inbox.correct(world.store, "x:1", None, (), "ann", SEEN + 2 * SECOND, "defect")
    rows = views.export(world.store, "corrections", NOW - 10_000 * DAY)
    assert [(row["label"], row["by"]) for row in rows] == [
        (None, "jo"),
        ("neutral", "jo"),
        (None, "ann"),
    ]
    world.think(SEEN + 2 * SECOND)
    assert world.rows("SELECT sentiment FROM match WHERE mention_id = 1") == [
        {"sentiment": "neutral"}  # what jo said stands
    ]


def test_what_a_model_says_later_follows_a_corrected_intent(world: World) -> None:
    inbox.correct(world.store, "x:1", None, (), "jo", SEEN, "churn")
    with world.store.write() as db:
        (before, _) = labels.of(db, [1])[1]
        again = replace(before, by="model", sentiment=POSITIVE, made_at=SEEN + SECOND)
        labels.add(db, [again], replacing=[1])
        mentions.redo(db, "measure", [1])
    world.think(SEEN + SECOND)
    assert world.rows("SELECT sentiment FROM match WHERE mention_id = 1") == [
        {"sentiment": "positive"}
    ]


def test_what_is_said_of_one_subject_leaves_the_text_as_it_is(world: World) -> None:
    with world.store.write() as db:
        (before,) = labels.of(db, [1])[1]
    inbox.correct_towards(world.store, "x:1", world.subjects[0].name, POSITIVE, "jo", SEEN)
    world.think(SEEN)
    assert world.rows("SELECT sentiment FROM match WHERE mention_id = 1") == [
        {"sentiment": "positive"}
    ]
    with world.store.read() as db:
        whole = [one for one in labels.of(db, [1])[1] if one.subject_id is None]
    assert whole == [before]
    with pytest.raises(UsageError, match="Nobody"):
        inbox.correct_towards(world.store, "x:1", "Nobody", POSITIVE, "jo", SEEN)
