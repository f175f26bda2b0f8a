"""Whether who asks may: what the token is good for that a program bears."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request

from listener.domain.role import Scope
from listener.store.api_tokens import Token
from listener.web.api.problems import ASK, ProblemError
from listener.web.behind import Behind
from listener.web.visitor import visitor_of

BEARER: Final = "bearer"
TOKEN: Final = "token"  # noqa: S105  # the name of a parameter


def entered(behind: Behind, request: Request, scope: Scope) -> Behind:
    """What an endpoint is given, for whoever asks. Raises ProblemError for who may not.

    Where somebody has to sign in, and whether a token is one of ours, `access.py` has seen to. To
    act always takes a token: a page elsewhere can send a request, and cannot know one.
    """
    if not behind.home:
        behind = replace(behind, home=str(request.base_url))
    visitor = visitor_of(request)
    token = None if visitor is None else visitor.borne
    if token is not None:
        if "authorization" not in request.headers:
            _must_be_for_feeds(token)
        return _with_token(behind, token, scope)
    if scope is Scope.ACT:
        words = "Send Authorization: Bearer and a token with the scope act."
        raise ProblemError("token", words, headers=ASK)
    return behind


def _must_be_for_feeds(token: Token) -> None:
    """Addresses are written into logs and histories: what stands in one opens nothing else."""
    if token.scopes != {Scope.FEED}:
        words = "Only a token with no scope but feed may stand in an address."
        raise ProblemError("scope", words)


def _with_token(behind: Behind, token: Token, scope: Scope) -> Behind:
    if not token.may(scope):
        raise ProblemError("scope", f"This takes a token with the scope {scope}.")
    return replace(behind, who=token.who, role=token.role)
