"""The policy of outgoing HTTP, against real servers on loopback, of HTTP/1.1 and of HTTP/2."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from listener.errors import Trouble
from listener.http import (
    USER_AGENT,
    Http,
    HttpError,
    Reply,
    check_base_url,
    not_before,
    shown,
    to_error,
    why_private,
)
from listener.http.addresses import why_metadata
from tests.servers.secure import HOSTS, Authority, secure_server
from tests.servers.web import Asked, Step, WebServer, gzipped, web_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def only_loopback(address: str, port: int) -> str | None:
    """In these tests 127.0.0.1 is the public internet."""
    return None if address == "127.0.0.1" else f"{address} is a private address"


INTRANET = Http()


@dataclass(frozen=True)
class Door:
    """A server, and how it is asked."""

    server: WebServer
    trusted: str | None = None

    def play(self, *steps: Step, path: str = "/feed") -> str:
        return self.server.play(*steps, path=path)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return self.server.url(path, host)

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def asked(self) -> list[Asked]:
        return self.server.asked

    def get(self, url: str, http: Http | None = None, **options: Any) -> Reply:
        """Ask as the public may, with a client, or else as an intranet may."""
        client = replace(http or INTRANET, trusted=self.trusted)
        http2 = self.trusted is not None
        return client.get(url, public_only=http is not None, http2=http2, **options)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def door(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Door]:
    if request.param == "HTTP/1.1":
        with web_server() as server:
            yield Door(server)
    else:
        with secure_server(authority.certificate(*HOSTS), speaks=("h2",)) as server:
            yield Door(server, authority.trusted)


def test_a_page_is_fetched_with_our_name_and_the_headers_asked_for(door: Door) -> None:
    url = door.play(Step(body=b"hello", headers={"X-Mine": "1"}))
    reply = door.get(url, headers={"If-None-Match": '"a"'})
    assert (reply.status, reply.body, reply.headers["x-mine"]) == (200, b"hello", "1")
    assert door.asked[0].headers["User-Agent"] == USER_AGENT
    assert door.asked[0].headers["If-None-Match"] == '"a"'


def test_a_private_address_is_refused_before_it_is_connected_to(door: Door) -> None:
    with pytest.raises(HttpError, match="private address") as caught:
        door.get(door.play(Step(body=b"secret")), Http(ports=frozenset({door.port})))
    assert caught.value.kind is Trouble.SETTINGS
    assert door.asked == []


def test_an_unusual_port_is_refused_unless_listed(door: Door) -> None:
    with pytest.raises(HttpError, match=f"port {door.port} is none of 80, 443, 8080"):
        door.get(door.play(Step()), Http())


def test_a_name_is_judged_by_every_address_it_has(door: Door) -> None:
    http = Http(resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"], rule=only_loopback)
    with pytest.raises(HttpError, match=r"10\.0\.0\.1"):
        door.get(door.url(host="news.example"), http)
    assert door.asked == []


def test_a_name_that_changes_where_it_leads_is_connected_where_it_was_checked(
    door: Door,
) -> None:
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    door.play(Step(body=b"fine"))
    http = Http(resolve=rebinding, rule=only_loopback)
    reply = door.get(door.url(host="news.example"), http)
    assert reply.body == b"fine"
    assert looked_up == ["news.example"]


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/", "http://2130706433/"],
)
def test_a_redirect_is_checked_like_the_first_address(door: Door, target: str) -> None:
    url = door.play(Step(status=302, headers={"Location": target}))

    def only_the_door(address: str, port: int) -> str | None:
        return None if (address, port) == ("127.0.0.1", door.port) else f"{address} is private"

    with pytest.raises(HttpError, match="was not asked"):
        door.get(url, Http(rule=only_the_door))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x"]
)
def test_a_redirect_leads_to_the_web_only(door: Door, target: str) -> None:
    url = door.play(Step(status=301, headers={"Location": target}))
    with pytest.raises(HttpError, match="only http and https"):
        door.get(url)


def test_redirects_are_followed_three_times_and_not_for_ever(door: Door) -> None:
    for hop in range(3):
        door.play(Step(status=302, headers={"Location": f"/{hop + 1}"}), path=f"/{hop}")
    door.play(Step(body=b"there"), path="/3")
    reply = door.get(door.url("/0"))
    assert (reply.body, reply.url) == (b"there", door.url("/3"))
    url = door.play(Step(status=302, headers={"Location": "/feed"}))
    with pytest.raises(HttpError, match="redirects more than 3 times"):
        door.get(url)


def test_the_body_of_a_redirect_is_not_waited_for(door: Door) -> None:
    slow = Step(status=302, headers={"Location": "/there"}, body=b"x" * 10_000, drip_seconds=0.05)
    url = door.play(slow)
    door.play(Step(body=b"there"), path="/there")
    assert door.get(url, deadline_seconds=5).body == b"there"


def test_credentials_do_not_follow_to_another_host(door: Door) -> None:
    door.play(Step(body=b"x"), path="/there")
    there = door.url("/there", host="localhost")
    url = door.play(Step(status=302, headers={"Location": there}))
    door.get(url, headers={"Authorization": "Bearer s3cret", "X-Ok": "1"})
    first, second = door.asked
    assert first.headers["Authorization"] == "Bearer s3cret"
    assert "Authorization" not in second.headers
    assert second.headers["X-Ok"] == "1"


def test_the_cloud_s_own_address_is_refused_even_to_an_intranet() -> None:
    assert why_metadata("169.254.169.254", 80)
    assert why_metadata("::ffff:169.254.169.254", 80)
    assert why_metadata("fd00:ec2::254", 80)
    assert why_metadata("10.0.0.1", 80) is None
    with pytest.raises(HttpError, match="link-local"):
        INTRANET.get("http://169.254.169.254/latest/meta-data", public_only=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:8.8.8.8",
        "::ffff:10.0.0.1",
        "64:ff9b::808:808",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:1::1",
        "::10.0.0.1",
        "fd00:ec2::254",
        "100.100.100.200",
        "2001:db8::1",
        "nonsense",
    ],
)
def test_addresses_of_no_public_place_are_refused(address: str) -> None:
    assert why_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1"])
def test_public_addresses_are_not(address: str) -> None:
    assert why_private(address) is None


def test_what_is_too_large_is_not_read_to_its_end(door: Door) -> None:
    url = door.play(Step(body=b"x" * 300_000))
    with pytest.raises(HttpError, match=r"more than 0\.2 MB") as caught:
        door.get(url, limit_bytes=200_000)
    assert caught.value.kind is Trouble.SHAPE


def test_a_body_that_unpacks_to_a_huge_one_is_refused(door: Door) -> None:
    url = door.play(gzipped(b"\0" * 4_000_000))
    with pytest.raises(HttpError, match="unpacks to a huge one"):
        door.get(url)
    url = door.play(gzipped(b"".join(sha256(b"%d" % n).digest() for n in range(9_000))))
    with pytest.raises(HttpError, match="more than"):
        door.get(url, limit_bytes=200_000)


def test_an_honestly_packed_body_is_unpacked(door: Door) -> None:
    body = "\n".join(f"line {number} of a feed" for number in range(5000)).encode()
    assert door.get(door.play(gzipped(body))).body == body


def test_a_server_that_drips_is_cut_off(door: Door) -> None:
    url = door.play(Step(body=b"x" * 10_000, drip_seconds=0.05))
    with pytest.raises(HttpError, match=r"took longer than 0\.3 s") as caught:
        door.get(url, deadline_seconds=0.3)
    assert caught.value.kind is Trouble.NETWORK


def test_a_server_that_drips_its_headers_is_cut_off(server: WebServer) -> None:
    url = server.play(Step(drip_seconds=0.05, drip_head=True))
    with pytest.raises(HttpError, match=r"took longer than 0\.3 s"):
        INTRANET.get(url, deadline_seconds=0.3, public_only=False)


def test_a_silent_server_is_cut_off(door: Door) -> None:
    with pytest.raises(HttpError, match="took longer"):
        door.get(door.play(Step(silent=True)), deadline_seconds=0.3)


@pytest.fixture
def full() -> Iterator[int]:
    """The port of one who answers no further call: as many wait as may."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as door, ExitStack() as waiting:
        port = int(door.getsockname()[1])
        for _ in range(4):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        yield port


@pytest.mark.timeout(5)  # which each address might take by itself
def test_who_has_many_addresses_and_takes_no_call_is_cut_off(full: int) -> None:
    http = Http(resolve=lambda host, port: ["127.0.0.1"] * 3)
    with pytest.raises(HttpError, match=r"took longer than 0\.3 s"):
        http.get(f"http://news.example:{full}/", deadline_seconds=0.3, public_only=False)


def test_a_body_that_was_cut_is_an_error(door: Door) -> None:
    url = door.play(Step(body=b"x" * 1000, cut_at=400))
    with pytest.raises(HttpError, match="hung up") as caught:
        door.get(url)
    assert caught.value.kind is Trouble.NETWORK


def test_a_damaged_packed_body_is_an_error(door: Door) -> None:
    url = door.play(Step(body=b"not packed at all", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(HttpError, match="unpacked"):
        door.get(url)


def test_a_closed_port_says_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(HttpError, match=r"could not be reached$"):
        INTRANET.get(f"http://127.0.0.1:{port}/", public_only=False)


def test_a_name_that_cannot_be_one_says_so() -> None:
    with pytest.raises(HttpError, match="leads nowhere"):
        INTRANET.get("http://" + "a" * 300, public_only=False)


def test_a_name_that_leads_nowhere_says_so() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(HttpError, match="leads nowhere"):
        Http(resolve=nowhere).get("http://nowhere.example/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "http://",
        "http://[::1",
        "http://a:99999/",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_is_an_error_of_settings(url: str) -> None:
    with pytest.raises(HttpError) as caught:
        INTRANET.get(url, public_only=False)
    assert caught.value.kind is Trouble.SETTINGS


def test_a_session_sets_time_outs_and_takes_nothing_from_the_environment(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with INTRANET.session() as session:
        assert session.get(server.play(Step(body=b"direct"))).text == "direct"
        with pytest.raises(requests.RequestException):
            session.get(server.play(Step(silent=True)), timeout=0.2)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Trouble.SETTINGS),
        (401, Trouble.CREDENTIALS),
        (403, Trouble.CREDENTIALS),
        (404, Trouble.SETTINGS),
        (418, Trouble.SETTINGS),
        (429, Trouble.RATE),
        (500, Trouble.SERVER),
        (503, Trouble.SERVER),
        (599, Trouble.SERVER),
        (204, Trouble.SHAPE),
    ],
)
def test_a_status_says_what_the_trouble_is(status: int, kind: Trouble) -> None:
    error = to_error(Reply(status, {}, b"", "http://x/?key=s3cret"), asked="the feed x", now=NOW)
    assert error.kind is kind
    assert str(error).startswith("the feed x ")
    assert f"HTTP {status}" in str(error)


def test_a_wait_is_asked_for_where_waiting_helps() -> None:
    headers = {"Retry-After": "120"}
    limited = to_error(Reply(429, headers, b"", ""), asked="x", now=NOW)
    assert limited.retry_after == timedelta(minutes=2)
    assert to_error(Reply(401, headers, b"", ""), asked="x", now=NOW).retry_after is None


def test_an_exception_is_told_without_its_secrets() -> None:
    error = requests.ConnectionError("HTTPSConnectionPool: /feed?token=s3cret")
    told = to_error(error, asked="the feed x", now=NOW)
    assert told.kind is Trouble.NETWORK
    assert "s3cret" not in str(told)


def test_an_address_is_shown_without_its_secrets() -> None:
    url = "https://user:pa55@example.org:8443/feeds/1234567890abcdef1234/atom.xml?token=s3cret#f"
    assert shown(url) == "example.org/feeds/…/atom.xml"
    assert shown("http://[") == "?"


@pytest.mark.parametrize(
    "url",
    ["https://api.x.com", "http://127.0.0.1:8080/api/", "http://[::1]/", "http://localhost:9"],
)
def test_credentials_may_go_over_https_or_to_this_machine(url: str) -> None:
    assert check_base_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.x.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "ftp://api.x.com",
        "api.x.com",
        "",
        "https://",
        "https://u:s3cret@api.x.com",
        "https://api.x.com/?k=s3cret",
        "https://[::1",
        "https://x:99999",
    ],
)
def test_credentials_go_nowhere_else(url: str) -> None:
    with pytest.raises(HttpError) as caught:
        check_base_url(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.kind is Trouble.SETTINGS


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"Retry-After": "999999"}, 86400),
        ({"Retry-After": format_datetime(NOW + timedelta(minutes=5), usegmt=True)}, 300),
        ({"Retry-After": format_datetime(NOW - timedelta(minutes=5), usegmt=True)}, 60),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X-RateLimit-Reset": "2026-11-22T12:10:00Z"}, 600),
        ({"RateLimit-Reset": "45"}, 45),
        ({"Retry-After": "-5"}, 60),
        ({"Retry-After": "nan"}, 60),
        ({"Retry-After": "inf"}, 60),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": ""}, 60),
        ({"Retry-After": "10", "x-rate-limit-reset": "20"}, 10),
    ],
)
def test_a_service_is_waited_for_as_it_asks(headers: dict[str, str], seconds: int) -> None:
    assert not_before(headers, NOW) == timedelta(seconds=seconds)


def test_no_header_asks_for_no_wait() -> None:
    assert not_before({"Content-Type": "text/xml"}, NOW) is None


@given(st.text())
def test_whatever_the_header_says_the_wait_is_within_bounds(said: str) -> None:
    wait = not_before({"Retry-After": said}, NOW)
    assert wait is not None
    assert timedelta(seconds=1) <= wait <= timedelta(hours=24)
