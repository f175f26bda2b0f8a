"""The door for Slack's requests: presses, commands and events, each signed by Slack.

Slack waits three seconds. What is done by then is answered with what came of it; what takes
longer is acknowledged, and goes on.
"""

import asyncio
import logging
from asyncio import Future
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from typing import Any, Final, Protocol

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from listener.web.bodies import Bodies, lower

SIGNATURE: Final = "x-slack-signature"
ANSWER_WITHIN: Final = 2.0  # seconds, of three: the rest is for the way there and back
WORKERS: Final = 4  # requests that are carried out at once; the store takes one writer anyway

LOG: Final = logging.getLogger(__name__)

Answer = dict[str, Any]


class Asked(Protocol):
    """A request that is Slack's own, not carried out yet."""

    def answer(self) -> Answer | None: ...

    def tell_late(self, answer: Answer) -> None: ...


Receive = Callable[[bytes, Mapping[str, str]], Asked | None]  # None: not signed by Slack
Receiving = Callable[[], Receive | None]  # None: no outlet has a signing secret, at the moment


def door(receiving: Receiving, pressers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers Slack's requests; `pressers` carry them out."""
    bodies = Bodies()

    async def events(request: Request) -> Response:
        receive = receiving()
        if receive is None:
            return PlainTextResponse("", 404)
        if SIGNATURE not in request.headers:
            return _unsigned()
        body = await bodies.read(request)
        if isinstance(body, Response):
            return body
        asked = receive(body, lower(request))
        if asked is None:
            return _unsigned()
        return await _answered(asked, pressers)

    return events


def _unsigned() -> Response:
    return JSONResponse(
        {"error": "it is not signed, or not by our signing_secret, or not now"}, 401
    )


async def _answered(asked: Asked, pressers: Executor) -> Response:
    doing = asyncio.get_running_loop().run_in_executor(pressers, asked.answer)
    await asyncio.wait([doing], timeout=ANSWER_WITHIN)
    if not doing.done():
        return Response(background=BackgroundTask(_told_late, asked, doing, pressers))
    try:
        answer = doing.result()
    except Exception as error:  # a locked database, a full disk: Slack tells whoever pressed
        _failed(error)
        return PlainTextResponse("", 503)
    return Response() if answer is None else JSONResponse(answer)


async def _told_late(asked: Asked, doing: "Future[Answer | None]", pressers: Executor) -> None:
    try:
        answer = await doing
        if answer is not None:
            await asyncio.get_running_loop().run_in_executor(pressers, asked.tell_late, answer)
    except Exception as error:  # acknowledged already: whoever pressed sees that nothing changes
        _failed(error)


def _failed(error: Exception) -> None:
    LOG.error("a press failed: %s", type(error).__name__, exc_info=error)
