import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import MINUTE, NOW, SECOND
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock


def test_it_is_alive_whatever_the_daemon_does(browser: Browser, pulse: FakePulse) -> None:
    pulse.last_tick, pulse.found = None, ["all is lost"]
    assert browser.get("/healthz").status == 200


def test_it_is_ready_while_the_daemon_ticks(browser: Browser) -> None:
    answer = browser.get("/readyz")
    assert (answer.status, answer.text) == (200, "ready\n")


@pytest.mark.parametrize(
    ("age", "status"), [(2 * MINUTE, 200), (2 * MINUTE + SECOND, 503), (timedelta(days=3), 503)]
)
def test_it_is_not_ready_when_the_last_tick_is_old(
    browser: Browser, clock: HandClock, age: timedelta, status: int
) -> None:
    clock.at = NOW + age
    answer = browser.get("/readyz")
    assert answer.status == status
    assert ("the daemon last ticked" in answer.text) is (status == 503)


def test_it_is_not_ready_before_the_first_tick(browser: Browser, pulse: FakePulse) -> None:
    pulse.last_tick = None
    answer = browser.get("/readyz")
    assert (answer.status, answer.text) == (503, "the daemon has not ticked yet\n")


def test_every_reason_is_named(browser: Browser, pulse: FakePulse, clock: HandClock) -> None:
    pulse.found = ["the loop 'think' does not move", "the tick has stopped"]
    clock.at = NOW + 5 * MINUTE
    assert browser.get("/readyz").text.splitlines() == [
        "the loop 'think' does not move",
        "the tick has stopped",
        "the daemon last ticked 5 min ago",
    ]


def test_a_database_of_another_version_is_not_ready(browser: Browser, store: Store) -> None:
    with store.write() as db:
        db.execute("UPDATE _sqlite_migrations SET name = 'of tomorrow' WHERE name = 'first'")
    answer = browser.get("/readyz")
    assert answer.status == 503
    assert "another version" in answer.text


def test_a_database_that_is_locked_is_not_ready_but_is_shown(
    browser: Browser, store: Store
) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = browser.get("/readyz")
        assert answer.status == 503
        assert "the database did not answer within 5 s" in answer.text
        assert browser.get("/").status == 200
        assert browser.get("/metrics").status == 200
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def still(store: Store) -> Iterator[Browser]:
    site = make_site(store, lambda: NOW, None, "127.0.0.1", ZoneInfo("UTC"))
    server = SiteServer(site, host="127.0.0.1", port=0)
    yield Browser(server.start())
    server.stop()


def test_without_a_daemon_it_is_ready_to_be_looked_at(still: Browser) -> None:
    assert still.get("/readyz").status == 200
    assert "This is the demo" in still.get("/").words


def test_a_page_that_fails_says_so_without_details(browser: Browser, store: Store) -> None:
    with store.write() as db:
        db.execute("ALTER TABLE clock RENAME TO secret_name")
    answer = browser.get("/")
    assert answer.status == 500
    assert "This page could not be made." in answer.words
    assert "secret_name" not in answer.text
    assert "clock" not in answer.words
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers
    assert browser.get("/healthz").status == 200
