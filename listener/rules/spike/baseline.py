"""What is usual for a brand: its level, its hours and days, its negative share, its noise."""

import struct
from base64 import b64decode, b64encode
from math import sqrt
from typing import Any

from listener.rules.spike.noise import NUMBERS, Noise
from listener.rules.spike.settings import BUCKETS_PER_HOUR

_NUMBERS = 4 + 2 * 24 + 2 * 7 + NUMBERS  # that are kept
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday

_KEEP_LEVEL = 0.5 ** (1 / (14 * 24))  # per hour: half-life 14 days
_KEEP_HOUR = 0.5 ** (1 / 21)  # per visit, one a day: 21 days
_KEEP_DAY = 0.5 ** (1 / (6 * 24))  # per visit, 24 a week: 6 weeks
_KEEP_SHARE = 0.5 ** (1 / (21 * 24))

_PRIOR_COUNT, _PRIOR_HOURS = 0.5, 0.5  # a first guess of one an hour that one day outweighs
_PRIOR_SHARE, _PRIOR_MENTIONS = 0.25, 4.0
_SHARE_BOUNDS = (0.01, 0.98)
_AFTER_CENTRE = [(at + 0.5) / BUCKETS_PER_HOUR for at in range(BUCKETS_PER_HOUR // 2)]
_BEFORE_CENTRE = _AFTER_CENTRE[::-1]  # parts of an hour
_FIRST_HOURS = 24  # before these, too little is known to call an hour odd


class Baseline:
    """Expected negatives per hour = level x hour of day x day of week, gamma-Poisson.

    Learned from whole hours, each once and in order. Forgets by hours learned, not by the
    calendar: an outage takes nothing away. Times are hours and buckets since the epoch, in UTC.
    """

    def __init__(self) -> None:
        self.noise = Noise()
        self.hours_learned = 0
        self._count = self._exposure = 0.0
        self._hour_counts, self._hour_exposures = [0.0] * 24, [0.0] * 24
        self._day_counts, self._day_exposures = [0.0] * 7, [0.0] * 7
        self._negative = self._mentions = 0.0
        self._settle()

    def _settle(self) -> None:
        self.noise.settle()
        self.evidence = self._count + _PRIOR_COUNT  # negatives that the level rests on
        self.level = self.evidence / (self._exposure + _PRIOR_HOURS)
        level = self.level
        self._hours = _factors(self._hour_counts, self._hour_exposures, level, 6.0 + 2.0 * level)
        self._days = _factors(self._day_counts, self._day_exposures, level, 12.0 + 24.0 * level)
        share = (self._negative + _PRIOR_SHARE * _PRIOR_MENTIONS) / (
            self._mentions + _PRIOR_MENTIONS
        )
        self.share = min(max(share, _SHARE_BOUNDS[0]), _SHARE_BOUNDS[1])
        seen = self._mentions / (1.0 + self.noise.clumps) + _PRIOR_MENTIONS
        self.correlation = min(self.noise.rho + 1.0 / (seen + 1.0), 0.5)

    def weights(self, hour: int) -> list[float]:
        """Of an hour's twelve buckets: their parts of an hour of mean rate.

        Hours pass into each other evenly.
        """
        before, here = self._hours[(hour - 1) % 24], self._hours[hour % 24]
        after = self._hours[(hour + 1) % 24]
        part = self._days[_weekday(hour)] / BUCKETS_PER_HOUR
        base, down, up = here * part, (before - here) * part, (after - here) * part
        return [base + down * off for off in _BEFORE_CENTRE] + [
            base + up * off for off in _AFTER_CENTRE
        ]

    def bucket(self, bucket: int, factor: float, doubt: float) -> tuple[float, float]:
        """(expected negatives, their standard deviation) of one bucket."""
        hour, at = divmod(bucket, BUCKETS_PER_HOUR)
        mean = self.level * self.weights(hour)[at] * factor
        return mean, sqrt(self.variance(mean, 1.0 / BUCKETS_PER_HOUR, doubt))

    def variance(self, mean: float, hours: float, doubt: float) -> float:
        """Of a window's negatives; `doubt` is added to phi while a brand is new."""
        phi = self.noise.phi(hours) + doubt
        return mean * (1.0 + self.noise.clumps) + mean * mean * (phi + 1.0 / self.evidence)

    def given_others(
        self, mean: float, hours: float, doubt: float, *, others: int
    ) -> tuple[float, float]:
        """(mean, variance) of a window's negatives, given the mentions in it that are none.

        The intensity of a window is a gamma variable that negatives and others share: what it was
        is known the better, the more others came (gamma-Poisson conjugacy); clumped ones tell
        less. A viral surge thus raises the negatives that are expected.
        """
        clumps = 1.0 + self.noise.clumps
        known = 1.0 / (self.noise.phi(hours) + doubt)
        came = known + others / clumps
        mean *= came / (known + mean * (1.0 - self.share) / self.share / clumps)
        doubtful = 1.0 / came + 1.0 / self.evidence + self.noise.rho
        return mean, mean * clumps + mean * mean * doubtful

    def learn(
        self, hour: int, buckets: list[int], mentions: int,
        *, doubt: float, incident: bool, times: float = 1.0,
    ) -> None:  # fmt: skip
        """Learn an hour from the negatives of its measured buckets, of which it needs one.

        The count is capped at mean + 3 sd. An hour inside an incident counts at most its mean,
        and teaches neither noise nor share. One of an announced event, expected to hold so many
        `times` the usual, teaches as if divided by that, but no less than if there were no event;
        and no noise.
        """
        of_day, of_week = hour % 24, _weekday(hour)
        part = len(buckets) / BUCKETS_PER_HOUR
        factor = self._hours[of_day] * self._days[of_week] * part
        mean = self.level * factor
        negative = sum(buckets)
        ordinary = max(negative / times, min(negative, mean)) if times > 1.0 else negative
        counted = self._capped(ordinary, mean, doubt, incident)
        if not incident and times == 1.0 and self.hours_learned >= _FIRST_HOURS and part == 1.0:
            self.noise.learn_volume(negative, counted, mean)
            self.noise.learn_clumps(buckets)
            self.noise.learn_share(negative, mentions, self.share)
            self.noise.learn_day(of_day, counted, mean)
        if not incident:
            self._negative = self._negative * _KEEP_SHARE + min(negative, mentions)
            self._mentions = self._mentions * _KEEP_SHARE + mentions
        self._count = self._count * _KEEP_LEVEL + counted
        self._exposure = self._exposure * _KEEP_LEVEL + factor
        _add(self._hour_counts, of_day, counted, _KEEP_HOUR)
        _add(self._hour_exposures, of_day, self._days[of_week] * part, _KEEP_HOUR)
        _add(self._day_counts, of_week, counted, _KEEP_DAY)
        _add(self._day_exposures, of_week, self._hours[of_day] * part, _KEEP_DAY)
        self.hours_learned += 1
        self._settle()

    def _capped(self, negative: float, mean: float, doubt: float, incident: bool) -> float:
        if self.hours_learned < _FIRST_HOURS:
            return negative
        most = mean if incident else mean + 3.0 * sqrt(self.variance(mean, 1.0, doubt))
        return min(negative, most)

    def state(self) -> dict[str, Any]:
        numbers = struct.pack(f"<{_NUMBERS}d", *self._numbers)
        return {"hours_learned": self.hours_learned, "packed": b64encode(numbers).decode("ascii")}

    @property
    def _numbers(self) -> list[float]:
        return [
            self._count, self._exposure, self._negative, self._mentions,
            *self._hour_counts, *self._hour_exposures, *self._day_counts, *self._day_exposures,
            *self.noise.numbers,
        ]  # fmt: skip

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Baseline":
        baseline = cls.__new__(cls)
        baseline.hours_learned = state["hours_learned"]
        n = list(struct.unpack(f"<{_NUMBERS}d", b64decode(state["packed"])))
        baseline._count, baseline._exposure, baseline._negative, baseline._mentions = n[:4]
        baseline._hour_counts, baseline._hour_exposures = n[4:28], n[28:52]
        baseline._day_counts, baseline._day_exposures = n[52:59], n[59:66]
        baseline.noise = Noise(n[66:])
        baseline._settle()
        return baseline


def _weekday(hour: int) -> int:
    return (hour // 24 + _EPOCH_WEEKDAY) % 7


def _factors(
    counts: list[float], exposures: list[float], level: float, shrink: float
) -> list[float]:
    """Observed to expected, drawn to 1 by `shrink` counts; their mean is 1."""
    factors = [
        (count + shrink) / (exposure * level + shrink)
        for count, exposure in zip(counts, exposures, strict=True)
    ]
    mean = sum(factors) / len(factors)
    return [factor / mean for factor in factors]


def _add(sums: list[float], at: int, value: float, keep: float) -> None:
    sums[at] = sums[at] * keep + value
