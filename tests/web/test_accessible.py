"""Every page in a real browser: WCAG by axe, in both themes, and no page wider than a phone."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from listener.store.connection import Store
from tests.web.api.told import tell
from tests.web.browser import Browser
from tests.web.conftest import HandClock

CHROMIUM = "/usr/bin/chromium"
PAGES = (
    "/",
    "/inbox",
    "/inbox?open=1",
    "/mentions/1",
    "/incidents",
    "/incidents?all",
    "/incidents/1",
    "/subjects",
    "/subjects/Acme",
    "/compare",
    "/topics",
    "/search?q=parcel",
    "/digests",
    "/sources",
    "/settings",
    "/signin",
    "/no-such-page",
)


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(request: pytest.FixtureRequest) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        with closing(
            browser.new_context(
                color_scheme=request.param,
                viewport={"width": 320, "height": 800},
                bypass_csp=True,  # for axe alone, which is evaluated in the page
            )
        ) as context:
            yield context.new_page()
        browser.close()


def test_no_page_has_a_fault_that_axe_knows(
    tab: Page, browser: Browser, store: Store, clock: HandClock
) -> None:
    tell(store, clock)
    faults = []
    for address in PAGES:
        tab.goto(f"http://127.0.0.1:{browser.port}{address}")
        found = Axe().run(tab).response
        assert found["passes"] or found["violations"]
        faults += [
            f"{address}: {one['id']} at {one['nodes'][0]['html'][:120]}"
            for one in found["violations"]
        ]
        if tab.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{address}: wider than 320 px")
    assert faults == []


def test_axe_finds_a_fault_where_there_is_one(tab: Page) -> None:
    tab.set_content("<html><body><img src='x.png'><input></body></html>")
    assert {"image-alt", "label"} <= {one["id"] for one in Axe().run(tab).response["violations"]}
