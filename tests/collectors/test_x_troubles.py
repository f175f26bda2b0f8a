"""X: what its errors mean, and that no token gets out."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from listener.errors import CollectorError, Trouble
from tests.builders import MINUTE
from tests.collectors.conformance import NOW
from tests.collectors.test_x import a_source, read
from tests.servers.web import Step, as_json, web_server
from tests.servers.x import TOKEN, XService


@pytest.fixture
def service() -> Iterator[XService]:
    with web_server() as running:
        yield XService(running, NOW)


def problem(status: int, name: str, **headers: str) -> Step:
    kind = f"https://api.twitter.com/2/problems/{name}"
    return as_json({"title": "T", "detail": "D s3cret", "type": kind}, status=status, **headers)


RESET = str(int(NOW.timestamp()) + 300)


@pytest.mark.parametrize(
    ("step", "kind", "words", "waits"),
    [
        (problem(429, "x", x_rate_limit_reset=RESET), Trouble.RATE, "too often", 5 * MINUTE),
        (problem(429, "x", x_rate_limit_reset="soon"), Trouble.RATE, "too often", MINUTE),
        (problem(429, "usage-capped"), Trouble.QUOTA, "used up", None),
        (
            problem(429, "usage-capped", x_rate_limit_reset=RESET),
            Trouble.QUOTA,
            "used up",
            None,
        ),
        (Step(status=429), Trouble.QUOTA, "used up", None),
        (problem(402, "credits"), Trouble.QUOTA, "paid", None),
        (problem(403, "client-forbidden"), Trouble.CREDENTIALS, "may not search", None),
        (problem(403, "other"), Trouble.CREDENTIALS, "refuses us", None),
        (problem(404, "other"), Trouble.SETTINGS, "no such thing", None),
        (as_json(["s3cret"], status=503), Trouble.SERVER, "trouble of its own", None),
        (as_json({"errors": 7}, status=401), Trouble.CREDENTIALS, "accept bearer_token", None),
        (as_json({"detail": 7}, status=401), Trouble.CREDENTIALS, "accept bearer_token", None),
        (Step(status=302, headers={"Location": "/s3cret"}), Trouble.SHAPE, "302", None),
        (Step(body=b"[" * 200_000), Trouble.SHAPE, "too deep", None),
    ],
)
def test_every_trouble_has_its_kind(
    service: XService, step: Step, kind: Trouble, words: str, waits: timedelta | None
) -> None:
    service.server.failing = step
    with pytest.raises(CollectorError, match=words) as caught:
        a_source(service.server).fetch(None, NOW)
    assert (caught.value.kind, caught.value.retry_after) == (kind, waits)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(CollectorError, match=words) as checked:
        a_source(service.server).check()
    assert checked.value.kind is kind


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        "text",
        7,
        None,
        {"data": [], "meta": 3},
        {"data": {}, "meta": {}},
        {"errors": []},
    ],
)
def test_json_of_another_shape_is_refused(service: XService, value: Any) -> None:
    service.server.failing = as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(service.server).fetch(None, NOW)
    with pytest.raises(CollectorError) as checked:
        a_source(service.server).check()
    assert {caught.value.kind, checked.value.kind} == {Trouble.SHAPE}


def test_a_page_that_is_its_own_next_page_is_refused(service: XService) -> None:
    service.server.failing = as_json({"meta": {"next_token": "same"}})
    source = a_source(service.server)
    batch = source.fetch(None, NOW)
    with pytest.raises(CollectorError, match="same page") as caught:
        source.fetch(batch.cursor, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize("token", ["", "with space", "new\nline", "ékezet"])
def test_a_token_that_is_none_is_not_sent(service: XService, token: str) -> None:
    with pytest.raises(CollectorError, match="bearer_token") as caught:
        a_source(service.server, bearer_token=token).fetch(None, NOW)
    assert caught.value.kind is Trouble.CREDENTIALS
    assert not token or token not in str(caught.value)
    assert not service.server.asked


def test_nothing_logs_the_token(service: XService, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "tweepy.client"):
        read(a_source(service.server))
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(a_source(service.server))


def test_a_redirect_is_not_followed(service: XService) -> None:
    with web_server() as other:
        target = other.url("/2/tweets/search/recent")
        service.server.failing = Step(status=307, headers={"Location": target})
        with pytest.raises(CollectorError):
            a_source(service.server).fetch(None, NOW)
        assert not other.asked
