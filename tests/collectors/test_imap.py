"""A support mailbox: the real imap-tools against a real IMAP server, with all that goes wrong."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.imap import FIRST_PAGES, MOST_BYTES, PAGE, Imap, Security
from listener.domain.mention import Channel, Evidence, Kind
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import take_in
from listener.store.answering import answers_of
from tests.builders import a_subject
from tests.collectors.conformance import NOW, CollectorContract, Reader, World
from tests.servers.imap import RECEIVED, Fault, ImapServer, a_mail, imap_server
from tests.servers.secure import Authority
from tests.stages import world as stages

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "imap"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "email"
ACME = a_subject("Acme", accounts={"imap": frozenset({"sales@acme.example"})})
HOUR = timedelta(hours=1)


def a_source(server: ImapServer, **changes: Any) -> Imap:
    made = Imap(
        name="support",
        http=Http(read_seconds=5),
        follows=(ACME,),
        host="127.0.0.1",
        port=server.port,
        security=Security.NONE,
        username=server.user,
        password=server.password,
        brand="Acme",
    )
    return replace(made, **changes)


def fill(server: ImapServer) -> None:
    for folder, mails in ((server.inbox, "inbox"), (server.sent, "sent")):
        for path in sorted((GOLDEN / mails).iterdir()):
            folder.add(path.read_bytes().replace(b"\n", b"\r\n"), NOW)


def ids(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


def refused(source: Imap, reader: Reader | None = None) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        (reader or Reader()).read(source)
    error = caught.value
    for secret in (source.password, "no such user"):
        assert secret not in str(error)
    return error


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


class TestContract(CollectorContract):
    golden_name = "imap"

    @pytest.fixture
    def world(self, server: ImapServer) -> World:
        fill(server)
        return World(make=lambda: a_source(server), count=8)

    @pytest.fixture
    def many(self, server: ImapServer) -> World:
        for number in range(2_500):
            server.inbox.add(a_mail(number))
        known = {"streams": {"INBOX": {"validity": "7", "uid": 0}}}
        return World(make=lambda: a_source(server), count=2_500, cursor=known)


def test_nothing_is_marked_or_moved(server: ImapServer) -> None:
    fill(server)
    Reader().read(a_source(server))
    assert not any(mail.seen for folder in server.folders.values() for mail in folder.mails)
    assert server.changes == 0
    assert not any(line.startswith("SELECT") for line in server.asked)


def test_a_first_reading_goes_some_pages_back(server: ImapServer) -> None:
    for number in range(PAGE * FIRST_PAGES + 30):
        server.inbox.add(a_mail(number))
    reader = Reader().read(a_source(server))
    assert len(reader.mentions) == PAGE * FIRST_PAGES
    assert "30@mail.example" in ids(reader)
    assert "29@mail.example" not in ids(reader)


def test_it_goes_on_behind_the_last_mail_that_was_read(server: ImapServer) -> None:
    server.inbox.add(a_mail(1))
    reader = Reader().read(a_source(server))
    server.asked.clear()
    reader.read(a_source(server))  # `2:*` names the last mail once more
    assert "UID SEARCH UID 2:*" in server.asked
    assert not any(line.startswith("UID FETCH") for line in server.asked)
    server.inbox.add(a_mail(2))
    assert ids(reader.read(a_source(server))) == {"1@mail.example", "2@mail.example"}


def test_an_empty_mailbox_is_read_from_its_first_mail(server: ImapServer) -> None:
    reader = Reader().read(a_source(server))
    assert reader.mentions == {}
    server.inbox.add(a_mail(1))
    assert ids(reader.read(a_source(server))) == {"1@mail.example"}


def test_new_uids_lose_nothing_and_double_nothing(server: ImapServer) -> None:
    for number in range(5):
        server.inbox.add(a_mail(number), RECEIVED - timedelta(days=20))
    server.inbox.add(a_mail(5), RECEIVED)
    reader = Reader().read(a_source(server))
    server.inbox.mails.pop(0)
    for number in range(6, 6 + PAGE * FIRST_PAGES + 10):
        server.inbox.add(a_mail(number), RECEIVED + HOUR)
    server.inbox.renumber()
    reader.batches.clear()
    reader.read(a_source(server))
    again = [one.source_id for batch in reader.batches for one in batch.mentions]
    assert again[:2] == ["5@mail.example", "6@mail.example"]  # that day comes again, no older one
    assert len(reader.mentions) == 6 + PAGE * FIRST_PAGES + 10
    reader.batches.clear()
    assert not reader.page(a_source(server)).mentions


def test_new_uids_without_a_new_mail_bring_no_history(server: ImapServer) -> None:
    server.inbox.add(a_mail(1), RECEIVED)
    reader = Reader().read(a_source(server))
    server.inbox.mails[0].received = RECEIVED - timedelta(days=30)
    server.inbox.renumber()
    server.asked.clear()
    reader.read(a_source(server))
    assert "UID SEARCH SINCE 20-Nov-2026" in server.asked
    assert not any(line.startswith("UID FETCH") for line in server.asked)


def test_a_mail_that_is_gone_meanwhile_is_passed_over(server: ImapServer) -> None:
    server.inbox.add(a_mail(1))
    server.inbox.add(a_mail(2))
    server.faults["UID FETCH"] = Fault(raw=b"TAG OK done\r\n")
    reader = Reader().read(a_source(server))
    assert reader.mentions == {}


def test_the_uid_may_stand_behind_the_mail(server: ImapServer) -> None:
    server.uid_last = True
    fill(server)
    assert len(Reader().read(a_source(server)).mentions) == 8


def test_of_a_huge_mail_the_beginning_is_read(server: ImapServer) -> None:
    start = a_mail(1, "It broke.\r\n--cut\r\nContent-Type: image/png\r\n\r\n")
    head = b"Content-Type: multipart/mixed; boundary=cut\r\n"
    mail = start.replace(b"Content-Type: text/plain; charset=utf-8\r\n", head, 1)
    mail = mail.replace(b"\r\n\r\nIt broke.", b"\r\n\r\n--cut\r\n\r\nIt broke.", 1)
    server.inbox.add(mail + b"QUJD\r\n" * MOST_BYTES)
    (mention,) = Reader().read(a_source(server)).mentions.values()
    assert mention.text == "It broke."


def test_answers_of_the_sent_folder_are_joined_by_id_and_thread(server: ImapServer) -> None:
    fill(server)
    reader = Reader().read(a_source(server))
    answers = {one.source_id: one for batch in reader.batches for one in batch.responses}
    assert answers.keys() == {"two@acme.example", "auto@acme.example"}
    answer, automatic = answers["two@acme.example"], answers["auto@acme.example"]
    assert (answer.parent_id, answer.thread_id) == ("one@mail.example", "one@mail.example")
    assert (answer.evidence, answer.automatic) == (Evidence.DIRECT, False)
    assert answer.text == "We are looking for it."
    assert automatic.automatic
    question = reader.mentions["support", "one@mail.example"]
    assert question.thread_id == question.source_id
    assert reader.mentions["support", "three@mail.example"].thread_id == question.source_id


@pytest.mark.parametrize("question_first", [True, False])
def test_an_answer_counts_whichever_is_seen_first(
    server: ImapServer, tmp_path: Path, question_first: bool
) -> None:
    fill(server)
    colleague = {"From": "Sales@acme.example", "In_Reply_To": "<four@mail.example>"}
    server.inbox.add(a_mail(99, "We pay it back.", **colleague))
    batches = Reader().read(a_source(server)).batches
    house = stages.World(tmp_path, followed=(ACME,))
    for batch in batches if question_first else reversed(batches):
        with house.store.write() as db:
            take_in(db, batch, "support", "imap", house.matcher, NOW)
    numbers = {row["source_id"]: row["id"] for row in house.rows("SELECT * FROM mention")}
    assert len(numbers) == 8
    with house.store.read() as db:
        found = answers_of(db, [numbers["one@mail.example"], numbers["four@mail.example"]])
    house.store.close()
    assert [(one.said_at, one.automatic) for one in found] == [
        (datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 9, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 9, 15, tzinfo=UTC), False),
    ]


def test_without_a_sent_folder_only_the_other_is_read(server: ImapServer) -> None:
    del server.folders["Sent"]
    server.inbox.add(a_mail(1))
    assert len(Reader().read(a_source(server, sent="")).mentions) == 1


def test_a_wrong_name_of_the_sent_folder_is_told_with_the_right_one(server: ImapServer) -> None:
    server.folders["Gesendet"] = server.folders.pop("Sent")
    error = refused(a_source(server))
    assert error.kind is Trouble.SETTINGS
    assert "sent mails are in 'Gesendet'" in str(error)
    del server.folders["Gesendet"]
    assert "set `sent`" in str(refused(a_source(server)))
    assert "'Nowhere'" in str(refused(a_source(server, folder="Nowhere")))


def test_what_it_finds_is_told(server: ImapServer) -> None:
    fill(server)
    assert a_source(server).check() == "mails: 12 in INBOX, 3 in Sent"


@pytest.mark.parametrize("password", ["wrong", "wröng"])
def test_a_wrong_password_is_told(server: ImapServer, password: str) -> None:
    source = a_source(server, password=password)
    assert refused(source).kind is Trouble.CREDENTIALS
    with pytest.raises(CollectorError, match="`username` and `password`"):
        source.check()


def test_a_folder_that_may_not_be_read_is_told_apart(server: ImapServer) -> None:
    server.faults["EXAMINE"] = Fault(says="NO [NOPERM] not yours")
    error = refused(a_source(server))
    assert error.kind is Trouble.CREDENTIALS
    assert "does not let us open the folder 'INBOX'" in str(error)


def test_a_password_may_be_in_any_script(server: ImapServer) -> None:
    server.password = "jelszó"
    server.inbox.add(a_mail(1))
    assert len(Reader().read(a_source(server)).mentions) == 1


SILENT = Fault()
FAULTS = {
    "silent greeting": ("GREETING", SILENT, Trouble.NETWORK),
    "silent login": ("LOGIN", SILENT, Trouble.NETWORK),
    "silent search": ("UID SEARCH", SILENT, Trouble.NETWORK),
    "silent fetch": ("UID FETCH", SILENT, Trouble.NETWORK),
    "cut greeting": ("GREETING", Fault(cut_after=3), Trouble.NETWORK),
    "cut fetch": ("UID FETCH", Fault(cut_after=700), Trouble.NETWORK),
    "html": ("GREETING", Fault(raw=b"HTTP/1.1 400 Bad\r\n\r\n<html>"), Trouble.SHAPE),
    "junk": ("UID FETCH", Fault(raw=b"\0\xff\r\n" * 9), Trouble.SHAPE),
    "junk uids": ("UID SEARCH", Fault(raw=b"* SEARCH a b\r\nTAG OK\r\n"), Trouble.SHAPE),
    "bad": ("UID FETCH", Fault(says="BAD what?"), Trouble.SHAPE),
    "no": ("UID FETCH", Fault(says="NO not today"), Trouble.SERVER),
    "bye": ("GREETING", Fault(says="BYE Too many connections"), Trouble.RATE),
    "bye for now": ("GREETING", Fault(says="BYE going down"), Trouble.SERVER),
    "bye later": ("UID SEARCH", Fault(raw=b"* BYE going down\r\n"), Trouble.NETWORK),
    "down": ("LOGIN", Fault(says="NO [UNAVAILABLE] come back"), Trouble.SERVER),
    "limit": ("LOGIN", Fault(says="NO [LIMIT] slow down"), Trouble.RATE),
    "throttled": ("EXAMINE", Fault(says="NO [THROTTLED] slow down"), Trouble.RATE),
}


@pytest.mark.parametrize("first", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_trouble_is_told_and_loses_nothing(server: ImapServer, fault: str, first: bool) -> None:
    command, step, kind = FAULTS[fault]
    server.inbox.add(a_mail(0))
    reader = Reader()
    if not first:
        reader.read(a_source(server))
    for number in range(1, PAGE + 10):
        server.inbox.add(a_mail(number))
    server.faults[command] = step
    hurried = a_source(server, http=Http(read_seconds=0.2 if step == SILENT else 5))
    error = refused(hurried, reader)
    assert error.kind is kind, str(error)
    server.faults.clear()
    assert len(reader.read(a_source(server)).mentions) == PAGE + 10


def test_a_silent_farewell_harms_nothing(server: ImapServer) -> None:
    server.inbox.add(a_mail(1))
    server.faults["LOGOUT"] = SILENT
    source = a_source(server, http=Http(read_seconds=0.2), sent="")
    assert len(Reader().read(source).mentions) == 1


def test_nobody_there_is_told(server: ImapServer) -> None:
    assert refused(a_source(server, port=1)).kind is Trouble.NETWORK


def test_certificates_are_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, tls = Authority(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority.certificate("localhost"))
    with imap_server(tls=tls) as server:
        server.inbox.add(a_mail(1))
        source = a_source(server, host="localhost", security=Security.TLS)
        error = refused(source)
        assert error.kind is Trouble.NETWORK
        assert "certificate" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", authority.trusted)
        assert len(Reader().read(source).mentions) == 1


def test_a_server_without_tls_is_told(server: ImapServer) -> None:
    error = refused(a_source(server, security=Security.TLS))
    assert (error.kind, "does not speak TLS" in str(error)) == (Trouble.NETWORK, True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"host": "mail.acme.example"}, 'security must be "tls"'),
        ({"host": "", "security": Security.TLS}, "host must not be empty"),
        ({"folder": ""}, "folder must not be empty"),
        ({"folder": "Sent"}, "sent must be another folder"),
        ({"password": "a\r\nb"}, "password must be one line"),
        ({"brand": "Other"}, 'brand "Other" is none of the subjects: Acme'),
    ],
)
def test_wrong_settings_are_refused(server: ImapServer, changes: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        a_source(server, **changes)


def test_the_password_is_not_shown(server: ImapServer) -> None:
    assert server.password not in repr(a_source(server))


def test_what_cannot_be_read_is_rejected_and_stops_nothing(server: ImapServer) -> None:
    deep = "".join(
        f"--{n}\r\nContent-Type: multipart/mixed; boundary={n + 1}\r\n\r\n" for n in range(3_000)
    )
    server.inbox.add(a_mail(1, deep, Content_Type="multipart/mixed; boundary=0"))
    server.inbox.add(a_mail(2))
    reader = Reader().read(a_source(server))
    (reject,) = [one for batch in reader.batches for one in batch.rejects]
    assert reject.place == "INBOX 7/1"
    assert ids(reader) == {"2@mail.example"}


def test_a_mail_is_a_ticket_and_one_that_answers_a_reply(server: ImapServer) -> None:
    server.inbox.add(a_mail(1))
    server.inbox.add(a_mail(2, In_Reply_To="<x@acme.example>"))
    first, second = Reader().read(a_source(server)).mentions.values()
    assert (first.kind, first.channel, first.brand) == (Kind.TICKET, Channel.TICKET, "Acme")
    assert (second.kind, second.parent_id) == (Kind.REPLY, "x@acme.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "Bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_wrote_is_left_out(server: ImapServer, headers: dict[str, str]) -> None:
    server.inbox.add(a_mail(1, **headers))
    server.inbox.add(a_mail(2, Auto_Submitted="no", Precedence="first-class"))
    assert ids(Reader().read(a_source(server))) == {"2@mail.example"}


@pytest.mark.parametrize(
    "headers",
    [{"Return_Path": "<>"}, {"From": "Postmaster@mail.example"}],
)
def test_reports_of_servers_are_left_out(server: ImapServer, headers: dict[str, str]) -> None:
    server.inbox.add(a_mail(1, **headers))
    assert Reader().read(a_source(server)).mentions == {}
