"""Whether a share rises over weeks, honest about weeks that differ more than chance explains.

A weighted line through the weekly shares; the spread of its slope is that of a binomial times a
dispersion (quasi-binomial: McCullagh & Nelder, 1989), which is taken from the weeks themselves: how
they lie around the line, and how each differs from the next. Weeks hang together, so that the slope
of a few says less than its p-value: the bound is low, and the share has to move more than it used.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

SPANS: Final = (4, 6, 8, 12)  # weeks up to now, over which a rise is looked for
BEYOND_CHANCE: Final = 0.001  # of the slope, one-sided
BEYOND_WANDERING: Final = 2.5  # times what the share usually moves in such a span, up or down
NOT_ONE_WEEK: Final = 0.5  # of the rise must be there without the last week, too
FEWEST_IN_WEEK: Final = 10  # mentions, else a week has no share


class Share(NamedTuple):
    """So many of so many, in one week."""

    all: float
    some: float


class Counted(NamedTuple):
    """What of a week came from one source and was labelled by one model."""

    source: str
    model: str
    mentions: int
    negative: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """From which share to which, by the line, over how many weeks; `before` is that of old."""

    weeks: int
    start: float
    end: float
    before: float
    p_value: float
    dispersion: float

    @property
    def points(self) -> float:
        """How much higher it is than the line began, and than before: the lesser of both."""
        return self.end - max(self.start, self.before)


def rising(weeks: Sequence[Share | None], least_points: float, least: int) -> Rise | None:
    """The clearest rise that ends in the last of these weeks; None: there is none.

    None among `weeks`: not known. `least`: mentions in all of a span.
    """
    found = [
        rise
        for span in SPANS
        if (rise := _rise(weeks, span, least)) is not None
        and rise.points >= least_points
        and rise.p_value < BEYOND_CHANCE
        and _is_no_single_week(weeks, span, rise)
        and _is_no_wandering(weeks[: len(weeks) - span], span, rise)
    ]
    return min(found, key=lambda rise: rise.p_value, default=None)


class _Line(NamedTuple):
    slope: float
    middle: float
    share: float
    spread: float  # of the time, weighted

    def at(self, week: float) -> float:
        return self.share + self.slope * (week - self.middle)


def _rise(weeks: Sequence[Share | None], span: int, least: int) -> Rise | None:
    known = _known(weeks, len(weeks) - span)
    counted = sum(one.all for _, one in known)
    if len(known) < max(4, span * 3 // 4) or counted < least or known[-1][0] != len(weeks) - 1:
        return None
    line = _line(known)
    chance = line.share * (1 - line.share)
    if line.slope <= 0 or chance <= 0:
        return None
    dispersion = max(1.0, _around(known, line, chance), _between_weeks(weeks))
    z = line.slope / math.sqrt(dispersion * chance / line.spread)
    old = [one for _, one in _known(weeks[: len(weeks) - span], 0)]
    start = min(max(line.at(known[0][0]), 0.0), 1.0)
    before = sum(o.some for o in old) / sum(o.all for o in old) if old else start
    freedom = max(len(known) - 2, min(len(old) + len(known), 24) - 3)
    return Rise(
        weeks=span,
        start=start,
        end=min(line.at(known[-1][0]), 1.0),
        before=before,
        p_value=_tail(z, freedom),
        dispersion=dispersion,
    )


def _known(weeks: Sequence[Share | None], start: int) -> list[tuple[int, Share]]:
    return [
        (at, one)
        for at, one in enumerate(weeks)
        if at >= start and one is not None and one.all >= FEWEST_IN_WEEK
    ]


def _line(known: Sequence[tuple[int, Share]]) -> _Line:
    whole = sum(one.all for _, one in known)
    middle = sum(at * one.all for at, one in known) / whole
    share = sum(one.some for _, one in known) / whole
    spread = sum(one.all * (at - middle) ** 2 for at, one in known)
    slope = sum((at - middle) * (one.some - share * one.all) for at, one in known) / spread
    return _Line(slope, middle, share, spread)


def _around(known: Sequence[tuple[int, Share]], line: _Line, chance: float) -> float:
    """How much more the weeks differ from the line than chance alone would have it."""
    off = sum((one.some - line.at(at) * one.all) ** 2 / one.all for at, one in known)
    return off / chance / max(len(known) - 2, 1)


def _between_weeks(weeks: Sequence[Share | None]) -> float:
    """The same of each week and the next, which a trend hardly changes."""
    steps = []
    for one, other in pairwise(weeks):
        if one is None or other is None or min(one.all, other.all) < FEWEST_IN_WEEK:
            continue
        share = (one.some + other.some) / (one.all + other.all)
        if 0 < share < 1:
            step = one.some / one.all - other.some / other.all
            steps.append(step**2 / (share * (1 - share) * (1 / one.all + 1 / other.all)))
    return sum(steps) / len(steps) if steps else 1.0


def _tail(z: float, freedom: int) -> float:
    from scipy.special import stdtr  # noqa: PLC0415  # heavy

    return float(stdtr(freedom, -z))


def _is_no_single_week(weeks: Sequence[Share | None], span: int, rise: Rise) -> bool:
    known = _known(weeks, len(weeks) - span)[:-1]
    if len(known) < 3:
        return False
    line = _line(known)
    return line.at(known[-1][0]) - line.at(known[0][0]) >= NOT_ONE_WEEK * (rise.end - rise.start)


def _is_no_wandering(old: Sequence[Share | None], span: int, rise: Rise) -> bool:
    """Whether it moved more than the share used to move in as many weeks."""
    moves = []
    for start in range(len(old) - span + 1):
        known = [(at, one) for at, one in _known(old[: start + span], start)]
        if len(known) >= max(4, span * 3 // 4):
            line = _line(known)
            moves.append((line.at(known[-1][0]) - line.at(known[0][0])) ** 2)
    usual = math.sqrt(sum(moves) / len(moves)) if moves else 0.0
    return rise.end - rise.start >= BEYOND_WANDERING * usual
