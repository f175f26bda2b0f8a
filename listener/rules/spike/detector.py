"""The detector of one subject: fed bucket by bucket, it says whether an alert is on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from listener.rules.spike.baseline import Baseline
from listener.rules.spike.events import Events, doubt_of
from listener.rules.spike.evidence import Evidence, Look
from listener.rules.spike.recent import Measured, Recent
from listener.rules.spike.settings import (
    BUCKET_MINUTES,
    BUCKETS_PER_DAY,
    BUCKETS_PER_HOUR,
    FIRST_BUCKETS,
    GUARD_HOURS,
    LATE_BUCKETS,
    LEARNING_DAYS,
    NEW_NORMAL_BUCKETS,
    QUIET_BUCKETS,
    WAIT_AFTER_OUTAGE,
    WINDOWS,
    thresholds_of,
)

_BUCKET_SECONDS = BUCKET_MINUTES * 60
_DOUBT = 0.3  # added to phi on the first day, half on the second, and so on to LEARNING_DAYS
_STATE_VERSION = 3


class Detector:
    """Says whether negatives about one subject come in unusual number *and* unusual share.

    Feed it every five-minute bucket in order, copies already folded. It keeps a day of counts and
    a baseline that it learns by itself. History begins with the first call of `observe` or `skip`.

    It does not know authors, clusters of copies, channels or incidents: gates on those, muting,
    and reopening belong to the rule around it.
    """

    def __init__(self, sensitivity: str = "balanced") -> None:
        self._thresholds = thresholds_of(sensitivity)
        self.sensitivity = str(sensitivity)
        self._baseline = Baseline()
        self._events = Events()
        self._recent: Recent | None = None
        self._measured = 0  # buckets of history
        self._wait_until = -1  # last bucket of the wait after an outage
        self._incident_hours: set[int] = set()  # not taught yet, or taught as ordinary at most
        self._alerting = self._firing = False
        self._opened = self._fired = -1  # buckets
        self._ended = -1  # the last bucket of an alert that is over: what it held is told
        self._quiet = 0  # measured buckets since the alert last fired
        self._last: dict[str, Any] | None = None

    # What to feed it

    def observe(self, start: datetime, mentions: int, negative: int) -> bool:
        """Add to the bucket of `start` and say whether an alert is on.

        The same `start` again adds to the bucket that is open, an earlier one to a bucket that
        was, as long as it is kept (a day): later than that nothing changes. Counts below zero
        take back what was counted before, down to nothing. Buckets left out since the last call
        are empty ones, as if by `skip`.
        """
        bucket = _bucket_of(start)
        recent = self._begin(bucket)
        late = bucket < recent.now
        if not late:
            self._advance(recent, bucket)
        if not recent.add(bucket, mentions, negative):
            return self._alerting
        if late and negative > 0 and self._is_news(recent, bucket):
            self._look(recent, bucket)
            if self._firing:
                return self._alerting
        self._look(recent, recent.now)
        return self._alerting

    def put(self, start: datetime, mentions: int, negative: int) -> bool:
        """The bucket of `start` holds so many in all; else as `observe`."""
        had = self._recent.holds(_bucket_of(start)) if self._recent is not None else (0, 0)
        return self.observe(start, mentions - had[0], negative - had[1])

    def expect(self, since: datetime, until: datetime, factor: float) -> None:
        """A known event: from `since` up to `until` `factor` times as many mentions are usual.

        What is counted then teaches as if divided by it. It is forgotten when past; the same span
        again replaces it, with a factor of 1 withdraws it. Of two that overlap the larger counts.
        ValueError for a factor below 1, and for a span that ends before it begins.
        """
        self._events.expect(_bucket_of(since), _bucket_of(until), factor)
        if self._recent is not None:
            self._recent.forget_weights()

    def no_data(self, start: datetime) -> None:
        """The bucket was not measured: it is no zero, nothing is learned from it.

        One that has mentions, or gets some later, is looked at but teaches nothing.
        """
        if self._recent is None:
            return
        bucket, recent = _bucket_of(start), self._recent
        if bucket > recent.now:
            self._advance(recent, bucket - 1)
            self._open_bucket(recent, Measured.NO)
        elif recent.mark_unmeasured(bucket) is not Measured.NO:
            return
        self._wait_until = max(self._wait_until, bucket + WAIT_AFTER_OUTAGE)
        self._firing = False

    def skip(self, start: datetime, until: datetime) -> bool:
        """Advance over measured, empty buckets, `until` excluded; says whether an alert is on."""
        first, last = _bucket_of(start), _bucket_of(until) - 1
        if last >= first:
            self._advance(self._begin(first), last)
            if self._recent is not None:
                self._look(self._recent, self._recent.now)
        return self._alerting

    # What it knows

    @property
    def last(self) -> dict[str, Any] | None:
        """Evidence of the latest alarm, renewed whenever the alert fires again."""
        return dict(self._last) if self._last is not None else None

    @property
    def alerting(self) -> bool:
        """An alert is on: it has fired, and 60 quiet measured minutes have not passed since."""
        return self._alerting

    @property
    def firing_now(self) -> bool:
        """The newest evaluation was an alarm by itself."""
        return self._firing

    @property
    def quiet_since(self) -> datetime | None:
        """While an alert is on but no longer fires: the end of the bucket that fired last."""
        if not self._alerting or self._firing:
            return None
        return _time_of(self._fired + 1)

    @property
    def learning(self) -> bool:
        """There is less than two weeks of history."""
        return self._days < LEARNING_DAYS

    @property
    def _days(self) -> float:
        return self._measured / BUCKETS_PER_DAY

    @property
    def _doubt(self) -> float:
        return _DOUBT * max(0.0, 1.0 / max(self._days, 1.0) - 1.0 / LEARNING_DAYS)

    def typical(self, start: datetime) -> tuple[float, float] | None:
        """Of the bucket of `start`, past or to come, with its events: (negatives expected, mean
        + 3 sd); None while nothing is known.
        """
        if not self._baseline.hours_learned:
            return None
        bucket = _bucket_of(start)
        factor = self._events.factor(bucket)
        mean, sd = self._baseline.bucket(bucket, factor, self._doubt + doubt_of(factor))
        return mean, mean + 3.0 * sd

    # How time passes

    def _begin(self, bucket: int) -> Recent:
        if self._recent is None:
            self._recent = Recent(bucket)
            self._measured = 1
        return self._recent

    def _advance(self, recent: Recent, bucket: int) -> None:
        """Close the open bucket and all up to `bucket`, which is the open one afterwards."""
        while recent.now < bucket:
            whole_hour = recent.now % BUCKETS_PER_HOUR == BUCKETS_PER_HOUR - 1
            if whole_hour and recent.now + BUCKETS_PER_HOUR <= bucket and self._at_rest(recent):
                recent.append_empty_hour()
                self._measured += 1
                self._turn_hour(recent)
                self._measured += BUCKETS_PER_HOUR - 1
            else:
                self._open_bucket(recent, Measured.FULLY)
                if recent.now < bucket:
                    self._look(recent, recent.now)

    def _at_rest(self, recent: Recent) -> bool:
        """Nothing can fire or resolve while only empty buckets come."""
        longest = WINDOWS[-1].buckets
        few = recent.negative(recent.now, longest) < self._thresholds.at_least
        return few and not self._alerting

    def _open_bucket(self, recent: Recent, measured: Measured) -> None:
        recent.append(measured)
        if measured is Measured.FULLY:
            self._measured += 1
            self._quiet += self._alerting
        if recent.now % BUCKETS_PER_HOUR == 0:
            self._turn_hour(recent)

    def _turn_hour(self, recent: Recent) -> None:
        """Learn the hour that has just become old enough, and forget what no window reaches."""
        hour = recent.now // BUCKETS_PER_HOUR - GUARD_HOURS - 1
        counts = recent.hour(hour)
        incident = hour in self._incident_hours
        self._incident_hours.discard(hour)
        if counts is not None and counts[2]:
            buckets, mentions, _ = counts
            middle = hour * BUCKETS_PER_HOUR + BUCKETS_PER_HOUR // 2
            self._baseline.learn(
                hour, buckets, mentions,
                doubt=self._doubt, incident=incident, times=self._events.factor(middle),
            )  # fmt: skip
        recent.forget()
        self._events.forget(recent.first)

    # How an alert lives

    def _is_news(self, recent: Recent, bucket: int) -> bool:
        """Late mentions may raise an alarm for their own time, but not one that is over."""
        return bucket > self._fired and recent.now - bucket <= LATE_BUCKETS

    def _look(self, recent: Recent, end: int) -> None:
        evidence = self._evidence(recent, end)
        self._firing = evidence is not None
        if evidence is not None:
            self._fire(recent, evidence)
        elif self._alerting and self._quiet > QUIET_BUCKETS:
            self._alerting = False
            self._ended = self._fired

    def _evidence(self, recent: Recent, end: int) -> Evidence | None:
        if recent.negative(end, WINDOWS[-1].buckets) < self._thresholds.at_least:
            return None
        if self._measured <= FIRST_BUCKETS or recent.now <= self._wait_until:
            return None
        recent.weigh(self._baseline.weights, self._events.factors)
        look = Look(recent, self._baseline, self._thresholds, self._doubt)
        return look.at(end, after=self._ended)

    def _fire(self, recent: Recent, evidence: Evidence) -> None:
        if not self._alerting:
            self._alerting, self._opened = True, recent.now
        self._fired, self._quiet = recent.now, 0
        first = evidence.end - evidence.window.buckets + 1
        if recent.now - self._opened < NEW_NORMAL_BUCKETS:
            hours = range(first // BUCKETS_PER_HOUR, recent.now // BUCKETS_PER_HOUR + 1)
            oldest = recent.now // BUCKETS_PER_HOUR - GUARD_HOURS
            self._incident_hours.update(hour for hour in hours if hour >= oldest)
        self._last = {
            "at": _iso(recent.now),
            "opened_at": _iso(self._opened),
            "started_at": _iso(first),
            "window_minutes": evidence.window.buckets * BUCKET_MINUTES,
            "mentions": evidence.mentions,
            "negative": evidence.negative,
            "expected": evidence.expected,
            "lift": evidence.lift,
            "excess_per_hour": evidence.excess_per_hour,
            "share": evidence.share,
            "usual_share": evidence.usual_share,
            "p_value": evidence.p_value,
            "p_volume": evidence.p_volume,
            "p_share": evidence.p_share,
            "p_given_others": evidence.p_given_others,
            "severity": evidence.severity,
            "learning": self.learning,
        }
        if evidence.expected_usual is not None:
            self._last |= {"expected_usual": evidence.expected_usual, "event": True}

    # How it is kept

    def state(self) -> dict[str, Any]:
        """Everything it remembers, as JSON; some kilobytes."""
        return {
            "version": _STATE_VERSION,
            "sensitivity": self.sensitivity,
            "recent": self._recent.state() if self._recent is not None else None,
            "baseline": self._baseline.state(),
            "events": self._events.state(),
            "measured": self._measured,
            "wait_until": self._wait_until,
            "incident_hours": sorted(self._incident_hours),
            "alerting": self._alerting,
            "firing": self._firing,
            "opened": self._opened,
            "fired": self._fired,
            "ended": self._ended,
            "quiet": self._quiet,
            "last": self.last,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Detector":
        """A detector that goes on exactly where the saved one stopped."""
        if state.get("version") != _STATE_VERSION:
            raise ValueError(f"a spike detector's state of version {state.get('version')!r}")
        detector = cls(state["sensitivity"])
        if state["recent"] is not None:
            detector._recent = Recent.from_state(state["recent"])
        detector._baseline = Baseline.from_state(state["baseline"])
        detector._events = Events.from_state(state["events"])
        detector._measured = state["measured"]
        detector._wait_until = state["wait_until"]
        detector._incident_hours = set(state["incident_hours"])
        detector._alerting, detector._firing = state["alerting"], state["firing"]
        detector._opened, detector._fired = state["opened"], state["fired"]
        detector._ended = state["ended"]
        detector._quiet = state["quiet"]
        detector._last = dict(state["last"]) if state["last"] is not None else None
        return detector


def _bucket_of(start: datetime) -> int:
    """The number of the bucket since the epoch; a time within it is taken down to its start."""
    if start.tzinfo is None:
        raise ValueError(f"a time without a zone: {start.isoformat()}")
    return int(start.timestamp() // _BUCKET_SECONDS)


def _time_of(bucket: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=bucket * BUCKET_MINUTES)


def _iso(bucket: int) -> str:
    return _time_of(bucket).strftime("%Y-%m-%dT%H:%M:%SZ")
