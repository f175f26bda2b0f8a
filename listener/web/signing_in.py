"""The way in and out: `/signin`, by a password or by a provider, and `/signout`.

A form bears a token of its own browser, so that nobody can be signed in by a page elsewhere without
knowing it. Whoever signs in gets a new session, whatever the browser came with.
"""

import asyncio
import logging
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hmac import compare_digest
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from listener.accounts import signing_in
from listener.accounts.passwords import LONGEST, Passwords
from listener.config.signing_in import OidcTable
from listener.config.tables import WebTable
from listener.http import Http
from listener.store.sessions import LONGEST as SESSION_LASTS
from listener.web.access import OIDC, OIDC_DONE
from listener.web.behind import Behind
from listener.web.bodies import read_body
from listener.web.cookies import BEFORE, FORM, SESSION, Jar, derived
from listener.web.doorkeeper import Doorkeeper
from listener.web.guard import SIGN_IN, SIGN_OUT
from listener.web.oidc import Identity, NotAdmittedError, OidcError, Provider
from listener.web.origin import address_of, is_from_here, is_secure, own_path
from listener.web.pages import render
from listener.web.throttle import Throttle
from listener.web.visitor import Visitor, visited

LOG: Final = logging.getLogger(__name__)
BEFORE_LASTS: Final = timedelta(hours=1)
LONGEST_NAME: Final = 80
_A_PROVIDER: Final = "by a provider"  # in the place of a name, for the throttle

T = TypeVar("T")


class SigningIn:
    """The doors at the way in. `close` it when the pages have stopped."""

    def __init__(
        self,
        behind: Behind,
        settings: Callable[[], WebTable],
        *,
        keeper: Doorkeeper,
        readers: Executor,
        hashes: Passwords,
        throttle: Throttle,
        http: Http,
    ) -> None:
        self._behind, self._settings = behind, settings
        self._keeper, self._readers = keeper, readers
        self._hashes, self._throttle, self._http = hashes, throttle, http
        self._provider: Provider | None = None
        # One at a time: each takes memory, and a core for a moment.
        self._signer = ThreadPoolExecutor(1, thread_name_prefix="sign-in")
        self._askers = ThreadPoolExecutor(2, thread_name_prefix="oidc")

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN, self.shown),
            Route(SIGN_IN, self.signed_in, methods=["POST"]),
            Route(SIGN_OUT, self.signed_out, methods=["POST"]),
            Route(OIDC, self.led_away),
            Route(OIDC_DONE, self.came_back),
        ]

    def close(self) -> None:
        self._signer.shutdown(wait=True, cancel_futures=True)
        self._askers.shutdown(wait=False, cancel_futures=True)

    # The form

    async def shown(self, request: Request) -> Response:
        wanted = own_path(request.query_params.get("next", "/"))
        known = await _in(self._readers, partial(self._keeper.visitor, request.scope))
        if isinstance(known, Visitor):  # they are in already, or nobody need sign in
            return RedirectResponse(wanted, 303)
        said = "out" if "out" in request.query_params else ""
        return await self._page(request, wanted, said)

    async def signed_in(self, request: Request) -> Response:
        form = await _form_of(request)
        if form is None:
            return PlainTextResponse("This did not come whole.\n", 400)
        jar, wanted = self._jar(request), own_path(form.get("next", "/"))
        name = " ".join(form.get("name", "").split())[:LONGEST_NAME]
        before = jar.get(BEFORE)
        if not is_from_here(Headers(scope=request.scope)) or not _is_token(form, before):
            return await self._page(request, wanted, "old", 403, name)
        address = address_of(request.scope, self._settings())
        if wait := self._throttle.wait(address, name):
            LOG.warning("too many tries to sign in from %s", address)
            return await self._page(request, wanted, "often", 429, name, wait)
        sign_in = partial(
            signing_in.sign_in,
            self._behind.store,
            name,
            form.get("password", "")[: 4 * LONGEST],
            self._behind.now(),
            self._hashes,
            address=address,
        )
        session = await _in(self._signer, sign_in)
        if session is None:
            LOG.warning("a sign-in failed, from %s", address)
            return await self._page(request, wanted, "wrong", 403, name)
        self._throttle.succeeded(address, name)
        return await self._let_in(jar, session, wanted)

    async def signed_out(self, request: Request) -> Response:
        form, jar = await _form_of(request) or {}, self._jar(request)
        session = jar.get(SESSION)
        if not is_from_here(Headers(scope=request.scope)) or not _is_token(form, session):
            return await self._page(request, "/", "old", 403)
        await self._end(session)
        answer = RedirectResponse(f"{SIGN_IN}?out", 303)
        jar.take_away(answer, SESSION)
        return answer

    # By a provider

    async def led_away(self, request: Request) -> Response:
        """Off to the provider, with a cookie to be known by on coming back."""
        wanted = own_path(request.query_params.get("next", "/"))
        provider, jar = self._provider_now(), self._jar(request)
        if provider is None:
            return RedirectResponse(SIGN_IN, 303)
        attempt = f"{secrets.token_urlsafe(32)}.{_packed(wanted)}"
        begin = partial(provider.begin, attempt, self._back(request))
        try:
            address = await _in(self._askers, begin)
        except OidcError as error:
            LOG.error("signing in by [web.oidc]: %s", error)
            return await self._page(request, wanted, "provider", 502)
        answer = RedirectResponse(address, 303)
        jar.put(answer, BEFORE, attempt, BEFORE_LASTS)
        return answer

    async def came_back(self, request: Request) -> Response:
        provider, jar, asked = self._provider_now(), self._jar(request), request.query_params
        attempt = jar.get(BEFORE)
        wanted = _unpacked(attempt.partition(".")[2])
        right = compare_digest(asked.get("state", "").encode(), derived(attempt, "state").encode())
        ours = asked.get("iss", provider.table.issuer if provider else "")
        if provider is None or not attempt or not right or ours != provider.table.issuer:
            return await self._page(request, wanted, "old", 403)
        address = address_of(request.scope, self._settings())
        if wait := self._throttle.wait(address, _A_PROVIDER):
            return await self._page(request, wanted, "often", 429, wait=wait)
        try:
            code = asked.get("code", "")
            if not code:
                raise OidcError(f"the provider answered: {asked.get('error', 'nothing')[:100]!r}")
            finish = partial(provider.finish, attempt, self._back(request), code)
            identity = await _in(self._askers, finish)
        except OidcError as error:
            LOG.warning("signing in by [web.oidc] from %s: %s", address, error)
            said = "stranger" if isinstance(error, NotAdmittedError) else "provider"
            return await self._page(request, wanted, said, 403)
        session = await _in(self._signer, partial(self._known, identity, provider.table, address))
        if session is None:
            return await self._page(request, wanted, "stranger", 403)
        self._throttle.succeeded(address, _A_PROVIDER)
        return await self._let_in(jar, session, wanted)

    def _known(self, identity: Identity, table: OidcTable, address: str) -> str | None:
        return signing_in.sign_in_by_identity(
            self._behind.store,
            identity.key,
            identity.email,
            table.role,
            self._behind.now(),
            address=address,
        )

    def _provider_now(self) -> Provider | None:
        """By the settings as they are now."""
        table = self._settings().oidc
        if table is None:
            return None
        if self._provider is None or self._provider.table != table:
            self._provider = Provider(table, self._behind.now, self._http)
        return self._provider

    def _back(self, request: Request) -> str:
        """Where the provider sends browsers back to; it has to be registered there."""
        table = self._settings()
        public = urlsplit(table.public_url)
        if public.hostname and is_secure(request.scope, table):
            return f"https://{public.netloc}{OIDC_DONE}"
        scheme = "https" if is_secure(request.scope, table) else "http"
        return f"{scheme}://{request.headers.get('host', '')}{OIDC_DONE}"

    # What both have in common

    async def _let_in(self, jar: Jar, session: str, wanted: str) -> Response:
        await self._end(jar.get(SESSION))  # what the browser came with opens nothing any more
        answer = RedirectResponse(wanted, 303)
        jar.put(answer, SESSION, session, SESSION_LASTS)
        jar.take_away(answer, BEFORE)
        return answer

    async def _end(self, session: str) -> None:
        if session:
            now = self._behind.now()
            await _in(self._signer, partial(signing_in.sign_out, self._behind.store, session, now))

    async def _page(
        self,
        request: Request,
        wanted: str,
        said: str,
        status: int = 200,
        name: str = "",
        wait: int = 0,
    ) -> Response:
        """The form, for this browser; `said` tells what became of the last try."""
        jar, table = self._jar(request), self._settings()
        before = jar.get(BEFORE)
        if not before or "." in before:  # an attempt at a provider is made once
            before = secrets.token_urlsafe(32)
        behind = visited(replace(self._behind, signed_in=False, signs_out=False), request)
        anybody = await _in(self._readers, partial(signing_in.anybody, self._behind.store))
        html = render(
            "signing_in.html.j2",
            behind,
            here="",
            said=said,
            wait=wait,
            name=name,
            wanted=wanted,
            form_token=derived(before, FORM),
            provider=None if table.oidc is None else table.oidc.name or table.oidc.issuer,
            away=f"{OIDC}?{urlencode({'next': wanted})}",
            by_proxy=table.proxy is not None,
            anybody=anybody,
        )
        headers = {"retry-after": str(wait)} if wait else {}
        answer = HTMLResponse(html, status, headers=headers)
        jar.put(answer, BEFORE, before, BEFORE_LASTS)
        return answer

    def _jar(self, request: Request) -> Jar:
        return Jar(request.cookies, is_secure(request.scope, self._settings()))


async def _in(pool: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, work)


async def _form_of(request: Request) -> Mapping[str, str] | None:
    """What was posted; nothing, where it was no form, and None, where it did not come whole."""
    body = await read_body(request)
    if body is None:
        return None
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}


def _is_token(form: Mapping[str, str], secret: str) -> bool:
    """Whether a form bears the token that is made of this secret."""
    given = form.get("token", "").encode()
    return bool(secret) and compare_digest(given, derived(secret, FORM).encode())


def _packed(path: str) -> str:
    return urlsafe_b64encode(path.encode()).decode().rstrip("=")


def _unpacked(text: str) -> str:
    try:
        return own_path(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except ValueError:
        return "/"
