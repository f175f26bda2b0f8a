"""A service's JSON interface: what is sent, what comes back, and what is told of trouble."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def an_api(server: WebServer, base: str = "/v1", **changes: float) -> Api:
    return Api(
        http=Http(**changes),  # type: ignore[arg-type]
        service="Acme",
        base_url=server.url(base),
        headers={"Authorization": "Bearer s3cret"},
    )


def test_a_question_carries_parameters_and_credentials(server: WebServer) -> None:
    server.routes["/v1/reviews"] = lambda asked: as_json({"asked": asked.query})
    answer = an_api(server).get("/reviews", {"q": "ä & b", "page": 2, "token": None}, now=NOW)
    assert answer.value == {"asked": {"q": "ä & b", "page": "2"}}
    assert server.asked[0].headers["Authorization"] == "Bearer s3cret"
    assert answer.headers["content-TYPE"] == "application/json"


def test_values_and_forms_are_posted(server: WebServer) -> None:
    server.routes["/v1/x"] = lambda asked: as_json([asked.method, asked.body.decode()])
    assert an_api(server).post("/x", value={"a": 1}, now=NOW).value == ["POST", '{"a": 1}']
    assert an_api(server).post("/x", form={"a": "ä"}, now=NOW).value == ["POST", "a=%C3%A4"]


def test_a_refusal_can_be_looked_into_but_is_not_repeated(server: WebServer) -> None:
    server.routes["/v1/x"] = lambda asked: as_json({"code": 7, "words": "s3cret"}, status=400)
    with pytest.raises(ApiError) as caught:
        an_api(server).get("/x", now=NOW)
    assert (caught.value.status, caught.value.value["code"]) == (400, 7)
    assert caught.value.kind is Trouble.SETTINGS
    assert "s3cret" not in str(caught.value)


def test_a_wait_is_told(server: WebServer) -> None:
    server.failing = Step(status=429, headers={"X-RateLimit-Reset": "2026-11-22T12:05:00Z"})
    with pytest.raises(CollectorError) as caught:
        an_api(server).get("/x", now=NOW)
    assert caught.value.retry_after == timedelta(minutes=5)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_is_told(server: WebServer, body: bytes) -> None:
    server.failing = Step(body=body)
    with pytest.raises(ApiError, match="not JSON") as caught:
        an_api(server).get("/x", now=NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_credentials_follow_no_redirect(server: WebServer) -> None:
    with web_server() as other:
        server.failing = Step(status=302, headers={"Location": other.url("/steal")})
        with pytest.raises(ApiError) as caught:
            an_api(server).get("/x", now=NOW)
        assert other.asked == []
    assert caught.value.kind is Trouble.SHAPE


def test_the_next_page_is_asked_for_at_the_same_place_only(server: WebServer) -> None:
    api = an_api(server)
    assert api.inside(server.url("/v1/reviews?cursor=b")) == "/reviews?cursor=b"
    for elsewhere in (
        "https://evil.example/v1/reviews",
        server.url("/v1").replace("127.0.0.1", "127.0.0.1.evil.example"),
        server.url("/v1evil"),
        server.url("/v1/../secret"),
        server.url("/v1/x\r\nHost: y"),
        "",
        None,
        7,
    ):
        with pytest.raises(ApiError, match="another address"):
            api.inside(elsewhere)


@pytest.mark.parametrize(
    "base_url",
    ["http://api.example.com", "ftp://x", "https://user:pw@api.example.com", "https://", "x"],
)
def test_credentials_are_sent_to_no_such_address(base_url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Api(http=Http(), service="Acme", base_url=base_url)


def test_too_much_is_not_read(server: WebServer) -> None:
    server.failing = Step(body=b'"' + b"x" * 11_000_000 + b'"')
    with pytest.raises(ApiError, match="10 MB") as caught:
        an_api(server).get("/x", now=NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_who_never_answers_is_left(server: WebServer) -> None:
    server.failing = Step(silent=True)
    with pytest.raises(ApiError) as caught:
        an_api(server, read_seconds=0.1).get("/x", now=NOW)
    assert caught.value.kind is Trouble.NETWORK


def test_nothing_secret_is_shown(server: WebServer) -> None:
    assert "s3cret" not in repr(an_api(server))


def test_the_ledger_keeps_what_was_asked(server: WebServer) -> None:
    server.routes["/v1/x"] = lambda asked: as_json(1)
    an_api(server).post("/x", form={"grant": "a b"}, now=NOW)
    (asked,) = server.asked
    assert isinstance(asked, Asked)
    assert asked.form == {"grant": "a b"}
