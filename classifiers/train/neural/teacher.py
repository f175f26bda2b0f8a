"""What better models say of texts, for a smaller or a single one to learn (Hinton et al., 2015).

A file of probabilities, the mean of several finished directories, found by the hash of the text.
Texts that the teachers were trained on teach little: they know those by heart.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers.beside import predictions
from classifiers.train.datasets import UNLABELLED, Row
from classifiers.train.neural import score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def write(path: Path, directories: Sequence[Path], rows: Sequence[Row], longest: int) -> None:
    """Let the models read the rows, and write the mean of their probabilities."""
    import numpy as np  # noqa: PLC0415

    total = np.zeros((len(rows), 3))
    for directory in directories:
        made = predictions(score.judge_directory(directory, rows, longest).logits)
        total += np.array([[each.negative, each.neutral, each.positive] for each in made])
    keys = np.array([key_of(row.text) for row in rows], dtype=np.uint64)
    np.savez_compressed(
        path, keys=keys, probabilities=(total / len(directories)).astype(np.float16)
    )


def read(path: Path) -> "dict[int, NDArray[np.float32]]":
    """Read the probabilities, float32 [3] each, by the key of their text."""
    import numpy as np  # noqa: PLC0415

    with np.load(path) as file:
        likely = file["probabilities"].astype(np.float32)
        return dict(zip(file["keys"].tolist(), likely, strict=True))


def mixed(
    rows: Sequence[Row],
    targets: "NDArray[np.float32]",
    taught: "Mapping[int, NDArray[np.float32]]",
    share: float,
) -> "NDArray[np.float32]":
    """Mix the teacher's probabilities into the targets, by `share`, where it knows the text.

    Of texts without a label they are all of the target; of rows with two labels what it says of
    neutral is left out.
    """
    made = targets.copy()
    for row, target in zip(rows, made, strict=True):
        likely = taught.get(key_of(row.text))
        if likely is None:
            continue
        if row.two_class:
            likely = likely * (1, 0, 1)
        part = 1.0 if row.source in UNLABELLED else share
        target *= 1 - part
        target += part * likely / max(float(likely.sum()), 1e-6)
    return made


def key_of(text: str) -> int:
    """Name a text in eight bytes."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "little")
