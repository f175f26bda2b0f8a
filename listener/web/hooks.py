"""The door for other programs: signed deliveries, taken before they are answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from listener.collectors.webhook import SIGNATURES, Refused
from listener.errors import UsageError
from listener.stages.collect import Page
from listener.web.bodies import Bodies, lower

Deliver = Callable[[str, bytes, Mapping[str, str]], Page | None]


def door(deliver: Deliver | None, takers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers a delivery; taking it may wait for the database, so `takers` do it."""
    bodies = Bodies()

    async def hook(request: Request) -> Response:
        if deliver is None:
            return PlainTextResponse("", 404)
        if not any(name in request.headers for name in SIGNATURES):
            return JSONResponse({"error": "it is not signed"}, 401)
        body = await bodies.read(request)
        if isinstance(body, Response):
            return body
        make = partial(answer, deliver, request.path_params["name"], body, lower(request))
        return await asyncio.get_running_loop().run_in_executor(takers, make)

    return hook


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
