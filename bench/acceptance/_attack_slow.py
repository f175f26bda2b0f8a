"""Slow clients: two hundred that hardly send, or do not read; and how everybody else fares."""

import select
import socket
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bench.acceptance._attack_target import Target, row
from bench.acceptance._attack_wire import connected, request
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic
from tests.daemon.processes import pause, wait_for

CLIENTS = 200
SECONDS = 8.0  # of each attack
MOST_MS = 1000.0  # p95 of a page meanwhile, where two cores make it
EVERY = 2.0  # seconds between two bytes


class Slow:
    """So many connections that each begin so, and go on by bytes; who is put out comes again."""

    def __init__(self, port: int, first: bytes, drip: bytes, *, reads: bool = False) -> None:
        self._port, self._first, self._drip, self._reads = port, first, drip, reads
        self._over = threading.Event()
        self._wires: list[socket.socket | None] = [None] * CLIENTS
        self.joined, self.ended = 0, 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(20)
        for wire in self._wires:
            if wire is not None:
                wire.close()

    def _run(self) -> None:
        while not self._over.is_set():
            for n, wire in enumerate(self._wires):
                self._wires[n] = self._join() if wire is None else self._go_on(wire)
            self._over.wait(EVERY)

    def _join(self) -> socket.socket | None:
        try:
            wire = socket.socket()
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2000)
            wire.settimeout(2)
            wire.connect(("127.0.0.1", self._port))
            wire.sendall(self._first)
            wire.setblocking(False)
        except OSError:
            return None
        self.joined += 1
        return wire

    def _go_on(self, wire: socket.socket) -> socket.socket | None:
        try:
            if self._drip:
                wire.send(self._drip)
            if self._reads and select.select([wire], [], [], 0)[0] and not wire.recv(65536):
                raise ConnectionError
        except BlockingIOError:
            return wire
        except OSError:
            self.ended += 1
            wire.close()
            return None
        return wire


@contextmanager
def attacked(slow: Slow) -> Iterator[None]:
    slow.start()
    try:
        yield
    finally:
        slow.stop()


def attack(target: Target, verdicts: Verdicts) -> None:
    host = b"host: 127.0.0.1\r\n"
    form = host + b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 900000\r\n"
    own = f"cookie: listener={target.people['agatha'].session}\r\n".encode()
    get = request(target.port, "GET", "/mentions/x:1", {"connection": "keep-alive"})
    sheets = (b"GET /site.css HTTP/1.1\r\n" + host + b"\r\n") * 300
    act = b"POST /act HTTP/1.1\r\n" + own + form + b"\r\n"
    sign_in = b"POST /signin HTTP/1.1\r\n" + form + b"\r\n"
    hook = b"POST /hooks/shop HTTP/1.1\r\nx-listener-signature: a\r\n" + form + b"\r\n"
    events = b"GET /events HTTP/1.1\r\n" + host + own + b"\r\n"
    ways = {
        "nothing at all": Slow(target.port, b"", b"", reads=True),
        "a byte of the headers": Slow(target.port, b"GET / HTTP/1.1\r\nx: ", b"x", reads=True),
        "a byte of a body, signed in": Slow(target.port, act, b"a", reads=True),
        "a byte of a body, at /signin": Slow(target.port, sign_in, b"a", reads=True),
        "a byte of a body, at a hook": Slow(target.port, hook, b"a", reads=True),
        "a whole request, then a byte": Slow(target.port, get, b"G", reads=True),
        "300 style sheets each, never read": Slow(target.port, sheets, b""),
        "events, never read": Slow(target.port, events, b""),
    }
    _warm(target)
    idle = _pages(target, 4)[1]
    verdicts.claim(True, f"slow       nobody else there: p95 {_p95(idle):.0f} ms of a page")
    files = target.open_files()
    at_first = target.memory()
    for name, slow in ways.items():
        with row(verdicts, "slow", f"{CLIENTS} clients: {name}") as made:
            with attacked(slow):
                pause(2.0)
                statuses, took = _pages(target, SECONDS)
            for status in statuses:
                made.saw(status, status == 200)
            made.must(_p95(took) < MOST_MS, f"p95 {_p95(took):.0f} ms")
            made.must(slow.joined >= CLIENTS, f"only {slow.joined} came in")
            back = _back(target, files)
            made.must(back, f"{target.open_files()} files are open, {files} before")
            more = target.open_files() - files, target.memory() - at_first
            made.more = (
                f"p95 {_p95(took):.0f} ms; {slow.joined} joined, {slow.ended} seen to end;"
                f" {more[0]:+d} files, {more[1]:+.0f} MB after"
            )
    _ends(target, verdicts, form)


def _warm(target: Target) -> None:
    """Threads open the database when they are first needed."""
    target.signed_in("rita")
    target.send("GET", "/events", who="rita", seconds=2)
    target.send("POST", "/hooks/shop", {"x-listener-signature": "a"}, b"{}")
    for _ in range(10):
        target.send("GET", "/inbox?open=x:2", who="agatha")


def _pages(target: Target, seconds: float) -> tuple[list[int], list[float]]:
    """What somebody who reads sees meanwhile."""
    statuses, took, until = [], [], monotonic() + seconds
    while monotonic() < until:
        answer = target.send("GET", "/inbox", who="rita", seconds=10)
        statuses.append(answer.status)
        took.append(answer.seconds * 1e3)
        pause(0.1)
    return statuses, took


def _p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def _back(target: Target, files: int) -> bool:
    try:
        return wait_for("files", lambda: target.open_files() <= files + 2, 15, every=0.5)
    except AssertionError:
        return False


def _ends(target: Target, verdicts: Verdicts, form: bytes) -> None:
    """Alone, where nobody needs its place: when is a connection ended?"""
    begun = {
        "silent": b"", "half a request": b"GET / HTTP/1.1\r\nx: ",
        "half a body": b"POST /signin HTTP/1.1\r\n" + form + b"\r\na",
    }  # fmt: skip
    with row(verdicts, "slow", "one of them alone ends by itself") as made:
        for name, first in begun.items():
            began = monotonic()
            with connected(target.port, 25) as wire:
                wire.sendall(first)
                try:
                    while wire.recv(65536):
                        pass
                    took = monotonic() - began
                except TimeoutError:
                    took = 99.0
            made.saw(f"{name} after {took:.0f} s", took < 20)
