"""A text with names in it, and what it says of each."""

from dataclasses import dataclass

from classifiers.base import Prediction

Span = tuple[int, int]  # first character, the one after the last


@dataclass(frozen=True, slots=True)
class Named:
    """A text, and where each of the names in it stands; a name stands somewhere at least."""

    text: str
    names: tuple[tuple[Span, ...], ...]

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Towards:
    """What a text says of each name, in their order. above: pairs of names, the better one first.

    A pair is named where the text compares the two, and puts one above the other.
    """

    predictions: tuple[Prediction, ...]
    above: tuple[tuple[int, int], ...] = ()
