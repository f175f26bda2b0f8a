"""What `check_online` needs to say of a service: how it answers, and what a user must read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from listener.clock import WallClock
from tests.servers.web import Route, Step, WebServer, as_json

SECRET = "s3cret"  # stands in every secret, and so must never be seen
NOW = WallClock().now()
WAIT = timedelta(minutes=90)  # of those that say how long; a run is shorter than the half of it
AT = str(int((NOW + WAIT).timestamp()))


class Condition(StrEnum):
    """What a check has to tell apart."""

    RIGHT = "all right"
    KEY = "wrong key"
    RIGHTS = "missing right"
    UNKNOWN = "no such account"
    NETWORK = "no network"
    RATE = "rate limit"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the service does: `step` for everything, or by its path.

    words: must stand in the line that the user sees. table: keys of the config that are others.
    """

    words: tuple[str, ...]
    step: Step | Mapping[str, Step] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Service:
    """A source as a user sets it up. good: lets a server answer as the service does.

    table: its keys; "{url}" in one is the server's address. cases: by condition; a text says why
    there is no such one.
    """

    type: str
    table: Mapping[str, Any]
    good: Callable[[WebServer], object]
    cases: Mapping[Condition, Case | str]


KEY, RIGHTS, UNKNOWN, RATE = Condition.KEY, Condition.RIGHTS, Condition.UNKNOWN, Condition.RATE
SAYS_WHEN = ("asked again in 1 h",)
SAYS_NOT = ("does not say when",)
NO_KEY = "it is open to all"
MACHINE = ("this machine",)  # where no key is, it is the machine that is turned away


def too_often(**headers: str) -> Step:
    return as_json({"error": f"{SECRET} words"}, status=429, **headers)


def says(status: int, value: Any) -> Step:
    return as_json(value, status=status)


def gives(pages: Mapping[str, Any]) -> Callable[[WebServer], None]:
    """A server that gives the same at each path, whatever it is asked: a value, or a whole step."""

    def good(server: WebServer) -> None:
        for path, value in pages.items():
            server.routes[path] = always(value if isinstance(value, Step) else as_json(value))

    return good


def always(step: Step) -> Route:
    return lambda asked: step


def secret(name: str) -> str:
    """What a variable of the environment holds where the service's server wants nothing better."""
    return f"{SECRET}-{name}"
