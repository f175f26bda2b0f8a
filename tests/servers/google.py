"""Google's sign-in: gives tokens to a service account or for a refresh token, and asks for them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from listener.http.oauth import GOOGLE_TOKEN_URL
from tests.servers.web import Asked, Route, Step, WebServer, as_json

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL = "listener@acme-project.iam.example"
KEY_ID = "key-1"
CLIENT = {"client_id": "client-1", "client_secret": "s3cret-client", "refresh_token": "s3cret-r"}


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def pem() -> str:
    return _written(private_key())


@cache
def curve_pem() -> str:
    """A key for other signatures than a service account's."""
    return _written(ec.generate_private_key(ec.SECP256R1()))


@cache
def public_pem() -> str:
    return (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _written(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def key_file(**changes: Any) -> str:
    """What a person downloads for a service account."""
    made = {
        "type": "service_account",
        "private_key_id": KEY_ID,
        "private_key": pem(),
        "client_email": EMAIL,
        "token_uri": GOOGLE_TOKEN_URL,
    }
    return json.dumps(made | changes)


def refused(status: int, reason: str, **metadata: str) -> Step:
    """An error as Google's services tell it."""
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
    error = {
        "code": status,
        "message": "s3cret words of the service",
        "errors": [{"reason": reason}],
        "details": [detail | {"metadata": metadata}],
    }
    return as_json({"error": error}, status=status)


@dataclass
class Google:
    """`given` are the tokens it gave; `good` those that it takes. `claims`: of the last grant."""

    server: WebServer
    scope: str = ""
    given: list[str] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    claims: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.routes["/token"] = self._sign_in

    def behind(self, path: str, answer: Callable[[Asked], Step]) -> None:
        """Answer at a path, to those who show a good token."""
        self.server.routes[path] = self._guarded(answer)

    def _guarded(self, answer: Route) -> Route:
        def ask(asked: Asked) -> Step:
            token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in self.good:
                return as_json({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, status=401)
            return answer(asked)

        return ask

    def _sign_in(self, asked: Asked) -> Step:
        form = asked.form
        accepted = (
            self._signed(form["assertion"])
            if form.get("grant_type") == JWT_BEARER
            else form == {"grant_type": "refresh_token", **CLIENT}
        )
        if asked.method != "POST" or not accepted:
            said = {"error": "invalid_grant", "error_description": "s3cret words"}
            return as_json(said, status=400)
        token = f"s3cret-token-{len(self.given) + 1}"
        self.given.append(token)
        self.good.add(token)
        return as_json({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _signed(self, assertion: str) -> bool:
        try:
            self.claims = jwt.decode(
                assertion,
                private_key().public_key(),
                algorithms=["RS256"],
                audience=GOOGLE_TOKEN_URL,
                options={"verify_exp": False, "verify_iat": False},  # by the tests' clock
            )
        except jwt.PyJWTError:
            return False
        life = self.claims["exp"] - self.claims["iat"]
        known = jwt.get_unverified_header(assertion).get("kid") == KEY_ID
        named = (self.claims["iss"], self.claims["scope"]) == (EMAIL, self.scope)
        return known and named and 0 < life <= 3600
