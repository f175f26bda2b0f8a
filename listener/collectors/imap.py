"""A support mailbox, read over IMAP: customers' mails, and the brand's answers to them."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from listener.collectors.base import Cursor
from listener.domain.mail import BadMail, Mail, read_mail, read_moment, to_answer, to_mention
from listener.domain.mention import Batch, Channel, Mention, Reject, Response
from listener.domain.subject import Subject, check_brand
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble
from listener.http import Http, to_error

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

SERVICE: Final = "imap"
PAGE: Final = 50
FIRST_PAGES: Final = 10  # of a folder that was never read
MOST_BYTES: Final = 262_144  # of a mail; its text comes before what is attached
DEADLINE_SECONDS: Final = 120.0  # for a page, from login to logout
LOOK_BACK: Final = timedelta(days=2)  # servers search by day, in a zone of their own
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# fmt: off
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)
# fmt: on
_UID = re.compile(rb"\bUID (\d+)")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_BUSY = re.compile(r"\[(LIMIT|THROTTLED|OVERQUOTA|INUSE)\]|too many", re.IGNORECASE)
_DOWN = re.compile(r"\[(UNAVAILABLE|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)


class Security(StrEnum):
    """NONE is for a server on this machine only."""

    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap:
    """Reads a folder of mails to the brand, and one of those that it sent.

    Nothing is marked as seen, moved or deleted: folders are opened read-only. Certificates are
    verified. Mails that a machine wrote are left aside, and so are reports of mail servers.
    """

    host: str
    username: str
    password: str = field(repr=False)
    brand: str  # a subject's name
    port: int = field(default=993, metadata={"between": (1, 65535)})
    security: Security = Security.TLS
    folder: str = "INBOX"
    sent: str = "Sent"  # empty: there is none, or it is not to be read
    every: timedelta = timedelta(minutes=2)
    channel: Channel = Channel.TICKET
    http: Http = field(metadata={"handed": True}, repr=False)  # for its time-out
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be read, and what would show the password on its way."""
        if self.security is Security.NONE and self.host not in _HERE:
            raise ValueError('security must be "tls" where the server is not on this machine')
        if not self.host or not self.folder:
            raise ValueError(f"{'folder' if self.host else 'host'} must not be empty")
        if self.folder == self.sent:
            raise ValueError("sent must be another folder than `folder`")
        for key in ("host", "username", "password", "folder", "sent"):
            if not getattr(self, key).isprintable():
                raise ValueError(f"{key} must be one line")
        check_brand(self.follows, self.brand)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one folder, the oldest mails that were not read yet."""
        turns = Turns.of(cursor, self._folders())
        folder = turns.stream
        with self._session() as box:
            validity, _ = self._open(box, folder)
            start = _start(box, turns.state, validity)
            waiting = [uid for uid in _uids(box, f"UID {start + 1}:*") if uid > start]
            fetched = _fetched(box, waiting[:PAGE])
        state = _state(turns.state, validity, (waiting[:PAGE] or [start])[-1], fetched, now)
        turns = turns.after(state, more=len(waiting) > PAGE)
        return Batch.of(
            (
                self._read(folder, f"{folder} {validity}/{uid}", received, data)
                for uid, received, data in fetched
            ),
            cursor=turns.written(),
            complete=turns.complete,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: nothing is marked at the server."""

    def check(self) -> str:
        with self._session() as box:
            counts = [f"{self._open(box, folder)[1]} in {folder}" for folder in self._folders()]
        return f"mails: {', '.join(counts)}"

    def _folders(self) -> tuple[str, ...]:
        return (self.folder, self.sent) if self.sent else (self.folder,)

    def _read(
        self, folder: str, place: str, received: datetime | None, data: bytes
    ) -> Mention | Response | Reject | None:
        """A mail as what it is; None for one that a machine wrote, and for one without words."""
        try:
            mail = read_mail(data, received)
        except BadMail as bad:
            return Reject(place=place, reason=str(bad), content=_shown(data))
        if folder == self.sent or self._wrote(mail):
            return to_answer(mail, self.name)
        if not mail.text or mail.automatic or mail.report:
            return None
        return to_mention(mail, self.name, self.brand, self.channel)

    def _wrote(self, mail: Mail) -> bool:
        """Whether the mailbox's owner wrote it: a copy that was sent to himself."""
        return mail.address is not None and mail.address.casefold() == self.username.casefold()

    @contextmanager
    def _session(self) -> Iterator["BaseMailBox"]:
        """The mailbox, logged in. Raises CollectorError for all that goes wrong with it inside."""
        failures = _failures()
        late = threading.Event()
        try:
            box = self._connected()
            alarm = threading.Timer(DEADLINE_SECONDS, _cut, (box, late))
            alarm.daemon = True
            alarm.start()
            try:
                self._log_in(box)
                yield box
                with suppress(*failures):
                    box.client.logout()
            finally:
                alarm.cancel()
                with suppress(OSError):
                    box.client.shutdown()
        except failures as error:
            raise self._trouble(error, late.is_set()) from None

    def _connected(self) -> "BaseMailBox":
        import ssl  # noqa: PLC0415

        from imap_tools import MailBox, MailBoxUnencrypted  # noqa: PLC0415

        if self.security is Security.NONE:
            return MailBoxUnencrypted(self.host, self.port, self.http.read_seconds)
        tls = ssl.create_default_context()  # without one, imaplib trusts any certificate
        return MailBox(self.host, self.port, self.http.read_seconds, ssl_context=tls)

    def _log_in(self, box: "BaseMailBox") -> None:
        from imaplib import IMAP4  # noqa: PLC0415

        from imap_tools import MailboxLoginError  # noqa: PLC0415

        plain = self.username.isascii() and self.password.isascii()
        try:
            (box.login if plain else box.login_utf8)(self.username, self.password, None)
        except IMAP4.abort:
            raise
        except (IMAP4.error, MailboxLoginError) as error:
            busy = self._if_busy(str(error))
            words = (
                f"{self._asked} does not accept `username` and `password`; many providers want a"
                " password made for this use"
            )
            raise busy or CollectorError(words, kind=Trouble.CREDENTIALS) from None

    def _open(self, box: "BaseMailBox", folder: str) -> tuple[str, int]:
        """Open a folder for reading only: its UIDVALIDITY, and how many mails are in it."""
        from imap_tools import MailboxFolderSelectError  # noqa: PLC0415

        try:
            _, counted = box.folder.set(folder, readonly=True)
        except MailboxFolderSelectError as error:
            raise self._if_busy(str(error)) or self._closed(box, folder, str(error)) from None
        _, found = box.client.response("UIDVALIDITY")
        validity = found[0] if found and isinstance(found[0], bytes) else b"none"
        return validity.decode("ascii", "replace"), int(counted[0] or 0)

    def _closed(self, box: "BaseMailBox", folder: str, said: str) -> CollectorError:
        """Why a folder does not open: it is not ours to read (RFC 5530), or not there."""
        if "[NOPERM]" in said.upper():
            words = f"{self._asked} does not let us open the folder {folder!r}; ask for the right"
            return CollectorError(words, kind=Trouble.CREDENTIALS)
        words = f"{self._asked} has no folder {folder!r} for us{_hint(box, folder, self.sent)}"
        return CollectorError(words, kind=Trouble.SETTINGS)

    def _trouble(self, error: Exception, late: bool) -> CollectorError:
        """What a failure means. Nothing of what the server said is repeated."""
        from imaplib import IMAP4  # noqa: PLC0415

        from imap_tools import UnexpectedCommandStatusError  # noqa: PLC0415

        if late:
            words = f"{self._asked} took longer than {DEADLINE_SECONDS:g} s"
            return CollectorError(words, kind=Trouble.NETWORK)
        if isinstance(error, OSError):
            return self._no_way(error)
        said = str(error)
        if busy := self._if_busy(said):
            return busy
        if isinstance(error, UnexpectedCommandStatusError):
            words = f"{self._asked} refused to show its mails"
            return CollectorError(words, kind=Trouble.SERVER)
        if isinstance(error, IMAP4.error) and "BYE" in said:
            return CollectorError(f"{self._asked} sent us away", kind=Trouble.SERVER)
        if isinstance(error, IMAP4.abort) and "unexpected response" not in said:
            words = f"{self._asked} hung up before the answer was complete"
            return CollectorError(words, kind=Trouble.NETWORK)
        words = f"{self._asked} answered something that is no IMAP we understand"
        return CollectorError(words, kind=Trouble.SHAPE)

    def _no_way(self, error: OSError) -> CollectorError:
        import socket  # noqa: PLC0415
        import ssl  # noqa: PLC0415

        words = None
        if isinstance(error, socket.gaierror):
            words = "cannot be found: its name leads nowhere"
        elif isinstance(error, ssl.SSLCertVerificationError):
            words = "has a certificate that cannot be trusted"
        elif isinstance(error, ssl.SSLError):
            words = f"does not speak TLS on port {self.port}"
        if words is None:
            return to_error(error, asked=self._asked, now=None)
        return CollectorError(f"{self._asked} {words}", kind=Trouble.NETWORK)

    def _if_busy(self, said: str) -> CollectorError | None:
        """Where a refusal is one for now, by the codes of RFC 5530 or what is usual."""
        if _BUSY.search(said):
            return CollectorError(f"{self._asked} was asked too often", kind=Trouble.RATE)
        if _DOWN.search(said):
            words = f"{self._asked} has a trouble of its own"
            return CollectorError(words, kind=Trouble.SERVER)
        return None

    @property
    def _asked(self) -> str:
        return f"the mailbox at {self.host}"


def _failures() -> tuple[type[Exception], ...]:
    """What imaplib and imap-tools raise for a server's answers, whatever these are."""
    from imaplib import IMAP4  # noqa: PLC0415

    from imap_tools import ImapToolsError  # noqa: PLC0415

    return (IMAP4.error, ImapToolsError, OSError, ValueError, TypeError, LookupError)


def _cut(box: "BaseMailBox", late: threading.Event) -> None:
    import socket  # noqa: PLC0415

    late.set()
    with suppress(OSError):
        socket.socket.shutdown(box.client.sock, socket.SHUT_RDWR)  # beneath TLS, which would wait


def _hint(box: "BaseMailBox", folder: str, sent: str) -> str:
    """Which folder the server itself marks as the one of sent mails."""
    if folder != sent:
        return ""
    marked = [one.name for one in box.folder.list() if r"\Sent" in one.flags]
    return f"; sent mails are in {marked[0]!r}" if marked else '; set `sent` to its name, or to ""'


def _start(box: "BaseMailBox", state: Mapping[str, Any], validity: str) -> int:
    """The UID up to which a folder was read.

    Where the server has given out new ones, it goes on from the day of the newest mail read; those
    of that day come once more, by the same ids.
    """
    if state.get("validity") == validity:
        return int(state["uid"])
    every_uid = _uids(box, "ALL")
    newest = state.get("newest")
    if newest is None:
        later = every_uid[-FIRST_PAGES * PAGE :]
    else:
        day = date.fromisoformat(newest) - LOOK_BACK
        later = _uids(box, f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")
    if later:
        return later[0] - 1
    return every_uid[-1] if every_uid else 0


def _uids(box: "BaseMailBox", asked: str) -> list[int]:
    return sorted(int(uid) for uid in box.uids(asked, charset=None))


def _fetched(box: "BaseMailBox", uids: Sequence[int]) -> list[tuple[int, datetime | None, bytes]]:
    """The beginnings of mails, in the order of their UIDs; what is gone by now is left out."""
    from imap_tools import MailboxFetchError  # noqa: PLC0415

    if not uids:
        return []
    asked = f"(UID INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)"
    status, answer = box.client.uid("FETCH", ",".join(map(str, uids)), asked)
    if status != "OK":
        raise MailboxFetchError((status, answer), "OK")
    found: dict[int, tuple[int, datetime | None, bytes]] = {}
    for number, item in enumerate(answer):
        if not isinstance(item, tuple):
            continue
        after = answer[number + 1] if number + 1 < len(answer) else b""
        about = item[0] + b" " + (after if isinstance(after, bytes) else b"")
        uid, received = _UID.search(about), _RECEIVED.search(about)
        if uid is not None and int(uid[1]) in uids:
            at = (
                read_moment(received[1].decode("ascii", "replace").replace("-", " ", 2))
                if received
                else None
            )
            found[int(uid[1])] = (int(uid[1]), at, item[1])
    return [found[uid] for uid in sorted(found)]


def _state(
    before: Mapping[str, Any],
    validity: str,
    uid: int,
    fetched: Sequence[tuple[int, datetime | None, bytes]],
    now: datetime,
) -> dict[str, Any]:
    """How far a folder was read: to which UID, and to which day, for when the UIDs change."""
    days = [min(at, now).date().isoformat() for _, at, _ in fetched if at is not None]
    newest = max([*days, before.get("newest", "")])
    return {"validity": validity, "uid": uid} | ({"newest": newest} if newest else {})


def _shown(data: bytes) -> str:
    return data[:2000].decode("utf-8", "replace")
