"""Notes on mentions and incidents: kept, shown, inert, exported, and gone with the words."""

import pytest

from listener import inbox, views
from listener.store import incidents
from listener.store.connection import Store
from tests.builders import HOUR, NOW, a_finding
from tests.web.browser import Browser
from tests.web.pressing import led_to, press, undo_button
from tests.web.story import NASTY, follow

TWO_LINES = "Told the courier.\r\nThey call back."


@pytest.mark.usefixtures("three")
def test_a_note_on_a_mention_stands_in_its_history(browser: Browser, store: Store) -> None:
    sent = {"act": "note", "on": "x:1", "note": TWO_LINES, "back": "/mentions/1"}
    page = led_to(browser, press(browser, sent))
    assert "The note is kept." in page.words
    assert "kim noted Told the courier. They call back." in page.words
    rows = list(views.export(store, "notes", NOW - HOUR))
    assert [(row["about"], row["who"], row["text"]) for row in rows] == [
        ("x:1", "kim", "Told the courier.\nThey call back.")
    ]


@pytest.mark.usefixtures("three")
def test_a_note_that_is_undone_is_shown_and_exported_no_more(
    browser: Browser, store: Store
) -> None:
    page = led_to(browser, press(browser, {"act": "note", "on": "x:1", "note": "a slip"}))
    number = undo_button(page.text)
    assert number is not None
    press(browser, {"act": "undo", "undo": number})
    words = browser.get("/mentions/1").words
    assert "a slip" not in words
    assert "kim noted (undone)" in words
    assert list(views.export(store, "notes", NOW - HOUR)) == []


@pytest.mark.usefixtures("three")
def test_a_note_goes_with_the_words_it_may_quote(browser: Browser, store: Store) -> None:
    press(browser, {"act": "note", "on": "x:1", "note": "person1 says so"})
    inbox.forget(store, "x:person1", "kim", NOW)
    assert "person1 says so" not in browser.get("/mentions/1").words
    assert b"person1 says so" not in store.path.read_bytes()


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("note", ["", "  \n ", "\x00"])
def test_a_note_without_words_is_refused(browser: Browser, note: str) -> None:
    answer = press(browser, {"act": "note", "on": "x:1", "note": note})
    assert (answer.status, "needs words" in answer.words) == (422, True)


@pytest.mark.usefixtures("three")
def test_a_note_is_inert(browser: Browser) -> None:
    press(browser, {"act": "note", "on": "x:1", "note": NASTY})
    body = browser.get("/mentions/1").text
    assert "<script>alert" not in body
    assert "<b onmouseover" not in body


def test_a_note_on_an_incident(browser: Browser, store: Store) -> None:
    follow(store)
    with store.write() as db:
        number = incidents.open_incident(db, a_finding(), NOW)
    back = f"/incidents/{number}"
    sent = {"act": "note", "incident": str(number), "note": TWO_LINES, "back": back}
    token_page = browser.get(back).text
    assert 'name="note"' in token_page
    page = led_to(browser, press(browser, sent))
    assert "Told the courier. They call back." in page.words
    assert "noted by kim" in page.words
    rows = list(views.export(store, "notes", NOW - HOUR))
    assert [row["about"] for row in rows] == [f"incident {number}"]
