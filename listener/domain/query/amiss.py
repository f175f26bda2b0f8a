"""What can be amiss with a text that a query nearly finds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from listener.domain.query.query import Place


class Kind(StrEnum):
    """What is amiss; those that are nearest first."""

    EXCLUDED = "excluded"  # nothing but what is excluded keeps it out
    CASE = "case"  # case or signs, of what stands in backticks
    DIACRITICS = "diacritics"
    CHARACTERS = "characters"  # simplified for traditional, or the other way
    SIGNS = "signs"  # between its words stand others, or none
    INSIDE = "inside"  # within a longer word
    SLIP = "slip"
    FAR = "far"  # too far apart for a NEAR, or in the wrong order
    FIELD = "field"  # what is known beside the words
    MISSING = "missing"  # one part of several that belong together


KINDS: Final = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Nearly:
    """Why a text is nearly found, and what of it is at fault."""

    kind: Kind
    why: str
    places: tuple[Place, ...] = ()
