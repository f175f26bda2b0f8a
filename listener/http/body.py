"""The body of an answer, read whole and within caps."""

import requests

from listener.errors import Trouble
from listener.http.addresses import HttpError
from listener.http.guard import Guard

MOST_UNPACKED = 100  # times what came over the wire

_CHUNK = 16_384


def whole_body(response: requests.Response, guard: Guard, limit_bytes: int) -> bytes:
    """Read what comes as it comes: waiting for full chunks would let a slow server hold us.

    Raises HttpError for more bytes than `limit_bytes`, unpacked, and for what unpacks to far more
    than was sent; TimeoutError when the guard cut the connection; and what urllib3 raises.
    """
    chunks: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit_bytes:
            raise HttpError(f"answers with more than {limit_bytes / 1e6:g} MB", Trouble.SHAPE)
        if size > _CHUNK * 4 and size > MOST_UNPACKED * max(response.raw.tell(), 1):
            raise HttpError("answers with a small body that unpacks to a huge one", Trouble.SHAPE)
        if guard.expired:
            raise TimeoutError
        chunks.append(chunk)
    if guard.expired:
        raise TimeoutError  # a connection that was cut may look like one that ended
    return b"".join(chunks)
