"""Whether a form was posted from these pages: by what the browser says, and by their token."""

from hmac import compare_digest

from starlette.requests import Request

from listener.web.behind import Behind


def is_from_here(request: Request) -> bool:
    """What the browser says: the same origin. One that says nothing is told by the token alone."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def has_token(behind: Behind, given: str) -> bool:
    """Whether a form bears the token of the pages of whoever sits at them."""
    return compare_digest(given.encode(), behind.token.encode())
