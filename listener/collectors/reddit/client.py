"""Reddit asked through PRAW: each question once, without a sleep, and with errors of ours only."""

import sys
from configparser import ConfigParser
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from threading import Lock
from typing import Any, Final

import praw
from praw.config import Config
from prawcore import Requestor
from prawcore.const import ACCESS_TOKEN_PATH
from prawcore.exceptions import OAuthException, PrawcoreException, RequestException
from requests import Response

from listener.collectors.streams import ClosedError
from listener.errors import CollectorError, Trouble
from listener.http import USER_AGENT, ApiError, Http, to_error

API: Final = "https://oauth.reddit.com"
LOG_IN: Final = "https://www.reddit.com"

# What PRAW and prawcore raise for answers of a shape they did not expect.
_SURPRISES: Final = (
    PrawcoreException,
    praw.exceptions.PRAWException,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Requestor(Requestor):
    """Sends each question once, and tells itself what went wrong.

    After a refusal prawcore would sleep and ask again, and after every answer it may sleep for
    the rate limit; the scheduler does the waiting. Some refusals end there in a plain KeyError.
    """

    def __init__(self, *, client: "Client", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._client = client

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Response:
        kwargs.setdefault("allow_redirects", False)  # the log-in would follow, with the secret
        try:
            response = super().request(*args, **kwargs)  # with our time-out, not prawcore's
        except RequestException as error:
            raise to_error(error.original_exception, asked="Reddit", now=None) from None
        response.headers.pop("x-ratelimit-remaining", None)  # what prawcore sleeps by
        if not 200 <= response.status_code < 300:
            raise self._refused(response, str(args[1]) if len(args) > 1 else "")
        return response

    def _refused(self, response: Response, url: str) -> CollectorError:
        if not url.endswith(ACCESS_TOKEN_PATH):
            error = to_error(response, asked="Reddit", now=self._client.now)
            return ApiError(error, response.status_code, _value(response))
        if response.status_code == 401:
            words = "Reddit does not accept client_id and client_secret (HTTP 401)"
            return ClosedError(words, kind=Trouble.CREDENTIALS)
        told = to_error(response, asked="Reddit's log-in", now=self._client.now)
        return ClosedError(str(told), kind=told.kind, retry_after=told.retry_after)


@dataclass(slots=True, kw_only=True)
class Client:
    """One app's way into Reddit. Keeps the token it was given; several threads may ask."""

    http: Http = field(repr=False)
    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _reddit: "praw.Reddit | None" = field(default=None, init=False, repr=False)
    now: datetime | None = field(default=None, init=False, repr=False)  # of what is asked now

    def ask(self, path: str, params: dict[str, str | int], now: datetime | None) -> Any:
        """The JSON at a path, which begins without a slash. Raises CollectorError.

        A refusal of the question itself is an ApiError with its status. A token that is no longer
        accepted is renewed once.
        """
        with self._lock:
            self.now = now
            kept = self._reddit is not None
            try:
                return self._once(path, params)
            except ApiError as error:
                if error.status != 401:
                    raise
                self._reddit = None
                if not kept:
                    raise
            return self._once(path, params)

    def _once(self, path: str, params: dict[str, str | int]) -> Any:
        if self._reddit is None:
            self._reddit = self._log_in()
        try:
            return self._reddit.request(method="GET", path=path, params=params)
        except CollectorError:
            raise
        except OAuthException:
            raise CollectorError(self._not_let_in(), kind=Trouble.CREDENTIALS) from None
        except _SURPRISES as error:
            words = f"Reddit answered something that we did not expect ({type(error).__name__})"
            raise CollectorError(words, kind=Trouble.SHAPE) from None

    def _log_in(self) -> praw.Reddit:
        """Everything is handed over, for PRAW takes what is missing from its files and the
        environment."""
        _ignore_files()
        base = self.base_url.rstrip("/")

        return praw.Reddit(
            "DEFAULT",
            requestor_class=_Requestor,
            requestor_kwargs={
                "client": self,
                "session": self.http.session(),
                "timeout": self.http.read_seconds,
            },
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=self.username or None,
            password=self.password or None,
            refresh_token=None,
            redirect_uri=None,
            user_agent=user_agent(self.username),
            oauth_url=f"{base}/",
            reddit_url=LOG_IN if base == API else base,
            check_for_updates=False,
            check_for_async=False,
        )

    def _not_let_in(self) -> str:
        if not self.username:
            return "Reddit does not accept client_id and client_secret"
        return (
            "Reddit does not accept username and password; the app must be one of the type"
            " `script` that this account made, and the account must log in without a second factor"
        )


def user_agent(username: str) -> str:
    """Who we are, in the form that Reddit asks for."""
    name, _, version = USER_AGENT.partition("/")
    by = f" (by /u/{username})" if username else " (self-hosted)"
    return f"{sys.platform}:{name}:{version}{by}"


def _ignore_files() -> None:
    """A praw.ini in the working directory could send the credentials elsewhere, or be broken."""
    with Config.LOCK:
        if Config.CONFIG is None:
            Config.CONFIG = ConfigParser(interpolation=None)
            Config.CONFIG.read_string(files("praw").joinpath("praw.ini").read_text("utf-8"))


def _value(response: Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
