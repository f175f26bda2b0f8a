"""Output layers fitted to corrections without forgetting what they knew; pure numpy and scipy.

The layers below stay as they are, so that a correction can but change how what they read is
weighed. The objective is the error on the corrections plus what the change does to usual texts: the
mean square by which it moves their logits, `usual` being the second moments of what the output
layer reads of them. That is elastic weight consolidation (Kirkpatrick et al., 2017, PNAS 114) with
the exact curvature of a linear layer in place of a diagonal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HOLDS: Final = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)  # loosest first
MOST_MOVED: Final = 0.15  # root mean square by which logits of usual texts may move
FOLDS: Final = 5
RIDGE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Powers:
    """To which powers the model's probabilities and those of `fast` are taken."""

    own: float
    fast: float


@dataclass(frozen=True, slots=True)
class Layer:
    """An output layer, [outputs, width + 1], its bias last; and what it reads of usual texts.

    usual: second moments, [width + 1, width + 1], of what it reads with a 1 behind.
    """

    weights: "Array"
    usual: "Array"

    def moved(self, weights: "Array") -> float:
        """The root mean square by which other weights move the logits of usual texts."""
        import numpy as np  # noqa: PLC0415

        change = weights - self.weights
        return float(np.sqrt(np.einsum("oi,ij,oj->", change, self.usual, change) / len(change)))


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people said of texts. read: [texts, width + 1]. fast: log-probabilities [texts, 3]."""

    read: "Array"
    labels: "NDArray[np.int64]"
    fast: "Array"

    def some(self, which: Any) -> "Corrections":
        return Corrections(self.read[which], self.labels[which], self.fast[which])


def probabilities(weights: "Array", said: Corrections, powers: Powers) -> "Array":
    """Those of the product of the model and `fast`, [texts, 3]."""
    return _softmax(powers.own * (said.read @ weights.T) + powers.fast * said.fast)


def _softmax(logits: "Array") -> "Array":
    import numpy as np  # noqa: PLC0415

    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    made: Array = likely / likely.sum(axis=1, keepdims=True)
    return made


def fitted(layer: Layer, said: Corrections, powers: Powers, hold: float) -> "Array":
    """The weights that fit corrections, as firmly held as `hold` usual texts would."""
    import numpy as np  # noqa: PLC0415
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    shape = layer.weights.shape
    wanted = np.eye(shape[0])[said.labels]
    # Measured by what a change costs, it is round: the search takes a few steps.
    root = cholesky(hold * layer.usual + RIDGE * np.eye(shape[1]), lower=True)
    read = solve_triangular(root, said.read.T, lower=True).T
    known = said.read @ layer.weights.T

    def cost(flat: "Array") -> "tuple[float, Array]":
        change = flat.reshape(shape)
        logits = powers.own * (known + read @ change.T) + powers.fast * said.fast
        likely = _softmax(logits)
        error = -np.log(np.maximum((likely * wanted).sum(axis=1), 1e-12)).sum()
        slope = powers.own * (likely - wanted).T @ read + change
        return float(error + (change**2).sum() / 2), slope.ravel()

    found = minimize(cost, np.zeros(layer.weights.size), jac=True, method="L-BFGS-B")
    change = solve_triangular(root.T, found.x.reshape(shape).T, lower=False).T
    made: Array = layer.weights + change
    return made


def chosen_hold(layer: Layer, said: Corrections, powers: Powers) -> float:
    """The loosest hold by which usual texts do not move by more than MOST_MOVED."""
    for hold in HOLDS[:-1]:
        if layer.moved(fitted(layer, said, powers, hold)) <= MOST_MOVED:
            return hold
    return HOLDS[-1]


def unseen(layer: Layer, said: Corrections, powers: Powers, hold: float) -> "Array":
    """What is said of each correction by weights fitted to the others, [texts, outputs]."""
    import numpy as np  # noqa: PLC0415

    made = np.empty((len(said.labels), layer.weights.shape[0]))
    for fold in folds(len(said.labels)):
        rest = np.setdiff1d(np.arange(len(said.labels)), fold)
        weights = fitted(layer, said.some(rest), powers, hold)
        made[fold] = probabilities(weights, said.some(fold), powers)
    return made


def folds(count: int) -> "Sequence[NDArray[np.int64]]":
    """Positions in FOLDS parts, mixed the same way each time."""
    import numpy as np  # noqa: PLC0415

    order = np.random.default_rng(0).permutation(count)
    return [part for part in np.array_split(order, FOLDS) if len(part)]


def losses(likely: "Array", labels: "NDArray[np.int64]") -> "Array":
    """The negative logarithm of what each label was given."""
    import numpy as np  # noqa: PLC0415

    made: Array = -np.log(np.maximum(likely[np.arange(len(labels)), labels], 1e-12))
    return made


@dataclass(frozen=True, slots=True)
class Verdict:
    """How corrections that were not seen are told, before and after."""

    count: int
    right_before: int
    right_after: int
    gain: float  # in log-loss, a text
    spread: float  # its standard error

    @property
    def is_better(self) -> bool:
        """Whether it is by more than chance (one-sided, 5 %), and no fewer are right."""
        return self.right_after >= self.right_before and self.gain > 1.645 * self.spread


def verdict(before: "Array", after: "Array", labels: "NDArray[np.int64]") -> Verdict:
    """Compare two predictions of the same corrections."""
    import numpy as np  # noqa: PLC0415

    gains = losses(before, labels) - losses(after, labels)
    return Verdict(
        count=len(labels),
        right_before=int((before.argmax(axis=1) == labels).sum()),
        right_after=int((after.argmax(axis=1) == labels).sum()),
        gain=float(gains.mean()),
        spread=float(gains.std(ddof=1) / np.sqrt(len(gains))) if len(gains) > 1 else float("inf"),
    )
