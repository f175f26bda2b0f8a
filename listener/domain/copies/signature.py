"""A few numbers of a text that its near-copies most likely share, many texts at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from listener.domain.copies.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

KEPT, LOOKED = 4, 8  # of the whole text; an edit pushes other runs among the smallest
KEPT_START, LOOKED_START = 2, 4  # of its beginning, which is all that a shortened repost has
START, START_DENSE = 80, 32
RUN, RUN_DENSE = 10, 4  # letters
_BASE: Final = 0x9E3779B97F4A7C15
_MIXERS: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_HASH_BITS: Final = 44  # the others tell which text of the batch it is


class Signatures(NamedTuple):
    """A row of numbers for each text: `looked` finds an earlier one whose `kept` shares one."""

    kept: "Numbers"
    looked: "Numbers"


def signatures(batch: Sequence[Words]) -> Signatures:
    """The smallest hashes of each text's runs of letters (bottom-k sketches: Broder, 1997).

    Runs of ten letters, or of four characters that say more: an edit spoils those that it touches,
    and which of the others are smallest does not change. Where there are too few, the last stands
    for the others. A batch may hold a million texts.
    """
    import numpy as np  # noqa: PLC0415  # heavy

    looked = np.zeros((len(batch), LOOKED + LOOKED_START), dtype=np.uint64)
    for dense in (False, True):
        places = [at for at, one in enumerate(batch) if one.dense is dense]
        if places:
            looked[places] = _some([batch[at].letters for at in places], dense)
    kept = [*range(KEPT), *range(LOOKED, LOOKED + KEPT_START)]
    return Signatures(looked[:, kept], looked)


def _some(batch: Sequence[str], dense: bool) -> "Numbers":
    import numpy as np  # noqa: PLC0415

    sizes = np.array([len(letters) for letters in batch])
    codes = "".join(batch).encode("utf-32-le", "replace")
    text_of = np.repeat(np.arange(len(batch), dtype=np.uint64), sizes)
    place = np.arange(len(text_of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    hashes = _runs(np.frombuffer(codes, dtype=np.uint32), dense)
    inside = place <= np.repeat(sizes, sizes) - (RUN_DENSE if dense else RUN)
    hashes, text_of, place = hashes[inside], text_of[inside], place[inside]
    whole = _smallest(_mixed(hashes, _MIXERS[0]), text_of, len(batch), LOOKED)
    first = place < (START_DENSE if dense else START)
    start = _smallest(_mixed(hashes[first], _MIXERS[1]), text_of[first], len(batch), LOOKED_START)
    return np.concatenate((whole, start), axis=1)


def _runs(codes: "NDArray[Any]", dense: bool) -> "Numbers":
    """A polynomial hash of the run that begins at each place; those at the end are of no use."""
    import numpy as np  # noqa: PLC0415

    def joined(left: "Numbers", right: "Numbers", size: int) -> "Numbers":
        moved = np.zeros_like(right)
        moved[:-size] = right[size:]
        return left * np.uint64(pow(_BASE, size, 1 << 64)) + moved

    one = codes.astype(np.uint64)
    two = joined(one, one, 1)
    four = joined(two, two, 2)
    return four if dense else joined(joined(four, four, 4), two, 8)


def _mixed(hashes: "Numbers", mixer: int) -> "Numbers":
    import numpy as np  # noqa: PLC0415

    mixed = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(mixer)
    return (mixed ^ (mixed >> np.uint64(29))) * np.uint64(_BASE)


def _smallest(hashes: "Numbers", text_of: "Numbers", texts: int, most: int) -> "Numbers":
    """Of each text its smallest different hashes, in order; each text has one at least."""
    import numpy as np  # noqa: PLC0415

    bits = np.uint64(_HASH_BITS)
    ranked = (text_of << bits) | (hashes >> np.uint64(64 - _HASH_BITS))
    ranked.sort()
    ranked = ranked[np.concatenate(([True], ranked[1:] != ranked[:-1]))]
    begins = np.searchsorted(ranked, np.arange(texts + 1, dtype=np.uint64) << bits)
    last = begins[1:, None] - 1
    at = np.minimum(begins[:-1, None] + np.arange(most), last)
    found: Numbers = ranked[at] & np.uint64((1 << _HASH_BITS) - 1)
    return found
