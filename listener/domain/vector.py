"""Vectors of texts: who makes them, and how they are kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]  # of unit length


class Embedder(Protocol):
    """Makes vectors of texts, and survives every text."""

    @property
    def version(self) -> str | None:
        """Which vectors these are; None where there are none to be had."""
        ...

    def embed(self, texts: Sequence[str]) -> "list[Vector | None]":
        """Give the vector of each text, of unit length; None for one that it cannot bear."""
        ...


def packed(vector: "Vector") -> bytes:
    """A vector as it is kept: little-endian float16."""
    import numpy as np  # noqa: PLC0415

    return np.asarray(vector, "<f2").tobytes()


def unpacked(kept: bytes) -> "Vector":
    import numpy as np  # noqa: PLC0415

    return np.frombuffer(kept, "<f2").astype(np.float32)
