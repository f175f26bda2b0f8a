"""A small chart in text: hours in rows with a band, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

BAR: Final = 40  # columns of the longest bar of hours


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: what was counted, and what was to be expected, up to where chance reaches.

    `count` None: it was not measured. `expected` None: nothing was known yet.
    """

    start: datetime
    count: int | None
    expected: float | None = None
    upto: float | None = None
    mark: str = ""  # what happened in it


def hours_chart(hours: Sequence[Hour], zone: tzinfo) -> list[str]:
    """A row an hour: its time, its count, a bar, and a line where chance ends."""
    most = max([h.count or 0 for h in hours] + [h.upto or 0.0 for h in hours] + [1.0])
    return [_hour(hour, most, zone) for hour in hours]


def _hour(hour: Hour, most: float, zone: tzinfo) -> str:
    at = f"{hour.start.astimezone(zone):%m-%d %H:%M}"
    count = "?" if hour.count is None else str(hour.count)
    filled = round((hour.count or 0) * BAR / most)
    cells = list("█" * max(filled, 1 if hour.count else 0) + " " * BAR)[: BAR + 1]
    if hour.upto is not None:
        edge = min(round(hour.upto * BAR / most), BAR)
        if cells[edge] == " ":
            cells[edge] = "|"
        else:
            cells[edge] = "┃"
    said = f"  {hour.mark}" if hour.mark else ""
    bar = "".join(cells)
    return f"{at}  {count:>4}  {bar if said else bar.rstrip()}{said}".rstrip()
