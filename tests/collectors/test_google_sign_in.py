"""Signing in at Google: what a token is given for, how long it is used, and who gets none."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.google_play import SCOPE, GooglePlay
from listener.config import Plugins, from_document
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.conformance import NOW, Reader
from tests.servers.google import curve_pem, key_file, pem, public_pem
from tests.servers.google_play import APP, SECRETS, a_review, a_source, shop
from tests.servers.web import Step, WebServer, as_json, web_server


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def test_a_token_is_used_while_it_lives(server: WebServer) -> None:
    google = shop(server, [a_review(1)])
    source, reader = a_source(server), Reader()
    for minutes in (0, 30, 58, 61, 90):
        reader.now = NOW + timedelta(minutes=minutes)
        reader.read(source)
    assert len(google.given) == 2
    reader.now = NOW - timedelta(days=1)  # a clock that was moved back
    reader.read(source)
    assert len(google.given) == 3


def test_a_token_is_nowhere_to_be_seen(server: WebServer) -> None:
    google = shop(server, [a_review(1)])
    source = a_source(server)
    batch = source.fetch(None, NOW)
    for shown in (repr(source), repr(batch), str(batch.cursor)):
        for secret in (*google.given, *SECRETS):
            assert secret not in shown


def test_a_token_that_was_taken_back_is_replaced_at_once(server: WebServer) -> None:
    google = shop(server, [a_review(1)])
    source = a_source(server)
    source.fetch(None, NOW)
    google.good.clear()
    assert len(source.fetch(None, NOW).mentions) == 1
    assert len(google.given) == 2


def test_it_signs_for_an_hour_and_for_this_purpose(server: WebServer) -> None:
    google = shop(server, [])
    a_source(server).fetch(None, NOW)
    began, ends = google.claims["iat"], google.claims["exp"]
    assert (began, ends - began) == (int(NOW.timestamp()) - 60, 3600)
    assert google.claims["scope"] == SCOPE


def test_a_key_that_is_not_accepted(server: WebServer) -> None:
    shop(server, [])
    source = a_source(server, service_account=key_file(private_key_id="key-0"))
    with pytest.raises(
        CollectorError, match=r"\(invalid_grant\); make a new key for service_account"
    ) as caught:
        source.fetch(None, NOW)
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    [lambda: "s3cret", lambda: "-----BEGIN PRIVATE KEY-----\ns3cret", curve_pem, public_pem],
)
def test_a_key_that_is_none(server: WebServer, key: Callable[[], str]) -> None:
    shop(server, [])
    source = a_source(server, service_account=key_file(private_key=key()))
    with pytest.raises(CollectorError, match="private_key") as caught:
        source.fetch(None, NOW)
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "s3cret" not in str(caught.value)


def test_a_secret_that_was_left_out_is_told_when_it_is_needed(server: WebServer) -> None:
    with pytest.raises(CollectorError, match="whole key file") as caught:
        a_source(server, service_account="").fetch(None, NOW)
    assert caught.value.kind is Trouble.CREDENTIALS


@pytest.mark.parametrize("value", [[], {}, {"access_token": 7}, {"access_token": "a\nb"}])
def test_an_answer_without_a_token(server: WebServer, value: Any) -> None:
    shop(server, [])
    server.routes["/token"] = lambda asked: as_json(value)
    with pytest.raises(CollectorError, match="no token") as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize("status", [400, 404])
def test_a_wrong_token_url_is_not_taken_for_a_missing_app(server: WebServer, status: int) -> None:
    shop(server, [])
    server.routes["/token"] = lambda asked: Step(status=status)
    with pytest.raises(CollectorError, match="sign-in") as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS


def test_the_key_may_lie_in_a_file(server: WebServer, tmp_path: Path) -> None:
    (tmp_path / "play.json").write_text(key_file(), "utf-8")
    handed = {"http": Http(), "follows": (a_subject("Acme"),)}
    plugins = Plugins(
        collectors={"google_play": GooglePlay}, handed=lambda kind, name: handed | {"name": name}
    )
    table = {
        "packages": [APP],
        "service_account": "file:play.json",
        "brand": "Acme",
        "base_url": server.url(""),
        "token_url": server.url("/token"),
    }
    document = {"subjects": [{"name": "Acme"}], "collectors": {"google_play": table}}
    config = from_document(document, tmp_path / "config.toml", plugins)
    shop(server, [a_review(1)])
    assert config.collectors["google_play"].check() == "1 app"
    assert pem() not in repr(config)
