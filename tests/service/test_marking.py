"""People say which alerts were real; the record keeps who said so, and it can be taken back."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener import inbox, marking, receipts
from listener.errors import UsageError
from listener.store import incidents, marks
from tests.builders import HOUR, NOW, a_finding
from tests.stages.world import World

ZONE = ZoneInfo("Europe/Budapest")
DAY = date(2026, 11, 21)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    with world.store.write() as db:
        incidents.open_incident(db, a_finding(), NOW)
    return world


def test_an_incident_is_marked_and_its_receipt_says_by_whom(world: World) -> None:
    marking.mark_incident(world.store, 1, "jo", NOW, real=True, note="the  outage\nof Monday")
    assert receipts.receipt(world.store, 1)["mark"] == {
        "verdict": "real",
        "note": "the outage of Monday",
        "who": "jo",
        "at": "2026-11-22T12:00:00Z",
    }
    (line,) = world.rows("SELECT who, did, what, detail FROM audit")
    assert tuple(line.values()) == ("jo", "marked", "incident 1", "real: the outage of Monday")


def test_a_second_mark_takes_the_place_of_the_first(world: World) -> None:
    marking.mark_incident(world.store, 1, "jo", NOW, real=True)
    marking.mark_incident(world.store, 1, "sam", NOW + HOUR, real=False)
    (mark,) = world.rows("SELECT real, who FROM mark")
    assert tuple(mark.values()) == (0, "sam")
    assert len(world.rows("SELECT 1 FROM audit")) == 2


def test_a_mark_is_taken_back_once(world: World) -> None:
    marking.mark_incident(world.store, 1, "jo", NOW, real=True)
    marking.unmark_incident(world.store, 1, "jo", NOW)
    assert receipts.receipt(world.store, 1)["mark"] is None
    with pytest.raises(UsageError, match="incident 1 is not marked"):
        marking.unmark_incident(world.store, 1, "jo", NOW)


def test_an_incident_that_a_person_closed_stays_closed_when_it_is_marked(world: World) -> None:
    inbox.resolve(world.store, 1, "jo", [], NOW)
    marking.mark_incident(world.store, 1, "jo", NOW + HOUR, real=False)
    with world.store.read() as db:
        assert incidents.resolved_by_hand(db, 1)


def test_a_day_of_a_subject_is_marked_and_unmarked(world: World) -> None:
    marking.mark_day(world.store, "acme", DAY, ZONE, "jo", NOW, real=True, note="strike")
    with world.store.read() as db:
        (mark,) = marks.every(db)
    assert (mark.subject, mark.day, mark.real, mark.note) == ("Acme", DAY, True, "strike")
    marking.unmark_day(world.store, "Acme", DAY, "jo", NOW)
    with world.store.read() as db:
        assert marks.every(db) == []
    with pytest.raises(UsageError, match="is not marked"):
        marking.unmark_day(world.store, "Acme", DAY, "jo", NOW)


def test_a_day_to_come_cannot_be_marked_but_today_can_as_the_zone_has_it(world: World) -> None:
    late = NOW.replace(hour=23, minute=30)  # the 23rd in Budapest
    with pytest.raises(UsageError, match="still to come"):
        marking.mark_day(world.store, "Acme", date(2026, 11, 24), ZONE, "jo", late, real=True)
    marking.mark_day(world.store, "Acme", date(2026, 11, 23), ZONE, "jo", late, real=True)


def test_what_is_not_there_cannot_be_marked(world: World) -> None:
    with pytest.raises(UsageError, match="there is no incident 9"):
        marking.mark_incident(world.store, 9, "jo", NOW, real=True)
    with pytest.raises(UsageError, match="nobody followed is called 'Acne'"):
        marking.mark_day(world.store, "Acne", DAY, ZONE, "jo", NOW, real=True)
