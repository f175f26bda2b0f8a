"""Small charts in text: days in columns with what happened beneath, hours in rows with a band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

STEPS: Final = " ▁▂▃▄▅▆▇█"
NOTHING: Final = "·"
WIDEST: Final = 92  # columns of days; more days share one
BAR: Final = 40  # columns of the longest bar of hours
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line beneath the days: its name, and a letter on each day that has something."""

    name: str
    days: Mapping[date, str]


def days_chart(
    title: str, counts: Mapping[date, int], first: date, last: date, rows: Sequence[Row]
) -> list[str]:
    """The days from first to last, the highest of those that share a column, and rows beneath."""
    columns = _columns(first, last)
    most = max(counts.values(), default=0)
    heights = [max((counts.get(day, 0) for day in column), default=0) for column in columns]
    name = max((len(row.name) for row in rows), default=0)
    shared = f", {len(columns[0])} days a column" if len(columns[0]) > 1 else ""
    lines = [
        f"{title}, {first} to {last} (most: {most} a day{shared})",
        f"{'':{name}}  {''.join(_step(height, most) for height in heights)}".rstrip(),
    ]
    for row in rows:
        letters = "".join(_letter(row.days, column) for column in columns)
        lines.append(f"{row.name:{name}}  {letters}")
    return lines


def _columns(first: date, last: date) -> list[list[date]]:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    wide = -(-len(days) // WIDEST)
    return [days[n : n + wide] for n in range(0, len(days), wide)]


def _step(height: int, most: int) -> str:
    """What is there is never drawn as nothing."""
    if not height:
        return STEPS[0]
    return STEPS[max(1, round(height * (len(STEPS) - 1) / most))]


def _letter(days: Mapping[date, str], column: Sequence[date]) -> str:
    return next((days[day] for day in column if day in days), NOTHING)


@dataclass(frozen=True, slots=True)
class Step:
    """One hour, or another step of time: what was counted, and what was to be expected, up to where
    chance reaches.

    `count` None: it was not measured. `expected` None: nothing was known yet.
    """

    start: datetime
    count: int | None
    expected: float | None = None
    upto: float | None = None
    mark: str = ""  # what happened in it


def hours_chart(hours: Sequence[Step], zone: tzinfo) -> list[str]:
    """A row an hour: its time, its count, a bar, and a line where chance ends."""
    most = max([h.count or 0 for h in hours] + [h.upto or 0.0 for h in hours] + [1.0])
    return [_hour(hour, most, zone) for hour in hours]


def _hour(hour: Step, most: float, zone: tzinfo) -> str:
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
