"""Two classifiers as one: a neural model, and a linear one that stands beside it.

A network reads sentences and knows languages; a linear model over n-grams knows by heart which
words of its many texts went with which label. Their mistakes differ, and the product of their
probabilities, each to a power of its own, is right more often than either (a product of experts:
Hinton, 2002). It costs a two-hundredth of the time.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from classifiers.base import Classifier, ClassifierError, Prediction
from classifiers.fast import FastClassifier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST: Final = 1e-6  # no probability is taken for less: nobody is that sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """To which powers the probabilities of the model itself and of `fast` are taken."""

    own: float
    fast: float

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Powers":
        """Read them as config.json has them. Raises KeyError, TypeError or ValueError."""
        return cls(own=float(settings["own"]), fast=float(settings["fast"]))

    def product(
        self, own: "NDArray[np.float64]", fast: "NDArray[np.float64]"
    ) -> "NDArray[np.float64]":
        """Give the logarithm of the product, not normalised; probabilities [texts, 3] each."""
        import numpy as np  # noqa: PLC0415

        both = self.own * np.log(np.maximum(own, LEAST))
        made: NDArray[np.float64] = both + self.fast * np.log(np.maximum(fast, LEAST))
        return made


class BesideFast:
    """A Classifier made of another one and `fast`. Closing it closes the other one."""

    def __init__(self, model: Classifier, powers: Powers) -> None:
        self._model: Classifier | None = model
        self._name, self._labels = model.name, model.labels
        self._fast = FastClassifier()
        self._powers = powers
        parts = f"{model.version} {self._fast.version} {powers}"
        self._version = f"{model.name}@{hashlib.sha256(parts.encode()).hexdigest()[:12]}"

    @property
    def name(self) -> str:
        """The name of the other one."""
        return self._name

    @property
    def version(self) -> str:
        """Its name, and a hash of both versions and of how they are mixed."""
        return self._version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the other one tells."""
        return self._labels

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order."""
        if self._model is None:
            raise ClassifierError(f"{self._name}: the classifier has been closed")
        own, fast = (probabilities(each.predict(texts)) for each in (self._model, self._fast))
        return predictions(self._powers.product(own, fast))

    def close(self) -> None:
        """Let go of both."""
        if self._model is not None:
            self._model.close()
        self._model = None


def probabilities(made: Sequence[Prediction]) -> "NDArray[np.float64]":
    """Give them as an array, [predictions, 3]."""
    import numpy as np  # noqa: PLC0415

    return np.array([(e.negative, e.neutral, e.positive) for e in made]).reshape(-1, 3)


def predictions(logits: "NDArray[np.floating[Any]]") -> list[Prediction]:
    """Give the prediction of each row of logits, [texts, 3]."""
    import numpy as np  # noqa: PLC0415

    if not len(logits):
        return []
    exact = logits.astype(np.float64)
    likely = np.exp(exact - exact.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return [Prediction.of(*map(float, row)) for row in likely]
