"""Who has a mention open is seen by the others, and not for long after."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from listener.domain.role import Role
from listener.store.connection import Store
from listener.web import presence
from listener.web.behind import Behind
from tests.builders import NOW, SECOND
from tests.store.kept import one
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.desks import until
from tests.web.pressing import press

pytestmark = pytest.mark.usefixtures("three")


def comes(pages: Browser, store: Store, path: str) -> None:
    """Open a page; who is there is noted after it was sent."""
    before = one(store, "SELECT count(*) FROM presence")
    pages.get(path)
    until(lambda: bool(one(store, "SELECT count(*) FROM presence") == before + 1))


@pytest.mark.parametrize("path", ["/inbox?open=1", "/mentions/1", "/mentions/x:1"])
def test_who_opens_a_mention_is_on_it_for_the_others(
    kim: Browser,
    jo: Browser,
    store: Store,
    path: str,
) -> None:
    comes(kim, store, path)
    assert "kim is on it" in jo.get("/inbox").words
    assert "kim is on it" in jo.get("/mentions/1").words
    assert "is on it" not in jo.get("/mentions/2").words
    assert "kim is on it" not in kim.get(path).words


def test_nobody_is_there_for_ever(
    kim: Browser,
    jo: Browser,
    store: Store,
    clock: HandClock,
) -> None:
    comes(kim, store, "/mentions/1")
    clock.at += 40 * SECOND
    assert "kim is on it" in jo.get("/inbox").words
    press(kim, {"act": "here", "on": "x:1"})
    clock.at += 40 * SECOND
    assert "kim is on it" in jo.get("/inbox").words
    clock.at += 6 * SECOND
    assert "is on it" not in jo.get("/inbox").words


def test_who_leaves_or_opens_another_is_there_no_more(
    kim: Browser,
    jo: Browser,
    store: Store,
) -> None:
    press(kim, {"act": "here", "on": "x:1"})
    press(kim, {"act": "here", "on": "x:2"})
    assert "is on it" not in jo.get("/mentions/1").words
    assert "kim is on it" in jo.get("/mentions/2").words
    assert press(kim, {"act": "leave", "on": "x:2"}).status == 204
    assert "is on it" not in jo.get("/mentions/2").words


def test_saying_so_again_at_once_writes_nothing(kim: Browser, store: Store) -> None:
    press(kim, {"act": "here", "on": "x:1"})
    version = store.version()
    press(kim, {"act": "here", "on": "x:1"})
    assert store.version() == version


def test_who_only_reads_is_on_nothing_and_what_is_not_there_has_nobody(store: Store) -> None:
    behind = Behind(store=store, now=lambda: NOW, pulse=None, zone=ZoneInfo("UTC"), who="kim")
    presence.say(replace(behind, role=Role.READER), "x:1", presence.HERE)
    presence.say(behind, "x:99", presence.HERE)
    assert one(store, "SELECT count(*) FROM presence") == 0
    presence.say(behind, "x:1", presence.HERE)
    assert one(store, "SELECT count(*) FROM presence") == 1
