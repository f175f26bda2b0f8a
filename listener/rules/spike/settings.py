"""What the spike detector is set to: windows, bounds, memory, and three sensitivities."""

from dataclasses import dataclass
from enum import StrEnum

BUCKET_MINUTES = 5
BUCKETS_PER_HOUR = 12
BUCKETS_PER_DAY = 288

GUARD_HOURS = 7  # younger hours do not teach: late mentions settle, a crisis shows itself
QUIET_BUCKETS = 12  # so many measured ones without firing end an alert
WAIT_AFTER_OUTAGE = 3  # buckets; a collector that comes back brings a backlog first
LATE_BUCKETS = 6 * BUCKETS_PER_HOUR  # windows that ended longer ago no longer raise an alarm
NEW_NORMAL_BUCKETS = BUCKETS_PER_DAY  # what lasts longer than this is taught as the usual
FIRST_BUCKETS = BUCKETS_PER_DAY  # no alarm before so much history
LEARNING_DAYS = 14.0


class Sensitivity(StrEnum):
    """How readily to speak: fewer false alarms, or fewer missed crises."""

    CALM = "calm"
    BALANCED = "balanced"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span that ends now, and how much of the alarm budget it gets."""

    buckets: int
    budget: float  # short windows are looked at afresh more often, so each gets less
    fresh: int  # the last so many buckets must be high too, or the trouble is over

    @property
    def hours(self) -> float:
        return self.buckets / BUCKETS_PER_HOUR


WINDOWS = (
    Window(buckets=1, budget=0.03, fresh=0),
    Window(buckets=3, budget=0.5, fresh=0),
    Window(buckets=6, budget=0.8, fresh=0),
    Window(buckets=9, budget=0.8, fresh=0),
    Window(buckets=12, budget=1.0, fresh=0),
    Window(buckets=18, budget=1.0, fresh=6),
    Window(buckets=24, budget=1.0, fresh=6),
    Window(buckets=36, budget=1.0, fresh=12),
    Window(buckets=72, budget=1.0, fresh=12),
    Window(buckets=288, budget=1.0, fresh=12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What a window must pass to be an alarm; p-values are those of one look at one window."""

    combined: float  # `Evidence.p_value`
    volume: float
    share: float
    at_least: int = 5  # three times almost nothing is still almost nothing
    lift: float = 2.3
    odds: float = 1.6  # of the negative share, against the usual odds
    excess_share: float = 0.42  # of what came beyond the usual: so far from the usual share to 1
    fresh_lift: float = 1.5
    flood_lift: float = 40.0  # no viral surge of a quiet brand's usual talk reaches this
    flood_share: float = 0.1  # so less is asked of a share that few mentions are known to make up
    crowded_share: float = 0.6  # a usual share from here on leaves the share test little room
    crowded_lift: float = 2.5
    crowded_volume: float = 1e-4
    crowded_p_share: float = 0.05


THRESHOLDS = {
    Sensitivity.CALM: Thresholds(combined=1e-6, volume=1e-3, share=2e-3),
    Sensitivity.BALANCED: Thresholds(combined=7e-5, volume=2e-2, share=8e-3),
    Sensitivity.SENSITIVE: Thresholds(combined=4e-4, volume=5e-2, share=3e-2),
}


def thresholds_of(sensitivity: str) -> Thresholds:
    """The thresholds of a sensitivity; ValueError names the ones there are."""
    try:
        return THRESHOLDS[Sensitivity(sensitivity)]
    except ValueError:
        known = ", ".join(Sensitivity)
        raise ValueError(f"unknown sensitivity {sensitivity!r}; it is one of {known}") from None
