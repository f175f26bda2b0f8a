import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.clock import WallClock
from listener.domain.incident import Event, Notice
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.notifiers.slack import Slack
from listener.texts.digest_words import Links
from listener.texts.slack_digest import digest_message
from tests.notifiers.build import NOW, a_digest, a_spike
from tests.servers.faults import Fault, Kind
from tests.servers.slack import SlackServer
from tests.texts.digests import CRISIS

TOKEN = "xoxb-canary-7f3a9"
POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(token=TOKEN) as running:
        yield running


def wall() -> datetime:
    return WallClock().now()


def a_slack(server: SlackServer, **settings: Any) -> Slack:
    usual: dict[str, Any] = {
        "token": TOKEN,
        "channel": "#cx-alerts",
        "base_url": server.url,
        "timeout_seconds": 2.0,
        "now": wall,
    }
    return Slack(**(usual | settings))


def fresh(**changes: Any) -> Notice:
    return a_spike(**({"at": wall()} | changes))


def failed(slack: Slack, sending: Sending) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        slack.send_incident(sending)
    told = "".join((str(caught.value), repr(caught.value), repr(caught.value.__context__ or "")))
    assert TOKEN not in told
    assert caught.value.__cause__ is None
    return caught.value


def test_an_incident_is_one_message(server: SlackServer) -> None:
    receipt = a_slack(server).send_incident(Sending(notice=fresh()))
    [message] = server.messages("#cx-alerts")
    assert receipt == Receipt(place=message.channel, ref=message.ts)
    assert message.body["metadata"] == {
        "event_type": "listener_notice",
        "event_payload": {"notice_id": fresh().id, "incident": 12},
    }
    asked = {name: message.body[name] for name in ("link_names", "parse", "unfurl_links")}
    assert asked == {"link_names": False, "parse": "none", "unfurl_links": False}
    assert message.body["unfurl_media"] is False
    assert message.body["mrkdwn"] is False


def test_later_news_update_the_message_and_go_to_its_thread(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    over = fresh(id="B", event=Event.SPIKE_RESOLVED, incident_state="resolved")
    slack.send_incident(Sending(notice=over, root=root))
    first, news = server.messages()
    assert first.shown["blocks"][0]["text"]["text"].startswith("✅ RESOLVED")
    assert first.ids == [fresh().id]
    assert first.shown["metadata"]["event_payload"]["notice_id"] == fresh().id
    assert (news.thread_ts, news.ids) == (first.ts, ["B"])
    assert news.body["reply_broadcast"] is False


def test_an_update_has_no_reply(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    taken = fresh(id="B", event=Event.INCIDENT_UPDATED, incident_state="acknowledged")
    for unclear in (False, True):
        assert slack.send_incident(Sending(notice=taken, root=root, unclear=unclear)) == root
    [message] = server.messages()
    assert "acknowledged" in message.shown["text"]
    assert len(message.edits) == 2
    server.room.delete(root.place, root.ref)
    assert slack.send_incident(Sending(notice=taken, root=root)) == root
    assert not server.messages()


def test_an_update_of_what_was_never_told_tells_it(server: SlackServer) -> None:
    slack, update = a_slack(server), fresh(event=Event.INCIDENT_UPDATED)
    server.next(Kind.HANG_UP)
    failed(slack, Sending(notice=update))
    slack.send_incident(Sending(notice=update, unclear=True))
    assert server.accepted(update.id) == 1


def test_what_got_worse_is_shown_in_the_channel_too(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    slack.send_incident(Sending(notice=fresh(id="B", event=Event.SPIKE_ESCALATED), root=root))
    assert server.messages()[1].body["reply_broadcast"] is True


def test_deleted_words_leave_the_message_and_its_thread(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    worse = fresh(id="B", event=Event.SPIKE_ESCALATED)
    news = slack.send_incident(Sending(notice=worse, root=root))
    words = worse.quotes[1].text  # of which nothing is marked, so that it stands in one piece
    assert all(words in str(message.shown["blocks"]) for message in server.messages())
    for at in (root, news):
        slack.redraw(at, Sending(notice=replace(worse, quotes=()), root=root))
    first, second = server.messages()
    assert words not in str((first.shown, second.shown))
    assert first.shown["blocks"][0]["type"] == "header"
    assert second.shown["blocks"][0]["type"] == "rich_text"
    assert (first.ids, second.ids) == ([fresh().id], ["B"])


def test_deleted_words_that_cannot_be_taken_out_are_no_success(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.next(Fault(kind=Kind.ERROR, code="edit_window_closed"), method=UPDATE)
    with pytest.raises(NotifyError, match="edit_window_closed") as caught:
        slack.redraw(root, Sending(notice=fresh(quotes=()), root=root))
    assert caught.value.permanent


def test_a_message_that_is_gone_needs_no_drawing(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.room.delete(root.place, root.ref)
    slack.redraw(root, Sending(notice=fresh(quotes=()), root=root))
    assert not server.messages()


def test_a_team_with_a_channel_is_told_there(server: SlackServer) -> None:
    slack = a_slack(server, teams={"logistics": "#logistics"})
    slack.send_incident(Sending(notice=fresh()))
    slack.send_incident(Sending(notice=fresh(id="B", team="care")))
    assert [m.ids for m in server.messages("#logistics")] == [[fresh().id]]
    assert [m.ids for m in server.messages("#cx-alerts")] == [["B"]]


@pytest.mark.parametrize("kind", [Kind.HANG_UP, Kind.SLOW, Kind.GARBAGE])
def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(
    server: SlackServer, kind: Kind
) -> None:
    server.next(kind)
    error = failed(a_slack(server, timeout_seconds=0.3), Sending(notice=fresh()))
    assert (error.unclear, error.permanent) == (True, False)
    receipt = a_slack(server).send_incident(Sending(notice=fresh(), attempts=1, unclear=True))
    [message] = server.messages()
    assert receipt == Receipt(place=message.channel, ref=message.ts)


@pytest.mark.parametrize("status", [0, 500, 503])
def test_what_was_refused_without_reason_is_looked_up_and_sent(
    server: SlackServer, status: int
) -> None:
    slack = a_slack(server)
    server.next(Fault(kind=Kind.REFUSE, status=status))
    assert failed(slack, Sending(notice=fresh())).unclear
    slack.send_incident(Sending(notice=fresh(), unclear=True))
    assert server.accepted(fresh().id) == 1


def test_a_reply_taken_without_an_answer_is_found_in_the_thread(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    news = Sending(notice=fresh(id="B", event=Event.SPIKE_RESOLVED), root=root)
    server.next(Kind.HANG_UP)
    assert failed(slack, news).unclear
    receipt = slack.send_incident(replace(news, unclear=True))
    assert server.accepted("B") == 1
    assert receipt.ref == server.messages()[1].ts


def test_without_the_look_up_there_are_doubles(server: SlackServer) -> None:
    slack = a_slack(server, look_up_after_unclear_end=False)
    server.next(Kind.HANG_UP)
    failed(slack, Sending(notice=fresh()))
    slack.send_incident(Sending(notice=fresh(), unclear=True))
    assert server.accepted(fresh().id) == 2


def test_the_look_up_goes_through_the_pages(server: SlackServer) -> None:
    slack = a_slack(server)
    sent = slack.send_incident(Sending(notice=fresh()))
    for number in range(450):
        server.room.post(sent.place, {"text": str(number)}, None)
    assert slack.send_incident(Sending(notice=fresh(), unclear=True)) == sent
    assert server.calls["conversations.history"] == 3


def test_the_look_up_stops_at_what_is_too_old(server: SlackServer) -> None:
    slack = a_slack(server)
    place = slack.send_incident(Sending(notice=fresh())).place
    for number in range(450):
        server.room.post(place, {"text": str(number)}, None)
    later = fresh(id="B", at=wall() + timedelta(hours=2))
    slack.send_incident(Sending(notice=later, unclear=True))
    assert server.calls["conversations.history"] == 1
    assert server.accepted("B") == 1


def test_a_clock_that_is_a_year_off_hides_nothing(server: SlackServer) -> None:
    ahead = timedelta(days=365)
    slack = a_slack(server, now=lambda: wall() + ahead)
    notice = fresh(at=wall() + ahead)
    sent = slack.send_incident(Sending(notice=notice))
    for number in range(250):
        server.room.post(sent.place, {"text": str(number)}, None)
    assert slack.send_incident(Sending(notice=notice, unclear=True)) == sent


def test_a_look_up_that_fails_leaves_it_unclear(server: SlackServer) -> None:
    slack = a_slack(server)
    server.next(Kind.HANG_UP)
    failed(slack, Sending(notice=fresh()))
    for fault in (
        Fault(kind=Kind.REFUSE),
        Fault(kind=Kind.TOO_MANY, retry_after=9),
        Fault(kind=Kind.ERROR, code="missing_scope"),
    ):
        server.next(fault, method="conversations.history")
        assert failed(slack, Sending(notice=fresh(), unclear=True)).unclear
    slack.send_incident(Sending(notice=fresh(), unclear=True))
    assert server.accepted(fresh().id) == 1


@pytest.mark.parametrize("listable", [True, False])
def test_a_private_channel_that_is_not_listed_stays_unclear(
    server: SlackServer, listable: bool
) -> None:
    slack = a_slack(server)
    if listable:
        server.room.id_of("#cx-alerts")
    no_groups = Fault(kind=Kind.ERROR, code="missing_scope")
    server.next(no_groups, method="conversations.list")
    if listable:
        slack.send_incident(Sending(notice=fresh(), unclear=True))
        assert server.accepted(fresh().id) == 1
    else:
        error = failed(slack, Sending(notice=fresh(), unclear=True))
        assert (error.permanent, error.unclear) == (True, True)
        assert "groups:read" in str(error)


def test_a_folded_notice_is_found_in_another_message(server: SlackServer) -> None:
    slack = a_slack(server)
    a, b, c = (fresh(id=name) for name in "ABC")
    sent = slack.send_incident(Sending(notice=a, also=(b,)))
    assert server.messages()[0].ids == ["A", "B"]
    assert slack.send_incident(Sending(notice=b, also=(a,), unclear=True)) == sent
    assert slack.send_incident(Sending(notice=a, also=(b, c), unclear=True)) == sent
    assert [server.accepted(name) for name in "ABC"] == [1, 1, 1]


def test_a_deleted_message_is_posted_anew_and_found_again(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.room.delete(root.place, root.ref)
    news = Sending(notice=fresh(id="B", event=Event.SPIKE_RESOLVED), root=root)
    receipt = slack.send_incident(news)
    assert server.messages()[0].thread_ts is None
    assert slack.send_incident(replace(news, unclear=True)) == receipt
    assert server.accepted("B") == 1


def test_a_message_that_may_not_be_edited_still_gets_its_reply(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.next(Fault(kind=Kind.ERROR, code="edit_window_closed"), method=UPDATE)
    slack.send_incident(Sending(notice=fresh(id="B"), root=root))
    assert server.messages()[1].thread_ts == root.ref


@pytest.mark.parametrize("kind", [Kind.HANG_UP, Kind.REFUSE])
def test_an_update_that_fails_is_done_again_before_the_reply(
    server: SlackServer, kind: Kind
) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.next(kind, method=UPDATE)
    news = Sending(notice=fresh(id="B"), root=root)
    assert not failed(slack, news).unclear
    assert server.accepted("B") == 0
    slack.send_incident(news)
    assert server.accepted("B") == 1


def test_slack_says_how_long_to_wait(server: SlackServer) -> None:
    server.next(Fault(kind=Kind.TOO_MANY, retry_after=7))
    error = failed(a_slack(server), Sending(notice=fresh()))
    assert error.retry_after == timedelta(seconds=7)
    assert (error.permanent, error.unclear) == (False, False)
    assert server.calls[POST] == 1  # and the SDK did not try again by itself


@pytest.mark.parametrize(
    "code",
    [
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "account_inactive",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "missing_scope",
        "restricted_action",
        "msg_too_long",
        "invalid_blocks",
    ],
)
def test_what_trying_again_cannot_help_is_permanent(server: SlackServer, code: str) -> None:
    server.next(Fault(kind=Kind.ERROR, code=code))
    error = failed(a_slack(server), Sending(notice=fresh()))
    assert (error.permanent, error.unclear, error.retry_after) == (True, False, None)
    assert code in str(error)
    assert "[notify.slack]" in str(error)


@pytest.mark.parametrize(
    ("code", "unclear"),
    [("internal_error", True), ("fatal_error", True), ("team_added_to_org", False)],
)
def test_other_refusals_are_tried_again(server: SlackServer, code: str, unclear: bool) -> None:
    server.next(Fault(kind=Kind.ERROR, code=code))
    error = failed(a_slack(server), Sending(notice=fresh()))
    assert (error.permanent, error.unclear) == (False, unclear)


def test_a_server_that_is_not_there_took_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack = Slack(token=TOKEN, channel="#a", base_url=f"http://127.0.0.1:{port}/")
    error = failed(slack, Sending(notice=fresh()))
    assert (error.permanent, error.unclear) == (False, False)


@pytest.mark.parametrize("token", [f"{TOKEN}\nX-Evil: 1", f"{TOKEN}ő", ""])
def test_no_error_shows_the_token(
    server: SlackServer,
    token: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    slack = a_slack(server, token=token)
    assert failed(slack, Sending(notice=fresh())).permanent
    out, err = capfd.readouterr()
    assert TOKEN not in caplog.text + out + err + repr(slack)


def test_a_digest_is_posted_once(server: SlackServer) -> None:
    slack, digest = a_slack(server), a_digest(made_at=wall(), recipient="#weekly")
    server.next(Kind.HANG_UP)
    server.room.id_of("#weekly")
    with pytest.raises(NotifyError):
        slack.send_digest(digest)
    slack.send_digest(digest)
    assert server.accepted(digest.id) == 1
    assert len(server.messages("#weekly")) == 1


def test_a_digest_is_drawn_with_links_to_our_pages(server: SlackServer) -> None:
    pages = "https://listener.example.com"
    slack = a_slack(server, pages=pages)
    slack.send_digest(a_digest(made_at=wall(), recipient="#weekly", data=CRISIS))
    (message,) = server.messages("#weekly")
    assert message.shown["blocks"] == digest_message(CRISIS, Links(base=pages)).blocks
    assert f"{pages}/digests/2026-W47" in str(message.shown)


def test_checking_says_where_it_posts() -> None:
    with SlackServer(channels=["other", "cx-alerts"]) as server:
        said = a_slack(server).check()
        assert said == "posts to #cx-alerts of Acme Air as listener"
        with pytest.raises(NotifyError, match="no channel #nowhere"):
            a_slack(server, channel="#nowhere").check()
        assert not server.messages()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://slack.com/api/", True),
        ("http://127.0.0.1:8080/api/", True),
        ("http://localhost/", True),
        ("http://slack.com/api/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_the_token_travels_in_the_clear_only_within_this_machine(url: str, good: bool) -> None:
    if good:
        assert Slack(token=TOKEN, channel="#a", base_url=url).base_url == url
    else:
        with pytest.raises(ValueError, match="base_url"):
            Slack(token=TOKEN, channel="#a", base_url=url)


def test_the_ledger_outlives_the_server(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with SlackServer(ledger=ledger) as server:
        root = a_slack(server).send_incident(Sending(notice=fresh()))
        a_slack(server).send_incident(Sending(notice=fresh(id="B"), root=root))
    with SlackServer(ledger=ledger) as again:
        assert [again.accepted(name) for name in (fresh().id, "B")] == [1, 1]
        assert len(again.messages()[0].edits) == 1
        sent = a_slack(again).send_incident(Sending(notice=fresh(), unclear=True))
        assert sent == root


def test_a_notice_written_long_before_it_is_sent_is_found(server: SlackServer) -> None:
    slack = a_slack(server)
    notice = fresh(at=NOW - timedelta(days=3))
    sent = slack.send_incident(Sending(notice=notice))
    assert slack.send_incident(Sending(notice=notice, unclear=True)) == sent
