"""A real IMAP4rev1 server for one mailbox, which goes wrong when told to. On loopback only.

It knows what a reader needs: CAPABILITY, NOOP, LOGIN, AUTHENTICATE PLAIN, LIST, SELECT, EXAMINE,
UID SEARCH, UID FETCH and LOGOUT. What changes a mailbox is refused, and counted in `changes`.
"""

import base64
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO

# fmt: off
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# fmt: on
RECEIVED = datetime(2026, 11, 22, 10, tzinfo=UTC)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_BODY = re.compile(r"BODY(\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?")


def a_mail(number: int = 1, text: str = "Where is my parcel?", **headers: str) -> bytes:
    """A customer's mail, as CRLF bytes; headers with underscores for hyphens, "" to leave out."""
    given = {
        "From": "ann@mail.example",
        "To": "help@acme.example",
        "Subject": "Parcel",
        "Date": "Sun, 22 Nov 2026 09:00:00 +0000",
        "Message-ID": f"<{number}@mail.example>",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"{head}\r\n{text}".encode()


@dataclass
class Kept:
    """A mail as the server holds it. `seen`: somebody has read it without PEEK."""

    uid: int
    data: bytes
    received: datetime
    seen: bool = False


@dataclass
class Folder:
    validity: int = 1
    flags: str = r"\HasNoChildren"
    mails: list[Kept] = field(default_factory=list)
    next_uid: int = 1

    def add(self, data: bytes, received: datetime = RECEIVED) -> Kept:
        mail = Kept(self.next_uid, data, received)
        self.next_uid += 1
        self.mails.append(mail)
        return mail

    def renumber(self) -> None:
        """Give out new UIDs, as a server does that was restored."""
        self.validity += 1
        for number, mail in enumerate(self.mails, 1):
            mail.uid = number
        self.next_uid = len(self.mails) + 1


@dataclass(frozen=True)
class Fault:
    """What is done instead of answering a command.

    `says`: this, for the answer's status and words. `raw`: these bytes, as they are. `cut_after`:
    hang up after so many bytes of the answer. None of them: silence until closed.
    """

    says: str = ""
    raw: bytes = b""
    cut_after: int | None = None


class ImapServer:
    """`folders` hold the mails, `asked` what was asked. `faults[command]` replace the answers to
    a command, "GREETING" for the first words."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.user, self.password = "help@acme.example", 'pa"ss\\word'
        self.folders = {"INBOX": Folder(validity=7), "Sent": Folder(validity=9, flags=r"\Sent")}
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self.changes = 0
        self.uid_last = False  # some servers tell the UID after the mail
        self.closing = threading.Event()
        self.tls = tls
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with suppress(OSError):  # the client had enough
                    _Talk(owner, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Quiet."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    @property
    def sent(self) -> Folder:
        return self.folders["Sent"]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def imap_server(*, tls: ssl.SSLContext | None = None) -> Iterator[ImapServer]:
    server = ImapServer(tls=tls)
    try:
        yield server
    finally:
        server.close()


class _HungUp(OSError):  # noqa: N818  # an end, said as one
    """The talk is over."""


class _Talk:
    """One connection, from the greeting to its end."""

    def __init__(self, owner: ImapServer, request: socket.socket) -> None:
        self._owner = owner
        self._socket = owner.tls.wrap_socket(request, server_side=True) if owner.tls else request
        self._file: IO[bytes] = self._socket.makefile("rb")
        self._known = False
        self._folder: Folder | None = None
        self._read_only = True

    def run(self) -> None:
        try:
            self._answer("GREETING", b"", lambda: self._send(b"* OK ready\r\n"))
            while line := self._file.readline(65_536):
                self._command(line.rstrip(b"\r\n").decode("utf-8", "replace"))
        finally:
            self._file.close()
            if self._owner.tls:
                self._socket.close()

    def _command(self, line: str) -> None:
        tag, _, rest = line.partition(" ")
        name, _, words = rest.partition(" ")
        name = name.upper()
        if name == "UID":
            verb, _, words = words.partition(" ")
            name = f"UID {verb.upper()}"
        self._owner.asked.append(name if name in ("LOGIN", "AUTHENTICATE") else f"{name} {words}")
        answers: dict[str, Callable[[str, str], None]] = {
            "CAPABILITY": self._capability,
            "NOOP": lambda tag, words: self._ok(tag),
            "LOGIN": self._login,
            "AUTHENTICATE": self._authenticate,
            "LIST": self._list,
            "SELECT": self._select,
            "EXAMINE": self._examine,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "LOGOUT": self._logout,
        }
        answer = answers.get(name)
        if answer is None:
            self._owner.changes += 1
            self._say(f"{tag} BAD no such command")
        elif not self._known and name not in ("CAPABILITY", "LOGIN", "AUTHENTICATE", "LOGOUT"):
            self._say(f"{tag} BAD log in first")
        else:
            self._answer(name, tag.encode(), lambda: answer(tag, words))

    def _answer(self, name: str, tag: bytes, act: Callable[[], None]) -> None:
        fault = self._owner.faults.get(name)
        if fault is None:
            act()
        elif fault.says:
            self._send((tag or b"*") + b" " + fault.says.encode() + b"\r\n")
        elif fault.raw:
            self._send(fault.raw.replace(b"TAG", tag))
        elif fault.cut_after is not None:
            whole = self._socket
            self._socket = _Short(whole, fault.cut_after)  # type: ignore[assignment]
            act()
        else:
            self._owner.closing.wait(30)
            raise _HungUp

    def _capability(self, tag: str, words: str) -> None:
        self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        self._ok(tag)

    def _login(self, tag: str, words: str) -> None:
        self._enter(tag, _words(words))

    def _authenticate(self, tag: str, words: str) -> None:
        self._say("+ ")
        given = base64.b64decode(self._file.readline(65_536)).decode()
        self._enter(tag, given.split("\0")[1:])

    def _enter(self, tag: str, given: list[str]) -> None:
        self._known = given == [self._owner.user, self._owner.password]
        if self._known:
            self._ok(tag)
        else:
            self._say(
                f"{tag} NO [AUTHENTICATIONFAILED] no such user as {given[0]} with {given[-1]}"
            )

    def _list(self, tag: str, words: str) -> None:
        for name, folder in self._owner.folders.items():
            self._say(f'* LIST ({folder.flags}) "/" "{name}"')
        self._ok(tag)

    def _select(self, tag: str, words: str) -> None:
        self._open(tag, words, read_only=False)

    def _examine(self, tag: str, words: str) -> None:
        self._open(tag, words, read_only=True)

    def _open(self, tag: str, words: str, *, read_only: bool) -> None:
        self._folder = self._owner.folders.get(_words(words)[0])
        if self._folder is None:
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self._read_only = read_only
        self._say(r"* FLAGS (\Seen \Deleted)")
        self._say(f"* {len(self._folder.mails)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {self._folder.validity}] these are valid")
        self._say(f"* OK [UIDNEXT {self._folder.next_uid}] is next")
        self._say(f"{tag} OK [{'READ-ONLY' if read_only else 'READ-WRITE'}] opened")

    def _search(self, tag: str, words: str) -> None:
        if self._folder is None:
            self._say(f"{tag} BAD open a folder first")
            return
        found = list(self._folder.mails)
        asked = words.split()
        while asked:
            key = asked.pop(0).upper()
            if key == "UID":
                wanted = _numbers(asked.pop(0), self._folder)
                found = [mail for mail in found if mail.uid in wanted]
            elif key == "SINCE":
                day = _day(asked.pop(0))
                found = [mail for mail in found if mail.received.date() >= day]
            elif key != "ALL":
                self._say(f"{tag} BAD do not know {key}")
                return
        self._say(" ".join(["* SEARCH", *(str(mail.uid) for mail in found)]))
        self._ok(tag)

    def _fetch(self, tag: str, words: str) -> None:
        if self._folder is None:
            self._say(f"{tag} BAD open a folder first")
            return
        numbers, _, items = words.partition(" ")
        wanted = _numbers(numbers, self._folder)
        for sequence, mail in enumerate(self._folder.mails, 1):
            if mail.uid in wanted:
                self._tell(sequence, mail, items)
        self._ok(tag)

    def _tell(self, sequence: int, mail: Kept, items: str) -> None:
        about = [f"UID {mail.uid}"]
        if "INTERNALDATE" in items:
            at = mail.received
            about.append(
                f'INTERNALDATE "{at.day:2d}-{MONTHS[at.month - 1]}-{at.year:04d} {at:%H:%M:%S %z}"'
            )
        if "RFC822.SIZE" in items:
            about.append(f"RFC822.SIZE {len(mail.data)}")
        body = _BODY.search(items)
        if body is None:
            self._say(f"* {sequence} FETCH ({' '.join(about)})")
            return
        peeked, begin, length = body.groups()
        mail.seen = mail.seen or not (peeked or self._read_only)
        data = mail.data if begin is None else mail.data[int(begin) :][: int(length)]
        origin = "" if begin is None else f"<{begin}>"
        before, after = (about[1:], f" {about[0]}") if self._owner.uid_last else (about, "")
        head = " ".join([*before, f"BODY[]{origin} {{{len(data)}}}"])
        tail = f"{after})\r\n".encode()
        self._send(f"* {sequence} FETCH ({head}\r\n".encode() + data + tail)

    def _logout(self, tag: str, words: str) -> None:
        self._say("* BYE until then")
        self._ok(tag)
        raise _HungUp

    def _ok(self, tag: str) -> None:
        self._say(f"{tag} OK done")

    def _say(self, line: str) -> None:
        self._send(line.encode() + b"\r\n")

    def _send(self, data: bytes) -> None:
        self._socket.sendall(data)


class _Short:
    """A socket that takes so many bytes more, and then is lost."""

    def __init__(self, whole: socket.socket, left: int) -> None:
        self._whole = whole
        self._left = left

    def sendall(self, data: bytes) -> None:
        self._whole.sendall(data[: self._left])
        self._left -= len(data)
        if self._left <= 0:
            raise _HungUp

    def close(self) -> None:
        self._whole.close()


def _words(text: str) -> list[str]:
    """The strings of a command, quoted or not."""
    return [
        re.sub(r"\\(.)", r"\1", quoted) if quoted or not plain else plain
        for quoted, plain in _WORD.findall(text)
    ]


def _numbers(text: str, folder: Folder) -> set[int]:
    """A set of UIDs: where `*` stands the last one is always meant, and ranges go both ways."""
    last = max((mail.uid for mail in folder.mails), default=0)
    found: set[int] = set()
    for part in text.split(","):
        ends = [last if end == "*" else int(end) for end in part.split(":")]
        found.update(range(min(ends), max(ends) + 1))
    return found


def _day(text: str) -> date:
    day, month, year = text.strip('"').split("-")
    return date(int(year), MONTHS.index(month) + 1, int(day))
