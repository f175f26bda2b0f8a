"""Whether a form was posted from these pages: by what the browser says, and by their token."""

from collections.abc import Callable
from hmac import compare_digest
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from listener.web.behind import Behind
from listener.web.bodies import read_body
from listener.web.language import language_of
from listener.web.origin import is_from_here
from listener.web.words import SOURCE, in_words, languages, later

Form = TypeVar("Form")


async def form_of(request: Request, read: Callable[[bytes], Form | None]) -> Form | Response:
    """What was posted, or what who posted it is told instead. `read` gives None for no form."""
    if not is_from_here(request.headers):
        return _told(request, later("This form was not sent from these pages."), 403)
    body = await read_body(request)
    form = None if body is None else read(body)
    if form is None:
        return _told(request, later("This is no form of these pages."), 400)
    return form


def _told(request: Request, words: str, status: int) -> Response:
    """In plain text: nobody knows yet whose pages these are."""
    accepted = request.headers.get("accept-language")
    language = language_of(request.cookies, accepted, SOURCE, languages())
    return PlainTextResponse(f"{in_words(language, words)}\n", status)


def has_token(behind: Behind, given: str) -> bool:
    """Whether a form bears the token of the pages of whoever sits at them."""
    return compare_digest(given.encode(), behind.token.encode())
