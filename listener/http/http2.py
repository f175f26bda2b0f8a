"""A question by HTTP/2, on a connection that urllib3 opened and whose certificate it checked.

What urllib3 itself has of HTTP/2 is an experiment: it waits for the whole body, of any size.
"""

import io
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.connection import HTTPSConnection

_CHUNK = 65_535
_STREAM = 1  # the only one: a connection is asked once
_HEAD_BYTES = 9  # of a frame
_GOAWAY = 7  # a kind of frame
_OF_HTTP_1: Final = frozenset({"connection", "host", "keep-alive", "transfer-encoding"})


class _Context(ssl.SSLContext):
    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2", *alpn_protocols])


def offering_http2() -> ssl.SSLContext:
    """For TLS that offers HTTP/2 before what urllib3 offers, which it takes from a constant."""
    return _Context(ssl.PROTOCOL_TLS_CLIENT)


class Http2Connection(HTTPSConnection):
    """Asks by HTTP/2 where the server chose it, and by HTTP/1.1 where not. Sends no bodies."""

    _stream: "_Stream | None" = None
    _asked = ("", "")

    def request(  # type: ignore[override]  # as in urllib3
        self,
        method: str,
        url: str,
        body: None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        self._stream = None
        if not isinstance(self.sock, ssl.SSLSocket) or self.sock.selected_alpn_protocol() != "h2":
            super().request(method, url, body, headers, **options)
            return
        assert body is None
        host = f"[{self.host}]" if ":" in self.host else self.host
        head = {
            ":method": method,
            ":scheme": "https",
            ":authority": host if self.port == self.default_port else f"{host}:{self.port}",
            ":path": url,
        }
        rest = {name.lower(): text for name, text in (headers or {}).items()}
        self._asked = (method, url)
        self._stream = _Stream(self.sock)
        self._stream.ask({**head, **{k: v for k, v in rest.items() if k not in _OF_HTTP_1}})

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        if self._stream is None:
            return super().getresponse()
        assert self.sock is not None
        self.sock.settimeout(self.timeout)
        status, headers = self._stream.head()
        method, url = self._asked
        return HTTPResponse(
            body=io.BufferedReader(self._stream),
            headers=headers,
            status=status,
            version=20,
            version_string="HTTP/2",
            preload_content=False,
            request_method=method,
            request_url=url,
        )


class _Stream(io.RawIOBase):
    """The body of one answer, as it comes. Raises OSError where it does not come whole."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._h2 = H2Connection(H2Configuration(client_side=True))
        self._h2.local_settings = Settings(initial_values={SettingCodes.ENABLE_PUSH: 0})
        self._head: tuple[int, HTTPHeaderDict] | None = None
        self._came = bytearray()
        self._body = bytearray()
        self._ended = False

    def ask(self, headers: Mapping[str, str]) -> None:
        self._h2.initiate_connection()
        self._h2.send_headers(_STREAM, list(headers.items()), end_stream=True)
        self._sock.sendall(self._h2.data_to_send())

    def head(self) -> tuple[int, HTTPHeaderDict]:
        """The status and the headers, once they have come."""
        while self._head is None:
            self._receive()
        return self._head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._body and not self._ended:
            self._receive()
        count = min(len(buffer), len(self._body))
        buffer[:count] = self._body[:count]
        del self._body[:count]
        return count

    def _receive(self) -> None:
        came = self._sock.recv(_CHUNK)
        if not came:
            raise ConnectionError("the connection ended before the answer did")
        self._came += came
        try:
            for frame in self._frames():
                for event in self._h2.receive_data(frame):
                    self._take(event)
        except (H2Error, ValueError) as error:
            raise ConnectionError("the answer is no HTTP/2") from error
        with suppress(OSError):  # a server may close once it has answered; the next read tells
            self._sock.sendall(self._h2.data_to_send())

    def _frames(self) -> Iterator[bytes]:
        """What came, without the farewells of a server that still answers: h2 would hear nothing
        after one (python-hyper/h2#1181)."""
        while len(self._came) >= _HEAD_BYTES:
            size = _HEAD_BYTES + int.from_bytes(self._came[:3])
            if size > _HEAD_BYTES + self._h2.max_inbound_frame_size:
                raise ConnectionError("the answer is no HTTP/2")
            if len(self._came) < size:
                return
            frame = bytes(self._came[:size])
            del self._came[:size]
            if frame[3] != _GOAWAY:
                yield frame
            elif not self._ended and (any(frame[13:17]) or not any(frame[9:13])):  # why, the last
                raise ConnectionError("the server broke off the connection")

    def _take(self, event: events.Event) -> None:
        match event:
            case events.ResponseReceived(headers=headers):
                self._head = _read(headers)
            case events.DataReceived(data=data, flow_controlled_length=length):
                self._body += data
                self._h2.acknowledge_received_data(length, _STREAM)
            case events.StreamEnded():
                self._ended = True
            case events.StreamReset():
                raise ConnectionError("the server broke off the answer")


def _read(headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, HTTPHeaderDict]:
    found = HTTPHeaderDict()
    status = 0
    for name, text in headers:
        if name == b":status":
            status = int(text)
        else:
            found.add(name.decode("latin-1"), text.decode("latin-1"))
    return status, found
