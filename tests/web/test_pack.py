"""The crisis pack: one file with all that is known of an incident, and nothing that acts."""

import re

import pytest

from listener import inbox, notes
from listener.domain.incident import Event
from listener.domain.times import to_json
from listener.store import incidents
from listener.store.connection import Store
from listener.store.incidents import Outlets
from tests.builders import HOUR, MINUTE, NOW, a_finding, a_mention
from tests.web.browser import Answer, Browser
from tests.web.conftest import HandClock
from tests.web.story import NASTY, a_complaint, take_in

BEGAN = NOW - 3 * HOUR


@pytest.fixture
def incident(store: Store, clock: HandClock) -> int:
    """A spike of three texts, of which one was said twice; and a competitor that was quiet."""
    take_in(
        store,
        clock,
        a_complaint(1, ago=2 * HOUR, text="Acme is negative, write to jo@example.com"),
        a_complaint(2, ago=HOUR, text=f"negative Acme {NASTY}", author=NASTY, followers=9000),
        a_complaint(3, ago=50 * MINUTE, text="negative: the Acme parcel never came to my door"),
        a_complaint(4, ago=40 * MINUTE, text="negative: the Acme parcel never came to my door!"),
        a_mention(7, text="Boreal is negative", said_at=NOW - HOUR),
        a_mention(8, text="Boreal is negative", said_at=NOW - HOUR - 7 * 24 * HOUR),
        a_mention(9, text="Boreal is negative too", said_at=NOW - HOUR - 7 * 24 * HOUR),
    )
    evidence = {"started_at": to_json(BEGAN), "negative": 4}
    finding = a_finding(title="Acme: 4 negative", evidence=evidence, mentions=(1, 2, 3))
    with store.write() as db:
        number = incidents.open_incident(db, finding, NOW - 2 * HOUR)
        incidents.tell(
            db,
            finding,
            event=Event.SPIKE_OPENED,
            incident_id=number,
            outlets=Outlets(["slack"]),
            now=NOW - 2 * HOUR,
        )
    inbox.answer(store, "x:1", "kim", NOW - HOUR)
    inbox.dismiss(store, "x:3", "kim", NOW - HOUR)
    notes.on_incident(store, number, "call 06 20 123 4567 back\nthen post", "kim", NOW - HOUR)
    return number


def pack(browser: Browser, number: int) -> Answer:
    return browser.get(f"/incidents/{number}/pack")


def test_it_is_a_file_with_a_safe_name(browser: Browser, incident: int) -> None:
    answer = pack(browser, incident)
    assert answer.status == 200
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="incident-{incident}-acme.html"'
    )
    assert "script-src" not in answer.headers["content-security-policy"]
    assert pack(browser, 99).status == 404


def test_it_holds_all_that_is_known(browser: Browser, incident: int) -> None:
    words = pack(browser, incident).words
    for told in (
        "Acme: 4 negative",
        "Timeline: negatives an hour",
        "social 4 4 3 4",  # mentions, negative, different texts, authors
        "Said again and again",
        "2 times by 2",
        "9,000 followers",
        "Boreal 1 1 2",  # mentions, negative, usual
        "x:1",
        "kim answered x:1",
        "kim dismissed x:3",
        "noted by kim",
        "slack : a spike began",
        "met 1",
        "dismissed 1",
        "Made by kim",
    ):
        assert told in words, told


def test_it_needs_nothing_from_elsewhere_and_nothing_in_it_acts(
    browser: Browser, incident: int
) -> None:
    answer = pack(browser, incident)
    assert not {"script", "link", "img", "form", "iframe", "a", "object"} & set(answer.tags)
    assert not re.search(r"\burl\(|@import|\bsrc=|\bhref=", answer.text)
    assert "<script>alert" not in answer.text
    assert "<b onmouseover" not in answer.text


def test_what_people_can_be_reached_by_stays_in_the_house(browser: Browser, incident: int) -> None:
    words = pack(browser, incident).words
    assert "jo@example.com" not in words
    assert "123 4567" not in words
    assert "then post" in words


def test_the_page_of_the_incident_shows_where_it_spread(browser: Browser, incident: int) -> None:
    words = browser.get(f"/incidents/{incident}").words
    for told in ("social 4 4 3 4", "Said again and again", "Boreal 1 1 2", "Crisis pack"):
        assert told in words, told
    assert "jo@example.com" in words  # in the house it is read as it was said


def test_an_incident_without_counts_has_a_pack_too(browser: Browser, store: Store) -> None:
    with store.write() as db:
        db.execute("INSERT INTO subject (id, name, role) VALUES (1, '阿克米 \"a\"/../b', 'brand')")
        number = incidents.open_incident(db, a_finding(rule="quiet_source"), NOW)
    answer = pack(browser, number)
    assert (answer.status, "What happened" in answer.words) == (200, True)
    assert f'filename="incident-{number}-a-b.html"' in answer.headers["content-disposition"]
