"""What is usual for a brand: its level, its hours and days, its negative share, its noise."""

from math import sqrt
from typing import Any

from listener.rules.spike.noise import Noise
from listener.rules.spike.settings import BUCKETS_PER_HOUR

_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday

_KEEP_LEVEL = 0.5 ** (1 / (14 * 24))  # per hour: half-life 14 days
_KEEP_HOUR = 0.5 ** (1 / 21)  # per visit, one a day: 21 days
_KEEP_DAY = 0.5 ** (1 / (6 * 24))  # per visit, 24 a week: 6 weeks
_KEEP_SHARE = 0.5 ** (1 / (21 * 24))

_PRIOR_COUNT, _PRIOR_HOURS = 0.5, 0.5  # a first guess of one an hour that one day outweighs
_PRIOR_SHARE, _PRIOR_MENTIONS = 0.25, 4.0
_SHARE_BOUNDS = (0.01, 0.98)
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

    def weight(self, bucket: int) -> float:
        """The bucket's part of an hour of mean rate; hours pass into each other evenly."""
        hour, at = divmod(bucket, BUCKETS_PER_HOUR)
        off_centre = (at + 0.5) / BUCKETS_PER_HOUR - 0.5
        neighbour = self._hours[(hour + (1 if off_centre > 0 else -1)) % 24]
        here = self._hours[hour % 24]
        smooth = here + (neighbour - here) * abs(off_centre)
        return smooth * self._days[_weekday(hour)] / BUCKETS_PER_HOUR

    def variance(self, mean: float, hours: float, doubt: float) -> float:
        """Of a window's negatives; `doubt` is added to phi while a brand is new."""
        phi = self.noise.phi(hours) + doubt
        return mean * (1.0 + self.noise.clumps) + mean * mean * (phi + 1.0 / self.evidence)

    def learn(
        self, hour: int, buckets: list[int], mentions: int, *, doubt: float, incident: bool
    ) -> None:
        """Learn an hour from the negatives of its measured buckets, of which it needs one.

        The count is capped at mean + 3 sd. An hour inside an incident counts at most its mean,
        and teaches neither noise nor share.
        """
        of_day, of_week = hour % 24, _weekday(hour)
        part = len(buckets) / BUCKETS_PER_HOUR
        factor = self._hours[of_day] * self._days[of_week] * part
        mean = self.level * factor
        negative = sum(buckets)
        counted = self._capped(negative, mean, doubt, incident)
        if not incident and self.hours_learned >= _FIRST_HOURS and part == 1.0:
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

    def _capped(self, negative: int, mean: float, doubt: float, incident: bool) -> float:
        if self.hours_learned < _FIRST_HOURS:
            return negative
        most = mean if incident else mean + 3.0 * sqrt(self.variance(mean, 1.0, doubt))
        return min(negative, most)

    def state(self) -> dict[str, Any]:
        return {
            "noise": self.noise.state(),
            "hours_learned": self.hours_learned,
            "level": [self._count, self._exposure],
            "hours": [self._hour_counts[:], self._hour_exposures[:]],
            "days": [self._day_counts[:], self._day_exposures[:]],
            "share": [self._negative, self._mentions],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Baseline":
        baseline = cls()
        baseline.noise = Noise.from_state(state["noise"])
        baseline.hours_learned = state["hours_learned"]
        baseline._count, baseline._exposure = state["level"]
        baseline._hour_counts, baseline._hour_exposures = map(list, state["hours"])
        baseline._day_counts, baseline._day_exposures = map(list, state["days"])
        baseline._negative, baseline._mentions = state["share"]
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
