import importlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from listener.domain.incident import Event, Quote
from listener.errors import NotifyError
from listener.http import Http
from listener.notifiers import NOTIFIERS
from listener.notifiers.apprise import Apprise
from listener.notifiers.base import Notifier, Sending
from listener.notifiers.console import Console
from listener.notifiers.email import Email
from listener.notifiers.jsonl import Jsonl
from listener.notifiers.slack import Slack, SlackWebhook
from listener.notifiers.webhook import Webhook
from tests.notifiers.build import NOW, a_digest, a_promise, a_spike, a_wait


def test_each_is_a_notifier(tmp_path: Path) -> None:
    made: list[Notifier] = [  # mypy checks each against the protocol
        Slack(token="t", channel="#a"),
        SlackWebhook(url="https://hooks.slack.example/T"),
        Email(host="localhost", sender="a@example.com"),
        Console(),
        Jsonl(path=tmp_path / "notices.jsonl"),
        Webhook(url="https://a.example/", secret=("A" * 40,), http=Http(), now=lambda: NOW),
        Apprise(urls=("ntfys://topic",)),
    ]
    assert [notifier.name for notifier in made] == list(NOTIFIERS)
    for notifier, where in zip(made, NOTIFIERS.values(), strict=True):
        module, _, cls = where.partition(":")
        assert type(notifier) is getattr(importlib.import_module(module), cls)
    assert all(notifier.at_least_seconds_apart >= 0 for notifier in made)
    assert [notifier.edits for notifier in made] == [True, *[False] * 6]


def test_a_mailer_hears_alerts_if_it_knows_whom_to_tell() -> None:
    nobody = Email(host="localhost", sender="a@example.com")
    assert not nobody.hears_alerts
    assert replace(nobody, to=("cx@example.com",)).hears_alerts
    assert replace(nobody, teams={"care": ["care@example.com"]}).hears_alerts
    assert not replace(nobody, teams={"care": []}).hears_alerts


def test_naming_the_notifiers_loads_no_client() -> None:
    code = (
        "import sys, listener.notifiers\n"
        "heavy = {'slack_sdk', 'requests', 'smtplib', 'ssl', 'socket', 'asyncio'}\n"
        "heavy |= {'email.message', 'apprise'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_console_tells_it_in_lines() -> None:
    stream = io.StringIO()
    hostile = Quote(name="x:1", author="a\x1b[2J", text="b\r\n\x07c\u2028d\u202e", said_at=NOW)
    notice = a_promise((a_wait(1, -12), hostile))
    receipt = Console(stream=stream).send_incident(Sending(notice=notice, also=(a_spike(),)))
    assert receipt.ref == notice.id
    lines = stream.getvalue().split("\n")
    assert lines[0] == (
        "2026-11-22 14:05 UTC HIGH Acme: 2 people on social wait longer than promised"
        " [response.overdue]"
    )
    assert "    - (12 min over) @person1 on x: Flight 1 was cancelled" in stream.getvalue()
    assert "    - a[2J on x: b c d" in lines
    assert "    - somebody on x (negative?): 快遞又丟了我的行李 😡" in lines
    assert "    to do: Answer the first in the list; mark the others in the inbox." in lines
    assert not set(stream.getvalue()) & set("\x1b\x07\r\u2028\u202e")
    assert "spike.opened" in stream.getvalue()


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_what_a_query_found_in_bold() -> None:
    file, terminal = io.StringIO(), Terminal()
    for stream in (file, terminal):
        Console(stream=stream).send_incident(Sending(notice=a_spike()))
    assert "without my \x1b[1mparcel\x1b[0m, \x1b[1m@acmeair\x1b[0m." in terminal.getvalue()
    assert "without my parcel, @acmeair." in file.getvalue()


def test_a_console_that_is_gone_is_an_error_of_ours() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(NotifyError):
        Console(stream=stream).send_incident(Sending(notice=a_spike()))


def test_a_line_is_one_object() -> None:
    stream = io.StringIO()
    odd = "one\ntwo\u2028three\x85four\ud800 汉"
    Jsonl(stream=stream).send_incident(Sending(notice=a_spike(title="a" + odd), also=(a_spike(),)))
    first, second = stream.getvalue().splitlines()
    assert json.loads(first)["title"] == "a" + odd
    assert "汉" in first
    assert json.loads(second) | {"evidence": {}} == {
        "at": "2026-11-22T14:05:00Z",
        "event": "spike.opened",
        "subject": "Acme",
        "channel": "social",
        "topic": "delivery",
        "severity": "high",
        "title": a_spike().title,
        "why": a_spike().why,
        "action": a_spike().action,
        "team": "logistics",
        "incident": 12,
        "mentions": list(a_spike().mentions),
        "evidence": {},
    }


def test_what_only_updates_a_message_is_no_line() -> None:
    lines, console = io.StringIO(), io.StringIO()
    update = Sending(notice=a_spike(event=Event.INCIDENT_UPDATED))
    Jsonl(stream=lines).send_incident(update)
    Console(stream=console).send_incident(update)
    assert lines.getvalue() + console.getvalue() == ""


def test_lines_are_appended_and_a_torn_one_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    jsonl = Jsonl(path=path)
    jsonl.send_incident(Sending(notice=a_spike(title="\ud800 one")))
    with path.open("a") as file:
        file.write('{"at": "2026')
    jsonl.send_incident(Sending(notice=a_spike(title="two")))
    jsonl.send_digest(a_digest())
    first, torn, second = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["title"] for line in (first, second)] == ["\ud800 one", "two"]
    assert torn == '{"at": "2026'


def test_a_file_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    jsonl = Jsonl(path=tmp_path / "nowhere" / "notices.jsonl")
    with pytest.raises(NotifyError, match="No such file"):
        jsonl.send_incident(Sending(notice=a_spike()))
    with pytest.raises(NotifyError, match="path"):
        jsonl.check()
    with pytest.raises(ValueError, match="path is missing"):
        Jsonl()
