"""Texts as rows of hashed n-grams, for what must be learnt from few of them.

The n-grams are those of `classifiers.ngrams`: of three to five characters, and of one and two
words. A row is sublinear in its counts and of unit length; rare n-grams weigh more where it is
known which are rare (inverse document frequency: Sparck Jones, 1972).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from classifiers import ngrams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS: Final = 16
WIDTH: Final = 1 << BITS
LEFT_OUT: Final = 2  # blocks in front: of one and of two characters


def counted(texts: Sequence[str]) -> Any:
    """Give a sparse matrix, float32 [texts, WIDTH], of 1 + log(how often) each n-gram occurs."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_matrix, vstack  # noqa: PLC0415

    if not texts:
        return csr_matrix((0, WIDTH), dtype=np.float32)
    parts = []
    for begin in range(0, len(texts), 512):
        some = texts[begin : begin + 512]
        rows, columns = [], []
        for number, block in enumerate(ngrams.blocks(some, BITS)):
            if number < LEFT_OUT:
                continue
            sizes = np.diff(np.append(block.starts, len(block.buckets)))
            rows.append(np.repeat(np.arange(len(some)), sizes))
            columns.append(block.buckets)
        row, column = np.concatenate(rows), np.concatenate(columns)
        there = column > 0
        ones = np.ones(int(there.sum()), np.float32)
        made = csr_matrix((ones, (row[there], column[there])), shape=(len(some), WIDTH))
        made.data = 1 + np.log(made.data)
        parts.append(made)
    return vstack(parts, format="csr") if len(parts) > 1 else parts[0]


def rarity(counts: Any) -> "NDArray[np.float32]":
    """Give the weight of each n-gram, float32 [WIDTH], by how few of these texts have it."""
    import numpy as np  # noqa: PLC0415

    having = np.bincount(counts.indices, minlength=WIDTH)
    found: NDArray[np.float32] = np.log((1 + counts.shape[0]) / (1 + having)) + 1
    return found.astype(np.float32)


def rows(counts: Any, weights: "NDArray[np.float32]") -> Any:
    """Give the weighted rows, each of unit length."""
    import numpy as np  # noqa: PLC0415

    made = counts.copy()
    made.data = made.data * weights[made.indices]
    length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    made.data /= np.maximum(np.repeat(length, np.diff(made.indptr)), 1e-9)
    return made
