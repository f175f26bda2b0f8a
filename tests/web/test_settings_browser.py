"""The settings in Chromium: a query is tried while it is written, by keyboard, within the CSP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from listener.store.connection import Store
from tests.web.conftest import HandClock
from tests.web.test_settings import (  # noqa: F401  # fixtures
    FILE,
    PAGES,
    OneDesk,
    desk,
    file,
    said,
    served,
)

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")


@pytest.fixture
def page(
    store: Store,
    clock: HandClock,
    desk: OneDesk,  # noqa: F811
    said: None,  # noqa: F811
) -> Iterator[Page]:
    with served(store, clock, desk) as browser, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = chromium.new_page(base_url=f"http://127.0.0.1:{browser.port}")
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        assert [one for one in complaints if "status of" not in one] == []
        chromium.close()


def test_a_query_is_tried_while_it_is_written(page: Page) -> None:
    page.goto("/settings/subject?name=Acme")
    tried = page.locator("#tried")
    expect(tried).to_contain_text("Just what is found now.")
    page.locator("#query").fill("parcel")
    expect(tried).to_contain_text("that would be found no more")
    expect(tried.locator("mark").first).to_have_text("parcel")
    page.locator("#query").fill("parcel AND (")
    expect(tried).to_contain_text("It cannot be read")
    page.locator("#query").fill("")
    expect(tried).to_contain_text("Write a query and try it")


def test_a_query_is_changed_by_keyboard_alone(page: Page, file: Path) -> None:  # noqa: F811
    page.goto("/settings/subject?name=Acme")
    page.locator("#query").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" OR rocket")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ins")).to_contain_text('query = "acme OR rocket"')
    page.get_by_role("button", name="Write it").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_contain_text(
        "Written to config.toml, and in force."
    )
    assert file.read_text() == FILE.replace('"acme"\n', '"acme OR rocket"\n')


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_the_settings_has_a_fault_that_axe_knows(
    store: Store,
    clock: HandClock,
    desk: OneDesk,  # noqa: F811
    said: None,  # noqa: F811
    theme: Literal["light", "dark"],
) -> None:
    faults: list[str] = []

    def look_at(shown: Page, name: str) -> None:
        found = Axe().run(shown).response["violations"]
        faults.extend(f"{name}: {one['id']} at {one['nodes'][0]['html'][:120]}" for one in found)
        if shown.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{name}: wider than 320 px")

    with served(store, clock, desk) as browser, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = chromium.new_page(
            base_url=f"http://127.0.0.1:{browser.port}",
            color_scheme=theme,
            viewport={"width": 320, "height": 800},
            bypass_csp=True,  # for axe alone, which is evaluated in the page
        )
        for address in PAGES:
            tab.goto(address)
            look_at(tab, address)
        for query, name in (("acme OR rocket", "the comparison"), ("acme (", "a mistake")):
            tab.goto("/settings/subject?name=Acme")
            tab.locator("#query").fill(query)
            tab.get_by_role("button", name="Show the change").click()
            look_at(tab, name)
        tab.goto("/settings/subject?name=Acme")
        tab.locator("#query").fill("acme OR mine")
        desk.path.write_text(FILE.replace('"acme"', '"acme OR theirs"'), encoding="utf-8")
        tab.get_by_role("button", name="Show the change").click()
        look_at(tab, "both, side by side")
        chromium.close()
    assert faults == []
