"""An instance asked through Mastodon.py: without a sleep, and with errors of ours only."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final

import mastodon
import requests
from mastodon.errors import MastodonError, MastodonNetworkError, MastodonWarning

from listener.errors import CollectorError, Trouble
from listener.http import USER_AGENT, ApiError, Http, Reply, to_error

LONGEST_SECONDS: Final = 15.0

# What the library raises for answers of a shape it did not expect, beside its own errors.
_SURPRISES: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(slots=True, kw_only=True)
class Door:
    """One way into an instance; several threads may ask."""

    http: Http = field(repr=False)
    base_url: str
    access_token: str = field(repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _client: "mastodon.Mastodon | None" = field(default=None, init=False, repr=False)
    _last: Reply | None = field(default=None, init=False, repr=False)  # with no more than the start

    def ask(
        self, question: "Callable[[mastodon.Mastodon], Any]", begins: str, now: datetime | None
    ) -> Any:
        """What the library makes of an answer, which must begin with a bracket or a brace.

        Raises CollectorError; for a refusal, ApiError with status. Of an object where a list
        should be, the library makes a list of its keys.
        """
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            self._last = None
            try:
                value = question(self._client)
            except MastodonNetworkError as error:
                raise self._not_reached(error) from None
            except (MastodonError, *_SURPRISES):
                raise self._refused(now) from None
            if not self._began_with(begins):
                raise self._refused(now)
            return value

    def _began_with(self, begins: str) -> bool:
        return self._last is not None and self._last.body == begins.encode()

    def _new_client(self) -> mastodon.Mastodon:
        # It warns of what an instance might refuse; whether it does is seen when it is asked.
        warnings.simplefilter("ignore", MastodonWarning)
        session = self.http.session()
        session.hooks["response"].append(self._note)
        client = mastodon.Mastodon(
            api_base_url=self.base_url,
            session=session,
            ratelimit_method="throw",
            request_timeout=min(LONGEST_SECONDS, self.http.read_seconds),
            version_check_mode="none",
            mastodon_version="4.2.0",
            user_agent=USER_AGENT,
        )
        # Or a search would ask for the version first, and take silence for that of an old one.
        client.mastodon_major = 4
        # Handed over above, it would be looked for as a file.
        client.access_token = self.access_token or None
        return client

    def _note(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Keep what an answer says of itself, and take its headers away.

        For one that it cannot read the library says that we asked too often, and for an old
        address it would follow with our token.
        """
        self._last = Reply(
            status=response.status_code,
            headers=response.headers.copy(),
            body=response.content.lstrip()[:1],
            url=response.url,
        )
        response.headers.clear()
        if 300 <= response.status_code < 400:
            words = "Mastodon sends us on to another address; base_url may be an old one"
            raise CollectorError(words, kind=Trouble.SETTINGS)

    def _not_reached(self, error: MastodonNetworkError) -> CollectorError:
        """The library keeps what happened only as the context of its own error."""
        cause = error.__context__
        if isinstance(cause, CollectorError):
            return cause
        problem = cause if isinstance(cause, Exception) else error
        return to_error(problem, asked="Mastodon", now=None)

    def _refused(self, now: datetime | None) -> CollectorError:
        if self._last is None or self._last.status < 400:
            words = "Mastodon answered something that we did not expect"
            return CollectorError(words, kind=Trouble.SHAPE)
        return ApiError(to_error(self._last, asked="Mastodon", now=now), self._last.status)
