"""How opening hours are written: "mon-fri 09:00-12:00 13:00-17:30"; pure.

What cannot be read raises ValueError, which says what was expected.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from listener.domain.calendar import MIDNIGHT, Hours, Minutes, merged

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXAMPLE: Final = '"mon-fri 09:00-17:30"'
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
LONGEST: Final = timedelta(days=366)


def read_week(texts: Iterable[str]) -> tuple[Hours, ...]:
    """The hours of the seven days, Monday first; what is written of a day several times adds up."""
    week: list[list[Minutes]] = [[] for _ in DAYS]
    for text in texts:
        days, hours = _read(text)
        for day in days:
            week[day] += hours
    return tuple(merged(hours) for hours in week)


def _read(text: str) -> tuple[list[int], Hours]:
    parts = text.casefold().split()
    if len(parts) < 2:
        raise ValueError(f"{text!r} must be days and hours such as {EXAMPLE}")
    days = [day for piece in parts[0].split(",") for day in _days(piece)]
    return days, read_hours(" ".join(parts[1:]))


def _days(piece: str) -> list[int]:
    first, dash, last = piece.partition("-")
    start = _day(first)
    if not dash:
        return [start]
    return [(start + n) % 7 for n in range((_day(last) - start) % 7 + 1)]


def _day(word: str) -> int:
    for names in (DAYS, FULL):
        if word in names:
            return names.index(word)
    raise ValueError(f"{word!r} is no day of the week; there is {', '.join(DAYS)}")


def read_hours(text: str) -> Hours:
    """The hours of one day: "09:00-12:00 13:00-17:30", or "22:00-06:00", over midnight."""
    pieces = text.replace(",", " ").split()
    if not pieces:
        raise ValueError('hours are missing; write them as "10:00-14:00"')
    return merged([_span(piece) for piece in pieces])


def _span(piece: str) -> Minutes:
    found = _SPAN.fullmatch(piece)
    if found is None:
        raise ValueError(f'{piece!r} must be hours such as "09:00-17:30"')
    start, end = _minute(found[1], found[2]), _minute(found[3], found[4])
    if start in (end, MIDNIGHT):
        raise ValueError(f'{piece!r} has no length; all day is "00:00-24:00"')
    return start, end if end > start else end + MIDNIGHT


def _minute(hour: str, minute: str) -> int:
    count = int(hour) * 60 + int(minute)
    if int(minute) > 59 or count > MIDNIGHT:
        raise ValueError(f'"{hour}:{minute}" is no time of day; the last is 24:00')
    return count


def read_days(text: str) -> list[date]:
    """A day, "2026-12-24", or all days of a range: "2026-12-27..2026-12-31"."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return [_date(text.strip())]
    first, last = _date(found[1]), _date(found[2])
    if last < first:
        raise ValueError(f"{text!r} ends before it begins")
    if last - first >= LONGEST:
        raise ValueError(f"{text!r} is longer than a year")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f'{text!r} must be a day such as "2026-12-24", or a range such as'
            ' "2026-12-27..2026-12-31"'
        ) from None
