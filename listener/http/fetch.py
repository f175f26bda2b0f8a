"""Fetches with caps, a deadline, and no way into the private network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.parse import urljoin

import requests
from urllib3 import exceptions as urllib3_errors

from listener.errors import Trouble
from listener.http.addresses import HttpError, Resolve, Rule, check_url
from listener.http.answers import Reply
from listener.http.body import whole_body
from listener.http.guard import Guard
from listener.http.sessions import GuardedAdapter, OneAnswer, through
from listener.http.troubles import of_exception

MOST_REDIRECTS = 3

_FAILURES: Final = (
    requests.RequestException,
    urllib3_errors.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a question travels: where it may lead, how fast and in what form, and whom it trusts.

    `http2`: where a server chooses it, and it is asked by https.
    """

    resolve: Resolve
    rule: Rule
    read_seconds: float
    deadline_seconds: float
    trusted: str | None
    http2: bool = False


def fetch(url: str, *, headers: Mapping[str, str], limit_bytes: int, way: Way) -> Reply:
    """What `Http.get` promises."""

    def follow(session: requests.Session, guard: Guard) -> Reply:
        return _follow(session, guard, url, dict(headers), limit_bytes)

    return _guarded(way, follow)


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    limit_bytes: int,
    way: Way,
) -> Reply:
    """What `Http.ask` promises. A redirect is an answer like others: credentials follow none."""

    def once(session: requests.Session, guard: Guard) -> Reply:
        with session.request(
            method, url, headers=headers, data=body, stream=True, allow_redirects=False
        ) as response:
            whole = whole_body(response, guard, limit_bytes)
            return Reply(response.status_code, response.headers, whole, url)

    return _guarded(way, once)


def _guarded(way: Way, run: Callable[[requests.Session, Guard], Reply]) -> Reply:
    """Run something with a session that is cut off when its time is up. Raises HttpError."""
    guard = Guard(way.resolve, way.rule)
    adapter = GuardedAdapter(guard, way.read_seconds, http2=way.http2)
    try:
        with (
            guard.within(way.deadline_seconds),
            through(adapter, OneAnswer(), way.trusted) as session,
        ):
            return run(session, guard)
    except HttpError:
        raise
    except _FAILURES as error:
        kind, words, reached = of_exception(error)
        raise HttpError(words, kind, reached=reached) from None


def _follow(
    session: requests.Session, guard: Guard, url: str, headers: dict[str, str], limit: int
) -> Reply:
    headers.setdefault("Accept-Encoding", "gzip, deflate")
    for _ in range(MOST_REDIRECTS + 1):
        here = check_url(url)
        with session.get(url, headers=headers, stream=True, allow_redirects=False) as response:
            target = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not target:
                return Reply(
                    response.status_code, response.headers, whole_body(response, guard, limit), url
                )
        url = urljoin(url, target)
        there = check_url(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            headers = {k: v for k, v in headers.items() if k.lower() not in _PRIVATE_HEADERS}
    raise HttpError(f"redirects more than {MOST_REDIRECTS} times", Trouble.SHAPE)
