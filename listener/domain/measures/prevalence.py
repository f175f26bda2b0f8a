"""The share of negatives, corrected by how often the classifier is wrong.

A classifier that finds a share `se` of the negatives, and calls a share `1 - sp` of the others
negative too, calls `q = p se + (1 - p)(1 - sp)` of all negative where a share p truly is; so
`p = (q + sp - 1) / (se + sp - 1)` (Rogan & Gladen, 1978). None of the three is known for sure: each
is drawn from its distribution, and the band holds the middle 95 % of what p comes out as.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from listener.domain.measures import intervals
from listener.domain.measures.figure import Figure, Unit

if TYPE_CHECKING:
    from numpy import float64
    from numpy.random import Generator
    from numpy.typing import NDArray

DRAWS: Final = 2_000
TRIES: Final = 8
WEAKEST: Final = 2.0  # texts that a classifier's record on other sets weighs as, at least
STRONGEST: Final = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Texts whose true label is known, by what they are and what they were called.

    hits: negative, and called so; missed: negative, called another; false_alarms: another, called
    negative; passed: the rest.
    """

    hits: int = 0
    missed: int = 0
    false_alarms: int = 0
    passed: int = 0

    @property
    def texts(self) -> int:
        return self.hits + self.missed + self.false_alarms + self.passed


@dataclass(frozen=True, slots=True)
class Beta:
    """What is known of a rate: so many times yes, so many times no."""

    yes: float
    no: float

    @property
    def mean(self) -> float:
        return self.yes / (self.yes + self.no)

    def after(self, yes: int, no: int) -> "Beta":
        return Beta(self.yes + yes, self.no + no)


@dataclass(frozen=True, slots=True)
class Rates:
    """How well negatives are told: `sensitivity` of negatives, `specificity` of the others."""

    sensitivity: Beta
    specificity: Beta

    def after(self, seen: Confusion) -> "Rates":
        """The same, when people have looked at texts of the very place that is measured."""
        return Rates(
            self.sensitivity.after(seen.hits, seen.missed),
            self.specificity.after(seen.passed, seen.false_alarms),
        )


NOTHING_KNOWN: Final = Rates(Beta(0.5, 0.5), Beta(0.5, 0.5))


class CountedInSet(Protocol):
    """A Confusion of one language of a labelled set."""

    @property
    def set(self) -> str: ...
    @property
    def hits(self) -> int: ...
    @property
    def missed(self) -> int: ...
    @property
    def false_alarms(self) -> int: ...
    @property
    def passed(self) -> int: ...


def by_set(counted: Iterable[CountedInSet]) -> list[Confusion]:
    """The languages of each set together: those of one set err alike, and are no new places."""
    found: dict[str, Confusion] = {}
    for one in counted:
        before = found.get(one.set, Confusion())
        found[one.set] = Confusion(
            hits=before.hits + one.hits,
            missed=before.missed + one.missed,
            false_alarms=before.false_alarms + one.false_alarms,
            passed=before.passed + one.passed,
        )
    return list(found.values())


def rates_elsewhere(sets: Sequence[Confusion]) -> Rates:
    """What a classifier's record on several sets says of a place that is none of them.

    Each set has rates of its own; how they spread from set to set says how far a new place may be
    off, and so how many texts the record weighs as (a beta-binomial by moments: Kleinman, 1973).
    """
    return Rates(
        _spread([(one.hits, one.hits + one.missed) for one in sets]),
        _spread([(one.passed, one.passed + one.false_alarms) for one in sets]),
    )


def _spread(counts: Iterable[tuple[int, int]]) -> Beta:
    some = [(yes, n) for yes, n in counts if n >= 5]
    if len(some) < 3:
        return NOTHING_KNOWN.sensitivity
    shares = [yes / n for yes, n in some]
    mean = sum(shares) / len(shares)
    between = sum((share - mean) ** 2 for share in shares) / (len(shares) - 1)
    chance = sum(mean * (1 - mean) / n for _, n in some) / len(some)  # spread of sampling alone
    own = max(between - chance, 1e-6)
    weight = min(max(mean * (1 - mean) / own - 1, WEAKEST), STRONGEST)
    return Beta(mean * weight, (1 - mean) * weight)


def raw_share(negative: int, n: int) -> Figure:
    """The share that is called negative, as if the classifier were never wrong."""
    if not n:
        return Figure(measure="negative_share_raw", unit=Unit.SHARE, n=0)
    low, high = intervals.of_share(negative, n)
    return Figure(
        measure="negative_share_raw", unit=Unit.SHARE, n=n, value=negative / n, low=low, high=high
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Texts that are told equally well: of `n` of them `negative` were called so."""

    negative: int
    n: int
    rates: Rates


def corrected_share(
    parts: Sequence[Part], *, known: tuple[int, int] = (0, 0), note: str = ""
) -> Figure:
    """The share that truly is negative, of all parts together.

    known: beside them, of the negatives and of all texts, what people have labelled.
    """
    n = sum(part.n for part in parts) + known[1]
    if not n:
        return Figure(measure="negative_share", unit=Unit.SHARE, n=0, note=note)
    import numpy as np  # noqa: PLC0415  # heavy

    chance = np.random.default_rng(DRAWS)  # the same for the same numbers
    truly = np.full(DRAWS, float(known[0]))
    for part in parts:
        truly += part.n * _drawn(part, chance)
    drawn = np.sort(truly / n)
    low, middle, high = (float(drawn[int(DRAWS * at)]) for at in (0.025, 0.5, 0.975))
    return Figure(
        measure="negative_share",
        unit=Unit.SHARE,
        n=n,
        value=middle,
        low=low,
        high=high,
        note=note,
    )


def _drawn(part: Part, chance: "Generator") -> "NDArray[float64]":
    """Shares that fit what was seen, DRAWS of them.

    Rates that tell negatives no better than chance say nothing of the share, which may then be
    anything. Rates that fit no share are drawn again; where none fits, it is moved to the edge.
    """
    import numpy as np  # noqa: PLC0415  # heavy

    shares, left = np.zeros(DRAWS), np.arange(DRAWS)
    for _ in range(TRIES):
        sensitivity = _draws(part.rates.sensitivity, len(left), chance)
        specificity = _draws(part.rates.specificity, len(left), chance)
        called = _draws(Beta(part.negative + 0.5, part.n - part.negative + 0.5), len(left), chance)
        informed = sensitivity + specificity - 1
        says_nothing = informed <= 0
        informed[says_nothing] = 1.0
        shares[left] = np.where(
            says_nothing, chance.random(len(left)), (called + specificity - 1) / informed
        )
        left = left[(shares[left] < 0) | (shares[left] > 1)]
        if not len(left):
            break
    return np.clip(shares, 0.0, 1.0)


def _draws(known: Beta, count: int, chance: "Generator") -> "NDArray[float64]":
    return chance.beta(known.yes, known.no, count)
