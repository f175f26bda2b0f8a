"""Mails: ids, threads, dates, charsets, and what their writers wrote themselves."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.mail import BadMail, Mail, in_unicode, read_mail
from listener.domain.quoted import own_words, quotes_marked
from tests.servers.imap import RECEIVED, a_mail

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "email"
HOUR = timedelta(hours=1)


def read(text: str = "Hello", **headers: str) -> Mail:
    return read_mail(a_mail(1, text, **headers), RECEIVED)


@pytest.mark.parametrize(
    ("headers", "parent", "thread"),
    [
        ({}, None, "1@mail.example"),
        ({"In_Reply_To": "<b@x>"}, "b@x", "b@x"),
        ({"References": "<a@x> <b@x>"}, "b@x", "a@x"),
        ({"References": "<a@x>\r\n\t<b@x>", "In_Reply_To": "<b@x>"}, "b@x", "a@x"),
        ({"In_Reply_To": "b@x"}, "b@x", "b@x"),
        ({"In_Reply_To": 'Your message of "Sunday" <b@x>'}, "b@x", "b@x"),
        ({"In_Reply_To": "nothing to read here"}, None, "1@mail.example"),
    ],
)
def test_conversations(headers: dict[str, str], parent: str | None, thread: str) -> None:
    mail = read(**headers)
    assert (mail.parent_id, mail.thread_id) == (parent, thread)


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Sun, 22 Nov 2026 09:00:00 +0100", RECEIVED - 2 * HOUR),
        ("", RECEIVED),
        ("yesterday", RECEIVED),
        ("Thu, 01 Jan 1970 00:00:00 +0000", RECEIVED),
        ("Sun, 22 Nov 2099 09:00:00 +0000", RECEIVED),
        ("Sun, 99 Nov 2026 09:00:00 +9999", RECEIVED),
    ],
)
def test_a_broken_date_is_the_one_of_the_server(date: str, said: datetime) -> None:
    assert read(Date=date).said_at == said


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?b?SGk=?= =?utf-8?q?_there?=", "Hi there"),
        ("=?utf-8?b?SGkgx?= you", "=?utf-8?b?SGkgx?= you"),  # cut short
        ("Re: =?nobody-knows?q?caf=C3=A9?=", "Re: café"),
        ("naïve \\u0041", "naïve \\u0041"),
        ("two\r\n lines", "two lines"),
    ],
)
def test_subjects(subject: str, title: str) -> None:
    assert read(Subject=subject).title == title


def test_without_any_date_a_mail_is_bad() -> None:
    with pytest.raises(BadMail, match="no date"):
        read_mail(a_mail(Date=""), None)
    assert read_mail(a_mail(), None).said_at == RECEIVED - HOUR


def test_a_made_id_is_the_same_wherever_the_mail_lies() -> None:
    one = read(Message_ID="", Date="never")
    other = read_mail(a_mail(1, "Hello", Message_ID="", Date="never"), RECEIVED + HOUR)
    assert one.id == other.id
    assert read("Hello!", Message_ID="", Date="never").id != one.id


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("ks_c_5601-1987", "뷁".encode("cp949"), "뷁"),
        ("KS_C_5601", "한글".encode("euc_kr"), "한글"),
        ("iso-2022-jp", "すみません".encode("iso2022_jp"), "すみません"),
        ("gb2312", "鎔".encode("gb18030"), "鎔"),
        ("big5", "啫".encode("big5hkscs"), "啫"),
        ("iso-8859-1", b"\x80 20", "€ 20"),
        ("us-ascii", "é".encode(), "é"),
        (None, b"\xe9", "é"),
        ("x-unknown", "é".encode(), "é"),
        ("hex", b"41", "41"),
        ("punycode", b"a-b", "a-b"),
        ("undefined", b"a", "a"),
        ("utf-8\0", b"a", "a"),
        ("utf-8", b"a\xc3", "aÃ"),
    ],
)
def test_charsets(charset: str | None, data: bytes, text: str) -> None:
    found = in_unicode(data, charset)
    assert found == text or (charset == "utf-8" and found == "a�")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Hi\n> old\nnew", "Hi\nnew"),
        ("Hi\n-- \nAnn\n", "Hi"),
        ("Hi\n\n-----Original Message-----\nFrom: x", "Hi"),
        ("Hi\n\n---------- Forwarded message ---------\nFrom: x", "Hi"),
        ("Hi\n----------\nthere", "Hi\n----------\nthere"),
        ("Ja\n\nAm 22.11.2026 um 10:00 schrieb Acme:\n> alt", "Ja"),
        ("Oui\n\nLe 22 nov. 2026 à 10:00, Acme <a@b>\na écrit :\n\n> vieux", "Oui"),
        ("好\n\n2026年11月22日 10:00，客服写道：\n> 旧", "好"),
        ("Two things:\n> quoted", "Two things:"),
        ("De: all of us\nthanks", "De: all of us\nthanks"),
        ("Hi\n\nFrom: A <a@b>\nSent: today\nTo: B\nSubject: C\n\nold", "Hi"),
        ("Hi\nSent from my phone", "Hi"),
        ("Sent from my phone", "Sent from my phone"),
        ("> all of it\n> is quoted", "> all of it\n> is quoted"),
        ("-- \nonly a signature", "-- \nonly a signature"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_what_is_not_the_writers_own_is_left_out(text: str, own: str) -> None:
    assert own_words(text) == own


def test_quotes_in_html_may_be_nested_or_never_end() -> None:
    assert quotes_marked("a<blockquote>b<BLOCKQUOTE>c</blockquote>d</blockquote>e") == (
        "a<br>&gt;<br>e"
    )
    assert quotes_marked("a<blockquote>b") == "a<br>&gt;<br>"
    assert quotes_marked("a</blockquote>b") == "a<br>&gt;<br>b"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(BadMail):
        read_mail(data, RECEIVED)


@given(
    st.dictionaries(
        st.sampled_from(["From", "Subject", "Date", "Message_ID", "References", "Content_Type"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=80),
    ),
    st.text(max_size=200),
)
def test_any_headers_are_read_or_refused(headers: dict[str, str], text: str) -> None:
    mail = read(text.encode("utf-8", "replace").decode(), **headers)
    assert mail.id
    assert mail.said_at.tzinfo is UTC
    mail.title.encode()


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_mails_from_other_projects_tests_are_understood() -> None:
    received = datetime(2019, 2, 8, tzinfo=UTC)
    found = {
        path.stem: read_mail(path.read_bytes(), received) for path in sorted(SHARED.glob("*.eml"))
    }
    assert found["multi_charset_japanese_iso_2022"].text == "すみません。"
    assert found["multi_charset_japanese_iso_2022"].title == "まみむめも"
    assert found["multipart_report_emails_report_422"].report
    assert found["error_emails_bad_date_header"].said_at == received
    assert found["error_emails_bad_date_header"].automatic
    assert found["attachment_8bit"].text.split() == ["SCR", "/", "S19", "07FEB", "wat"]
    assert found["attachment_8bit"].name == "Каукин Владимир"
    assert found["mime_emails_raw_email7"].text == "This is the first part."
    assert found["forwarded_message"].text == "статус"
    assert (
        found["plain_emails_raw_email_reply"].thread_id
        != found["plain_emails_raw_email_reply"].parent_id
    )
    assert found["plain_emails_basic_email"].said_at == datetime(2008, 11, 22, 4, 4, 59, tzinfo=UTC)
