"""Any Hugging Face sequence classifier, from a local directory or by its id in a hub.

Only safetensors are read, and no code that comes with a model is run: a model is data. Batches
are made of texts of like length, which spares about a third of the time against unsorted ones.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.label_names import meanings

READ_CHARACTERS: Final = 8000  # no model reads more; the tokenizer need not either
BATCH_TOKENS: Final = 4096  # padding included
BATCH_TEXTS: Final = 64
LONGEST_TOKENS: Final = 512
SLICE_TEXTS: Final = 2048  # tokenised at once, so that memory stays bounded
_UNLIMITED: Final = 100_000  # tokenizers without a limit state an absurd one


class HuggingFaceClassifier:
    """A Classifier around `AutoModelForSequenceClassification`; torch and transformers needed.

    Raises ClassifierError if the model cannot be found, has no safetensors, needs code of its own,
    or has labels that mean nothing to us.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        if Path(name).is_dir():
            _refuse_pickles(Path(name))
        self._tokenizer, self._model = _load(name)
        config = self._model.config
        self._outputs = meanings(
            {int(at): str(label) for at, label in config.id2label.items()}, name
        )
        if len(self._outputs) != config.num_labels:
            raise ClassifierError(f"{name}: {config.num_labels} outputs, other names for them")
        self._longest = _longest(self._tokenizer, config)
        self._version = f"{name}@{_content_hash(name, self._model)}"

    @property
    def name(self) -> str:
        """The directory or id that it was loaded from."""
        return self._name

    @property
    def version(self) -> str:
        """The name, and a hash of the weights and the labels."""
        return self._version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that its outputs stand for."""
        return tuple(label for at, label in enumerate(LABELS) if at in self._outputs)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order; only the first tokens are read."""
        predictions: list[Prediction] = []
        for start in range(0, len(texts), SLICE_TEXTS):
            predictions += self._predict([_readable(text) for text in texts[start:][:SLICE_TEXTS]])
        return predictions

    def _predict(self, texts: list[str]) -> list[Prediction]:
        import torch  # noqa: PLC0415

        encoded = self._tokenizer(texts, truncation=True, max_length=self._longest)
        lengths = [len(ids) for ids in encoded["input_ids"]]
        predictions: list[Prediction | None] = [None] * len(texts)
        for indices in _by_length(lengths):
            batch = self._tokenizer.pad(
                {key: [values[at] for at in indices] for key, values in encoded.items()},
                return_tensors="pt",
            )
            with torch.inference_mode():
                logits = self._model(**batch).logits
            for at, row in zip(indices, logits.double().softmax(-1).tolist(), strict=True):
                predictions[at] = self._summed(row)
        return [each for each in predictions if each is not None]

    def _summed(self, probabilities: list[float]) -> Prediction:
        sums = [0.0, 0.0, 0.0]
        for output, probability in zip(self._outputs, probabilities, strict=True):
            sums[output] += probability
        return Prediction.of(*sums)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None


def _refuse_pickles(directory: Path) -> None:
    if not (directory / "config.json").is_file():
        raise ClassifierError(f"{directory}: no config.json, so this is no model directory")
    if not any(directory.glob("*.safetensors")):
        raise ClassifierError(
            f"{directory}: no .safetensors in it; weights in other formats can run code and are"
            " not read. Convert them: load the model with transformers where you trust it, and"
            " call save_pretrained"
        )


def _load(name: str) -> tuple[Any, Any]:
    try:
        import torch  # noqa: PLC0415
        from transformers import (  # noqa: PLC0415
            AutoModelForSequenceClassification,
            AutoTokenizer,
        )
    except ImportError as error:
        raise ClassifierError(
            f"{name}: needs torch and transformers ({error}); install them, or use `fast`"
        ) from None
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        model = AutoModelForSequenceClassification.from_pretrained(
            name, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ClassifierError(_why_not(name, error)) from None
    return tokenizer, model.eval()


def _why_not(name: str, error: Exception) -> str:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if Path(name).is_dir():
        return f"{name}: cannot be loaded: {first}"
    return (
        f"{name}: there is no such directory, and as a model id it cannot be loaded: {first}"
        " -- without network, a model must be in the local cache"
        " (HF_HOME) or be named by its directory; HF_ENDPOINT names another hub"
    )


def _longest(tokenizer: Any, config: Any) -> int:
    """How many tokens the model takes: the least of what its parts say."""
    limits = [LONGEST_TOKENS]
    stated = getattr(tokenizer, "model_max_length", None)
    if stated and stated < _UNLIMITED:
        limits.append(int(stated))
    positions = getattr(config, "max_position_embeddings", None)
    if positions and positions > 0:
        padded = config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet")
        limits.append(int(positions) - 2 if padded else int(positions))  # theirs begin at 2
    return min(limits)


def _by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices, longest first, in batches of at most so many texts and padded tokens."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda each: (-lengths[each], each)):
        widest = lengths[batch[0]] if batch else 0
        if batch and (len(batch) >= BATCH_TEXTS or (len(batch) + 1) * widest > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _readable(text: str) -> str:
    """Give the tokenizer what it can take: no lone surrogates, no more than it will read."""
    return text[:READ_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _content_hash(name: str, model: Any) -> str:
    """Hash the weights of a directory, or of what the hub gave, with the names of the labels."""
    digest = hashlib.sha256(repr(sorted(model.config.id2label.items())).encode())
    if Path(name).is_dir():
        for path in sorted(Path(name).iterdir()):
            if path.suffix in (".safetensors", ".json"):
                digest.update(os.fsencode(path.name))
                digest.update(path.read_bytes())
    else:
        digest.update(str(getattr(model.config, "_commit_hash", "")).encode())
    return digest.hexdigest()[:12]
