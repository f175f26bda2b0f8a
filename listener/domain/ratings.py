"""Reviews with stars: where they stand, and the drops of them that were told."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Listing(NamedTuple):
    """Where reviews stand: an app of a store, a shop; without `part` all of a source, or all."""

    source: str = ""
    part: str = ""

    def holds(self, other: "Listing") -> bool:
        """Whether the other is this one, or a part of it."""
        return self in (Listing(), Listing(other.source), other)

    def overlaps(self, other: "Listing") -> bool:
        return self.holds(other) or other.holds(self)


def spoken(source: str) -> str:
    """A source's name as people write it: "app_store" is "App Store"."""
    return source.replace("_", " ").title() if source.islower() else source


class Review(NamedTuple):
    """One to five stars, at the time they were given: those of an edited review, when it was."""

    at: datetime
    stars: float
    listing: Listing
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A drop that was told: from when, and until when; None: it is open."""

    listing: Listing
    began: datetime
    p_value: float
    ended: datetime | None = None
    incident: int = 0
