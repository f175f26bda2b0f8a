"""Groups of texts that say like things, by their vectors, which go on from window to window.

As in DP-means over time (Campbell et al., 2013, "Dynamic Clustering via Asymptotics of the
Dependent Dirichlet Process Mixture"): a group of before keeps whatever is near to it, what is near
to none makes groups of its own, and the middle of each moves with what is said. So a group is the
same one next week, and keeps its name.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from listener.domain.vector import Vector

NEAR: Final = 0.34  # cosine to the middle of a group, once what all texts share is taken away
DENSE: Final = 0.38  # of those that a new group begins with
SAME: Final = 0.75  # middles that are so near are one group
FEWEST: Final = 5  # texts that a new group needs; a fifth of the root of all, if that is more
REMEMBERED: Final = 30  # as many texts as what was said before weighs in a middle
ROUNDS: Final = 5
MOST_COMPARED: Final = 4_000  # texts that are compared each with each
OWN_LANGUAGE: Final = 20  # as many texts as the mean over all languages weighs in that of one


@dataclass(frozen=True, slots=True)
class Grouping:
    """The group of each text, None where it is in none, and the middles, unit length.

    The first middles are those of the known groups, in their order; the others are new.
    """

    of: tuple[int | None, ...]
    middles: "tuple[Vector, ...]"
    nearness: tuple[float, ...]  # of each text to the middle of its group; 0 where it has none


def group(
    vectors: "Sequence[Vector]",
    languages: Sequence[str],
    known: "Sequence[Vector]" = (),
    *,
    wanted: Sequence[bool] | None = None,
) -> Grouping:
    """Put texts into groups.

    vectors: [texts, width], of unit length. languages: of each text. known: the middles of the
    groups there were, as an earlier call gave them. wanted: those that are put into groups; the
    others only tell what all texts share.
    """
    import numpy as np  # noqa: PLC0415

    if not len(vectors):
        return Grouping((), tuple(known), ())
    every = centred(np.array(vectors, np.float32), languages)
    if wanted is None:
        return _grouped(every, known)
    chosen = np.flatnonzero(np.array(wanted, bool))
    found = _grouped(every[chosen], known)
    of: list[int | None] = [None] * len(every)
    nearness = [0.0] * len(every)
    for at, number, near in zip(chosen, found.of, found.nearness, strict=True):
        of[at], nearness[at] = number, near
    return Grouping(tuple(of), found.middles, tuple(nearness))


def _grouped(apart: "NDArray[np.float32]", known: "Sequence[Vector]") -> Grouping:
    """Put texts into groups that are made apart already."""
    import numpy as np  # noqa: PLC0415

    before = np.array(known, np.float32).reshape(len(known), apart.shape[1])
    left = np.flatnonzero(_nearest(apart, before)[0] < 0)
    fewest = max(FEWEST, round(math.sqrt(len(apart)) / 5))
    middles = _without_twins(np.vstack([before, *_dense(apart[left], fewest)]), len(before))
    for _ in range(ROUNDS):
        of, _ = _nearest(apart, middles)
        middles = np.array([_moved(apart[of == n], n, before, m) for n, m in enumerate(middles)])
        middles = middles.reshape(-1, apart.shape[1])
    of, nearness = _nearest(apart, middles)
    return Grouping(
        tuple(None if n < 0 else int(n) for n in of),
        tuple(middles),
        tuple(float(one) for one in nearness),
    )


def centred(vectors: "NDArray[np.float32]", languages: Sequence[str]) -> "NDArray[np.float32]":
    """Take away what all texts of a language share, and give what is left, of unit length.

    Texts in two languages then lie near each other for what they say (Libovický et al., 2020, "On
    the Language Neutrality of Pre-trained Multilingual Representations").
    """
    import numpy as np  # noqa: PLC0415

    shared = vectors.mean(axis=0)
    spoken = np.array(languages)
    apart = np.empty_like(vectors)
    for language in dict.fromkeys(languages):
        mine = spoken == language
        said = vectors[mine]
        mean = (said.sum(axis=0) + OWN_LANGUAGE * shared) / (len(said) + OWN_LANGUAGE)
        apart[mine] = said - mean
    return _unit(apart)


def _unit(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    made: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return made


def _nearest(apart: Any, middles: Any) -> tuple[Any, Any]:
    """The number of each text's group, -1 for none, and how near it is."""
    import numpy as np  # noqa: PLC0415

    if not len(middles):
        return np.full(len(apart), -1), np.zeros(len(apart))
    near = apart @ middles.T
    best = near.max(axis=1)
    inside = best >= NEAR
    return np.where(inside, near.argmax(axis=1), -1), np.where(inside, best, 0.0)


def _dense(apart: Any, fewest: int) -> list[Any]:
    """The middles of new groups, the fullest first: around the text with most others near it."""
    import numpy as np  # noqa: PLC0415

    step = max(1, -(-len(apart) // MOST_COMPARED))
    some = apart[::step]
    close = some @ some.T >= DENSE
    free = np.ones(len(some), bool)
    found: list[Any] = []
    while True:
        crowd = (close & free).sum(axis=1) * free
        at = int(crowd.argmax()) if len(crowd) else 0
        if not len(crowd) or crowd[at] * step < fewest:
            return found
        members = close[at] & free
        middle = _unit(some[members].mean(axis=0))
        members |= (some @ middle >= DENSE) & free
        free &= ~members
        found.append(_unit(some[members].mean(axis=0)))


def _without_twins(middles: Any, known: int) -> Any:
    """Without new middles that are as good as another."""
    kept = list(range(known))
    for n in range(known, len(middles)):
        if not kept or (middles[kept] @ middles[n]).max() < SAME:
            kept.append(n)
    return middles[kept]


def _moved(mine: Any, number: int, before: Any, middle: Any) -> Any:
    """The middle of a group with what is said now; one nobody speaks of stays where it is."""
    if not len(mine):
        return middle
    whole = mine.sum(axis=0)
    if number < len(before):
        whole = whole + REMEMBERED * before[number]
    return _unit(whole)
