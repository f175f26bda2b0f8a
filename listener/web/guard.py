"""The door of the site: which hosts it answers to, which methods, and what browsers may do."""

from collections.abc import Container, Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from listener.domain.hosts import is_every_address, is_loopback

METHODS: Final = ("GET", "HEAD")
HOOKS: Final = "/hooks/"
UNSUBSCRIBE: Final = "/unsubscribe/"
ACT: Final = "/act"
CHANGE: Final = "/settings/change"
TRY: Final = "/settings/preview"
API: Final = "/api/"
SLACK: Final = "/slack/events"
SIGN_IN: Final = "/signin"
SIGN_OUT: Final = "/signout"
LONGEST: Final = 50_000  # bytes of an address; a search in any script is far shorter
OWN: Final = "own"  # in the state of a request: it named this machine, not the public address
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",  # what people wrote stays out of caches on disk
}


class Guard:
    """Refuses a request for another host: a page elsewhere may have pointed its name at us.

    With `host` for all addresses any name is answered to: everybody signs in there, and a browser
    sends what it knows of one name to no other.
    """

    def __init__(self, app: ASGIApp, host: str, public_url: str = "") -> None:
        self._app = app
        self._own = {_bare(host)}
        self._anywhere = is_every_address(_bare(host))
        public = urlsplit(public_url).hostname
        self._hosts = self._own | ({public} if public else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        own = _is_one_of(Headers(scope=scope).getlist("host"), self._own)
        scope.setdefault("state", {})[OWN] = own
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if scope["path"].startswith(HOOKS):  # signed, and often passed on under another name
            return None if scope["method"] == "POST" else _only("POST", "Hooks take deliveries.\n")
        if not self._is_ours(Headers(scope=scope).getlist("host")):
            return PlainTextResponse(
                "These pages answer to localhost, [web] host and public_url only.\n", 403
            )
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > LONGEST:
            return PlainTextResponse("This address is too long.\n", 414)
        if scope["path"] == SLACK:  # signed, too
            return None if scope["method"] == "POST" else _only("POST", "Slack posts here.\n")
        if scope["path"].startswith(API):  # which tells itself what it takes, and from whom
            return None
        if scope["path"] in (ACT, CHANGE, SIGN_OUT):
            return self._not_acting(scope)
        pressed = scope["path"].startswith(UNSUBSCRIBE)  # the token in the address says who may
        pressed = pressed or scope["path"] == SIGN_IN
        tried = scope["path"] == TRY  # a query is too long for an address; nothing is changed
        methods = (*METHODS, "POST") if pressed or tried else METHODS
        if scope["method"] not in methods:
            return _only(", ".join(methods), "These pages can only be read.\n")
        return None

    def _not_acting(self, scope: Scope) -> PlainTextResponse | None:
        """Who may is told by `access.py`."""
        return None if scope["method"] == "POST" else _only("POST", "Forms are posted here.\n")

    def _is_ours(self, hosts: Sequence[str]) -> bool:
        return (self._anywhere and len(hosts) == 1) or _is_one_of(hosts, self._hosts)


def _is_one_of(hosts: Iterable[str], known: Container[str]) -> bool:
    """One Host header, with a name of ours; the port may be that of a tunnel."""
    names = [_bare(_without_port(host)) for host in hosts]
    return len(names) == 1 and (names[0] in known or is_loopback(names[0]))


def _only(methods: str, words: str) -> PlainTextResponse:
    return PlainTextResponse(words, 405, {"allow": methods})


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isascii() and port.isdigit() and "]" not in port else host


def _bare(name: str) -> str:
    return name.strip().lower().removeprefix("[").removesuffix("]")
