"""The API under /api/v1: what the pages show and do, for other programs; docs/api.md."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import cache
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from listener.files import json_line
from listener.web.api import clocks, deeds, feeds, figures, incidents, lists, mentions
from listener.web.api.document import document
from listener.web.api.door import METHODS, acting, reading
from listener.web.api.endpoint import BASE, JSON
from listener.web.api.problems import OF_STATUS, ProblemError
from listener.web.behind import Behind

ENDPOINTS: Final = (
    *mentions.ENDPOINTS,
    *clocks.ENDPOINTS,
    *incidents.ENDPOINTS,
    *figures.ENDPOINTS,
    *lists.ENDPOINTS,
)
ADDRESSES: Final = (*ENDPOINTS, *deeds.DEEDS, *feeds.FEEDS)
DOCUMENT: Final = "/openapi.json"


def mounted(behind: Behind, readers: Executor, takers: Executor) -> Iterator[BaseRoute]:
    """The API and the feeds. `readers` read for them, `takers` write."""
    posted = [
        Route(_routed(one.path), acting(one, behind, takers), methods=METHODS)  # else ids end so
        for one in deeds.DEEDS
    ]
    read = [Route(_routed(one.path), reading(one, behind, readers)) for one in ENDPOINTS]
    start = [Route("/", _start), Route(DOCUMENT, _document)]
    yield Mount(BASE, routes=[*start, *posted, *read])
    yield from (Route(one.whole, reading(one, behind, readers)) for one in feeds.FEEDS)


def is_asked(request: Request) -> bool:
    """Whether a program asks, which is not told in pages."""
    return str(request.scope["path"]).startswith((BASE, feeds.BASE))


def refused(error: HTTPException) -> Response:
    """What is told where there is no address, or another method."""
    kind = OF_STATUS.get(error.status_code, "unknown")
    words = "There is no such address; /api/v1/openapi.json lists them."
    if kind == "method":
        words = "The address is there, and takes another method."
    return ProblemError(kind, words, headers=error.headers).response


def failed() -> Response:
    """Says nothing of the fault: what it was goes to the log."""
    return ProblemError("fault", "The log of the daemon names it.").response


def _routed(path: str) -> str:
    """Ids of mentions may be addresses, with slashes in them."""
    return path.replace("/mentions/{id}", "/mentions/{id:path}")


@cache
def _written() -> str:
    return json_line(document(ADDRESSES))


async def _document(_: Request) -> Response:
    return Response(_written(), media_type=JSON)


async def _start(_: Request) -> Response:
    return RedirectResponse(BASE + DOCUMENT)
