"""Real processes, for tests and for the harnesses in bench/acceptance: the daemon and its log."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from listener.clock import monotonic

T = TypeVar("T")

HERE = Path(__file__).resolve().parent.parent.parent
LISTENER = (sys.executable, "-m", "listener")
_NEVER = threading.Event()


class TookTooLongError(AssertionError):
    """What was waited for did not come."""


def pause(seconds: float) -> None:
    _NEVER.wait(seconds)


def wait_for(what: str, ask: Callable[[], T | None], seconds: float, every: float = 0.02) -> T:
    """The first answer that is not empty; raises TookTooLongError."""
    until = monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if monotonic() > until:
            raise TookTooLongError(f"{what}: not within {seconds:g} s")
        pause(every)


def environment(**more: str) -> dict[str, str]:
    """What a process of ours is given, with the repository to import the test servers from."""
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **more}


@dataclass
class Daemon:
    """`listener run` as a process of its own; its log goes to a file."""

    config: Path
    log: Path
    options: Sequence[str] = ("--no-web",)
    variables: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()  # such as faketime
    ready_seconds: float = 0.0  # from the start to its word that it has started

    def start(self, *, seconds: float = 20.0) -> "Daemon":
        """Start it and wait until it says so."""
        self._skip = self.log.stat().st_size if self.log.exists() else 0
        began = monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, *LISTENER, "--config", str(self.config), "run", *self.options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(**self.variables),
            )
        self.wait_for_event("started", seconds)
        self.ready_seconds = monotonic() - began
        return self

    def text(self) -> str:
        """What this life has written."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(self._skip)
            return file.read().decode("utf-8", "replace")

    def lines(self) -> list[dict[str, Any]]:
        """The whole lines of this life's log; raises ValueError where one is no JSON."""
        whole = self.text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self._readable() if line.get("event") == name]

    def _readable(self) -> Iterator[dict[str, Any]]:
        for line in self.text().rpartition("\n")[0].splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found

    def wait_for_event(self, name: str, seconds: float, *, count: int = 1) -> dict[str, Any]:
        """Wait until the log has told an event so often."""

        def told() -> dict[str, Any] | None:
            found = self.events(name)
            if len(found) >= count:
                return found[count - 1]
            if not self.alive:
                raise TookTooLongError(f"the daemon ended ({self.process.poll()}): {self.text()}")
            return None

        return wait_for(f"{name!r} in the log", told, seconds)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9, also of one that has ended; nothing is left of it but its files."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 10.0) -> float:
        """SIGTERM; how long it took. One that does not end is killed; raises TookTooLongError."""
        began = monotonic()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TookTooLongError(f"SIGTERM: it still ran after {seconds:g} s") from None
        return monotonic() - began

    def children(self) -> list[int]:
        """The processes that it has started and that run."""
        return [pid for pid, parent in _parents() if parent == self.process.pid]


def _parents() -> Iterator[tuple[int, int]]:
    """Each process that is no zombie, and its parent."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[0] != "Z":
            yield int(entry.name), int(after_name[1])


def running(pids: Sequence[int]) -> list[int]:
    """Those of them that still run."""
    found = {pid for pid, _ in _parents()} if pids else set()
    return [pid for pid in pids if pid in found]


@contextmanager
def server(module: str, *arguments: str) -> Iterator[str]:
    """A test server as a process of its own; gives the first line that it prints."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def listener(
    config: Path,
    *arguments: str,
    stdin: str | None = None,
    seconds: float = 60.0,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*LISTENER, "--config", str(config), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env=environment(**variables),
    )


def ask(database: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a database says, read beside the daemon through a connection that writes nothing."""
    db = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()
