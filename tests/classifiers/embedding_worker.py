"""A worker whose vectors tell the length of a text, and whose weights may be missing."""

import os
import sys

import numpy as np
from numpy.typing import NDArray

from classifiers import load
from classifiers.base import ClassifierError
from classifiers.worker import serve


def _embed(texts: list[str]) -> NDArray[np.float32]:
    if sys.argv[1:] == ["none"]:
        raise ClassifierError("no weights for vectors")
    if any("KILL" in text for text in texts):
        os._exit(3)
    return np.array([[len(text), 0.25, -1] for text in texts], np.float32).reshape(-1, 3)


if __name__ == "__main__":
    sys.exit(serve(lambda: load("fast"), _embed))
