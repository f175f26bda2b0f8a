"""Slack's incoming webhook, by the SDK itself, against a server on this machine."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from listener.domain.incident import Event
from listener.errors import NotifyError
from listener.notifiers.base import Receipt
from listener.notifiers.slack import SlackWebhook
from listener.texts.slack import card, reply
from tests.notifiers.build import a_digest, a_promise, a_spike, sending
from tests.servers.web import Step, WebServer, web_server

PATH = "/services/T1/B1/canary"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.play(Step(body=b"ok"), path=PATH)
        running.play(Step(body=b"ok"), path="/team")
        yield running


def a_hook(server: WebServer, **settings: Any) -> SlackWebhook:
    return SlackWebhook(**({"url": server.url(PATH)} | settings))


def failed(one: SlackWebhook, **more: Any) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        one.send_incident(sending(**more))
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value) + repr(one)
    return caught.value


def told(server: WebServer) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in server.asked]


def test_the_incident_is_posted_and_then_its_news(server: WebServer) -> None:
    hook, notice = a_hook(server), a_spike()
    receipt = hook.send_incident(sending(notice))
    worse = a_spike(id="B", event=Event.SPIKE_ESCALATED)
    hook.send_incident(sending(worse, root=receipt))
    first, second = told(server)
    assert receipt == Receipt(place="slack_webhook", ref=notice.id)
    assert first["blocks"] == card(notice).blocks
    assert second["blocks"] == reply(worse).blocks
    assert first["text"] == card(notice).text
    plain = {"mrkdwn": False, "link_names": False, "unfurl_links": False, "parse": "none"}
    assert first.items() >= plain.items()


def test_it_promises_less_and_says_so(server: WebServer) -> None:
    hook = a_hook(server)
    assert not hook.edits
    assert "may tell twice" in hook.limits
    assert hook.check() == "posts by a webhook; `listener send-test slack_webhook` tries it"
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "said", "words", "permanent", "unclear", "wait"),
    [
        (400, "invalid_payload", "invalid_payload, HTTP 400", True, False, None),
        (403, "action_prohibited", "forbids it", False, False, timedelta(minutes=10)),
        (404, "no_service", "make a new one", False, False, timedelta(minutes=10)),
        (410, "channel_is_archived", "unarchive", True, False, None),
        (429, "rate_limited", "HTTP 429", False, False, timedelta(seconds=30)),
        (500, "<html>canary</html>", "post: HTTP 500", False, True, timedelta(seconds=30)),
    ],
)
def test_what_slacks_answer_means(
    server: WebServer,
    status: int,
    said: str,
    words: str,
    permanent: bool,
    unclear: bool,
    wait: timedelta | None,
) -> None:
    headers = {"Retry-After": "30"}
    server.play(Step(status=status, body=said.encode(), headers=headers), path=PATH)
    error = failed(a_hook(server))
    assert words in str(error)
    assert (error.permanent, error.unclear) == (permanent, unclear)
    assert error.retry_after == wait
    assert len(server.asked) == 1


def test_no_answer_is_unclear_only_where_it_may_have_been_taken(server: WebServer) -> None:
    server.play(Step(silent=True), path=PATH)
    late = failed(a_hook(server, timeout_seconds=1.0))
    assert (late.permanent, late.unclear) == (False, True)
    gone = failed(a_hook(server, url="http://127.0.0.1:1/canary"))
    assert (gone.permanent, gone.unclear) == (False, False)


def test_a_team_has_a_channel_of_its_own(server: WebServer) -> None:
    hook = a_hook(server, by_team={"care": server.url("/team")}, known_teams=("care",))
    hook.send_incident(sending(a_promise(())))
    hook.send_incident(sending(a_spike()))
    assert [asked.path for asked in server.asked] == ["/team", PATH]


def test_a_digest_is_posted_where_it_is_wanted(server: WebServer) -> None:
    hook = a_hook(server, digests=True)
    assert hook.hears_digests
    hook.send_digest(a_digest())
    (posted,) = told(server)
    assert "Where is my parcel?" in json.dumps(posted["blocks"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"url": "http://hooks.example/canary"}, "url: plain http would show"),
        ({"url": "canary"}, "url must begin with https://"),
        ({"by_team": {"care": "https://x.example/"}}, "care is none of"),
    ],
)
def test_a_mistake_in_the_settings_names_its_key(
    server: WebServer, settings: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        a_hook(server, **settings)
    assert "canary" not in str(caught.value)
