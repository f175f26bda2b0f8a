"""Hooks over HTTP: what a sender is told, and what is kept once."""

import http.client
import json
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener import cycle
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.errors import StoreError
from listener.stages.collect import Page
from listener.web.bodies import MOST_AT_ONCE, MOST_BYTES
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.collectors.test_webhook import MINE, SECRET, body_of, signed
from tests.store.kept import one


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    document = {
        "subjects": [{"name": "Acme", "role": "brand", "query": "acme"}],
        "collectors": {"shop": {"type": "webhook", "secret": "env:SHOP"}},
    }
    clock = VirtualClock(NOW)
    path = tmp_path / "config.toml"
    config = from_document(document, path, plugins(clock), environ={"SHOP": SECRET})
    opened = open_app(config, clock, database=tmp_path / "listener.db")
    yield opened
    opened.close()


@pytest.fixture
def port(app: App) -> Iterator[int]:
    def deliver(name: str, body: bytes, headers: Mapping[str, str]) -> Page | None:
        if name == "broken":
            raise StoreError("the disk is full")
        return cycle.deliver(app, name, body, headers)

    zone = ZoneInfo("UTC")
    site = make_site(app.store, app.clock.now, None, "pages.example", zone, deliver)
    server = SiteServer(site, host="127.0.0.1", port=0)
    yield server.start()
    server.stop()


def send(
    port: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    name: str = "shop",
    method: str = "POST",
    host: str = "hooks.example",
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, f"/hooks/{name}", body, {**headers, "Host": host})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def test_a_delivery_is_kept_and_the_same_again_is_not(app: App, port: int) -> None:
    body = body_of(MINE)
    status, said = send(port, body, signed(body))
    assert (status, json.loads(said)) == (202, {"accepted": 1, "updated": 0, "rejected": 0})
    assert send(port, body, signed(body))[0] == 200
    assert one(app.store, "SELECT count(*) FROM mention") == 1
    assert one(app.store, "SELECT source FROM mention") == "shop"


def test_what_cannot_be_read_is_kept_as_a_reject(app: App, port: int) -> None:
    body = body_of({"text": "no time"})
    status, said = send(port, body, signed(body))
    assert (status, json.loads(said)["rejected"]) == (202, 1)
    assert one(app.store, "SELECT count(*) FROM reject WHERE source = 'shop'") == 1


def test_a_stranger_is_refused_and_nothing_is_kept(app: App, port: int) -> None:
    status, said = send(port, body_of(MINE), {})
    assert status == 401
    assert SECRET not in said
    assert one(app.store, "SELECT count(*) FROM mention") == 0


def test_there_is_no_hook_of_another_name(port: int) -> None:
    body = body_of(MINE)
    assert send(port, body, signed(body), name="nobody")[0] == 404
    assert send(port, body, signed(body), name="a/b")[0] == 404


def test_hooks_are_not_read(port: int) -> None:
    assert send(port, b"", {}, method="GET")[0] == 405


def test_a_delivery_is_not_endless(port: int) -> None:
    body = b"x" * (MOST_BYTES + 1)
    assert send(port, body, signed(body))[0] == 413


def test_a_trouble_of_ours_asks_to_send_again(port: int) -> None:
    status, said = send(port, b"{}", signed(b"{}"), name="broken")
    assert status == 503
    assert "disk" not in said


def test_a_delivery_with_rejects_may_be_sent_again(app: App, port: int) -> None:
    good_and_bad = json.dumps({"text": "\ud83d", "created_at": "never"}).encode()
    for _ in range(2):
        assert send(port, good_and_bad, signed(good_and_bad))[0] == 202
    assert one(app.store, "SELECT count(*) FROM reject") == 1


def test_who_has_the_secret_is_told_what_is_wrong(port: int) -> None:
    assert send(port, b"{", signed(b"{"))[0] == 400


def test_a_locked_database_asks_to_send_again(app: App, port: int) -> None:
    holder = sqlite3.connect(app.store.path)
    holder.execute("BEGIN IMMEDIATE")
    try:
        body = body_of(MINE)
        assert send(port, body, signed(body))[0] == 503
    finally:
        holder.close()
    assert send(port, body, signed(body))[0] == 202


def test_slow_senders_leave_room_for_the_pages(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(MOST_AT_ONCE)]
    try:
        for one in slow:
            one.sendall(
                b"POST /hooks/shop HTTP/1.1\r\nHost: hooks.example\r\n"
                b"Expect: 100-continue\r\nX-Listener-Signature: none\r\n"
                b"Content-Length: 9\r\n\r\n"
            )
            assert one.recv(100).startswith(b"HTTP/1.1 100")  # so its body is being waited for
        status, _ = send(port, body_of(MINE), signed(body_of(MINE)))
        assert status == 503
        pages = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        pages.request("GET", "/healthz", headers={"Host": "pages.example"})
        assert pages.getresponse().status == 200
        pages.close()
    finally:
        for one in slow:
            one.close()


def test_what_is_not_signed_at_all_is_not_even_read(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sender:
        sender.sendall(
            b"POST /hooks/shop HTTP/1.1\r\nHost: hooks.example\r\nContent-Length: 9\r\n\r\n"
        )
        assert sender.recv(100).startswith(b"HTTP/1.1 401")
