"""What goes wrong at a test server: at random by a seed, or as a test says."""

import random
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    REFUSE = "refuse"  # HTTP 500, or the connection closed before anything was taken
    HANG_UP = "hangup"  # taken, and the connection closed without an answer
    TOO_MANY = "429"  # with Retry-After
    SLOW = "slow"  # taken, and no answer for `seconds`
    ERROR = "error"  # an answer with `code`
    GARBAGE = "garbage"  # taken, and an answer that is none


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: Kind
    code: str = "invalid_auth"
    status: int = 500  # of REFUSE; 0 closes the connection
    retry_after: int = 1
    seconds: float = 15.0


@dataclass
class FaultPlan:
    """Which fault meets a request: those a test put down, in order; then chance."""

    chances: Mapping[Kind, float] = field(default_factory=dict)
    seed: int = 0
    retry_after: int = 1
    seconds: float = 15.0
    only: frozenset[str] = frozenset()  # the methods chance meets; all where empty

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._planned: dict[str, deque[Fault]] = {}
        self._lock = threading.Lock()

    def add(self, method: str, faults: Iterable[Fault]) -> None:
        with self._lock:
            self._planned.setdefault(method, deque()).extend(faults)

    def draw(self, method: str) -> Fault | None:
        with self._lock:
            if self._planned.get(method):
                return self._planned[method].popleft()
            if self.only and method not in self.only:
                return None
            roll = self._dice.random()
            for kind, chance in self.chances.items():
                roll -= chance
                if roll < 0:
                    status = self._dice.choice((0, 500, 503)) if kind is Kind.REFUSE else 500
                    return Fault(
                        kind=kind,
                        status=status,
                        retry_after=self.retry_after,
                        seconds=self.seconds,
                    )
            return None

    def delay(self, least_ms: float, most_ms: float) -> float:
        """A pause in seconds."""
        with self._lock:
            return self._dice.uniform(least_ms, most_ms) / 1000


def chances(text: str) -> dict[Kind, float]:
    """Read "refuse=.05,hangup=.07,429=.05,slow=.02"."""
    pairs = [part.partition("=") for part in text.split(",") if part]
    return {Kind(name.strip()): float(chance) for name, _, chance in pairs}
