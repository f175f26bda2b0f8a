"""What a window shows: is it more than usual, and more negative than usual, beyond chance?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from listener.rules.spike.baseline import Baseline
from listener.rules.spike.events import doubt_of
from listener.rules.spike.recent import Recent
from listener.rules.spike.settings import WINDOWS, Thresholds, Window
from listener.rules.spike.tails import both, share_tail, volume_tail

SEVERITIES = ("watch", "high", "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One window that is an alarm."""

    window: Window
    end: int  # the last bucket of the window
    mentions: int
    negative: int
    expected: float
    usual_share: float
    p_volume: float
    p_share: float
    p_given_others: float  # of the negatives, given how many others came in the same window
    expected_usual: float | None = None  # without the event that the window touches

    @property
    def lift(self) -> float:
        return self.negative / self.expected

    @property
    def share(self) -> float:
        return self.negative / self.mentions

    @property
    def p_value(self) -> float:
        """The geometric mean of two p-values for the same thing, which is held against the bound.

        Volume and share together (Fisher) are too sure where one cause moves both; the negatives
        given the others are too timid where few others come. Their geometric mean is within a
        factor e of a p-value however they depend on each other (Vovk and Wang, Biometrika 2020),
        and errs alike at every rate.
        """
        return sqrt(both(self.p_volume, self.p_share) * self.p_given_others)

    @property
    def excess_per_hour(self) -> float:
        """Negatives beyond the usual; five in five minutes are five in an hour, not sixty."""
        return (self.negative - self.expected) / max(self.window.hours, 1.0)

    @property
    def rank(self) -> int:
        """0 watch, 1 high, 2 critical; a day's window is never more than watch."""
        if self.window.hours >= 24 or self.lift < 5 or self.excess_per_hour < 12:
            return 0
        if self.lift < 15 or self.excess_per_hour < 40 or self.p_value >= 1e-9:
            return 1
        return 2

    @property
    def severity(self) -> str:
        return SEVERITIES[self.rank]


def _within(buckets: int) -> Sequence[Window]:
    """The windows that fit into so many buckets; the last one may be cut to fit."""
    if buckets >= WINDOWS[-1].buckets:
        return WINDOWS
    fitting = [window for window in WINDOWS if window.buckets <= buckets]
    longest = fitting[-1].buckets if fitting else 0
    if longest < buckets and len(fitting) < len(WINDOWS):
        fitting.append(replace(WINDOWS[len(fitting)], buckets=buckets))
    return fitting


class Look:
    """Tests every window that ends with one bucket."""

    def __init__(
        self, recent: Recent, baseline: Baseline, thresholds: Thresholds, doubt: float
    ) -> None:
        self._recent = recent
        self._baseline = baseline
        self._thresholds = thresholds
        self._doubt = doubt

    def at(self, end: int, after: int) -> Evidence | None:
        """The gravest alarm among the windows, then the least likely, then the shortest.

        No window reaches back to the bucket `after`, or beyond it: the first that would is cut
        short, longer ones are left out.
        """
        found = []
        for window in reversed(_within(end - after)):
            mentions, negative = self._recent.counts(end, window.buckets)
            if negative < self._thresholds.at_least:
                break  # shorter ones hold no more
            evidence = self._test(window, end, mentions, negative)
            if evidence is not None and self._recent.planned(end, window.buckets) is not None:
                evidence = self._beyond_event(evidence)
            if evidence is not None:
                found.append(evidence)
        return max(found, key=lambda e: (e.rank, -e.p_value, -e.window.buckets), default=None)

    def _test(self, window: Window, end: int, mentions: int, negative: int) -> Evidence | None:
        limits, usual = self._thresholds, self._baseline.share
        expected = self._baseline.level * self._recent.exposure(end, window.buckets)
        if negative < limits.lift * expected:
            return None
        if usual >= limits.crowded_share:
            return self._test_crowded(window, end, max(mentions, negative), negative, expected)
        others = max(mentions - negative, 0)
        if negative * (1.0 - usual) < limits.odds * usual * others:
            return None
        if not self._turned(negative, others, expected) or not self._still_coming(window, end):
            return None
        p_volume = self._p_volume(negative, expected, window, limits.volume)
        if p_volume >= limits.volume:
            return None
        p_share = self._p_share(negative, negative + others)
        enough = limits.share if negative < limits.flood_lift * expected else limits.flood_share
        if p_share >= enough:
            return None
        return self._if_rare(window, end, negative + others, negative, expected, p_volume, p_share)

    def _if_rare(
        self, window: Window, end: int, mentions: int, negative: int, expected: float,
        p_volume: float, p_share: float,
    ) -> Evidence | None:  # fmt: skip
        given = self._baseline.given_others(
            expected, window.hours, self._doubt, others=mentions - negative
        )
        evidence = Evidence(
            window=window, end=end, mentions=mentions, negative=negative,
            expected=expected, usual_share=self._baseline.share,
            p_volume=p_volume, p_share=p_share,
            p_given_others=volume_tail(negative, *given),
        )  # fmt: skip
        return evidence if self._is_rare(evidence) else None

    def _is_rare(self, evidence: Evidence) -> bool:
        return evidence.p_value < self._thresholds.combined * evidence.window.budget

    def _beyond_event(self, alarm: Evidence) -> Evidence | None:
        """The same alarm against what an announced event lets expect; None if that explains it."""
        limits, window = self._thresholds, alarm.window
        planned = self._recent.planned(alarm.end, window.buckets)
        assert planned is not None, "an event is kept"
        expected = self._baseline.level * planned
        if expected <= alarm.expected * (1.0 + 1e-9):
            return alarm
        crowded = alarm.usual_share >= limits.crowded_share
        lift = limits.crowded_lift if crowded else limits.lift
        least = limits.crowded_volume if crowded else limits.volume
        doubt = self._doubt + doubt_of(expected / alarm.expected)
        variance = self._baseline.variance(expected, window.hours, doubt)
        p_volume = max(volume_tail(alarm.negative, expected, variance), alarm.p_volume)
        beyond = replace(alarm, expected=expected, expected_usual=alarm.expected, p_volume=p_volume)
        rare = p_volume < least and self._is_rare(beyond)
        return beyond if alarm.negative >= lift * expected and rare else None

    def _test_crowded(
        self, window: Window, end: int, mentions: int, negative: int, expected: float
    ) -> Evidence | None:
        """Where most mentions are negative on any day: volume, and the share so far as it goes."""
        limits = self._thresholds
        if negative < limits.crowded_lift * expected or not self._still_coming(window, end):
            return None
        p_volume = self._p_volume(negative, expected, window, limits.crowded_volume)
        if p_volume >= limits.crowded_volume:
            return None
        p_share = self._p_share(negative, mentions)
        if p_share >= limits.crowded_p_share:
            return None
        return self._if_rare(window, end, mentions, negative, expected, p_volume, p_share)

    def _p_volume(self, negative: int, expected: float, window: Window, enough: float) -> float:
        """P(>= negative); 1 without asking further where it cannot be below `enough`."""
        variance = self._baseline.variance(expected, window.hours, self._doubt)
        if (negative - expected) ** 2 < variance * _NEAR:
            return 1.0
        return volume_tail(negative, expected, variance)

    def _p_share(self, negative: int, mentions: int) -> float:
        correlation = self._baseline.correlation + self._baseline.noise.clumps / mentions
        return share_tail(negative, mentions, self._baseline.share, min(correlation, 0.5))

    def _turned(self, negative: int, others: int, expected: float) -> bool:
        """What came beyond the usual is more negative than the usual: a viral surge is not."""
        usual = self._baseline.share
        beyond = negative - expected
        others_beyond = max(others - expected * (1.0 - usual) / usual, 0.0)
        least = usual + self._thresholds.excess_share * (1.0 - usual)
        return beyond >= least * (beyond + others_beyond)

    def _still_coming(self, window: Window, end: int) -> bool:
        """A long window stays high for hours after the trouble is over; its last part tells."""
        if not window.fresh:
            return True
        negative = self._recent.negative(end, window.fresh)
        expected = self._baseline.level * self._recent.exposure(end, window.fresh)
        return negative >= max(1.0, self._thresholds.fresh_lift * expected)


_NEAR = 2.25  # squared sd: what lies within one and a half is never as rare as the bounds ask
