"""Where the names of subjects stand in a text, and what the text says of each."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

Place = tuple[int, int]  # first character, the one after the last
Names = tuple[tuple[Place, ...], ...]  # the places of each name


class Feeling(Protocol):
    """What is said of one name, as probabilities."""

    @property
    def label(self) -> str: ...

    @property
    def negative(self) -> float: ...

    @property
    def neutral(self) -> float: ...

    @property
    def positive(self) -> float: ...


class Sides(Protocol):
    """What a text says of each of its names; `above`: pairs of them, the better one first."""

    @property
    def predictions(self) -> Sequence[Feeling]: ...

    @property
    def above(self) -> Sequence[tuple[int, int]]: ...


class Reader(Protocol):
    """Reads texts with names in them, and survives every text."""

    def read(self, said: Sequence[tuple[str, Names]]) -> Sequence[Sides | None]:
        """Tell what each text says of its names; None for one that it cannot bear."""
        ...


class Standing(NamedTuple):
    """A subject that is named in a mention."""

    subject_id: int
    places: tuple[Place, ...]


def apart(found: Mapping[int, Sequence[Place]]) -> list[Standing]:
    """The subjects that have a place of their own, by their number.

    A place that lies within another subject's is that one's: "Acme" in "Acme Air". Two subjects
    that stand in the very same place are not told apart, and neither has it.
    """
    named = []
    for subject_id, places in sorted(found.items()):
        others = [p for s, theirs in found.items() if s != subject_id for p in theirs]
        own = [p for p in places if not any(_within(p, other) for other in others)]
        if own:
            named.append(Standing(subject_id, tuple(sorted(set(own)))))
    return named


def _within(place: Place, other: Place) -> bool:
    return other[0] <= place[0] and place[1] <= other[1]


def places_of(name: str, text: str) -> list[Place]:
    """Where a name stands in a text, whatever its case."""
    return [found.span() for found in re.finditer(re.escape(name), text, re.IGNORECASE)]
