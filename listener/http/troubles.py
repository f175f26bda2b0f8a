"""What the exceptions of the HTTP libraries mean, in words that repeat no address."""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from requests import exceptions as requests_errors
from urllib3 import exceptions as urllib3_errors

from listener.errors import Trouble
from listener.http.addresses import HttpError

_KINDS_OF_ERROR: Final[tuple[tuple[tuple[type[BaseException], ...], Trouble, str], ...]] = (
    (
        (requests_errors.JSONDecodeError, json.JSONDecodeError),
        Trouble.SHAPE,
        "answered something that is not JSON",
    ),
    (
        (requests_errors.SSLError, urllib3_errors.SSLError),
        Trouble.NETWORK,
        "has a certificate that cannot be trusted",
    ),
    (
        (urllib3_errors.NameResolutionError,),
        Trouble.NETWORK,
        "cannot be found: its name leads nowhere",
    ),
    (  # before the next, of which urllib3 takes it for one
        (urllib3_errors.NewConnectionError, ConnectionRefusedError),
        Trouble.NETWORK,
        "could not be reached",
    ),
    (
        (requests_errors.ConnectTimeout, urllib3_errors.ConnectTimeoutError),
        Trouble.NETWORK,
        "could not be reached in time",
    ),
    (
        (requests_errors.ReadTimeout, urllib3_errors.ReadTimeoutError, TimeoutError),
        Trouble.NETWORK,
        "did not answer in time",
    ),
    (
        (urllib3_errors.DecodeError, requests_errors.ContentDecodingError),
        Trouble.SHAPE,
        "answered something that cannot be unpacked",
    ),
    (
        (
            requests_errors.InvalidURL,
            requests_errors.MissingSchema,
            requests_errors.InvalidSchema,
            urllib3_errors.LocationValueError,
        ),
        Trouble.SETTINGS,
        "is no address that can be read",
    ),
    (
        (
            requests_errors.ChunkedEncodingError,
            requests_errors.ConnectionError,
            urllib3_errors.HTTPError,
            OSError,
        ),
        Trouble.NETWORK,
        "hung up before the answer was complete",
    ),
)


_NOT_REACHED: Final = (
    requests_errors.SSLError,
    requests_errors.ConnectTimeout,
    urllib3_errors.SSLError,
    urllib3_errors.NameResolutionError,
    urllib3_errors.ConnectTimeoutError,
    urllib3_errors.NewConnectionError,
    ConnectionRefusedError,
)


class Meaning(NamedTuple):
    """The kind of trouble, and a predicate for what was asked: "did not answer in time"."""

    kind: Trouble
    words: str
    reached: bool  # the service, by the question; it may have been billed then


def of_exception(problem: Exception) -> Meaning:
    """What an exception of an HTTP library means."""
    if isinstance(problem, HttpError):
        return Meaning(problem.kind, str(problem), problem.reached)
    causes = list(_causes(problem))
    reached = not any(isinstance(cause, _NOT_REACHED) for cause in causes)
    for types, trouble, words in _KINDS_OF_ERROR:
        if any(isinstance(cause, types) for cause in causes):
            return Meaning(trouble, words, reached)
    return Meaning(Trouble.NETWORK, f"could not be asked ({type(problem).__name__})", reached)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those it wraps; requests and urllib3 keep them in several places."""
    current: object = error
    for _ in range(6):
        if not isinstance(current, BaseException):
            return
        yield current
        inside = [*current.args[:2], getattr(current, "reason", None), current.__cause__]
        current = next((one for one in inside if isinstance(one, BaseException)), None)
