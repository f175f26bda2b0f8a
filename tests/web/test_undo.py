"""The button that undoes what was done just now."""

import json

import pytest

from listener.store.connection import Store
from tests.builders import MINUTE
from tests.web.browser import FORM, Browser
from tests.web.conftest import HandClock
from tests.web.pressing import led_to, press, undo_button
from tests.web.test_inbox import states

pytestmark = pytest.mark.usefixtures("three")


def test_what_was_done_is_undone_by_one_press(browser: Browser) -> None:
    page = led_to(browser, press(browser, {"act": "dismiss", "on": "x:1"}))
    assert states(browser)["Open"] == "1"
    number = undo_button(page.text)
    assert number is not None
    undone = led_to(browser, press(browser, {"act": "undo", "undo": number}))
    assert "Undone: it is as it was before." in undone.words
    assert undo_button(undone.text) is None
    assert states(browser)["Open"] == "2"
    history = browser.get("/mentions/1").words
    assert "kim undid dismissed" in history
    assert "kim dismissed (undone)" in history


def test_it_can_be_undone_in_its_history_too(browser: Browser) -> None:
    press(browser, {"act": "assign", "on": "x:1", "to": "jo"})
    press(browser, {"act": "answer", "on": "x:1"})
    for did in ("answered", "assigned"):
        number = undo_button(browser.get("/mentions/1").text)
        assert number is not None
        led_to(browser, press(browser, {"act": "undo", "undo": number, "back": "/mentions/1"}))
        assert f"kim undid {did}" in browser.get("/mentions/1").words
    assert undo_button(browser.get("/mentions/1").text) is None


def test_many_are_undone_by_one_press(browser: Browser) -> None:
    page = led_to(browser, press(browser, {"act": "dismiss", "on": ["x:1", "x:2"]}))
    number = undo_button(page.text)
    assert number is not None
    undone = led_to(browser, press(browser, {"act": "undo", "undo": number}))
    assert "2 mentions. Undone" in undone.words
    assert states(browser)["Open"] == "2"


def test_who_was_overtaken_undoes_nothing_and_is_told(browser: Browser) -> None:
    page = led_to(browser, press(browser, {"act": "dismiss", "on": "x:1"}))
    number = undo_button(page.text)
    assert number is not None
    press(browser, {"act": "assign", "on": "x:1", "to": "jo"})
    answer = press(browser, {"act": "undo", "undo": number})
    assert answer.status == 422
    assert "x:1 : somebody did something about it since" in answer.words
    assert states(browser)["Open"] == "1"


@pytest.mark.parametrize("number", ["999", "-1", "x", "", "9" * 30])
def test_there_is_no_undoing_of_nothing(browser: Browser, number: str) -> None:
    assert press(browser, {"act": "undo", "undo": number}).status == 422
    assert undo_button(browser.get(f"/inbox?done=dismiss&undo={number}").text) is None


def test_the_button_goes_after_some_minutes(browser: Browser, clock: HandClock) -> None:
    answer = press(browser, {"act": "dismiss", "on": "x:1"})
    clock.at += 11 * MINUTE
    page = led_to(browser, answer)
    assert "Dismissed" in page.words
    assert undo_button(page.text) is None


def test_a_script_is_told_as_json(browser: Browser, store: Store) -> None:
    headers = {**FORM, "accept": "application/json"}
    answer = press(browser, {"act": "dismiss", "on": "x:1"}, headers=headers)
    assert answer.status == 200
    told = json.loads(answer.text)
    assert told["said"] == "Dismissed: nobody waits for an answer any more."
    undone = press(browser, {"act": "undo", "undo": str(told["undo"])}, headers=headers)
    assert json.loads(undone.text)["undo"] is None
    assert states(browser)["Open"] == "2"
    refused = press(browser, {"act": "dismiss", "on": "x:99"}, headers=headers)
    assert (refused.status, "Not done" in refused.words) == (422, True)
