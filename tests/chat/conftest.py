"""A brand with four people who wait, told to a Slack that hears presses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from listener import cycle
from listener.app import App, open_app, plugins
from listener.chat import Door, doors
from listener.clock import VirtualClock
from listener.config import from_document
from listener.replay.play import PastSource, play
from listener.replay.show import read_files
from listener.store.connection import Row
from tests.builders import MINUTE, NOW, a_line, written
from tests.servers import presses
from tests.servers.room import Message
from tests.servers.slack import SlackServer
from tests.servers.socket_mode import SocketModeServer

WAITING = 3
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
LINES = [
    a_line(
        number,
        created_at=(NOW + number * MINUTE).isoformat(),
        text=f"Acme lost my parcel, case {number}, call me: 06 30 123 456{number}",
    )
    for number in range(1, WAITING + 1)
]


@dataclass
class Chat:
    """An app, its Slack, and people who press."""

    app: App
    clock: VirtualClock
    slack: SlackServer
    socket: SocketModeServer
    door: Door
    pressed: int = 0

    @property
    def root(self) -> Message:
        """The message of the promise, which lasts."""
        return self.slack.messages("#cx")[0]

    def tell(self) -> None:
        """Let the outbox send all that waits."""
        while cycle.tell(self.app, "slack", self.clock.now()):
            self.clock.advance(self.clock.now() + MINUTE / 60)

    def elements(self) -> dict[str, Any]:
        """What can be pressed below the message, by the ids of the actions."""
        return presses.elements(self.root.shown)

    def press(self, act: str, who: str = "anna", *, value: str = "", stamp: str = "") -> str:
        """Press one of the buttons that are there; returns the envelope."""
        return self.socket.hand("interactive", self.a_press(act, who, value=value, stamp=stamp))

    def a_press(
        self, act: str, who: str = "anna", *, value: str = "", stamp: str = ""
    ) -> dict[str, Any]:
        """The press of a button that is there, as Slack tells it. `stamp`: of this press."""
        self.pressed += 1
        element = self.elements()[f"listener.{act}"]
        action = presses.an_action(element, stamp or f"1.{self.pressed}", value)
        return presses.a_press(action, who, self.root.channel)

    def save(self, who: str = "anna", names: int = 1, sentiment: str = "") -> dict[str, Any]:
        """Fill the newest window in with its first mentions, and save it; what it answered."""
        payload = self.a_saved_window(who, names, sentiment)
        return self.socket.receipt(self.socket.hand("interactive", payload))

    def a_saved_window(
        self, who: str = "anna", names: int = 1, sentiment: str = ""
    ) -> dict[str, Any]:
        """The newest window, filled in and saved, as Slack tells it."""
        self.pressed += 1
        view = self.slack.windows[-1]
        chosen = presses.choices(view)[:names]
        return presses.a_saved_window(view, who, chosen, str(self.pressed), sentiment)

    def rows(self, sql: str) -> list[Row]:
        with self.app.store.read() as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    file = written(tmp_path / "old.jsonl", LINES)
    events, _ = read_files([file], source="x", channel=None, zone=UTC, fields={})
    clock, past = VirtualClock(NOW), PastSource(events=events)
    with SlackServer(channels=["cx"]) as slack, SocketModeServer() as socket:
        slack.socket_url = lambda: socket.url
        document = {
            "subjects": [{"name": "Acme", "role": "brand", "query": "acme"}],
            "notify": {
                "slack": {
                    "token": "xoxb-1",
                    "app_token": "xapp-1",
                    "signing_secret": SIGNING_SECRET,
                    "channel": "#cx",
                    "base_url": slack.url,
                }
            },
        }
        config = from_document(document, tmp_path / "config.toml", plugins(clock))
        app = open_app(config, clock, labels="given", collectors=[past])
        play(app, clock, past, until=NOW + 40 * MINUTE)
        (door,) = doors(lambda: app)
        door.start()
        yield Chat(app, clock, slack, socket, door)
        door.close()
        app.close()
