"""Who asks: a session, a proxy that we trust, a token, or somebody who need not say."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.types import Scope

from listener.accounts import signing_in, tokens
from listener.config.signing_in import Auth, ProxyTable
from listener.config.tables import WebTable
from listener.domain.hosts import is_loopback
from listener.domain.role import Role
from listener.domain.role import Scope as TokenScope
from listener.store import api_tokens
from listener.store.connection import Store
from listener.store.sessions import Session
from listener.web.api.keys import BEARER, TOKEN
from listener.web.behind import Behind
from listener.web.cookies import FORM, SESSION, Jar, derived
from listener.web.guard import OWN
from listener.web.origin import is_secure, peer_of
from listener.web.visitor import Visitor, Way
from listener.web.words import later

LOG: Final = logging.getLogger(__name__)

METRICS: Final = "/metrics"
API: Final = "/api/"
FEEDS: Final = "/feeds/"
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not get what they asked for, in words for them."""

    status: int
    words: str


SIGN_IN_FIRST: Final = Refusal(401, later("You are not signed in, or not any more."))


def can_sign_in(store: Store, table: WebTable) -> bool:
    """Whether there is a way to sign in; then nobody is let in without it."""
    return table.proxy is not None or table.oidc is not None or signing_in.anybody(store)


class Doorkeeper:
    """Tells who asks, by the settings as they are now. It reads the database, so ask in a thread.

    `takers` write down that somebody was there, beside the answer.
    """

    def __init__(self, behind: Behind, settings: Callable[[], WebTable], takers: Executor) -> None:
        self._behind, self._settings, self._takers = behind, settings, takers

    def visitor(self, scope: Scope) -> Visitor | Refusal:
        table, headers = self._settings(), Headers(scope=scope)
        if is_for_programs(scope) and (text := _borne(scope, headers)) is not None:
            return self._by_token(scope, text)
        if table.proxy is not None and (named := headers.getlist(table.proxy.header)):
            return self._by_proxy(scope, table.proxy, named)
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

    def _by_proxy(self, scope: Scope, proxy: ProxyTable, named: list[str]) -> Visitor | Refusal:
        peer = peer_of(scope)
        if not proxy.trusts(peer):
            LOG.warning("%s from %s is not that of the proxy", proxy.header, peer)
            return Refusal(
                403, later("A request that says who you are comes from the proxy alone.")
            )
        name = _name(named)
        if not name:
            LOG.warning("the proxy at %s sent no usable %s", peer, proxy.header)
            return Refusal(
                403, later("The proxy did not say who you are in a way that can be used.")
            )
        role = signing_in.standing(self._behind.store, name, proxy.role)
        if role is None:
            return Refusal(403, later("Your account here is disabled."))
        return Visitor(name, role, Way.PROXY, derived(self._behind.token, name))

    def _by_token(self, scope: Scope, text: str) -> Visitor | Refusal:
        """What of the API it opens beyond that, the API tells."""
        now = self._behind.now()
        token = tokens.good(self._behind.store, text, now)
        if token is None:
            return Refusal(401, later("This token is unknown, revoked or over."))
        if scope["path"] == METRICS and not token.may(TokenScope.READ):
            return Refusal(403, later("This takes a token with the scope read."))
        if api_tokens.must_note(token, now):
            self._note(partial(tokens.note_use, self._behind.store, token, now))
        return Visitor(token.who, token.role, Way.TOKEN, borne=token)

    def _by_session(self, text: str, session: Session) -> Visitor:
        now = self._behind.now()
        if session.must_note(now):
            self._note(partial(signing_in.note_request, self._behind.store, text, now))
        return Visitor(session.name, session.role, Way.SESSION, derived(text, FORM))

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


def is_for_programs(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == METRICS or path.startswith((API, FEEDS))


def _borne(scope: Scope, headers: Headers) -> str | None:
    """The token of a request, if it has one; only that of a feed may stand in its address."""
    written = headers.get("authorization")
    if written is not None:
        kind, _, text = written.partition(" ")
        return text.strip() if kind.lower() == BEARER else None  # else a proxy's password
    in_address = QueryParams(scope["query_string"]).get(TOKEN)
    return in_address if scope["path"].startswith(FEEDS) else None


def _name(named: list[str]) -> str:
    """One name, of characters that can be shown; else nothing."""
    if len(named) != 1:
        return ""
    try:
        name = named[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return ""
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ""
