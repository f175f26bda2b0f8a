"""Outgoing HTTP: one policy for all, with time-outs, caps, and no way into the private network."""

import ipaddress
import math
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests import exceptions as requests_errors
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as urllib3_errors
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from listener import __version__
from listener.errors import CollectorError, ListenerError, Trouble

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
MOST_REDIRECTS = 3
MOST_UNPACKED = 100  # times what came over the wire
PUBLIC_PORTS: Final = frozenset({80, 443, 8080})
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=24)
USUAL_WAIT = timedelta(seconds=60)
USER_AGENT: Final = f"listener/{__version__}"

_CHUNK = 16_384
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_WAIT_HEADERS: Final = ("retry-after", "x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")
_UNIX_FROM = 100_000_000  # a number at least so great is a moment, a smaller one a wait
_TOKEN = re.compile(r"(?=[^/]*\d)[^/]{16,}")
_WRAPPED: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
_METADATA: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32")
)

Resolve = Callable[[str, int], Iterable[str]]
Rule = Callable[[str, int], str | None]


class HttpError(ListenerError):
    """No answer that can be used; the words name no secret and no query string."""

    def __init__(self, message: str, kind: Trouble) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; `headers` are read without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str  # after redirects


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
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or any(ip in net for net in _WRAPPED):
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


def _is_metadata(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(ip in net for net in _METADATA)


class PoliteAdapter(HTTPAdapter):
    """Sets the time-outs nobody set, and tries nothing twice: the scheduler does."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, *args, **kwargs)


class _Guard:
    """Connects one fetch to checked addresses, and cuts its connections when time is up."""

    def __init__(self, resolve: Resolve, rule: Rule) -> None:
        self._resolve = resolve
        self._rule = rule
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self.expired = False

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Every address of the name is checked, and a checked one connected to: a name that
        changes where it leads between the two gains nothing."""
        host, port = connection._dns_host, connection.port or 0  # type: ignore[attr-defined]
        try:
            found = list(self._resolve(host, port))
        except OSError as error:
            raise urllib3_errors.NameResolutionError(host, connection, error) from error  # type: ignore[arg-type]
        for address in found:
            if reason := self._rule(address, port):
                raise HttpError(f"refused: {reason}", Trouble.SETTINGS)
        return self._first_open(found, port, connection)

    def _first_open(
        self, found: Iterable[str], port: int, connection: HTTPConnection
    ) -> socket.socket:
        problem = OSError("the name leads nowhere")
        for address in found:
            try:
                opened = create_connection((address, port), connection.timeout)
            except TimeoutError as error:
                problem = error
            except OSError as error:
                problem = error
            else:
                self._watch(opened)
                return opened
        if isinstance(problem, TimeoutError):
            raise urllib3_errors.ConnectTimeoutError(connection, "no connection in time")
        raise urllib3_errors.NewConnectionError(connection, "no connection") from problem

    def _watch(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.append(opened.dup())  # TLS takes the first one away
        if self.expired:
            self.cut()

    def cut(self) -> None:
        self.expired = True
        with self._lock:
            for watched in self._sockets:
                try:
                    watched.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it was closed from the other side

    def close(self) -> None:
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()


class _GuardedAdapter(PoliteAdapter):
    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        guard = self._guard

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Makes sessions for client libraries, and fetches what the settings name by address.

    `ports` are allowed beside the usual three. `resolve` and `rule` say where a name leads and
    why an address is refused; a test hands in its own.
    """

    ports: frozenset[int] = frozenset()
    resolve: Resolve = field(default=addresses)
    rule: Rule | None = None

    def session(self, *, environment: bool = False) -> requests.Session:
        """A session for one client library and one thread; `environment` lets it take proxy and
        certificates from the environment's variables."""
        return _session(PoliteAdapter(), environment)

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
        Every redirect is checked like the first address.
        """
        guard = _Guard(self.resolve, self._rule(public_only))
        alarm = threading.Timer(deadline_seconds, guard.cut)
        alarm.daemon = True
        alarm.start()
        try:
            with _session(_GuardedAdapter(guard), environment=False) as session:
                return _follow(session, guard, url, dict(headers or {}), limit_bytes)
        except HttpError:
            raise
        except Exception as error:
            if guard.expired:
                message = f"it took longer than {deadline_seconds:g} s"
                raise HttpError(message, Trouble.NETWORK) from None
            raise _to_http_error(error) from None
        finally:
            alarm.cancel()
            guard.close()

    def _rule(self, public_only: bool) -> Rule:
        if not public_only:
            return why_metadata
        if self.rule is not None:
            return self.rule
        allowed = PUBLIC_PORTS | self.ports

        def refuse(address: str, port: int) -> str | None:
            if port not in allowed:
                return f"port {port} is none of {', '.join(map(str, sorted(allowed)))}"
            return why_private(address)

        return refuse


def _session(adapter: HTTPAdapter, environment: bool) -> requests.Session:
    session = requests.Session()
    session.trust_env = environment
    session.headers["User-Agent"] = USER_AGENT
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _follow(
    session: requests.Session, guard: _Guard, url: str, headers: dict[str, str], limit: int
) -> Reply:
    headers.setdefault("Accept-Encoding", "gzip, deflate")
    for _ in range(MOST_REDIRECTS + 1):
        here = _checked(url)
        with session.get(url, headers=headers, stream=True, allow_redirects=False) as response:
            target = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not target:
                return Reply(
                    response.status_code, response.headers, _body(response, guard, limit), url
                )
        url = urljoin(url, target)
        there = _checked(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            headers = {k: v for k, v in headers.items() if k.lower() not in _PRIVATE_HEADERS}
    raise HttpError(f"it was redirected more than {MOST_REDIRECTS} times", Trouble.SHAPE)


def _checked(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HttpError("refused: only http and https addresses are fetched", Trouble.SETTINGS)
    return parts


def _body(response: requests.Response, guard: _Guard, limit: int) -> bytes:
    """Read what comes as it comes: waiting for full chunks would let a slow server hold us."""
    chunks: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise HttpError(f"the answer is larger than {limit / 1e6:g} MB", Trouble.SHAPE)
        if size > _CHUNK * 4 and size > MOST_UNPACKED * max(response.raw.tell(), 1):
            raise HttpError("the answer unpacks to more than it could honestly be", Trouble.SHAPE)
        if guard.expired:
            raise TimeoutError
        chunks.append(chunk)
    if guard.expired:
        raise TimeoutError  # a connection that was cut may look like one that ended
    return b"".join(chunks)


def check_base_url(url: str) -> str:
    """Give the address back if credentials may be sent there: https, or http to this machine.

    Raises HttpError, in words that repeat no secret.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise HttpError("base_url is no address", Trouble.SETTINGS) from None
    if parts.scheme not in ("http", "https") or not host:
        raise HttpError("base_url must begin with https:// and a host", Trouble.SETTINGS)
    if parts.username or parts.password or parts.query or parts.fragment:
        message = "base_url must hold no user, password, query or fragment"
        raise HttpError(message, Trouble.SETTINGS)
    if parts.scheme == "http" and not _is_loopback(host):
        message = f"base_url: plain http would show the credentials on the way to {host}; use https"
        raise HttpError(message, Trouble.SETTINGS)
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown(url: str) -> str:
    """An address as a message may name it: no user, no query, nothing that looks like a token."""
    try:
        parts = urlsplit(url)
        path = "/".join(_TOKEN.sub("…", part) for part in parts.path.split("/"))
        return f"{parts.hostname or '?'}{path.rstrip('/')}"[:120]
    except ValueError:
        return "?"


def not_before(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a service asks us to wait; None where it does not say.

    Reads Retry-After (seconds or a date) and the reset headers (seconds, a unix time or ISO 8601).
    Between one second and 24 hours; what cannot be read, or lies in the past, is a minute.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    said = next((lower[name] for name in _WAIT_HEADERS if name in lower), None)
    if said is None:
        return None
    seconds = _wait_seconds(said.strip(), now)
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return USUAL_WAIT
    seconds = min(seconds, LONGEST_WAIT.total_seconds())
    return max(timedelta(seconds=seconds), SHORTEST_WAIT)


def _wait_seconds(said: str, now: datetime) -> float | None:
    try:
        number = float(said)
    except ValueError:
        moment = _moment(said)
        return None if moment is None else (moment - now).total_seconds()
    return number if number < _UNIX_FROM else number - now.timestamp()


def _moment(said: str) -> datetime | None:
    readers: tuple[Callable[[str], datetime], ...] = (
        parsedate_to_datetime,
        datetime.fromisoformat,
    )
    for read in readers:
        try:
            moment = read(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
