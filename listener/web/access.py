"""Whether who asks may: one place for every page, so that a new one is never open.

A page is read by a reader; what changes something is for an agent, and whatever says
`needs(Role.ADMIN, ...)` for an admin. Only what is named here asks nobody who they are.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from listener.domain.role import Role
from listener.web.api.problems import ASK, ProblemError
from listener.web.doorkeeper import Doorkeeper, Refusal, is_for_programs
from listener.web.guard import HOOKS, METHODS, SIGN_IN, SIGN_OUT, SLACK, TRY, UNSUBSCRIBE
from listener.web.language import CHOOSE
from listener.web.origin import is_from_here
from listener.web.visitor import VISITOR, Visitor, Way, asked_for, visitor_of
from listener.web.words import later

OIDC: Final = "/signin/oidc"
OIDC_DONE: Final = "/signin/oidc/done"
STATIC: Final = "/static/"

# Machines that look whether we live, our own scripts, what is signed or has a secret of its own,
# the way in and out, and the choice of a language.
_OPEN: Final = frozenset(
    {"/healthz", "/readyz", "/site.css", SLACK, SIGN_IN, SIGN_OUT, OIDC, OIDC_DONE}
)
_OPEN_BELOW: Final = (HOOKS, STATIC, UNSUBSCRIBE, CHOOSE)

Refuse = Callable[[Request, int, str], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

ONLY_READS: Final = Refusal(
    403,
    later("You may read these pages, but not do this. Whoever runs listener can change your role."),
)
ONLY_READ_HERE: Final = Refusal(403, later("By this address the pages can only be read."))
NOT_FROM_HERE: Final = Refusal(403, later("This was not sent from these pages."))


def needs(least: Role, endpoint: Endpoint) -> Endpoint:
    """A route that is open to this role and those above it."""

    async def checked(request: Request) -> Response:
        visitor = visitor_of(request)
        if visitor is None or not visitor.role.may(least):
            raise HTTPException(ONLY_READS.status, ONLY_READS.words)
        return await endpoint(request)

    return checked


class Access:
    """Says in the state of a request who asks, or refuses. `refuse` makes a page of words."""

    def __init__(
        self, app: ASGIApp, *, keeper: Doorkeeper, readers: Executor, refuse: Refuse
    ) -> None:
        self._app, self._keeper, self._readers, self._refuse = app, keeper, readers, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._readers, self._decide, scope)
        if isinstance(found, Visitor):
            scope.setdefault("state", {})[VISITOR] = found
            await self._app(scope, receive, send)
        else:
            await self._answer(Request(scope), found)(scope, receive, send)

    def _decide(self, scope: Scope) -> Visitor | Refusal:
        visitor = self._keeper.visitor(scope)
        if isinstance(visitor, Refusal) or scope["method"] in METHODS:
            return visitor
        if visitor.way is Way.TOKEN:  # it opens what programs are given, which asks for its scope
            return visitor
        if not is_from_here(Headers(scope=scope)):
            return NOT_FROM_HERE
        if not visitor.role.may(Role.AGENT) and scope["path"] != TRY:  # which changes nothing
            return ONLY_READ_HERE if visitor.way is Way.OPEN else ONLY_READS
        return visitor

    def _answer(self, request: Request, refusal: Refusal) -> Response:
        if is_for_programs(request.scope):
            kind, asks = ("token", ASK) if refusal.status == 401 else ("scope", {})
            return ProblemError(kind, refusal.words, headers=asks).response
        if refusal.status != 401:
            return self._refuse(request, refusal.status, refusal.words)
        if request.method not in METHODS:
            return self._refuse(
                request, 401, later("You are signed out. Sign in, and do it again.")
            )
        if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
            return PlainTextResponse(f"{refusal.words}\n", 401)
        wanted = asked_for(request)
        asked = "" if wanted == "/" else "?" + urlencode({"next": wanted})
        return RedirectResponse(SIGN_IN + asked, 303)


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_BELOW)
