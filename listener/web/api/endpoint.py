"""What an address of the API is: what it asks for, what it answers, and who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from listener.domain.role import Scope
from listener.web.api.asked import Asked
from listener.web.behind import Behind

A = TypeVar("A", bound=Asked)
JSON: Final = "application/json"
CSV: Final = "text/csv"
ATOM: Final = "application/atom+xml"
ICS: Final = "text/calendar"
BASE: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a deed is done: the headers If-Match and Idempotency-Key.

    `seen`: the number of the last deed that was shown. `key`: what bears it is done once.
    """

    seen: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An answer with headers of its own."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Generic[A]):
    """The document and the door are made of the same one.

    `asked` holds the names in the path, too. `shape`: what is answered. `media`: as what; where it
    is no JSON, the answer is a text.
    """

    path: str
    name: str
    summary: str
    asked: type[A]
    shape: Any
    media: str = JSON
    base: str = BASE

    @property
    def whole(self) -> str:
        """The path from the root."""
        return self.base + self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Address[A]):
    """An address that is read."""

    answer: Callable[[Behind, A], Any]
    scope: Scope = Scope.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed(Address[A]):
    """An address that is posted to. `sent`: the shape of the body."""

    sent: Any
    carry_out: Callable[[Behind, A, Any, Terms], Any]
    scope: Scope = Scope.ACT
