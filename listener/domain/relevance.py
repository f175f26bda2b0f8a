"""Whether a mention is about its subject, by what the subject says it is and what people said.

Vectors are those of a sentence encoder, of unit length.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

FORMULA = "1"  # changes with what a judge makes of the same vectors
BIAS, BIAS_SPREAD = 2.0, 1.0  # what a query finds is mostly about its subject
SLOPE, SLOPE_SPREAD = 95.0, 30.0  # cosines of this encoder differ by hundredths
WEIGHT_SPREAD = 12.0
SURE = 0.3  # what is less probable is kept aside: to hide one costs more than to show one
OTHERS, OTHERS_FOR_A_NO = 3.0, 0.25  # see _doubt
MOST_STEPS, CLOSE = 50, 1e-6


class Aside(StrEnum):
    """Why a match is kept aside, apart from spam."""

    RELEVANCE = "relevance"
    PERSON = "person"


def why_aside(*, given: bool, person: bool | None, model: bool | None) -> Aside | None:
    """Say why a match is to be kept aside; None: it counts.

    given: the mention itself named the subject. person, model: whether they hold it to be about
    the subject; None: they did not say. A person's word wins; without any, it counts.
    """
    if person is not None:
        return None if person else Aside.PERSON
    return Aside.RELEVANCE if model is False and not given else None


_BREAK = r",;.()\u2013\u2014\u3001\u3002\uff0c\uff1b\uff08\uff09"  # dashes, and full-width signs
_NOT = re.compile(
    rf"(?:^|[{_BREAK}-]|\band\b|\bés\b|\bund\b|\bet\b)\s*(?:but\s+|and\s+)?"
    r"(?:not|nem|nicht|kein(?:e[nmrs]?)?|pas|non|не|no|não)\s"
    rf"|[{_BREAK}]?也?(?:而不是|並不是|并不是|並非|并非|而非|不是)",
    re.IGNORECASE,
)
_EDGES = re.compile(rf"^[\s{_BREAK}-]+|[\s{_BREAK}-]+$")


@dataclass(frozen=True, slots=True)
class About:
    """What a subject is, and what it is not though it is called so."""

    name: str
    wanted: str
    unwanted: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What there are vectors of: what it is, and each thing that it is not."""
        return (_called(self.name, self.wanted), *(_called(self.name, u) for u in self.unwanted))


def read_about(name: str, line: str) -> About:
    """Read a line such as "an airline, not the cartoon company".

    What follows "not" after a comma, a dash or "and" is unwanted; in Hungarian, German, French,
    Spanish, Portuguese, Italian, Russian and Chinese too.
    """
    wanted, *unwanted = (_EDGES.sub("", part) for part in _NOT.split(line))
    return About(name, wanted, tuple(part for part in unwanted if part))


def _called(name: str, what: str) -> str:
    return f"{name}: {what}" if what else name


@dataclass(frozen=True, slots=True)
class Judge:
    """Gives the probability that a mention is about a subject, by its vector."""

    parts: "NDArray[np.float32]"  # [1 + unwanted, width]: see About.parts
    bias: float
    slope: float  # of how much nearer a text is to what is wanted than to what is not
    weights: "NDArray[np.float64]"  # [width]: what people's corrections taught
    threshold: float = SURE  # below it a mention is kept aside

    def __call__(self, vectors: "Sequence[Vector]") -> list[float]:
        """Give the probability for each vector, from 0 to 1."""
        import numpy as np  # noqa: PLC0415

        if len(vectors) == 0:
            return []
        matrix = np.array(vectors, np.float64)
        logits = self.bias + self.slope * _nearness(self.parts, matrix) + matrix @ self.weights
        found: list[float] = _probability(logits).tolist()
        return found


def _nearness(parts: "NDArray[np.float32]", matrix: "NDArray[np.float64]") -> Any:
    """How much nearer texts are to what is wanted than to the nearest of what is not, [texts]."""
    near = matrix @ parts.T
    return near[:, 0] - near[:, 1:].max(axis=1) if len(parts) > 1 else near[:, 0] * 0


def fitted(
    parts: "Sequence[Vector]",
    told: "Sequence[tuple[Vector, bool]]",
    others: "Sequence[Vector]" = (),
) -> Judge:
    """Make a judge of what `about` says and of what people told.

    parts: vectors of About.parts. others: of mentions on which nobody said a word; together they
    weigh as much as a few corrections that say yes, so that a few noes alone hide little. Logistic
    regression whose prior is the `about` line: without corrections that alone judges, and each
    correction moves it (MacKay, 1992: the posterior mode under Gaussian priors).
    """
    import numpy as np  # noqa: PLC0415

    matrix = np.array(parts, np.float32)
    width = matrix.shape[1]
    mean = np.concatenate(([BIAS, SLOPE if len(parts) > 1 else 0.0], np.zeros(width)))
    if not told:
        return Judge(matrix, BIAS, float(mean[1]), mean[2:])
    spread = np.concatenate(([BIAS_SPREAD, SLOPE_SPREAD], np.full(width, WEIGHT_SPREAD)))
    vectors = np.array([*(v for v, _ in told), *others], np.float64)
    yes = np.array([*(float(relevant) for _, relevant in told), *(1.0 for _ in others)])
    weight = np.array([*(1.0 for _ in told), *(_doubt(told) / len(others) for _ in others)])
    middle = vectors.mean(axis=0)  # all texts share most of their direction, which tells nothing
    features = np.column_stack((np.ones(len(yes)), _nearness(matrix, vectors), vectors - middle))
    found = _mode(features, yes, weight, mean, spread)
    weights = found[2:]
    return Judge(matrix, float(found[0] - middle @ weights), float(found[1]), weights)


def _doubt(told: "Sequence[tuple[Vector, bool]]") -> float:
    """As how many corrections that say yes all that nobody corrected counts."""
    noes = sum(not relevant for _, relevant in told)
    return max(OTHERS, OTHERS_FOR_A_NO * (2 * noes - len(told)))


def _mode(features: Any, yes: Any, weight: Any, mean: Any, spread: Any) -> Any:
    """The posterior mode of weighted logistic regression, by Newton's method."""
    import numpy as np  # noqa: PLC0415

    precision = spread**-2.0

    def loss(weights: Any) -> float:
        logits, off = features @ weights, weights - mean
        return float(weight @ (np.logaddexp(0, logits) - yes * logits) + precision @ off**2 / 2)

    weights, reached = mean, loss(mean)
    for _ in range(MOST_STEPS):
        likely = _probability(features @ weights)
        slope = features.T @ (weight * (likely - yes)) + precision * (weights - mean)
        curve = (features.T * (weight * likely * (1 - likely))) @ features + np.diag(precision)
        step = np.linalg.solve(curve, slope)
        while (tried := loss(weights - step)) > reached and np.abs(step).max() > CLOSE:
            step = step / 2  # Newton's full step may go too far
        weights, reached = weights - step, tried
        if np.abs(step).max() < CLOSE:
            break
    return weights


def _probability(logits: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    return (1 + np.tanh(logits / 2)) / 2  # which cannot overflow


def fingerprint(about: About, version: str, said: tuple[int, str, int] | None) -> str:
    """Name what a judge is made of, in twelve letters. said: which corrections there are."""
    whole = repr((FORMULA, version, about, said))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
