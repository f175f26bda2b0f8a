"""Telling systemd: what nobody reads is dropped, said once, and holds nothing up."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from listener.daemon import systemd
from tests.daemon.conftest import Home
from tests.daemon.processes import wait_for


@contextlib.contextmanager
def unread(address: Path) -> Iterator[socket.socket]:
    """A socket that is full, and that nobody reads."""
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler,
    ):
        deaf.bind(str(address))
        filler.connect(str(address))
        filler.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                filler.send(b"x")
        yield deaf


def test_what_nobody_reads_is_dropped_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unread(tmp_path / "notify"), capture_logs() as logged:
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        told: list[bool] = []

        def tell() -> None:
            told.extend([systemd.tell("WATCHDOG=1"), systemd.tell("WATCHDOG=1")])

        telling = threading.Thread(target=tell, daemon=True)
        telling.start()
        telling.join(10)
        assert told == [False, False]
    assert [line["log_level"] for line in logged] == ["warning"]


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not systemd.tell("READY=1")


def test_a_daemon_that_systemd_does_not_hear_works_and_stops(home: Home) -> None:
    home.settings()
    address = home.folder / "notify"
    with unread(address):
        daemon = home.daemon(NOTIFY_SOCKET=str(address))
        home.drop("one", 1)
        wait_for("the complaint to be told", home.told, 20)
        assert daemon.stop() < 6  # the promise is five; nothing here is measured
    assert daemon.process.returncode == 0
    said = [line for line in daemon.lines() if "systemd" in line["event"]]
    assert len(said) == 1


def test_that_it_is_ready_is_told_again_until_it_is_taken(home: Home) -> None:
    home.settings()
    address = home.folder / "notify"
    with unread(address) as systemd_socket:
        home.daemon(NOTIFY_SOCKET=str(address))
        systemd_socket.settimeout(10)
        said = systemd_socket.recv(100)
        while said == b"x":
            said = systemd_socket.recv(100)
    assert said == b"READY=1"
