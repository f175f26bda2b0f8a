"""Bytes to the site and back, over sockets of our own: what no client library would send."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from listener.clock import monotonic

NOTHING, LATE = 0, -1  # closed without an answer; none within the time


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered. `status` may be NOTHING or LATE."""

    status: int
    head: str
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{re.escape(name)}:[ \t]*([^\r\n]*)", self.head)
        return found[1] if found else ""

    @property
    def names(self) -> set[str]:
        """The names of its headers, in lower case."""
        return {one.partition(":")[0].lower() for one in self.head.split("\r\n")[1:] if one}


def connected(port: int, seconds: float = 20.0) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=seconds)


def request(
    port: int, method: str, target: str | bytes, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    """As HTTP/1.1 writes it; Host and Content-Length are ours where nobody says otherwise."""
    given = {name.lower() for name in headers}
    lines = dict(headers)
    if "host" not in given:
        lines["host"] = f"127.0.0.1:{port}"
    if "connection" not in given:
        lines["connection"] = "close"
    if (body or method == "POST") and not given & {"content-length", "transfer-encoding"}:
        lines["content-length"] = str(len(body))
    path = target if isinstance(target, bytes) else target.encode("utf-8", "surrogatepass")
    head = b"".join(
        f"{name}: {value}\r\n".encode("utf-8", "surrogatepass") for name, value in lines.items()
    )
    return method.encode() + b" " + path + b" HTTP/1.1\r\n" + head + b"\r\n" + body


def said(
    port: int,
    method: str,
    target: str | bytes,
    headers: Mapping[str, str],
    body: bytes = b"",
    seconds: float = 20.0,
) -> Told:
    return told(port, request(port, method, target, headers, body), seconds)


def told(port: int, data: bytes, seconds: float = 20.0) -> Told:
    """Send, and read until the other side closes; a server that stops reading is not waited for."""
    began = monotonic()
    got = b""
    late = False
    with connected(port, seconds) as wire:
        try:
            wire.sendall(data)
        except TimeoutError:
            late = True
        except OSError:
            pass  # it has closed; what it said is read all the same
        try:
            while not late and (part := wire.recv(65536)):
                got += part
                late = monotonic() > began + seconds
        except TimeoutError:
            late = True
        except OSError:
            pass
    return read(got, monotonic() - began, late=late)


def read(got: bytes, took: float, *, late: bool = False) -> Told:
    head, _, body = got.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    status = int(found[1]) if found else LATE if late else NOTHING
    return Told(status, head.decode("latin-1"), body, took)
