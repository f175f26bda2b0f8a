"""Any Hugging Face sequence classifier, from a local directory or by its id in a hub.

Only safetensors are read, and no code that comes with a model is run: a model is data. Encoders of
BERT's kind are computed by our own forward pass; others by the library's, with texts of like length
together. Both compute each different text once, in bf16 where the CPU has it.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from classifiers import machine
from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.label_names import meanings
from classifiers.reader import Encoded, Model, Reader
from classifiers.windows import Windows

BATCH_TOKENS: Final = 2048  # padding included
BATCH_TEXTS: Final = 64
LONGEST_TOKENS: Final = 512
_UNLIMITED: Final = 100_000  # tokenizers without a limit state an absurd one


class HuggingFaceClassifier:
    """A Classifier around `AutoModelForSequenceClassification`; torch and transformers needed.

    Of a long text the first tokens are read, as many as the model takes, unless `windows` says how
    to cut it. precision: "bf16" or "fp32", by default what suits the CPU. Raises ClassifierError if
    the model cannot be found, has no safetensors, needs code of its own, or has labels that mean
    nothing to us.
    """

    def __init__(
        self, name: str, *, precision: str | None = None, windows: Windows | None = None
    ) -> None:
        self._name = name
        if Path(name).is_dir():
            _refuse_pickles(Path(name))
        precision = precision or machine.precision_of(machine.cpu_flags())
        tokenizer, network = _load(name, precision)
        config = network.config
        self._outputs = meanings(
            {int(at): str(label) for at, label in config.id2label.items()}, name
        )
        if len(self._outputs) != config.num_labels:
            raise ClassifierError(f"{name}: {config.num_labels} outputs, other names for them")
        self._version = f"{name}@{_content_hash(name, network)}"
        longest = None if windows else _longest(tokenizer, config)
        model = _ours(tokenizer, network, longest, precision) or _Library(
            tokenizer, network, longest
        )
        self._reader: Reader | None = Reader(model, self._outputs, windows)

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
        """Give one prediction for each text, in their order."""
        if self._reader is None:
            raise ClassifierError(f"{self._name}: the classifier has been closed")
        return self._reader.predict(texts)

    def close(self) -> None:
        """Let go of the model."""
        self._reader = None


class _Tokenizer:
    """The library's tokenizer: texts to ids."""

    def __init__(self, tokenizer: Any, longest: int | None) -> None:
        self.all: Any = tokenizer
        self._limits = {"truncation": True, "max_length": longest} if longest else {}

    def encode(self, texts: list[str]) -> list[Encoded]:
        if not texts:
            return []
        encoded = self.all(texts, return_attention_mask=False, verbose=False, **self._limits)
        return [tuple(ids) for ids in encoded["input_ids"]]


class _Ours:
    """A model of a family that we know, by our own forward pass."""

    def __init__(self, tokenizer: _Tokenizer, network: Any) -> None:
        self.encode = tokenizer.encode
        self.logits = network.logits


def _ours(tokenizer: Any, network: Any, longest: int | None, precision: str) -> Model | None:
    from classifiers.families import take_apart  # noqa: PLC0415
    from classifiers.forward import Network  # noqa: PLC0415

    parts = take_apart(network.config.to_dict(), network.state_dict())
    if parts is None:
        return None
    return _Ours(_Tokenizer(tokenizer, longest), Network(parts, precision))


class _Library:
    """Any other model, by the library's forward pass: batches of like length, side by side."""

    def __init__(self, tokenizer: Any, network: Any, longest: int | None) -> None:
        self._tokenizer = _Tokenizer(tokenizer, longest)
        self.encode = self._tokenizer.encode
        self._network = network

    def logits(self, encoded: Sequence[Encoded]) -> list[list[float]]:
        from classifiers.forward import side_by_side  # noqa: PLC0415

        results: list[list[float]] = [[]] * len(encoded)

        def one(indices: list[int]) -> None:
            batch = self._tokenizer.all.pad(
                {"input_ids": [list(encoded[at]) for at in indices]}, return_tensors="pt"
            )
            rows = self._network(**batch).logits.double().tolist()
            for at, row in zip(indices, rows, strict=True):
                results[at] = row

        side_by_side(one, list(_by_length([len(each) for each in encoded])))
        return results


def _refuse_pickles(directory: Path) -> None:
    if not (directory / "config.json").is_file():
        raise ClassifierError(f"{directory}: no config.json, so this is no model directory")
    if not any(directory.glob("*.safetensors")):
        raise ClassifierError(
            f"{directory}: no .safetensors in it; weights in other formats can run code and are"
            " not read. Convert them: load the model with transformers where you trust it, and"
            " call save_pretrained"
        )


def _load(name: str, precision: str) -> tuple[Any, Any]:
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
    dtype = torch.bfloat16 if precision == machine.BF16 else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        model = AutoModelForSequenceClassification.from_pretrained(
            name, trust_remote_code=False, use_safetensors=True, dtype=dtype
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
