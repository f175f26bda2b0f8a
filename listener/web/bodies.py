"""The bodies of what others post: of bounded length, in bounded time, a few at once."""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

MOST_BYTES: Final = 1_000_000
READ_WITHIN: Final = 5.0  # seconds
MOST_AT_ONCE: Final = 20  # bodies that are being read; anybody may begin to send one


class Bodies:
    """Reads bodies at a door where anybody may knock."""

    def __init__(self) -> None:
        self._reading = asyncio.Semaphore(MOST_AT_ONCE)

    async def read(self, request: Request) -> bytes | Response:
        """The body, or what its sender is told instead."""
        if self._reading.locked():  # the pages keep their connections, however slowly others send
            return PlainTextResponse("", 503, {"retry-after": "5"})
        async with self._reading:
            body = await read_body(request)
        return PlainTextResponse("", 413) if body is None else body


async def read_body(request: Request) -> bytes | None:
    """The body, or None where it is longer than it may be, or does not come in time."""
    try:
        return await asyncio.wait_for(_read_body(request), READ_WITHIN)
    except (TimeoutError, ClientDisconnect):
        return None


async def _read_body(request: Request) -> bytes | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


def lower(request: Request) -> dict[str, str]:
    """The headers by their names in lower case."""
    return {name.lower(): value for name, value in request.headers.items()}
