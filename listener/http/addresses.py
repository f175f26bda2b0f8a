"""Where we connect to, what we send credentials to, and how a message names an address."""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from listener import __version__
from listener.domain.hosts import is_loopback
from listener.errors import ListenerError, Trouble

Resolve = Callable[[str, int], Iterable[str]]
Rule = Callable[[str, int], str | None]

USER_AGENT: Final = f"listener/{__version__}"

PUBLIC_PORTS: Final = frozenset({80, 443, 8080})
_TOKEN = re.compile(r"(?=[^/]*\d)[^/]{16,}")
_WRAPPED: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
_METADATA: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32")
)


class HttpError(ListenerError):
    """No answer that can be used; the words name no secret and no query string.

    `reached` False: the question did not get to the service.
    """

    def __init__(self, message: str, kind: Trouble, *, reached: bool = True) -> None:
        super().__init__(message)
        self.kind = kind
        self.reached = reached


def addresses(host: str, port: int) -> list[str]:
    """Where a name leads, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def why_private(address: str) -> str | None:
    """Say why an address is not one of the public internet, or None where it is.

    Addresses that carry another one inside (IPv4-mapped, NAT64, 6to4, Teredo) are refused too.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "it is no address"
    mapped = isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None
    if mapped or any(ip in net for net in _WRAPPED):
        return f"{ip} is not a plain public address"
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    if special or not ip.is_global or _is_metadata(ip):
        return f"{ip} is a private address"
    return None


def why_metadata(address: str, port: int) -> str | None:
    """Say why even an intranet's feed is not read from there: clouds keep their keys there."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return f"{ip} is a link-local address" if _is_metadata(mapped or ip) else None


def anywhere(address: str, port: int) -> str | None:
    """Refuse nothing: a service's address is the operator's own setting, not somebody's text."""
    return None


def _is_metadata(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(ip in net for net in _METADATA)


def check_url(url: str) -> SplitResult:
    """Take an address apart if it is one that we fetch. Raises HttpError."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        message = "was not asked: only http and https addresses are fetched"
        raise HttpError(message, Trouble.SETTINGS)
    return parts


def check_base_url(url: str, key: str = "base_url", *, query: bool = False) -> str:
    """Give the address back if credentials may be sent there: https, or http to this machine.

    `key` names it in messages. With `query` it may have one. Raises HttpError, in words that
    repeat no secret.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise HttpError(f"{key} is no address", Trouble.SETTINGS) from None
    if parts.scheme not in ("http", "https") or not host:
        raise HttpError(f"{key} must begin with https:// and a host", Trouble.SETTINGS)
    if parts.username or parts.password or parts.fragment or (parts.query and not query):
        most = "user, password" if query else "user, password, query"
        raise HttpError(f"{key} must hold no {most} or fragment", Trouble.SETTINGS)
    if parts.scheme == "http" and not is_loopback(host):
        message = f"{key}: plain http would show the credentials on the way to {host}; use https"
        raise HttpError(message, Trouble.SETTINGS)
    return url


def shown(url: str) -> str:
    """An address as a message may name it: no user, no query, nothing that looks like a token."""
    try:
        parts = urlsplit(url)
        path = "/".join(_TOKEN.sub("…", part) for part in parts.path.split("/"))
        return f"{parts.hostname or '?'}{path.rstrip('/')}"[:120]
    except ValueError:
        return "?"
