"""Slack's signed requests: the same presses through another door."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from listener import chat as chats
from listener.chat import Asked
from listener.chat.signed import is_signed
from listener.errors import StoreError
from listener.web.bodies import MOST_BYTES
from listener.web.presses import Receive
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import MINUTE
from tests.chat.conftest import SIGNING_SECRET, Chat
from tests.chat.test_commands import a_command
from tests.chat.test_presses import acts
from tests.servers.signing import JSON, Answered, forgeries, post, pressed, signed

PUBLIC = "listener.example.com"


@dataclass
class Posting:
    """Slack, as it posts to our address."""

    chat: Chat
    port: int

    @property
    def moment(self) -> int:
        return int(self.chat.clock.now().timestamp())

    def post(self, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Answered:
        headers = signed(SIGNING_SECRET, self.moment, body, kind)
        return post(self.port, body, headers, host=PUBLIC)

    def press(self, act: str, who: str = "anna", **more: str) -> Answered:
        return self.post(pressed(self.chat.a_press(act, who, **more)))

    def event(self, event: dict[str, Any]) -> Answered:
        return self.post(json.dumps(event).encode(), JSON)


@contextmanager
def serving(chat: Chat, receive: Receive | None) -> Iterator[Posting]:
    site = make_site(
        chat.app.store, chat.clock.now, None, "127.0.0.1", ZoneInfo("UTC"),
        receiving=lambda: receive, public_url=f"https://{PUBLIC}",
    )  # fmt: skip
    server = SiteServer(site, host="127.0.0.1", port=0)
    try:
        yield Posting(chat, server.start())
    finally:
        server.stop()


@pytest.fixture
def slack(chat: Chat) -> Iterator[Posting]:
    with serving(chat, partial(chats.receive, lambda: chat.app)) as posting:
        yield posting


def test_a_press_does_what_it_does_in_socket_mode(chat: Chat, slack: Posting) -> None:
    assert slack.press("acknowledge") == Answered(200, "")
    assert acts(chat) == [("@anna", "acknowledged")]
    slack.press("acknowledge", "bela")
    assert "looks after incident" in str(chat.slack.whispers[-1]["text"])


def test_one_press_is_one_act_whatever_the_door_and_however_often(
    chat: Chat, slack: Posting
) -> None:
    press = chat.a_press("snooze", value="4h")
    for _ in range(3):
        assert slack.post(pressed(press)).status == 200
        chat.socket.receipt(chat.socket.hand("interactive", press))
    assert acts(chat) == [("@anna", "snoozed")]


def test_a_window_is_opened_once_and_saved_once(chat: Chat, slack: Posting) -> None:
    press = pressed(chat.a_press("wrong"))
    assert [slack.post(press).status for _ in range(2)] == [200, 200]
    assert len(chat.slack.windows) == 1
    refused = slack.post(pressed(chat.a_saved_window()))
    assert refused.json["errors"] == {"which": "Choose a sentiment."}
    saved = pressed(chat.a_saved_window(sentiment="positive"))
    assert [slack.post(saved) for _ in range(2)] == [Answered(200, "")] * 2
    assert acts(chat) == [("@anna", "corrected")] * 2  # the mention, and its incident


def test_a_command_is_answered_at_once(chat: Chat, slack: Posting) -> None:
    answer = slack.post(urlencode(a_command("status", "1.1")).encode())
    assert answer.json["response_type"] == "ephemeral"
    assert "due soon" in answer.text


def test_the_address_is_verified_and_the_home_tab_drawn(chat: Chat, slack: Posting) -> None:
    assert slack.event({"type": "url_verification", "challenge": "x1"}).json == {"challenge": "x1"}
    opened = {"type": "app_home_opened", "user": "UANNA", "tab": "home"}
    assert slack.event({"type": "event_callback", "event": opened}) == Answered(200, "")
    assert "case 1" in json.dumps(chat.slack.homes["UANNA"])


def test_what_slack_has_not_signed_now_does_nothing(chat: Chat, slack: Posting) -> None:
    press = pressed(chat.a_press("acknowledge"))
    for name, (body, headers) in forgeries(SIGNING_SECRET, press, slack.moment).items():
        assert post(slack.port, body, headers, host=PUBLIC).status == 401, name
    assert acts(chat) == []


def test_five_minutes_of_difference_are_borne(chat: Chat, slack: Posting) -> None:
    body = pressed(chat.a_press("acknowledge"))
    for seconds in (-299, 299):
        headers = signed(SIGNING_SECRET, slack.moment + seconds, body)
        assert post(slack.port, body, headers).status == 200
    headers = signed(SIGNING_SECRET, slack.moment, body)
    chat.clock.advance(chat.clock.now() + 6 * MINUTE)
    assert post(slack.port, body, headers).status == 401


@pytest.mark.parametrize("secret", ["", " "])
def test_without_a_secret_nothing_is_signed(chat: Chat, secret: str) -> None:
    now = chat.clock.now()
    headers = {k.lower(): v for k, v in signed(secret, int(now.timestamp()), b"x").items()}
    assert not is_signed(secret, b"x", headers, now)


def test_what_is_signed_and_cannot_be_read_is_acknowledged_and_does_nothing(
    chat: Chat, slack: Posting
) -> None:
    press = pressed(chat.a_press("acknowledge"))
    bodies = (
        b"", b"{", b"[1]", b"payload=", b"payload=[1]", b"payload=" + b"[" * 9_000, b"ssl_check=1",
        press + b"&" + press, press + b"&payload={}", b"command=%2Flistener",
        b"&".join([b"x=1"] * 200),
    )  # fmt: skip
    for body in bodies:
        assert slack.post(body) == Answered(200, "")
    assert acts(chat) == []


def test_only_bounded_posts_to_our_own_name_are_read(chat: Chat, slack: Posting) -> None:
    body = pressed(chat.a_press("acknowledge"))
    headers = signed(SIGNING_SECRET, slack.moment, body)
    assert post(slack.port, body, headers, host="evil.example").status == 403
    assert post(slack.port, b"", headers, method="GET").status == 405
    assert slack.post(b"x" * (MOST_BYTES + 1)).status == 413
    assert acts(chat) == []


def test_without_a_signing_secret_there_is_no_such_door(chat: Chat) -> None:
    with serving(chat, None) as slack:
        assert slack.press("acknowledge").status == 404


@dataclass
class Slow:
    """A request that is carried out when the test says so."""

    may_end: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> dict[str, Any]:
        self.may_end.wait(20)
        return {"text": "done"}

    def tell_late(self, answer: dict[str, Any]) -> None:
        self.told.set()


def test_what_takes_longer_is_acknowledged_and_answered_later(chat: Chat) -> None:
    slow = Slow()
    with serving(chat, lambda _body, _headers: slow) as slack:
        assert slack.press("acknowledge") == Answered(200, "")
        assert not slow.told.is_set()
        slow.may_end.set()
        assert slow.told.wait(10)


def test_a_late_answer_to_a_command_goes_where_slack_said(chat: Chat) -> None:
    command = a_command("help", "1.1") | {"response_url": chat.slack.response_url}
    asked = Asked(lambda: chat.app, "slack", "slash_commands", command)
    answer = asked.answer()
    assert answer is not None
    asked.tell_late(answer)
    assert chat.slack.late_answers == [answer]
    for url in ("http://listener.example.com/", "file:///etc/passwd", None):
        replace(asked, payload=command | {"response_url": url}).tell_late(answer)
    assert len(chat.slack.late_answers) == 1


def test_what_was_wrong_with_a_window_that_has_closed_is_whispered(chat: Chat) -> None:
    chat.socket.receipt(chat.press("wrong", "bela"))
    asked = Asked(lambda: chat.app, "slack", "interactive", chat.a_saved_window("bela"))
    answer = asked.answer()
    assert answer is not None
    asked.tell_late(answer)
    (whisper,) = chat.slack.whispers
    assert (whisper["user"], whisper["channel"]) == ("Ubela", chat.root.channel)
    assert whisper["text"] == "Your window was not saved. Choose a sentiment."


def test_a_fault_of_ours_is_shown_by_slack(chat: Chat) -> None:
    class Broken(Slow):
        def answer(self) -> dict[str, Any]:
            raise StoreError("the disk is full")

    with serving(chat, lambda _body, _headers: Broken()) as slack:
        answer = slack.press("acknowledge")
    assert (answer.status, answer.text) == (503, "")
