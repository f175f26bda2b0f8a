"""HTTP/2: when it is spoken, whom it trusts, and what may go wrong on the way of an answer.

What every answer must promise, of either version, is in test_http.py.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived
from hyperframe.frame import GoAwayFrame, RstStreamFrame

from listener.errors import Trouble
from listener.http import USER_AGENT, Http, HttpError, Reply, not_before
from tests.servers.secure import HOSTS, Authority, SecureServer, secure_server
from tests.servers.web import Asked, Step, web_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OK = [(":status", "200"), ("content-type", "text/plain")]
Answer = Callable[[H2Connection], bytes]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(authority: Authority) -> Iterator[SecureServer]:
    with secure_server(authority.certificate(*HOSTS)) as running:
        yield running


def get(url: str, authority: Authority, *, http2: bool = True) -> Reply:
    return Http(trusted=authority.trusted).get(url, public_only=False, http2=http2)


def test_http2_is_spoken_where_it_is_asked_for(server: SecureServer, authority: Authority) -> None:
    url = server.play(Step(body=b"hello"), path="/feed?a=1&b=%20")
    assert get(url, authority).body == b"hello"
    assert get(url, authority, http2=False).body == b"hello"
    assert server.spoken == ["2", "1.1"]
    for asked in server.asked:
        assert asked.headers["User-Agent"] == USER_AGENT
        assert asked.headers["Host"] == f"127.0.0.1:{server.port}"
        assert asked.path == "/feed?a=1&b=%20"


def test_a_server_that_refuses_http_1_is_read(server: SecureServer, authority: Authority) -> None:
    def only_http2(asked: Asked) -> Step:
        return Step(body=b"welcome") if server.spoken[-1] == "2" else Step(status=403)

    server.routes["/feed"] = only_http2
    assert get(server.url(), authority, http2=False).status == 403
    assert get(server.url(), authority).body == b"welcome"


def test_a_server_that_speaks_only_http_1_is_read(authority: Authority) -> None:
    with secure_server(authority.certificate(*HOSTS), speaks=("http/1.1",)) as old:
        assert get(old.play(Step(body=b"hello")), authority).body == b"hello"
        assert old.spoken == ["1.1"]


def test_a_plain_address_is_asked_by_http_1(authority: Authority) -> None:
    with web_server() as plain:
        assert get(plain.play(Step(body=b"hello")), authority).body == b"hello"


def test_a_redirect_may_lead_from_one_version_to_the_other(
    server: SecureServer, authority: Authority
) -> None:
    with secure_server(authority.certificate(*HOSTS), speaks=("http/1.1",)) as old:
        url = server.play(Step(status=302, headers={"Location": old.url("/there")}))
        old.play(Step(status=302, headers={"Location": server.url("/home")}), path="/there")
        server.play(Step(body=b"home"), path="/home")
        assert get(url, authority).body == b"home"
        assert (server.spoken, old.spoken) == (["2", "2"], ["1.1"])


def test_what_a_server_says_of_waiting_is_there(server: SecureServer, authority: Authority) -> None:
    headers = {"X-RateLimit-Remaining": "0.0", "X-RateLimit-Reset": "37"}
    reply = get(server.play(Step(status=429, headers=headers, body=b"slowly")), authority)
    assert (reply.status, reply.body) == (429, b"slowly")
    assert reply.headers["x-ratelimit-remaining"] == "0.0"
    assert not_before(reply.headers, NOW) == timedelta(seconds=37)


def test_a_large_answer_is_read_whole(server: SecureServer, authority: Authority) -> None:
    body = b"0123456789" * 300_000  # many times what a server may send before we take it in
    assert get(server.play(Step(body=body)), authority).body == body


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_is_read(
    server: SecureServer, authority: Authority, status: int
) -> None:
    reply = get(server.play(Step(status=status, headers={"ETag": '"a"'})), authority)
    assert (reply.status, reply.body, reply.headers["ETag"]) == (status, b"", '"a"')


@pytest.mark.parametrize("http2", [True, False])
def test_a_certificate_of_somebody_else_is_not_believed(authority: Authority, http2: bool) -> None:
    with secure_server(authority.certificate("other.example")) as other:
        url = other.play(Step(body=b"trust me"))
        with pytest.raises(HttpError, match="certificate that cannot be trusted") as caught:
            get(url, authority, http2=http2)
        assert (caught.value.kind, caught.value.reached) == (Trouble.NETWORK, False)
        assert other.asked == []


@pytest.mark.parametrize("http2", [True, False])
def test_a_certificate_by_an_unknown_authority_is_not_believed(
    server: SecureServer, http2: bool
) -> None:
    with pytest.raises(HttpError, match="certificate that cannot be trusted"):
        Http().get(server.play(Step(body=b"trust me")), public_only=False, http2=http2)
    assert server.asked == []


class Wire:
    """Answers one question over TLS with what a function makes, and hangs up unless it `stays`;
    then it listens until the other side is gone."""

    def __init__(self, certificate: str, answer: Answer, *, stays: bool = True) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._context.set_alpn_protocols(["h2"])
        self._answer = answer
        self._stays = stays
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._door.getsockname()[1]}/feed"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def left(self) -> bool:
        """Whether the other side closed its connection."""
        self._thread.join(10)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        with self._door, self._context.wrap_socket(self._door.accept()[0], server_side=True) as tls:
            connection = H2Connection(H2Configuration(client_side=False))
            connection.initiate_connection()
            events: list[object] = []
            while not any(isinstance(event, RequestReceived) for event in events):
                events = list(connection.receive_data(tls.recv(65_535)))
            tls.sendall(self._answer(connection))
            if not self._stays:
                socket.socket.shutdown(tls, socket.SHUT_WR)
            with suppress(ConnectionResetError):
                while socket.socket.recv(tls, 65_535):  # below TLS, which the hanging up broke
                    continue


def begun(connection: H2Connection) -> bytes:
    connection.send_headers(1, OK)
    connection.send_data(1, b"the beginning")
    return connection.data_to_send()


def ended(connection: H2Connection) -> bytes:
    connection.send_data(1, b", the end", end_stream=True)
    return connection.data_to_send()


def cut(connection: H2Connection) -> bytes:
    return begun(connection)


def cut_within_a_frame(connection: H2Connection) -> bytes:
    return begun(connection)[:-3]


def without_a_word(connection: H2Connection) -> bytes:
    return b""


def broken_off(connection: H2Connection) -> bytes:
    sent = begun(connection)
    connection.reset_stream(1, ErrorCodes.INTERNAL_ERROR)
    return sent + connection.data_to_send()


def gone_in_anger(connection: H2Connection) -> bytes:
    sent = begun(connection)
    connection.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
    return sent + connection.data_to_send()


def gone_before(connection: H2Connection) -> bytes:
    connection.close_connection(last_stream_id=0)
    return connection.data_to_send()


def in_plain_words(connection: H2Connection) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def without_a_status(connection: H2Connection) -> bytes:
    return begun(connection).replace(b"\x88", b"\x84")  # what stands for 200, and for a path


def with_a_status_in_words(connection: H2Connection) -> bytes:
    connection.send_headers(1, [(":status", "fine")])
    return connection.data_to_send()


def with_endless_headers(connection: H2Connection) -> bytes:
    connection.send_headers(1, [*OK, *((f"x-{n}", "x" * 1000) for n in range(100))])
    return connection.data_to_send()


@pytest.mark.parametrize("answer", [cut, cut_within_a_frame, without_a_word])
def test_an_answer_that_is_cut_is_an_error(authority: Authority, answer: Answer) -> None:
    expect_no_answer(Wire(authority.certificate(*HOSTS), answer, stays=False), authority)


@pytest.mark.parametrize(
    "answer",
    [
        broken_off,
        gone_in_anger,
        gone_before,
        in_plain_words,
        without_a_status,
        with_a_status_in_words,
        with_endless_headers,
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error(authority: Authority, answer: Answer) -> None:
    expect_no_answer(Wire(authority.certificate(*HOSTS), answer), authority)


def expect_no_answer(wire: Wire, authority: Authority) -> None:
    with pytest.raises(HttpError, match="hung up before the answer was complete") as caught:
        get(wire.url, authority)
    assert (caught.value.kind, caught.value.reached) == (Trouble.NETWORK, True)
    assert wire.left()


def whole(connection: H2Connection) -> bytes:
    return begun(connection) + ended(connection)


def after_a_hint(connection: H2Connection) -> bytes:
    connection.send_headers(1, [(":status", "103"), ("link", "</style.css>; rel=preload")])
    return whole(connection)


def padded(connection: H2Connection) -> bytes:
    connection.send_headers(1, OK)
    connection.send_data(1, b"the beginning", pad_length=200)
    return connection.data_to_send() + ended(connection)


def with_trailers(connection: H2Connection) -> bytes:
    sent = begun(connection)
    connection.send_data(1, b", the end")
    connection.send_headers(1, [("x-checked", "yes")], end_stream=True)
    return sent + connection.data_to_send()


def before_a_farewell(connection: H2Connection) -> bytes:
    farewell = GoAwayFrame(0, last_stream_id=2**31 - 1).serialize()
    return farewell + begun(connection) + farewell + ended(connection)


def and_no_more_questions(connection: H2Connection) -> bytes:
    return whole(connection) + RstStreamFrame(1, error_code=0).serialize()


@pytest.mark.parametrize(
    "answer", [whole, after_a_hint, padded, with_trailers, before_a_farewell, and_no_more_questions]
)
def test_a_whole_answer_is_read_and_the_connection_closed(
    authority: Authority, answer: Answer
) -> None:
    wire = Wire(authority.certificate(*HOSTS), answer)
    reply = get(wire.url, authority)
    assert (reply.status, reply.body) == (200, b"the beginning, the end")
    assert reply.headers["Content-Type"] == "text/plain"
    assert wire.left()
