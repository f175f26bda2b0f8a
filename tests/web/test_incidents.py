"""The list of incidents, and the page of each: its receipt, and what is done about it."""

import re
from urllib.parse import urlencode

import pytest

from listener.store import incidents
from listener.store.connection import Store
from tests.builders import MINUTE, NOW, a_finding
from tests.web.browser import Answer, Browser
from tests.web.story import follow


@pytest.fixture
def incident(store: Store) -> int:
    follow(store)
    with store.write() as db:
        number = incidents.open_incident(db, a_finding(title="Acme: 9 negative"), NOW - 20 * MINUTE)
        incidents.note(db, number, NOW - 20 * MINUTE, "opened")
    return number


def press(browser: Browser, number: int, act: str, **more: str) -> Answer:
    found = re.search(r'name="token" value="([^"]+)"', browser.get(f"/incidents/{number}").text)
    assert found is not None
    sent = {"token": found[1], "incident": str(number), "act": act} | more
    return browser.post("/act", urlencode(sent | {"back": f"/incidents/{number}"}))


def test_those_that_are_open_are_listed_and_lead_to_their_pages(
    browser: Browser, incident: int
) -> None:
    answer = browser.get("/incidents")
    assert "Acme: 9 negative" in answer.words
    assert f'href="/incidents/{incident}"' in answer.text
    assert f'href="/incidents/{incident}"' in browser.get("/").text


def test_the_page_shows_what_it_is_and_what_happened(browser: Browser, incident: int) -> None:
    words = browser.get(f"/incidents/{incident}").words
    for told in ("Acme: 9 negative", "nobody has acknowledged it", "What happened", "opened"):
        assert told in words
    assert browser.get("/incidents/99").status == 404
    assert browser.get("/incidents/x").status == 404


def test_it_is_looked_after_silenced_marked_and_ended(browser: Browser, incident: int) -> None:
    for act, more, told in [
        ("ack", {}, "kim looks after it"),
        ("snooze", {"span": "4h"}, "silent until"),
        ("real", {"note": "a strike"}, "marked as real by kim : a strike"),
        ("false", {}, "marked as false alarm by kim"),
        ("resolve", {}, "over since"),
    ]:
        answer = press(browser, incident, act, **more)
        assert answer.status == 303, answer.words
        assert told in browser.get(answer.headers["location"]).words
    assert "No incident is open" in browser.get("/incidents").words
    assert "Acme: 9 negative" in browser.get("/incidents?all=1").words


def test_what_it_was_said_to_be_is_pressed(browser: Browser, incident: int) -> None:
    for act in ("real", "false"):
        press(browser, incident, act)
        page = browser.get(f"/incidents/{incident}").text
        assert page.count('aria-pressed="true"') == 1
        assert f'value="{act}" aria-pressed="true"' in page


def test_what_is_over_is_not_silenced(browser: Browser, incident: int) -> None:
    press(browser, incident, "resolve")
    refused = press(browser, incident, "snooze", span="4h")
    assert (refused.status, "it is over" in refused.words) == (422, True)
    assert press(browser, incident, "explode").status == 422


@pytest.mark.parametrize("digits", [19, 25, 5000])
def test_an_incident_beyond_all_numbers_is_no_page(browser: Browser, digits: int) -> None:
    for path in (f"/incidents/{'9' * digits}", f"/incidents/{'9' * digits}/pack"):
        assert browser.get(path).status == 404
