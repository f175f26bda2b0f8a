"""Where a page of a list ended, as a text that says nothing to whoever bears it."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final

from listener.web.api.problems import ProblemError, mistake

_LARGEST: Final = 1 << 63


def write(of: str, key: Sequence[Any]) -> str:
    """`of`: the list, and its order; another list refuses it."""
    kept = json.dumps([of, *key], separators=(",", ":")).encode()
    return urlsafe_b64encode(kept).decode().rstrip("=")


def read(of: str, cursor: str, types: Sequence[type]) -> list[Any]:
    """The key, each part of its type. Raises ProblemError for the cursor of another list."""
    try:
        kept = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        kept = None
    if not _fits(kept, of, types):
        words = "it is none of this list and order; leave it out to begin anew"
        raise ProblemError(
            "request", f"cursor: {words}.", mistakes=[mistake("query", "cursor", words)]
        )
    return list(kept[1:])


def _fits(kept: Any, of: str, types: Sequence[type]) -> bool:
    if not isinstance(kept, list) or len(kept) != len(types) + 1 or kept[0] != of:
        return False
    return all(
        type(part) is wanted and not (isinstance(part, int) and abs(part) >= _LARGEST)
        for part, wanted in zip(kept[1:], types, strict=True)
    )
