"""Who may: the token that a program bears, and what it is good for."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request

from listener.accounts import tokens
from listener.domain.role import Scope
from listener.store.api_tokens import Token
from listener.web.api.problems import ASK, ProblemError
from listener.web.behind import Behind

BEARER: Final = "bearer"
TOKEN: Final = "token"  # noqa: S105  # the name of a parameter


def entered(behind: Behind, request: Request, scope: Scope) -> Behind:
    """What an endpoint is given, for whoever asks. Raises ProblemError for who may not.

    Where somebody has to sign in, `access.py` has seen to it. To act always takes a token: a page
    elsewhere can send a request, and cannot know one.
    """
    if not behind.home:
        behind = replace(behind, home=str(request.base_url))
    kind, _, borne = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == BEARER:  # else it is the password of a proxy
        return _with_token(behind, _good(behind, borne.strip()), scope)
    in_address = request.query_params.get(TOKEN)
    if scope is Scope.FEED and in_address is not None:
        return _with_token(behind, _for_feeds(_good(behind, in_address)), scope)
    if scope is Scope.ACT:
        words = "Send Authorization: Bearer and a token with the scope act."
        raise ProblemError("token", words, headers=ASK)
    return behind


def _for_feeds(token: Token) -> Token:
    """Addresses are written into logs and histories: what stands in one opens nothing else."""
    if token.scopes != {Scope.FEED}:
        words = "Only a token with no scope but feed may stand in an address."
        raise ProblemError("scope", words)
    return token


def _with_token(behind: Behind, token: Token, scope: Scope) -> Behind:
    if not token.may(scope):
        raise ProblemError("scope", f"This takes a token with the scope {scope}.")
    return replace(behind, who=token.who, role=token.role)


def _good(behind: Behind, text: str) -> Token:
    token = tokens.good(behind.store, text, behind.now())
    if token is None:
        raise ProblemError("token", "This token is unknown, revoked or over.", headers=ASK)
    return token
