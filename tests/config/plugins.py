"""Plug-ins as the tests need them: small dataclasses with a key of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from listener.config import Config, Plugins, loads
from listener.domain.mention import Channel
from listener.errors import ConfigError

CONFIG = Path("/etc/listener/config.toml")
ACME = '[[subjects]]\nname = "Acme"\nquery = "acme"\n'
ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-from-the-environment",
    "MAIL_PASSWORD": "mail-pass-word",
    "X_BEARER_TOKEN": "x-bearer-token",
}


class Pace(StrEnum):
    SLOW = "slow"
    BRISK = "brisk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    times: int = 3
    wait: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    name: str
    urls: tuple[str, ...]
    every: timedelta = timedelta(minutes=15)
    session: object = field(metadata={"handed": True})
    service: str = field(default="feed", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """A source with a key of each type there is."""

    name: str
    every: timedelta = timedelta(minutes=5)
    folder: Path = Path("drop")
    count: int = field(default=1, metadata={"between": (1, 10)})
    share: float = 0.5
    strict: bool = True
    pace: Pace = Pace.SLOW
    mode: Literal["poll", "push"] = "poll"
    channel: Channel = Channel.SOCIAL
    title: str | None = None
    limit: int | tuple[int, ...] = 0
    words: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    retry: Retry = Retry()
    steps: tuple[Retry, ...] = ()
    at: time = time(9)
    zone: ZoneInfo | None = None
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    name: str
    sensitivity: Literal["calm", "balanced", "sensitive"] = "balanced"
    at_least: int = 5

    def __post_init__(self) -> None:
        if self.at_least < 1:
            raise ValueError("at_least must be 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A rule that cannot do without its table."""

    name: str
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    name: str
    token: str = field(repr=False)
    channel: str
    base_url: str = "https://slack.com/api/"
    teams: Mapping[str, Any] = field(default_factory=dict, metadata={"handed": True})

    def __post_init__(self) -> None:
        if not self.token:
            raise ValueError("token is empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    name: str
    host: str = "localhost"
    port: int = field(default=25, metadata={"between": (1, 65_535)})
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: str
    password: str = field(default="", repr=False)
    teams: Mapping[str, Any] = field(default_factory=dict, metadata={"handed": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    name: str
    bearer_token: str = field(repr=False)
    every: timedelta = timedelta(minutes=2)
    monthly_budget_usd: float | None = None
    base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    name: str
    path: Path
    since: datetime | None = field(default=None, metadata={"handed": True})


def handed(kind: str, name: str) -> Mapping[str, Any]:
    return {"session": f"a session for {kind} {name}"}


PLUGINS = Plugins(
    collectors={
        "feed": Feed,
        "everything": Everything,
        "folder": Folder,
        "demo": Console,
        "reddit": Console,
        "x": Paid,
    },
    rules={"spike": Spike, "floor": Floor, "rating_drop": Retry},
    notifiers={"slack": Slack, "email": Email, "console": Console},
    handed=handed,
)


def read(text: str, *, secrets: bool = True, brand: str = ACME) -> Config:
    return loads(f"{text}\n{brand}", CONFIG, PLUGINS, secrets=secrets, environ=ENVIRON)


def mistakes(text: str, *, brand: str = ACME) -> list[str]:
    """What is wrong with a file that says this and follows Acme."""
    try:
        read(text, brand=brand)
    except ConfigError as error:
        return error.mistakes
    return []
