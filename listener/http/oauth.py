"""OAuth 2: a lasting credential is exchanged for a token, and with that a service is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from listener.errors import CollectorError, Trouble
from listener.http.addresses import HttpError, check_base_url
from listener.http.api import Answer, Api, ApiError, Params

GOOGLE_TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
ASSERTED_FOR: Final = timedelta(hours=1)  # Google takes no longer one
EARLY: Final = timedelta(minutes=1)  # what is about to end may end on its way

_JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_NOT_OURS: Final = frozenset(
    {"invalid_grant", "invalid_client", "unauthorized_client", "deleted_client", "access_denied"}
)


class Grant(Protocol):
    """What a token is given for."""

    @property
    def advice(self) -> str:
        """What a person can do when it is not accepted; holds no secret."""

    def form(self, now: datetime) -> Mapping[str, str]:
        """What is sent to the address that gives tokens. Raises CollectorError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """A program's own account at Google, which signs for itself (RFC 7523).

    Signed with PyJWT: google-auth makes the same assertion, but reads the wall clock and brings a
    transport of its own.
    """

    text: str = field(repr=False)  # of its key file
    scope: str

    @property
    def advice(self) -> str:
        return "make a new key for service_account, and see that this machine's clock is right"

    def form(self, now: datetime) -> Mapping[str, str]:
        import jwt  # noqa: PLC0415  # brings cryptography
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415

        try:
            key = read_key(self.text)
        except ValueError as error:
            raise CollectorError(str(error), kind=Trouble.CREDENTIALS) from None
        began = int((now - EARLY).timestamp())  # our clock may be ahead of Google's
        claims = {
            "iss": key.email,
            "scope": self.scope,
            "aud": GOOGLE_TOKEN_URL,  # also where a stand-in is asked
            "iat": began,
            "exp": began + int(ASSERTED_FOR.total_seconds()),
        }
        headers = {"kid": key.number} if key.number else None
        no_key = (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, AttributeError)
        try:
            signed = jwt.encode(claims, key.pem, algorithm="RS256", headers=headers)
        except no_key:  # whose words may repeat it
            words = "the private_key of service_account cannot be read; make a new key"
            raise CollectorError(words, kind=Trouble.CREDENTIALS) from None
        return {"grant_type": _JWT_BEARER, "assertion": signed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a service account signs with."""

    email: str
    pem: str = field(repr=False)
    number: str = ""


def read_key(text: str) -> Key:
    """A key file as Google makes it. Raises ValueError, in words that repeat nothing of it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("service_account is no JSON; give the whole key file")
    email, pem, number = (
        found.get(name) for name in ("client_email", "private_key", "private_key_id")
    )
    if not (isinstance(email, str) and email and isinstance(pem, str) and pem):
        raise ValueError(
            "service_account holds no client_email or no private_key; make a key of the type JSON"
        )
    return Key(email=email, pem=pem, number=number if isinstance(number, str) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """What a person who signed in has allowed a client to do, until they take it back."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def advice(self) -> str:
        return "check client_id and client_secret, or sign in once more for a new refresh_token"

    def form(self, now: datetime) -> Mapping[str, str]:
        return {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }


@dataclass(frozen=True, slots=True)
class Token:
    """Lives between two moments; before the first one, the clock was moved back."""

    text: str = field(repr=False)
    since: datetime
    until: datetime

    def lives(self, now: datetime) -> bool:
        return self.since <= now < self.until


@dataclass(slots=True)
class Held:
    """Where a collector holds its token while that lives: in memory only."""

    token: Token | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """Asks a service with a token, and gets a new one where there is none or it is refused.

    Raises ValueError for a `token_url` to which no credentials may be sent, and else CollectorError
    only; what the service itself refuses is an ApiError.
    """

    api: Api
    issuer: str  # who gives tokens, in messages
    token_url: str
    grant: Grant = field(repr=False)
    held: Held = field(repr=False)

    def __post_init__(self) -> None:
        try:
            check_base_url(self.token_url, "token_url")
        except HttpError as error:
            raise ValueError(str(error)) from None

    def get(self, path: str, params: Params | None = None, *, now: datetime) -> Answer:
        """As `Api.get`."""
        held = self.held.token
        if held is not None and held.lives(now):
            try:
                return self._ask(held, path, params, now)
            except ApiError as error:
                if error.status != 401:
                    raise
        self.held.token = token = self._new(now)
        return self._ask(token, path, params, now)

    def _ask(self, token: Token, path: str, params: Params | None, now: datetime) -> Answer:
        headers = {"Authorization": f"Bearer {token.text}"}
        return self.api.get(path, params, now=now, headers=headers)

    def _new(self, now: datetime) -> Token:
        giver = Api(http=self.api.http, service=self.issuer, base_url=self.token_url)
        try:
            answer = giver.post("", now=now, form=self.grant.form(now))
        except ApiError as error:
            raise self._refused(error) from None
        token = read_token(answer.value, now)
        if token is None:
            words = f"{self.issuer} answered something that is no token"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return token

    def _refused(self, error: ApiError) -> CollectorError:
        """A grant that is not accepted comes as a 400 (RFC 6749, 5.2), as a wrong question does."""
        code = error.value.get("error") if isinstance(error.value, dict) else None
        if not isinstance(code, str) or code not in _NOT_OURS:
            return CollectorError(str(error), kind=error.kind, retry_after=error.retry_after)
        words = f"{self.issuer} does not accept our credentials ({code}); {self.grant.advice}"
        return CollectorError(words, kind=Trouble.CREDENTIALS)


def read_token(value: Any, now: datetime) -> Token | None:
    """The token of an answer; None where it holds none. One that does not say how long it lives
    is used once."""
    text = value.get("access_token") if isinstance(value, dict) else None
    if not isinstance(text, str) or not (text.isascii() and text.isprintable()) or not text.strip():
        return None
    lives = value.get("expires_in")
    known = isinstance(lives, int) and 0 < lives <= 366 * 86_400
    return Token(text, now, max(now, now + timedelta(seconds=lives if known else 0) - EARLY))
