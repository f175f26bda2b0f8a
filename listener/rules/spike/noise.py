"""How unevenly a brand's mentions come: learned by the method of moments, and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

NUMBERS = 13  # that are kept of it
_FORGET_HOUR = 0.5 ** (1 / (28 * 24))  # half of what is known is 28 days old
_FORGET_DAY = 0.5 ** (1 / 28)

_PHI = (0.01, 1.0)
_RHO = (0.002, 0.08)
_CLUMPS = (0.0, 3.0)
_USUAL_PHI, _USUAL_RHO, _USUAL_CLUMPS = 0.15, 0.015, 0.3  # of a brand we know nothing of
_PRIOR_HOURS, _PRIOR_DAYS, _PRIOR_NEGATIVES = 24.0, 7.0, 20.0
_CASCADE = 12.0  # reposts in an hour
_SHARE_SCALE = 0.02  # mentions beyond 1/0.02 in an hour tell little more of rho


@dataclass(slots=True)
class Moment:
    """A ratio of two decaying sums that starts from what is usual elsewhere."""

    top: float
    bottom: float
    prior_top: float
    prior_bottom: float

    @classmethod
    def of(cls, usual: float, weight: float) -> "Moment":
        return cls(0.0, 0.0, usual * weight, weight)

    def learn(self, top: float, bottom: float, keep: float) -> None:
        self.top = self.top * keep + top
        self.bottom = self.bottom * keep + bottom

    def within(self, bounds: tuple[float, float]) -> float:
        value = (self.top + self.prior_top) / (self.bottom + self.prior_bottom)
        return min(max(value, bounds[0]), bounds[1])


class Noise:
    """Three numbers: clumping by reposts, the intensity's own noise, and the share's.

    A count of mean mu has the variance mu (1 + clumps) + phi mu^2; a share among n mentions has
    that of a beta-binomial with correlation rho. phi is known for an hour and for a day: noise
    that comes and goes within hours averages out over a day. The bounds keep one odd week from
    blinding, or from frightening, the detector.
    """

    def __init__(self, numbers: Sequence[float] = ()) -> None:
        self._clumps = Moment.of(_USUAL_CLUMPS, _PRIOR_NEGATIVES)
        self._quarter_clumps = Moment.of(_USUAL_CLUMPS, _PRIOR_NEGATIVES)
        self._phi_hour = Moment.of(_USUAL_PHI, _PRIOR_HOURS)
        self._phi_day = Moment.of(_USUAL_PHI / 2, _PRIOR_DAYS)
        self._rho = Moment.of(_USUAL_RHO, _PRIOR_HOURS / _SHARE_SCALE**2 / 4)
        self._day = [0.0, 0.0, 0.0]  # hours, negatives and expected ones of the day so far
        if numbers:
            for moment, top, bottom in zip(
                self._moments, numbers[:10:2], numbers[1:10:2], strict=True
            ):
                moment.top, moment.bottom = top, bottom
            self._day = list(numbers[10:])
        self.settle()

    def settle(self) -> None:
        """Take what was learned into use."""
        self.clumps = max(self._clumps.within(_CLUMPS), self._quarter_clumps.within(_CLUMPS))
        self.phi_hour = self._phi_hour.within(_PHI)
        self.phi_day = min(self._phi_day.within(_PHI), self.phi_hour)
        self.rho = self._rho.within(_RHO)

    def phi(self, hours: float) -> float:
        """Of a window: the hour's up to one hour, the day's at a day, evenly between in log."""
        if hours <= 1.0:
            return self.phi_hour
        towards_day = min(log(hours) / log(24.0), 1.0)
        return float(self.phi_hour * (self.phi_day / self.phi_hour) ** towards_day)

    def learn_volume(self, negative: int, capped: float, expected: float) -> None:
        """From an hour's negatives, the same capped, and those that were expected of it.

        Where few are expected the excess is clumps, where many are it is phi; the two cannot be
        told apart where all hours are alike, and then clumps get it. Clumps are learned
        from more than the capped count: a quiet brand's one cascade of reposts is all there is
        to know them by.
        """
        weight = 1.0 / (1.0 + expected) ** 2
        square = expected * expected
        off = min(negative, max(capped, expected + _CASCADE)) - expected
        excess = off * off - expected - min(self.phi_hour, _USUAL_PHI) * square
        self._clumps.learn(excess * weight, expected * weight, _FORGET_HOUR)
        excess = (capped - expected) ** 2 - expected * (1.0 + self.clumps)
        self._phi_hour.learn(excess * weight, square * weight, _FORGET_HOUR)

    def learn_clumps(self, buckets: list[int]) -> None:
        """From a whole hour's buckets: its quarters differ by chance, and by clumps.

        A busy brand has no hours in which few are expected, but its quarters of an hour show
        cascades all the same.
        """
        quarters = [sum(buckets[i : i + 3]) for i in range(0, len(buckets), 3)]
        total = sum(quarters)
        if not total:
            return
        mean = total / len(quarters)
        most = (_CASCADE + 3.0 * sqrt(mean)) ** 2
        squares = sum(min((k - mean) ** 2, most) for k in quarters)
        squares *= len(quarters) / (len(quarters) - 1)
        self._quarter_clumps.learn((squares - total) / total, 1.0, _FORGET_HOUR)

    def learn_share(self, negative: int, mentions: int, usual: float) -> None:
        if mentions < 2:
            return
        weight = 1.0 / (1.0 + mentions * _SHARE_SCALE) ** 2
        chance = usual * (1.0 - usual)
        most = 3.0 * sqrt(chance * self._share_spread(mentions))
        off = min(abs(negative - mentions * usual), most)
        excess = off * off / chance - mentions * (1.0 + self.clumps)
        self._rho.learn(excess * weight, mentions * (mentions - 1) * weight, _FORGET_HOUR)

    def _share_spread(self, mentions: int) -> float:
        """Variance of the negatives among so many, in units of usual (1 - usual)."""
        return mentions * (1.0 + self.clumps + (mentions - 1) * self.rho)

    def learn_day(self, hour_of_day: int, negative: float, expected: float) -> None:
        """Add an ordinary hour to its day; a day that ends whole teaches the noise of days."""
        if hour_of_day == 0:
            self._day = [0.0, 0.0, 0.0]
        self._day = [self._day[0] + 1, self._day[1] + negative, self._day[2] + expected]
        hours, counted, mean = self._day
        if hour_of_day == 23 and hours == 24:
            weight = 1.0 / (1.0 + mean) ** 2
            excess = (counted - mean) ** 2 - mean * (1.0 + self.clumps)
            self._phi_day.learn(excess * weight, mean * mean * weight, _FORGET_DAY)

    @property
    def _moments(self) -> tuple[Moment, ...]:
        return self._clumps, self._quarter_clumps, self._phi_hour, self._phi_day, self._rho

    @property
    def numbers(self) -> list[float]:
        """What is to be kept."""
        return [n for m in self._moments for n in (m.top, m.bottom)] + self._day
