"""Who may do what: readers, agents, admins, tokens, and who need not sign in."""

import asyncio
import json
from collections.abc import Iterator, Mapping

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from listener.accounts import tokens, users
from listener.config.tables import WebTable
from listener.domain.role import Role, Scope
from listener.store.connection import Store
from listener.web.access import needs
from listener.web.visitor import VISITOR, Visitor, Way
from tests.builders import DAY, HOUR, MINUTE, NOW
from tests.store.kept import rows
from tests.web.browser import Browser
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in
from tests.web.visitors import PUBLIC, Person, Place, add_user, served, signed_in

PAGES = ("/", "/inbox", "/inbox?open=1", "/mentions/1", "/incidents", "/sources", "/subjects",
         "/compare", "/topics", "/search", "/digests")  # fmt: skip


@pytest.fixture
def place(store: Store, clock: HandClock) -> Iterator[Place]:
    """A reader, an agent and an admin; and somebody waits for an answer."""
    take_in(store, clock, a_complaint(1, ago=2 * HOUR), a_complaint(2, ago=45 * MINUTE))
    for role in Role:
        add_user(store, f"a-{role}", role)
    with served(store, clock, WebTable(public_url=f"https://{PUBLIC}")) as made:
        yield made


@pytest.mark.parametrize("role", Role)
def test_everybody_who_is_signed_in_reads_every_page(place: Place, role: Role) -> None:
    person = signed_in(place, f"a-{role}")
    assert [person.get(path).status for path in PAGES] == [200] * len(PAGES)


def test_a_reader_sees_no_button_that_does_something(place: Place) -> None:
    reader, agent = signed_in(place, "a-reader"), signed_in(place, "a-agent")
    for path in ("/inbox", "/inbox?open=1", "/mentions/1"):
        assert 'action="/act"' not in reader.get(path).text
        assert 'form="bulk"' not in reader.get(path).text
        assert 'action="/act"' in agent.get(path).text
    assert "Correct it" not in reader.get("/mentions/1").words


def answered(store: Store) -> list[str]:
    return [r["who"] for r in rows(store, "SELECT who FROM audit WHERE did = 'answered'")]


def test_a_reader_who_acts_all_the_same_is_told_why_not(place: Place, store: Store) -> None:
    reader = signed_in(place, "a-reader")
    form = {"act": "answer", "on": "x:1", "back": "/inbox", "token": reader.token()}
    answer = reader.post("/act", form)
    assert answer.status == 403
    assert "You may read these pages, but not do this." in answer.words
    assert answered(store) == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
def test_whoever_acts_is_on_the_record_by_name(place: Place, store: Store, role: Role) -> None:
    person = signed_in(place, f"a-{role}")
    form = {"act": "answer", "on": "x:1", "back": "/inbox", "token": person.token()}
    assert person.post("/act", form).status == 303
    assert answered(store) == [f"a-{role}"]


def test_a_mention_is_assigned_to_who_presses(place: Place, store: Store) -> None:
    person = signed_in(place, "a-agent")
    person.post("/act", {"act": "assign", "on": "x:1", "token": person.token()})
    assert rows(store, "SELECT assignee FROM work") == [{"assignee": "a-agent"}]


def test_who_need_not_sign_in_acts_at_the_machine_and_reads_by_the_public_address(
    store: Store, clock: HandClock
) -> None:
    take_in(store, clock, a_complaint(1, ago=2 * HOUR))
    with served(store, clock, WebTable(public_url=f"https://{PUBLIC}")) as place:
        here, there = Person(place), Person(place, PUBLIC)
        assert 'action="/act"' in here.get("/inbox").text
        assert there.get("/inbox").status == 200
        assert 'action="/act"' not in there.get("/inbox").text
        answer = there.post("/act", {"act": "answer", "on": "x:1"})
        assert answer.status == 403
        assert "By this address the pages can only be read." in answer.words
        assert answered(store) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_is_no_reading_is_nothing_for_a_reader_wherever_it_goes(
    place: Place, method: str
) -> None:
    """Also at an address that a later release adds, and forgets to say who may."""
    reader = signed_in(place, "a-reader")
    for path in ("/act", "/inbox", "/settings", "/api/v1/mentions/x:1/answer"):
        answer = reader.get(path, {"sec-fetch-site": "same-origin"}, method=method)
        assert answer.status in (403, 405)


def request_of(role: Role | None) -> Request:
    state = {} if role is None else {VISITOR: Visitor("eve", role, Way.SESSION)}
    return Request({"type": "http", "state": state, "headers": []})


async def ends_well(_: Request) -> Response:
    return PlainTextResponse("done")


async def asked(role: Role | None) -> int:
    try:
        return (await needs(Role.ADMIN, ends_well)(request_of(role))).status_code
    except HTTPException as error:
        return error.status_code


def test_a_route_may_be_for_admins_alone() -> None:
    statuses = [asyncio.run(asked(role)) for role in (None, *Role)]
    assert statuses == [403, 403, 403, 200]


# Programs


def made(store: Store, name: str = "wall", scope: Scope = Scope.READ, **more: str) -> str:
    return tokens.add(store, name, {scope}, more.get("user"), NOW + DAY, "admin", NOW)


def borne(token: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_metrics_are_for_who_is_signed_in_or_bears_a_token(place: Place, store: Store) -> None:
    bare = Browser(place.port)
    refused = bare.get("/metrics")
    assert (refused.status, refused.headers["www-authenticate"]) == (401, 'Bearer realm="listener"')
    assert "detail" in json.loads(refused.text)
    assert bare.get("/metrics", borne(made(store))).status == 200
    assert signed_in(place, "a-reader").get("/metrics").status == 200


def test_without_a_user_metrics_are_open_on_this_machine(store: Store, clock: HandClock) -> None:
    with served(store, clock) as place:
        assert Browser(place.port).get("/metrics").status == 200


def test_a_token_that_is_none_opens_nothing(place: Place, store: Store) -> None:
    revoked, mine = made(store, "old"), made(store, "mine", user="a-agent")
    tokens.revoke(store, "old", "admin", NOW)
    bare = Browser(place.port)
    assert bare.get("/metrics", borne(mine)).status == 200
    users.disable(store, "a-agent", "admin", NOW)
    for token in ("", "x", revoked, mine, "lst_" + "x" * 43):
        answer = bare.get("/metrics", borne(token))
        assert answer.status == 401
        assert token not in answer.text or not token.strip("x")


def test_a_token_is_over_at_its_end(place: Place, store: Store, clock: HandClock) -> None:
    token = made(store)
    clock.at += DAY
    assert Browser(place.port).get("/metrics", borne(token)).status == 401


def test_a_token_opens_no_page_and_presses_no_button(place: Place, store: Store) -> None:
    token = made(store, scope=Scope.ACT)
    bare = Browser(place.port)
    assert bare.get("/inbox", borne(token)).status == 303
    sent = {**borne(token), "content-type": "application/x-www-form-urlencoded"}
    assert bare.post("/act", "act=answer&on=x:1", sent).status == 401
    assert answered(store) == []


def test_a_token_in_an_address_opens_nothing_but_feeds(place: Place, store: Store) -> None:
    token = made(store)
    for path in ("/metrics", "/api/v1/mentions", "/inbox", "/sources"):
        assert Browser(place.port).get(f"{path}?token={token}").status in (303, 401)


def test_a_password_of_a_proxy_is_no_token(place: Place) -> None:
    basic = {"authorization": "Basic ZXZlOnB3"}
    assert Browser(place.port).get("/metrics", basic).status == 401
    assert signed_in(place, "a-agent").get("/metrics", basic).status == 200


def test_the_api_asks_programs_for_a_token(place: Place, store: Store) -> None:
    bare = Browser(place.port)
    answer = bare.get("/api/v1/mentions")
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")
    assert bare.get("/api/v1/nowhere", borne(made(store))).status == 404
