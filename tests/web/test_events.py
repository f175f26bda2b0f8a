"""The stream of what is new, over real HTTP, written to by another process."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from listener import inbox
from listener.store.connection import Store
from listener.web import events
from listener.web.events import Events
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import MINUTE, NOW
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock
from tests.web.pressing import press
from tests.web.story import a_complaint, take_in

ANOTHER_PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from listener import inbox
from listener.store.connection import Store
now = datetime.fromisoformat(sys.argv[2])
inbox.assign(Store(Path(sys.argv[1])).open(now), "x:1", "jo", "jo", now)
"""


class Stream:
    """A connection to the stream, and the events that came."""

    def __init__(self, port: int, path: str = "/events", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()

    def lines(self) -> Iterator[str]:
        while line := self.answer.readline():
            yield line.decode().rstrip("\n")

    def event(self) -> str:
        """The id of the next event."""
        for line in self.lines():
            if line.startswith("id: "):
                return line.removeprefix("id: ")
        raise AssertionError("the stream ended")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@pytest.mark.usefixtures("three")
def test_what_another_process_writes_is_told(browser: Browser, store: Store) -> None:
    with closing(Stream(browser.port)) as stream:
        assert stream.answer.status == 200
        assert stream.answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        assert next(stream.lines()) == "retry: 3000"
        given = [sys.executable, "-c", ANOTHER_PROCESS, str(store.path), NOW.isoformat()]
        subprocess.run(given, check=True)
        first = stream.event()
        inbox.dismiss(store, "x:2", "jo", NOW)
        assert stream.event() != first


@pytest.mark.usefixtures("three")
def test_new_mentions_and_who_is_where_are_told(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    with closing(Stream(browser.port)) as stream:
        next(stream.lines())
        take_in(store, clock, a_complaint(9, ago=MINUTE))
        known = stream.event()
        press(browser, {"act": "here", "on": "x:9"})
        assert stream.event() != known


@pytest.mark.usefixtures("three")
def test_who_was_away_is_told_of_what_came_meanwhile_and_of_nothing_else(
    browser: Browser, store: Store
) -> None:
    page = browser.get("/inbox").text
    mark = page.partition('data-newest="')[2].partition('"')[0]
    inbox.dismiss(store, "x:1", "jo", NOW)
    with closing(Stream(browser.port, f"/events?after={mark}")) as stream:
        known = stream.event()
    assert known != mark
    with closing(Stream(browser.port, **{"Last-Event-ID": mark})) as stream:
        assert stream.event() == known
    with closing(Stream(browser.port, **{"Last-Event-ID": known})) as stream:
        inbox.dismiss(store, "x:2", "jo", NOW)
        assert stream.event() != known  # the first that comes is the new one


def test_more_than_can_be_served_are_told_to_come_again(browser: Browser) -> None:
    streams = [Stream(browser.port) for _ in range(events.MOST)]
    for stream in streams:
        next(stream.lines())
    refused = browser.get("/events")
    assert (refused.status, refused.headers["retry-after"]) == (503, "30")
    assert browser.get("/inbox").status == 200
    for stream in streams:
        stream.close()


def test_a_heartbeat_keeps_the_stream_open(store: Store) -> None:
    told = Events(store, lambda: NOW, heartbeat=0.05)
    site = Starlette(routes=[Route("/events", told.answer)])
    site.state.events = told
    server = SiteServer(site, host="127.0.0.1", port=0)
    with closing(Stream(server.start())) as stream:
        beats = [line for line, _ in zip(stream.lines(), range(7), strict=False)]
    server.stop()
    assert beats.count(": still here") >= 2


def test_open_streams_end_with_the_server_and_are_not_cut_off(
    store: Store, pulse: FakePulse
) -> None:
    """A stream that was cut off would lack the last of its chunks, and raise here."""
    site = make_site(store, lambda: NOW, pulse, "pages.example", ZoneInfo("UTC"))
    server = SiteServer(site, host="127.0.0.1", port=0)
    port = server.start()
    streams = [Stream(port) for _ in range(3)]
    for stream in streams:
        next(stream.lines())
    server.stop()
    for stream in streams:
        assert [line for line in stream.lines() if line] == []
        stream.close()
