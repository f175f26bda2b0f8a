"""What corrections change at an output layer, without forgetting; pure numpy and scipy.

All layers stay as they are. To the logits a linear function of what the output layer reads is
added, as far as a text is like the corrected ones. That tells a linear discriminant (Fisher, 1936)
between the corrections and `usual`, the second moments of what the layer reads of usual texts. The
objective of the function is the error on the corrections plus what it would do to usual texts if it
were added to all: the mean square by which it moves their logits, which is elastic weight
consolidation (Kirkpatrick et al., 2017, PNAS 114) with the exact curvature of a linear layer in
place of a diagonal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HOLDS: Final = (2.0, 5.0, 15.0)  # usual texts that hold against each correction, loosest first
FOLDS: Final = 5
RIDGE: Final = 1e-3
NEAR: Final = 2.0  # standard deviations of usual texts towards corrections where the gate is half
STEEP: Final = 6.0  # by how much the gate's logit rises with one
SPREAD_OF: Final = 200  # corrections that tell as much of how they spread as usual texts do
SHRUNK: Final = 0.1  # of the mean variance, added to each


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


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people said of texts. read: [texts, width + 1]. fast: log-probabilities [texts, 3]."""

    read: "Array"
    labels: "NDArray[np.int64]"
    fast: "Array"

    def some(self, which: Any) -> "Corrections":
        return Corrections(self.read[which], self.labels[which], self.fast[which])


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to logits, and where. gate: [width + 1]. weights: [outputs, width + 1]."""

    gate: "Array"
    weights: "Array"


def logits_of(layer: Layer, said: Corrections, change: Change | None = None) -> "Array":
    """What an output layer says of each text, [texts, 3]; with a change, after it."""
    logits: Array = said.read @ layer.weights.T
    if change is not None:
        logits = logits + _opened(change.gate, said.read) @ change.weights.T
    return logits


def product(logits: "Array", fast: "Array", powers: Powers) -> "Array":
    """The probabilities that the model gives together with `fast`, [texts, 3]."""
    return _softmax(powers.own * logits + powers.fast * fast)


def answered(early: "Array", late: "Array", threshold: float) -> "Array":
    """The logits that count: those of the exit where it is sure, else those of the last layer."""
    import numpy as np  # noqa: PLC0415

    sure = _softmax(early).max(axis=1, keepdims=True) >= threshold
    made: Array = np.where(sure, early, late)
    return made


def _opened(gate: "Array", read: "Array") -> "Array":
    """What is read, as far as the gate is open for each text."""
    from scipy.special import expit  # noqa: PLC0415

    made: Array = read * expit(read @ gate)[:, None]
    return made


def _softmax(logits: "Array") -> "Array":
    import numpy as np  # noqa: PLC0415

    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    made: Array = likely / likely.sum(axis=1, keepdims=True)
    return made


def gate_of(layer: Layer, read: "Array") -> "Array":
    """The gate that is open for texts like these, [width + 1], and for one in 40 usual ones."""
    import numpy as np  # noqa: PLC0415

    usual = layer.usual[:-1, -1]
    spread = layer.usual[:-1, :-1] - np.outer(usual, usual)
    rows = read[:, :-1]
    pooled = SPREAD_OF * spread + len(rows) * np.cov(rows, rowvar=False, bias=True)
    pooled /= SPREAD_OF + len(rows)
    pooled += SHRUNK * np.trace(pooled) / len(pooled) * np.eye(len(pooled))
    towards = np.linalg.solve(pooled, rows.mean(axis=0) - usual)
    towards /= np.sqrt(towards @ spread @ towards)
    return STEEP * np.append(towards, -towards @ usual - NEAR)


def fitted(layer: Layer, said: Corrections, powers: Powers, hold: float) -> Change:
    """The change that fits corrections, each held by as many usual texts as `hold` says."""
    import numpy as np  # noqa: PLC0415
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    shape = layer.weights.shape
    wanted = np.eye(shape[0])[said.labels]
    gate = gate_of(layer, said.read)
    # Measured by what a change costs, it is round: the search takes a few steps.
    root = cholesky(hold * len(said.labels) * layer.usual + RIDGE * np.eye(shape[1]), lower=True)
    read = solve_triangular(root, _opened(gate, said.read).T, lower=True).T
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
    return Change(gate, change)


def chosen_hold(layer: Layer, said: Corrections, powers: Powers) -> float:
    """The firmest hold that tells unseen corrections as well as the best one does.

    As well: within a standard error of the difference, after the rule of Breiman et al., 1984.
    """
    import numpy as np  # noqa: PLC0415

    def lost(hold: float) -> "Array":
        logits = _told(layer, said, powers, lambda rest: hold)
        return losses(product(logits, said.fast, powers), said.labels)

    known = {hold: lost(hold) for hold in HOLDS}
    best = min(HOLDS, key=lambda hold: float(known[hold].mean()))
    behind = {hold: each - known[best] for hold, each in known.items()}
    error = 1 / np.sqrt(len(said.labels))
    return max(hold for hold, each in behind.items() if each.mean() <= each.std() * error)


def unseen(layer: Layer, said: Corrections, powers: Powers) -> "Array":
    """The logits of each correction after a change by the others alone, [texts, outputs]."""
    return _told(layer, said, powers, lambda rest: chosen_hold(layer, rest, powers))


def _told(
    layer: Layer, said: Corrections, powers: Powers, hold_for: Callable[[Corrections], float]
) -> "Array":
    import numpy as np  # noqa: PLC0415

    made = np.empty((len(said.labels), layer.weights.shape[0]))
    for fold in folds(len(said.labels)):
        rest = said.some(np.setdiff1d(np.arange(len(said.labels)), fold))
        change = fitted(layer, rest, powers, hold_for(rest))
        made[fold] = logits_of(layer, said.some(fold), change)
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
        """Whether more are right, and it is better by more than chance (one-sided, 5 %).

        The second alone may be no more than being less sure of what nobody can know.
        """
        return self.right_after > self.right_before and self.gain > 1.645 * self.spread


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
