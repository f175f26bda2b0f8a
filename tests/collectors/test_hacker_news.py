"""Hacker News: what hits become, and how a search is walked from the newest down."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.hacker_news import FIRST_PAGES, OVERLAP, PAGE, HackerNews, to_mention
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.query import parse
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.canary_contract import CanaryContract, Silence
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "hacker_news"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "hacker_news"
Hit = Mapping[str, Any]

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR acmeair.com) NOT coyote'),
    accounts={"hacker_news": frozenset({"acme_help"})},
)


def a_hit(number: int, at: int, text: str = "acme air is late", **changes: Any) -> Hit:
    return {
        "objectID": str(number),
        "author": "ann",
        "created_at_i": at,
        "comment_text": text,
        "story_id": 1,
        "parent_id": 1,
        **changes,
    }


def search(server: WebServer, hits: list[Hit]) -> None:
    """Let the server search as the service does: newest first, by time and author."""

    def answer(asked: Asked) -> Step:
        found = sorted(hits, key=lambda hit: -hit["created_at_i"])
        for bound in filter(None, asked.query.get("numericFilters", "").split(",")):
            at = int(bound[len("created_at_i>=") :])
            keep = int.__ge__ if ">=" in bound else int.__le__
            found = [hit for hit in found if keep(hit["created_at_i"], at)]
        author = asked.query["tags"].partition("author_")[2]
        assert asked.query["advancedSyntax"] == "true"
        if author:
            found = [hit for hit in found if hit["author"] == author]
        for words in re.findall(r'"([^"]+)"', asked.query.get("query", "")):
            found = [hit for hit in found if words in json.dumps(hit).casefold()]
        return as_json({"hits": found[: int(asked.query["hitsPerPage"])]})

    server.routes["/search_by_date"] = answer


def a_source(server: WebServer, **changes: Any) -> HackerNews:
    made = HackerNews(name="hn", http=Http(), follows=(ACME,), base_url=server.url(""))
    return replace(made, **changes)


def read(source: HackerNews, reader: Reader | None = None) -> Reader:
    return (reader or Reader()).read(source)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "hacker_news"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        search(server, json.loads((GOLDEN / "hits.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=5)

    @pytest.fixture
    def hurried(self, server: WebServer) -> HackerNews:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        search(server, [a_hit(at, 1_795_000_000 + at) for at in range(2500)])
        known = {"streams": {'"acme air"': {"mark": "1"}}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        words = ("alpha", "beta", "gamma")
        search(server, [a_hit(n, 1_795_000_000, word) for n, word in enumerate(words)])
        subject = a_subject("Acme", query=parse(" OR ".join(words)), accounts={})
        return Streams(
            make=lambda: a_source(server, follows=(subject,)),
            lame='"beta"',
            asks_lame=lambda asked: asked.query.get("query") == '"beta"',
            its={"1"},
            others={"0", "2"},
            refusal=as_json({"message": "no"}, status=400),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        search(server, [a_hit(1, 1_795_000_000, "the weather is fine")])
        path = "/search_by_date"
        return Silence(collector=a_source(server), path=path, nothing={path: as_json({"hits": []})})


def test_a_first_search_ends_after_some_pages(server: WebServer) -> None:
    search(server, [a_hit(at, 1_795_000_000 + at) for at in range(PAGE * (FIRST_PAGES + 2))])
    pages = [len(batch.mentions) for batch in read(a_source(server)).batches]
    assert pages[:FIRST_PAGES] == [PAGE] * FIRST_PAGES
    assert sum(pages[FIRST_PAGES:]) == 0  # the other searches


def test_a_search_goes_on_from_its_newest_hit_and_looks_back_a_little(server: WebServer) -> None:
    hits = [a_hit(1, 1_795_000_000)]
    search(server, hits)
    reader = read(a_source(server))
    hits += [a_hit(2, 1_795_000_000 - int(OVERLAP.total_seconds())), a_hit(3, 1_795_100_000)]
    hits += [a_hit(4, 1_794_000_000)]
    server.asked.clear()
    assert {source_id for _, source_id in read(a_source(server), reader).mentions} == {
        "1",
        "2",
        "3",
    }
    assert "created_at_i>=1794996400" in server.asked[0].query["numericFilters"]


def test_a_moment_with_more_than_a_page_is_left_behind(server: WebServer) -> None:
    hits = [a_hit(at, 1_795_000_000) for at in range(PAGE + 50)]
    search(server, [*hits, a_hit(9999, 1_794_999_999)])
    found = read(a_source(server)).mentions
    assert len(found) == PAGE + 1
    assert ("hn", "9999") in found


def test_a_hit_from_the_future_does_not_hide_what_comes(server: WebServer) -> None:
    hits = [a_hit(1, int(NOW.timestamp()) + 90_000_000)]
    search(server, hits)
    reader = read(a_source(server))
    hits.append(a_hit(2, int(NOW.timestamp()) + 60))
    assert len(read(a_source(server), reader).mentions) == 2


def test_what_no_query_matches_is_left_aside(server: WebServer) -> None:
    search(server, [a_hit(1, 1_795_000_000, "the coyote of acme air")])
    assert read(a_source(server)).mentions == {}


def test_what_an_account_of_the_brand_wrote_is_read_too(server: WebServer) -> None:
    search(server, [a_hit(7, 1_795_000_000, "We are sorry.", author="acme_help", parent_id=3)])
    (mention,) = read(a_source(server)).mentions.values()
    assert (mention.author, mention.parent_id) == ("acme_help", "3")


def test_the_author_of_a_search_is_asked_for_as_a_tag(server: WebServer) -> None:
    search(server, [a_hit(1, 5, author="bob"), a_hit(2, 6, author="ann")])
    subject = a_subject(query=parse('late author:bob OR "author:ann"'), accounts={})
    source = a_source(server, follows=(subject,))
    assert [one.source_id for one in read(source).mentions.values()] == ["1"]
    asked = {(one.query["tags"], one.query["query"]) for one in server.asked}
    assert asked == {
        ("(story,comment),author_bob", '"late"'),
        ("(story,comment)", '"author:ann"'),
    }


def test_without_anything_to_look_for_it_says_so(server: WebServer) -> None:
    nothing = a_source(server, follows=(a_subject("Acme", query=None, accounts={}),))
    with pytest.raises(CollectorError, match="no subject has a query") as caught:
        nothing.fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS


def test_a_refusal_speaks_of_no_key(server: WebServer) -> None:
    server.failing = Step(status=403)
    for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
        with pytest.raises(CollectorError, match="turns this machine away") as caught:
            ask()
        assert caught.value.kind is Trouble.CREDENTIALS


@pytest.mark.parametrize("value", [[], {}, {"hits": 3}, "text", 7])
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes["/search_by_date"] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "hit",
    [
        {},
        {"objectID": 7, "created_at_i": 1},
        {"objectID": "a/b", "created_at_i": 1},
        {"objectID": "1", "created_at_i": 10**20},
    ],
)
def test_a_hit_without_number_or_time_is_rejected(hit: Hit) -> None:
    assert isinstance(to_mention(hit, "hn"), Reject)


def test_a_story_without_text_is_its_title() -> None:
    mention = to_mention(
        {"objectID": "4", "created_at_i": 1, "title": "Acme &amp; co", "points": 3}, "hn"
    )
    assert isinstance(mention, Mention)
    assert (mention.title, mention.text, mention.kind) == ("", "Acme & co", Kind.POST)
    assert mention.likes == 3


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_recorded_hits_are_understood() -> None:
    recorded = json.loads((SHARED / "search_by_date.json").read_text("utf-8"))
    hits = recorded["interactions"][0]["response"]["body"]["hits"]
    made = [to_mention(hit, "hn") for hit in hits]
    assert [type(each) for each in made] == [Mention] * len(hits)
