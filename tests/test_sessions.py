"""Sessions for client libraries: what they cap, with the libraries that ride on them."""

from collections.abc import Callable, Iterator

import pytest

from listener.collectors.base import Collector
from listener.errors import CollectorError, Trouble
from listener.http import Http, HttpError
from tests.collectors import test_mastodon, test_reddit, test_x
from tests.collectors.conformance import NOW
from tests.servers.secure import HOSTS, Authority, SecureServer, secure_server
from tests.servers.web import Step, WebServer, gzipped, web_server

JSON = {"Content-Type": "application/json"}
Make = Callable[..., Collector]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SecureServer, Http]]:
    """A server that keeps connections open, and who believes it."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with secure_server(authority.certificate(*HOSTS)) as running:
        yield running, Http(trusted=authority.trusted, session_seconds=1.0)


@pytest.fixture(
    params=[test_x.a_source, test_reddit.a_source, test_mastodon.a_source],
    ids=["tweepy", "PRAW", "Mastodon.py"],
)
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def trouble(source: Collector) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        source.fetch(None, NOW)
    return caught.value


def test_a_huge_answer_is_not_read_to_its_end(server: WebServer, make: Make) -> None:
    server.failing = Step(body=b"[" + b" " * 300_000 + b"]", headers=JSON)
    found = trouble(make(server, http=Http(session_bytes=200_000)))
    assert str(found).endswith("answers with more than 0.2 MB")
    assert found.kind is Trouble.SHAPE


def test_an_answer_that_unpacks_to_a_huge_one_is_not_read(server: WebServer, make: Make) -> None:
    server.failing = gzipped(b" " * 4_000_000, **JSON)
    found = trouble(make(server, http=Http()))
    assert str(found).endswith("answers with a small body that unpacks to a huge one")
    assert found.kind is Trouble.SHAPE


@pytest.mark.parametrize("drip_head", [True, False])
def test_a_server_that_drips_is_cut_off(server: WebServer, make: Make, drip_head: bool) -> None:
    server.failing = Step(body=b" " * 10_000, headers=JSON, drip_seconds=0.05, drip_head=drip_head)
    found = trouble(make(server, http=Http(session_seconds=0.3)))
    assert str(found).endswith("took longer than 0.3 s")
    assert found.kind is Trouble.NETWORK


def test_a_redirect_s_body_is_capped_too(server: WebServer) -> None:
    step = Step(status=302, headers={"Location": "/there"}, body=b"x" * 300_000)
    with (
        Http(session_bytes=200_000).session() as session,
        pytest.raises(HttpError, match="more than"),
    ):
        session.get(server.play(step))


def test_a_connection_is_kept_for_the_next_question(keeping: tuple[SecureServer, Http]) -> None:
    server, http = keeping
    url = server.play(Step(body=b"hello"))
    with http.session() as session:
        assert [session.get(url).content for _ in range(3)] == [b"hello"] * 3
    assert len(set(server.callers)) == 1


def test_a_connection_that_was_kept_is_cut_off_too(keeping: tuple[SecureServer, Http]) -> None:
    server, http = keeping
    dripping = Step(body=b"x" * 10_000, drip_seconds=0.05)
    url = server.play(Step(body=b"hello"), dripping, Step(body=b"again"))
    with http.session() as session:
        session.get(url)
        with pytest.raises(HttpError, match=r"took longer than 1 s"):
            session.get(url)
        assert session.get(url).content == b"again"
    first, second, third = server.callers
    assert first == second != third


def test_who_asks_for_a_stream_reads_it_himself(server: WebServer) -> None:
    url = server.play(Step(body=b"x" * 300_000))
    with Http(session_bytes=200_000).session() as session, session.get(url, stream=True) as reply:
        assert sum(map(len, reply.iter_content(10_000))) == 300_000
