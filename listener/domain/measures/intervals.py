"""95 % intervals of a share, of a mean and of a median."""

import math
from collections.abc import Mapping, Sequence

from listener.domain.measures.figure import Z95

Interval = tuple[float, float]


def of_share(part: int, whole: int) -> Interval:
    """Wilson's score interval (Wilson, 1927); it stays within 0 and 1. `whole` is positive."""
    share, z2 = part / whole, Z95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    spread = math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - Z95 * spread), min(1.0, middle + Z95 * spread)


def mean(values: Mapping[float, int]) -> float:
    """Of values, and how often each was seen."""
    return math.fsum(times * value for value, times in values.items()) / sum(values.values())


def of_mean(values: Mapping[float, int]) -> Interval | None:
    """Student's interval (Student, 1908). None for fewer than two values.

    It supposes that means of so many values are about normal: of few and very skew ones it is too
    narrow.
    """
    n = sum(values.values())
    if n < 2:
        return None
    middle = mean(values)
    off = (times * (value - middle) ** 2 for value, times in values.items())
    margin = _t95(n - 1) * math.sqrt(math.fsum(off) / (n - 1) / n)
    return middle - margin, middle + margin


def _t95(freedom: int) -> float:
    """The 97.5 % point of Student's t (Abramowitz & Stegun, 1964, 26.7.5).

    Within 0.1 % from five degrees of freedom on.
    """
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + math.fsum(term / freedom**power for power, term in enumerate(terms, 1))


def of_median(values: Sequence[float]) -> Interval | None:
    """Between two of the values (Thompson, 1936): it supposes nothing of their distribution.

    None where there are fewer than six, of which none can be sure enough. The ranks are those of
    the normal approximation to the binomial, outwards.
    """
    n = len(values)
    if n < 6:
        return None
    ordered, margin = sorted(values), Z95 * math.sqrt(n) / 2
    first = max(math.floor(n / 2 - margin), 1)
    last = min(math.ceil(n / 2 + margin) + 1, n)
    return ordered[first - 1], ordered[last - 1]
