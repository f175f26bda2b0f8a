"""Texts as vectors: what they are about, for topics, themes and near-copies.

The encoder is multilingual-e5-small (Wang et al., 2024) as it was before it learnt sentiment, over
the vocabulary, and with the tokenizer, of the model that ships. Its weights are those of the file
that training begins with, in four bits. A vector is the mean over a text's last states.
"""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifiers import four_bits, machine, neural
from classifiers.base import ClassifierError
from classifiers.reader import SLICE_TEXTS, Encoded, readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).parent / "models" / "base"
FORMAT: Final = "encoder-q4-1"
PREFIX: Final = "query: "  # as the encoder was trained: for texts to compare with each other
LONGEST: Final = 512


class Embedder:
    """Makes vectors of texts. directory, precision: as for `neural.NeuralClassifier`.

    tokenizer: the file whose vocabulary the weights are for. Raises ClassifierError if they are not
    there, or if they do not belong together.
    """

    def __init__(
        self,
        directory: Path = SHIPPED,
        *,
        tokenizer: Path = neural.SHIPPED / neural.TOKENIZER_FILE,
        precision: str | None = None,
    ) -> None:
        from classifiers.encoder import WORDS, Encoder, Shape  # noqa: PLC0415

        config = neural.read_config(directory)
        if config.get("format") != FORMAT:
            raise ClassifierError(f"{directory}: not embeddings of the format {FORMAT}")
        self._tokenizer = neural.read_tokenizer(tokenizer)
        kept = neural.read_weights(directory / neural.WEIGHTS_FILE)
        nibbles, scales = kept[WORDS + four_bits.NIBBLES], kept[WORDS + four_bits.SCALES]
        if len(nibbles) != self._tokenizer.get_vocab_size():
            raise ClassifierError(
                f"{directory}: for {len(nibbles)} pieces, and {tokenizer} has"
                f" {self._tokenizer.get_vocab_size()}; make both again from one vocabulary"
            )
        self.width = int(config["hidden_size"])
        self._longest = min(LONGEST, int(config["max_position_embeddings"]))
        shape = Shape(
            heads=int(config["num_attention_heads"]),
            layers=int(config["num_hidden_layers"]),
            epsilon=float(config["layer_norm_eps"]),
        )
        self._encoder = Encoder(
            four_bits.Widened(kept),
            shape,
            precision or machine.precision_of(machine.cpu_flags()),
            mean=True,
            words=lambda ids: four_bits.widened(nibbles[ids], scales[ids]),
        )

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
