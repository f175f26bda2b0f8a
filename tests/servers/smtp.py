"""A real SMTP server that keeps what it takes, and goes wrong when told to.

As a process: python -m tests.servers.smtp --ledger FILE; it prints its port.
"""

import argparse
import asyncio
import json
import signal
import ssl
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Fault(StrEnum):
    LATER_RCPT = "451 4.3.0 try again later"
    NO_SUCH_USER = "550 5.1.1 nobody of that name"
    LATER_DATA = "452 4.2.2 mailbox full"
    BUSY = "421 4.3.2 closing"
    REFUSE_DATA = "554 5.7.1 refused as spam"
    DROP_AFTER_DATA = "drop"  # taken, and the connection lost before the answer


_AT_RCPT = frozenset({Fault.LATER_RCPT, Fault.NO_SUCH_USER})


@dataclass(frozen=True)
class Mail:
    sender: str
    to: tuple[str, ...]
    message: EmailMessage
    raw: bytes = b""  # as it came


class SmtpServer:
    """Start it, send to `port` on 127.0.0.1, and read `mails`.

    `login` asks for this user and password; `tls` offers STARTTLS, or with `implicit_tls` speaks
    TLS from the first byte. `unknown` addresses are refused for good.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        ledger: Path | None = None,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        unknown: Sequence[str] = (),
    ) -> None:
        self.mails: list[Mail] = []
        self.unknown = frozenset(unknown)
        self.stopping = threading.Event()
        self._ledger = ledger
        self._login = login
        self._tls = tls
        self._implicit_tls = implicit_tls
        self._wanted_port = port
        self._faults: deque[Fault] = deque()
        self._loop = asyncio.new_event_loop()
        self._sessions: set[SMTP] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def messages(self) -> list[EmailMessage]:
        return [mail.message for mail in self.mails]

    def next(self, *faults: Fault) -> None:
        """Let these meet the next mails."""
        self._faults.extend(faults)

    def start(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def stop(self) -> None:
        self.stopping.set()
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # What aiosmtpd asks

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return Fault.NO_SUCH_USER.value
        if self._faults and self._faults[0] in _AT_RCPT:
            return self._faults.popleft().value
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self._faults.popleft() if self._faults else None
        if fault is not None and fault is not Fault.DROP_AFTER_DATA:
            return fault.value
        self._keep(envelope)
        if fault is not None:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    async def handle_exception(self, error: Exception) -> str:
        return f"451 4.3.0 {type(error).__name__}"

    def _keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=SMTP_POLICY)
        assert isinstance(message, EmailMessage)
        mail = Mail(str(envelope.mail_from), tuple(envelope.rcpt_tos), message, envelope.content)
        if self._ledger is not None:
            line = {"id": message["Message-ID"], "to": mail.to, "subject": message["Subject"]}
            with self._ledger.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.mails.append(mail)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert self._login is not None
        user, password = self._login
        given = isinstance(data, LoginPassword) and (data.login, data.password)
        right = given == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    def _session(self) -> SMTP:
        made = SMTP(
            self,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=None if self._implicit_tls else self._tls,
            auth_require_tls=False,
            authenticator=self._authenticate if self._login else None,
            loop=self._loop,
        )
        self._sessions.add(made)
        return made

    async def _open(self) -> None:
        self._server = await self._loop.create_server(
            self._session,
            "127.0.0.1",
            self._wanted_port,
            ssl=self._tls if self._implicit_tls else None,
        )

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for session in self._sessions:
            if isinstance(session.transport, asyncio.Transport):
                session.transport.abort()
        await asyncio.sleep(0.01)
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.servers.smtp")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    given = parser.parse_args(arguments)
    server = SmtpServer(port=given.port, ledger=given.ledger)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stopping.set())
    with server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        server.stopping.wait()


if __name__ == "__main__":
    main()
