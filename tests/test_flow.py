"""From a file of mentions to the inbox, the Slack message and the digest."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener import cycle, imports, inbox, views
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.domain.query import parse
from listener.replay.play import PastSource, play
from listener.replay.show import read_files
from tests.builders import HOUR, MINUTE, NOW, a_line, written
from tests.servers.faults import Kind
from tests.servers.slack import SlackServer
from tests.servers.smtp import SmtpServer
from tests.test_imports import wanted


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


LINES = [
    a_line(1, created_at=at(0), text="Acme lost my <parcel> & <!channel> *again*"),
    a_line(2, created_at=at(2), text="Acme 把我的行李弄丟了", language="zh", reply_at=at(40)),
    a_line(3, created_at=at(5), text="Boreal is bad too"),
    a_line(4, created_at=at(7), text="I love Acme", label="positive"),
    a_line(5, created_at=at(9), text="Az Acme elvesztette a csomagomat", language="hu"),
    a_line(6, created_at=at(11), text="the weather"),
    "not json",
]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=["cx"]) as server:
        yield server


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def an_app(
    folder: Path,
    clock: VirtualClock,
    slack: SlackServer,
    post: SmtpServer,
    document: dict[str, Any] | None = None,
    **more: Any,
) -> App:
    whole: dict[str, Any] = {
        "subjects": [
            {"name": "Acme", "role": "brand", "query": "acme"},
            {"name": "Boreal", "role": "competitor", "query": "boreal"},
        ],
        "notify": {
            "slack": {"token": "t", "channel": "#cx", "base_url": slack.url},
            "email": {
                "host": "127.0.0.1",
                "port": post.port,
                "security": "none",
                "sender": "listener@example.com",
            },
        },
        "digest": {"to": ["cx@example.com"]},
    }
    config = from_document(whole | (document or {}), folder / "config.toml", plugins(clock))
    return open_app(config, clock, **({"labels": "given"} | more))


@pytest.fixture
def played(tmp_path: Path, slack: SlackServer, post: SmtpServer) -> Iterator[App]:
    """The file played up to the next Monday at nine, told to a Slack near by."""
    file = written(tmp_path / "old.jsonl", LINES)
    events, rejects = read_files([file], source="x", channel=None, zone=UTC, fields={})
    assert len(rejects) == 1
    clock, past = VirtualClock(NOW), PastSource(events=events)
    app = an_app(tmp_path, clock, slack, post, collectors=[past])
    play(app, clock, past, until=datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    yield app
    app.close()


def test_the_inbox_holds_what_waits(played: App) -> None:
    rows = views.waiting(played.store)
    assert [(row["id"], row["state"]) for row in rows] == [("x:1", "overdue"), ("x:5", "overdue")]
    assert views.summary(played.store).subjects == [
        ("Acme", "brand", 4, 3),
        ("Boreal", "competitor", 1, 1),
    ]
    assert [row["id"] for row in views.find(played.store, parse("行李"), NOW, limit=9).rows] == [
        "x:2"
    ]


def test_slack_has_one_message_with_the_news_in_its_thread(played: App, slack: SlackServer) -> None:
    root, *replies = slack.messages("#cx")
    assert root.thread_ts is None
    assert replies
    assert all(reply.thread_ts == root.ts for reply in replies)
    sent = [name for message in slack.messages() for name in message.ids]
    assert len(sent) == len(set(sent))
    shown = json.dumps(root.shown["blocks"], ensure_ascii=False)
    assert "csomagomat" in shown
    assert "mrkdwn" not in shown
    kinds = {e["type"] for b in root.shown["blocks"] for e in b.get("elements", ())}
    assert "broadcast" not in kinds
    assert "<!channel>" not in root.shown["text"]


def test_the_digest_is_mailed_once(played: App, post: SmtpServer) -> None:
    monday = played.clock.now()
    assert cycle.make_reports(played, monday) == 1
    while cycle.mail_report(played, monday):
        pass
    assert cycle.make_reports(played, monday + HOUR) == 0
    assert not cycle.mail_report(played, monday + HOUR)
    (mail,) = post.mails
    assert mail.to == ("cx@example.com",)
    text = mail.message.get_body(("plain",))
    html = mail.message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Acme" in text.get_content()
    assert "<!channel>" not in html.get_content()
    assert "<parcel>" not in html.get_content()


def test_running_once_deletes_what_is_older_than_it_is_to_be_kept(played: App) -> None:
    before = len(views.find(played.store, parse("acme"), NOW, limit=9).rows)
    assert before
    cycle.once(played, played.clock.now())
    assert len(views.find(played.store, parse("acme"), NOW, limit=9).rows) == before
    assert isinstance(played.clock, VirtualClock)
    played.clock.advance(NOW + played.config.listener.keep + HOUR)
    cycle.once(played, played.clock.now())
    after = len(views.find(played.store, parse("acme"), NOW, limit=9).rows)
    assert after < before  # a tenth of all in one run


def test_an_answer_at_the_shell_ends_the_incident_in_slack(played: App, slack: SlackServer) -> None:
    now = played.clock.now()
    for name in ("x:1", "x:5"):
        inbox.answer(played.store, name, "jo", now)
    before, edits = len(slack.messages()), len(slack.messages()[0].edits)
    cycle.think(played, now + MINUTE)
    cycle.tell_all(played, now + MINUTE)
    assert len(slack.messages()) == before
    assert views.incident_list(played.store, every=False) == []
    assert views.waiting(played.store) == []
    assert len(slack.messages()[0].edits) > edits
    assert "RESOLVED" in slack.messages()[0].shown["text"]


def test_a_replay_and_an_import_keep_the_same(
    tmp_path: Path, played: App, slack: SlackServer, post: SmtpServer
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    app = an_app(other, VirtualClock(NOW + HOUR), slack, post)
    imports.bring_in(app, wanted(tmp_path / "old.jsonl", source="x"), lambda read: None)
    cycle.label_and_measure(app, NOW + HOUR)
    assert views.summary(app.store).subjects == views.summary(played.store).subjects
    app.close()


def test_a_comparison_is_praise_of_one_and_a_complaint_about_the_other(
    tmp_path: Path, slack: SlackServer, post: SmtpServer
) -> None:
    app = an_app(
        tmp_path,
        VirtualClock(NOW + MINUTE),
        slack,
        post,
        document={"classify": {"sentiment": "fast"}},
        labels="model",
    )
    said = [
        a_line(1, created_at=at(0), text="Boreal is so much better than Acme", label=None),
        a_line(2, created_at=at(0), text="Az Acme sokkal jobb, mint a Boreal", label=None),
    ]
    imports.bring_in(app, wanted(written(tmp_path / "new.jsonl", said), source="x"), lambda _: None)
    cycle.label_and_measure(app, NOW + MINUTE)
    assert views.summary(app.store).subjects == [
        ("Acme", "brand", 2, 1),
        ("Boreal", "competitor", 2, 1),
    ]
    assert [row["id"] for row in views.waiting(app.store)] == ["x:1"]
    app.close()


def test_a_slack_that_hangs_up_gets_every_notice_once(
    tmp_path: Path, slack: SlackServer, post: SmtpServer
) -> None:
    clock = VirtualClock(NOW + HOUR)
    app = an_app(tmp_path, clock, slack, post)
    file = written(tmp_path / "old.jsonl", [a_line(1, created_at=at(0))])
    imports.bring_in(app, wanted(file, source="x"), lambda read: None)
    slack.next(Kind.HANG_UP)
    now = NOW + 61 * MINUTE
    cycle.think(app, now)
    for _ in range(5):
        cycle.tell_all(app, now)
        now += MINUTE
    (message,) = slack.messages()
    assert slack.accepted(message.ids[0]) == 1
    assert slack.calls["chat.postMessage"] == 1
    app.close()
