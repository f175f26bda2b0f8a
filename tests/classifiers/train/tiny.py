"""A base as small as can be, of random weights, and the file that the package would keep it in."""

import struct
from pathlib import Path

import numpy as np

from classifiers.train.neural.base import BLOCK_WEIGHTS, EMBEDDINGS, LAYER_PARTS, MAGIC, Base, Shape

SHAPE = Shape(
    hidden=32,
    layers=2,
    heads=2,
    feed_forward=64,
    pieces=0,
    positions=64,
    types=2,
    epsilon=1e-12,
)
WORDS = ("awful", "late", "broken", "monday", "office", "desk", "fine", "joy", "wow", "so", "on")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789@.!:/-äéß好吃服务餐廳ㄅか한😀"


def tiny_base(seed: int = 0) -> Base:
    chance = np.random.default_rng(seed)
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS]
    pieces += [f"▁{word}" for word in WORDS] + ["user", "▁http", "ment", "გამარჯობა", "<mask>"]
    scores = (-1.0 - np.arange(len(pieces)) / 20).astype(np.float32)
    tensors = {
        EMBEDDINGS["emb.word"]: blocks(chance, len(pieces) + 3, SHAPE.hidden),
        EMBEDDINGS["emb.pos"]: some(chance, SHAPE.positions, SHAPE.hidden),
        EMBEDDINGS["emb.type"]: some(chance, SHAPE.types, SHAPE.hidden),
        EMBEDDINGS["emb.ln.w"]: np.ones(SHAPE.hidden, np.float32),
        EMBEDDINGS["emb.ln.b"]: some(chance, SHAPE.hidden),
    }
    for layer in range(SHAPE.layers):
        for short, part in LAYER_PARTS.items():
            top = SHAPE.feed_forward if short == "fi" else SHAPE.hidden
            name = f"encoder.layer.{layer}.{part}"
            tensors[f"{name}.bias"] = some(chance, top)
            wide = SHAPE.feed_forward if short == "fo" else SHAPE.hidden
            norm = np.ones(top, np.float32)
            tensors[f"{name}.weight"] = norm if "ln" in short else blocks(chance, top, wide)
    return Base(
        shape=shape_of(len(pieces) + 3),
        pieces=tuple(pieces),
        scores=scores,
        bos=0,
        eos=2,
        pad=1,
        unknown=3,
        tensors=tensors,
    )


def shape_of(pieces: int) -> Shape:
    return Shape(
        hidden=SHAPE.hidden,
        layers=SHAPE.layers,
        heads=SHAPE.heads,
        feed_forward=SHAPE.feed_forward,
        pieces=pieces,
        positions=SHAPE.positions,
        types=SHAPE.types,
        epsilon=SHAPE.epsilon,
    )


def some(
    chance: np.random.Generator, *size: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return chance.normal(0, 0.1, size).astype(np.float32)


def blocks(
    chance: np.random.Generator, rows: int, columns: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Weights that four bits hold exactly: whole numbers from -8 to 7, times 1/32."""
    return (chance.integers(-8, 8, (rows, columns)) / 32).astype(np.float32)


def write_file(base: Base, path: Path) -> None:
    shape = base.shape
    names = [each.encode() for each in base.pieces]
    head = MAGIC + struct.pack("<I", 1)
    head += struct.pack(
        "<7i",
        *(shape.hidden, shape.layers, shape.heads, shape.feed_forward),
        *(shape.pieces, shape.positions, shape.types),
    )
    head += struct.pack("<fi", shape.epsilon, BLOCK_WEIGHTS)
    head += struct.pack("<5i", len(names), base.bos, base.eos, base.pad, base.unknown)
    head += struct.pack("<Q", sum(map(len, names)))
    head += np.cumsum([0, *map(len, names)]).astype("<u4").tobytes()
    head += base.scores.astype("<f4").tobytes() + b"".join(names)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x2026, 1, 0x2E)
    entries = [(short_name(name), values) for name, values in base.tensors.items()]
    size = len(head) + 4 + sum(2 + len(name) + 21 for name, _ in entries)
    directory, bodies = struct.pack("<i", len(entries)), b""
    for name, values in entries:
        body = quantised(values) if is_matrix(name) else values.astype("<f4").tobytes()
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, values.size, size + len(bodies), len(body))
        bodies += body
    path.write_bytes(head + directory + bodies)


def short_name(name: str) -> str:
    for short, long in EMBEDDINGS.items():
        if name == long:
            return short
    _, _, layer, rest = name.split(".", 3)
    part, _, kind = rest.rpartition(".")
    short = next(each for each, long in LAYER_PARTS.items() if long == part)
    return f"l{layer}.{short}.{kind[0]}"


def is_matrix(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln" not in name)


def quantised(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    nibbles = (values * 32 + 8).astype(np.uint8).reshape(-1, BLOCK_WEIGHTS)
    scales = np.full((len(nibbles), 1), 1 / 32, "<f2").view(np.uint8)
    packed = nibbles[:, :16] | (nibbles[:, 16:] << 4)
    return np.concatenate([scales, packed], axis=1).tobytes()
