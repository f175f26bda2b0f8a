import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener.errors import UsageError
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import READERS, make_site
from tests.builders import NOW, a_mention
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.story import take_in

DEMO = """
import signal, sys, pathlib, listener.web.serve
signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, also under nohup
listener.web.serve.serve_demo(pathlib.Path(sys.argv[1]), int(sys.argv[2]), "kim")
"""


def a_server(store: Store, port: int = 0) -> SiteServer:
    site = make_site(store, lambda: NOW, None, "127.0.0.1", ZoneInfo("UTC"))
    return SiteServer(site, host="127.0.0.1", port=port)


def test_a_server_that_stopped_has_left_its_port(store: Store) -> None:
    server = a_server(store)
    port = server.start()
    assert server.url == f"http://127.0.0.1:{port}/"
    assert Browser(port).get("/healthz").status == 200
    server.stop()
    with pytest.raises(ConnectionError):
        Browser(port).get("/healthz")
    assert not any(t.name == "web" for t in threading.enumerate())


def test_stopping_twice_or_before_the_start_does_no_harm(store: Store) -> None:
    server = a_server(store)
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_a_port_that_is_taken_is_named(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1:{port}.*\\[web\\] port"):
            a_server(store, port).start()


def test_many_readers_at_once_share_few_connections(browser: Browser) -> None:
    with ThreadPoolExecutor(20) as many:
        statuses = list(many.map(lambda _: browser.get("/").status, range(60)))
    assert statuses == [200] * 60
    assert sum(t.name.startswith("page") for t in threading.enumerate()) <= READERS


def test_the_demo_is_shown_as_it_stood_until_ctrl_c(
    store: Store, clock: HandClock, tmp_path: Path
) -> None:
    take_in(store, clock, a_mention(1, text="Acme negative"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        shown = subprocess.Popen(
            [sys.executable, "-c", DEMO, str(store.path), port],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            assert shown.stdout is not None
            assert shown.stdout.readline() == f"Port {port} is taken; another one is used.\n"
            line = shown.stdout.readline()
            browser = Browser(int(line.split("127.0.0.1:")[1].split("/")[0]))
            first = shown.stdout.readline()
            assert first.startswith(f"To begin: open {line.split()[4]}inbox, ")
            assert "as it stood on Sun 22 Nov 12:00" in browser.get("/").words
            assert browser.get("/readyz").status == 200
            shown.send_signal(signal.SIGINT)
            assert shown.wait(20) == 0
            assert "Traceback" not in shown.stdout.read()
        finally:
            shown.kill()
            shown.wait()
            if shown.stdout is not None:
                shown.stdout.close()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    from listener.web.serve import serve_demo  # noqa: PLC0415

    with pytest.raises(UsageError, match="nothing to show"):
        serve_demo(tmp_path / "none.db", 0, "kim")
    assert not (tmp_path / "none.db").exists()
