"""Saved views: lists that people gave a name, for all of them, with counts."""

import re

import pytest

from listener import saved
from listener.errors import UsageError
from listener.store.connection import Store
from listener.store.saved_views import View
from tests.builders import NOW
from tests.web.browser import Answer, Browser
from tests.web.pressing import led_to, press
from tests.web.story import NASTY

pytestmark = pytest.mark.usefixtures("three")
PARCEL = {"state": "open", "q": 'parcel NOT "parcel 1"', "subject": "Acme", "order": "newest"}


def save(browser: Browser, name: str = "Lost parcels", **changes: str) -> Answer:
    return press(browser, {"act": "save-view", "name": name, **PARCEL, **changes})


def views(page: Answer) -> dict[str, str]:
    """The addresses of the views, by their names and counts."""
    nav = re.search(r'aria-label="Saved views".*?</ul>', page.text, re.DOTALL)
    assert nav is not None
    found = re.findall(r'href="([^"]+)"[^>]*><bdi>(.*?)</bdi>.*?count">(.*?)<', nav[0])
    return {f"{name} {count}": address for address, name, count in found}


def test_the_present_filter_becomes_a_view_with_a_count_for_everybody(browser: Browser) -> None:
    page = led_to(browser, save(browser))
    assert "The view is saved" in page.words
    address = views(page)["Lost parcels 1"].replace("&amp;", "&")
    shown = browser.get(address)
    assert "negative about parcel 2" in shown.words
    assert "negative about parcel 1" not in shown.words
    assert "Rename or remove this view" in shown.words
    assert "Save this view" in browser.get("/inbox?state=met").words
    assert "Save this view" not in browser.get("/inbox").words


def test_its_count_follows_what_is_done(browser: Browser) -> None:
    save(browser)
    press(browser, {"act": "dismiss", "on": "x:2"})
    assert "Lost parcels 0" in views(browser.get("/inbox"))


def test_a_view_is_renamed_and_removed(browser: Browser, store: Store) -> None:
    save(browser)
    (one,) = saved.every(store)
    led_to(browser, press(browser, {"act": "rename-view", "view": str(one.id), "name": "Parcels"}))
    assert "Parcels 1" in views(browser.get("/inbox"))
    led_to(browser, press(browser, {"act": "remove-view", "view": str(one.id)}))
    assert saved.every(store) == []
    gone = press(browser, {"act": "remove-view", "view": str(one.id)})
    assert (gone.status, "somebody removed it" in gone.words) == (422, True)
    with store.read() as db:
        acts = db.execute("SELECT who, did, detail FROM audit ORDER BY id").fetchall()
    assert [tuple(act) for act in acts] == [
        ("kim", "saved", "Lost parcels"),
        ("kim", "renamed", "Lost parcels to Parcels"),
        ("kim", "removed", "Parcels"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Give the view a name"),
        ({"name": "x" * 61}, "at most 60"),
        ({"name": "LOST parcels"}, "Lost parcels already"),
        ({"name": "other", "q": "(("}, "cannot be read"),
    ],
)
def test_what_makes_no_view_is_refused(
    browser: Browser, changes: dict[str, str], said: str
) -> None:
    save(browser)
    answer = save(browser, **changes)
    assert (answer.status, said in answer.words) == (422, True)


def test_a_name_is_inert_and_a_query_that_is_read_no_more_has_no_count(
    browser: Browser, store: Store
) -> None:
    save(browser, NASTY)
    saved.save(store, "broken", View(state="open", query="(("), "kim", NOW)
    body = browser.get("/inbox")
    assert "<script>alert" not in body.text
    assert "broken" in body.words
    assert not any("broken" in name for name in views(body))


def test_there_are_not_too_many(store: Store) -> None:
    for number in range(saved.MOST):
        saved.save(store, f"view {number}", View(state="open"), "kim", NOW)
    with pytest.raises(UsageError, match="remove one first"):
        saved.save(store, "one more", View(state="open"), "kim", NOW)
