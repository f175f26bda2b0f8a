"""Sessions of `requests`: guarded, with time-outs, and for client libraries with caps too."""

from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection

from listener.http.addresses import USER_AGENT, Resolve, anywhere
from listener.http.body import whole_body
from listener.http.guard import Guard

CONNECT_SECONDS = 5.0


class GuardedAdapter(HTTPAdapter):
    """Sets the time-outs nobody set, and tries nothing twice: the scheduler does."""

    def __init__(self, guard: Guard, read_seconds: float, *, http2: bool = False) -> None:
        self._guard = guard
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self._http2 = http2
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        secure = HTTPSConnection
        if self._http2:
            from listener.http.http2 import Http2Connection, offering_http2  # noqa: PLC0415

            secure = Http2Connection
            kwargs["ssl_context"] = offering_http2()
        super().init_poolmanager(*args, **kwargs)
        self._guard.watch_over(self.poolmanager, secure)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        return super().send(request, *args, **kwargs)


class CappedAdapter(GuardedAdapter):
    """Reads the whole answer, for a client library would read any amount for any time.

    Raises HttpError where it is too large or takes too long. A stream is left to who asked for it.
    """

    def __init__(
        self, guard: Guard, read_seconds: float, *, limit_bytes: int, deadline_seconds: float
    ) -> None:
        self._limit_bytes = limit_bytes
        self._deadline_seconds = deadline_seconds
        super().__init__(guard, read_seconds)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> requests.Response:
        with self._guard.within(self._deadline_seconds):
            response = super().send(request, stream, *args, **kwargs)
            if not stream:
                try:
                    response._content = whole_body(response, self._guard, self._limit_bytes)
                except BaseException:
                    response.close()
                    raise
                response._content_consumed = True  # type: ignore[attr-defined]  # or it reads on
        return response


class OneAnswer(requests.Session):
    """Takes a redirect for an answer like others, whose body is not read unasked, of any size."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


_Session = TypeVar("_Session", bound=requests.Session)


def through(adapter: HTTPAdapter, session: _Session, trusted: str | None) -> _Session:
    """Let a session ask through an adapter only, and take nothing from the environment.

    `trusted`: a file of the authorities whose certificates are believed, None for the usual ones.
    """
    session.trust_env = False
    session.verify = trusted or True
    session.headers["User-Agent"] = USER_AGENT
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def capped_session(
    *,
    resolve: Resolve,
    read_seconds: float,
    limit_bytes: int,
    deadline_seconds: float,
    trusted: str | None,
) -> requests.Session:
    """What `Http.session` promises."""
    adapter = CappedAdapter(
        Guard(resolve, anywhere),
        read_seconds,
        limit_bytes=limit_bytes,
        deadline_seconds=deadline_seconds,
    )
    return through(adapter, requests.Session(), trusted)
