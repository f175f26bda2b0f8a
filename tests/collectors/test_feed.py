"""Feeds: what entries become, what servers do, and what hostile documents must not do."""

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.collectors.feed import Feed, parse, to_mention
from listener.config import Plugins, from_document
from listener.domain.markup import without_markup
from listener.domain.mention import Channel, Mention
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http, Reply
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Step, WebServer, gzipped, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "feed"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "rss"
XML = {"Content-Type": "application/xml; charset=utf-8"}


def item(number: int, title: str = "", date: str = "Fri, 20 Nov 2026 09:00:00 GMT") -> str:
    date = f"<pubDate>{date}</pubDate>" if date else ""
    title = html.escape(title or f"Story {number}")
    return (
        f"<item><title>{title}</title><guid>https://news.example/{number}</guid>"
        f"<link>https://news.example/{number}</link><description>Words {number}</description>"
        f"{date}</item>"
    )


def rss(*items: str) -> Step:
    body = f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>"
    return Step(body=body.encode(), headers=XML)


def a_feed(*urls: str) -> Feed:
    return Feed(urls=urls, name="news", http=Http(), allow_private=True)


def mentions_of(document: bytes, content_type: str = "") -> list[Mention]:
    headers = {"content-type": content_type} if content_type else {}
    reply = Reply(200, headers, document, "https://news.example/feed")
    found = [
        to_mention(entry, "news", Channel.NEWS, reply.url, NOW)
        for entry in parse(reply, "the feed")
    ]
    return [mention for mention in found if mention]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "feed"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        names = ["news.rss.xml", "blog.atom.xml", "alerts.atom.xml"]
        urls = [
            server.play(
                Step(body=(GOLDEN / name).read_bytes(), headers=XML), path=f"/{name}?k=s3cret"
            )
            for name in names
        ]
        made = a_feed(*urls)
        return World(make=lambda: replace(made), count=6, secrets=("k=",))

    @pytest.fixture
    def hurried(self, world: World, server: WebServer) -> Feed:
        return replace(a_feed(*map(server.url, server.steps)), http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        parts = [rss(*(item(n) for n in range(at, at + 500))) for at in range(0, 2_000, 500)]
        urls = [server.play(part, path=f"/{n}") for n, part in enumerate(parts)]
        made = a_feed(*urls)
        return World(make=lambda: replace(made), count=2_000)


def test_what_has_not_changed_is_not_sent_again(server: WebServer) -> None:
    url = server.play(replace(rss(item(1)), etag='"v1"', headers={"Last-Modified": "yesterday"}))
    reader = Reader().read(a_feed(url))
    batch = reader.page(a_feed(url))
    assert batch.mentions == ()
    assert batch.complete
    assert server.asked[1].headers["If-None-Match"] == '"v1"'
    assert server.asked[1].headers["If-Modified-Since"] == "yesterday"


def test_only_what_is_new_or_changed_comes_again(server: WebServer) -> None:
    url = server.play(rss(item(1), item(2)), rss(item(1), item(2, "Corrected"), item(3)))
    reader = Reader().read(a_feed(url))
    batch = reader.page(a_feed(url))
    assert [mention.title for mention in batch.mentions] == ["Corrected", "Story 3"]


def test_an_entry_without_a_date_keeps_the_moment_it_was_seen(server: WebServer) -> None:
    url = server.play(rss(item(1, date="")), rss(item(1, "Corrected", date="")))
    reader = Reader().read(a_feed(url))
    reader.now = NOW + timedelta(hours=1)
    (mention,) = reader.page(a_feed(url)).mentions
    assert (mention.title, mention.said_at) == ("Corrected", NOW)


def test_one_feed_that_fails_stops_no_other_and_is_told_once(server: WebServer) -> None:
    good = server.play(rss(item(1)), rss(item(1), item(2)), path="/good")
    bad = server.play(Step(status=500), path="/bad")
    more = server.play(rss(item(3)), path="/more")
    feed = a_feed(good, bad, more)
    reader = Reader().read(feed)
    assert len(reader.mentions) == 2
    assert len(reader.read(feed).mentions) == 3
    rejects = [one for batch in reader.batches for one in batch.rejects]
    assert [one.reason for one in rejects] == [
        "the feed 127.0.0.1/bad has a trouble of its own (HTTP 500)"
    ]
    server.play(rss(item(4)), path="/bad")
    assert len(reader.read(feed).mentions) == 4


def test_no_order_of_troubles_keeps_a_feed_from_being_read(server: WebServer) -> None:
    urls = [server.play(Step(status=404), path=f"/{n}") for n in range(5)]
    for n in range(5):
        server.play(rss(item(n)), path=f"/{n}")
        reader = Reader(NOW).read(a_feed(*urls))
        assert len(reader.mentions) == n + 1
        with pytest.raises(CollectorError, match="none of the 2 feeds"):
            Reader(NOW).read(a_feed(server.url("/x"), server.url("/y")))


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, Trouble.CREDENTIALS, "wants a log-in; take its address with the key in it"),
        (403, Trouble.CREDENTIALS, "is not shown to this machine"),
        (404, Trouble.SETTINGS, "is not there; check `urls`"),
    ],
)
def test_a_refusal_says_what_to_do(
    server: WebServer, status: int, kind: Trouble, words: str
) -> None:
    feed = a_feed(server.play(Step(status=status)))
    for ask in (lambda: feed.fetch(None, NOW), feed.check):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind


def test_a_feed_that_asks_us_to_wait_is_left_alone_while_others_are_read(
    server: WebServer,
) -> None:
    good = server.play(rss(item(1)), path="/good")
    busy = server.play(Step(status=429, headers={"Retry-After": "3600"}), path="/busy")
    reader = Reader().read(a_feed(good, busy))
    reader.now = NOW + timedelta(minutes=59)
    reader.read(a_feed(good, busy))
    assert [asked.path for asked in server.asked].count("/busy") == 1
    reader.now = NOW + timedelta(minutes=61)
    reader.read(a_feed(good, busy))
    assert [asked.path for asked in server.asked].count("/busy") == 2


def test_a_feed_that_turned_over_while_we_were_away_has_a_gap(server: WebServer) -> None:
    url = server.play(rss(item(1)), rss(item(2)), rss(item(3)), rss(item(3), item(4)))
    reader = Reader().read(a_feed(url))
    reader.now = NOW + timedelta(minutes=10)
    assert reader.page(a_feed(url)).gap_since is None  # it was read in time
    away = reader.now
    reader.now += timedelta(days=2)
    assert reader.page(a_feed(url)).gap_since == away
    reader.now += timedelta(days=2)
    assert reader.page(a_feed(url)).gap_since is None  # one is still known


def test_a_feed_taken_from_the_settings_is_forgotten(server: WebServer) -> None:
    one, two = (server.play(rss(item(n)), path=f"/{n}") for n in (1, 2))
    reader = Reader().read(a_feed(one, two)).read(a_feed(two))
    assert reader.cursor is not None
    assert list(reader.cursor["feeds"]) == [two]


def test_no_feed_at_all_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="names no feed"):
        a_feed()


def test_private_addresses_are_refused_unless_allowed(server: WebServer) -> None:
    url = server.play(rss(item(1))).replace("127.0.0.1", "news.example")
    http = Http(ports=frozenset({server.port}), resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(CollectorError, match=r"127\.0\.0\.1 is a private address") as caught:
        replace(a_feed(url), allow_private=False, http=http).fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS
    assert server.asked == []


def test_a_packed_bomb_is_refused(server: WebServer) -> None:
    with pytest.raises(CollectorError, match="unpacks to a huge one"):
        a_feed(server.play(gzipped(b" " * 5_000_000))).fetch(None, NOW)


def test_a_feed_larger_than_the_cap_is_refused(server: WebServer) -> None:
    with pytest.raises(CollectorError, match="more than 5 MB") as caught:
        a_feed(server.play(Step(body=b"<rss>" * 1_100_000))).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_a_feed_that_is_cut_gives_what_came_if_it_says_so_itself() -> None:
    whole = rss(item(1), item(2), item(3)).body
    assert len(mentions_of(whole[: len(whole) - 60])) >= 2


def test_an_empty_feed_is_no_trouble(server: WebServer) -> None:
    assert a_feed(server.play(rss())).fetch(None, NOW).mentions == ()


def test_entities_do_not_explode_and_open_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    laughs = "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol' * 10}'>" for n in range(12)
    )
    files = f"<!ENTITY f SYSTEM 'file://{tmp_path}/secret'>"
    for entity, reference in ((laughs, "&l11;"), (files, "&f;")):
        document = (
            f"<!DOCTYPE rss [{entity}]><rss version='2.0'><channel><item>"
            f"<title>x{reference}</title></item></channel></rss>"
        )
        for mention in mentions_of(document.encode()):
            assert len(mention.text) < 1000
            assert "s3cret" not in mention.text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<br/>b<b>c</b>", "a\nbc"),
        ("&lt;b&gt; &amp;amp; &#39;", "<b> &amp; '"),
        ("a<script>alert('<b>')</script>b<style>c</style>", "ab"),
        ("<script>never closed", "never closed"),
        ("<script/>x", "x"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<3 you", "<3 you"),
        ("a<!-- b -->c", "ac"),
        ("  a \t b \n\n\n c ", "a b\nc"),
        ("<a title='x'>y</a", "y</a"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert without_markup(markup) == text


@settings(deadline=1000)
@given(st.text("<>/!-abscript &;#x1\n\"'", max_size=300))
def test_whatever_the_markup_no_script_is_left(markup: str) -> None:
    without_markup(markup)


def test_hostile_markup_takes_no_long_time() -> None:
    for piece in ("<", "<a", "<!--", "<script>", "&", "&#", "<![CDATA[", "\n ", "<a href='"):
        assert without_markup(piece * 200_000) is not None


def test_ids_of_two_hosts_do_not_meet() -> None:
    item = "<item><guid isPermaLink='false'>1</guid><title>x</title></item>"
    (mention,) = mentions_of(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    assert mention.source_id == "news.example/1"


def test_text_of_any_charset_is_read() -> None:
    for charset in ("utf-8", "big5", "utf-16"):
        text = f"<?xml version='1.0' encoding='{charset}'?><rss version='2.0'><channel><item>"
        document = f"{text}<title>你好</title></item></channel></rss>".encode(charset)
        assert mentions_of(document, "application/rss+xml")[0].text == "你好"
    wrong = "<rss version='2.0'><channel><item><title>Café</title></item></channel></rss>"
    (mention,) = mentions_of(wrong.encode("latin-1"), "text/xml; charset=utf-8")
    assert mention.text.startswith("Caf")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text("<>/&;rssitemtlechn!DOCTYPE[]ENTY \"'=", max_size=200).map(
        lambda middle: b"<rss version='2.0'><channel><item><title>" + middle.encode()
    )
)
def test_whatever_the_document_it_is_read_or_refused(document: bytes) -> None:
    try:
        found = mentions_of(document)
    except CollectorError as error:
        assert error.kind is Trouble.SHAPE  # noqa: PT017
        return
    assert all(mention.text for mention in found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*")), ids=lambda path: path.name)
def test_documents_of_others_are_read(path: Path) -> None:
    found = mentions_of(path.read_bytes())
    if path.name == "google_alerts.atom":
        assert [(one.title, one.text, one.url) for one in found] == [
            (
                "Acme Bank hit by outage",
                "The Acme Bank app was down for 3 hours...",
                "https://news.example.com/acme?a=1&b=2",
            )
        ]
    if path.name == "reader_full.rss":
        assert found[0].said_at == datetime(2009, 9, 6, 16, 20, tzinfo=UTC)
        assert found[0].author == "Example editor"
        assert len(found) == 2
    if path.name == "reader_relative.rss":
        assert "evil" not in found[0].text


def refusals(*urls: str, allow_private: bool = False) -> list[str]:
    """What `listener check` says of these addresses."""
    plugins = Plugins(collectors={"feed": Feed}, handed=lambda kind, name: {"http": Http()})
    table = {"urls": list(urls), "allow_private": allow_private}
    document = {"subjects": [{"name": "Acme"}], "collectors": {"feed": table}}
    try:
        from_document(document, Path("/etc/listener/config.toml"), plugins)
    except ConfigError as error:
        return error.mistakes
    return []


def test_every_address_that_is_none_is_a_mistake_of_its_own() -> None:
    begin = "must begin with https:// or http:// and a host, as in https://example.com/feed.xml"
    urls = ["https://news.example/feed", "ftp://x/y", "", "not a url", "http://a b/", "https:///f"]
    assert refusals(*urls) == [
        f"config.toml: [collectors.feed] urls[{n}] {begin}" for n in range(2, 7)
    ]


def test_a_feed_without_addresses_is_a_mistake() -> None:
    assert refusals() == ["config.toml: [collectors.feed] urls names no feed"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://192.168.1.7/feed", "192.168.1.7 is a private address"),
        ("http://[fd00::7]/feed", "fd00::7 is a private address"),
        ("http://localhost/feed", "localhost is this machine"),
        ("https://news.example:8443/feed", "port 8443 is none of 80, 443, 8080"),
    ],
)
def test_what_only_an_intranet_has_is_refused_before_it_is_asked(url: str, why: str) -> None:
    (mistake,) = refusals(url)
    assert mistake == (
        f"config.toml: [collectors.feed] urls[1] is read only with allow_private = true: {why}"
    )
    assert refusals(url, allow_private=True) == []


def test_where_clouds_keep_their_keys_is_never_read() -> None:
    (mistake,) = refusals("http://169.254.169.254/latest", allow_private=True)
    assert "urls[1] is never read: 169.254.169.254 is a link-local address" in mistake


def test_a_mistaken_address_shows_no_secret() -> None:
    told = refusals("ftp://me:s3cret@x/y?k=s3cret", "http://me:s3cret@10.0.0.1/s3cret?k=s3cret")
    assert len(told) == 2
    assert "s3cret" not in "".join(told)
