"""Who may: the token that a program bears, and what it is good for."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request

from listener.domain.role import Scope
from listener.store import api_tokens
from listener.store.api_tokens import Token
from listener.web.api.problems import ASK, ProblemError
from listener.web.behind import Behind

BEARER: Final = "bearer"
TOKEN: Final = "token"  # noqa: S105  # the name of a parameter


def entered(behind: Behind, request: Request, scope: Scope) -> Behind:
    """What an endpoint is given, for whoever asks. Raises ProblemError for who may not.

    To act always takes a token: a page elsewhere can send a request, and cannot know one.
    """
    if not behind.home:
        behind = replace(behind, home=str(request.base_url))
    written = request.headers.get("authorization")
    if written is not None:
        return _with_token(behind, good_token(behind, _borne(written)), scope)
    in_address = request.query_params.get(TOKEN)
    if scope is Scope.FEED and in_address is not None:
        return _with_token(behind, _for_feeds(good_token(behind, in_address)), scope)
    if scope is Scope.ACT:
        words = "Send Authorization: Bearer and a token with the scope act."
        raise ProblemError("token", words, headers=ASK)
    return behind


def _borne(written: str) -> str:
    kind, _, token = written.partition(" ")
    if kind.lower() != BEARER or not token.strip():
        raise ProblemError("token", "Send Authorization: Bearer and a token.", headers=ASK)
    return token.strip()


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


def good_token(behind: Behind, text: str) -> Token:
    """The token of a text, its use written down. Raises ProblemError for one that opens nothing."""
    now = behind.now()
    with behind.store.read() as db:
        token = api_tokens.find(db, text, now)
    if token is None:
        raise ProblemError("token", "This token is unknown, revoked or over.", headers=ASK)
    if api_tokens.must_note(token, now):
        with behind.store.write() as db:
            api_tokens.note_use(db, token, now)
    return token
