"""What counts as movement, and what a daemon does with settings that it cannot take up."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.app import plugins
from listener.clock import WallClock
from listener.config import load
from listener.daemon import Daemon, log, loops
from listener.daemon.loops import Loop
from tests.daemon.processes import pause, wait_for

CONFIG = """
[listener]
database = "{database}"

[web]
port = {port}

[[subjects]]
name = "{name}"
query = "acme"
"""


def settings(
    folder: Path, *, database: str = "listener.db", port: int = 8765, name: str = "Acme"
) -> Path:
    path = folder / "config.toml"
    path.write_text(CONFIG.format(database=database, port=port, name=name), encoding="utf-8")
    return path


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """One that is made and not run."""
    monkeypatch.setattr("listener.store.connection.BUSY_SECONDS", 0.05)
    path = settings(tmp_path)
    one = Daemon(path, load(path, plugins(WallClock())), None)
    yield one
    one.app.close()


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_loop_that_fails_does_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE_AFTER_FAULT", 0.02)
    stop, tries, failing = threading.Event(), [0], [True]

    def step() -> float:
        tries[0] += 1
        if failing[0]:
            raise RuntimeError
        return 60.0

    loop = Loop("one", step, stop).start()
    wait_for("some tries", lambda: tries[0] > 5, 5)
    pause(0.2)
    assert loop.stuck_for() > 0.2
    failing[0] = False
    wait_for("a success", lambda: loop.busy_since is None, 5)
    assert loop.stuck_for() < 0.2
    stop.set()
    assert loop.join(5)


def test_settings_that_a_busy_database_cannot_take_are_left(
    daemon: Daemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up([])
    app = daemon.app
    settings(tmp_path, name="Boreal")
    other = sqlite3.connect(tmp_path / "listener.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    daemon._read_settings()
    other.close()
    assert daemon.app is app
    (line,) = said(capsys)
    assert (line["event"], line["error"]) == ("settings not taken up", "OperationalError")
    daemon._read_settings()
    assert [table.subject.name for table in daemon.app.config.subjects] == ["Boreal"]


def test_what_needs_a_restart_stays_until_then(
    daemon: Daemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up([])
    settings(tmp_path, database="other.db", port=9999, name="Boreal")
    daemon._read_settings()
    assert daemon.app.config.listener.database == tmp_path / "listener.db"
    assert daemon.app.config.web.port == 8765
    taken, left = said(capsys)
    assert taken["event"] == "settings taken up"
    assert left["event"] == "needs a restart"
    assert left["keys"] == ["[listener] database", "[web] port"]


def test_the_switch_hears_of_every_step_also_in_a_backlog(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.cycle.think", lambda *_: 500)
    assert daemon._think() == 0.0
    assert daemon._thought.is_set()
