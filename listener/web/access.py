"""Who asks, and whether they may: one place for every page, so that a new one is never open.

A page is read by a reader; what changes something is for an agent, and whatever says
`needs(Role.ADMIN, ...)` for an admin. Only what is named here asks nobody who they are.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from listener.accounts import signing_in, tokens
from listener.config.signing_in import Auth
from listener.config.tables import WebTable
from listener.domain.hosts import is_loopback
from listener.domain.role import Role
from listener.store import api_tokens
from listener.store.connection import Store
from listener.store.sessions import Session
from listener.web.behind import Behind
from listener.web.cookies import SESSION, Jar, derived
from listener.web.guard import HOOKS, SLACK, UNSUBSCRIBE
from listener.web.origin import OWN, is_from_here, is_secure, peer_of
from listener.web.visitor import VISITOR, Visitor, Way, visitor_of

LOG: Final = logging.getLogger(__name__)

SIGN_IN: Final = "/signin"
SIGN_OUT: Final = "/signout"
OIDC: Final = "/signin/oidc"
OIDC_DONE: Final = "/signin/oidc/done"
METRICS: Final = "/metrics"
API: Final = "/api/"

# Machines that look whether we live, what is signed or has its own secret, and the way in.
_OPEN: Final = frozenset(
    {"/healthz", "/readyz", "/site.css", SLACK, SIGN_IN, SIGN_OUT, OIDC, OIDC_DONE}
)
_OPEN_BELOW: Final = (HOOKS, UNSUBSCRIBE)
_READING: Final = ("GET", "HEAD")
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not get what they asked for, in words for them."""

    status: int
    words: str


Refuse = Callable[[Request, int, str], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

SIGN_IN_FIRST: Final = Refusal(401, "You are not signed in, or not any more.")
ONLY_READS: Final = Refusal(
    403, "You may read these pages, but not do this. Whoever runs listener can change your role."
)
ONLY_READ_HERE: Final = Refusal(403, "By this address the pages can only be read.")


def needs(least: Role, endpoint: Endpoint) -> Endpoint:
    """A route that is open to this role and those above it."""

    async def checked(request: Request) -> Response:
        visitor = visitor_of(request)
        if visitor is None or not visitor.role.may(least):
            raise HTTPException(ONLY_READS.status, ONLY_READS.words)
        return await endpoint(request)

    return checked


def can_sign_in(store: Store, table: WebTable) -> bool:
    """Whether there is a way to sign in; then nobody is let in without it."""
    return table.proxy is not None or table.oidc is not None or signing_in.anybody(store)


class Access:
    """Says who asks, in the state of the request, or answers itself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        behind: Behind,
        settings: Callable[[], WebTable],
        readers: Executor,
        takers: Executor,
        refuse: Refuse,
    ) -> None:
        self._app = app
        self._behind, self._settings = behind, settings
        self._readers, self._takers, self._refuse = readers, takers, refuse

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
        visitor = self._visitor(scope)
        if not isinstance(visitor, Visitor):
            return visitor
        if scope["method"] in _READING:
            return visitor
        if visitor.way is not Way.TOKEN and not is_from_here(Headers(scope=scope)):
            return Refusal(403, "This was not sent from these pages.")
        if not visitor.role.may(Role.AGENT):
            return ONLY_READ_HERE if visitor.way is Way.OPEN else ONLY_READS
        return visitor

    def _visitor(self, scope: Scope) -> Visitor | Refusal:
        table, headers = self._settings(), Headers(scope=scope)
        if table.proxy is not None and (named := headers.getlist(table.proxy.header)):
            return self._by_proxy(scope, table, named)
        if headers.get("authorization", "")[:7].lower() == "bearer " and _is_for_programs(scope):
            return self._by_token(headers)
        jar = Jar(Request(scope).cookies, is_secure(scope, table))
        if text := jar.get(SESSION):
            session = signing_in.visiting(self._behind.store, text, self._behind.now())
            if session is not None:
                return self._by_session(text, session)
        return self._unknown(scope, table)

    def _unknown(self, scope: Scope, table: WebTable) -> Visitor | Refusal:
        """Somebody who did not say who they are: let in where nobody need say it."""
        if table.auth is Auth.ALWAYS or not is_loopback(table.host):
            return SIGN_IN_FIRST
        if can_sign_in(self._behind.store, table):
            return SIGN_IN_FIRST
        own = scope.get("state", {}).get(OWN, False)
        role = self._behind.role if own else Role.READER
        return Visitor(self._behind.who, role, Way.OPEN, self._behind.token)

    def _by_proxy(self, scope: Scope, table: WebTable, named: list[str]) -> Visitor | Refusal:
        peer, proxy = peer_of(scope), table.proxy
        if proxy is None or not proxy.trusts(peer):
            LOG.warning("%s from %s is not that of the proxy", table.proxy and proxy.header, peer)
            return Refusal(403, "A request that says who you are comes from the proxy alone.")
        name = _name(named)
        if not name:
            LOG.warning("the proxy at %s sent no usable %s", peer, proxy.header)
            return Refusal(403, "The proxy did not say who you are in a way that can be used.")
        role = signing_in.standing(self._behind.store, name, proxy.role)
        if role is None:
            return Refusal(403, "Your account here is disabled.")
        return Visitor(name, role, Way.PROXY, derived(self._behind.token, name))

    def _by_token(self, headers: Headers) -> Visitor | Refusal:
        now = self._behind.now()
        token = tokens.bearer(self._behind.store, headers.get("authorization"), now)
        if token is None:
            return Refusal(401, "This token opens nothing: it is unknown, over or revoked.")
        if api_tokens.must_note(token, now):
            self._note(partial(tokens.note_use, self._behind.store, token, now))
        return Visitor(token.who, token.role, Way.TOKEN)

    def _by_session(self, text: str, session: Session) -> Visitor:
        now = self._behind.now()
        if session.must_note(now):
            self._note(partial(signing_in.note_request, self._behind.store, text, now))
        return Visitor(session.name, session.role, Way.SESSION, derived(text, "form"))

    def _note(self, write: Callable[[], None]) -> None:
        """Beside the answer, which does not wait for the database."""

        def noted() -> None:
            try:
                write()
            except Exception as error:  # a full disk: what was asked is answered all the same
                LOG.warning("a request was not noted: %s", type(error).__name__)

        try:
            self._takers.submit(noted)
        except RuntimeError:  # the pages are about to stop
            LOG.debug("a request was not noted any more")

    def _answer(self, request: Request, refusal: Refusal) -> Response:
        if _is_for_programs(request.scope):
            asks = {"www-authenticate": "Bearer"} if refusal.status == 401 else {}
            return JSONResponse({"error": refusal.words}, refusal.status, asks)
        if refusal.status != 401:
            return self._refuse(request, refusal.status, refusal.words)
        if request.method not in _READING:
            return self._refuse(request, 401, "You are signed out. Sign in, and do it again.")
        if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
            return PlainTextResponse(f"{refusal.words}\n", 401)
        path = request.scope.get("raw_path", b"/").decode("ascii", "replace")
        query = request.scope["query_string"].decode("ascii", "replace")
        wanted = f"{path}?{query}" if query else path
        asked = "" if wanted == "/" else "?" + urlencode({"next": wanted})
        return RedirectResponse(SIGN_IN + asked, 303)


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def _is_for_programs(scope: Scope) -> bool:
    return scope["path"] == METRICS or scope["path"].startswith(API)


def _name(named: list[str]) -> str:
    """One name, of characters that can be shown; else nothing."""
    if len(named) != 1:
        return ""
    try:
        name = named[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return ""
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ""
