"""Training `fast`: read, split, fit, pack, measure, write the card.

The held-out part stays out of what ships: it says how good `fast` is, and how much it has to say
beside the neural model.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from classifiers import ngrams
from classifiers.base import LABELS
from classifiers.evaluate import Score, score_of
from classifiers.fast import CONFIG_FILE, FORMAT, WEIGHTS_FILE, FastClassifier
from classifiers.train import card
from classifiers.train.datasets import Row, read_origins, read_rows
from classifiers.train.fit import fit

BITS: Final = 21
RATE: Final = 0.15
PASSES: Final = 3
CHUNK_TEXTS: Final = 2048

# A set counts for at most so many texts, but for some times more if it is of the kind that matters
# most: UMSAB, the one set of tweets with equal labels in many languages, and the one of customers
# who complain. Within a set rarer labels are lifted halfway to equality. Chosen on held-out parts.
MOST_ROWS: Final = 10_000
FACTORS: Final = {"umsab": 8, "airline_us": 4}
BALANCE: Final = 0.5

Say = Callable[[str], None]


def train(data: Path, out: Path, seed: int, say: Say) -> None:
    """Fit on the train part, write that, and measure it on the rest."""
    rows = read_rows(data, seed)
    say(f"{len(rows)} texts of {len({row.source for row in rows})} sets")
    features = counted(rows, say)
    inside = [at for at, row in enumerate(rows) if row.part == "train"]
    weights, bias = _fit(rows, features, inside, seed, say)
    temperature = fit_temperature(rows, features, weights, bias)
    say(f"temperature {temperature:.2f}")
    pack(out, weights, bias, temperature)
    model = FastClassifier(out)
    held_out, reported = (
        _scores(model, [row for row in rows if row.part == part])
        for part in ("held_out", "reported")
    )
    card.write(out, rows, read_origins(data), held_out=held_out, reported=reported)
    for line in card.table(reported):
        say(line)


def counted(rows: Sequence[Row], say: Say) -> Any:
    """Give the rows as a CSR matrix, float32 [rows, 2**BITS]: counts over the root of their sum."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    parts = []
    for start in range(0, len(rows), CHUNK_TEXTS):
        texts = [row.text for row in rows[start : start + CHUNK_TEXTS]]
        where, buckets = [], []
        counts = np.zeros(len(texts))
        for block in ngrams.blocks(texts, BITS):
            lengths = np.diff(np.append(block.starts, len(block.buckets)))
            real = block.buckets != 0
            where.append(np.repeat(np.arange(len(texts)), lengths)[real])
            buckets.append(block.buckets[real])
            counts += block.counts
        at = np.concatenate(where)
        values = (1 / np.sqrt(np.maximum(counts, 1)))[at].astype(np.float32)
        shape = (len(texts), 1 << BITS)
        parts.append(sparse.csr_matrix((values, (at, np.concatenate(buckets))), shape=shape))
        if start // CHUNK_TEXTS % 32 == 31:
            say(f"  {start + len(texts)} read")
    return sparse.vstack(parts, format="csr")


def row_weights(rows: Sequence[Row]) -> Any:
    """Give each row its importance, float64 [rows]."""
    import numpy as np  # noqa: PLC0415

    weights = np.zeros(len(rows))
    sources = np.array([row.source for row in rows])
    labels = np.array([row.label for row in rows])
    for source in np.unique(sources):
        inside = sources == source
        counts = np.bincount(labels[inside], minlength=len(LABELS))
        lift = (counts.mean() / np.maximum(counts, 1)) ** BALANCE
        raw = lift[labels[inside]]
        factor = FACTORS.get(str(source), 1)
        weights[inside] = raw / raw.mean() * min(1, MOST_ROWS / len(raw)) * factor
    return weights


def _fit(
    rows: Sequence[Row], features: Any, inside: list[int], seed: int, say: Say
) -> tuple[Any, Any]:
    import numpy as np  # noqa: PLC0415

    chosen = [rows[at] for at in inside]
    return fit(
        features[inside],
        np.array([row.label for row in chosen]),
        np.array([row.two_class for row in chosen]),
        row_weights(chosen),
        rate=RATE,
        passes=PASSES,
        seed=seed,
        say=say,
    )


def fit_temperature(rows: Sequence[Row], features: Any, weights: Any, bias: Any) -> float:
    """Find the temperature of least loss on the held-out rows with three labels.

    Each set counts alike, so that the largest does not decide for all (Guo et al., 2017).
    """
    import numpy as np  # noqa: PLC0415
    from scipy import optimize, special  # noqa: PLC0415

    inside = [at for at, row in enumerate(rows) if row.part == "held_out" and not row.two_class]
    logits = features[inside] @ weights + bias
    labels = np.array([rows[at].label for at in inside])
    _, which, sizes = np.unique(
        [rows[at].source for at in inside], return_inverse=True, return_counts=True
    )

    def loss(log_temperature: float) -> float:
        likelihood = special.log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-(likelihood[np.arange(len(labels)), labels] / sizes[which]).sum())

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def pack(out: Path, weights: Any, bias: Any, temperature: float) -> None:
    """Write weights and settings: two bytes a bucket, on a square-root scale, neutral being zero.

    The root gives the many small weights more steps than the few large ones.
    """
    import numpy as np  # noqa: PLC0415
    from safetensors.numpy import save  # noqa: PLC0415

    two = (weights - weights[:, 1:2])[:, (0, 2)]
    two[0] = 0
    largest = float(np.quantile(np.abs(two[two != 0]), 0.9999))
    levels = np.sign(two) * np.rint(127 * np.sqrt(np.minimum(np.abs(two) / largest, 1)))
    out.mkdir(parents=True, exist_ok=True)
    packed = np.ascontiguousarray(levels, dtype=np.int8)  # save_file writes memory as it lies
    (out / WEIGHTS_FILE).write_bytes(save({"weights": packed}))
    config = {
        "format": FORMAT,
        "bits": BITS,
        "scale": largest / 127**2,
        "bias": [float(bias[0] - bias[1]), float(bias[2] - bias[1])],
        "temperature": temperature,
        "labels": list(LABELS),
    }
    (out / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _scores(model: FastClassifier, rows: Sequence[Row]) -> list[tuple[str, Score]]:
    """Score the packed model for each set and language with at least 60 rows."""
    made = model.predict([row.text for row in rows])
    groups: dict[tuple[str, str], list[tuple[str, Any]]] = {}
    for row, prediction in zip(rows, made, strict=True):
        pair = (LABELS[row.label], prediction)
        groups.setdefault((row.source, row.language), []).append(pair)
    return [
        (source, score_of(language, pairs))
        for (source, language), pairs in sorted(groups.items())
        if len(pairs) >= card.LEAST_ROWS
    ]
