"""Single severe mentions: each is told once and at once, and what is history is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from listener import inbox
from listener.domain.incident import Event
from listener.domain.mention import Channel, Mention
from listener.rules.severe.rule import SevereRule
from listener.stages.alert import alert, next_due
from listener.store import asides, newly
from tests.builders import DAY, HOUR, MINUTE, NEUTRAL, NOW, SECOND, a_mention, a_tombstone
from tests.stages.world import World

SEVERE = Event.MENTION_SEVERE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rules={"severe": SevereRule()}, promises={})
    made.think(NOW - HOUR)
    yield made
    made.store.close()


WORDS = (
    "parcel", "courier", "refund", "website", "login", "phone", "driver", "box",
    "invoice", "seat", "bag", "gate", "crew", "meal", "delay", "ticket",
    "queue", "app", "bus", "hotel", "visa", "desk", "lounge", "screen",
    "battery",
)  # fmt: skip


def suing(number: int = 1, **more: Any) -> Mention:
    about = f"the {WORDS[number]}, a {WORDS[number * 7 % 25]} and {WORDS[number * 11 % 25]}"
    return a_mention(number, **({"text": f"Acme, my lawyer: {about} {number}"} | more))


def burnt(number: int = 1, **more: Any) -> Mention:
    return a_mention(number, text=f"charger {number} of Acme caught fire", **more)


def hear(world: World, *said: Mention, now: Any = NOW + 30 * SECOND) -> None:
    world.hear(*said, now=now)
    world.think(now)


def told(world: World) -> list[list[str]]:
    return [ids for event, ids in world.notices() if event is SEVERE]


def test_a_severe_mention_is_told_at_once_and_once(world: World) -> None:
    hear(world, suing(), a_mention(2))
    (notice,) = world.tell(NOW + 30 * SECOND).taken
    assert notice.event is SEVERE
    assert notice.mentions == ("x:1",)
    assert notice.title == "Acme: somebody speaks of going to law"
    assert notice.incident == 1
    world.restart()
    world.think(NOW + MINUTE)
    assert told(world) == [["1"]]


def test_twenty_at_once_are_one_notice(world: World) -> None:
    hear(world, *[suing(n) for n in range(20)])
    ((_, ids),) = world.notices()
    assert len(ids) == 20
    assert world.incidents()[0]["title"] == "Acme: 20 mentions speak of going to law"


def test_what_comes_later_is_told_in_the_same_incident(world: World) -> None:
    hear(world, suing(1))
    hear(world, suing(2, said_at=NOW + 2 * HOUR), now=NOW + 2 * HOUR)
    assert told(world) == [["1"], ["2"]]
    (incident,) = world.incidents()
    assert incident["title"] == "Acme: 2 mentions speak of going to law"


def test_each_kind_is_an_incident_of_its_own(world: World) -> None:
    hear(world, suing(1), burnt(2))
    assert [i["key"] for i in world.incidents()] == ["severe:Acme:safety", "severe:Acme:legal"]


def test_after_a_quiet_day_it_is_over(world: World) -> None:
    hear(world, suing(1))
    over = NOW + 30 * SECOND + DAY
    assert next_due(world.store, NOW + HOUR) == over
    world.think(over - SECOND)
    assert world.incidents()[0]["resolved_at"] is None
    world.think(over)
    assert world.incidents()[0]["resolved_at"] is not None
    assert told(world) == [["1"]]
    assert world.events()[-1] is Event.INCIDENT_RESOLVED
    assert next_due(world.store, over) is None
    hear(world, suing(2, said_at=over), now=over + MINUTE)
    assert len(world.incidents()) == 2


def test_what_comes_after_a_person_resolved_it_is_another_incident(world: World) -> None:
    hear(world, suing(1))
    inbox.resolve(world.store, 1, "jo", [], NOW + HOUR)
    hear(world, suing(2, said_at=NOW + 2 * HOUR), now=NOW + 2 * HOUR)
    assert told(world) == [["1"], ["2"]]
    assert [i["resolved_at"] is None for i in world.incidents()] == [False, True]


def test_history_is_not_told(world: World) -> None:
    hear(world, suing(said_at=NOW - DAY - MINUTE))
    assert world.notices() == []


def test_a_review_may_be_found_later_than_a_post(tmp_path: Path) -> None:
    world = World(tmp_path / "reviews", rules={"severe": SevereRule()})
    world.think(NOW)
    old = {"channel": Channel.REVIEW, "said_at": NOW - 10 * DAY, "stars": 1.0}
    hear(world, suing(1, **old), suing(2, said_at=NOW - 10 * DAY), now=NOW)
    assert told(world) == [["1"]]
    world.store.close()


def test_a_database_that_was_there_before_the_rule_is_not_told_of_again(tmp_path: Path) -> None:
    world = World(tmp_path / "old", rules={}, promises={})
    hear(world, suing(1, said_at=NOW - 3 * DAY), now=NOW - 3 * DAY + MINUTE)
    world.rules = {"severe": SevereRule()}
    world.restart()
    world.think(NOW)
    assert world.notices() == []
    hear(world, suing(2, said_at=NOW), now=NOW + MINUTE)
    assert told(world) == [["2"]]
    world.store.close()


def test_a_competitors_mention_is_not_told(world: World) -> None:
    hear(world, a_mention(text="Boreal, my lawyer will write", brand="Boreal"))
    assert world.notices() == []


def test_what_is_kept_aside_or_gone_is_not_told(world: World) -> None:
    world.hear(suing(1), suing(2), now=NOW + 30 * SECOND)
    world.measure(NOW + 30 * SECOND)
    with world.store.write() as db:
        assert asides.put_aside(db, [(1, 1, "spam:bots")]) == 1
    world.hear(now=NOW + 31 * SECOND, gone=[a_tombstone(2)])
    alert(world.store, world.watch, NOW + 32 * SECOND)
    assert world.notices() == []


def test_copies_are_told_by_their_first(world: World) -> None:
    words = "Acme, my lawyer will write to you about all of this, share it with everybody you know"
    hear(world, *[a_mention(n, text=words) for n in range(1, 9)])
    assert told(world) == [["1"]]


def test_an_edit_that_makes_it_severe_is_told_and_one_of_a_severe_one_is_not(world: World) -> None:
    hear(world, a_mention(1), suing(2))
    assert told(world) == [["2"]]
    edited = NOW + 5 * HOUR
    hear(
        world,
        suing(1, edited_at=edited),
        suing(2, text="Acme: my lawyer has written", edited_at=edited),
        now=edited,
    )
    assert told(world) == [["2"], ["1"]]
    world.think(edited + MINUTE)
    assert told(world) == [["2"], ["1"]]


def test_an_edit_of_one_of_an_earlier_incident_tells_nothing_again(world: World) -> None:
    hear(world, suing(1))
    world.think(NOW + 2 * DAY)
    hear(world, suing(2, said_at=NOW + 2 * DAY), now=NOW + 2 * DAY)
    edited = NOW + 2 * DAY + HOUR
    hear(world, suing(1, text="Acme: my lawyer has written", edited_at=edited), now=edited)
    assert told(world) == [["1"], ["2"]]


def test_an_edit_waits_for_its_label(world: World) -> None:
    hear(world, a_mention(1))
    edited = NOW + 5 * HOUR
    world.hear(suing(1, edited_at=edited), now=edited)
    with world.store.read() as db:
        since = newly.looked(db, "severe")
        assert newly.measured(db, since) == since
    world.think(edited + MINUTE)
    assert told(world) == [["1"]]


def test_nothing_new_costs_no_write(world: World) -> None:
    hear(world, suing(1), a_mention(2, label=NEUTRAL))
    before = world.rows("SELECT * FROM progress")
    with world.store.write() as db:
        db.execute(
            "CREATE TRIGGER closed BEFORE INSERT ON progress"
            " BEGIN SELECT RAISE (ABORT, 'something is written'); END"
        )
    world.think(NOW + HOUR)
    assert world.rows("SELECT * FROM progress") == before


def test_a_look_that_fails_is_done_again(world: World) -> None:
    with world.store.write() as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON incident"
            " BEGIN SELECT RAISE (ABORT, 'the disk is full'); END"
        )
    world.hear(suing(1), now=NOW)
    with pytest.raises(Exception, match="disk is full"):
        world.think(NOW)
    with world.store.write() as db:
        db.execute("DROP TRIGGER full")
    world.think(NOW + MINUTE)
    assert told(world) == [["1"]]
