"""How often people speak up: the hours of a day, a surge, an outburst; and chance around them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from listener.collectors.demo.plan import HOME

Rate = Callable[[datetime], float]  # mentions an hour

# What part of the usual is said in each hour at home, from midnight on; and on each weekday.
HOURS: Final = (
    0.20, 0.12, 0.10, 0.10, 0.12, 0.25, 0.50, 0.80, 1.00, 1.05, 1.05, 1.00,
    1.10, 1.00, 0.95, 0.95, 1.00, 1.10, 1.15, 1.15, 1.10, 1.00, 0.70, 0.40,
)  # fmt: skip
WEEKDAYS: Final = (1.05, 1.0, 1.0, 1.02, 1.1, 0.9, 0.85)
BUSIEST: Final = max(HOURS) * max(WEEKDAYS)

_HOUR: Final = timedelta(hours=1)


def daily(per_hour: float) -> Rate:
    """The usual rhythm of days and weeks; never above `per_hour * BUSIEST`."""

    def rate(at: datetime) -> float:
        local = at.astimezone(HOME)
        return per_hour * HOURS[local.hour] * WEEKDAYS[local.weekday()]

    return rate


def surge(since: datetime, peak: float) -> Rate:
    """Half an hour to the peak, then half as many every two hours."""

    def rate(at: datetime) -> float:
        hours = (at - since) / _HOUR
        return peak * (hours / 0.5 if hours < 0.5 else float(0.5 ** ((hours - 0.5) / 2)))

    return rate


def outburst(since: datetime, peak: float) -> Rate:
    """Much of the peak at once, all of it up to the second hour, then half in every 42 minutes."""

    def rate(at: datetime) -> float:
        hours = (at - since) / _HOUR
        if hours < 2:
            return peak * min(1.0, 0.7 + 0.3 * hours)
        return peak * float(0.5 ** ((hours - 2) / 0.7))

    return rate


def arrivals(
    rng: Random, since: datetime, until: datetime, rate: Rate, top: float
) -> Iterator[datetime]:
    """Moments of a Poisson process whose rate changes and is `top` at the most.

    By thinning (Lewis and Shedler, 1979). Whole seconds, as services give them.
    """
    at = since + timedelta(hours=rng.expovariate(top))
    while at < until:
        if rng.random() * top < rate(at):
            yield at.replace(microsecond=0)
        at += timedelta(hours=rng.expovariate(top))
