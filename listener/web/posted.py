"""Whether a form was posted from these pages: by what the browser says, and by their token."""

from collections.abc import Callable
from hmac import compare_digest
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from listener.web.behind import Behind
from listener.web.bodies import read_body
from listener.web.origin import is_from_here

Form = TypeVar("Form")


async def form_of(request: Request, read: Callable[[bytes], Form | None]) -> Form | Response:
    """What was posted, or what who posted it is told instead. `read` gives None for no form."""
    if not is_from_here(request.headers):
        return PlainTextResponse("This form was not sent from these pages.\n", 403)
    body = await read_body(request)
    form = None if body is None else read(body)
    return PlainTextResponse("This is no form of these pages.\n", 400) if form is None else form


def has_token(behind: Behind, given: str) -> bool:
    """Whether a form bears the token of the pages of whoever sits at them."""
    return compare_digest(given.encode(), behind.token.encode())
