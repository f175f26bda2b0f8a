"""Known events, told beforehand: a sale, a holiday, a release, and how many times the usual."""

from math import isfinite
from typing import Any

_DOUBT = 0.5  # of the surplus: how far from it a guess commonly is


class Events:
    """Spans of buckets, each with a factor of at least 1; where they overlap the largest counts."""

    def __init__(self) -> None:
        self._spans: dict[tuple[int, int], float] = {}

    def expect(self, since: int, until: int, factor: float) -> None:
        """From `since` up to `until` (excluded); a factor of 1 withdraws what was told."""
        if not (isfinite(factor) and factor >= 1.0):
            raise ValueError(f"an event's factor is 1 or more, not {factor!r}")
        if until <= since:
            raise ValueError("an event that ends before it begins")
        self._spans.pop((since, until), None)
        if factor > 1.0:
            self._spans[since, until] = float(factor)

    def factor(self, bucket: int) -> float:
        """How many times the usual is expected; 1 outside of all events."""
        if not self._spans:
            return 1.0
        return max([1.0, *(f for (a, b), f in self._spans.items() if a <= bucket < b)])

    def factors(self, first: int, until: int) -> list[float]:
        """Of all those buckets; none at all if no event touches them."""
        if not any(a < until and first < b for a, b in self._spans):
            return []
        return [self.factor(bucket) for bucket in range(first, until)]

    def forget(self, before: int) -> None:
        """Drop what ended by then."""
        self._spans = {span: f for span, f in self._spans.items() if span[1] > before}

    def state(self) -> list[list[Any]]:
        return [[a, b, f] for (a, b), f in sorted(self._spans.items())]

    @classmethod
    def from_state(cls, state: list[list[Any]]) -> "Events":
        events = cls()
        events._spans = {(a, b): f for a, b, f in state}
        return events


def doubt_of(factor: float) -> float:
    """Added to phi: nobody knows beforehand how large an event will be."""
    return (_DOUBT * (1.0 - 1.0 / factor)) ** 2
