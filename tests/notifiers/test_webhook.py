import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.domain.incident import Event, notice_json
from listener.errors import NotifyError
from listener.http import Http
from listener.notifiers.base import Digest, Receipt
from listener.notifiers.webhook import Webhook
from listener.notifiers.webhook.signature import read_key, signed
from tests.notifiers.build import NOW, a_digest, a_spike, sending
from tests.servers.web import Asked, Step, WebServer, web_server

KEY = b"canary-of-the-webhook-key-32-byt"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
PATH = "/catch/canary-path?sig=canary-query"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.play(Step(status=204), path=PATH)
        yield running


def a_hook(server: WebServer, **settings: Any) -> Webhook:
    usual: dict[str, Any] = {
        "url": server.url(PATH),
        "secret": (SECRET,),
        "http": Http(),
        "now": lambda: NOW,
    }
    return Webhook(**(usual | settings))


def failed(hook: Webhook, **more: Any) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        hook.send_incident(sending(**more))
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value) + repr(hook)
    return caught.value


def signature(asked: Asked, key: bytes) -> str:
    said = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode()
    mac = hmac.new(key, said + asked.body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the libraries of the specification are tested with."""
    moment = datetime.fromtimestamp(1_614_265_330, UTC)
    name, key = "msg_p5jXN8AQM9LWM0D4loKWxJek", read_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signed(name, b'{"test": 2432232314}', [key], moment) == {
        "webhook-id": name,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_notice_is_posted_as_other_programs_read_it(server: WebServer) -> None:
    notice = a_spike(title="汉 \u2028 \ud800 😡")
    receipt = a_hook(server).send_incident(sending(notice))
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", PATH)
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == json.loads(json.dumps(notice_json(notice)))
    assert asked.headers["webhook-id"] == notice.id
    assert asked.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert asked.headers["webhook-signature"] == signature(asked, KEY)
    assert receipt == Receipt(place="127.0.0.1", ref=notice.id)


def test_both_secrets_sign_while_one_takes_over_from_the_other(server: WebServer) -> None:
    old = b"o" * 24
    secrets = (SECRET, base64.b64encode(old).decode())  # without whsec_ it is one all the same
    a_hook(server, secret=secrets).send_incident(sending())
    (asked,) = server.asked
    told = asked.headers["webhook-signature"].split(" ")
    assert told == [signature(asked, KEY), signature(asked, old)]


def test_notices_that_come_together_are_posted_one_by_one(server: WebServer) -> None:
    also = (a_spike(id="B", event=Event.INCIDENT_UPDATED), a_spike(id="C"))
    a_hook(server).send_incident(sending(also=also))
    assert [asked.headers["webhook-id"] for asked in server.asked] == [a_spike().id, "C"]


def test_an_attempt_that_is_made_again_bears_the_same_id(server: WebServer) -> None:
    server.play(Step(status=503), Step(status=200), path=PATH)
    moments = iter([NOW, NOW, NOW + timedelta(minutes=1)])
    hook = a_hook(server, now=lambda: next(moments))
    error = failed(hook)
    assert (error.permanent, error.unclear) == (False, True)
    hook.send_incident(sending(unclear=True))
    first, second = server.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert second.headers["webhook-signature"] == signature(second, KEY)


@pytest.mark.parametrize(
    ("status", "words", "permanent", "unclear", "minutes"),
    [
        (301, "put that one into `url`", False, False, 10),
        (400, "did not accept this message", True, False, None),
        (401, "check `secret`", False, False, 10),
        (404, "switched on", False, False, 10),
        (410, "gone for good", True, False, None),
        (422, "did not accept this message", True, False, None),
        (429, "asked too often", False, False, 2),
        (500, "trouble of its own", False, True, 2),
    ],
)
def test_what_an_answer_means(
    server: WebServer,
    status: int,
    words: str,
    permanent: bool,
    unclear: bool,
    minutes: int | None,
) -> None:
    headers = {"Retry-After": "120", "Location": server.url("/elsewhere")}
    server.play(Step(status=status, headers=headers), path=PATH)
    error = failed(a_hook(server))
    assert words in str(error)
    assert f"HTTP {status}" in str(error)
    assert (error.permanent, error.unclear) == (permanent, unclear)
    assert error.retry_after == (timedelta(minutes=minutes) if minutes else None)
    assert len(server.asked) == 1  # no redirect is followed, nothing is tried twice


def test_one_that_is_refused_does_not_stop_the_others(server: WebServer) -> None:
    server.play(Step(status=400), Step(status=200), path=PATH)
    assert failed(a_hook(server), also=(a_spike(id="B"),)).permanent
    assert [asked.headers["webhook-id"] for asked in server.asked] == [a_spike().id, "B"]


def test_a_service_is_waited_for_an_hour_at_most(server: WebServer) -> None:
    server.play(Step(status=429, headers={"Retry-After": "80000"}), path=PATH)
    assert failed(a_hook(server)).retry_after == timedelta(hours=1)


def test_no_answer_is_unclear_only_where_it_may_have_been_taken(server: WebServer) -> None:
    server.play(Step(silent=True), path=PATH)
    late = failed(a_hook(server, timeout_seconds=1.0))
    assert (late.permanent, late.unclear) == (False, True)
    gone = failed(a_hook(server, url="http://127.0.0.1:1/canary"))
    assert (gone.permanent, gone.unclear) == (False, False)
    assert "could not be reached" in str(gone)


def test_a_digest_is_an_event(server: WebServer) -> None:
    digest: Digest = a_digest(id="digest-2026-W47-zwölf.7")
    receipt = a_hook(server).send_digest(digest)
    a_hook(server).send_digest(digest)
    first, second = server.asked
    told = json.loads(first.body)
    assert (told["event"], told["title"]) == ("digest.sent", digest.subject)
    assert told["evidence"] == {"week": "2026-W47", "text": digest.text}
    assert told["at"] == "2026-11-22T14:05:00Z"
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == receipt.ref
    assert receipt.ref.isalnum()
    server.play(Step(status=500), path=PATH)
    with pytest.raises(NotifyError, match="trouble of its own"):
        a_hook(server).send_digest(digest)


def test_a_check_posts_nothing(server: WebServer) -> None:
    said = a_hook(server).check()
    assert server.asked == []  # this server knows no OPTIONS, which is an answer
    assert said == "127.0.0.1 answers; `listener send-test webhook` posts something there"
    with pytest.raises(NotifyError, match="could not be reached"):
        a_hook(server, url="http://127.0.0.1:1/").check()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"url": "http://n8n.example/canary"}, "plain http would show the credentials"),
        ({"url": "https://canary:canary@n8n.example/"}, "url must hold no user, password or"),
        ({"url": "canary"}, "url must begin with https://"),
        ({"secret": ()}, "secret is missing"),
        ({"secret": ("canary-canary-canary-canary-canary",)}, "24 to 64 bytes in base64"),
        ({"secret": (SECRET, "whsec_Y2FuYXJ5")}, "24 to 64 bytes in base64"),
    ],
)
def test_a_mistake_in_the_settings_names_its_key(
    server: WebServer, settings: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        a_hook(server, **settings)
    assert "canary" not in str(caught.value)


def test_programs_are_told_at_once_and_people_with_manners(server: WebServer) -> None:
    hook = a_hook(server)
    assert not hook.calls
    assert replace(hook, for_people=True).calls
    assert hook.hears_digests
    assert not replace(hook, digests=False).hears_digests
