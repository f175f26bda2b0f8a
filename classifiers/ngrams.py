"""Hashed n-grams of characters and words, for a whole batch of texts at once.

Feature hashing follows Weinberger et al. (2009), without their sign bit; character n-grams across
word borders follow Cavnar and Trenkle (1994), pairs of words Wang and Manning (2012). The hashes
are polynomial (Karp and Rabin, 1987), so that an n-gram costs a multiplication and an addition
more than the (n-1)-gram that it extends, and a word the difference of two running sums.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from classifiers.han import SIMPLIFIED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHARACTER_ORDERS: Final = (1, 2, 3, 4, 5)
HEAD_CHARACTERS: Final = 1000  # of a long text its beginning and its end are read:
TAIL_CHARACTERS: Final = 500  # people say first what happened, and last what they make of it
SEPARATOR: Final = "\x00"

_LINK = re.compile(r"https?://[^\s\x00]+")
_BARE_LINK = re.compile(r"www\.[^\s\x00]+")
_HANDLE = re.compile(r"@\w{1,30}")

_BASE: Final = 0x01000193  # odd, so that its powers can be undone modulo 2**64
_SPREAD: Final = 0x9E3779B1  # 2**32 / golden ratio (Knuth, 1973): spreads neighbouring codes
_SPACE_CLASS, _WORD_CLASS, _SINGLE_CLASS = 0, 1, 2
_PLANES: Final = 0x20000  # characters beyond it are rare ideographs, each a token of its own


class Block(NamedTuple):
    """One kind of n-gram of a batch: text i has `buckets[starts[i]:starts[i + 1]]`.

    Bucket 0 stands for "no n-gram here" and must weigh nothing. No text is without an entry;
    `counts` says how many n-grams it really has.
    """

    buckets: "NDArray[np.uint32]"
    starts: "NDArray[np.intp]"
    counts: "NDArray[np.intp]"


def mask(text: str) -> str:
    """Write links as `http` and handles as `@user`, as the tweets of UMSAB have them."""
    if "http" in text or "www." in text:
        text = _BARE_LINK.sub("http", _LINK.sub("http", text))
    return _HANDLE.sub("@user", text) if "@" in text else text


def _framed(texts: Sequence[str]) -> str:
    """Join the texts, each as NUL, space, text, space; long ones lose their middle."""
    parts = [
        text
        if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS
        else f"{text[:HEAD_CHARACTERS]} {text[-TAIL_CHARACTERS:]}"
        for text in texts
    ]
    joined = " \x00 ".join(parts)
    if joined.count(SEPARATOR) != len(parts) - 1:
        joined = " \x00 ".join([part.replace(SEPARATOR, " ") for part in parts])
    return f"\x00 {mask(unicodedata.normalize('NFKC', joined).lower())} "


def codes_of(texts: Sequence[str]) -> "NDArray[np.uint32]":
    """Give the code points of the framed, masked, folded batch; a 0 begins each text."""
    import numpy as np  # noqa: PLC0415

    raw = np.frombuffer(_framed(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    known = raw < _PLANES
    codes = np.where(known, _folds()[np.where(known, raw, 0)], raw).astype(np.uint32)
    same = codes[2:] == codes[1:-1]
    same &= codes[1:-1] == codes[:-2]
    same &= codes[2:] != 0
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[2:] = ~same  # "soooo" is "soo"
    return codes[keep]


def blocks(texts: Sequence[str], bits: int) -> Iterator[Block]:
    """Yield the n-grams of the texts as buckets below 2**bits: characters by order, then words.

    texts: at least one. Memory grows by about 60 bytes for each character of the batch.
    """
    import numpy as np  # noqa: PLC0415

    codes = codes_of(texts)
    starts = np.flatnonzero(codes == 0)
    yield from _character_blocks(codes, starts, bits)
    yield from _word_blocks(codes, bits)


def _character_blocks(codes: Any, starts: Any, bits: int) -> Iterator[Block]:
    import numpy as np  # noqa: PLC0415

    size = len(codes)
    ends = np.append(starts[1:], size)
    spread = np.zeros(size + max(CHARACTER_ORDERS), dtype=np.uint32)
    np.multiply(codes, np.uint32(_SPREAD), out=spread[:size])
    hashes = np.zeros(size, dtype=np.uint32)
    for order in range(1, max(CHARACTER_ORDERS) + 1):
        hashes *= np.uint32(_BASE)
        hashes += spread[order - 1 : order - 1 + size]
        buckets = _buckets(hashes, order, bits)
        buckets[starts] = 0
        for before_end in range(1, order):  # may reach into the text before, where it is void too
            buckets[ends - before_end] = 0
        yield Block(buckets, starts, np.maximum(ends - starts - order, 0))


def _word_blocks(codes: Any, bits: int) -> Iterator[Block]:
    import numpy as np  # noqa: PLC0415

    hashes, starts = _words(codes)
    one = _buckets(hashes, 101, bits)
    one[starts] = 0
    tokens = np.diff(np.append(starts, len(hashes)))
    yield Block(one, starts, tokens - 1)
    pairs = hashes[:-1] * np.uint32(_BASE) + hashes[1:]
    two = np.append(_buckets(pairs, 102, bits), np.uint32(0))
    two[starts] = 0
    two[starts[1:] - 1] = 0  # the last word of a text has no next one
    yield Block(two, starts, np.maximum(tokens - 2, 0))


def _words(codes: Any) -> tuple[Any, Any]:
    """Hash each token; a separator is one, so that no text is without. Give theirs as starts."""
    import numpy as np  # noqa: PLC0415

    classes = np.where(codes < _PLANES, _classes()[np.minimum(codes, _PLANES - 1)], _SINGLE_CLASS)
    word = classes == _WORD_CLASS
    single = classes == _SINGLE_CLASS
    before = np.append(False, word[:-1])
    after = np.append(word[1:], False)
    firsts = np.flatnonzero((word & ~before) | single)
    lasts = np.flatnonzero((word & ~after) | single)
    powers, inverses = _powers(1 << len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * powers[: len(codes)], out=sums[1:])
    hashes = (sums[lasts + 1] - sums[firsts]) * inverses[firsts]
    return (hashes ^ (hashes >> np.uint64(32))).astype(np.uint32), np.flatnonzero(
        codes[firsts] == 0
    )


def _buckets(hashes: Any, salt: int, bits: int) -> Any:
    """Mix as Murmur3 does at its end (Appleby, 2011), and keep the highest bits."""
    import numpy as np  # noqa: PLC0415

    mixed = hashes ^ np.uint32(salt * 0x85EBCA6B & 0xFFFFFFFF)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0xC2B2AE35)
    mixed >>= np.uint32(32 - bits)
    return mixed


@functools.lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Any, Any]:
    """Give the powers of the base modulo 2**64, and those of its inverse."""
    import numpy as np  # noqa: PLC0415

    def powers(base: int) -> Any:
        factors = np.full(size, base, dtype=np.uint64)
        factors[0] = 1
        return np.cumprod(factors)

    return powers(_BASE), powers(pow(_BASE, -1, 1 << 64))


@functools.cache
def _kinds() -> Any:
    """Give what Unicode calls each character, in two letters: all at once, for it is done at each
    start."""
    import numpy as np  # noqa: PLC0415

    kinds = "".join(map(unicodedata.category, map(chr, range(_PLANES))))
    return np.frombuffer(kinds.encode("ascii"), dtype="S2")


def _is_space(kinds: Any) -> Any:
    """Say which kinds are white space or controls; of the latter NUL is our own."""
    import numpy as np  # noqa: PLC0415

    return np.isin(kinds, [b"Zs", b"Zl", b"Zp", b"Cc"])


@functools.cache
def _classes() -> Any:
    """Tell letters, digits and marks (words) from spaces, and from all that stands alone."""
    import numpy as np  # noqa: PLC0415

    kinds = _kinds()
    table = np.full(_PLANES, _SINGLE_CLASS, dtype=np.uint8)
    table[np.isin(kinds.view("S1")[::2], [b"L", b"M", b"N"])] = _WORD_CLASS
    table[[ord(char) for char in "@#_'"]] = _WORD_CLASS
    table[1:][_is_space(kinds[1:])] = _SPACE_CLASS
    for first, last in ((0x3400, 0x9FFF), (0x3040, 0x30FF), (0xF900, 0xFAFF)):
        table[first : last + 1] = _SINGLE_CLASS  # written without spaces: each stands alone
    return table


@functools.cache
def _folds() -> Any:
    """Write any digit as 0, any white space as a space, traditional Chinese as simplified."""
    import numpy as np  # noqa: PLC0415

    kinds = _kinds()
    table = np.arange(_PLANES, dtype=np.uint32)
    table[kinds == b"Nd"] = ord("0")
    table[1:][_is_space(kinds[1:])] = ord(" ")
    for traditional, simplified in SIMPLIFIED.items():
        table[ord(traditional)] = ord(simplified)
    return table
