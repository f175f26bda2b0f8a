"""The settings in Chromium: a query is tried while it is written, by keyboard, within the CSP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from listener.store.connection import Store
from tests.web.conftest import HandClock
from tests.web.test_settings import (  # noqa: F401  # fixtures
    FILE,
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
    expect(page.locator(".notice[role=status]")).to_contain_text("Written to config.toml, and in force.")
    assert file.read_text() == FILE.replace('"acme"\n', '"acme OR rocket"\n')
