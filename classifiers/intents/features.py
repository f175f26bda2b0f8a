"""What the model of intents sees of a text beside its vector: cues, shape and sentiment."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from classifiers.intents import cues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

READ: Final = 1500  # characters; what comes after them changes nothing
_QUESTION: Final = re.compile("[?？؟]")
_ASKS_LAST: Final = re.compile(r"[?？؟]\W*(?:https?\S+|link)?\W*$")
_DIGIT: Final = re.compile(r"\d")
_LAST_LINK: Final = re.compile(r"\blink$")
_SHORT, _MIDDLING, _LONG = 25, 60, 200  # characters
_VECTOR_WEIGHT: Final = 4.0  # of unit length it would be lost beside thirty cues


class Seen(NamedTuple):
    """What is told from the words of a text alone."""

    cues: frozenset[str]  # of `cues.KINDS`
    asks: bool  # a question mark anywhere
    length: int
    shape: tuple[float, ...]


def seen(text: str) -> Seen:
    """Read one text."""
    text = text[:READ]
    words = cues.folded(text)
    length = len(text)
    asks = _QUESTION.search(text) is not None
    shape = (
        min(length, READ) / 400,
        length < _SHORT,
        length < _MIDDLING,
        length > _LONG,
        asks,
        asks and _ASKS_LAST.search(text) is not None,
        "!" in text or "！" in text,
        "@" in text,
        text.startswith("@"),
        _has_link(text),
        _DIGIT.search(text) is not None,
        "#" in text,
        "\n" in text,
        text.startswith("RT "),
        " i " in words or " my " in words,
    )
    return Seen(cues.found(words), asks, length, tuple(map(float, shape)))


def _has_link(text: str) -> bool:
    schemes = "http:" in text or "https:" in text or "www." in text
    return schemes or _LAST_LINK.search(text[-6:]) is not None


def matrix(
    texts: Sequence[Seen],
    sentiments: Sequence[tuple[float, float, float]],
    vectors: "Matrix | None" = None,
) -> "Matrix":
    """Lay out the features, float64 [texts, features]; vectors: centred, of unit length.

    A cue counts otherwise in a question, in anger and in praise, so each stands there four times.
    """
    import numpy as np  # noqa: PLC0415

    cued = np.array([[kind in one.cues for kind in cues.KINDS] for one in texts], np.float64)
    shape = np.array([one.shape for one in texts], np.float64)
    asks = np.array([[one.asks] for one in texts], np.float64)
    said = np.array(sentiments, np.float64).reshape(len(texts), 3)
    parts = [
        cued,
        shape,
        np.log(np.clip(said, 0.01, 1.0)) / 1.5,
        cued * asks * 0.7,
        cued * (said[:, :1] - 0.3),
        cued * (said[:, 2:] - 0.3),
    ]
    if vectors is not None:
        parts.append(vectors * _VECTOR_WEIGHT)
    return np.hstack(parts)
