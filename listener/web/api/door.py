"""The door of the API: what comes in is read strictly, carried out, and answered."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from listener.errors import NotFoundError, QueryError, UsageError
from listener.files import json_line
from listener.web.api.asked import read_address
from listener.web.api.endpoint import JSON, Address, Deed, Endpoint, Made, Terms
from listener.web.api.keys import entered
from listener.web.api.problems import ProblemError, mistake
from listener.web.api.sent import read_sent, take_body
from listener.web.behind import Behind

POST: Final = "POST"
METHODS: Final = (POST, "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
Answer = Callable[[Request], Awaitable[Response]]
_TAG: Final = re.compile(r'"([0-9]{1,15})"|([0-9]{1,15})')
_KEY: Final = re.compile(r"[!-~]{1,200}")


def reading(endpoint: Endpoint[Any], behind: Behind, readers: Executor) -> Answer:
    """What answers at an address that is read."""

    def make(request: Request) -> Any:
        seen = entered(behind, request, endpoint.scope)
        return endpoint.answer(seen, _asked(endpoint, request))

    async def answer(request: Request) -> Response:
        told = partial(_told, partial(make, request), endpoint.media)
        return await asyncio.get_running_loop().run_in_executor(readers, told)

    return answer


def acting(deed: Deed[Any], behind: Behind, takers: Executor) -> Answer:
    """What answers at an address that is posted to."""

    def carry_out(request: Request, body: bytes) -> Any:
        seen = entered(behind, request, deed.scope)
        asked, terms = _asked(deed, request), _terms(request)
        return deed.carry_out(seen, asked, read_sent(deed.sent, body), terms)

    async def act(request: Request) -> Response:
        if request.method != POST:
            words = "The address is there, and takes another method."
            return ProblemError("method", words, headers={"allow": POST}).response
        try:
            body = await take_body(request)
        except ProblemError as problem:
            return problem.response
        told = partial(_told, partial(carry_out, request, body), deed.media)
        return await asyncio.get_running_loop().run_in_executor(takers, told)

    return act


def _asked(address: Address[Any], request: Request) -> Any:
    return read_address(address.asked, request.scope["query_string"], request.path_params)


def _told(make: Callable[[], Any], media: str) -> Response:
    try:
        made = make()
    except ProblemError as problem:
        return problem.response
    except QueryError as error:
        wrong = mistake("query", "q", str(error), position=error.position)
        return ProblemError("request", f"q: {error}", mistakes=[wrong]).response
    except NotFoundError as error:
        return ProblemError("unknown", str(error)).response
    except UsageError as error:
        return ProblemError("refused", str(error)).response
    if not isinstance(made, Made):
        made = Made(body=made)
    body = json_line(made.body) if media == JSON else made.body
    return Response(body, headers=dict(made.headers), media_type=media)


def _terms(request: Request) -> Terms:
    """Raises ProblemError for headers that are written in another way."""
    return Terms(seen=_seen(request), key=_key(request))


def _seen(request: Request) -> int | None:
    written = request.headers.get("if-match")
    if written is None or written.strip() == "*":
        return None
    found = _TAG.fullmatch(written.strip())
    if found is None:
        raise _wrong("If-Match", 'write the ETag of the answer it was read from, such as "12"')
    return int(found[1] or found[2])


def _key(request: Request) -> str | None:
    written = request.headers.get("idempotency-key")
    if written is not None and _KEY.fullmatch(written) is None:
        raise _wrong("Idempotency-Key", "write 1 to 200 visible characters of ASCII")
    return written


def _wrong(header: str, words: str) -> ProblemError:
    return ProblemError(
        "request", f"{header}: {words}.", mistakes=[mistake("header", header, words)]
    )
