"""Asks X through tweepy. Imported when it is first needed, for it brings tweepy and requests."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import tweepy  # type: ignore[import-untyped]
from requests.adapters import BaseAdapter

from listener.collectors.streams import RefusedError
from listener.collectors.x.answers import (
    PAGE,
    NotAcceptedError,
    Page,
    is_about_since_id,
    to_count,
    to_page,
)
from listener.collectors.x.looking_up import Found, to_found
from listener.errors import CollectorError, Trouble
from listener.http import USER_AGENT, Http, to_error

NAME: Final = "X"
TWEEPYS_HOST: Final = "https://api.twitter.com/"  # written into tweepy, and cannot be changed there
POST_FIELDS: Final = [
    "author_id", "conversation_id", "created_at", "edit_history_tweet_ids", "entities", "lang",
    "note_tweet", "public_metrics", "referenced_tweets",
]  # fmt: skip
USER_FIELDS: Final = ["name", "public_metrics", "username", "verified", "verified_type"]

_TOKEN = re.compile(r"[\x21-\x7e]+")
_SHOWN: Final = 80  # characters of a search, in a message
_WAIT_HEADERS: Final = ("x-rate-limit-reset", "retry-after")

USED_UP: Final = (
    "X gives no more: the credits, or the posts that may be read in this billing period, are used"
    " up; see its developer console (HTTP 429)"
)
NO_ACCESS: Final = (
    "X knows the token, but its app may not search: it has to belong to a project with access to"
    " the API; see the developer console (HTTP 403)"
)


REFUSALS: Final = {401: "does not accept bearer_token; check or renew it"}


class RebaseAdapter(BaseAdapter):
    """Sends what tweepy means for its own host to `base_url`, by the adapter with the time-outs.

    Keeps the answer, for tweepy's errors may break while they read it.
    """

    def __init__(self, inner: BaseAdapter, base_url: str) -> None:
        super().__init__()
        self._inner = inner
        self._base_url = base_url.rstrip("/")
        self.reply: requests.Response | None = None

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        moved = request.copy()
        moved.url = self._base_url + parts.path + (f"?{parts.query}" if parts.query else "")
        self.reply = self._inner.send(moved, *args, **kwargs)
        return self.reply

    def close(self) -> None:
        """Nothing to do: the session closes the one that sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """X, asked with one token. Every method raises CollectorError only."""

    http: Http = field(repr=False)
    base_url: str
    bearer_token: str = field(repr=False)

    def search(self, query: str, *, since_id: str | None, token: str | None, now: datetime) -> Page:
        """A page of the posts of the last seven days. Raises NotAcceptedError for a bad one."""

        def ask(client: tweepy.Client) -> Any:
            return client.search_recent_tweets(
                query,
                since_id=since_id,
                next_token=token,
                max_results=PAGE,
                expansions=["author_id"],
                tweet_fields=POST_FIELDS,
                user_fields=USER_FIELDS,
            )

        return to_page(self._ask(ask, f"the search `{_shown(query)}`", now))

    def look_up(self, ids: Sequence[str], now: datetime) -> Found:
        """Posts by their ids, `PAGE` at most, and which of them X does not find."""

        def ask(client: tweepy.Client) -> Any:
            return client.get_tweets(
                list(ids),
                expansions=["author_id"],
                tweet_fields=POST_FIELDS,
                user_fields=USER_FIELDS,
            )

        return to_found(self._ask(ask, "the ids of posts that were read", now), ids)

    def count(self, query: str, now: datetime) -> int:
        """How many posts of the last seven days a search finds, without reading them."""

        def ask(client: tweepy.Client) -> Any:
            return client.get_recent_tweets_count(query, granularity="day")

        return to_count(self._ask(ask, f"the search `{_shown(query)}`", now))

    def _ask(self, ask: Callable[[tweepy.Client], Any], what: str, now: datetime) -> Any:
        if not _TOKEN.fullmatch(self.bearer_token):
            state = "holds signs that no token has" if self.bearer_token else "is empty"
            raise CollectorError(f"X was not asked: bearer_token {state}", kind=Trouble.CREDENTIALS)
        with self.http.session() as session:
            session.max_redirects = 0  # the token goes to base_url and nowhere else
            adapter = RebaseAdapter(session.get_adapter(self.base_url), self.base_url)
            session.mount(TWEEPYS_HOST, adapter)
            try:
                return ask(self._client(session))
            except Exception as error:  # tweepy breaks in many ways on an error that is no object
                raise _told(adapter.reply, error, what, now) from None

    def _client(self, session: requests.Session) -> tweepy.Client:
        _keep_quiet()
        client = tweepy.Client(self.bearer_token, return_type=dict, wait_on_rate_limit=False)
        client.session = session
        client.user_agent = USER_AGENT
        return client


def _keep_quiet() -> None:
    """At DEBUG tweepy would log the token."""
    for name in ("tweepy", "tweepy.client"):
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.INFO:
            logger.setLevel(logging.INFO)


def _told(
    reply: requests.Response | None, error: Exception, what: str, now: datetime
) -> CollectorError:
    """What went wrong: by the answer, where one came and says it, else by the exception."""
    if reply is None or 200 <= reply.status_code < 300:
        return _not_read(error, now)
    problem = _problem(reply)
    reason = str(problem.get("type", "")).rpartition("/")[2]
    if reply.status_code == 400:
        words = f"X does not accept {what} (HTTP 400)"
        return NotAcceptedError(words, is_expired=is_about_since_id(problem))
    if reply.status_code == 403 and reason == "client-forbidden":
        return CollectorError(NO_ACCESS, kind=Trouble.CREDENTIALS)
    says_when = any(name in reply.headers for name in _WAIT_HEADERS)
    if reply.status_code == 429 and (reason == "usage-capped" or not says_when):
        return CollectorError(USED_UP, kind=Trouble.QUOTA)
    told = to_error(reply, asked=NAME, now=now, means=REFUSALS)
    return RefusedError(str(told), kind=told.kind) if reply.status_code == 403 else told


def _not_read(error: Exception, now: datetime) -> CollectorError:
    if isinstance(error, RecursionError):
        return CollectorError("X answered something that is nested too deep", kind=Trouble.SHAPE)
    return to_error(error, asked=NAME, now=now)


def _problem(reply: requests.Response) -> Mapping[str, Any]:
    try:
        value = reply.json()
    except (requests.RequestException, ValueError, RuntimeError):  # no JSON, cut short, too deep
        return {}
    return value if isinstance(value, dict) else {}


def _shown(query: str) -> str:
    return query if len(query) <= _SHOWN else f"{query[:_SHOWN]}…"
