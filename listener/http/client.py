"""The client that is handed to collectors; it brings `requests` when it is first used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from listener.http.addresses import (
    PUBLIC_PORTS,
    Resolve,
    Rule,
    addresses,
    why_metadata,
    why_private,
)
from listener.http.answers import Reply

if TYPE_CHECKING:
    import requests

READ_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Makes sessions for client libraries, and fetches what the settings name by address.

    `ports` are allowed beside the usual three. `resolve` and `rule` say where a name leads and
    why an address is refused; a test hands in its own.
    """

    ports: frozenset[int] = frozenset()
    read_seconds: float = READ_SECONDS
    resolve: Resolve = field(default=addresses)
    rule: Rule | None = None

    def session(self, *, environment: bool = False) -> "requests.Session":
        """A session for one client library and one thread; `environment` lets it take proxy and
        certificates from the environment's variables."""
        from listener.http.fetch import new_session  # noqa: PLC0415

        return new_session(self.read_seconds, environment)

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = 5_000_000,
        deadline_seconds: float = 30.0,
        public_only: bool = True,
    ) -> Reply:
        """Fetch a whole answer, of whatever status. Raises HttpError.

        The size is measured after unpacking, the time from the first look-up to the last byte.
        Every redirect is checked like the first address. Without `public_only` an intranet may be
        read too, but no link-local address.
        """
        from listener.http.fetch import fetch  # noqa: PLC0415

        return fetch(
            url,
            headers=headers or {},
            limit_bytes=limit_bytes,
            deadline_seconds=deadline_seconds,
            read_seconds=self.read_seconds,
            resolve=self.resolve,
            rule=(self.rule or self._public) if public_only else why_metadata,
        )

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
            deadline_seconds=deadline_seconds,
            read_seconds=self.read_seconds,
            resolve=self.resolve,
        )

    def _public(self, address: str, port: int) -> str | None:
        allowed = PUBLIC_PORTS | self.ports
        if port not in allowed:
            return f"port {port} is none of {', '.join(map(str, sorted(allowed)))}"
        return why_private(address)
