"""What the lines of a receipt are made of: numbers, tallies and moments; pure."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from listener.domain.times import from_text
from listener.domain.wording import Amount, Moment, Wording, listed

MOST_LISTED: Final = 8

Line = tuple[str, str]  # a name, and words


def figure(value: float) -> Amount:
    return Amount(f"{value:.3g}")


def percent(share: float) -> Amount:
    return Amount(f"{share:.0%}")


def tally(counts: Mapping[str, int]) -> Wording:
    some = list(counts.items())[:MOST_LISTED]
    return listed(listed([name, Amount(count)], " ") for name, count in some)


def when_told(text: str, zone: tzinfo) -> str:
    try:
        return Moment(from_text(text), zone)
    except ValueError:
        return text
