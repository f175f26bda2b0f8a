"""Sign-in by an OpenID Connect provider: the whole way, and each word that is not believed."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, RSAKey

from listener.accounts import users
from listener.config.signing_in import OidcTable
from listener.config.tables import WebTable
from listener.domain.role import Role
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NOW
from tests.servers.oidc import (
    CLIENT,
    SECRET,
    Oidc,
    by_key,
    by_shared_key,
    code_of,
    oidc_provider,
    unsigned,
)
from tests.store.kept import rows
from tests.web.browser import Answer
from tests.web.conftest import HandClock
from tests.web.visitors import PUBLIC, Person, Place, add_user, served

DONE = "/signin/oidc/done"


@pytest.fixture
def provider(clock: HandClock) -> Iterator[Oidc]:
    with oidc_provider(clock.now) as made:
        yield made


@pytest.fixture
def place(store: Store, clock: HandClock, provider: Oidc) -> Iterator[Place]:
    oidc = OidcTable(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        name="Acme",
        role=Role.AGENT,
        domains=("acme.example",),
    )
    table = WebTable(public_url=f"https://{PUBLIC}", oidc=oidc)
    with served(store, clock, table) as made:
        yield made


def changed(place: Place, **changes: object) -> None:
    assert place.table.oidc is not None
    place.table = replace(place.table, oidc=replace(place.table.oidc, **changes))  # type: ignore[arg-type]


def walk(person: Person, provider: Oidc, wanted: str = "/inbox") -> Answer:
    """Press the button, say yes there, and come back."""
    away = person.get(f"/signin/oidc?next={wanted}")
    assert away.status == 303, away.words
    return person.get(provider.visit(away.headers["location"]))


def test_the_whole_way(
    place: Place, provider: Oidc, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    person = Person(place)
    assert person.get("/inbox?state=met").status == 303
    page = person.get("/signin?next=%2Finbox")
    assert "Sign in with Acme" in page.words
    assert 'href="/signin/oidc?next=%2Finbox"' in page.text
    assert 'type="password"' not in page.text
    answer = walk(person, provider)
    assert (answer.status, answer.headers["location"]) == (303, "/inbox")
    assert "Signed in: eve@acme.example Sign out" in person.get("/inbox").words
    (user,) = users.listed(store)
    assert (user["name"], user["role"], user["signs_in"]) == ("eve@acme.example", "agent", ["oidc"])
    did = [(r["who"], r["did"]) for r in rows(store, "SELECT who, did FROM audit ORDER BY id")]
    assert did == [("eve@acme.example", "added"), ("eve@acme.example", "signed in")]
    assert person.post("/signout", {"token": person.token()}).status == 303
    assert person.get("/inbox").status == 303
    assert SECRET not in caplog.text


def test_what_is_asked_of_the_provider(place: Place, provider: Oidc) -> None:
    away = Person(place).get("/signin/oidc").headers["location"]
    asked = {name: value[0] for name, value in parse_qs(urlsplit(away).query).items()}
    assert asked["redirect_uri"] == f"http://127.0.0.1:{place.port}{DONE}"
    assert set(asked) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce",
        "code_challenge", "code_challenge_method",
    }  # fmt: skip
    again = Person(place).get("/signin/oidc").headers["location"]
    other = {name: value[0] for name, value in parse_qs(urlsplit(again).query).items()}
    for secret in ("state", "nonce", "code_challenge"):
        assert asked[secret] != other[secret]
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_by_the_public_address_people_come_back_there(place: Place, provider: Oidc) -> None:
    person = Person(place, PUBLIC)
    away = person.get("/signin/oidc").headers["location"]
    assert parse_qs(urlsplit(away).query)["redirect_uri"] == [f"https://{PUBLIC}{DONE}"]
    answer = person.get(provider.visit(away))
    assert answer.status == 303
    assert any(c.startswith("__Host-listener=") for c in answer.cookies)


def test_who_comes_again_is_the_same_user_with_the_role_they_have_now(
    place: Place, provider: Oidc, store: Store
) -> None:
    walk(Person(place), provider)
    users.set_role(store, "eve@acme.example", Role.ADMIN, "admin", NOW)
    provider.claims = {"email": "eve.new@acme.example"}  # they married
    walk(Person(place), provider)
    (user,) = users.listed(store)
    assert (user["name"], user["role"]) == ("eve@acme.example", "admin")


def test_a_user_whom_somebody_added_for_them_is_theirs(
    place: Place, provider: Oidc, store: Store
) -> None:
    add_user(store, "eve@acme.example", Role.ADMIN, password=None)
    assert walk(Person(place), provider).status == 303
    (user,) = users.listed(store)
    assert (user["role"], user["signs_in"]) == ("admin", ["oidc"])


def test_an_address_that_went_to_somebody_else_opens_nothing(
    place: Place, provider: Oidc, store: Store
) -> None:
    walk(Person(place), provider)
    provider.claims = {"sub": "person-2"}
    answer = walk(Person(place), provider)
    assert answer.status == 403
    assert "not let in here" in answer.words


def test_who_is_disabled_is_not_let_in(place: Place, provider: Oidc, store: Store) -> None:
    walk(Person(place), provider)
    users.disable(store, "eve@acme.example", "admin", NOW)
    person = Person(place)
    assert walk(person, provider).status == 403
    assert person.session == ""


@pytest.mark.parametrize(
    ("claims", "left_out"),
    [
        ({"email": "eve@evil.example"}, ()),
        ({"email": "eve@sub.acme.example"}, ()),
        ({"email": "eve@acme.example.evil.example"}, ()),
        ({"email_verified": False}, ()),
        ({"email_verified": "false"}, ()),
        ({}, ("email_verified",)),
        ({}, ("email",)),
        ({"email": "eve"}, ()),
        ({"email": ["eve@acme.example"]}, ()),
        ({"email": "eve@acme.example\n"}, ()),
    ],
)
def test_who_is_not_named_in_the_settings_is_not_let_in(
    place: Place, provider: Oidc, store: Store, claims: dict[str, object], left_out: tuple[str, ...]
) -> None:
    provider.claims, provider.left_out = claims, left_out
    person = Person(place)
    answer = walk(person, provider)
    assert answer.status == 403
    assert person.session == ""
    assert users.listed(store) == []


def test_a_provider_may_vouch_for_its_addresses(place: Place, provider: Oidc) -> None:
    provider.left_out = ("email_verified",)
    changed(place, emails_are_verified=True)
    assert walk(Person(place), provider).status == 303


def test_an_address_may_stand_beside_the_signed_word(place: Place, provider: Oidc) -> None:
    provider.left_out = ("email", "email_verified")
    provider.beside = {"sub": "person-1", "email": "eve@acme.example", "email_verified": True}
    assert walk(Person(place), provider).status == 303
    changed(place, name="Another")  # so that it is asked anew
    provider.beside = {**provider.beside, "sub": "person-2"}
    assert walk(Person(place), provider).status == 403


def test_a_client_may_have_no_secret(place: Place, provider: Oidc) -> None:
    changed(place, client_secret="")
    provider.public = True
    assert walk(Person(place), provider).status == 303


# What is not believed

FORGED: dict[str, Callable[[Oidc], None]] = {
    "not signed": lambda o: setattr(o, "forge", unsigned),
    "signed with the client's secret": lambda o: setattr(o, "forge", by_shared_key(SECRET)),
    "signed with the public key as a secret": lambda o: setattr(
        o, "forge", by_shared_key(o.key.as_pem(private=False).decode())
    ),
    "signed by another key with the same name": lambda o: setattr(
        o, "forge", by_key(RSAKey.generate_key(2048), kid="one")
    ),
    "signed by a key that nobody published": lambda o: setattr(
        o, "forge", by_key(RSAKey.generate_key(2048), kid="two")
    ),
    "signed another way than the provider does": lambda o: setattr(
        o, "forge", by_key(ECKey.generate_key("P-256"), alg="ES256", kid="one")
    ),
    "no token at all": lambda o: setattr(o, "forge", lambda _: "not.a.token"),
    "by another issuer": lambda o: o.claims.update(iss="https://evil.example"),
    "for another client": lambda o: o.claims.update(aud="another"),
    "for several, and not for us": lambda o: o.claims.update(aud=["a", "b"]),
    "for us and others, by another": lambda o: o.claims.update(aud=[CLIENT, "b"], azp="b"),
    "for us and others, by nobody": lambda o: o.claims.update(aud=[CLIENT, "b"]),
    "over": lambda o: o.claims.update(exp=int((NOW - 2 * MINUTE).timestamp())),
    "not yet": lambda o: o.claims.update(nbf=int((NOW + HOUR).timestamp())),
    "made tomorrow": lambda o: o.claims.update(iat=int((NOW + 24 * HOUR).timestamp())),
    "of another attempt": lambda o: o.claims.update(nonce="x" * 43),
    "of no attempt": lambda o: setattr(o, "left_out", ("nonce",)),
    "without an end": lambda o: setattr(o, "left_out", ("exp",)),
    "of nobody": lambda o: setattr(o, "left_out", ("sub",)),
    "of an empty name": lambda o: o.claims.update(sub=""),
    "of another access token": lambda o: o.claims.update(at_hash="x" * 22),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_word_that_is_forged_is_not_believed(
    place: Place, provider: Oidc, store: Store, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    FORGED[how](provider)
    person = Person(place)
    with caplog.at_level(logging.WARNING):
        answer = walk(person, provider)
    assert provider.tokens_given == 1  # it came to that
    assert answer.status == 403
    assert "Signing in there did not work." in answer.words
    assert person.session == ""
    assert users.listed(store) == []
    assert "signing in by [web.oidc]" in caplog.text
    assert SECRET not in caplog.text


def test_a_new_key_is_looked_up(place: Place, provider: Oidc, clock: HandClock) -> None:
    assert walk(Person(place), provider).status == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert walk(Person(place), provider).status == 403  # it was asked a moment ago
    clock.at += 2 * MINUTE
    assert walk(Person(place), provider).status == 303


def test_keys_that_nobody_can_read_do_no_harm(place: Place, provider: Oidc) -> None:
    own = provider.key.as_dict(private=False)
    provider.published = [{"kty": "new", "kid": "x"}, {**own, "use": "enc", "kid": "y"}, own]
    assert walk(Person(place), provider).status == 303


def test_coming_back_takes_the_browser_that_went(place: Place, provider: Oidc) -> None:
    """Else somebody could be signed in as mallory by a link."""
    mallory, victim = Person(place), Person(place)
    back = provider.visit(mallory.get("/signin/oidc").headers["location"])
    assert victim.get(back).status == 403
    victim.get("/signin/oidc")
    assert victim.get(back).status == 403
    assert victim.session == ""
    assert mallory.get(back).status == 303


def test_a_code_of_another_attempt_is_not_taken(place: Place, provider: Oidc) -> None:
    """PKCE: the code of somebody else, under an own state."""
    victim, mallory = Person(place), Person(place)
    stolen = code_of(provider.visit(victim.get("/signin/oidc").headers["location"]))
    back = provider.visit(mallory.get("/signin/oidc").headers["location"])
    answer = mallory.get(back.replace(code_of(back), stolen))
    assert (answer.status, mallory.session) == (403, "")


def test_coming_back_twice_signs_in_once(place: Place, provider: Oidc) -> None:
    person = Person(place)
    back = provider.visit(person.get("/signin/oidc").headers["location"])
    assert person.get(back).status == 303
    assert person.get(back).status == 403


@pytest.mark.parametrize(
    "query",
    ["", "code=x", "state=x", "code=x&state=x", "error=access_denied", "code=x&state=%00", "iss=x"],
)
def test_coming_back_with_anything_else_opens_nothing(
    place: Place, provider: Oidc, query: str
) -> None:
    for person in (Person(place), Person(place)):
        person.get("/signin/oidc")
        assert person.get(f"{DONE}?{query}").status == 403
        assert person.session == ""


def test_another_provider_is_not_mixed_up_with_ours(place: Place, provider: Oidc) -> None:
    person = Person(place)
    back = provider.visit(person.get("/signin/oidc").headers["location"])
    assert person.get(f"{back}&iss=https%3A%2F%2Fevil.example").status == 403


def test_who_says_no_there_can_try_again(place: Place, provider: Oidc) -> None:
    person = Person(place)
    away = person.get("/signin/oidc").headers["location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    answer = person.get(f"{DONE}?error=access_denied&state={state}")
    assert answer.status == 403
    assert walk(person, provider).status == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/../x", "/\\x"])
def test_nobody_is_led_elsewhere(place: Place, provider: Oidc, wanted: str) -> None:
    assert walk(Person(place), provider, wanted).headers["location"] == "/"
    person = Person(place)
    person.get("/signin/oidc")
    name, value = next(iter(person.cookies.items()))
    person.cookies[name] = value.partition(".")[0] + ".Ly9ldmlsLmV4YW1wbGU"  # //evil.example
    assert "evil" not in person.get(f"{DONE}?code=x&state=x").text


def test_a_session_that_was_planted_is_replaced(place: Place, provider: Oidc) -> None:
    person = Person(place, cookies={"listener": "a" * 43})
    walk(person, provider)
    assert person.session not in ("", "a" * 43)


# A provider that is not as it should be


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"jwks_uri": None},
        {"jwks_uri": "http://evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/"},
    ],
)
def test_a_provider_that_says_odd_things_is_not_followed(
    place: Place, provider: Oidc, metadata: dict[str, object]
) -> None:
    provider.metadata = metadata
    answer = Person(place).get("/signin/oidc")
    assert answer.status == 502
    assert "Signing in there did not work." in answer.words


def test_a_provider_that_is_down_is_told(place: Place, provider: Oidc) -> None:
    provider.web.close()
    assert Person(place).get("/signin/oidc").status == 502


def test_tokens_are_not_fetched_in_the_clear(place: Place, provider: Oidc) -> None:
    provider.metadata = {"token_endpoint": "http://evil.example/token"}
    person = Person(place)
    assert walk(person, provider).status == 403


def test_without_a_provider_its_addresses_lead_to_the_form(store: Store, clock: HandClock) -> None:
    add_user(store)
    with served(store, clock) as place:
        assert Person(place).get("/signin/oidc").headers["location"] == "/signin"
        assert Person(place).get(f"{DONE}?code=x&state=x").status == 403
