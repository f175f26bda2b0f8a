"""A proxy that signs people in: believed by its address, and by nothing else."""

import logging
from dataclasses import replace

import pytest

from listener.accounts import users
from listener.config.signing_in import ProxyTable
from listener.config.tables import WebTable
from listener.domain.role import Role
from listener.store.connection import Store
from tests.builders import HOUR, NOW
from tests.store.kept import rows
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in
from tests.web.visitors import Person, add_user, served, signed_in

HERE = ProxyTable(from_=("127.0.0.1",), role=Role.AGENT)
ELSEWHERE = ProxyTable(from_=("10.0.0.5", "10.1.0.0/16"), role=Role.AGENT)


def by_proxy(name: str) -> dict[str, str]:
    return {"x-forwarded-user": name.encode().decode("latin-1")}


def test_whom_the_proxy_names_is_in_with_its_role(store: Store, clock: HandClock) -> None:
    take_in(store, clock, a_complaint(1, ago=2 * HOUR))
    with served(store, clock, WebTable(proxy=HERE)) as place:
        person = Person(place, more=by_proxy("zoë@acme.example"))
        page = person.get("/inbox")
        assert page.status == 200
        assert "Signed in: zoë@acme.example" in page.words
        assert "Sign out" not in page.words  # the proxy does that
        token = page.text.split('name="token" value="')[1].split('"')[0]
        form = {"act": "answer", "on": "x:1", "back": "/inbox", "token": token}
        other = Person(place, more=by_proxy("mallory"))
        assert other.post("/act", form).status == 403  # the token is another one's
        assert person.post("/act", form).status == 303
        assert rows(store, "SELECT who FROM audit") == [{"who": "zoë@acme.example"}]


def test_who_comes_without_the_proxy_is_not_let_in(store: Store, clock: HandClock) -> None:
    with served(store, clock, WebTable(proxy=HERE)) as place:
        person = Person(place)
        assert person.get("/inbox").status == 303
        page = person.get("/signin")
        assert "Your proxy signs people in" in page.words
        assert 'type="password"' not in page.text


def test_a_header_from_elsewhere_is_refused_and_logged(
    store: Store, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    add_user(store)
    with served(store, clock, WebTable(proxy=ELSEWHERE)) as place:
        person = signed_in(place)
        with caplog.at_level(logging.WARNING, "listener.web.doorkeeper"):
            answer = person.get("/inbox", by_proxy("eve"))
        assert answer.status == 403
        assert "comes from the proxy alone" in answer.words
        assert "X-Forwarded-User from 127.0.0.1" in caplog.text
        assert person.get("/inbox", {"x-forwarded-for": "10.0.0.5"}).status == 200
        spoofed = {**by_proxy("eve"), "x-forwarded-for": "10.0.0.5"}
        assert Person(place).get("/inbox", spoofed).status == 403


def test_without_a_proxy_in_the_settings_the_header_says_nothing(
    store: Store, clock: HandClock
) -> None:
    add_user(store)
    with served(store, clock) as place:
        assert Person(place).get("/inbox", by_proxy("eve")).status == 303


@pytest.mark.parametrize("name", ["", " ", "a\x01b", "x" * 81, "a\u202eb", "\xff"])
def test_a_name_that_cannot_be_shown_is_refused(store: Store, clock: HandClock, name: str) -> None:
    with served(store, clock, WebTable(proxy=HERE)) as place:
        sent = {"x-forwarded-user": name if name == "\xff" else by_proxy(name)["x-forwarded-user"]}
        assert Person(place).get("/inbox", sent).status in (400, 403)


def test_a_user_of_that_name_has_their_own_role(store: Store, clock: HandClock) -> None:
    add_user(store, "eve", Role.READER)
    with served(store, clock, WebTable(proxy=HERE)) as place:
        person = Person(place, more=by_proxy("Eve"))
        page = person.get("/inbox")
        assert page.status == 200
        assert person.post("/act", {"act": "answer"}).status == 403
        users.disable(store, "eve", "admin", NOW)
        refused = person.get("/inbox")
        assert refused.status == 403
        assert "disabled" in refused.words


def test_a_header_of_another_name(store: Store, clock: HandClock) -> None:
    table = replace(HERE, header="Remote-Email")
    with served(store, clock, WebTable(proxy=table)) as place:
        assert Person(place).get("/inbox", {"remote-email": "eve"}).status == 200
        assert Person(place).get("/inbox", by_proxy("eve")).status == 303


def test_two_names_are_none(store: Store, clock: HandClock) -> None:
    with served(store, clock, WebTable(proxy=HERE)) as place:
        answer = Person(place).get("/inbox", {"X-Forwarded-User": "eve", "x-forwarded-user": "bob"})
        assert answer.status == 403


def test_the_proxy_tells_where_somebody_sits_and_that_it_was_https(
    store: Store, clock: HandClock
) -> None:
    add_user(store)
    with served(store, clock, WebTable(proxy=HERE)) as place:
        person = Person(place)
        person.more = {"x-forwarded-proto": "https", "x-forwarded-for": "1.1.1.1, 192.0.2.7"}
        answer = person.try_password()
        assert any(c.startswith("__Host-listener=") and "Secure" in c for c in answer.cookies)
        (row,) = rows(store, "SELECT detail FROM audit WHERE did = 'signed in'")
        assert row["detail"] == "192.0.2.7"


def test_nobody_else_tells_where_somebody_sits(store: Store, clock: HandClock) -> None:
    """Else a guesser is at a new place with every try."""
    add_user(store)
    with served(store, clock, WebTable(proxy=ELSEWHERE)) as place:
        statuses = []
        for n in range(6):
            person = Person(place, more={"x-forwarded-for": f"192.0.2.{n}"})
            person.more["x-forwarded-proto"] = "https"
            answer = person.try_password("wrong")
            assert not any("__Host-" in cookie for cookie in answer.cookies)
            statuses.append(answer.status)
        assert statuses == [403] * 5 + [429]
