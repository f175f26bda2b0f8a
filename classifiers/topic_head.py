"""What labelled texts teach of topics: a logistic regression for each, beside the scores.

The scores by line, examples and keywords are its prior: their weight begins at one, and the
vectors' and n-grams' at nothing (the posterior mode under Gaussian priors: MacKay, 1992). Rare
topics are lifted half-way to equality.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OF_VECTORS, OF_WORDS = 2.0, 3.0  # how freely the weights of each may move
STEADY: Final = 10.0  # how much the weight of the scores wants to be one
LIFTED: Final = 0.5
MOST_LIFTED: Final = 50.0
OFTEN: Final = 2  # n-grams of fewer labelled texts teach nothing
ROUNDS: Final = 30


@dataclass(frozen=True, slots=True)
class Head:
    """Gives the log odds of topics. `knows`: of which; of the others it says the scores."""

    knows: "NDArray[np.bool_]"
    bias: "NDArray[np.float64]"
    slope: "NDArray[np.float64]"
    of_vectors: "NDArray[np.float64]"  # [width, topics]
    of_words: "NDArray[np.float64]"  # [columns, topics]
    columns: "NDArray[np.intp]"
    middle: "NDArray[np.float32]"
    size: float

    def log_odds(self, scores: Any, vectors: Any, rows: Any) -> "NDArray[np.float64]":
        """scores: in deviations above what is usual; rows: of n-grams. Returns [texts, topics]."""
        near = OF_VECTORS * (vectors - self.middle) / self.size
        words = OF_WORDS * (rows[:, self.columns] @ self.of_words)
        found: NDArray[np.float64] = (
            self.bias + self.slope * scores + near @ self.of_vectors + words
        )
        return found


def fitted(scores: Any, vectors: Any, rows: Any, gold: Any, enough: Any) -> Head:
    """Learn of labelled texts. gold: bool [texts, topics]; enough: of which topics to learn."""
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    middle = vectors.mean(axis=0)
    size = float(np.sqrt(((vectors - middle) ** 2).sum(axis=1).mean())) or 1.0
    columns = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) >= OFTEN)
    loss = _Loss(
        scores=scores[:, enough],
        vectors=OF_VECTORS * (vectors - middle) / size,
        rows=(OF_WORDS * rows[:, columns]).tocsr(),
        gold=gold[:, enough].astype(np.float64),
    )
    found = minimize(loss, loss.start(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    bias, slope, of_vectors, of_words = loss.parts(found.x)
    return Head(
        knows=enough,
        bias=_spread(bias, enough, 0.0),
        slope=_spread(slope, enough, 1.0),
        of_vectors=_spread(of_vectors, enough, 0.0),
        of_words=_spread(of_words, enough, 0.0),
        columns=columns,
        middle=middle,
        size=size,
    )


def _spread(weights: Any, enough: Any, otherwise: float) -> Any:
    import numpy as np  # noqa: PLC0415

    whole = np.full((*weights.shape[:-1], len(enough)), otherwise)
    whole[..., enough] = weights
    return whole


class _Loss:
    """The negative log posterior of all topics at once, and its slope."""

    def __init__(self, scores: Any, vectors: Any, rows: Any, gold: Any) -> None:
        import numpy as np  # noqa: PLC0415

        self._scores, self._vectors, self._rows, self._gold = scores, vectors, rows, gold
        self._columns = rows.T.tocsr()
        positive = gold.sum(axis=0)
        lift = np.minimum((len(gold) - positive) / np.maximum(positive, 1), MOST_LIFTED) ** LIFTED
        self._weight = np.where(gold > 0, np.maximum(lift, 1.0), 1.0)
        self._topics, self._width = gold.shape[1], vectors.shape[1]
        self._prior = np.log((positive + 0.5) / (len(gold) - positive + 0.5))

    def start(self) -> Any:
        import numpy as np  # noqa: PLC0415

        size = (self._width + self._rows.shape[1]) * self._topics
        return np.concatenate((self._prior, np.ones(self._topics), np.zeros(size)))

    def parts(self, flat: Any) -> tuple[Any, Any, Any, Any]:
        k, split = self._topics, (2 + self._width) * self._topics
        of_vectors = flat[2 * k : split].reshape(self._width, k)
        return flat[:k], flat[k : 2 * k], of_vectors, flat[split:].reshape(-1, k)

    def __call__(self, flat: Any) -> tuple[float, Any]:
        import numpy as np  # noqa: PLC0415

        bias, slope, of_vectors, of_words = self.parts(flat)
        odds = bias + slope * self._scores + self._vectors @ of_vectors + self._rows @ of_words
        loss = (self._weight * (np.logaddexp(0, odds) - self._gold * odds)).sum()
        loss += (
            (of_vectors**2).sum() + (of_words**2).sum() + STEADY * ((slope - 1) ** 2).sum()
        ) / 2
        off = self._weight * ((1 + np.tanh(odds / 2)) / 2 - self._gold)
        downhill = (
            off.sum(axis=0),
            (off * self._scores).sum(axis=0) + STEADY * (slope - 1),
            (self._vectors.T @ off + of_vectors).ravel(),
            (self._columns @ off + of_words).ravel(),
        )
        return float(loss), np.concatenate(downhill)
