"""Whom a page is made for."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from starlette.requests import Request

from listener.domain.role import Role
from listener.store.api_tokens import Token
from listener.web.behind import Behind
from listener.web.language import language_of
from listener.web.words import languages

VISITOR: Final = "visitor"  # in the state of a request, where `access.py` puts it


class Way(StrEnum):
    """How it is known who somebody is."""

    OPEN = "open"  # it is not: nobody need sign in
    SESSION = "session"
    PROXY = "proxy"  # which signed them in
    TOKEN = "token"  # noqa: S105  # a program; it has no forms


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, and what they may do. `token` is that of their forms, `borne` that of a program."""

    who: str
    role: Role
    way: Way
    token: str = field(default="", repr=False)
    borne: Token | None = None


def visitor_of(request: Request) -> Visitor | None:
    """Who asks; None at the few addresses where nobody is asked who they are."""
    found = request.scope.get("state", {}).get(VISITOR)
    return found if isinstance(found, Visitor) else None


def asked_for(request: Request) -> str:
    """The address of a page as it was asked for, with its query."""
    path = request.scope.get("raw_path", b"/").decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def visited(behind: Behind, request: Request) -> Behind:
    """What pages are given, for the person of this request."""
    accepted = request.headers.get("accept-language")
    spoken = language_of(request.cookies, accepted, behind.spoken, languages())
    at = asked_for(request) if request.method == "GET" else "/"
    visitor = visitor_of(request)
    if visitor is None:
        return replace(behind, spoken=spoken, at=at, who="", role=Role.READER)
    return replace(
        behind,
        spoken=spoken,
        at=at,
        who=visitor.who,
        role=visitor.role,
        token=visitor.token,
        signed_in=visitor.way in (Way.SESSION, Way.PROXY),
        signs_out=visitor.way is Way.SESSION,
    )
