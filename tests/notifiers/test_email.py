import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from listener.domain.incident import Event, Quote
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.notifiers.email import Email, Security
from listener.texts.notice import subject_line
from tests.notifiers.build import NOW, a_digest, a_drop, a_promise, a_spike, a_wait
from tests.notifiers.found import a_competitors, an_influencers
from tests.servers.secure import Authority
from tests.servers.smtp import Fault, SmtpServer

PASSWORD = "canary-pässword"
LOGIN = ("listener", "canary-password")
HOSTILE = 'Bcc: all@example.com\r\n\r\n<script>alert(1)</script> <a href="x"> \u202e\x00 & "q"'


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer(unknown=["gone@example.com"]) as running:
        yield running


def an_email(server: SmtpServer, **settings: Any) -> Email:
    usual: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": Security.NONE,
        "sender": "listener@example.com",
        "to": ("cx@example.com",),
        "timeout_seconds": 5.0,
    }
    return Email(**(usual | settings))


def failed(email: Email, sending: Sending) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        email.send_incident(sending)
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value) + repr(email)
    return caught.value


def body(message: Any, kind: str) -> str:
    return str(message.get_body((kind,)).get_content())


def test_an_incident_arrives_as_text_and_html(server: SmtpServer) -> None:
    notice = a_spike()
    receipt = an_email(server).send_incident(Sending(notice=notice))
    [mail] = server.mails
    message = mail.message
    assert (mail.sender, mail.to) == ("listener@example.com", ("cx@example.com",))
    assert message.get_content_type() == "multipart/alternative"
    assert message["Message-ID"] == f"<{notice.id}@example.com>"
    assert receipt == Receipt(place="cx@example.com", ref=message["Message-ID"])
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == (
        "[high] Acme: A negative spike has begun (63 negative of 120 mentions)"
    )
    for part in (body(message, "plain"), body(message, "html")):
        assert "又丟了我的行李 😡" in part
        assert "Hol a csomagom?" in part
        assert "about 1 in 3,000,000" in part
        assert "https://x.com/jo/status/101" in part
        assert "and 3 more" in part


def test_the_mail_as_it_reads(golden: Any) -> None:
    from listener.texts.mail import as_html, as_text  # noqa: PLC0415

    zone = ZoneInfo("Europe/Budapest")
    late = a_promise(tuple(a_wait(n, minutes_left=n - 2.5) for n in (1, 4, 2)))
    golden("mail/response_overdue.txt", as_text(late, [a_spike()], zone))
    golden("mail/response_overdue.html", as_html(late, [a_spike()], zone))


def test_stars_that_dropped_as_the_mail_tells_them(golden: Any) -> None:
    from listener.texts.mail import as_text  # noqa: PLC0415

    said = as_text(a_drop(), [], ZoneInfo("Europe/Budapest"))
    golden("mail/rating_dropped.txt", f"{subject_line(a_drop())}\n\n{said}")


def test_influencers_and_competitors_as_the_mail_tells_them(golden: Any) -> None:
    from listener.texts.mail import as_text  # noqa: PLC0415

    zone = ZoneInfo("Europe/Budapest")
    told = {
        "influencer_praise": an_influencers("positive", "Acme flew me home through the storm."),
        "influencer_criticism": an_influencers("negative", "Acme left us on the floor of Oslo."),
        "competitor_opening": a_competitors(),
        "competitor_warning": a_competitors(risen=True),
    }
    for name, notice in told.items():
        golden(f"mail/{name}.txt", f"{subject_line(notice)}\n\n{as_text(notice, [], zone)}")


def test_a_label_in_doubt_is_marked_in_the_mail() -> None:
    from listener.texts.mail import as_html, as_text  # noqa: PLC0415

    for said in (as_text(a_spike()), as_html(a_spike())):
        assert "somebody on x · 2026-11-22 14:02 UTC · negative?" in said
        assert said.count("negative?") == 1


def test_what_a_query_found_is_marked_in_the_html_and_not_in_the_text() -> None:
    from listener.texts.mail import as_html, as_text  # noqa: PLC0415

    assert "without my <strong>parcel</strong>, <strong>@acmeair</strong>." in as_html(a_spike())
    assert "> Third week without my parcel, @acmeair. Shame." in as_text(a_spike())


def test_what_people_wrote_is_neither_markup_nor_a_header(server: SmtpServer) -> None:
    places = tuple((at, at + 3) for at in range(0, len(HOSTILE) + 9, 7))
    quote = Quote(
        name="x:1", author=HOSTILE, text=HOSTILE, said_at=NOW, url="javascript:x", places=places
    )
    notice = a_spike(quotes=(quote,), title=HOSTILE, why=HOSTILE, incident_title=HOSTILE)
    an_email(server).send_incident(Sending(notice=notice))
    [mail] = server.mails
    assert mail.to == ("cx@example.com",)
    assert mail.message["Bcc"] is None
    assert "script" not in mail.message["Subject"]
    html = body(mail.message, "html")
    assert "<script" not in html
    assert "javascript" not in html
    assert "&lt;script&gt;" in html
    assert not {"\u202e", "\x00"} & set(html + body(mail.message, "plain"))


def test_news_stand_below_the_first_mail_and_go_to_the_team(server: SmtpServer) -> None:
    email = an_email(server, to=(), teams={"logistics": ["a@example.com", "b@example.com"]})
    root = email.send_incident(Sending(notice=a_spike()))
    email.send_incident(Sending(notice=a_spike(id="B", event=Event.SPIKE_RESOLVED), root=root))
    first, second = server.mails
    assert first.to == ("a@example.com", "b@example.com")
    assert second.message["In-Reply-To"] == first.message["Message-ID"] == root.ref
    assert second.message["References"] == root.ref


def test_a_lost_answer_is_unclear_and_both_copies_bear_one_id(server: SmtpServer) -> None:
    email, sending = an_email(server), Sending(notice=a_spike())
    server.next(Fault.DROP_AFTER_DATA)
    error = failed(email, sending)
    assert (error.unclear, error.permanent) == (True, False)
    email.send_incident(replace(sending, attempts=1, unclear=True))
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes().count(b"\r\n") > 10


@pytest.mark.parametrize(
    ("fault", "permanent"),
    [
        (Fault.LATER_RCPT, False),
        (Fault.LATER_DATA, False),
        (Fault.NO_SUCH_USER, True),
        (Fault.REFUSE_DATA, True),
    ],
)
def test_a_no_is_for_now_or_for_good(server: SmtpServer, fault: Fault, permanent: bool) -> None:
    server.next(fault)
    error = failed(an_email(server), Sending(notice=a_spike()))
    assert (error.permanent, error.unclear) == (permanent, False)
    assert fault.value[:9] in str(error)
    assert not server.mails


def test_one_bad_address_does_not_stop_the_others(server: SmtpServer) -> None:
    email = an_email(server, to=("gone@example.com", "cx@example.com"))
    assert email.send_incident(Sending(notice=a_spike())).place == "cx@example.com"
    assert server.mails[0].to == ("cx@example.com",)


def test_an_address_refused_for_now_is_tried_again(server: SmtpServer) -> None:
    server.next(Fault.LATER_RCPT)
    email = an_email(server, to=("slow@example.com", "cx@example.com"))
    assert not failed(email, Sending(notice=a_spike())).permanent
    email.send_incident(Sending(notice=a_spike()))
    assert [mail.to for mail in server.mails] == [email.to[1:], email.to]
    assert len({message["Message-ID"] for message in server.messages}) == 1


def test_what_only_updates_a_message_is_not_mailed(server: SmtpServer) -> None:
    email, update = an_email(server), a_spike(id="B", event=Event.INCIDENT_UPDATED)
    root = email.send_incident(Sending(notice=a_spike()))
    assert email.send_incident(Sending(notice=update, root=root)) == root
    assert email.send_incident(Sending(notice=update)).ref == ""
    email.send_incident(Sending(notice=update, also=(a_spike(id="C"),), root=root))
    assert [message["Message-ID"][:3] for message in server.messages] == ["<01", "<C@"]


def test_nobody_to_mail_to_names_the_key(server: SmtpServer) -> None:
    error = failed(an_email(server, to=()), Sending(notice=a_spike()))
    assert error.permanent
    assert "[notify.email] `to` is missing" in str(error)


def test_a_digest_can_be_ended_by_one_click_where_there_is_an_address(server: SmtpServer) -> None:
    long = f"https://listener.example.com/{'below/' * 12}unsubscribe/12-{'0' * 32}"
    an_email(server).send_digest(a_digest(unsubscribe=long))
    (mail,) = server.mails
    assert f"\r\nList-Unsubscribe: <{long}>\r\n".encode() in mail.raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail.raw


def test_else_it_is_ended_by_mail_to_the_sender(server: SmtpServer) -> None:
    an_email(server).send_digest(a_digest())
    (mail,) = server.mails
    assert mail.message["List-Unsubscribe"] == "<mailto:listener@example.com?subject=unsubscribe>"
    assert mail.message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("words", "way"), [("Acme lost it. ", "quoted-printable"), ("航班又延误了。", "base64")]
)
def test_each_part_goes_the_shorter_way(server: SmtpServer, words: str, way: str) -> None:
    """The standard library guesses by the first ten lines."""
    long = "<p>\n" * 12 + f"{words * 30}é\n" * 40
    an_email(server).send_digest(a_digest(html=long, text=long))
    (message,) = server.messages
    assert [part["Content-Transfer-Encoding"] for part in message.iter_parts()] == [way] * 2


def test_a_digest_goes_to_its_recipient_alone(server: SmtpServer) -> None:
    digest = a_digest(subject="Week 47\r\nBcc: all@example.com")
    for _ in range(2):
        an_email(server).send_digest(digest)
    first, second = server.mails
    assert first.to == (digest.recipient,) == tuple(first.message["To"].split(", "))
    assert first.message["Subject"] == "Week 47 Bcc: all@example.com"
    assert body(first.message, "html").strip() == digest.html
    assert body(first.message, "plain").split() == digest.text.split()
    assert first.message["Message-ID"] == second.message["Message-ID"]
    other = an_email(server).send_digest(a_digest(id="other"))
    assert other.ref != first.message["Message-ID"]


def test_a_long_id_is_not_folded_away(server: SmtpServer) -> None:
    email = an_email(server, sender="listener@" + "long-" * 11 + "name.example.com")
    root = email.send_incident(Sending(notice=a_spike(id="2026-W47:cx+team@example.com")))
    email.send_incident(Sending(notice=a_spike(), root=root))
    first, second = server.messages
    assert first["Message-ID"] == root.ref == second["References"]
    assert root.ref.startswith("<2026-W47.cx.team.example.com@long-")


def test_a_wrong_password_is_permanent_and_not_shown() -> None:
    with SmtpServer(login=LOGIN) as server:
        wrong = an_email(server, username="listener", password="canary-wrong")
        error = failed(wrong, Sending(notice=a_spike()))
        assert error.permanent
        assert "535" in str(error)
        failed(replace(wrong, password=PASSWORD), Sending(notice=a_spike()))
        right = replace(wrong, password=LOGIN[1])
        right.send_incident(Sending(notice=a_spike()))
        assert right.check().endswith("as listener")
        assert len(server.mails) == 1


def test_a_server_without_tls_is_not_told_anything(server: SmtpServer) -> None:
    error = failed(an_email(server, security=Security.STARTTLS), Sending(notice=a_spike()))
    assert error.permanent
    assert "`security`" in str(error)
    assert not server.mails


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_certificates_are_verified(
    tmp_path: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, tls = Authority(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority.certificate("localhost"))
    with SmtpServer(tls=tls, implicit_tls=security is Security.TLS) as server:
        email = an_email(server, host="localhost", security=security)
        error = failed(email, Sending(notice=a_spike()))
        assert "SSLCertVerificationError" in str(error)
        assert (error.permanent, error.unclear) == (False, False)
        monkeypatch.setenv("SSL_CERT_FILE", authority.trusted)
        email.send_incident(Sending(notice=a_spike()))
        assert len(server.mails) == 1


def test_a_server_that_is_not_there_took_nothing(server: SmtpServer) -> None:
    email = an_email(server, port=1)
    error = failed(email, Sending(notice=a_spike()))
    assert (error.permanent, error.unclear) == (False, False)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("sender", {"sender": "nobody"}),
        ("sender", {"sender": "a@b\r\nBcc: c@d"}),
        ("to", {"to": ("Jo <jo@example.com>",)}),
        ("security", {"host": "mail.example.com", "username": "a", "password": "b"}),
    ],
)
def test_a_mistake_in_the_settings_names_its_key(
    server: SmtpServer, key: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=f"^{key} must be"):
        an_email(server, **settings)


def test_waiting_times_are_those_of_the_notice(server: SmtpServer) -> None:
    late = a_promise((a_wait(1, -12),), at=NOW + timedelta(minutes=3))
    an_email(server).send_incident(Sending(notice=late))
    assert "15 min over" in body(server.messages[0], "plain")
