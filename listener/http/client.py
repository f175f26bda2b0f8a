"""The client that is handed to collectors; it brings `requests` when it is first used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from listener.http.addresses import (
    PUBLIC_PORTS,
    Resolve,
    Rule,
    addresses,
    anywhere,
    why_metadata,
    why_private,
)
from listener.http.answers import Reply

if TYPE_CHECKING:
    import requests

    from listener.http.fetch import Way

READ_SECONDS = 20.0
SESSION_SECONDS = 60.0
SESSION_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Makes sessions for client libraries, and fetches what the settings name by address.

    `ports` are allowed beside the usual three. `resolve` and `rule` say where a name leads and
    why an address is refused, `trusted` is a file of the authorities whose certificates are
    believed instead of the usual ones; a test hands in its own.
    """

    ports: frozenset[int] = frozenset()
    read_seconds: float = READ_SECONDS
    session_seconds: float = SESSION_SECONDS
    session_bytes: int = SESSION_BYTES
    trusted: str | None = None
    resolve: Resolve = field(default=addresses)
    rule: Rule | None = None

    def session(self) -> "requests.Session":
        """A session for one client library and one thread.

        Its questions raise HttpError where an answer has more than `session_bytes`, unpacked, or
        is not there whole after `session_seconds`.
        """
        from listener.http.sessions import capped_session  # noqa: PLC0415

        return capped_session(
            resolve=self.resolve,
            read_seconds=self.read_seconds,
            limit_bytes=self.session_bytes,
            deadline_seconds=self.session_seconds,
            trusted=self.trusted,
        )

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = 5_000_000,
        deadline_seconds: float = 30.0,
        public_only: bool = True,
        http2: bool = False,
    ) -> Reply:
        """Fetch a whole answer, of whatever status. Raises HttpError.

        The size is measured after unpacking, the time from the first look-up to the last byte.
        Every redirect is checked like the first address. Without `public_only` an intranet may be
        read too, but no link-local address. `http2` asks by HTTP/2 where the address is https and
        the server speaks it.
        """
        from listener.http.fetch import fetch  # noqa: PLC0415

        rule = (self.rule or self._public) if public_only else why_metadata
        way = self._way(rule, deadline_seconds, http2)
        return fetch(url, headers=headers or {}, limit_bytes=limit_bytes, way=way)

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit_bytes: int = 10_000_000,
        deadline_seconds: float = 30.0,
    ) -> Reply:
        """Ask a service whose address the settings name; a whole answer, of whatever status.

        Follows no redirect, for credentials go along. Raises HttpError. See `Api`.
        """
        from listener.http.fetch import ask  # noqa: PLC0415

        return ask(
            method,
            url,
            headers=headers or {},
            body=body,
            limit_bytes=limit_bytes,
            way=self._way(anywhere, deadline_seconds),
        )

    def _way(self, rule: Rule, deadline_seconds: float, http2: bool = False) -> "Way":
        from listener.http.fetch import Way  # noqa: PLC0415

        return Way(
            resolve=self.resolve,
            rule=rule,
            read_seconds=self.read_seconds,
            deadline_seconds=deadline_seconds,
            trusted=self.trusted,
            http2=http2,
        )

    def _public(self, address: str, port: int) -> str | None:
        allowed = PUBLIC_PORTS | self.ports
        if port not in allowed:
            return f"port {port} is none of {', '.join(map(str, sorted(allowed)))}"
        return why_private(address)
