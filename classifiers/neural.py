"""The model that ships: a small BERT, fine-tuned for the sentiment of many languages.

Its directory is one that transformers can load; here it is read without that library, whose import
alone takes seconds and two hundred megabytes. Long texts are read through windows.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers import machine
from classifiers.base import LABELS, ClassifierError, Prediction
from classifiers.exits import EXIT_FILE, exit_of
from classifiers.label_names import meanings
from classifiers.near import EARLY, LATE, NEAR_FILE, near_of
from classifiers.reader import Encoded, Reader
from classifiers.windows import Windows

if TYPE_CHECKING:
    from classifiers.forward import Network

SHIPPED: Final = Path(__file__).parent / "models" / "default"
WEIGHTS_FILE: Final = "model.safetensors"
CONFIG_FILE: Final = "config.json"
TOKENIZER_FILE: Final = "tokenizer.json"
LONGEST: Final = 128  # tokens, where the directory does not say what it was trained with


class NeuralClassifier:
    """A Classifier that computes in bf16 where the CPU has it, on all cores that it may use.

    directory: where the model lies, by default the one that ships. precision: "bf16" or "fp32", by
    default what suits the CPU. exits: whether texts may leave early, where the model has an exit:
    off, all go through all layers. Raises ClassifierError if the model is not there or not of its
    kind.
    """

    def __init__(
        self,
        directory: Path = SHIPPED,
        *,
        name: str = "default",
        precision: str | None = None,
        exits: bool = True,
    ) -> None:
        self._name = name
        precision = precision or machine.precision_of(machine.cpu_flags())
        config = read_config(directory)
        names = {int(at): str(label) for at, label in config["id2label"].items()}
        outputs = meanings(names, str(directory))
        self._labels = tuple(label for at, label in enumerate(LABELS) if at in outputs)
        settings = config.get("listener", {})
        longest = int(settings.get("longest", LONGEST))
        model = _Model(directory, precision, exits=exits)
        self._reader: Reader | None = Reader(model, outputs, Windows(size=longest))
        read = [CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE]
        if exits and "exit" in settings:
            read.append(EXIT_FILE)
        if (directory / NEAR_FILE).is_file():
            read.append(NEAR_FILE)
        self._version = f"{name}@{_content_hash(directory, read)}"

    @property
    def name(self) -> str:
        """`default`, unless it was given another."""
        return self._name

    @property
    def version(self) -> str:
        """The name, and a hash of weights, settings and tokenizer; with exits off it is another."""
        return self._version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that its outputs stand for."""
        return self._labels

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Give one prediction for each text, in their order; a long one is read in windows."""
        if self._reader is None:
            raise ClassifierError(f"{self._name}: the classifier has been closed")
        return self._reader.predict(texts)

    def close(self) -> None:
        """Let go of the weights."""
        self._reader = None


class _Model:
    def __init__(self, directory: Path, precision: str, *, exits: bool) -> None:
        self._network = read_network(directory, precision, exits=exits)
        self._tokenizer = read_tokenizer(directory / TOKENIZER_FILE)

    def encode(self, texts: list[str]) -> list[Encoded]:
        return encode(self._tokenizer, texts)

    def logits(self, encoded: Sequence[Encoded]) -> list[list[float]]:
        return self._network.logits(encoded)


def read_network(directory: Path, precision: str, *, exits: bool = True) -> "Network":
    """Read the network of a directory, with its exit if it has one and `exits` says so.

    Where people corrected it, that is in it.
    """
    from classifiers.families import take_apart  # noqa: PLC0415
    from classifiers.forward import Network  # noqa: PLC0415

    config = read_config(directory)
    parts = take_apart(config, read_weights(directory / WEIGHTS_FILE))
    if parts is None:
        raise ClassifierError(f"{directory}: not a BERT-type sequence classifier")
    leave = config.get("listener", {}).get("exit") if exits else None
    corrected = directory / NEAR_FILE
    changes = read_weights(corrected) if corrected.is_file() else None
    try:
        early, late = (near_of(changes, one) if changes else None for one in (EARLY, LATE))
        out = exit_of(leave, read_weights(directory / EXIT_FILE), early) if leave else None
        return Network(parts, precision, out, late)
    except (KeyError, TypeError, ValueError) as error:
        raise ClassifierError(f"{directory}: the model cannot be read: {error}") from None


def encode(tokenizer: Any, texts: list[str]) -> list[Encoded]:
    """Give the token ids of texts."""
    return [tuple(each.ids) for each in tokenizer.encode_batch_fast(texts)]


def read_weights(path: Path) -> dict[str, Any]:
    """Read all tensors of a file, in the types that they are kept in.

    The file is mapped into memory, not copied: who else reads it shares it.
    """
    try:
        from safetensors import SafetensorError  # noqa: PLC0415
        from safetensors.torch import load_file  # noqa: PLC0415
    except ImportError as error:
        raise ClassifierError(f"{path}: needs torch ({error}); install it, or use `fast`") from None
    try:
        return dict(load_file(path))
    except (OSError, SafetensorError) as error:
        raise ClassifierError(f"{path}: the model cannot be read: {error}") from None


def read_tokenizer(path: Path) -> Any:
    """Read a `tokenizers.Tokenizer`; the file's own limits of length are lifted."""
    from tokenizers import Tokenizer  # noqa: PLC0415

    if not path.is_file():
        raise ClassifierError(f"{path}: there is no tokenizer here")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def read_config(directory: Path) -> dict[str, Any]:
    """Read the settings of a model's directory."""
    try:
        config: dict[str, Any] = json.loads((directory / CONFIG_FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ClassifierError(f"{directory}: the model cannot be read: {error}") from None
    return config


def _content_hash(directory: Path, names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()[:12]
