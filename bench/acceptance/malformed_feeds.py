"""Feeds that are none, or hostile; each read beside a good one by the same source."""

import gzip
import html
import zlib
from collections.abc import Iterator

from tests.servers.web import Step, WebServer, gzipped

XML = {"Content-Type": "application/xml; charset=utf-8"}
ITEMS = 3
CLOSED_PORT = 9


def good_feed(name: str) -> tuple[Step, dict[str, str]]:
    """A feed, and its texts by id."""
    texts = {f"https://news.example/{name}/{n}": f"Acme {name} {n} 航班" for n in range(ITEMS)}
    return rss("".join(item(i, text) for i, text in texts.items())), texts


def item(url: str, text: str, date: str = "Thu, 05 Mar 2026 09:00:00 GMT") -> str:
    words = html.escape(text)
    return (
        f"<item><guid>{url}</guid><link>{url}</link><title>T</title>"
        f"<description>{words}</description><pubDate>{date}</pubDate></item>"
    )


def rss(items: str, head: str = "") -> Step:
    body = f"{head}<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
    return Step(body=body.encode("utf-8", "surrogatepass"), headers=XML)


def bodies() -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Bodies that come with status 200."""
    one = item("https://bad.example/1", "Acme bad")
    feed = rss(one).body
    yield "no-xml", b"this is no feed", XML
    yield "empty", b"", XML
    yield "json", b'{"items": []}', {"Content-Type": "application/json"}
    yield "html", b"<!doctype html><html><body>Please log in</body></html>", XML
    yield "html-part", b"<div>Please <b>log in</div>", {"Content-Type": "text/html"}
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, {"Content-Type": "image/png"}
    yield "zeros", b"\0" * 10_000, XML
    yield "cut", feed[: len(feed) // 2], XML
    yield "cut-in-a-tag", feed[:60], XML
    yield "cut-in-a-letter", rss(item("https://bad.example/2", "航" * 9)).body[:-70], XML
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE r [<!ENTITY l0 "lol">{laughs}]>'
    yield "laughs", rss("<item><title>&l11;</title></item>", head).body, XML
    head = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    told = rss("<item><title>&x;</title><description>&x;</description></item>", head)
    yield "outside", told.body, XML
    yield "dtd", rss(one, '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">').body, XML
    yield "deep", b"<rss>" + b"<a>" * 50_000, XML
    yield "deep-text", rss(item("https://bad.example/3", "<b>" * 30_000)).body, XML
    yield "nul", rss(item("https://bad.example/4", "Ac\0me")).body, XML
    yield "control", rss(item("https://bad.example/5", "Ac\x01\x1bme")).body, XML
    yield "surrogate", rss(item("https://bad.example/6", "Acme \ud800")).body, XML
    yield "ampersand", rss("<item><title>A & B < C</title></item>").body, XML
    yield "no-namespace", rss("<item><dc:date>now</dc:date><x:y/></item>").body, XML
    yield "open-cdata", rss("<item><title><![CDATA[Acme").body, XML
    yield "no-items", rss("").body, XML
    yield "bare-item", rss("<item/>").body, XML
    dates = ("never", "99999", "Fri, 99 Xyz 0000", "-1", "")
    dated = [item(f"https://bad.example/d{n}", "Acme", date) for n, date in enumerate(dates)]
    yield "bad-dates", rss("".join(dated)).body, XML
    yield "same-id", rss(one * 50).body, XML
    title = f"<title>{'Acme ' * 200_000}</title>"
    yield "long-title", rss(f"<item>{title}<guid>https://bad.example/7</guid></item>").body, XML
    yield "too-long", rss(item("https://bad.example/8", "x" * 6_000_000)).body, XML
    many = [item(f"https://bad.example/m{n}", "Acme") for n in range(8000)]
    yield "many", rss("".join(many)).body, XML
    yield "bad-link", rss(item("http://[::1", "Acme").replace("<guid>", "<g>")).body, XML
    yield "script", rss(item("javascript:alert(1)", "<script>x</script>")).body, XML
    yield "wrong-charset", feed, {"Content-Type": "application/xml; charset=utf-16"}
    yield "no-charset", feed, {"Content-Type": "application/xml; charset=x-klingon"}
    yield "latin-1", feed.replace(b"Acme bad", "Acme für".encode("latin-1")), XML
    yield "utf-16", ("<?xml version='1.0' encoding='utf-16'?>" + feed.decode()).encode("utf-16"), {}
    yield "not-packed", feed, {**XML, "Content-Encoding": "gzip"}
    yield "cut-packed", gzip.compress(feed * 20)[:60], {**XML, "Content-Encoding": "gzip"}
    yield "packed-bomb", gzip.compress(b"<a>" * 30_000_000, 9), {**XML, "Content-Encoding": "gzip"}
    twice = {**XML, "Content-Encoding": "gzip, gzip"}
    yield "packed-twice", gzip.compress(gzip.compress(feed)), twice
    yield "deflate", zlib.compress(feed)[:-4], {**XML, "Content-Encoding": "deflate"}
    yield "klingon-packed", feed, {**XML, "Content-Encoding": "klingon"}


def answers(server: WebServer, path: str) -> Iterator[tuple[str, Step]]:
    """Answers that are wrong apart from their body."""
    feed = rss(item("https://bad.example/9", "Acme bad"))
    for status in (204, 206, 304, 400, 401, 403, 404, 410, 418, 500, 502, 599):
        yield f"status-{status}", Step(status=status, body=b"" if status in (204, 304) else b"no")
    for number, wait in enumerate(("soon", "-5", "9" * 40, "Thu, 99 Foo 2026")):
        yield f"wait-{number}", Step(status=429, headers={"Retry-After": wait})
    targets = {
        "itself": path, "file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/x",
        "metadata": "http://169.254.169.254/latest/", "nowhere": f"http://127.0.0.1:{CLOSED_PORT}/",
        "garbage": "http://[::1", "nothing": "", "schemeless": "//", "credentials": "http://a:b@/",
    }  # fmt: skip
    for name, target in targets.items():
        yield f"redirect-{name}", Step(status=302, headers={"Location": target})
    yield "redirect-no-location", Step(status=301)
    yield "hang-up", Step(body=feed.body, headers=XML, cut_at=40)
    yield "hang-up-at-once", Step(body=feed.body, headers=XML, cut_at=0)
    yield "etag-odd", Step(body=feed.body, headers={**XML, "Last-Modified": "never"}, etag="\xff")
    yield "packed-well", gzipped(feed.body, **XML)


def all_of(server: WebServer) -> Iterator[tuple[str, Step]]:
    for name, body, headers in bodies():
        yield name, Step(body=body, headers=headers)
    for name, step in answers(server, ""):
        if name == "redirect-itself":
            step = Step(status=302, headers={"Location": f"/bad/{name}"})
        yield name, step
