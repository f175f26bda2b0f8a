"""The last day of buckets: counts and whether they were measured, summed over any window."""

from collections.abc import Callable
from enum import IntEnum
from itertools import groupby
from typing import Any

from listener.rules.spike.settings import BUCKETS_PER_DAY, BUCKETS_PER_HOUR

_KEPT_HOURS = BUCKETS_PER_DAY // BUCKETS_PER_HOUR


class Measured(IntEnum):
    """How well a bucket is known."""

    NO = 0  # an outage: neither counts nor an expectation
    PARTLY = 1  # an outage into which mentions came after all: looked at, but teaches nothing
    FULLY = 2


class Recent:
    """Counts per five-minute bucket, kept as running sums so that a window costs nothing.

    Buckets are numbered from the epoch. `first` is the oldest one kept, always the first of an
    hour; `now` the newest. Older ones are forgotten an hour at a time.
    """

    def __init__(self, now: int) -> None:
        self.first = now - now % BUCKETS_PER_HOUR
        lead = now - self.first
        self._mentions = [0] * (lead + 1)
        self._negative = [0] * (lead + 1)
        self._measured = [Measured.NO] * lead
        self._weights: list[float] | None = None
        self.append(Measured.FULLY)

    @property
    def now(self) -> int:
        return self.first + len(self._measured) - 1

    def append(self, measured: Measured) -> None:
        """Open the next bucket, empty."""
        self._mentions.append(self._mentions[-1])
        self._negative.append(self._negative[-1])
        self._measured.append(measured)

    def append_empty_hour(self) -> None:
        """Twelve empty measured buckets at once; the newest bucket must be the last of its hour."""
        self._mentions += [self._mentions[-1]] * BUCKETS_PER_HOUR
        self._negative += [self._negative[-1]] * BUCKETS_PER_HOUR
        self._measured += [Measured.FULLY] * BUCKETS_PER_HOUR

    def forget(self) -> None:
        """Drop whole hours that no window reaches any more; expectations are to be made anew."""
        keep_from = (self.now // BUCKETS_PER_HOUR - _KEPT_HOURS) * BUCKETS_PER_HOUR
        gone = keep_from - self.first
        if gone > 0:
            del self._mentions[:gone], self._negative[:gone], self._measured[:gone]
            self.first = keep_from
        self._weights = None

    def add(self, bucket: int, mentions: int, negative: int) -> bool:
        """Add to a bucket (a correction may be below zero); False if it is no longer kept."""
        at = bucket - self.first
        if not 0 <= at < len(self._measured):
            return False
        _raise(self._mentions, at, mentions)
        _raise(self._negative, at, negative)
        if self._measured[at] is Measured.NO and mentions > 0:
            self._measured[at] = Measured.PARTLY
            self._weights = None
        return True

    def mark_unmeasured(self, bucket: int) -> Measured:
        """A bucket was not measured after all; says what it is now (fully: it is not kept)."""
        at = bucket - self.first
        if not 0 <= at < len(self._measured):
            return Measured.FULLY
        empty = self._mentions[at + 1] == self._mentions[at]
        self._measured[at] = Measured.NO if empty else Measured.PARTLY
        self._weights = None
        return self._measured[at]

    def counts(self, end: int, buckets: int) -> tuple[int, int]:
        """(mentions, negative) of the window of so many buckets whose last one is `end`."""
        until = end - self.first + 1
        since = max(until - buckets, 0)
        return (
            self._mentions[until] - self._mentions[since],
            self._negative[until] - self._negative[since],
        )

    def negative(self, end: int, buckets: int) -> int:
        until = end - self.first + 1
        return self._negative[until] - self._negative[max(until - buckets, 0)]

    def exposure(self, end: int, buckets: int) -> float:
        """Hours of mean rate in that window, by the weights of `weigh`; outages have none."""
        assert self._weights is not None, "weigh first"
        until = end - self.first + 1
        return self._weights[until] - self._weights[max(until - buckets, 0)]

    def weigh(self, weight_of: Callable[[int], float]) -> None:
        """Give each bucket its expected part of an hour of mean rate, where that is missing.

        The sums are always made from `first` on, so that a detector that was saved and loaded
        has the same ones to the last bit.
        """
        if self._weights is None:
            self._weights = [0.0]
        weights = self._weights
        for at in range(len(weights) - 1, len(self._measured)):
            known = self._measured[at] is not Measured.NO
            weights.append(weights[-1] + (weight_of(self.first + at) if known else 0.0))

    def hour(self, hour: int) -> tuple[list[int], int, int] | None:
        """(negatives of each fully measured bucket, their mentions, how many), None if forgotten.

        Hours are numbered from the epoch.
        """
        at = hour * BUCKETS_PER_HOUR - self.first
        if at < 0:
            return None
        negatives, mentions = [], 0
        for i in range(at, at + BUCKETS_PER_HOUR):
            if self._measured[i] is Measured.FULLY:
                negatives.append(self._negative[i + 1] - self._negative[i])
                mentions += self._mentions[i + 1] - self._mentions[i]
        return negatives, mentions, len(negatives)

    def state(self) -> dict[str, Any]:
        """As JSON: only the buckets that hold something, and runs of how they were measured."""
        rows = [
            [at, self._mentions[at + 1] - self._mentions[at], k]
            for at in range(len(self._measured))
            if (k := self._negative[at + 1] - self._negative[at])
            or self._mentions[at + 1] - self._mentions[at]
        ]
        runs = [[int(kind), len(list(run))] for kind, run in groupby(self._measured)]
        return {"first": self.first, "counts": rows, "measured": runs}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Recent":
        recent = cls(state["first"])
        recent._measured = [Measured(kind) for kind, length in state["measured"]
                            for _ in range(length)]  # fmt: skip
        mentions, negatives = [0] * len(recent._measured), [0] * len(recent._measured)
        for at, n, k in state["counts"]:
            mentions[at], negatives[at] = n, k
        recent._mentions, recent._negative = _sums(mentions), _sums(negatives)
        return recent


def _raise(sums: list[int], at: int, by: int) -> None:
    """Add to one bucket of running sums, never below nothing."""
    by = max(by, sums[at] - sums[at + 1])
    if by:
        for i in range(at + 1, len(sums)):
            sums[i] += by


def _sums(counts: list[int]) -> list[int]:
    sums = [0]
    for count in counts:
        sums.append(sums[-1] + count)
    return sums
