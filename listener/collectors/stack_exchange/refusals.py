"""What Stack Exchange means when it refuses. Pure."""

import re
from datetime import datetime, timedelta
from typing import Final

from listener.collectors.stack_exchange.questions import count, line
from listener.collectors.streams import RefusedError
from listener.errors import CollectorError, Trouble
from listener.http import ApiError

LONGEST_WAIT: Final = timedelta(hours=24)

_KINDS: Final = {500: Trouble.SERVER, 502: Trouble.RATE, 503: Trouble.SERVER}  # by error_id
_KEY_REFUSED: Final = (401, 402, 403, 405, 406)
_NO_RIGHT: Final = 403
_BAD_PARAMETER: Final = 400
_REFUSED: Final = (400, 404, 414)  # by status: the question, not us

_WAIT = re.compile(r"available in (\d{1,7}) seconds", re.ASCII)


def trouble_of(error: ApiError, site: str, now: datetime | None) -> CollectorError:
    """What a refusal means: its number stands in the body, most come as HTTP 400.

    Its message is read for what it is about, and never repeated.
    """
    value = error.value if isinstance(error.value, dict) else {}
    number, message = count(value.get("error_id")), line(value.get("error_message"))
    if number in _KINDS:
        busy = "asks us to come later" if number != 502 else "was asked too often"
        words = f"Stack Exchange {busy} (error {number})"
        wait = error.retry_after or _wait(message, now)
        return CollectorError(words, kind=_KINDS[number], retry_after=wait)
    if number in _KEY_REFUSED or (number == _BAD_PARAMETER and message.startswith(("`key", "key"))):
        does = "let this key read that" if number == _NO_RIGHT else "accept `key`; check it"
        words = f"Stack Exchange does not {does} (error {number})"
        return CollectorError(words, kind=Trouble.CREDENTIALS)
    if number == _BAD_PARAMETER and "site" in message.casefold():
        words = f"Stack Exchange knows no site {site}; check `sites` (error {number})"
        return RefusedError(words, kind=Trouble.SETTINGS)
    if error.status in _REFUSED:
        return RefusedError(str(error), kind=error.kind)
    return error


def _wait(message: str, now: datetime | None) -> timedelta | None:
    said = _WAIT.search(message)
    if said is None or now is None:
        return None
    return max(timedelta(seconds=1), min(timedelta(seconds=int(said[1])), LONGEST_WAIT))
