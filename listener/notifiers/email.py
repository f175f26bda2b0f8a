"""E-mail through SMTP: told at least once, and every copy bears the same Message-ID."""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from listener.errors import NotifyError
from listener.notifiers.base import Digest, Receipt, Sending
from listener.texts.digest import transfer_encoding
from listener.texts.escape import one_line
from listener.texts.mail import as_html, as_text
from listener.texts.notice import subject_line

if TYPE_CHECKING:
    import smtplib
    import ssl
    from email.message import EmailMessage
    from email.policy import EmailPolicy, Policy

T = TypeVar("T")

_LONGEST_SUBJECT: Final = 200
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """SMTP has no way to ask what was taken: when the connection is lost between the end of a mail
    and the server's answer, the mail is sent again, and may arrive twice with one Message-ID.

    Certificates are verified. `to` is for incidents of no team; a digest brings its recipient.
    """

    host: str
    port: int = field(default=25, metadata={"between": (1, 65535)})
    security: Security = Security.STARTTLS
    sender: str
    to: tuple[str, ...] = ()
    username: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = field(default=20.0, metadata={"between": (1, 120)})
    name: str = field(default="email", metadata={"handed": True})
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict, metadata={"handed": True})
    zone: tzinfo = field(default=UTC, metadata={"handed": True})

    def __post_init__(self) -> None:
        for key, addresses in {"sender": (self.sender,), "to": self.to}.items():
            for address in addresses:
                if not _is_address(address):
                    raise ValueError(f"{key} must be an address such as cx@example.com")
        if self.username and self.security is Security.NONE and self.host not in _HERE:
            raise ValueError('security must be "starttls" or "tls" where there is a password')

    @property
    def hears_alerts(self) -> bool:
        return bool(self.to or any(self.teams.values()))

    @property
    def edits(self) -> bool:
        return False

    @property
    def calls(self) -> bool:
        return True

    @property
    def at_least_seconds_apart(self) -> float:
        return 0.0

    def send_incident(self, sending: Sending) -> Receipt:
        """Mail it to the notice's team, or to `to`: one mail for all of them.

        The receipt names those whom the server took it for; it is an error if it took it for none,
        or refused some for now. What only updates a message is not mailed.
        """
        root = sending.root
        if not sending.news:
            return root or Receipt(place="", ref="")
        notice, *also = sending.news
        to = tuple(self.teams.get(notice.team or "", ())) or self.to
        if not to and self.teams:  # mail is for teams alone here, and this is for none of them
            return Receipt(place="", ref="")
        if not to:
            raise NotifyError(
                f"[notify.{self.name}] `to` is missing: nobody to mail incidents to", permanent=True
            )
        message = self._message(notice.id, subject_line(notice), to, notice.at)
        if root is not None and root.ref:  # mail programs show it below the incident's first mail
            message["In-Reply-To"] = message["References"] = root.ref
        text, html = as_text(notice, also, self.zone), as_html(notice, also, self.zone)
        return self._send(message, to, text, html)

    def send_digest(self, digest: Digest) -> Receipt:
        to = (digest.recipient,)
        if not _is_address(digest.recipient):
            raise NotifyError(
                f"[notify.{self.name}] a recipient of the digest is no mail address", permanent=True
            )
        message = self._message(digest.id, digest.subject, to, digest.made_at)
        if digest.unsubscribe is None:
            message["List-Unsubscribe"] = f"<mailto:{self.sender}?subject=unsubscribe>"
        else:  # RFC 2369, and one click by RFC 8058
            message["List-Unsubscribe"] = f"<{digest.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return self._send(message, to, digest.text, digest.html)

    def check(self) -> str:
        """Connect, and log in where there is a user. Sends nothing."""
        with self._session() as smtp:
            self._act("answer", lambda: smtp.noop())
        user = f" as {self.username}" if self.username else ""
        return f"mails from {self.sender} through {self.host}:{self.port}{user}"

    def message_id(self, notice_or_digest_id: str) -> str:
        """The same for every attempt."""
        kept = re.sub(r"[^A-Za-z0-9_-]+", ".", notice_or_digest_id).strip(".")
        return f"<{kept}@{self.sender.rpartition('@')[2]}>"

    def _message(
        self, name: str, subject: str, to: Sequence[str], made_at: datetime
    ) -> "EmailMessage":
        from email.message import EmailMessage  # noqa: PLC0415
        from email.utils import format_datetime  # noqa: PLC0415

        message = EmailMessage(policy=_policy())
        message["Message-ID"] = self.message_id(name)
        message["Date"] = format_datetime(made_at.astimezone(UTC))
        message["From"] = self.sender
        message["To"] = ", ".join(to)
        message["Subject"] = one_line(subject, _LONGEST_SUBJECT)
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _send(self, message: "EmailMessage", to: Sequence[str], text: str, html: str) -> Receipt:
        message.set_content(text, cte=transfer_encoding(text))
        message.add_alternative(html, subtype="html", cte=transfer_encoding(html))
        with self._session() as smtp:
            refused = self._act(
                "send", lambda: smtp.send_message(message, self.sender, list(to)), sending=True
            )
        if any(code < 500 for code, _ in refused.values()):  # at least once, for each of them
            raise _refused(f"[notify.{self.name}] not taken for all", refused.values())
        taken = [address for address in to if address not in refused]
        return Receipt(place=", ".join(taken), ref=str(message["Message-ID"]))

    @contextmanager
    def _session(self) -> "Iterator[smtplib.SMTP]":
        """An open connection, secured and logged in. What was taken stays taken if ending fails."""
        import smtplib  # noqa: PLC0415

        smtp = self._act("connect", self._connect)
        try:
            if self.security is Security.STARTTLS:
                self._act("secure the connection", lambda: smtp.starttls(context=_verified()))
            if self.username:
                self._act("log in", lambda: smtp.login(self.username, self.password))
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self) -> "smtplib.SMTP":
        import smtplib  # noqa: PLC0415

        seconds = self.timeout_seconds
        if self.security is Security.TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=seconds, context=_verified())
        return smtplib.SMTP(self.host, self.port, timeout=seconds)

    def _act(self, doing: str, step: Callable[[], T], *, sending: bool = False) -> T:
        """Take one step. Raises NotifyError, made of our words and the server's codes only."""
        import smtplib  # noqa: PLC0415

        told = f"[notify.{self.name}] {self.host}:{self.port} would not {doing}"
        try:
            return step()
        except smtplib.SMTPRecipientsRefused as error:
            trouble = _refused(told, error.recipients.values())
        except smtplib.SMTPResponseException as error:
            trouble = _refused(told, [(error.smtp_code, error.smtp_error)])
        except smtplib.SMTPNotSupportedError:
            why = f"{told}: it does not offer that; see `security`, `username`"
            trouble = NotifyError(why, permanent=True)
        except Exception as error:  # of the socket, of TLS, of a server that is none
            trouble = NotifyError(f"{told}: {type(error).__name__}", unclear=sending)
        raise trouble  # outside, so that no error that shows a password hangs on ours


@functools.cache
def _policy() -> "EmailPolicy[Any]":
    """Everything 7 bit. Python would encode an address longer than a line as if it were words."""
    from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader  # noqa: PLC0415
    from email.policy import SMTP  # noqa: PLC0415

    class Whole(UnstructuredHeader, BaseHeader):
        def fold(self, *, policy: "Policy[Any]") -> str:
            return f"List-Unsubscribe: {self}{policy.linesep}"

    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", Whole)
    return SMTP.clone(cte_type="7bit", header_factory=registry)


def _refused(told: str, replies: Iterable[tuple[int, bytes | str]]) -> NotifyError:
    """A server's no: for now where it said 4xx of any recipient, for good where it said 5xx."""
    codes = list(dict.fromkeys(replies))
    shown = ", ".join(f"{code}{_enhanced(words)}" for code, words in codes)
    return NotifyError(f"{told}: {shown}", permanent=all(code >= 500 for code, _ in codes))


def _enhanced(words: bytes | str) -> str:
    """The status inside a reply, such as 5.1.1; the words may repeat what they should not."""
    text = words if isinstance(words, str) else words.decode("ascii", "replace")
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    return f" {found[0]}" if found else ""


def _verified() -> "ssl.SSLContext":
    import ssl  # noqa: PLC0415

    return ssl.create_default_context()


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None
