"""A chart that was handed to an outlet, to be shown in a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Where the outlet keeps the picture, and our words that stand beside it."""

    file: str  # the service's id of it
    title: str
    alt: str  # for those who do not see it: what it shows, in sentences
