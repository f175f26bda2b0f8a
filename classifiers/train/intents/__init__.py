"""Trains the model of intents: `python -m classifiers.train intents --data ../shared/data`.

It learns from 480 texts of the labelled sets that a person read (`labels.jsonl`: ids and labels),
none of which `bench.intents` measures with, and from invented ones in many languages. Each text is
there twice, with the sentiment of either model that ships.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers import embeddings, load
from classifiers.intents.features import Seen, matrix, seen
from classifiers.intents.reader import (
    CONFIG_FILE,
    FORMAT,
    INTENTS,
    VECTORS,
    WEIGHTS_FILE,
    WORDS,
    centre,
)
from classifiers.intents.reader import SHIPPED as SHIPPED
from classifiers.intents.reasons import NEEDED
from classifiers.train.intents.examples import EXAMPLES

LABELS: Final = Path(__file__).with_name("labels.jsonl")
NONE: Final = len(INTENTS)
STRENGTH: Final = {WORDS: 0.3, VECTORS: 0.1}  # C of the intent; tried: 0.03 to 1, cross-validated
NEEDS_STRENGTH: Final = 0.1
INVENTED_WEIGHT: Final = 0.5
FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what it wants. `intent`: its place in INTENTS, NONE for none."""

    text: str
    intent: int
    needs_answer: bool
    invented: bool


def train(data: Path, out: Path, seed: int, say: Callable[[str], None]) -> None:
    """Fit, cross-validate and write the model. Raises FileNotFoundError where a set lacks."""
    import numpy as np  # noqa: PLC0415
    from safetensors.numpy import save_file  # noqa: PLC0415

    examples = [*_read(data), *_invented()]
    say(f"{len(examples)} texts, {sum(one.invented for one in examples)} of them invented")
    texts = [one.text for one in examples]
    vectors = embeddings.embed(texts)
    mean = vectors.mean(axis=0, dtype=np.float64)
    learnt = _Learnt(examples, [seen(text) for text in texts], centre(vectors, mean))
    tensors: dict[str, Any] = {"mean": mean.astype(np.float32)}
    for kind in (WORDS, VECTORS):
        say(f"{kind}, {FOLDS} folds: {learnt.cross_validated(kind, seed)}")
        tensors |= learnt.fitted(kind)
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out / WEIGHTS_FILE)
    config = {"format": FORMAT, "vectors": embeddings.version(), "needs_answer_at": 0.5}
    (out / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    say(f"written to {out}")


def _read(data: Path) -> Iterator[Example]:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    texts: dict[tuple[str, str], str] = {}
    for name in sorted({row["set"] for row in rows}):
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            texts |= {(name, one["id"]): one["text"] for one in map(json.loads, file)}
    for row in rows:
        text = texts[row["set"], row["id"]]
        yield Example(text, _number(row["intent"]), row["needs_answer"], invented=False)


def _invented() -> Iterator[Example]:
    for line in EXAMPLES.splitlines():
        intent, why, text = line.split(" ", 2)
        yield Example(text, _number(intent), why in NEEDED, invented=True)


def _number(intent: str) -> int:
    return NONE if intent == "none" else INTENTS.index(intent)


class _Learnt:
    """The examples laid out for fitting, each with the sentiment of either model."""

    def __init__(self, examples: list[Example], read: list[Seen], vectors: Any) -> None:
        import numpy as np  # noqa: PLC0415

        self._examples = examples
        self._features: dict[str, list[Any]] = {WORDS: [], VECTORS: []}
        for name in ("default", "fast"):
            model = load(name)
            found = model.predict([one.text for one in examples])
            said = [(p.negative, p.neutral, p.positive) for p in found]
            self._features[WORDS].append(matrix(read, said))
            self._features[VECTORS].append(matrix(read, said, vectors))
            model.close()
        self._intents = np.array([one.intent for one in examples])
        self._needs = np.array([one.needs_answer for one in examples])
        self._weights = np.array([INVENTED_WEIGHT if e.invented else 1.0 for e in examples]) / 2

    def _fit(self, kind: str, rows: Any) -> tuple[Any, Any]:
        import numpy as np  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        features = np.vstack([some[rows] for some in self._features[kind]])
        weights = np.tile(self._weights[rows], 2)
        intent = LogisticRegression(C=STRENGTH[kind], max_iter=3000, class_weight="balanced")
        intent.fit(features, np.tile(self._intents[rows], 2), sample_weight=weights)
        needs = LogisticRegression(C=NEEDS_STRENGTH, max_iter=3000)
        needs.fit(features, np.tile(self._needs[rows], 2), sample_weight=weights)
        return intent, needs

    def fitted(self, kind: str) -> dict[str, Any]:
        """The weights of all examples."""
        import numpy as np  # noqa: PLC0415

        intent, needs = self._fit(kind, np.arange(len(self._examples)))
        return {
            f"{kind}.intent": np.ascontiguousarray(intent.coef_.T, np.float32),
            f"{kind}.intent_bias": intent.intercept_.astype(np.float32),
            f"{kind}.needs": np.ascontiguousarray(needs.coef_[0], np.float32),
            f"{kind}.needs_bias": needs.intercept_.astype(np.float32)[:1],
        }

    def cross_validated(self, kind: str, seed: int) -> str:
        """How well it does on real texts that it was not fitted on."""
        import numpy as np  # noqa: PLC0415
        from sklearn.metrics import f1_score  # noqa: PLC0415
        from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415

        real = np.flatnonzero([not one.invented for one in self._examples])
        invented = np.flatnonzero([one.invented for one in self._examples])
        said = np.zeros(len(self._examples), np.int64)
        asked = np.zeros(len(self._examples), np.bool_)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for known, fresh in folds.split(real, self._intents[real]):
            intent, needs = self._fit(kind, np.concatenate([real[known], invented]))
            rows = self._features[kind][0][real[fresh]]
            said[real[fresh]] = intent.predict(rows)
            asked[real[fresh]] = needs.predict(rows)
        seven = list(range(len(INTENTS)))
        macro = f1_score(self._intents[real], said[real], labels=seven, average="macro")
        yes = f1_score(self._needs[real], asked[real])
        no = f1_score(~self._needs[real], ~asked[real])
        return f"macro-F1 of intent {macro:.3f}; needs an answer: F1 {yes:.3f}, of no {no:.3f}"
