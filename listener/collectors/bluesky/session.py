"""A Bluesky account that asks: it logs in when it must, and says what a refusal means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from listener.collectors.streams import ClosedError
from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http

Params = Sequence[tuple[str, str | int]]

EXPIRED: Final = ("ExpiredToken", "InvalidToken")
_NOT_ACCEPTED: Final = "does not accept handle and app_password; make a new app password"
_MEANS: Final = {
    "AccountDeactivated": (Trouble.CREDENTIALS, "says that the account is deactivated"),
    "AccountSuspended": (Trouble.CREDENTIALS, "has suspended the account"),
    "AccountTakedown": (Trouble.CREDENTIALS, "has taken the account down"),
    "AuthenticationRequired": (Trouble.CREDENTIALS, _NOT_ACCEPTED),
    "AuthFactorTokenRequired": (
        Trouble.CREDENTIALS,
        "wants a second factor for this password; make an app password and use that",
    ),
    "AuthMissing": (Trouble.CREDENTIALS, _NOT_ACCEPTED),
    "ExpiredToken": (Trouble.CREDENTIALS, "gave a token that it does not accept"),
    "InvalidToken": (Trouble.CREDENTIALS, "gave a token that it does not accept"),
    "BadQueryString": (Trouble.SETTINGS, "cannot search for these words"),
    "InvalidRequest": (Trouble.SETTINGS, "did not understand the question"),
    "MethodNotImplemented": (Trouble.SETTINGS, "does not know this question; check base_url"),
    "XRPCNotSupported": (Trouble.SETTINGS, "does not know this question; check base_url"),
    "InternalServerError": (Trouble.SERVER, "has a trouble of its own"),
    "NotEnoughResources": (Trouble.SERVER, "is overloaded"),
    "UpstreamFailure": (Trouble.SERVER, "could not reach a part of itself"),
    "UpstreamTimeout": (Trouble.SERVER, "waited for a part of itself in vain"),
    "RateLimitExceeded": (Trouble.RATE, "was asked too often"),
}


@dataclass(slots=True, kw_only=True)
class Session:
    """Keeps the token it was given; several threads may ask."""

    http: Http = field(repr=False)
    base_url: str
    handle: str
    app_password: str = field(repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)

    def ask(self, question: str, params: Params, now: datetime | None) -> Any:
        """The answer to a question, named as in the lexicons. A token that has expired is renewed
        once.

        Raises ApiError where this question got no answer, and ClosedError where we were not let in.
        """
        with self._lock:
            try:
                kept = bool(self._token)
                self._token = self._token or self._log_in(now)
                try:
                    return self._once(question, params, now)
                except ApiError as error:
                    if error_name(error) not in EXPIRED:
                        raise
                    self._token = ""
                    if not kept:
                        raise
                self._token = self._log_in(now)
                return self._once(question, params, now)
            except ApiError as error:
                raise _explained(error) from None

    def _once(self, question: str, params: Params, now: datetime | None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        path = f"/xrpc/{question}?{urlencode(params)}"
        return self._api().get(path, now=now, headers=headers).value

    def _log_in(self, now: datetime | None) -> str:
        """By the password each time: the token that would renew another is a secret to keep too."""
        given = {"identifier": self.handle, "password": self.app_password}
        question = "/xrpc/com.atproto.server.createSession"
        try:
            value = self._api().post(question, value=given, now=now).value
        except ApiError as error:
            raise _not_let_in(error) from None
        token = value.get("accessJwt") if isinstance(value, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            words = "Bluesky answered our log-in with something that is no token"
            raise ClosedError(words, kind=Trouble.SHAPE)
        return token

    def _api(self) -> Api:
        return Api(http=self.http, service="Bluesky", base_url=self.base_url)


def error_name(error: ApiError) -> str:
    """The name that the lexicons give to an error; empty where the answer has none."""
    name = error.value.get("error") if isinstance(error.value, dict) else None
    return name if isinstance(name, str) else ""


def _explained(error: ApiError) -> ApiError:
    """The same in words of ours, where its name says more than its status."""
    if error_name(error) not in _MEANS:
        return error
    kind, words = _MEANS[error_name(error)]
    said = f"Bluesky {words} ({error_name(error)}, HTTP {error.status})"
    told = CollectorError(said, kind=kind, retry_after=error.retry_after)
    return ApiError(told, error.status, error.value)


def _not_let_in(error: ApiError) -> CollectorError:
    told = _explained(error)
    words = str(told)
    if told.kind is Trouble.SETTINGS and error.status == 400:
        words = "Bluesky did not understand our log-in; check handle and app_password (HTTP 400)"
    elif error.status == 401 and not error_name(error):
        words = f"Bluesky {_NOT_ACCEPTED} (HTTP 401)"
    return ClosedError(words, kind=told.kind, retry_after=told.retry_after, reached=told.reached)
