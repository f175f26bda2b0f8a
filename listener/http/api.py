"""A service's JSON interface: questions go to one address, answers come as values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from listener.errors import CollectorError, Trouble
from listener.http.addresses import HttpError, check_base_url
from listener.http.answers import Reply, to_error
from listener.http.client import Http

Params = Mapping[str, str | int | None]


class ApiError(CollectorError):
    """A service did not give what it was asked for.

    `status`, `value`: of its answer, 0 and None where there was none, or where it was no JSON.
    They are for the collector to read, and stand in no message.
    """

    def __init__(self, error: CollectorError, status: int = 0, value: Any = None) -> None:
        super().__init__(
            str(error), kind=error.kind, retry_after=error.retry_after, reached=error.reached
        )
        self.status = status
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered. `headers` are read without regard to case."""

    value: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Asks one service, named `service` in messages, for JSON.

    `headers` go along with every question and are never shown. `means`: the service's own words
    for a status. Raises ValueError for a `base_url` to which no credentials may be sent. Every
    method raises ApiError only.
    """

    http: Http = field(repr=False)
    service: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    means: Mapping[int, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        now: datetime | None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for what is at a path. Parameters that are None are left out."""
        given = {name: value for name, value in (params or {}).items() if value is not None}
        query = f"?{urlencode(given)}" if given else ""
        return self._ask("GET", f"{path}{query}", None, headers or {}, now)

    def post(
        self,
        path: str,
        *,
        now: datetime | None,
        value: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a value as JSON, or a form."""
        kind = "application/x-www-form-urlencoded" if form is not None else "application/json"
        text = urlencode(form) if form is not None else json.dumps(value)
        all_headers = {"Content-Type": kind, **(headers or {})}
        return self._ask("POST", path, text.encode(), all_headers, now)

    def inside(self, url: Any) -> str:
        """The path and query of an address that an answer gave, as of the next page.

        Raises ApiError where it leads to another host: our credentials stay with this one.
        """
        base = self.base_url.rstrip("/") + "/"
        path = url if isinstance(url, str) and url.isprintable() else ""
        if not path.startswith(base) or "/../" in f"{path}/":
            words = f"{self.service} sends us on to another address; base_url may be an old one"
            raise ApiError(CollectorError(words, kind=Trouble.SHAPE))
        return "/" + path.removeprefix(base)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        now: datetime | None,
    ) -> Answer:
        sent = {"Accept": "application/json", **self.headers, **headers}
        try:
            reply = self.http.ask(method, self.base_url.rstrip("/") + path, headers=sent, body=body)
        except HttpError as error:
            raise ApiError(to_error(error, asked=self.service, now=now)) from None
        if not 200 <= reply.status < 300:
            refused = to_error(reply, asked=self.service, now=now, means=self.means)
            raise ApiError(refused, reply.status, _value(reply))
        value = _value(reply)
        if value is None:
            words = f"{self.service} answered something that is not JSON"
            raise ApiError(CollectorError(words, kind=Trouble.SHAPE), reply.status)
        return Answer(value=value, headers=reply.headers)


def _value(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
