"""What is shown and sent at the shell: lists, receipts, the digest, a test message."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from listener.domain.digest import COMPANY
from listener.store import sources, subscriptions
from listener.store.connection import Store
from tests.builders import NOW, a_line, written
from tests.cli.conftest import Shell, ago
from tests.servers.smtp import SmtpServer

LISTS = [
    ["inbox"],
    ["inbox", "--state", "waiting", "--subject", "Acme", "--query", "luggage"],
    ["incidents", "--all"],
    ["sources"],
    ["search", "terrible"],
    ["query", "terrible"],
    ["evaluate"],
]


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_jsonl_is_all_that_stands_on_stdout(
    heard: Path, shell: Shell, arguments: list[str]
) -> None:
    shell("correct", "drop:1", "--sentiment", "negative")
    said = shell(*arguments, "--format", "jsonl")
    assert said.status == 0
    assert said.rows or arguments[0] == "incidents"
    table = shell(*arguments)
    assert table.status == 0
    rows = table.out.partition("\n\n")[0]  # of a query more follows
    assert len(rows.splitlines()) == (len(said.rows) + 1 if said.rows else 0)


def test_a_table_is_safe_to_print(configured: Path, shell: Shell) -> None:
    text = "Acme \x1b[31mawful\x07 \u202eline\nbreak 行李 terrible, I hate it"
    written(configured / "drop" / "a.jsonl", [a_line(1, text=text, created_at=ago(1))])
    shell("run", "--once")
    said = shell("inbox")
    assert not set(said.out) & set("\x1b\x07\u202e")
    assert len(said.out.splitlines()) == 2


def test_streams_that_fail_are_told_beside_the_sources(heard: Path, shell: Shell) -> None:
    hostile = "from:\x1b[31macme\n" + "x" * 500
    known = {"refused": "HTTP\x07 400\n", "refused_since": "2026-11-22T09:00:00.000Z"}
    streams = {hostile: known, **{f"word{n}": {"refused": "cut"} for n in range(24)}}
    store = Store(heard / "listener.db").open(NOW)
    with store.write() as db:
        sources.move_cursor(db, "drop", {"streams": streams})
    store.close()
    said = shell("sources")
    first, second, *_, last = said.err.splitlines()
    assert not set(said.err) & set("\x1b\x07")
    assert first.startswith("drop: from:[31macme xxx")
    assert first.endswith("… fails since 2026-11-22T09:00:00.000Z: HTTP 400")
    assert second == "drop: word0 fails: cut"
    assert last == "5 more streams fail; `listener sources --format jsonl` has all."
    assert len(said.err.splitlines()) == 21
    told = shell("sources", "--format", "jsonl")
    assert told.err == ""
    (row,) = told.rows
    assert len(row["failing"]) == 25
    assert row["failing"][0]["stream"] == hostile


def test_a_notice_is_written_and_its_incident_explained(heard: Path, shell: Shell) -> None:
    late = [a_line(9, text="Acme is awful, I hate it", created_at=ago(90))]
    written(heard / "drop" / "late.jsonl", late)
    assert shell("collect").status == 0
    assert shell("run", "--once").status == 0
    lines = [json.loads(x) for x in (heard / "notices.jsonl").read_text().splitlines()]
    assert [(x["event"], x["mentions"]) for x in lines] == [("response.overdue", ["drop:9"])]
    (row,) = shell("incidents", "--format", "jsonl").rows
    (receipt,) = shell("explain", row["id"], "--format", "jsonl").rows
    assert receipt["evidence"]["within_s"] == 3600
    assert shell("ack", row["id"]).status == 0
    assert shell("resolve", row["id"]).status == 0
    assert shell("incidents").err.strip() == "no incident is open."
    assert "resolved" in shell("explain", row["id"]).out
    assert shell("run", "--once").status == 0
    assert len((heard / "notices.jsonl").read_text().splitlines()) == 1


def test_a_digest_is_shown_and_written(heard: Path, shell: Shell) -> None:
    said = shell("digest")
    assert said.status == 0
    assert "Acme" in said.out
    assert shell("digest", "--html", "a.html", "--text", "a.txt").out == ""
    assert "<html" in (heard / "a.html").read_text(encoding="utf-8")
    assert "Acme" in (heard / "a.txt").read_text(encoding="utf-8")


def test_a_digest_that_nobody_gets_is_a_mistake(heard: Path, shell: Shell) -> None:
    said = shell("digest", "--send")
    assert said.status == 2
    assert "[notify.email]" in said.err


def test_a_team_gets_a_digest_of_its_own_by_real_mail_once(heard: Path, shell: Shell) -> None:
    with SmtpServer() as server:
        mailing(heard, server)
        with (heard / "config.toml").open("a") as file:
            file.write('[[teams]]\nname = "care"\nemail = "care@example.com"\ndigest = true\n')
        assert "care" in shell("digest", "--team", "care").out
        sent = [shell("digest", "--team", "care", "--send").status for _ in range(2)]
        assert shell("send-test", "email").out.count("care@example.com") == 2
    assert sent == [0, 0]
    assert [mail.to for mail in server.mails[:1]] == [("care@example.com",)]
    assert ["care" in mail["Subject"] for mail in server.messages] == [True, False]


def test_a_team_there_is_not_has_no_digest_and_one_of_nobody_is_not_sent(
    heard: Path, shell: Shell
) -> None:
    with (heard / "config.toml").open("a") as file:
        file.write('[[teams]]\nname = "care"\n')
    said = shell("digest", "--team", "cares")
    assert (said.status, "there is: care" in said.err) == (2, True)
    said = shell("digest", "--team", "care", "--send")
    assert (said.status, "digest = true" in said.err) == (2, True)


def test_who_unsubscribed_is_told_and_can_be_mailed_again(heard: Path, shell: Shell) -> None:
    with SmtpServer() as server:
        mailing(heard, server, digests='"cx@example.com", "boss@example.com"')
        with closing(Store(heard / "listener.db").open(NOW)) as store, store.write() as db:
            one = subscriptions.token(db, "boss@example.com", COMPANY)
            found = subscriptions.find(db, one)
            assert found is not None
            subscriptions.unsubscribe(db, found, NOW)
        said = shell("digest", "--send")
        assert said.status == 0, said.err
        assert [mail.to for mail in server.mails] == [("cx@example.com",)]
    assert "boss@example.com: unsubscribed" in said.err
    assert "boss@example.com unsubscribed on 2026-11-22" in said.err
    assert shell("digest", "--resubscribe", "boss@example.com").status == 0
    assert "unsubscribed" not in shell("digest").err
    assert shell("digest", "--resubscribe", "boss@example.com").status == 2


def test_a_test_message_is_sent(configured: Path, shell: Shell) -> None:
    assert shell("send-test").status == 0
    assert len((configured / "notices.jsonl").read_text().splitlines()) == 1


def mailing(folder: Path, server: SmtpServer, *, alerts: str = "", digests: str = "") -> None:
    with (folder / "config.toml").open("a") as file:
        file.write(
            f'\n[notify.email]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            f'sender = "listener@example.com"\nto = [{alerts}]\n[digest]\nto = [{digests}]\n'
        )


def test_mail_that_is_for_the_digest_alone_is_tested(configured: Path, shell: Shell) -> None:
    with SmtpServer() as server:
        mailing(configured, server, digests='"cx@example.com", "boss@example.com"')
        said = shell("send-test", "email")
    assert said.status == 0, said.err
    assert [mail.to for mail in server.mails] == [("cx@example.com",), ("boss@example.com",)]
    assert all("test" in mail["Subject"].lower() for mail in server.messages)
    assert "digests to boss@example.com" in said.out


def test_every_way_out_is_tested_and_each_that_fails_is_named(
    configured: Path, shell: Shell
) -> None:
    with SmtpServer(unknown=["gone@example.com"]) as server:
        mailing(
            configured,
            server,
            alerts='"cx@example.com"',
            digests='"gone@example.com", "boss@example.com"',
        )
        said = shell("send-test")
    assert said.status == 3
    assert [mail.to for mail in server.mails] == [("cx@example.com",), ("boss@example.com",)]
    assert "digests to gone@example.com" in said.err
    assert len((configured / "notices.jsonl").read_text().splitlines()) == 1


def test_mail_that_reaches_nobody_is_no_success(configured: Path, shell: Shell) -> None:
    with SmtpServer() as server:
        mailing(configured, server)
        said = shell("send-test", "email")
    assert said.status == 3
    assert "[digest] to" in said.err


def test_a_test_message_is_plainly_one(configured: Path, shell: Shell) -> None:
    with SmtpServer() as server:
        mailing(configured, server, alerts='"cx@example.com"')
        assert shell("send-test").status == 0
    (message,) = server.messages
    body = message.get_body(("plain",))
    assert body is not None
    shown = str(body.get_content())
    assert "test message" in message["Subject"].lower()
    assert "delivered again" not in message["Subject"]
    assert "RESOLVED" not in shown
    assert "INFO · A test message" in shown
    (notice,) = map(json.loads, (configured / "notices.jsonl").read_text().splitlines())
    assert notice["severity"] == "info"
    assert notice["incident"] is None
    assert notice["evidence"] == {"test": True}
