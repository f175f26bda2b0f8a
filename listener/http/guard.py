"""Where a session may connect to, and how long a question may take."""

import math
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TypeVar, cast
from weakref import WeakSet

from urllib3 import exceptions as urllib3_errors
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager
from urllib3.util.connection import create_connection

from listener.errors import Trouble
from listener.http.addresses import HttpError, Resolve, Rule

_Connection = TypeVar("_Connection", bound=HTTPConnection)


class Guard:
    """Connects to checked addresses, and cuts the connections when time is up. For one thread."""

    def __init__(self, resolve: Resolve, rule: Rule) -> None:
        self._resolve = resolve
        self._rule = rule
        self._opening: list[socket.socket] = []
        self._open: WeakSet[socket.socket] = WeakSet()
        self._lock = threading.Lock()
        self._ends = math.inf  # by the monotonic clock

    @property
    def expired(self) -> bool:
        return self._left() <= 0

    def watch_over(self, manager: PoolManager, secure: type[HTTPSConnection]) -> None:
        """Let all connections of a manager be opened here."""
        guard = self

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = guard._guarded(HTTPConnection)

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = guard._guarded(secure)

        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut off what happens inside once it took so long. Raises HttpError then."""
        self._ends = monotonic() + seconds
        alarm = threading.Timer(seconds, self._cut)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        except Exception as error:
            if not self.expired or isinstance(error, HttpError):
                raise
            raise HttpError(f"took longer than {seconds:g} s", Trouble.NETWORK) from None
        finally:
            alarm.cancel()
            self._let_go()

    def _left(self) -> float:
        return self._ends - monotonic()

    def _cut(self) -> None:
        with self._lock:
            for watched in (*self._opening, *self._open):
                with suppress(OSError):  # it was closed already
                    socket.socket.shutdown(watched, socket.SHUT_RDWR)  # below TLS, which may block

    def _guarded(self, kind: type[_Connection]) -> type[_Connection]:
        def connect(connection: _Connection) -> None:
            kind.connect(connection)
            self._opened(connection.sock)

        steps = {"_new_conn": lambda connection: self._connect(connection), "connect": connect}
        return type(kind.__name__, (kind,), steps)

    def _connect(self, connection: HTTPConnection) -> socket.socket:
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
            if self.expired:
                raise TimeoutError
            try:
                seconds = min(self._left(), cast(float, connection.timeout))
                opened = create_connection((address, port), seconds)
            except OSError as error:
                problem = error
            else:
                self._opens(opened)
                return opened
        if isinstance(problem, TimeoutError):
            raise urllib3_errors.ConnectTimeoutError(connection, "no connection in time")
        raise urllib3_errors.NewConnectionError(connection, "no connection") from problem

    def _opens(self, opening: socket.socket) -> None:
        with self._lock:
            self._opening.append(opening.dup())  # TLS takes the first one away
        self._cut_again()

    def _opened(self, opened: socket.socket) -> None:
        with self._lock:
            self._open.add(opened)
        self._let_go()
        self._cut_again()

    def _cut_again(self) -> None:
        if self.expired:
            self._cut()

    def _let_go(self) -> None:
        with self._lock:
            for opening in self._opening:
                opening.close()
            self._opening.clear()
