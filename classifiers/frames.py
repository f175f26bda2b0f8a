"""How a supervised model and its keeper talk: JSON with its length in front, over two pipes.

A frame is four bytes of length (big-endian) and so many bytes of JSON in UTF-8, in which lone
surrogates pass, so that any `str` arrives as it left. Probabilities travel as base64 of doubles:
exact, and ten times faster than digits. Vectors travel as base64 of floats.
"""

import base64
import json
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from classifiers.base import Prediction
from classifiers.naming import Named, Towards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_FRAME: Final = 1 << 28  # bytes; more than this is no frame of ours
HEADER_BYTES: Final = 4


class FrameError(Exception):
    """What came through the pipe is no frame."""


def pack(message: dict[str, Any]) -> bytes:
    """Write one message as a frame."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    encoded = body.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(HEADER_BYTES, "big") + encoded


def length_of(header: bytes) -> int:
    """Read how many bytes follow the header."""
    length = int.from_bytes(header, "big")
    if length > LONGEST_FRAME:
        raise FrameError(f"a frame of {length} bytes")
    return length


def unpack(body: bytes | bytearray) -> dict[str, Any]:
    """Read the body of a frame."""
    try:
        message = json.loads(body.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise FrameError(f"not JSON: {error}") from None
    if not isinstance(message, dict):
        raise FrameError("not an object")
    return message


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """Wait for the next message; None when the other end has closed."""
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return None
    length = length_of(header)
    body = stream.read(length)
    return unpack(body) if len(body) == length else None


def pack_predictions(predictions: Sequence[Prediction]) -> str:
    """Write the probabilities of predictions, three doubles each."""
    flat = array("d")
    for each in predictions:
        flat.extend((each.negative, each.neutral, each.positive))
    return base64.b64encode(flat.tobytes()).decode("ascii")


def unpack_predictions(packed: object, count: int) -> list[Prediction]:
    """Read so many predictions; anything else is a FrameError."""
    flat = array("d")
    try:
        flat.frombytes(base64.b64decode(str(packed), validate=True))
    except ValueError as error:
        raise FrameError(f"not predictions: {error}") from None
    if len(flat) != 3 * count:
        raise FrameError(f"{len(flat) / 3:g} predictions for {count} texts")
    return list(map(Prediction.of, flat[0::3], flat[1::3], flat[2::3]))


def pack_vectors(vectors: "NDArray[np.float32]") -> str:
    """Write vectors, [texts, width]."""
    return base64.b64encode(vectors.astype("<f4").tobytes()).decode("ascii")


def unpack_vectors(packed: object, count: int) -> "list[NDArray[np.float32]]":
    """Read so many vectors, each [width]; anything else is a FrameError."""
    import numpy as np  # noqa: PLC0415

    try:
        flat = np.frombuffer(base64.b64decode(str(packed), validate=True), "<f4")
        return list(flat.astype(np.float32).reshape(count, -1 if len(flat) else 0))
    except ValueError as error:
        raise FrameError(f"not {count} vectors: {error}") from None


def pack_towards(found: Sequence[Towards]) -> dict[str, Any]:
    """Write what texts say of their names: all predictions in a row, and who stands above whom."""
    return {
        "probabilities": pack_predictions([each for one in found for each in one.predictions]),
        "above": [one.above for one in found],
    }


def unpack_towards(packed: object, said: Sequence[Named]) -> list[Towards]:
    """Read what these texts say of their names; anything else is a FrameError."""
    if not isinstance(packed, dict) or len(packed.get("above") or ()) != len(said):
        raise FrameError(f"no answer for {len(said)} texts")
    count = sum(len(one.names) for one in said)
    each = iter(unpack_predictions(packed.get("probabilities"), count))
    return [
        Towards(
            tuple(next(each) for _ in one.names),
            tuple((int(better), int(worse)) for better, worse in above),
        )
        for one, above in zip(said, packed["above"], strict=True)
    ]


def unpack_named(packed: Sequence[Any]) -> list[Named]:
    """Read texts and where names stand in them, as JSON has them."""
    return [
        Named(text, tuple(tuple((start, end) for start, end in places) for places in names))
        for text, names in packed
    ]
