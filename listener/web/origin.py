"""Where a request comes from: the place on the net, and the page that made the browser send it."""

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from listener.config.tables import WebTable
from listener.web.guard import OWN

_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def is_from_here(headers: Headers) -> bool:
    """What the browser says: the same origin. One that says nothing is told by the token alone."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def own_path(wanted: str) -> str:
    """Where to go on: one of our pages as an address names it, else the first one."""
    path = urlsplit(wanted).path if _PATH.fullmatch(wanted) and len(wanted) <= 1000 else ""
    steps = path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").split("/")
    if not path or ".." in steps or "." in steps or "" in steps[1:-1]:
        return "/"
    return "/" if steps[1] in ("signin", "signout", "language") else wanted


def address_of(scope: Scope, table: WebTable) -> str:
    """Where somebody sits, as the connection tells, or the proxy that we trust."""
    peer = peer_of(scope)
    if table.proxy is not None and table.proxy.trusts(peer):
        told = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
        return told[:60] or peer
    return peer


def peer_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_secure(scope: Scope, table: WebTable) -> bool:
    """Whether the browser asked by https: at the public address, or as our proxy says."""
    if table.proxy is not None and table.proxy.trusts(peer_of(scope)):
        told = Headers(scope=scope).get("x-forwarded-proto")
        if told is not None:
            return told.rpartition(",")[2].strip() == "https"
    return bool(table.public_url) and not scope.get("state", {}).get(OWN, True)
