"""A folder with a config, a Slack in this process, and daemons that do not outlive their test."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from listener.clock import WallClock
from tests.builders import a_line, written
from tests.daemon.processes import Daemon, ask
from tests.servers.slack import SlackServer

TOKEN = "xoxb-canary-token-4711"
CANARY = "canary words that are in no log"
CONFIG = """
[listener]
database = "listener.db"
{listener}
[[subjects]]
name = "Acme"
query = "acme"

[collectors.drop]
type = "folder"
path = "drop"
every = "1s"
{more}
[respond.social]
within = "{within}"

[notify.slack]
token = "env:SLACK_BOT_TOKEN"
channel = "#cx"
base_url = "{url}"
timeout_seconds = 2
"""
NOW = WallClock().now


@dataclass
class Home:
    """Where a daemon lives. `line` is a complaint that is past both warnings of its hour."""

    folder: Path
    slack: SlackServer
    stack: ExitStack
    daemons: list[Daemon] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "listener.db"

    def settings(self, *, within: str = "1h", listener: str = "", more: str = "") -> Path:
        text = CONFIG.format(within=within, listener=listener, more=more, url=self.slack.url)
        self.config.write_text(text, encoding="utf-8")
        return self.config

    def daemon(self, *, pages: bool = False, **variables: str) -> Daemon:
        """A daemon that has started."""
        one = Daemon(
            self.config,
            self.folder / "daemon.log",
            options=() if pages else ("--no-web",),
            variables={"SLACK_BOT_TOKEN": TOKEN, **variables},
        )
        self.stack.callback(one.kill)
        self.daemons.append(one)
        return one.start()

    def drop(self, file: str, *numbers: int, **fields: Any) -> None:
        lines = [self.line(number, **fields) for number in numbers]
        written(self.folder / "drop" / f"{file}.part", lines).rename(
            self.folder / "drop" / f"{file}.jsonl"
        )

    def line(self, number: int, **fields: Any) -> dict[str, Any]:
        said_at = (NOW() - timedelta(minutes=49)).isoformat()
        text = f"Worst support ever, Acme lost my parcel, {CANARY} {number}"
        return a_line(number, **{"text": text, "created_at": said_at, **fields})

    def told(self) -> list[str]:
        """The ids that Slack has accepted, each as often as it was."""
        return [name for message in self.slack.messages() for name in message.ids]

    def ask(self, sql: str, *values: object) -> Any:
        """The first figure of what the database answers."""
        return ask(self.database, sql, *values)[0][0]


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """The log is set up for the whole process, and its stderr is a test's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "drop").mkdir()
    with SlackServer() as slack, ExitStack() as stack:
        yield Home(tmp_path, slack, stack)
