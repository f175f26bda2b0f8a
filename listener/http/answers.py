"""What an answer means: how long to wait, and what to tell the person who runs the daemon."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from listener.errors import CollectorError, Trouble

if TYPE_CHECKING:
    import requests

SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=24)
USUAL_WAIT = timedelta(seconds=60)
_WAIT_HEADERS: Final = ("retry-after", "x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")
_UNIX_FROM = 100_000_000  # a number at least so great is a moment, a smaller one a wait

_STATUS_TROUBLE: Final = {
    400: (Trouble.SETTINGS, "did not understand the question"),
    401: (Trouble.CREDENTIALS, "does not accept our credentials; check or renew them"),
    402: (Trouble.QUOTA, "wants to be paid first"),
    403: (Trouble.CREDENTIALS, "refuses us; check what the credentials are allowed to do"),
    404: (Trouble.SETTINGS, "knows no such thing; check the address"),
    407: (Trouble.SETTINGS, "is behind a proxy that wants credentials"),
    408: (Trouble.SERVER, "did not wait for us"),
    410: (Trouble.SETTINGS, "says that it is gone for good; remove or change the address"),
    425: (Trouble.SERVER, "asks us to come later"),
    429: (Trouble.RATE, "was asked too often"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; `headers` are read without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str  # after redirects


def to_error(
    problem: "Reply | requests.Response | Exception",
    *,
    asked: str,
    now: datetime | None,
    means: Mapping[int, str] = MappingProxyType({}),
) -> CollectorError:
    """What a collector raises for an answer or an exception.

    `asked` names what was asked of what ("the feed example.org/news"); nothing else of the
    address, the headers or the body is repeated. Without `now` no wait is told. `means`: other
    words for a status, which name the key of the settings to look at.
    """
    if isinstance(problem, Exception):
        from listener.http.troubles import of_exception  # noqa: PLC0415  # brings requests

        kind, words, reached = of_exception(problem)
        return CollectorError(f"{asked} {words}", kind=kind, reached=reached)
    status = problem.status if isinstance(problem, Reply) else problem.status_code
    trouble, words = _of_status(status)
    words = means.get(status, words)
    wait = None
    if now is not None and trouble in (Trouble.RATE, Trouble.SERVER, Trouble.QUOTA):
        wait = not_before(problem.headers, now)
    return CollectorError(f"{asked} {words} (HTTP {status})", kind=trouble, retry_after=wait)


def _of_status(status: int) -> tuple[Trouble, str]:
    if status in _STATUS_TROUBLE:
        return _STATUS_TROUBLE[status]
    if status >= 500:
        return Trouble.SERVER, "has a trouble of its own"
    if status >= 400:
        return Trouble.SETTINGS, "did not accept the question"
    return Trouble.SHAPE, "gave an answer that we did not expect"


def not_before(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a service asks us to wait; None where it does not say.

    Reads Retry-After (seconds or a date) and the reset headers (seconds, a unix time or ISO 8601).
    Between one second and 24 hours; what cannot be read, or lies in the past, is a minute.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    said = next((lower[name] for name in _WAIT_HEADERS if name in lower), None)
    if said is None:
        return None
    seconds = _wait_seconds(said.strip(), now)
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return USUAL_WAIT
    seconds = min(seconds, LONGEST_WAIT.total_seconds())
    return max(timedelta(seconds=seconds), SHORTEST_WAIT)


def _wait_seconds(said: str, now: datetime) -> float | None:
    try:
        number = float(said)
    except ValueError:
        moment = _moment(said)
        return None if moment is None else (moment - now).total_seconds()
    return number if number < _UNIX_FROM else number - now.timestamp()


def _moment(said: str) -> datetime | None:
    readers: tuple[Callable[[str], datetime], ...] = (
        parsedate_to_datetime,
        datetime.fromisoformat,
    )
    for read in readers:
        try:
            moment = read(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
