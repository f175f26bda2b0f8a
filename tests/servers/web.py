"""A web server of scripts: each path answers with its steps one after another, or by a function."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Step:
    """One answer. `cut_at`: hang up after so many bytes of the body; `drip_seconds`: the pause
    before every byte; `etag`: answer 304 to who has it; `silent`: say nothing until closed."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    cut_at: int | None = None
    drip_seconds: float = 0.0
    drip_head: bool = False
    silent: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question: `path` with its query, `body` as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


Route = Callable[[Asked], Step]


def as_json(value: Any, *, status: int = 200, **headers: str) -> Step:
    """An answer in JSON; `headers` with underscores for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Step(
        status=status,
        body=json.dumps(value).encode(),
        headers={"Content-Type": "application/json", **named},
    )


def gzipped(body: bytes, **headers: str) -> Step:
    return Step(body=gzip.compress(body), headers={"Content-Encoding": "gzip", **headers})


class WebServer:
    """`steps[path]` are given in turn, the last one for ever after; `asked` is the ledger.

    `routes[path]`, without a query, answers by a function. `failing` answers everything instead.
    """

    def __init__(self) -> None:
        self.steps: dict[str, list[Step]] = {}
        self.routes: dict[str, Route] = {}
        self.failing: Step | None = None
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(
                    method=self.command,
                    path=self.path,
                    headers=dict(self.headers.items()),
                    body=body,
                )
                owner.asked.append(asked)
                try:
                    owner.answer(self, owner.step_for(asked))
                except OSError:
                    self.close_connection = True  # the client had enough

            do_POST = do_GET  # noqa: N815  # the name that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def step_for(self, asked: Asked) -> Step:
        if self.failing is not None:
            return self.failing
        if asked.route in self.routes:
            return self.routes[asked.route](asked)
        steps = self.steps.get(asked.path) or [Step(status=404)]
        return steps.pop(0) if len(steps) > 1 else steps[0]

    def play(self, *steps: Step, path: str = "/feed") -> str:
        """Script a path, and say its address."""
        self.steps[path] = list(steps)
        return self.url(path)

    def answer(self, handler: BaseHTTPRequestHandler, step: Step) -> None:
        handler.close_connection = True
        if step.silent:
            self.closing.wait(30)
            return
        if step.etag and handler.headers.get("If-None-Match") == step.etag:
            handler.send_response(304)
            handler.send_header("ETag", step.etag)
            handler.end_headers()
            return
        if step.drip_head:
            self._drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000, step.drip_seconds)
            return
        handler.send_response(step.status)
        handler.send_header("Content-Length", str(len(step.body)))
        if step.etag:
            handler.send_header("ETag", step.etag)
        for name, value in step.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        body = step.body if step.cut_at is None else step.body[: step.cut_at]
        if step.drip_seconds:
            self._drip(handler, body, step.drip_seconds)
        else:
            handler.wfile.write(body)

    def _drip(self, handler: BaseHTTPRequestHandler, body: bytes, seconds: float) -> None:
        for byte in body:
            if self.closing.wait(seconds):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def web_server() -> Iterator[WebServer]:
    server = WebServer()
    try:
        yield server
    finally:
        server.close()
