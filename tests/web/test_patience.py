"""Connections that keep the server waiting, over real sockets."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest
from starlette.responses import Response
from starlette.routing import Route

from listener.store.connection import Store
from listener.web.patience import CONNECTIONS, Connection
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.daemon.processes import pause
from tests.web.browser import Browser


class Hasty(Connection):
    head_within = 0.3
    read_within = 0.3
    look_every = 0.05


LONG = b"x" * 20_000_000  # far more than the kernel takes on its way


def _served(store: Store, connection: type[Connection]) -> Iterator[int]:
    site = make_site(store, lambda: NOW, None, "127.0.0.1", ZoneInfo("UTC"))
    site.routes.append(Route("/static/very/long", lambda _: Response(LONG)))
    server = SiteServer(site, host="127.0.0.1", port=0, connection=connection)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def hasty(store: Store) -> Iterator[int]:
    yield from _served(store, Hasty)


@pytest.fixture
def usual(store: Store) -> Iterator[int]:
    yield from _served(store, Connection)


def joined(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def received(wire: socket.socket, words: bytes) -> bool:
    got = b""
    while words not in got and (part := wire.recv(65536)):
        got += part
    return words in got


def is_cut_off(wire: socket.socket, ask: bytes) -> bool:
    """While it goes on asking, and reads nothing."""
    try:
        for _ in range(100_000):
            wire.sendall(ask)
    except ConnectionError:
        return True
    return False


def is_over(wire: socket.socket) -> bool:
    try:
        while wire.recv(65536):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


def test_a_request_that_does_not_come_ends_the_connection(hasty: int) -> None:
    with joined(hasty) as silent, joined(hasty) as halting:
        halting.sendall(b"GET / HTTP/1.1\r\nhost: 127")
        assert is_over(silent)
        assert is_over(halting)
    assert Browser(hasty).get("/healthz").status == 200


def test_the_second_request_of_a_connection_may_not_dawdle_either(hasty: int) -> None:
    with joined(hasty) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        assert received(wire, b"alive")
        wire.sendall(b"GET /he")
        assert is_over(wire)


def test_a_body_that_nobody_reads_may_not_dawdle_either(hasty: int) -> None:
    with joined(hasty) as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9000\r\n\r\nx")
        assert received(wire, b"405")
        assert is_over(wire)


def test_an_answer_that_nobody_reads_ends_the_connection(hasty: int) -> None:
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1000)
        wire.settimeout(10)
        wire.connect(("127.0.0.1", hasty))
        ask = b"GET /site.css HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
        assert is_cut_off(wire, ask)


def test_a_stream_of_events_may_be_quiet_for_longer(hasty: int) -> None:
    with joined(hasty) as wire:
        wire.settimeout(1)
        wire.sendall(b"GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        assert not is_over(wire)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"POST /signin HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\n1"],
    ids=["nothing", "half a request", "half a body"],
)
def test_slow_clients_make_room_for_others(usual: int, begun: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(CONNECTIONS + 50):
            stack.enter_context(joined(usual)).sendall(begun)
        assert Browser(usual).get("/healthz").status == 200


def test_whoever_reads_on_gets_a_long_answer_whole(hasty: int) -> None:
    got = 0
    with joined(hasty) as wire:
        wire.sendall(
            b"GET /static/very/long HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
        )
        while part := wire.recv(200_000):
            got += len(part)
            pause(0.01)  # longer, all in all, than a request may take
    assert got > len(LONG)
