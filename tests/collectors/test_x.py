"""X: searches as X asks them, posts as they become mentions, and marks that outlive a crash."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.base import Paid
from listener.collectors.x import X
from listener.collectors.x.answers import PAGE
from listener.collectors.x.collector import FIRST_PAGES, OVERLAP, SURELY_KEPT
from listener.collectors.x.snowflake import earlier, id_at
from listener.domain.query import parse
from listener.domain.subject import Matcher, Role
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import HOUR, MINUTE, a_subject
from tests.collectors.canary_contract import CanaryContract, Silence
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Step, WebServer, as_json, web_server
from tests.servers.x import COUNTS, TOKEN, XService, a_post, a_user, invalid

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "x"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "x"
NEEDS_SHARED = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
DAY = timedelta(days=1)

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR acmeair.com OR 爱客航空 OR @acme_help) NOT coyote'),
    accounts={"x": frozenset({"acme_help"})},
)
MAX = a_subject("Max", role=Role.INFLUENCER, query=None, accounts={"x": frozenset({"flyingmax"})})
PLAIN = a_subject("Acme", query=parse("acme"), accounts={})
SEARCH = "acme -is:retweet"  # for PLAIN
WORDS = ("alpha", "beta", "gamma")


def a_source(server: WebServer, **changes: Any) -> X:
    made = X(bearer_token=TOKEN, name="x", http=Http(), follows=(PLAIN,), base_url=server.url(""))
    return replace(made, **changes)


def read(source: X, reader: Reader | None = None) -> Reader:
    return (reader or Reader()).read(source)


def found_by(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def service(server: WebServer) -> XService:
    return XService(server, NOW, users=[a_user("11", "ann"), a_user("90", "acme_help")])


class TestContract(HttpCollectorContract):
    golden_name = "x"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        given = json.loads((GOLDEN / "posts.json").read_text("utf-8"))
        service = XService(server, NOW, posts=given["data"], users=given["includes"]["users"])
        service.errors = given["errors"]
        source = a_source(server, follows=(ACME, MAX))
        return World(make=lambda: replace(source), count=9, secrets=(TOKEN,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> X:
        return a_source(server, follows=(ACME, MAX), http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer, service: XService) -> World:
        service.posts = [a_post(at, NOW - DAY, "acme is late") for at in range(2500)]
        known = {"streams": {SEARCH: {"mark": str(id_at(NOW - 2 * DAY))}}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer, service: XService) -> Streams:
        service.posts = [a_post(n, NOW - HOUR, word) for n, word in enumerate(WORDS)]
        ids = [post["id"] for post in service.posts]
        subjects = tuple(a_subject(word, query=parse(word), accounts={}) for word in WORDS)
        return Streams(
            make=lambda: a_source(server, follows=subjects),
            lame="beta -is:retweet",
            asks_lame=lambda asked: asked.query.get("query") == "beta -is:retweet",
            its={ids[1]},
            others={ids[0], ids[2]},
            refusal=invalid("query", "beta"),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer, service: XService) -> Silence:
        service.posts = [a_post(1, NOW - HOUR, "The weather is fine today")]
        counted = as_json({"data": [], "meta": {"total_tweet_count": 0}})
        found = as_json({"meta": {"result_count": 0}})
        nothing = {COUNTS: counted, "/2/tweets/search/recent": found}
        return Silence(collector=a_source(server), path=COUNTS, nothing=nothing)


def test_brands_are_asked_for_their_answers_and_influencers_for_all(server: WebServer) -> None:
    service = XService(server, NOW)
    read(a_source(server, follows=(ACME, MAX)))
    assert [asked["query"] for asked in service.searches] == [
        "from:acme_help is:reply",
        '("acme air" OR url:"acmeair.com" OR "acmeair.com" OR 爱客航空 OR @acme_help) -coyote'
        " -is:retweet",
        "from:flyingmax -is:retweet",
    ]


def test_the_token_goes_along_and_so_do_the_fields_that_we_read(service: XService) -> None:
    read(a_source(service.server))
    (asked,) = service.server.asked
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["User-Agent"].startswith("listener/")
    assert "note_tweet" in asked.query["tweet.fields"]
    assert {"verified", "verified_type"} <= set(asked.query["user.fields"].split(","))
    assert asked.query["expansions"] == "author_id"
    assert asked.query["max_results"] == "100"


def test_a_first_search_ends_after_some_pages(service: XService) -> None:
    service.posts = [a_post(at, NOW - DAY, "acme") for at in range(PAGE * (FIRST_PAGES + 2))]
    pages = [len(batch.mentions) for batch in read(a_source(service.server)).batches]
    assert pages == [PAGE] * FIRST_PAGES


def test_later_searches_begin_a_little_before_the_newest_post(service: XService) -> None:
    service.posts = [a_post(1, NOW - HOUR, "acme")]
    reader = read(a_source(service.server))
    newest = service.posts[0]["id"]
    late = a_post(2, NOW - HOUR - OVERLAP + MINUTE, "acme late")
    too_late = a_post(3, NOW - 2 * HOUR, "acme too late")
    service.posts += [late, too_late, a_post(4, NOW, "acme new")]
    assert len(found_by(read(a_source(service.server), reader))) == 3
    assert service.searches[-1]["since_id"] == earlier(newest, OVERLAP)


def test_the_mark_moves_only_when_the_last_page_was_read(service: XService) -> None:
    service.posts = [a_post(1, NOW - DAY, "acme")]
    reader = read(a_source(service.server))
    mark = reader.cursor
    service.posts += [a_post(at, NOW - HOUR, "acme") for at in range(2 * PAGE + 50)]
    reader.page(a_source(service.server))
    assert reader.cursor
    assert mark
    assert reader.cursor["streams"][SEARCH]["mark"] == mark["streams"][SEARCH]["mark"]
    sinces = {asked.get("since_id") for asked in service.searches[1:]}
    assert len(read(a_source(service.server), reader).mentions) == 2 * PAGE + 51
    assert len({asked.get("since_id") for asked in service.searches[1:]} | sinces) == 1


def test_an_empty_answer_keeps_the_mark(service: XService) -> None:
    service.posts = [a_post(1, NOW - HOUR, "acme")]
    reader = read(a_source(service.server))
    mark = str(reader.cursor)
    service.posts = []
    read(a_source(service.server), reader)
    assert str(reader.cursor) == mark


def test_a_search_that_found_nothing_reads_all_that_comes_later(service: XService) -> None:
    reader = read(a_source(service.server))
    count = PAGE * (FIRST_PAGES + 1)
    service.posts = [a_post(at, NOW - HOUR, "acme") for at in range(count)]
    assert len(read(a_source(service.server), reader).mentions) == count


def test_a_post_from_the_future_does_not_hide_what_comes(service: XService) -> None:
    service.posts = [a_post(1, NOW + 30 * DAY, "acme of tomorrow")]
    reader = read(a_source(service.server))
    service.posts.append(a_post(2, NOW + MINUTE, "acme of now"))
    assert len(found_by(read(a_source(service.server), reader))) == 2


class TestExpiry:
    def test_what_was_not_read_for_a_week_is_a_gap(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - DAY, "acme")]
        reader = read(a_source(service.server))
        later = NOW + 10 * DAY
        service.now = later
        service.posts.append(a_post(2, later - HOUR, "acme again"))
        reader.now = later
        read(a_source(service.server), reader)
        assert len(found_by(reader)) == 2
        assert [batch.gap_since for batch in reader.batches] == [None, NOW, None]
        assert "since_id" not in service.searches[-1]

    def test_a_search_that_is_quiet_for_weeks_has_no_gap(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - DAY, "acme")]
        reader = read(a_source(service.server))
        for days in range(5, 25, 5):
            reader.now = service.now = NOW + days * DAY
            read(a_source(service.server), reader)
        assert timedelta(days=5) < SURELY_KEPT
        assert not any(batch.gap_since for batch in reader.batches)
        service.posts.append(a_post(2, reader.now - MINUTE, "acme again"))
        assert len(found_by(read(a_source(service.server), reader))) == 2

    def test_a_token_that_expired_begins_the_walk_anew(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - DAY, "acme")]
        reader = read(a_source(service.server))
        service.posts += [a_post(at, NOW - HOUR, "acme") for at in range(2 * PAGE)]
        reader.page(a_source(service.server))
        assert reader.cursor
        service.expired_tokens.add(reader.cursor["streams"][SEARCH]["resume"])
        batch = reader.page(a_source(service.server))
        assert batch.complete
        assert "its token may have expired" in batch.rejects[0].reason
        service.expired_tokens.clear()
        assert len(read(a_source(service.server), reader).mentions) == 2 * PAGE + 1

    def test_a_search_that_is_refused_is_named(self, service: XService) -> None:
        service.server.routes["/2/tweets/search/recent"] = lambda asked: as_json(
            {"errors": [{"parameters": {"query": ["acme"]}, "message": "no"}]}, status=400
        )
        with pytest.raises(CollectorError, match="does not accept the search `acme") as caught:
            a_source(service.server).fetch(None, NOW)
        assert caught.value.kind is Trouble.SETTINGS


class TestPages:
    def test_an_edit_replaces_what_was_read(self, service: XService) -> None:
        first = a_post(1, NOW - HOUR, "acme bad")
        service.posts = [first]
        reader = read(a_source(service.server))
        second = a_post(2, NOW - HOUR + MINUTE, "acme good")
        service.posts = [{**second, "edit_history_tweet_ids": [first["id"], second["id"]]}]
        (made,) = read(a_source(service.server), reader).mentions.values()
        assert made.text == "acme good"

    def test_posts_that_x_withholds_are_rejected(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - HOUR, "acme")]
        known = service.posts[0]["id"]
        service.errors = [
            {"resource_type": "tweet", "resource_id": "77", "title": "Not Found Error"},
            {"resource_type": "tweet", "resource_id": known, "field": "public_metrics"},
            {"resource_type": "user", "resource_id": "11"},
        ]
        batch = a_source(service.server).fetch(None, NOW)
        assert len(batch.mentions) == 1
        assert [one.place for one in batch.rejects] == ["post 77"]

    def test_what_no_query_matches_is_left_aside(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - HOUR, "acme"), a_post(2, NOW - HOUR, "coca cola acme")]
        subject = a_subject("Acme", query=parse("acme NOT coca-cola"), accounts={})
        batch = a_source(service.server, follows=(subject,)).fetch(None, NOW)
        assert len(batch.mentions) == 2
        service.posts.append(a_post(3, NOW - HOUR, "coca-cola acme"))
        assert len(a_source(service.server, follows=(subject,)).fetch(None, NOW).mentions) == 2


class TestAnswers:
    @pytest.mark.parametrize("answer_first", [True, False])
    def test_a_brands_answer_is_joined_in_both_orders(
        self, service: XService, answer_first: bool
    ) -> None:
        asked = a_post(1, NOW - HOUR, "acme air is late")
        answered = a_post(
            2,
            NOW - HOUR + MINUTE,
            "We are sorry.",
            author_id="90",
            conversation_id=asked["id"],
            referenced_tweets=[{"type": "replied_to", "id": asked["id"]}],
        )
        source, reader = a_source(service.server, follows=(ACME,)), Reader()
        for post in [answered, asked] if answer_first else [asked, answered]:
            service.posts.append(post)
            read(source, reader)
        arrivals, answers = admitted(
            list(reader.mentions.values()), "x", Matcher((ACME,)), reader.now
        )
        assert [one.mention.source_id for one in arrivals] == [asked["id"]]
        ((response, _),) = answers
        assert (response.parent_id, response.thread_id) == (asked["id"], asked["id"])

    def test_an_answer_that_is_only_a_picture_counts(self, service: XService) -> None:
        picture = {"url": "https://t.co/abc", "expanded_url": "https://x.com/p", "media_key": "3_1"}
        service.posts = [
            a_post(
                1,
                NOW - HOUR,
                "https://t.co/abc",
                author_id="90",
                entities={"urls": [picture]},
                referenced_tweets=[{"type": "replied_to", "id": "7"}],
            )
        ]
        (made,) = read(a_source(service.server, follows=(ACME,))).mentions.values()
        assert (made.text, made.parent_id) == ("https://t.co/abc", "7")


class TestMoney:
    def test_a_page_costs_what_its_posts_cost(self, service: XService) -> None:
        service.posts = [a_post(at, NOW - HOUR, "acme") for at in range(30)]
        source = a_source(service.server, price_per_post=0.015)
        assert source.fetch(None, NOW).cost_usd == pytest.approx(0.45)
        assert source.page_usd == pytest.approx(1.5)
        assert isinstance(source, Paid)

    def test_what_was_read_today_is_not_paid_again(self, service: XService) -> None:
        service.posts = [a_post(1, NOW - HOUR, "acme")]
        reader, source = Reader(), a_source(service.server)
        for hours in (0, 1, 2, 24, 25):
            reader.now = NOW + hours * HOUR
            read(source, reader)
        assert [len(batch.mentions) for batch in reader.batches] == [1] * 5
        assert [batch.cost_usd for batch in reader.batches] == [0.005, 0, 0, 0.005, 0]

    def test_a_page_that_was_lost_is_told_beside_the_one_that_is_read(
        self, service: XService
    ) -> None:
        service.posts = [a_post(at, NOW - HOUR, "beta") for at in range(10)]
        subjects = tuple(a_subject(word, query=parse(word), accounts={}) for word in WORDS)
        source = a_source(service.server, follows=subjects)
        inner = service.server.routes["/2/tweets/search/recent"]
        for step, lost in ((Step(body=b"no JSON"), 0.5), (Step(status=500), 0)):
            service.server.routes["/2/tweets/search/recent"] = lambda asked, step=step: (  # type: ignore[misc]
                step if asked.query["query"].startswith("alpha") else inner(asked)
            )
            batch = source.fetch(None, NOW)
            assert len(batch.mentions) == 10
            assert (batch.cost_usd, batch.lost_usd) == pytest.approx((0.05, lost))
            assert batch.cost_usd + batch.lost_usd <= source.page_usd

    def test_a_page_of_nothing_costs_nothing(self, service: XService) -> None:
        assert a_source(service.server).fetch(None, NOW).cost_usd == 0

    def test_a_check_reads_no_post(self, service: XService) -> None:
        service.posts = [a_post(at, NOW - HOUR, "acme") for at in range(700)]
        words = a_source(service.server).check()
        assert words == "1 search, 700 posts in 7 days: about $15.00 a month"
        assert not service.searches

    def test_a_check_names_what_cannot_be_searched_for(self, service: XService) -> None:
        signs = a_subject("Plus", query=parse("++"), accounts={})
        words = a_source(service.server, follows=(PLAIN, signs)).check()
        assert words.endswith("; cannot be searched for: Plus")


class TestSettings:
    def test_without_anything_to_look_for_it_says_so(self, server: WebServer) -> None:
        nothing = a_source(server, follows=(a_subject("Acme", query=None, accounts={}),))
        with pytest.raises(CollectorError, match="no subject has a query") as caught:
            nothing.fetch(None, NOW)
        assert caught.value.kind is Trouble.SETTINGS

    def test_a_token_is_not_sent_over_plain_http(self, server: WebServer) -> None:
        with pytest.raises(ValueError, match="plain http"):
            a_source(server, base_url="http://x.example")

    def test_an_account_that_x_cannot_have_is_named(self, server: WebServer) -> None:
        subject = a_subject("Acme", accounts={"x": frozenset({"acme or cat"})})
        with pytest.raises(ValueError, match="`acme or cat` is none of X"):
            a_source(server, follows=(subject,))


@NEEDS_SHARED
def test_pages_written_from_the_documentation_are_read(server: WebServer) -> None:
    written = json.loads((SHARED / "synthetic_search_two_pages.json").read_text("utf-8"))
    bodies = [one["response"]["body"] for one in written["interactions"]]
    server.routes["/2/tweets/search/recent"] = lambda asked: as_json(
        bodies[1 if "next_token" in asked.query else 0]
    )
    bank = a_subject("Acme", query=parse("acme OR @acmebank"), accounts={})
    found = found_by(read(a_source(server, follows=(bank,))))
    assert sorted(number[-3:] for number in found) == ["102", "103", "104", "105"]


@NEEDS_SHARED
def test_errors_written_from_the_documentation_are_told_apart(server: WebServer) -> None:
    written = json.loads((SHARED / "synthetic_errors.json").read_text("utf-8"))
    known = {"streams": {SEARCH: {"mark": str(id_at(NOW - DAY))}}}
    told: list[Any] = []
    for one in written["interactions"]:
        answer = one["response"]
        headers = {name.replace("-", "_"): text for name, text in answer["headers"].items()}
        headers.pop("content_type")
        server.failing = as_json(answer["body"], status=answer["status"], **headers)
        try:
            told.append(a_source(server).fetch(known, NOW).gap_since)
        except CollectorError as error:
            told.append(error.kind)
    assert told == [Trouble.RATE, Trouble.CREDENTIALS, NOW - DAY, Trouble.SERVER]
