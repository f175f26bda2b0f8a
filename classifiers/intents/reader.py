"""The model of intents: two multinomial logistic regressions, with vectors and without."""

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.base import ClassifierError
from classifiers.intents.features import READ, matrix, seen
from classifiers.intents.reasons import reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

INTENTS: Final = ("complaint", "question", "praise", "wish", "purchase", "churn", "defect")
SHIPPED: Final = Path(__file__).parents[1] / "models" / "intents"
WEIGHTS_FILE: Final = "model.safetensors"
CONFIG_FILE: Final = "config.json"
FORMAT: Final = "intents-1"
WORDS, VECTORS = "words", "vectors"

Sentiment = tuple[float, float, float]  # negative, neutral, positive


@dataclass(frozen=True, slots=True)
class Wants:
    """What a text wants. `needs_answer`: whether a good team would reply, with the `reason`.

    The reason is one of `NEEDED` or of `NOT_NEEDED`.
    """

    intent: str | None  # one of INTENTS; None: none of them
    confidence: float  # how probable that intent is, or that there is none
    needs_answer: bool
    reason: str


class Reader:
    """Reads what texts want. directory: where the model lies.

    Raises ClassifierError if it is not there, or not of our format.
    """

    def __init__(self, directory: Path = SHIPPED) -> None:
        config, self._weights = _load(directory)
        self._vectors_by = str(config["vectors"])
        self._threshold = float(config["needs_answer_at"])
        digest = hashlib.sha256((directory / WEIGHTS_FILE).read_bytes())
        digest.update((directory / CONFIG_FILE).read_bytes())
        self.version = f"intents@{digest.hexdigest()[:12]}"

    def fits(self, vectors_by: str | None) -> bool:
        """Whether it was trained on these vectors (`embeddings.version()`)."""
        return vectors_by == self._vectors_by

    def read(
        self,
        texts: Sequence[str],
        sentiments: Sequence[Sentiment],
        vectors: "Sequence[Vector | None] | None" = None,
    ) -> list[Wants]:
        """Read texts, in their order; one without a vector is read by its words alone."""
        import numpy as np  # noqa: PLC0415

        found: list[Wants | None] = [None] * len(texts)
        given = vectors if vectors is not None else [None] * len(texts)
        with_one = [i for i, vector in enumerate(given) if vector is not None]
        without = [i for i, vector in enumerate(given) if vector is None]
        for kind, some in ((VECTORS, with_one), (WORDS, without)):
            if some:
                stacked = (
                    np.stack([v for i in some if (v := given[i]) is not None])
                    if kind == VECTORS
                    else None
                )
                read = self._read([texts[i] for i in some], [sentiments[i] for i in some], stacked)
                for i, wants in zip(some, read, strict=True):
                    found[i] = wants
        return [wants for wants in found if wants is not None]

    def _read(
        self, texts: Sequence[str], sentiments: Sequence[Sentiment], vectors: Any
    ) -> list[Wants]:
        import numpy as np  # noqa: PLC0415

        kind = WORDS if vectors is None else VECTORS
        all_seen = [seen(text[:READ]) for text in texts]
        centred = None if vectors is None else centre(vectors, self._weights["mean"])
        features = matrix(all_seen, sentiments, centred)
        logits = features @ self._weights[f"{kind}.intent"] + self._weights[f"{kind}.intent_bias"]
        logits -= logits.max(axis=1, keepdims=True)
        likely = np.exp(logits)
        likely /= likely.sum(axis=1, keepdims=True)
        needs = features @ self._weights[f"{kind}.needs"] + self._weights[f"{kind}.needs_bias"]
        needed = 1 / (1 + np.exp(-needs)) >= self._threshold
        found = []
        best, sure = likely.argmax(axis=1).tolist(), likely.max(axis=1).tolist()
        for one, at, confidence, asked in zip(all_seen, best, sure, needed.tolist(), strict=True):
            intent = INTENTS[at] if at < len(INTENTS) else None
            why = reason(intent, needed=asked, seen=one)
            found.append(Wants(intent, confidence, asked, why))
        return found


def centre(vectors: Any, mean: Any) -> Any:
    """Take away what all texts have in common; of unit length again."""
    import numpy as np  # noqa: PLC0415

    moved = np.asarray(vectors, np.float64) - mean
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)


@functools.cache
def shipped() -> Reader:
    """The reader that ships; the first call loads it."""
    return Reader()


def _load(directory: Path) -> tuple[dict[str, Any], Mapping[str, Any]]:
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.numpy import load_file  # noqa: PLC0415

    try:
        config = json.loads((directory / CONFIG_FILE).read_text("utf-8"))
        if config.get("format") != FORMAT:
            raise ClassifierError(f"{directory}: not a model of the format {FORMAT}")
        return config, load_file(directory / WEIGHTS_FILE)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        if isinstance(error, ClassifierError):
            raise
        raise ClassifierError(f"{directory}: the model cannot be read: {error}") from None
