"""The example for those without a key: it works as it stands, against local servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from listener import cycle
from listener.app import open_app, plugins
from listener.clock import VirtualClock
from listener.config import loads, query_test_failures
from tests.builders import MINUTE, NOW
from tests.collectors import test_app_store as apple
from tests.collectors import test_feed as press
from tests.collectors import test_hacker_news as news
from tests.collectors import test_reddit_feeds as reddit
from tests.servers.web import WebServer, web_server
from tests.store.kept import rows

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "no-keys.toml"
APP = 989804926


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def here(server: WebServer) -> str:
    """The example with its services at a local server; nothing else is changed."""
    text = EXAMPLE.read_text("utf-8")
    for name in ("hacker_news", "reddit", "app_store"):
        table = f"[collectors.{name}]\n"
        assert table in text
        text = text.replace(table, f'{table}base_url = "{server.url("")}"\n')
    feed = '"https://blog.mozilla.org/feed/"]'
    assert feed in text
    return text.replace(feed, f'"{server.url("/feed/")}"]\nallow_private = true')


def talk(server: WebServer) -> None:
    """One thing to say at each service, and something that is about nobody."""
    firefox, fox = "Firefox is slow today", "a fox on fire"
    news.search(server, [news.a_hit(1, 1_795_000_000, firefox), news.a_hit(2, 1_795_000_001, fox)])
    feed = reddit.a_feed(reddit.an_entry(1, firefox), reddit.an_entry(2, fox))
    paths = ("/search.rss", "/r/browsers+firefox/new/.rss", "/r/browsers+firefox/comments/.rss")
    for path in (*paths, "/user/firefox/comments/.rss"):
        server.routes[path] = reddit.giving(feed)
    for country in ("us", "gb", "de"):
        apple.publish(server, [apple.an_entry(7, 1, firefox)], country, APP)
    server.play(press.rss(press.item(1, firefox), press.item(2, fox)), path="/feed/")


def test_it_brings_something_of_each_source_and_none_asks_for_a_key(
    server: WebServer, tmp_path: Path
) -> None:
    talk(server)
    clock = VirtualClock(NOW)
    config = loads(here(server), tmp_path / "config.toml", plugins(clock), environ={})
    assert config.notes == ()
    assert query_test_failures(config) == []
    app = open_app(config, clock)
    try:
        for _ in range(12):
            clock.advance(clock.now() + MINUTE)
            for name in app.collectors:
                assert cycle.read_source(app, name).error is None
        about = "SELECT DISTINCT m.source FROM mention AS m JOIN match AS x ON x.mention_id = m.id"
        assert {row["source"] for row in rows(app.store, about)} == set(app.collectors)
        assert all(one.check() for one in app.collectors.values())
    finally:
        app.close()
    assert not any("authorization" in map(str.lower, asked.headers) for asked in server.asked)
