"""What a contender said of texts, kept in a file, so that nothing is asked twice."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifiers.train.datasets import Row
from classifiers.train.neural.teacher import key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK_TEXTS: Final = 4000  # that many are lost, at most, when a run is stopped

Say = Callable[[str], None]
Asked = Callable[[list[str]], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class Said:
    """Probabilities float32 [texts, 3], in the order of the texts; and what they cost.

    seconds: of the CPU, for `read` texts: all that this contender has read so far.
    """

    probabilities: "NDArray[np.float32]"
    seconds: float
    read: int

    @property
    def per_second(self) -> float:
        """How many texts it reads in a second of one core."""
        return self.read / self.seconds if self.seconds else 0.0


def ask(
    path: Path,
    texts: Sequence[str],
    predict: Asked,
    say: Say,
    chunk: int = CHUNK_TEXTS,
) -> Said:
    """Give what is said of the texts: from the file, and by `predict` for those not in it yet."""
    import numpy as np  # noqa: PLC0415

    keys = [key_of(text) for text in texts]
    known, seconds, read = _read(path)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    waiting = list(missing)
    for start in range(0, len(waiting), chunk):
        part = waiting[start : start + chunk]
        before = time.process_time()
        made = predict([missing[key] for key in part])
        seconds += time.process_time() - before
        read += len(part)
        known.update(zip(part, made, strict=True))
        _write(path, known, seconds, read)
        if len(waiting) > chunk:
            say(f"  {path.stem}: {start + len(part)} of {len(waiting)} texts")
    return Said(
        np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, 3), seconds, read
    )


def fingerprint(rows: Sequence[Row], settings: str) -> str:
    """Name what a contender is fitted on, and how, in twelve letters."""
    digest = hashlib.sha256(settings.encode())
    for row in rows:
        digest.update(key_of(row.text).to_bytes(8, "little") + bytes([row.label]))
    return digest.hexdigest()[:12]


def _read(path: Path) -> "tuple[dict[int, NDArray[np.float32]], float, int]":
    import numpy as np  # noqa: PLC0415

    if not path.is_file():
        return {}, 0.0, 0
    with np.load(path) as file:
        known = dict(zip(file["keys"].tolist(), file["probabilities"], strict=True))
        return known, float(file["seconds"]), int(file["read"])


def _write(path: Path, known: "dict[int, NDArray[np.float32]]", seconds: float, read: int) -> None:
    import numpy as np  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part.npz")
    np.savez(
        half,
        keys=np.array(list(known), dtype=np.uint64),
        probabilities=np.array(list(known.values()), dtype=np.float32).reshape(-1, 3),
        seconds=seconds,
        read=read,
    )
    half.replace(path)
