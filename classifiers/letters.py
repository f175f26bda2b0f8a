"""Which language a text in Latin letters is in: a linear model over its n-grams, without numpy.

Features are the runs of one to four characters, and whole words (Cavnar and Trenkle, 1994); the
model is a multinomial logistic regression over the languages that `../shared/data` has texts of.
It is small, and is asked only where CLD2 is in doubt (see `classifiers.language`): the languages
that it never met are all strange to it, and it would give their texts to a neighbour.

The weights of an n-gram lie in one long integer, a field for each language, so that summing them
over a text is Python's own addition: 10 microseconds for a short one.
"""

import functools
import json
import math
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parent / "models" / "language"
WEIGHTS_FILE: Final = "model.safetensors"
NGRAMS_FILE: Final = "ngrams.txt"
CONFIG_FILE: Final = "config.json"
FORMAT: Final = "language-ngrams-1"
READ_CHARACTERS: Final = 70  # a sentence says it; what follows only takes time
ORDERS: Final = (1, 2, 3, 4)
ZERO: Final = 128  # weights are kept as bytes above it, so that no sum borrows from its neighbour

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_REPEATED = re.compile(r"(.)\1{2,}")


def ngrams(text: str) -> list[str]:
    """Give the n-grams of the beginning of a text, as often as they occur; none without letters."""
    folded = _NOT_LETTERS.sub(" ", text[: 2 * READ_CHARACTERS].lower()).strip()
    if not folded:
        return []
    folded = _REPEATED.sub(r"\1\1", folded)[:READ_CHARACTERS]
    line = f" {folded} "
    found = [f" {word} " for word in line.split() if len(word) > 2]  # shorter ones are among these:
    found += line
    for order in ORDERS[1:]:
        found += map("".join, zip(*(line[start:] for start in range(order)), strict=False))
    return found


class Letters:
    """The model of a directory."""

    def __init__(self, directory: Path = SHIPPED) -> None:
        from safetensors import deserialize  # noqa: PLC0415

        config = json.loads((directory / CONFIG_FILE).read_text("utf-8"))
        if config["format"] != FORMAT:
            raise ValueError(f"{directory}: not a model of the format {FORMAT}")
        self.languages: tuple[str, ...] = tuple(config["languages"])
        self._bias: list[float] = config["bias"]
        self._scale: float = config["scale"]
        size = len(self.languages)
        keys = (directory / NGRAMS_FILE).read_text("utf-8").split("\n")
        ((_, tensor),) = deserialize((directory / WEIGHTS_FILE).read_bytes())  # type: ignore[no-untyped-call]
        packed = bytes(tensor["data"])
        fields = bytearray(4 * len(packed))
        fields[::4] = packed  # four bytes each: room for sums over a thousand n-grams
        whole, width = bytes(fields), 4 * size
        self._weights: Callable[[str], int | None] = {
            key: int.from_bytes(whole[at * width : (at + 1) * width], "little")
            for at, key in enumerate(keys)
        }.get
        self._unpack = struct.Struct(f"<{size}I").unpack
        self._width = width

    def chances(self, text: str) -> dict[str, float]:
        """Give each of `languages` its probability; nothing where not one n-gram is known."""
        known = list(filter(None, map(self._weights, ngrams(text))))  # none weighs nothing: ZERO
        if not known:
            return {}
        scale, zero = self._scale / math.sqrt(len(known)), ZERO * len(known)
        sums = self._unpack(sum(known).to_bytes(self._width, "little"))
        logits = [(each - zero) * scale + bias for each, bias in zip(sums, self._bias, strict=True)]
        most = max(logits)
        parts = [math.exp(each - most) for each in logits]
        total = sum(parts)
        return {name: part / total for name, part in zip(self.languages, parts, strict=True)}


@functools.cache
def shipped() -> Letters:
    """The one that ships, read once."""
    return Letters()
