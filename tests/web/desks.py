"""Two people at pages of their own over one database, and Debian's browser to look with."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from listener.domain.role import Role
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@contextmanager
def desk(path: Path, clock: HandClock, who: str, role: Role = Role.ADMIN) -> Iterator[Browser]:
    """The pages as one person has them, with connections of their own as in another process."""
    store = Store(path).open(NOW)
    zone = ZoneInfo("Europe/Budapest")
    site = make_site(store, clock.now, FakePulse(), "pages.example", zone, who=who, role=role)
    server = SiteServer(site, host="127.0.0.1", port=0)
    try:
        yield Browser(server.start())
    finally:
        server.stop()
        store.close()


@pytest.fixture
def kim(store: Store, clock: HandClock) -> Iterator[Browser]:
    with desk(store.path, clock, "kim") as pages:
        yield pages


@pytest.fixture
def jo(store: Store, clock: HandClock) -> Iterator[Browser]:
    with desk(store.path, clock, "jo") as pages:
        yield pages


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def looking(chromium: Chromium, pages: Browser, path: str, **given: bool) -> Iterator[Page]:
    """A page in a browser of its own; what the browser complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **given)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
    page.goto(f"http://127.0.0.1:{pages.port}{path}")
    try:
        yield page
    finally:
        context.close()
    assert complaints == []


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something that happens elsewhere has happened."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)  # noqa: TID251  # another thread or process does it
