"""Logistic regression over sparse rows: AdaGrad in small batches (Duchi et al., 2011).

AdaGrad suits n-grams: each weight has its own step, so that the few texts with a rare n-gram count
for as much as the many with a common one. Few passes are its regularisation.
"""

from collections.abc import Callable
from typing import Any, Final

BATCH_ROWS: Final = 1024
FIRST_SQUARE: Final = 1e-8
NEVER: Final = -1e9  # the logit of a label that a row's annotators did not have


def fit(
    features: Any,
    labels: Any,
    two_class: Any,
    row_weights: Any,
    *,
    rate: float,
    passes: int,
    seed: int,
    say: Callable[[str], None],
) -> tuple[Any, Any]:
    """Fit weights (float32 [columns, 3]) and bias (float32 [3]).

    features: CSR [rows, columns], float32; labels: int [rows], 0 to 2; two_class: bool [rows], of
    which the neutral logit is left out of the loss; row_weights: float [rows].
    The same rows, settings and seed give the same weights.
    """
    import numpy as np  # noqa: PLC0415

    rows, columns = features.shape
    chance = np.random.default_rng(seed)
    order = chance.permutation(rows)
    features, labels, two_class = features[order], labels[order], two_class[order]
    importance = (row_weights[order] / row_weights.mean()).astype(np.float32)
    gold = np.eye(3, dtype=np.float32)[labels]
    weights = np.zeros((columns, 3), dtype=np.float32)
    squares = np.full((columns, 3), FIRST_SQUARE, dtype=np.float32)
    bias = np.zeros(3, dtype=np.float32)
    bias_squares = np.full(3, 0.01, dtype=np.float32)
    starts = np.arange(0, rows, BATCH_ROWS)
    for each in range(passes):
        loss = 0.0
        for start in chance.permutation(starts):
            part = slice(start, min(rows, start + BATCH_ROWS))
            batch, used = _compact(features, part)
            error, batch_loss = _errors(
                batch @ weights[used] + bias, gold[part], two_class[part], importance[part]
            )
            loss += batch_loss
            gradient = batch.T @ error
            squares[used] += gradient**2
            weights[used] -= rate * gradient / np.sqrt(squares[used])
            bias_squares += error.sum(axis=0) ** 2
            bias -= rate * error.sum(axis=0) / np.sqrt(bias_squares)
        say(f"  pass {each + 1} of {passes}: loss {loss / rows:.4f}")
    return weights, bias


def _compact(features: Any, part: slice) -> tuple[Any, Any]:
    """Give the rows of a part over only the columns that they use, and which those are."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    first, last = features.indptr[part.start], features.indptr[part.stop]
    used, columns = np.unique(features.indices[first:last], return_inverse=True)
    pointers = features.indptr[part.start : part.stop + 1] - first
    batch = sparse.csr_matrix(
        (features.data[first:last], columns.astype(np.int32), pointers),
        shape=(part.stop - part.start, len(used)),
    )
    return batch, used


def _errors(logits: Any, gold: Any, two_class: Any, importance: Any) -> tuple[Any, float]:
    """Give the gradient of the loss in the logits, and the loss."""
    import numpy as np  # noqa: PLC0415

    logits[two_class, 1] = NEVER
    logits -= logits.max(axis=1, keepdims=True)
    probabilities = np.exp(logits)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    likelihood = np.maximum((probabilities * gold).sum(axis=1), 1e-9)
    error = (probabilities - gold) * importance[:, None]
    return error, float(-(np.log(likelihood) * importance).sum())
