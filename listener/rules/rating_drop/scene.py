"""What the rating rule looks at: the reviews of a brand, and the drops that were told before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.ratings import Review, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingScene:
    """A year of reviews of a brand, oldest first; copies, and what was deleted, are left out."""

    subject_id: int
    subject: str
    now: datetime
    reviews: Sequence[Review]
    told: Sequence[Told] = ()
