"""An OpenID Connect provider, over real HTTP: what it is asked it checks as a strict one does."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.servers.web import Asked, Step, WebServer, as_json

CLIENT, SECRET = "listener", "s3cret-of-the-client"
Claims = dict[str, Any]


@dataclass
class Oidc:
    """`claims` and `header` change what the signed word says; `forge` writes it otherwise."""

    web: WebServer
    now: Callable[[], datetime]
    public: bool = False  # a client without a secret
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: Claims = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    metadata: Claims = field(default_factory=dict)
    beside: Claims | None = None  # what userinfo tells; None: there is no such address
    forge: Callable[[Claims], str] | None = None
    published: list[Claims] | None = None  # instead of its own key
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens_given: int = 0

    @property
    def issuer(self) -> str:
        return self.web.url("", "localhost")

    def start(self) -> None:
        self.web.routes |= {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": lambda _: as_json({"keys": self._keys()}),
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }

    def _keys(self) -> list[Claims]:
        if self.published is not None:
            return self.published
        return [{**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}]

    def _configuration(self, _: Asked) -> Step:
        beside = {} if self.beside is None else {"userinfo_endpoint": f"{self.issuer}/userinfo"}
        return as_json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
                **beside,
                **self.metadata,
            }
        )

    def _authorize(self, asked: Asked) -> Step:
        """Whoever comes is known, and says yes at once."""
        wanted = asked.query
        assert wanted["response_type"] == "code"
        assert wanted["client_id"] == CLIENT
        assert "openid" in wanted["scope"].split()
        assert wanted["code_challenge_method"] == "S256"
        assert len(wanted["code_challenge"]) == 43
        assert len(wanted["state"]) >= 32
        assert len(wanted["nonce"]) >= 32
        code = secrets.token_urlsafe(16)
        self.codes[code] = wanted
        back = f"{wanted['redirect_uri']}?{urlencode({'code': code, 'state': wanted['state']})}"
        return Step(status=302, headers={"Location": back})

    def _token(self, asked: Asked) -> Step:
        form = asked.form
        wanted = self.codes.pop(form.get("code", ""), None)  # once
        if not self._is_the_client(asked):
            return as_json({"error": "invalid_client"}, status=401)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
        if (
            wanted is None
            or wanted["redirect_uri"] != form.get("redirect_uri")
            or wanted["code_challenge"] != challenge.decode()
        ):
            return as_json({"error": "invalid_grant"}, status=400)
        self.tokens_given += 1
        signed = self._signed(wanted["nonce"])
        return as_json({"access_token": "at", "token_type": "Bearer", "id_token": signed})

    def _is_the_client(self, asked: Asked) -> bool:
        if self.public:
            return asked.form.get("client_id") == CLIENT and "Authorization" not in asked.headers
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return asked.headers.get("Authorization") == f"Basic {basic}"

    def _signed(self, nonce: str) -> str:
        at = int(self.now().timestamp())
        claims: Claims = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": nonce,
            "email": "Eve@acme.example",
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        if self.forge is not None:
            return self.forge(claims)
        return jwt.encode({"alg": "RS256", "kid": str(self.key.kid)}, claims, self.key)

    def _userinfo(self, asked: Asked) -> Step:
        if asked.headers.get("Authorization") != "Bearer at" or self.beside is None:
            return as_json({"error": "invalid_token"}, status=401)
        return as_json(self.beside)

    def visit(self, address: str) -> str:
        """What a browser does that is sent there: gives where it is sent back to."""
        parts = urlsplit(address)
        step = self._authorize(Asked(method="GET", path=f"/authorize?{parts.query}", headers={}))
        assert address.startswith(f"{self.issuer}/authorize?")
        back = urlsplit(step.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def oidc_provider(now: Callable[[], datetime]) -> Iterator[Oidc]:
    web = WebServer()
    try:
        provider = Oidc(web, now)
        provider.start()
        yield provider
    finally:
        web.close()


def unsigned(claims: Claims) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts] + [""])


def by_shared_key(text: str) -> Callable[[Claims], str]:
    """Signed with what everybody knows, such as the public key or the client's secret."""

    def forge(claims: Claims) -> str:
        key = OctKey.import_key(text)
        return jwt.encode({"alg": "HS256"}, claims, key, algorithms=["HS256"])

    return forge


def by_key(key: RSAKey | ECKey, **header: str) -> Callable[[Claims], str]:
    alg = header.pop("alg", "RS256")
    return lambda claims: jwt.encode({"alg": alg, **header}, claims, key, algorithms=[alg])


def code_of(back: str) -> str:
    return parse_qs(urlsplit(back).query)["code"][0]
