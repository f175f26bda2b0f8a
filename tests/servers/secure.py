"""The web server of scripts behind TLS: it speaks HTTP/2, and HTTP/1.1 where it is told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import trustme
from hypercorn.asyncio import serve
from hypercorn.config import Config
from requests.structures import CaseInsensitiveDict

from tests.servers.web import Asked, Step, WebServer

HOSTS = ("127.0.0.1", "localhost", "news.example")


@dataclass(frozen=True)
class Authority:
    """Signs certificates. `trusted`: the file for who is to believe it."""

    folder: Path

    @cached_property
    def _authority(self) -> trustme.CA:
        return trustme.CA()

    @cached_property
    def trusted(self) -> str:
        file = self.folder / "trusted.pem"
        self._authority.cert_pem.write_to_path(file)
        return str(file)

    def certificate(self, *hosts: str) -> str:
        """A file with the key and the certificate of some hosts."""
        file = self.folder / f"{'-'.join(hosts)}.pem"
        if not file.exists():
            self._authority.issue_cert(*hosts).private_key_and_cert_chain_pem.write_to_path(file)
        return str(file)


class SecureServer(WebServer):
    """`spoken` and `callers`: version of HTTP and connection of each question in `asked`."""

    def __init__(self, certificate: str, speaks: tuple[str, ...]) -> None:
        super().__init__()
        self.spoken: list[str] = []
        self.callers: list[int] = []  # their ports
        door = socket.create_server(("127.0.0.1", 0))
        self._door = int(door.getsockname()[1])
        config = Config()
        config.bind = [f"fd://{door.detach()}"]
        config.certfile = config.keyfile = certificate
        config.alpn_protocols = list(speaks)
        config.errorlog = None
        config.graceful_timeout = 0
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # who is cut off at the end
        self._closed = asyncio.Event()
        self._serving = threading.Thread(target=self._serve, args=(config,))
        self._serving.start()

    @property
    def port(self) -> int:
        return self._door

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"https://{host}:{self.port}{path}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closed.set)
        self._serving.join()
        super().close()

    def _serve(self, config: Config) -> None:
        with self._runner as runner:
            runner.run(serve(self._answer, config, shutdown_trigger=self._closed.wait))

    async def _answer(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        query = scope["query_string"].decode()
        asked = Asked(
            method=scope["method"],
            path=scope["path"] + (f"?{query}" if query else ""),
            headers=CaseInsensitiveDict({k.decode(): v.decode() for k, v in scope["headers"]}),
        )
        self.asked.append(asked)
        self.spoken.append(scope["http_version"])
        self.callers.append(scope["client"][1])
        await self._play(self.step_for(asked), send)

    async def _play(self, step: Step, send: Any) -> None:
        if step.silent:
            await self._closed.wait()
        headers = {"Content-Length": str(len(step.body)), **step.headers}
        coded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
        await send({"type": "http.response.start", "status": step.status, "headers": coded})
        body = step.body[: step.cut_at]
        if step.drip_seconds:
            await self._drip_body(body, step.drip_seconds, send)
        else:
            await send({"type": "http.response.body", "body": body})

    async def _drip_body(self, body: bytes, seconds: float, send: Any) -> None:
        for byte in body:
            try:
                await asyncio.wait_for(self._closed.wait(), seconds)
            except TimeoutError:
                await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            else:
                return


@contextmanager
def secure_server(
    certificate: str, speaks: tuple[str, ...] = ("h2", "http/1.1")
) -> Iterator[SecureServer]:
    server = SecureServer(certificate, speaks)
    try:
        yield server
    finally:
        server.close()
