"""What reading a source may cost in a month, and what it will have cost by the end of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.errors import CollectorError, Trouble

A_HAIR = 1e-9  # what sums of floats are off by
SOONEST_FORECAST = timedelta(days=1)  # a few hours of a month tell nothing of its rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A month's budget of a source, in US dollars; `limit_usd` None: there is none."""

    limit_usd: float | None
    spent_usd: float

    def why_not(self, source: str, page_usd: float, now: datetime) -> CollectorError | None:
        """Say why a page that costs so much at most is not asked for, or None where it may be."""
        if self.limit_usd is None or self.spent_usd + page_usd <= self.limit_usd + A_HAIR:
            return None
        goes_on = next_month(now)
        words = (
            f"{source}: ${self.spent_usd:.2f} of this month's ${self.limit_usd:.2f} are spent, and"
            f" another page may cost ${page_usd:.2f}; it goes on on {goes_on:%Y-%m-%d}, or when"
            " monthly_budget_usd is raised"
        )
        return CollectorError(words, kind=Trouble.QUOTA, retry_after=goes_on - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a source has cost, in US dollars."""

    spent_usd: float = 0.0
    month_usd: float | None = None  # None: nothing was ever booked for this month
    forecast_usd: float | None = None  # of the whole month
    month_useful: int = 0  # mentions about a subject, said this month; 0 where it cost nothing

    @property
    def mention_usd(self) -> float | None:
        """What a mention about a subject costs this month; None where there is none."""
        return self.month_usd / self.month_useful if self.month_useful and self.month_usd else None


NOTHING_YET = Cost()


def month_of(now: datetime) -> str:
    """The month that a moment's cost counts for: "2026-11", in UTC, as services bill."""
    return f"{now.astimezone(UTC):%Y-%m}"


def this_month(now: datetime) -> datetime:
    """When this month's budget began."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(now: datetime) -> datetime:
    """When the next month's budget begins."""
    return (this_month(now) + timedelta(days=32)).replace(day=1)


def forecast(spent_usd: float, now: datetime) -> float | None:
    """What the month will have cost if it goes on like this; None on its first day."""
    since, until = this_month(now), next_month(now)
    gone = now - since
    return None if gone < SOONEST_FORECAST else spent_usd * ((until - since) / gone)
