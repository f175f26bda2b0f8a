"""X's ids: each carries the millisecond at which it was given, so an id is a time too. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeGuard

_EPOCH_MS: Final = 1_288_834_974_657  # 2010-11-04
_TIME_BITS: Final = 22  # of an id, to the right of its time
_OLDEST: Final = 1 << 40  # ids below were counted up, and say no time
_LONGEST: Final = 19  # digits


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value of an answer is an id as X writes them: digits in a string."""
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST


def moment_of(number: str) -> datetime | None:
    """When an id was given; None for one that does not say."""
    if int(number) < _OLDEST:
        return None
    after = timedelta(milliseconds=(int(number) >> _TIME_BITS) + _EPOCH_MS)
    return datetime.fromtimestamp(0, UTC) + after


def id_at(moment: datetime) -> int:
    """The smallest id of a moment; not above zero for one before there were such ids."""
    since = moment - datetime.fromtimestamp(0, UTC)
    return (since // timedelta(milliseconds=1) - _EPOCH_MS) << _TIME_BITS


def earlier(number: str, span: timedelta) -> str:
    """An id that is older by a span, and never below one."""
    return str(max(1, int(number) - ((span // timedelta(milliseconds=1)) << _TIME_BITS)))
