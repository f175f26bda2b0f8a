"""Two people with browsers of their own at one mention: nobody overwrites the other silently."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from listener.store.connection import Store
from tests.store.kept import one
from tests.web.browser import Browser
from tests.web.desks import looking, needs_chromium, until

pytestmark = [needs_chromium, pytest.mark.usefixtures("three")]
STATE = "SELECT state FROM clock WHERE mention_id = 1"
ACTS = "SELECT group_concat(who || ' ' || did) FROM audit WHERE what = 'x:1'"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def both(
    chromium: Chromium, kim: Browser, jo: Browser, scripted: bool
) -> Iterator[tuple[Page, Page]]:
    with ExitStack() as stack:
        pages = [
            stack.enter_context(looking(chromium, who, "/mentions/1", java_script_enabled=scripted))
            for who in (kim, jo)
        ]
        yield pages[0], pages[1]


def press(page: Page, name: str, within: str = "main") -> None:
    page.locator(within).get_by_role("button", name=name, exact=True).click()


def test_who_comes_second_is_told_and_nothing_of_theirs_is_done(
    both: tuple[Page, Page], store: Store
) -> None:
    kim, jo = both
    press(kim, "Answered")
    expect(kim.locator("#done")).to_contain_text("Marked as answered.")
    press(jo, "Dismiss")
    expect(jo.locator("h1")).to_have_text("Somebody was faster")
    expect(jo.locator("main")).to_contain_text("kim did something about it: answered")
    assert (one(store, STATE), one(store, ACTS)) == ("missed", "kim answered")
    jo.get_by_role("link", name="Look first").click()
    expect(jo.locator(".history")).to_contain_text("kim answered")
    expect(jo.get_by_role("button", name="Dismiss")).to_have_count(0)


def test_who_was_told_may_do_theirs_as_well(both: tuple[Page, Page], store: Store) -> None:
    kim, jo = both
    kim.get_by_label("To whom").fill("kim")
    press(kim, "Assign")
    expect(kim.locator("#done")).to_contain_text("Assigned.")
    jo.get_by_label("To whom").fill("jo")
    press(jo, "Assign")
    expect(jo.locator("h1")).to_have_text("Somebody was faster")
    assert one(store, "SELECT assignee FROM work") == "kim"
    press(jo, "Do mine as well")
    expect(jo.locator("#done")).to_contain_text("Assigned.")
    assert one(store, "SELECT assignee FROM work") == "jo"
    assert one(store, ACTS) == "kim assigned,jo assigned"


def test_one_sees_at_once_that_the_other_answered(
    chromium: Chromium, kim: Browser, jo: Browser, store: Store
) -> None:
    with (
        looking(chromium, kim, "/inbox?open=1") as mine,
        looking(chromium, jo, "/inbox?open=1") as other,
    ):
        expect(mine.locator("#beside")).to_contain_text("jo is on it")
        expect(other.locator("#beside")).to_contain_text("kim is on it")
        press(mine, "Answered", "#beside")
        expect(other.locator("#rows > li").first).to_contain_text("No longer in this list")
        expect(other.locator("#beside .history")).to_contain_text("kim answered")
        expect(other.locator("#beside").get_by_role("button", name="Dismiss")).to_have_count(0)
    until(lambda: bool(one(store, ACTS) == "kim answered"))
