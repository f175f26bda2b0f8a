"""Sign-in by an OpenID Connect provider: the code flow with PKCE, by Authlib.

What one attempt must prove is made of a secret in a cookie of that browser: `state` (it was begun
there), `nonce` (the provider's word is for this attempt) and the verifier of PKCE (RFC 7636).
Nothing is kept here in between. The provider's word counts if it is signed by one of its keys,
for us, and not over (OpenID Connect Core 1.0, 3.1.3.7).
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from listener.config.signing_in import OidcTable
from listener.errors import ListenerError
from listener.http import Http, HttpError, check_base_url
from listener.web.cookies import derived

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

# Public keys alone: with a shared one, whoever knows it could vouch for anybody.
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
KEPT: Final = timedelta(hours=1)  # what the provider says of itself, and its keys
LEEWAY_SECONDS: Final = 60  # between its clock and ours
_SCOPE: Final = "openid email profile"


class OidcError(ListenerError):
    """Nobody was signed in; the words are for the log, and hold no secret."""


class NotAdmittedError(OidcError):
    """The provider knows them, and the settings do not let them in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """For whom the provider vouches. `subject`: its own name for them, which never changes."""

    issuer: str
    subject: str
    email: str

    @property
    def key(self) -> str:
        return f"{self.issuer} {self.subject}"


@dataclass(frozen=True, slots=True)
class _Known:
    at: datetime
    metadata: Mapping[str, Any]
    keys: Mapping[str, Any]


class Provider:
    """One provider, as the settings name it. Its methods ask it, and so block for seconds."""

    def __init__(self, table: OidcTable, now: Callable[[], datetime], http: Http) -> None:
        self.table = table
        self._now, self._http = now, http
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def begin(self, secret: str, back: str) -> str:
        """Where a browser goes to sign in; it comes back to `back`. Raises OidcError."""
        metadata = self._learnt().metadata
        with self._client(metadata, back) as client:
            address, _ = client.create_authorization_url(
                _address(metadata, "authorization_endpoint"),
                state=derived(secret, "state"),
                nonce=derived(secret, "nonce"),
                code_verifier=derived(secret, "verifier"),
            )
        return str(address)

    def finish(self, secret: str, back: str, code: str) -> Identity:
        """Who came back, whose `state` was found right. Raises OidcError."""
        from authlib.integrations.base_client import OAuthError  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415

        metadata = self._learnt().metadata
        with self._client(metadata, back) as client:
            try:
                token = client.fetch_token(
                    _address(metadata, "token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=derived(secret, "verifier"),
                    allow_redirects=False,
                )
            except OAuthError as error:
                raise OidcError(f"the provider gave no token: {_short(error.error)}") from None
            except (RequestException, HttpError, ValueError) as error:
                raise OidcError(f"the provider gave no token: {type(error).__name__}") from None
            claims = dict(self._claims(token, derived(secret, "nonce")))
            if "email" not in claims and "userinfo_endpoint" in metadata:
                claims |= _told_beside(client, _address(metadata, "userinfo_endpoint"), claims)
        return self._admitted(claims)

    def _admitted(self, claims: Mapping[str, Any]) -> Identity:
        email = claims.get("email")
        if not isinstance(email, str) or "@" not in email or not email.isprintable():
            raise OidcError("the provider named no e-mail address; allow the scope `email` there")
        verified = claims.get("email_verified") in (True, "true")
        if not (verified or self.table.emails_are_verified):
            raise NotAdmittedError(
                "the provider does not say that the e-mail address was verified;"
                " docs/sign-in.md says what to do where it never does"
            )
        if not self.table.admits(email):
            raise NotAdmittedError("their e-mail address is not among [web.oidc] emails, domains")
        return Identity(self.table.issuer, str(claims["sub"]), email.lower())

    def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What the signed word of the provider says, if it is for this attempt."""
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        written = token.get("id_token")
        if not isinstance(written, str):
            raise OidcError("the provider's answer holds no id_token; is it OpenID Connect?")
        try:
            header, said = self._verified(written)
            claims = CodeIDToken(
                said,
                header,
                {
                    "iss": {"essential": True, "value": self.table.issuer},
                    "aud": {"essential": True, "value": self.table.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self.table.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._now().timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as error:
            raise OidcError(f"the provider's id_token is not good: {_short(error)}") from None
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise OidcError("the provider's id_token names nobody")
        return dict(claims)

    def _verified(self, written: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """The head and the claims, signed by a key of the provider; a new key is looked up once."""
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415
        from joserfc.jws import JWSRegistry  # noqa: PLC0415

        known = self._learnt()
        told = known.metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=sorted(ALGORITHMS & set(map(str, told))), strict_check_header=False
        )

        def read(keys: Mapping[str, Any]) -> jwt.Token:
            return jwt.decode(
                written, KeySet.import_key_set({"keys": _signing(keys)}), None, registry
            )

        try:
            found = read(known.keys)
        except InvalidKeyIdError:
            found = read(self._learnt(anew=True).keys)
        return found.header, found.claims

    def _learnt(self, *, anew: bool = False) -> _Known:
        """What the provider says of itself. `anew`: a key was not known; once a minute at most."""
        with self._lock:
            known, now = self._known, self._now()
            fresh = known is not None and now - known.at < KEPT
            if (
                known is not None
                and fresh
                and not (anew and now - known.at >= timedelta(minutes=1))
            ):
                return known
            metadata = self._fetched(
                f"{self.table.issuer.rstrip('/')}/.well-known/openid-configuration"
            )
            if metadata.get("issuer") != self.table.issuer:
                raise OidcError(
                    f"the provider calls itself {_short(metadata.get('issuer'))}: write just that"
                    " into [web.oidc] issuer"
                )
            keys = self._fetched(_address(metadata, "jwks_uri"))
            self._known = _Known(now, metadata, keys)
            return self._known

    def _fetched(self, url: str) -> dict[str, Any]:
        try:
            reply = self._http.ask("GET", url, headers={"Accept": "application/json"})
            found = json.loads(reply.body) if reply.status == 200 else None
        except (HttpError, ValueError, RecursionError) as error:
            raise OidcError(f"asking the provider for {_short(url)}: {_short(error)}") from None
        if not isinstance(found, dict):
            raise OidcError(f"asking the provider for {_short(url)}: answered {reply.status}")
        return found

    def _client(self, metadata: Mapping[str, Any], back: str) -> "OAuth2Session":
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415

        secret = self.table.client_secret
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        client = OAuth2Session(
            self.table.client_id,
            secret or None,
            token_endpoint_auth_method=way if secret else "none",
            scope=_SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )
        client.trust_env = False
        for prefix, adapter in self._http.session().adapters.items():
            client.mount(prefix, adapter)
        return client


def _told_beside(client: "OAuth2Session", url: str, claims: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider tells of the same person at another address, where its word is short."""
    from requests import RequestException  # noqa: PLC0415

    try:
        reply = client.get(url, allow_redirects=False)
        found = reply.json() if reply.status_code == 200 else None
    except (RequestException, HttpError, ValueError) as error:
        raise OidcError(f"asking the provider who came: {type(error).__name__}") from None
    if not isinstance(found, dict) or found.get("sub") != claims["sub"]:
        raise OidcError("the provider did not say who came")
    return {name: found[name] for name in ("email", "email_verified") if name in found}


def _address(metadata: Mapping[str, Any], name: str) -> str:
    url = metadata.get(name)
    if not isinstance(url, str):
        raise OidcError(f"the provider does not say its {name}")
    try:
        return check_base_url(url, name, query=True)
    except HttpError as error:
        raise OidcError(f"the provider's {error}") from None


def _signing(keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys that sign; a set may hold others, and kinds that nobody can read."""
    found = keys.get("keys")
    return [
        key
        for key in (found if isinstance(found, list) else ())
        if isinstance(key, dict)
        and key.get("kty") in ("RSA", "EC", "OKP")
        and key.get("use", "sig") == "sig"
    ]


def _short(text: object) -> str:
    return " ".join(str(text).split())[:200]
