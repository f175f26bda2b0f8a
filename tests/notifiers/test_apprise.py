"""Apprise, the library itself, against a server on this machine by its json:// and ntfy://."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from listener.domain.incident import Event, Quote, Severity
from listener.errors import NotifyError
from listener.notifiers.apprise import Apprise
from listener.notifiers.base import Receipt
from listener.texts.inert import inert
from tests.notifiers.build import NOW, a_digest, a_promise, a_spike, sending
from tests.servers.web import Step, WebServer, web_server

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # the library shims it

HOSTILE = (
    'a@b @everyone <@U1> <!channel> [go](http://x) https://x.com/@jo <at user_id="all"> \\n :smile:'
)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.play(Step(), path="/canary-json")
        running.play(Step(body=b"{}"), path="/")
        yield running


def as_json(server: WebServer) -> str:
    return f"json://user:canary-word@127.0.0.1:{server.port}/canary-json"


def as_ntfy(server: WebServer) -> str:
    return f"ntfy://127.0.0.1:{server.port}/canary-topic"


def failed(one: Apprise, **more: Any) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        one.send_incident(sending(**more))
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value) + repr(one)
    return caught.value


def told(server: WebServer, path: str) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in server.asked if asked.path == path]


def test_every_address_is_told_in_plain_text(server: WebServer) -> None:
    one = Apprise(urls=(as_json(server), as_ntfy(server)))
    notice = a_spike()
    assert one.send_incident(sending(notice)) == Receipt(place="JSON, ntfy", ref=notice.id)
    (by_json,), (by_ntfy,) = told(server, "/canary-json"), told(server, "/")
    assert by_json["title"] == (
        "[high] Acme: A negative spike has begun (63 negative of 120 mentions)"
    )
    assert "> Hol a csomagom?" in by_json["message"]
    assert "https://x.com/jo/status/101" in by_json["message"]
    assert by_json["type"] == "failure"
    assert by_ntfy["topic"] == "canary-topic"
    assert by_ntfy["title"] == by_json["title"]
    assert by_ntfy["message"].strip() == by_json["message"].strip()
    assert not by_ntfy.get("markdown")


def test_nothing_that_people_wrote_calls_anybody_or_is_read_as_markup(server: WebServer) -> None:
    quote = Quote(name="x:1", author="@here", text=HOSTILE, said_at=NOW)
    Apprise(urls=(as_json(server),)).send_incident(sending(a_spike(quotes=(quote,))))
    (message,) = (said["message"] for said in told(server, "/canary-json"))
    for sign in ("@everyone", "@here", "<@", "<!", "<at", "](", "/@"):
        assert sign not in message
    assert "https://x.com/%40jo" in message
    assert ":smile:" in message  # and no picture
    assert "\\n" in message


def test_what_is_taken_apart_reads_as_before() -> None:
    assert inert("a < b, jo@x.com!").replace("\u200b", "") == "a ‹ b, jo@x.com!"
    assert inert("see https://x.com/@jo?a=1 now") == "see https://x.com/%40jo?a=1 now"


def test_an_alert_is_cut_to_what_a_phone_is_sent(server: WebServer) -> None:
    words = tuple(
        Quote(name=f"x:{n}", author="jo", text="汉" * 5_000, said_at=NOW) for n in range(40)
    )
    one = Apprise(urls=(as_ntfy(server),))
    one.send_incident(sending(a_spike(quotes=words), also=(a_spike(),) * 20))
    (message,) = (said["message"] for said in told(server, "/"))  # one message, not several
    assert len(message.encode()) <= 3_510
    assert message.endswith(("\n…", "\n…\n"))
    assert message.count("> 汉") >= 3


def test_what_one_address_took_is_not_sent_there_again(server: WebServer) -> None:
    server.play(Step(status=503), Step(body=b"{}"), path="/")
    one = Apprise(urls=(as_json(server), as_ntfy(server)))
    error = failed(one)
    assert str(error) == "[notify.apprise] not taken by ntfy (HTTP 503)"
    assert (error.permanent, error.unclear) == (False, True)
    one.send_incident(sending(unclear=True))
    assert len(told(server, "/canary-json")) == 1
    assert len(told(server, "/")) == 2
    one.send_incident(sending())  # another time it is told everywhere
    assert len(told(server, "/canary-json")) == 2


@pytest.mark.parametrize(
    ("status", "permanent", "minutes"), [(400, True, None), (401, False, 10), (302, False, 10)]
)
def test_what_an_answer_means(
    server: WebServer, status: int, permanent: bool, minutes: int | None
) -> None:
    server.play(Step(status=status, headers={"Location": server.url("/")}), path="/canary-json")
    error = failed(Apprise(urls=(as_json(server),)))
    assert f"HTTP {status}" in str(error)
    assert error.permanent is permanent
    assert error.retry_after == (timedelta(minutes=minutes) if minutes else None)
    assert len(server.asked) == 1  # neither tried again nor sent on


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that reaches the program's own log, from its finest level on."""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


def test_no_answer_is_tried_again_and_shows_no_address(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    error = failed(Apprise(urls=("json://jo:canary-word@127.0.0.1:1/canary",)))
    assert failed(Apprise(urls=("canary://canary",))).retry_after == timedelta(minutes=10)
    assert (error.permanent, error.unclear) == (False, True)
    assert str(error) == "[notify.apprise] not taken by JSON"
    assert "canary" not in log.getvalue() + "".join(capfd.readouterr())


def test_a_team_is_told_at_its_own_address(server: WebServer) -> None:
    own = {"care": (as_ntfy(server),)}
    one = Apprise(urls=(as_json(server),), by_team=own, known_teams=("care",))
    one.send_incident(sending(a_promise(())))
    assert [asked.path for asked in server.asked] == ["/"]
    one.send_incident(sending(a_spike()))
    assert server.asked[-1].path == "/canary-json"
    with pytest.raises(ValueError, match="teams: care is none of"):
        Apprise(urls=("json://x",), by_team=own)


def test_digests_are_told_where_they_are_wanted(server: WebServer) -> None:
    one = Apprise(urls=(as_json(server),), digests=True)
    digest = a_digest()
    assert one.hears_digests
    assert one.send_digest(digest) == Receipt(place="JSON", ref=digest.id)
    (said,) = told(server, "/canary-json")
    assert said["title"] == digest.subject
    assert "‹!channel>" in said["message"]


def test_a_check_tells_nobody(server: WebServer) -> None:
    said = Apprise(urls=(as_json(server), as_ntfy(server), as_json(server))).check()
    assert said == "tells JSON, ntfy; `listener send-test apprise` tries it"
    assert server.asked == []
    with pytest.raises(NotifyError, match="address 2 is none that Apprise knows"):
        Apprise(urls=(as_json(server), "canary://")).check()
    with pytest.raises(ValueError, match="urls is missing"):
        Apprise(urls=())


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"severity": Severity.CRITICAL}, "failure"),
        ({"severity": Severity.WATCH}, "warning"),
        ({"severity": Severity.INFO}, "info"),
        ({"severity": Severity.INFO, "event": Event.SPIKE_RESOLVED}, "success"),
    ],
)
def test_how_grave_it_is_in_the_librarys_words(
    server: WebServer, changes: dict[str, Any], kind: str
) -> None:
    Apprise(urls=(as_json(server),)).send_incident(sending(a_spike(**changes)))
    assert [said["type"] for said in told(server, "/canary-json")] == [kind]
