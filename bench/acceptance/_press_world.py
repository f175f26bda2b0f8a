"""A real daemon, a Slack that hands presses over, and what both have on their books."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bench.acceptance._press_judge import Act
from bench.acceptance._texts import Writer
from listener.clock import WallClock
from tests.daemon.processes import Daemon, ask, wait_for
from tests.servers.room import Message
from tests.servers.signing import forgeries, post, pressed, signed
from tests.servers.slack import SlackServer
from tests.servers.socket_mode import SocketModeServer

TOKEN, APP_TOKEN = "xoxb-canary-of-the-presses", "xapp-canary-of-the-presses"
SECRET = "8f742231b10e8888canary99yyyzzz85"
SOCKET, SIGNED = "socket", "signed"
DOORS: Final = (SOCKET, SIGNED)
CONFIG = """
[listener]
database = "listener.db"

{subjects}
[collectors.drop]
type = "folder"
path = "drop"
every = "1s"

[respond.social]
within = "4h"

[notify]
group_wait = "0s"
group_interval = "0s"
interrupts_a_day = 1000

[notify.slack]
token = "env:SLACK_BOT_TOKEN"
app_token = "env:SLACK_APP_TOKEN"
signing_secret = "env:SLACK_SIGNING_SECRET"
channel = "#cx"
base_url = "{url}"

[web]
port = 0
"""
UNSENT = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
# What only people's acts change, beside the record.
STATE = (
    "SELECT id, acknowledged_by, snoozed_until FROM incident",
    "SELECT mention_id, assignee FROM work",
    "SELECT mention_id, by, sentiment FROM label WHERE by LIKE '@%'",
    "SELECT source_id, said_at, author FROM response",
    "SELECT mention_id, subject_id, aside FROM match WHERE aside = 'person'",
)


@dataclass(frozen=True)
class Handed:
    """One request of Slack's, as it was handed over."""

    who: str
    door: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


class World:
    """`running` starts everything; then `at_once` hands presses over."""

    def __init__(self, folder: Path, brands: Sequence[str]) -> None:
        self.folder = folder
        self.database = folder / "listener.db"
        self.writer = Writer(folder / "drop", folder / "fed.jsonl", seed=8)
        self.slack, self.socket = SlackServer(), SocketModeServer()
        self.slack.socket_url = lambda: self.socket.url
        self.now = WallClock().now
        self._brands = brands
        self._envelopes = 0
        self._lock = threading.Lock()
        self.port = 0
        self.config = folder / "config.toml"
        self.daemon = Daemon(
            self.config,
            folder / "daemon.log",
            options=(),
            variables={
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
            },
        )

    @contextmanager
    def running(self, before: Callable[[], None]) -> Iterator[None]:
        """`before`: what is done before the daemon is started."""
        with self.slack, self.socket:
            subjects = "".join(
                f'[[subjects]]\nname = "{b}"\nquery = "{b}"\n\n' for b in self._brands
            )
            text = CONFIG.format(subjects=subjects, url=self.slack.url)
            self.config.write_text(text, encoding="utf-8")
            before()
            self.start()
            try:
                yield
            finally:
                self.daemon.kill()

    def start(self) -> None:
        heard = self.socket.connections
        self.daemon.start(seconds=60)
        self.port = int(urlsplit(self.daemon.events("started")[0]["page"]).port or 0)
        wait_for("the connection", lambda: self.socket.connections > heard, 30)

    def settle(self, seconds: float = 120) -> None:
        """Wait until all is told."""
        wait_for("all told", lambda: not self.ask(UNSENT)[0][0], seconds, every=0.2)

    # The books

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return ask(self.database, sql, *values)

    def newest_act(self) -> int:
        return int(self.ask("SELECT coalesce(max(id), 0) FROM audit")[0][0])

    def acts(self, after: int) -> tuple[Act, ...]:
        rows = self.ask("SELECT who, did, what FROM audit WHERE id > ? ORDER BY id", after)
        return tuple(Act(*row) for row in rows)

    def state(self) -> list[Any]:
        """All that people's acts have changed so far."""
        return [sorted(map(str, self.ask(sql))) for sql in STATE] + [self.newest_act()]

    def message(self, incident: int) -> Message:
        """The lasting message of an incident."""
        [(ref,)] = self.ask("SELECT ref FROM incident_post WHERE incident_id = ?", incident)
        return next(m for m in self.slack.messages() if m.ts == ref)

    def words(self, incident: int) -> str:
        return json.dumps(self.message(incident).shown, ensure_ascii=False)

    # The doors

    def at_once(self, handed: Sequence[Handed]) -> list[Answer]:
        """Hand requests over at the same moment, each by its door."""
        start = threading.Barrier(len(handed))

        def go(one: Handed) -> Answer:
            start.wait()
            return self._hand(one)

        with ThreadPoolExecutor(len(handed)) as pool:
            return list(pool.map(go, handed))

    def _hand(self, one: Handed) -> Answer:
        try:
            if one.door == SOCKET:
                with self._lock:
                    self._envelopes += 1
                    name = f"envelope-{self._envelopes}"
                self.socket.hand("interactive", one.payload, name)
                return Answer(200, self.socket.receipt(name))
            body = pressed(one.payload)
            answer = post(self.port, body, signed(SECRET, self.moment, body))
            return Answer(answer.status, answer.json if answer.status == 200 else {})
        except (OSError, AssertionError) as error:
            return Answer(0, {"error": repr(error)})

    @property
    def moment(self) -> int:
        return int(self.now().timestamp())

    def forge(self, payload: dict[str, Any]) -> dict[str, int]:
        """The status that each forgery of a press is answered with."""
        made = forgeries(SECRET, pressed(payload), self.moment)
        return {
            name: post(self.port, body, headers).status for name, (body, headers) in made.items()
        }
