"""The door for other programs: signed deliveries, taken before they are answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from listener.collectors.webhook import SIGNATURES, Refused
from listener.errors import UsageError
from listener.stages.collect import Page

Deliver = Callable[[str, bytes, Mapping[str, str]], Page | None]
MOST_BYTES: Final = 1_000_000
READ_WITHIN: Final = 5.0  # seconds
MOST_AT_ONCE: Final = 20  # bodies that are being read; anybody may begin to send one


def door(deliver: Deliver | None, takers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers a delivery; taking it may wait for the database, so `takers` do it."""
    reading = asyncio.Semaphore(MOST_AT_ONCE)

    async def hook(request: Request) -> Response:
        if deliver is None:
            return PlainTextResponse("", 404)
        if not any(name in request.headers for name in SIGNATURES):
            return JSONResponse({"error": "it is not signed"}, 401)
        if reading.locked():  # the pages keep their connections, however slowly others send
            return PlainTextResponse("", 503, {"retry-after": "5"})
        async with reading:
            body = await read_body(request)
        if body is None:
            return PlainTextResponse("", 413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        make = partial(answer, deliver, request.path_params["name"], body, headers)
        return await asyncio.get_running_loop().run_in_executor(takers, make)

    return hook


async def read_body(request: Request) -> bytes | None:
    """The body, or None where it is longer than a delivery may be, or does not come in time."""
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


def answer(deliver: Deliver, name: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """Take a delivery; the answer tells its sender what became of it."""
    try:
        page = deliver(name, body, headers)
    except UsageError as error:
        return JSONResponse({"error": str(error)}, 404)
    except Refused as error:
        return JSONResponse({"error": str(error)}, 400 if error.signed else 401)
    except Exception as error:  # a locked database, a full disk: the sender has it still
        logging.getLogger(__name__).error("hook %s failed: %s", name, type(error).__name__)
        return JSONResponse({"error": "try again later"}, 503, {"retry-after": "60"})
    if page is None:
        return JSONResponse({"accepted": 0, "rejected": 0, "note": "taken before"}, 200)
    counts = {"accepted": page.accepted, "updated": page.updated, "rejected": page.rejected}
    return JSONResponse(counts, 202)
