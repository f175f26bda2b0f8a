"""The page that a mail's link to unsubscribe leads to, and the press of its button.

It asks first, for programs that look for viruses open every link. A mail program that knows one
click posts `List-Unsubscribe=One-Click` instead (RFC 8058), and reads nothing of the answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from listener import subscriptions
from listener.store.subscriptions import Subscription
from listener.texts.words import say
from listener.web.behind import Behind
from listener.web.bodies import read_body
from listener.web.pages import render

AGAIN: Final = "again"


def door(
    behind: Behind, readers: Executor, takers: Executor
) -> Callable[[Request], Awaitable[Response]]:
    """What answers under /unsubscribe/TOKEN."""

    async def unsubscribe(request: Request) -> Response:
        token, loop = request.path_params["token"], asyncio.get_running_loop()
        if request.method != "POST":
            found = await loop.run_in_executor(readers, subscriptions.of_token, behind.store, token)
            return _page(behind, found)
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("", 413)
        again = AGAIN in parse_qs(body.decode("ascii", "replace"))
        press = partial(subscriptions.press, behind.store, token, behind.now(), again=again)
        return _page(behind, await loop.run_in_executor(takers, press))

    return unsubscribe


def _page(behind: Behind, found: Subscription | None) -> Response:
    html = render(
        "unsubscribe.html.j2",
        behind,
        say=partial(say, behind.language),
        spoken=behind.language,
        found=found,
        again=AGAIN,
    )
    return HTMLResponse(html, 404 if found is None else 200)
