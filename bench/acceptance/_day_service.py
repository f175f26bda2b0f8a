"""What every service of the simulated day is: things that people say, given to who asks."""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE
from tests.servers.web import Asked, Step, WebServer

SECRETS = {
    "api_key", "api_secret", "app_password", "bearer_token", "client_secret", "password",
    "private_key", "refresh_token", "secret", "service_account", "token",
}  # fmt: skip
SECRET = "canary-4711-"  # every secret begins so
CASE = re.compile(r"\bcase(\d+)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody says at a moment of the day; its number tells it from others."""

    number: int
    at: datetime
    text: str

    @property
    def unix(self) -> int:
        return int(self.at.timestamp())


def plan(name: str, start: datetime, hours: float, an_hour: float) -> Iterator[Said]:
    """What is said at one service: a few things before the day, then some every hour of it."""
    dice = random.Random(name)
    at = start - timedelta(hours=5 / an_hour)
    number = 0
    while True:
        at += timedelta(hours=dice.expovariate(an_hour))
        if at >= start + timedelta(hours=hours):
            return
        number += 1
        mood = dice.choices((NEUTRAL, POSITIVE, NEGATIVE), (6, 4, 1))[0]
        words = dice.choice(mood).format(b="Acme")
        yield Said(number, at.replace(microsecond=0), f"{words} case{number}")


class TimedServer(WebServer):
    """Keeps the moments at which it was asked."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.asked_at: list[datetime] = []
        super().__init__()

    def step_for(self, asked: Asked) -> Step:
        self.asked_at.append(self._now())
        self.asked.clear()  # or it would keep every question of the day
        return super().step_for(asked)


class Service:
    """A server that speaks the language of one type of source. Good, unless a class says else.

    said: what was said so far, the oldest first.
    """

    kind: ClassVar[str]
    minutes: ClassVar[float]  # `every`
    good: ClassVar[bool] = True

    def __init__(self, name: str, now: Callable[[], datetime]) -> None:
        self.name, self.now = name, now
        self.server = TimedServer(now)
        self.said: list[Said] = []
        self.open()

    def open(self) -> None:
        """Set up the answers."""

    def settings(self) -> Mapping[str, Any]:
        """The keys of its table."""
        return {"base_url": self.server.url("")}

    def publish(self, one: Said) -> None:
        """From now on it can be read."""
        self.said.append(one)

    def close(self) -> None:
        self.server.close()

    @property
    def newest_first(self) -> list[Said]:
        return self.said[::-1]

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def secrets(self) -> dict[str, str]:
        """The variables in which its secrets are handed over."""
        found = self.settings().items()
        return {self._variable(key): text for key, text in found if key in SECRETS}

    def _variable(self, key: str) -> str:
        return f"{self.name}_{key}".upper()

    def table(self) -> str:
        """Its table in the settings."""
        keys = {"type": self.kind, "every": f"{self.minutes * 60:g}s", **self.settings()}
        for key in keys.keys() & SECRETS:
            keys[key] = f"env:{self._variable(key)}"
        lines = (f"{key} = {json.dumps(value)}" for key, value in keys.items())
        return "\n".join((f"[collectors.{self.name}]", *lines, ""))


def cases(texts: Iterable[str]) -> list[int]:
    """The numbers that stand in texts."""
    return [int(found[1]) for text in texts if (found := CASE.search(text))]
