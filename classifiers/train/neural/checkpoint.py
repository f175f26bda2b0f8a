"""Where a run stands, on disk: written whole or not at all, so that it can go on after any end."""

import os
from pathlib import Path
from typing import Any

from classifiers.base import ClassifierError


def save(path: Path, state: dict[str, Any]) -> None:
    """Write tensors and plain values; a reader sees the old file or the new one, never a part."""
    import torch  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path, fingerprint: str) -> dict[str, Any] | None:
    """Read what `save` wrote, or None where there is nothing yet.

    Raises ClassifierError if it is of another run: its `fingerprint` differs.
    """
    import torch  # noqa: PLC0415

    if not path.is_file():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)
    if state.get("fingerprint") != fingerprint:
        raise ClassifierError(
            f"{path}: of a run with other settings or data; give another --work, or delete it"
        )
    return state
