"""From texts to predictions, whatever the model: each different text is computed once.

People say the same things, and copy each other: texts that are cut into the same tokens have one
answer. The answers of the last few thousand are kept, for posts that go around.
"""

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Protocol

from classifiers.base import Prediction
from classifiers.windows import Windows, pooled, softmax

SLICE_TEXTS: Final = 2048  # cut into tokens at once, so that memory stays bounded
REMEMBERED: Final = 8192
READ_CHARACTERS: Final = 8000

Encoded = tuple[int, ...]


class Model(Protocol):
    """What a Reader asks of a model."""

    def encode(self, texts: list[str]) -> list[Encoded]:
        """Give the token ids of each text, special ones included."""

    def logits(self, encoded: Sequence[Encoded]) -> list[list[float]]:
        """Give a row of logits for each."""


class Reader:
    """Reads texts by a model.

    outputs: which of LABELS each output of the model stands for; several may stand for one.
    windows: how long texts are cut, None if the model does that in `encode`.
    """

    def __init__(self, model: Model, outputs: Sequence[int], windows: Windows | None) -> None:
        self._model = model
        self._outputs = outputs
        self._windows = windows
        self._known: OrderedDict[Encoded, Prediction] = OrderedDict()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order."""
        predictions: list[Prediction] = []
        for start in range(0, len(texts), SLICE_TEXTS):
            cut = [readable(text) for text in texts[start:][:SLICE_TEXTS]]
            predictions += self._predict(self._model.encode(cut))
        return predictions

    def _predict(self, encoded: list[Encoded]) -> list[Prediction]:
        found = {each: self._known[each] for each in encoded if each in self._known}
        new = list(dict.fromkeys(each for each in encoded if each not in found))
        pieces = [self._windows.cut(each) if self._windows else [each] for each in new]
        rows = iter(self._model.logits(list(itertools.chain.from_iterable(pieces))))
        for each, parts in zip(new, pieces, strict=True):
            found[each] = self._summed(pooled(list(itertools.islice(rows, len(parts)))))
        self._remember(found)
        return [found[each] for each in encoded]

    def _remember(self, found: dict[Encoded, Prediction]) -> None:
        for each, prediction in found.items():
            self._known[each] = prediction
            self._known.move_to_end(each)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _summed(self, logits: Sequence[float]) -> Prediction:
        sums = [0.0, 0.0, 0.0]
        for output, probability in zip(self._outputs, softmax(logits), strict=True):
            sums[output] += probability
        return Prediction.of(*sums)


def readable(text: str) -> str:
    """Give a tokenizer what it can take: no lone surrogates, and of a huge text both ends."""
    if len(text) > READ_CHARACTERS:
        half = READ_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    return text.encode("utf-8", "replace").decode("utf-8")
