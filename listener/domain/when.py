"""Times and spans as people write them: 30m, 90d, 2026-11-22, 2026-11-22T14:30:00Z; pure."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from listener.errors import UsageError

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST: Final = timedelta(days=36_525)
LONG_AGO: Final = datetime.fromisoformat("1970-01-01T00:00:00Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # its beginning, in UTC


def read_span(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS or not (number.isascii() and number.isdigit()) or len(number) > 6:
        raise UsageError(f"{text!r} is no span of time; write 30m, 4h or 2d.")
    span = timedelta(**{UNITS[unit]: int(number)})
    if span > LONGEST:
        raise UsageError(f"{text!r} is too long; a hundred years are enough.")
    return span


def read_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time; write 2026-11-22T14:30:00Z.") from None
    if moment.tzinfo is None:
        raise UsageError(f"{text!r} has no time zone; end it with Z or +01:00.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"{text!r} is outside our calendar in UTC.") from None


def since_when(text: str | None, now: datetime) -> datetime:
    """The moment that `--since` names: a time, or a span before now; long ago without one."""
    if text is None:
        return LONG_AGO
    moment = moment_of(text, now)
    if moment > now:
        raise UsageError(
            f"--since {text!r}: write a span such as 90d, or a past time such as 2026-09-01."
        )
    return moment


def moment_of(text: str, now: datetime) -> datetime:
    """A time, the beginning of a day in UTC, or a span before now."""
    if text[-1:].isalpha() and text[:-1].isdigit():
        return now - read_span(text)
    moment = read_moment(f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text)
    assert moment is not None
    return moment
