"""Whom a page is made for."""

from dataclasses import replace

from starlette.requests import Request

from listener.web.behind import Behind
from listener.web.language import language_of


def visited(behind: Behind, request: Request) -> Behind:
    """What pages are given, for the person of this request."""
    accepted = request.headers.get("accept-language")
    return replace(behind, spoken=language_of(request.cookies, accepted, behind.spoken))
