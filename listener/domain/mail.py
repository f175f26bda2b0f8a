"""A mail as it came: who wrote what, when, and in which conversation. Pure."""

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Final

from listener.domain.markup import LONGEST_TEXT, without_markup
from listener.domain.mention import Channel, Kind, Mention, Response
from listener.domain.quoted import own_words, quotes_marked
from listener.domain.values import clean_line

LONGEST_HEADER: Final = 10_000
FIRST_YEAR: Final = 1995  # a clock that was never set says 1970, 1980 or 1904
# What the email package raises for mails that are broken enough.
_UNREADABLE: Final = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTOMATIC_HEADERS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster"})
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_ID = re.compile(r"<([^<>]+)>")
_CODECS: Final = {
    "us-ascii": "",  # says nothing: who writes beyond it writes UTF-8 or cp1252
    "ascii": "",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "euc-kr": "cp949",
    "ks-c-5601": "cp949",
    "ks-c-5601-1987": "cp949",
    "ksc5601": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "unicode-1-1-utf-7": "utf_7",
}
"""What the names of charsets mean in mails: often a later, larger one of the same family."""
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)


class BadMail(ValueError):  # noqa: N818  # it is the mail that is bad
    """A mail that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that was read. Ids are without their angle brackets.

    text: what its writer wrote, without quotes and signature; the subject where that is nothing;
    empty where there are no words at all. thread_id: the first mail of the conversation, itself
    if need be. report: of a server, not of a person, as of what could not be delivered.
    """

    id: str
    parent_id: str | None
    thread_id: str
    said_at: datetime
    address: str | None
    name: str | None
    title: str
    text: str
    automatic: bool
    report: bool


def read_mail(data: bytes, received: datetime | None) -> Mail:
    """Read a mail, or the beginning of one. `received`: when the server took it. Raises BadMail."""
    try:
        return _read(message_from_bytes(data), received)
    except BadMail:
        raise
    except _UNREADABLE as error:
        raise BadMail(f"it cannot be read ({type(error).__name__})") from None


def to_mention(mail: Mail, source: str, brand: str, channel: Channel) -> Mention:
    """A customer's mail."""
    return Mention(
        source=source,
        source_id=mail.id,
        channel=channel,
        kind=Kind.REPLY if mail.parent_id else Kind.TICKET,
        title=mail.title,
        text=mail.text,
        said_at=mail.said_at,
        author=mail.address,
        author_name=mail.name,
        author_id=mail.address.casefold() if mail.address else None,
        parent_id=mail.parent_id,
        thread_id=mail.thread_id,
        brand=brand,
    )


def to_answer(mail: Mail, source: str) -> Response | None:
    """The brand's own mail; None where it answers nothing, as one that begins a conversation."""
    if mail.parent_id is None or mail.report:
        return None
    return Response(
        source=source,
        source_id=mail.id,
        said_at=mail.said_at,
        parent_id=mail.parent_id,
        thread_id=mail.thread_id,
        author=mail.address,
        text=mail.text,
        automatic=mail.automatic,
    )


def read_moment(text: str) -> datetime | None:
    """A moment as mails and mail servers write it, in UTC; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def in_unicode(data: bytes, charset: str | None) -> str:
    """Text in a charset, as well as it can be read: what is named wrongly is guessed."""
    named = _codec(charset)
    for codec in (named, "utf-8"):
        if codec:
            try:
                return data.decode(codec)
            except ValueError:
                continue
    return data.decode(named or "cp1252", "replace")


def _codec(charset: str | None) -> str:
    """Python's name of a charset; empty where there is none, or it is no charset of a mail."""
    name = (charset or "").strip().strip("\"'").lower().replace("_", "-")
    found = _CODECS.get(name, name)
    if not found or found in _NO_CHARSETS:
        return ""
    try:
        b"a".decode(found, "replace")  # some codecs are none of text
        return codecs.lookup(found).name
    except (LookupError, ValueError):
        return ""


def _read(message: "Message[str, str]", received: datetime | None) -> Mail:
    references = _ids(_raw(message, "References"))
    answers = _ids(_raw(message, "In-Reply-To"))
    title, words = _header(message, "Subject"), _words(message)
    own_id = next(iter(_ids(_raw(message, "Message-ID"))), None) or _made_id(message, words)
    parent = next(iter(answers), None) or next(reversed(references), None)
    name, address = _author(message)
    return Mail(
        id=own_id,
        parent_id=parent,
        thread_id=next(iter(references), None) or parent or own_id,
        said_at=_said_at(message, received),
        address=address,
        name=name,
        title=title if words else "",
        text=words or title,
        automatic=_is_automatic(message),
        report=_is_report(message, address),
    )


def _raw(message: "Message[str, str]", name: str) -> str:
    """The first header of a name, in one line, as it came. What is no ASCII is guessed."""
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    text = _FOLD.sub(" ", str(next(found, ""))[:LONGEST_HEADER])
    return text if text.isascii() else in_unicode(text.encode("utf-8", "surrogateescape"), None)


def _header(message: "Message[str, str]", name: str) -> str:
    return _decoded(_raw(message, name))


def _decoded(raw: str) -> str:
    """A header with its encoded words in plain."""
    between = "ascii" if raw.isascii() else "raw_unicode_escape"  # as decode_header gives it back
    try:
        parts = [
            part
            if isinstance(part, str)
            else in_unicode(part, charset)
            if charset
            else part.decode(between, "replace")
            for part, charset in decode_header(raw)
        ]
    except _UNREADABLE:
        parts = [raw]
    return clean_line("".join(parts), longest=1_000)


def _author(message: "Message[str, str]") -> tuple[str | None, str | None]:
    """Name and address of who wrote it."""
    for name, address in getaddresses([_raw(message, "From")]):
        if "@" in address:
            return _decoded(name) or None, clean_line(address)
    return _header(message, "From") or None, None


def _ids(raw: str) -> list[str]:
    found = _ID.findall(raw)
    if not found and "@" in raw and " " not in raw.strip():
        found = [raw]  # some forget the brackets
    ids = (clean_line("".join(one.split())) for one in found)
    return [one for one in ids if one]


def _made_id(message: "Message[str, str]", words: str) -> str:
    """For a mail without an id: the same mail gets the same one, whenever it is read."""
    parts = [_raw(message, name) for name in ("From", "Date", "Subject")]
    return sha256("\n".join([*parts, words]).encode("utf-8", "replace")).hexdigest()[:24]


def _said_at(message: "Message[str, str]", received: datetime | None) -> datetime:
    """What its writer's clock said, unless that is broken: nothing arrives before it is sent."""
    said = read_moment(_raw(message, "Date"))
    if said is not None and said.year < FIRST_YEAR:
        said = None
    known = [moment for moment in (said, received) if moment is not None]
    if not known:
        raise BadMail("it has no date")
    return min(known)


def _is_automatic(message: "Message[str, str]") -> bool:
    submitted = _raw(message, "Auto-Submitted").lower().replace(";", " ").split()
    if submitted and submitted[0] != "no":
        return True
    if _raw(message, "Precedence").strip().lower() in _BULK:
        return True
    return any(_raw(message, name) for name in _AUTOMATIC_HEADERS)


def _is_report(message: "Message[str, str]", address: str | None) -> bool:
    if message.get_content_type() == "multipart/report":
        return True
    if _raw(message, "Return-Path").strip() == "<>":
        return True
    return address is not None and address.partition("@")[0].casefold() in _DAEMONS


def _words(message: "Message[str, str]") -> str:
    plain: list[str] = []
    html: list[str] = []
    for part in _shown_parts(message):
        data = part.get_payload(decode=True)
        text = in_unicode(data, part.get_content_charset()) if isinstance(data, bytes) else ""
        (html if part.get_content_type() == "text/html" else plain).append(text)
    text = "\n".join(plain)
    if not text.strip():
        text = without_markup(quotes_marked("\n".join(html)))
    return own_words(text[: 2 * LONGEST_TEXT])


def _shown_parts(message: "Message[str, str]") -> list["Message[str, str]"]:
    """The texts of a mail, without its attachments and the mails that are attached to it."""
    if message.get_content_disposition() == "attachment" or message.get_filename():
        return []
    inside = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(inside, list):
        return [
            found for part in inside if isinstance(part, Message) for found in _shown_parts(part)
        ]
    is_text = message.get_content_type() in ("text/plain", "text/html")
    return [message] if is_text and not isinstance(inside, list) else []
