"""The servers the other tests lean on, and the promise they are there to test."""

import json
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from listener.clock import WallClock
from listener.domain.incident import Event
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.notifiers.slack import Slack
from tests.notifiers.build import a_spike
from tests.servers.faults import FaultPlan, Kind, chances
from tests.servers.slack import SlackServer

FAULTS = "refuse=.1,hangup=.15,429=.1,slow=.05,garbage=.05"


def send_at_last(slack: Slack, sending: Sending) -> Receipt:
    """What the outbox does, without its pauses."""
    unclear = False
    for attempt in range(50):
        try:
            return slack.send_incident(
                Sending(notice=sending.notice, root=sending.root, attempts=attempt, unclear=unclear)
            )
        except NotifyError as error:
            if error.permanent:
                raise
            unclear = error.unclear
    raise AssertionError("50 attempts")


def tell_all(server: SlackServer, *, look_up: bool) -> list[int]:
    """Twelve incidents with two pieces of news each; how often each notice was accepted."""
    now = WallClock().now
    slack = Slack(
        token="t",
        channel="#a",
        base_url=server.url,
        timeout_seconds=0.15,
        look_up_after_unclear_end=look_up,
        now=now,
    )
    told = []
    for number in range(12):
        opened = a_spike(id=f"{number}-opened", incident=number, at=now())
        root = send_at_last(slack, Sending(notice=opened))
        for event in (Event.SPIKE_ESCALATED, Event.SPIKE_RESOLVED):
            news = a_spike(id=f"{number}-{event}", incident=number, event=event, at=now())
            send_at_last(slack, Sending(notice=news, root=root))
            told.append(news.id)
        told.append(opened.id)
    return [server.accepted(name) for name in told]


@pytest.mark.parametrize("seed", range(3))
def test_among_faults_each_notice_is_told_exactly_once(seed: int) -> None:
    plan = FaultPlan(chances=chances(FAULTS), seed=seed, seconds=0.4)
    with SlackServer(plan=plan) as server:
        assert tell_all(server, look_up=True) == [1] * 36


def test_without_the_look_up_some_are_told_twice() -> None:
    plan = FaultPlan(chances=chances(FAULTS), seed=1, seconds=0.4)
    with SlackServer(plan=plan) as server:
        counts = tell_all(server, look_up=False)
    assert min(counts) == 1
    assert max(counts) > 1


@contextmanager
def running(module: str, *arguments: str) -> Iterator[str]:
    """A server as a process of its own; gives the first line it prints."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            assert process.wait(10) == 0


def test_a_slack_of_its_own_keeps_a_ledger(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    faults = ["--faults", "refuse=0", "--seed", "1", "--delay-ms", "0-20"]
    with running("tests.servers.slack", "--ledger", str(file), *faults) as url:
        slack = Slack(token="t", channel="#a", base_url=url)
        slack.send_incident(Sending(notice=a_spike()))
        with urlopen(url.removesuffix("api/") + "ledger", timeout=5) as answer:
            ledger = json.load(answer)
    assert ledger["in_flight"] in (0, 1)  # its answer may be here before it is counted as gone
    assert ledger["calls"] == {"chat.postMessage": 1}
    assert [message["ids"] for message in ledger["accepted"]] == [[a_spike().id]]
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["body"]["metadata"]["event_payload"]["notice_id"] == a_spike().id


def test_an_smtp_of_its_own_keeps_a_ledger(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    mail = "Message-ID: <1@b.c>\r\nSubject: s\r\n\r\nhello\r\n"
    with (
        running("tests.servers.smtp", "--ledger", str(file)) as port,
        smtplib.SMTP("127.0.0.1", int(port), timeout=5) as smtp,
    ):
        smtp.sendmail("a@b.c", ["d@e.f"], mail)
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"id": "<1@b.c>", "to": ["d@e.f"], "subject": "s"}


def test_faults_are_read_as_they_are_written() -> None:
    read = chances("refuse=.05,hangup=.07,429=.05,slow=.02")
    assert read == {Kind.REFUSE: 0.05, Kind.HANG_UP: 0.07, Kind.TOO_MANY: 0.05, Kind.SLOW: 0.02}
