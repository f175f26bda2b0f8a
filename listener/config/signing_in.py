"""Who may come to the pages: `[web] auth`, a proxy that signs people in, an identity provider."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from listener.domain.hosts import is_loopback
from listener.domain.role import Role
from listener.errors import ConfigError

_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,79}")
_DOMAIN: Final = re.compile(r"[^\s@/]+\.[^\s@/.]+|localhost")
_ISSUER: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)(:\d+)?(/[^\s?#]*)?")
# Every client can say these of itself, or they mean something else already.
_COMMON: Final = frozenset({"host", "cookie", "authorization", "user-agent", "origin", "referer"})


class Auth(StrEnum):
    """Who must sign in."""

    AUTO = "auto"  # everybody, once anybody can; until then whoever sits at this machine need not
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyTable:
    """`[web.proxy]`: a proxy that signs people in, and says in a header who they are."""

    header: str = "X-Forwarded-User"
    from_: tuple[str, ...] = field(metadata={"written": "from"})
    role: Role = Role.READER

    def __post_init__(self) -> None:
        mistakes = []
        if not _HEADER.fullmatch(self.header) or self.header.lower() in _COMMON:
            mistakes.append("header must name a header that only the proxy sets")
        if not self.from_:
            mistakes.append('from must name the addresses of the proxy, such as ["10.0.0.5"]')
        mistakes += [
            f'from: "{one}" is no address and no network, such as 10.0.0.5 or 10.0.0.0/24'
            for one in self.from_
            if not _is_network(one)
        ]
        if mistakes:
            raise ConfigError(mistakes)

    def trusts(self, peer: str) -> bool:
        """Whether a request comes from the proxy itself: by the connection, not by what it says."""
        try:
            ip = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        plain = getattr(ip, "ipv4_mapped", None) or ip
        return any(plain in ipaddress.ip_network(one, strict=False) for one in self.from_)


def _is_network(text: str) -> bool:
    try:
        return ipaddress.ip_network(text, strict=False).prefixlen > 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcTable:
    """`[web.oidc]`: sign-in by an OpenID Connect provider, for the addresses and domains named."""

    issuer: str
    client_id: str
    client_secret: str = ""  # none: a public client, which has PKCE alone
    name: str = ""  # what people call it, on the button
    role: Role = Role.READER  # of who comes for the first time
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    emails_are_verified: bool = False  # by the provider, though it does not say so

    def __post_init__(self) -> None:
        mistakes = []
        parts = _ISSUER.fullmatch(self.issuer)
        if parts is None or (parts[1] == "http" and not is_loopback(parts[2].strip("[]"))):
            mistakes.append("issuer must be an address such as https://id.example.com")
        if not self.client_id:
            mistakes.append("client_id is empty; the provider gives one to each application")
        if not (self.emails or self.domains):
            mistakes.append("emails or domains must say who may sign in")
        mistakes += [f'emails: "{one}" is no address' for one in self.emails if "@" not in one]
        mistakes += [
            f'domains: "{one}" is no domain such as example.com'
            for one in self.domains
            if not _DOMAIN.fullmatch(one)
        ]
        if mistakes:
            raise ConfigError(mistakes)

    def admits(self, email: str) -> bool:
        """Whether somebody with this address may sign in; a domain does not mean those below it."""
        wanted = email.casefold()
        name, at, domain = wanted.rpartition("@")
        if not (name and at):
            return False
        return wanted in {one.casefold() for one in self.emails} or domain in {
            one.casefold() for one in self.domains
        }
