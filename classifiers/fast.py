"""The built-in classifier for all languages: a linear model over hashed n-grams, in numpy.

Features are the n-grams of `classifiers.ngrams`: one to five characters, one and two words. A text
is the sum of its n-grams over the square root of their number; the model is a multinomial logistic
regression fitted with AdaGrad (Duchi et al., 2011; see `classifiers.train.fit`), its probabilities
evened by a temperature (Guo et al., 2017). Each n-gram has two weights, towards negative and
towards positive, neutral being zero; they are kept as bytes on a square-root scale.

It does not understand: negation further off than a word, irony, and words that it never met are
all lost on it. Reading ten million characters in a second of one core is what it is good at.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers import ngrams
from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.batches import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).parent / "models" / "fast"
WEIGHTS_FILE: Final = "model.safetensors"
CONFIG_FILE: Final = "config.json"
FORMAT: Final = "hashed-ngrams-1"
BATCH_TEXTS: Final = 512  # what numpy gains by larger ones it loses in the processor's cache
BATCH_CHARACTERS: Final = 200_000
_HALF: Final = 1 << 32  # both sums of a text are kept in one integer: no gather is paid twice


class FastClassifier:
    """A Classifier that reads over a hundred thousand tweets per CPU second, in 100 MB.

    directory: where the model lies, by default the one that ships. Raises ClassifierError if it
    is not of our format.
    """

    def __init__(self, directory: Path = SHIPPED, *, name: str = "fast") -> None:
        self._name = name
        self._model = _load(directory)
        self._version = f"{name}@{_content_hash(directory)}"

    @property
    def name(self) -> str:
        """`fast`, unless it was given another."""
        return self._name

    @property
    def version(self) -> str:
        """The name, and a hash of the weights and the settings."""
        return self._version

    @property
    def labels(self) -> tuple[str, ...]:
        """All three."""
        return LABELS

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order; an empty text gets the prior.

        Of a text beyond 1,500 characters the first 1,000 and the last 500 are read.
        """
        predictions: list[Prediction] = []
        for batch in cut(
            texts,
            most_texts=BATCH_TEXTS,
            most_characters=BATCH_CHARACTERS,
            read_characters=ngrams.HEAD_CHARACTERS + ngrams.TAIL_CHARACTERS,
        ):
            predictions += map(Prediction.of, *self._model.probabilities(batch))
        return predictions

    def close(self) -> None:
        """Nothing is held open."""


class _Model:
    def __init__(self, config: dict[str, Any], weights: "NDArray[np.int8]") -> None:
        import numpy as np  # noqa: PLC0415

        self._bits = int(config["bits"])
        self._bias = np.array(config["bias"], dtype=np.float64)
        self._scale = float(config["scale"]) / float(config["temperature"])
        self._bias /= float(config["temperature"])
        levels = weights.astype(np.int64)
        levels *= np.abs(levels)
        self._table = levels[:, 0] * _HALF + levels[:, 1]
        self._table[0] = 0

    def probabilities(self, texts: Sequence[str]) -> list[list[float]]:
        """Give three lists: how negative, neutral and positive each text is."""
        import numpy as np  # noqa: PLC0415

        sums = np.zeros(len(texts), dtype=np.int64)
        counts = np.zeros(len(texts), dtype=np.int64)
        for block in ngrams.blocks(texts, self._bits):
            sums += np.add.reduceat(self._table.take(block.buckets), block.starts)
            counts += block.counts
        positive = (sums + _HALF // 2) % _HALF - _HALF // 2
        negative = (sums - positive) // _HALF
        logits = np.stack([negative, np.zeros_like(negative), positive]).astype(np.float64)
        logits *= self._scale / np.sqrt(np.maximum(counts, 1))
        logits[0] += self._bias[0]
        logits[2] += self._bias[1]
        logits -= logits.max(axis=0)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=0)
        lists: list[list[float]] = logits.tolist()
        return lists


def _load(directory: Path) -> _Model:
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.numpy import load_file  # noqa: PLC0415

    try:
        config = json.loads((directory / CONFIG_FILE).read_text("utf-8"))
        if config.get("format") != FORMAT:
            raise ClassifierError(f"{directory}: not a model of the format {FORMAT}")
        return _Model(config, load_file(directory / WEIGHTS_FILE)["weights"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        if isinstance(error, ClassifierError):
            raise
        raise ClassifierError(f"{directory}: the model cannot be read: {error}") from None


def _content_hash(directory: Path) -> str:
    digest = hashlib.sha256((directory / CONFIG_FILE).read_bytes())
    digest.update((directory / WEIGHTS_FILE).read_bytes())
    return digest.hexdigest()[:12]
