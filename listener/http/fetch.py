"""Sessions with time-outs, and fetches with caps and no way into the private network."""

import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as urllib3_errors
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from listener.errors import Trouble
from listener.http.addresses import USER_AGENT, HttpError, Resolve, Rule, check_url
from listener.http.answers import Reply
from listener.http.troubles import of_exception

CONNECT_SECONDS = 5.0
MOST_REDIRECTS = 3
MOST_UNPACKED = 100  # times what came over the wire

_CHUNK = 16_384
_FAILURES: Final = (
    requests.RequestException,
    urllib3_errors.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class PoliteAdapter(HTTPAdapter):
    """Sets the time-outs nobody set, and tries nothing twice: the scheduler does."""

    def __init__(self, read_seconds: float) -> None:
        self._timeout = (CONNECT_SECONDS, read_seconds)
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
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
        host, port = connection._dns_host, connection.port or 0
        try:
            found = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise urllib3_errors.NameResolutionError(host, connection, error) from error  # type: ignore[arg-type]
        for address in found:
            if reason := self._rule(address, port):
                raise HttpError(f"was not asked: {reason}", Trouble.SETTINGS)
        return self._first_open(found, port, connection)

    def _first_open(
        self, found: Iterable[str], port: int, connection: HTTPConnection
    ) -> socket.socket:
        problem = OSError("the name leads nowhere")
        for address in found:
            try:
                opened = create_connection((address, port), connection.timeout)
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
    def __init__(self, guard: _Guard, read_seconds: float) -> None:
        self._guard = guard
        super().__init__(read_seconds)

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


def new_session(read_seconds: float, environment: bool) -> requests.Session:
    return _session(PoliteAdapter(read_seconds), environment)


def fetch(
    url: str,
    *,
    headers: Mapping[str, str],
    limit_bytes: int,
    deadline_seconds: float,
    read_seconds: float,
    resolve: Resolve,
    rule: Rule,
) -> Reply:
    """What `Http.get` promises, for one rule of where it may lead."""

    def follow(session: requests.Session, guard: _Guard) -> Reply:
        return _follow(session, guard, url, dict(headers), limit_bytes)

    return _guarded(_Guard(resolve, rule), follow, deadline_seconds, read_seconds)


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    limit_bytes: int,
    deadline_seconds: float,
    read_seconds: float,
    resolve: Resolve,
) -> Reply:
    """What `Http.ask` promises. A redirect is an answer like others: credentials follow none."""

    def once(session: requests.Session, guard: _Guard) -> Reply:
        with session.request(
            method, url, headers=headers, data=body, stream=True, allow_redirects=False
        ) as response:
            whole = _body(response, guard, limit_bytes)
            return Reply(response.status_code, response.headers, whole, url)

    return _guarded(_Guard(resolve, _anywhere), once, deadline_seconds, read_seconds)


def _anywhere(address: str, port: int) -> str | None:
    """A service's address is the operator's own setting, not somebody's text."""
    return None


def _guarded(
    guard: _Guard,
    run: Callable[[requests.Session, _Guard], Reply],
    deadline_seconds: float,
    read_seconds: float,
) -> Reply:
    """Run something with a session that is cut off when its time is up. Raises HttpError."""
    alarm = threading.Timer(deadline_seconds, guard.cut)
    alarm.daemon = True
    alarm.start()
    try:
        with _session(_GuardedAdapter(guard, read_seconds), environment=False) as session:
            return run(session, guard)
    except HttpError:
        raise
    except Exception as error:
        if guard.expired:
            raise HttpError(f"took longer than {deadline_seconds:g} s", Trouble.NETWORK) from None
        if not isinstance(error, _FAILURES):
            raise  # a fault of ours
        kind, words, reached = of_exception(error)
        raise HttpError(words, kind, reached=reached) from None
    finally:
        alarm.cancel()
        guard.close()


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
        here = check_url(url)
        with session.get(url, headers=headers, stream=True, allow_redirects=False) as response:
            target = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not target:
                return Reply(
                    response.status_code, response.headers, _body(response, guard, limit), url
                )
        url = urljoin(url, target)
        there = check_url(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            headers = {k: v for k, v in headers.items() if k.lower() not in _PRIVATE_HEADERS}
    raise HttpError(f"redirects more than {MOST_REDIRECTS} times", Trouble.SHAPE)


def _body(response: requests.Response, guard: _Guard, limit: int) -> bytes:
    """Read what comes as it comes: waiting for full chunks would let a slow server hold us."""
    chunks: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise HttpError(f"answers with more than {limit / 1e6:g} MB", Trouble.SHAPE)
        if size > _CHUNK * 4 and size > MOST_UNPACKED * max(response.raw.tell(), 1):
            raise HttpError("answers with a small body that unpacks to a huge one", Trouble.SHAPE)
        if guard.expired:
            raise TimeoutError
        chunks.append(chunk)
    if guard.expired:
        raise TimeoutError  # a connection that was cut may look like one that ended
    return b"".join(chunks)
