"""The last day of buckets: counts and whether they were measured, summed over any window."""

import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from enum import IntEnum
from itertools import accumulate, groupby, pairwise
from operator import mul
from typing import Any

from listener.rules.spike.settings import BUCKETS_PER_DAY, BUCKETS_PER_HOUR

_KEPT_HOURS = BUCKETS_PER_DAY // BUCKETS_PER_HOUR
_WIDTHS = ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))  # bytes of a count, and struct's letter for it


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
        self._measured = bytearray([Measured.NO] * lead)
        self._weights: list[float] | None = None
        self._planned: list[float] | None = None
        self.append(Measured.FULLY)

    @property
    def now(self) -> int:
        return self.first + len(self._measured) - 1

    def append(self, measured: Measured) -> None:
        """Open the next bucket, empty."""
        self._mentions.append(self._mentions[-1])
        self._negative.append(self._negative[-1])
        self._measured.append(measured)
        if measured == Measured.NO:
            self._weights = None

    def append_empty_hour(self) -> None:
        """Twelve empty measured buckets at once; the newest bucket must be the last of its hour."""
        self._mentions += [self._mentions[-1]] * BUCKETS_PER_HOUR
        self._negative += [self._negative[-1]] * BUCKETS_PER_HOUR
        self._measured += bytes([Measured.FULLY] * BUCKETS_PER_HOUR)

    def forget(self) -> None:
        """Drop whole hours that no window reaches any more; expectations are to be made anew."""
        keep_from = (self.now // BUCKETS_PER_HOUR - _KEPT_HOURS) * BUCKETS_PER_HOUR
        gone = keep_from - self.first
        if gone > 0:
            del self._mentions[:gone], self._negative[:gone], self._measured[:gone]
            self.first = keep_from
        self._weights = None

    def forget_weights(self) -> None:
        """What is expected of the buckets has changed."""
        self._weights = None

    def holds(self, bucket: int) -> tuple[int, int]:
        """(mentions, negative) of one bucket; nothing if it is not kept, or not yet opened."""
        at = bucket - self.first
        if not 0 <= at < len(self._measured):
            return 0, 0
        return (
            self._mentions[at + 1] - self._mentions[at],
            self._negative[at + 1] - self._negative[at],
        )

    def add(self, bucket: int, mentions: int, negative: int) -> bool:
        """Add to a bucket (a correction may be below zero); False if it is no longer kept."""
        at = bucket - self.first
        if not 0 <= at < len(self._measured):
            return False
        _raise(self._mentions, at, mentions)
        _raise(self._negative, at, negative)
        if self._measured[at] == Measured.NO and mentions > 0:
            self._measured[at] = Measured.PARTLY
            self._weights = None
        return True

    def mark_unmeasured(self, bucket: int) -> Measured:
        """A bucket was not measured after all; says what it is now (fully: it is not kept)."""
        at = bucket - self.first
        if not 0 <= at < len(self._measured):
            return Measured.FULLY
        empty = self._mentions[at + 1] == self._mentions[at]
        found = Measured.NO if empty else Measured.PARTLY
        self._measured[at] = found
        self._weights = None
        return found

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
        return _between(self._weights, end - self.first + 1, buckets)

    def planned(self, end: int, buckets: int) -> float | None:
        """The same with the events that were announced; None where none is kept."""
        if self._planned is None:
            return None
        return _between(self._planned, end - self.first + 1, buckets)

    def weigh(
        self, weights_of: Callable[[int], list[float]], factors: Callable[[int, int], list[float]]
    ) -> None:
        """Give each bucket its expected part of an hour of mean rate, where that is missing.

        `weights_of` an hour (numbered from the epoch) are those of its twelve buckets; `factors`
        are what announced events make of them, none if there is no event. The sums
        are always made from `first` on, so that a detector that was saved and loaded has the same
        ones to the last bit; they reach to the end of the newest hour.
        """
        if self._weights is not None and len(self._weights) > len(self._measured):
            return
        hours = range(self.first // BUCKETS_PER_HOUR, self.now // BUCKETS_PER_HOUR + 1)
        weights = [weight for hour in hours for weight in weights_of(hour)]
        if Measured.NO in self._measured:
            for at, measured in enumerate(self._measured):
                if measured == Measured.NO:
                    weights[at] = 0.0
        self._weights = list(accumulate(weights, initial=0.0))
        times = factors(self.first, self.first + len(weights))
        self._planned = list(accumulate(map(mul, weights, times), initial=0.0)) if times else None

    def hour(self, hour: int) -> tuple[list[int], int, int] | None:
        """(negatives of each fully measured bucket, their mentions, how many), None if forgotten.

        Hours are numbered from the epoch.
        """
        at = hour * BUCKETS_PER_HOUR - self.first
        if at < 0:
            return None
        negatives, mentions = [], 0
        for i in range(at, at + BUCKETS_PER_HOUR):
            if self._measured[i] == Measured.FULLY:
                negatives.append(self._negative[i + 1] - self._negative[i])
                mentions += self._mentions[i + 1] - self._mentions[i]
        return negatives, mentions, len(negatives)

    def state(self) -> dict[str, Any]:
        """As JSON: runs of how buckets were measured, and all counts packed; small at any rate."""
        mentions, negative = _counts(self._mentions), _counts(self._negative)
        most = max(max(mentions), max(negative))
        width, letter = next(w for w in _WIDTHS if most < 256 ** w[0] or w[0] == 8)
        numbers = struct.pack(f"<{2 * len(mentions)}{letter}", *mentions, *negative)
        planes = b"".join(numbers[i::width] for i in range(width))  # high bytes repeat
        runs = [[kind, len(list(run))] for kind, run in groupby(self._measured)]
        return {
            "first": self.first,
            "measured": runs,
            "width": width,
            "counts": b64encode(zlib.compress(planes, 6)).decode("ascii"),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Recent":
        recent = cls(state["first"])
        recent._measured = bytearray()
        for kind, length in state["measured"]:
            recent._measured += bytes([kind]) * length
        buckets, width = len(recent._measured), state["width"]
        planes = zlib.decompress(b64decode(state["counts"]))
        numbers = bytearray(len(planes))
        for i in range(width):
            numbers[i::width] = planes[i * 2 * buckets : (i + 1) * 2 * buckets]
        counts = struct.unpack(f"<{2 * buckets}{dict(_WIDTHS)[width]}", numbers)
        recent._mentions = list(accumulate(counts[:buckets], initial=0))
        recent._negative = list(accumulate(counts[buckets:], initial=0))
        return recent


def _raise(sums: list[int], at: int, by: int) -> None:
    """Add to one bucket of running sums, never below nothing."""
    by = max(by, sums[at] - sums[at + 1])
    if by:
        for i in range(at + 1, len(sums)):
            sums[i] += by


def _between(sums: list[float], until: int, buckets: int) -> float:
    return sums[until] - sums[max(until - buckets, 0)]


def _counts(sums: list[int]) -> list[int]:
    return [after - before for before, after in pairwise(sums)]
