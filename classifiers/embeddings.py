"""Texts as vectors: what they are about, for topics, themes and near-copies.

The encoder is multilingual-e5-small (Wang et al., 2024) as it was before it learnt sentiment, over
the vocabulary of the model that ships. What that model has left as it was, its tokenizer, its
embeddings and its lowest layers, is read out of its files: they are there once. The layers above
are in the four bits of the file that training begins with. A vector is the mean over a text's last
states.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers import four_bits, machine, neural
from classifiers.base import ClassifierError
from classifiers.reader import SLICE_TEXTS, Encoded, readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).parent / "models" / "base"
FORMAT: Final = "encoder-q4-2"
PREFIX: Final = "query: "  # as the encoder was trained: for texts to compare with each other
LONGEST: Final = 512
OF_THE_MODEL: Final = "bert."  # what its tensors' names begin with

Tensors = dict[str, Any]


class Embedder:
    """Makes vectors of texts. directory, precision: as for `neural.NeuralClassifier`.

    model: the directory whose vocabulary and lowest layers it shares. Raises ClassifierError if
    weights are not there, or do not belong together.
    """

    def __init__(
        self,
        directory: Path = SHIPPED,
        *,
        model: Path = neural.SHIPPED,
        precision: str | None = None,
    ) -> None:
        from classifiers.encoder import Encoder, Shape  # noqa: PLC0415

        config = neural.read_config(directory)
        if config.get("format") != FORMAT:
            raise ClassifierError(f"{directory}: not embeddings of the format {FORMAT}")
        self._tokenizer = neural.read_tokenizer(model / neural.TOKENIZER_FILE)
        own = neural.read_weights(directory / neural.WEIGHTS_FILE)
        lent = shared(neural.read_weights(model / neural.WEIGHTS_FILE), config["shared"])
        pieces = self._tokenizer.get_vocab_size()
        if config["pieces"] != pieces or config["shared_hash"] != hash_of(lent):
            raise ClassifierError(
                f"{directory}: made for another model than the one in {model}; make it again:"
                " python -m classifiers.train embeddings"
            )
        self.width = int(config["hidden_size"])
        self._longest = min(LONGEST, int(config["max_position_embeddings"]))
        shape = Shape(
            heads=int(config["num_attention_heads"]),
            layers=int(config["num_hidden_layers"]),
            epsilon=float(config["layer_norm_eps"]),
        )
        precision = precision or machine.precision_of(machine.cpu_flags())
        self._encoder = Encoder(four_bits.Widened({**lent, **own}), shape, precision, mean=True)

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Give a vector of unit length for each text, float32 [texts, width], in their order.

        Of a long text the first 512 tokens are read.
        """
        import numpy as np  # noqa: PLC0415

        vectors = np.empty((len(texts), self.width), np.float32)
        for start in range(0, len(texts), SLICE_TEXTS):
            some = [PREFIX + readable(text) for text in texts[start : start + SLICE_TEXTS]]
            encoded = [self._cut(each) for each in neural.encode(self._tokenizer, some)]
            vectors[start : start + len(some)] = self._embed(encoded)
        return vectors

    def _cut(self, ids: Encoded) -> Encoded:
        return ids if len(ids) <= self._longest else (*ids[: self._longest - 1], ids[-1])

    def _embed(self, encoded: list[Encoded]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415

        from classifiers.forward import computed  # noqa: PLC0415

        different = list(dict.fromkeys(encoded))
        at = {each: number for number, each in enumerate(different)}
        made = np.array(computed(different, self._encoder.states), np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        found: NDArray[np.float32] = made[[at[each] for each in encoded]]
        return found


@functools.cache
def _shipped() -> Embedder:
    return Embedder()


def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Give a vector of unit length for each text, float32 [texts, 384]; the first call loads."""
    return _shipped().embed(texts)


def version(directory: Path = SHIPPED) -> str:
    """Tell which vectors these are, without loading anything; others cannot be compared with them.

    Raises ClassifierError if the weights are not there.
    """
    config = neural.read_config(directory)
    if not (directory / neural.WEIGHTS_FILE).is_file():
        raise ClassifierError(f"{directory}: the weights for vectors are not there")
    return f"{directory.name}@{config['shared_hash']}"


def shared(weights: Mapping[str, Any], parts: Sequence[str]) -> Tensors:
    """Give those tensors of a model that belong to these parts, `encoder.layer.0.` and the like."""
    named = {name.removeprefix(OF_THE_MODEL): tensor for name, tensor in weights.items()}
    return {name: each for name, each in named.items() if name.startswith(tuple(parts))}


def hash_of(tensors: Tensors) -> str:
    """Name tensors by what is in them, in twelve letters."""
    import torch  # noqa: PLC0415

    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
