"""Stack Exchange: what items become, how searches go on, and how long a site is left alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.stack_exchange import StackExchange
from listener.collectors.stack_exchange.questions import read_page, to_mention
from listener.collectors.stack_exchange.searches import FIRST_PAGES, OVERLAP, PAGE
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.query import parse
from listener.domain.subject import Matcher
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import DAY, HOUR, MINUTE, SECOND, a_subject
from tests.collectors.canary_contract import CanaryContract, Silence, sings
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Asked, Step, WebServer, as_json, gzipped, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "stack_exchange"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "stack_exchange"
KEY = "s3cret-key"
SITE, OTHER = "stackoverflow", "superuser"
LATE = int(NOW.timestamp())
Item = dict[str, Any]

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR acmeair.com) NOT coyote'),
    accounts={"stack_exchange": frozenset({"stackoverflow/11"})},
)
QUIET = a_subject("Acme", query=parse("acme"), accounts={})  # one search on a site


def a_question(number: int, at: int, **changes: Any) -> Item:
    question = {
        "question_id": number,
        "title": "acme is slow",
        "body": "<p>Why?</p>",
        "owner": {"user_id": 5, "display_name": "ann"},
        "creation_date": at,
        "link": f"https://stackoverflow.com/questions/{number}/x",
    }
    return question | changes


def an_answer(number: int, to: int, at: int, user: int = 11) -> Item:
    owner = {"user_id": user, "display_name": "help"}
    return {
        "answer_id": number,
        "question_id": to,
        "body": "<p>Try 2.1</p>",
        "owner": owner,
        "creation_date": at,
    }


class Exchange:
    """Searches the items of each site as the service does, and always answers compressed.

    `backoff`: of the answers of a site. A key that is not ours is refused, none is taken.
    """

    def __init__(self, server: WebServer, **items: list[Item]) -> None:
        self.server, self.items = server, items
        self.backoff: dict[str, int] = {}
        server.routes["/search/advanced"] = self.search
        server.routes["/questions"] = lambda asked: self.page(asked, is_question)
        for user in (11, 12):
            server.routes[f"/users/{user}/answers"] = self.written("answer_id", user)
            server.routes[f"/users/{user}/comments"] = self.written("comment_id", user)

    def search(self, asked: Asked) -> Step:
        words = asked.query["q"].strip('"')
        tags = set(filter(None, asked.query.get("tagged", "").split(";")))
        return self.page(
            asked,
            lambda item: (
                is_question(item)
                and words in json.dumps(item, ensure_ascii=False).casefold()
                and (not tags or bool(tags & set(item.get("tags", ()))))
            ),
        )

    def written(self, kind: str, user: int) -> Any:
        return lambda asked: self.page(
            asked, lambda item: kind in item and item["owner"]["user_id"] == user
        )

    def page(self, asked: Asked, wanted: Any) -> Step:
        query = asked.query
        assert (query["sort"], query["filter"]) == ("creation", "withbody")
        if query.get("key", KEY) != KEY:
            return refusal(400, "`key` doesn't match a known application")
        if query["site"] not in self.items:
            return refusal(400, f"No site found for name `{query['site']}`")
        since, ascending = int(query.get("fromdate", 0)), query["order"] == "asc"
        found = [item for item in self.items[query["site"]] if wanted(item)]
        found = [item for item in found if (item["creation_date"] or since) >= since]
        found.sort(key=lambda item: item["creation_date"] or 0, reverse=not ascending)
        begin = (int(query.get("page", 1)) - 1) * int(query["pagesize"])
        end = begin + int(query["pagesize"])
        value = {"items": found[begin:end], "has_more": end < len(found), "quota_remaining": 9}
        if query["site"] in self.backoff:
            value["backoff"] = self.backoff[query["site"]]
        return gzipped(json.dumps(value).encode(), **{"Content-Type": "application/json"})

    @property
    def questions(self) -> list[dict[str, str]]:
        """What was asked for since the last look."""
        found = [one.query for one in self.server.asked]
        self.server.asked.clear()
        return found


def is_question(item: Item) -> bool:
    return "answer_id" not in item and "question_id" in item


def refusal(number: int, message: str, name: str = "bad_parameter") -> Step:
    value = {"error_id": number, "error_name": name, "error_message": message}
    return as_json(value, status=400)


def a_source(server: WebServer, **changes: Any) -> StackExchange:
    made = StackExchange(key=KEY, name="se", http=Http(), follows=(QUIET,), base_url=server.url(""))
    return replace(made, **changes)


def later(reader: Reader, by: timedelta) -> Reader:
    """The same reader after some time, with none of its old pages."""
    return Reader(reader.now + by, reader.cursor)


def found_by(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "stack_exchange"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        Exchange(server, stackoverflow=json.loads((GOLDEN / "items.json").read_text("utf-8")))
        return World(make=lambda: a_source(server, follows=(ACME,)), count=4, secrets=(KEY,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> StackExchange:
        return a_source(server, follows=(ACME,), http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        Exchange(server, stackoverflow=[a_question(n, LATE - 10_000 + n) for n in range(1, 2501)])
        known = {"streams": {"stackoverflow?acme": {"mark": 1}}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        words = ("alpha", "beta", "gamma")
        items = [a_question(n, LATE - 9, title=word) for n, word in enumerate(words, 1)]
        Exchange(server, stackoverflow=items)
        subject = a_subject("Acme", query=parse(" OR ".join(words)), accounts={})
        return Streams(
            make=lambda: a_source(server, follows=(subject,)),
            lame=f"{SITE}?beta",
            asks_lame=lambda asked: asked.query.get("q") == "beta",
            its={f"{SITE}/2"},
            others={f"{SITE}/1", f"{SITE}/3"},
            refusal=refusal(400, "q"),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        Exchange(server, stackoverflow=[a_question(1, LATE - 60, title="the weather")])
        empty = as_json({"items": [], "has_more": False})
        paths = ("/questions", "/search/advanced")
        return Silence(
            collector=a_source(server), path="/questions", nothing=dict.fromkeys(paths, empty)
        )

    def test_a_site_that_is_refused_is_passed_over(self, server: WebServer) -> None:
        Exchange(server, superuser=[a_question(1, LATE - 60)])
        assert sings(a_source(server, sites=("nosuchsite", OTHER)))
        with pytest.raises(CollectorError, match="knows no site neither"):
            sings(a_source(server, sites=("nosuchsite", "neither")))


class TestSearches:
    def test_a_first_search_takes_the_newest_and_ends_after_some_pages(
        self, server: WebServer
    ) -> None:
        items = [a_question(n, LATE - n * 60) for n in range(1, PAGE * (FIRST_PAGES + 2))]
        exchange = Exchange(server, stackoverflow=items)
        reader = Reader().read(a_source(server))
        assert len(reader.batches) == FIRST_PAGES
        assert found_by(reader) == {f"{SITE}/{n}" for n in range(1, PAGE * FIRST_PAGES + 1)}
        assert {one["order"] for one in exchange.questions} == {"desc"}

    def test_it_goes_on_forward_and_looks_back_a_little(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[a_question(1, LATE - 60)])
        reader = Reader().read(a_source(server))
        late = LATE - 60 - int(OVERLAP.total_seconds())
        exchange.items[SITE] += [a_question(2, late), a_question(3, LATE), a_question(4, late - 1)]
        exchange.questions  # noqa: B018  # forget them
        reader = later(reader, HOUR).read(a_source(server))
        assert found_by(reader) == {f"{SITE}/{n}" for n in (1, 2, 3)}
        (asked,) = exchange.questions
        assert (asked["order"], asked["fromdate"], asked["q"]) == ("asc", str(late), "acme")

    def test_pages_are_read_forward_by_time(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[a_question(1, LATE - 60)])
        reader = Reader().read(a_source(server))
        exchange.items[SITE] += [a_question(n, LATE + n) for n in range(2, 2 * PAGE + 50)]
        reader = later(reader, HOUR).read(a_source(server))
        assert len(reader.batches) == 3
        assert len(reader.mentions) == 2 * PAGE + 49

    def test_a_second_with_more_than_a_page_is_left_behind(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[a_question(1, LATE - 60)])
        reader = Reader().read(a_source(server))
        exchange.items[SITE] += [a_question(n, LATE + 5) for n in range(2, PAGE + 50)]
        exchange.items[SITE] += [a_question(9999, LATE + 6)]
        assert f"{SITE}/9999" in found_by(later(reader, HOUR).read(a_source(server)))

    def test_a_search_to_a_date_goes_as_far_as_that(self, server: WebServer) -> None:
        items = [a_question(n, LATE - n * 3600) for n in range(1, 1000)]
        Exchange(server, stackoverflow=items)
        reader = Reader().read(a_source(server).reaching(NOW - 600 * HOUR))
        assert len(reader.mentions) == 600

    def test_a_question_from_the_future_does_not_hide_what_comes(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[a_question(1, LATE + 90_000_000)])
        reader = Reader().read(a_source(server))
        exchange.items[SITE].append(a_question(2, LATE + 60))
        assert f"{SITE}/2" in found_by(later(reader, HOUR).read(a_source(server)))

    def test_nothing_there_is_no_mention(self, server: WebServer) -> None:
        Exchange(server, stackoverflow=[])
        assert Reader().read(a_source(server)).mentions == {}

    def test_each_site_is_searched_and_numbers_are_its_own(self, server: WebServer) -> None:
        Exchange(server, stackoverflow=[a_question(1, LATE)], superuser=[a_question(1, LATE)])
        reader = Reader().read(a_source(server, sites=(SITE, OTHER)))
        assert found_by(reader) == {"stackoverflow/1", "superuser/1"}

    def test_tags_narrow_a_search(self, server: WebServer) -> None:
        items = [a_question(n, LATE, tags=[tag]) for n, tag in enumerate(("c", "b", "a"), 1)]
        exchange = Exchange(server, stackoverflow=items)
        assert found_by(Reader().read(a_source(server, tags=("a", "b")))) == {
            f"{SITE}/{n}" for n in (2, 3)
        }
        assert [one["tagged"] for one in exchange.questions] == ["a;b"]

    def test_several_words_are_searched_for_as_one(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[])
        Reader().read(a_source(server, follows=(a_subject("A", query=parse('"acme air"')),)))
        assert [one["q"] for one in exchange.questions] == ['"acme air"']

    def test_what_could_be_an_operator_stands_in_quotes(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[])
        query = parse('"is:answer" OR or OR acme')
        Reader().read(a_source(server, follows=(a_subject("A", query=query, accounts={}),)))
        assert [one["q"] for one in exchange.questions] == ['"is:answer"', '"or"', "acme"]

    def test_what_no_query_matches_is_left_aside(self, server: WebServer) -> None:
        Exchange(server, stackoverflow=[a_question(1, LATE, title="x", body="acmeish")])
        assert Reader().read(a_source(server)).mentions == {}

    def test_without_a_key_none_is_sent(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[])
        Reader().read(a_source(server, key=None))
        assert "key" not in exchange.questions[0]

    def test_without_anything_to_look_for_it_says_so(self, server: WebServer) -> None:
        elsewhere = {"stack_exchange": frozenset({"superuser/1"})}
        nothing = a_subject("Acme", query=None, accounts=elsewhere)
        with pytest.raises(CollectorError, match="no subject has a query") as caught:
            a_source(server, follows=(nothing,)).fetch(None, NOW)
        assert caught.value.kind is Trouble.SETTINGS


class TestAnswers:
    @pytest.mark.parametrize("answer_first", [True, False])
    def test_a_brands_answer_is_joined_in_both_orders(
        self, server: WebServer, answer_first: bool
    ) -> None:
        exchange = Exchange(server, stackoverflow=[])
        asked = a_question(1, LATE, title="acme air is slow")
        answered, foreign = an_answer(2, 1, LATE + 60), an_answer(3, 1, LATE + 60, user=12)
        reader = Reader()
        for item in (answered, asked) if answer_first else (asked, answered):
            exchange.items[SITE] += [item, foreign]
            reader.read(a_source(server, follows=(ACME,)))
            reader.now += HOUR
        arrivals, answers = admitted(
            list(reader.mentions.values()), "stack_exchange", Matcher((ACME,)), reader.now
        )
        assert [one.mention.source_id for one in arrivals] == [f"{SITE}/1"]
        ((response, _),) = answers
        assert (response.parent_id, response.thread_id) == (f"{SITE}/1", f"{SITE}/1")
        assert response.author == "Acme"

    def test_a_brands_comment_is_an_answer_too(self, server: WebServer) -> None:
        owner = {"user_id": 11, "display_name": "help"}
        comment = {"comment_id": 7, "post_id": 1, "body": "Which version?", "owner": owner}
        Exchange(server, stackoverflow=[comment | {"creation_date": LATE}])
        (made,) = Reader().read(a_source(server, follows=(ACME,))).mentions.values()
        assert (made.source_id, made.kind) == (f"{SITE}/c7", Kind.COMMENT)
        assert (made.parent_id, made.thread_id) == (f"{SITE}/1", None)


class TestPauses:
    def test_a_site_that_asks_for_a_pause_is_left_alone(self, server: WebServer) -> None:
        items = [a_question(n, LATE - n) for n in range(1, PAGE + 50)]
        exchange = Exchange(server, stackoverflow=items, superuser=[a_question(1, LATE)])
        exchange.backoff = {SITE: 10}
        reader, source = Reader(), a_source(server, sites=(SITE, OTHER))
        reader.page(source)
        assert not reader.page(source).complete  # the other one meanwhile
        assert [one["site"] for one in exchange.questions] == [SITE, OTHER]
        with pytest.raises(CollectorError, match="asked us to wait for 10 s") as caught:
            reader.page(source)
        assert caught.value.kind is Trouble.RATE
        assert caught.value.retry_after == 10 * SECOND
        assert not exchange.questions
        reader.now += 10 * SECOND
        assert reader.page(source).complete
        assert len(reader.mentions) == PAGE + 50

    def test_a_pause_is_remembered_until_the_next_pass(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[])
        exchange.backoff = {SITE: 3600}
        reader = Reader().read(a_source(server))
        with pytest.raises(CollectorError) as caught:
            later(reader, 30 * MINUTE).read(a_source(server))
        assert caught.value.retry_after == 30 * MINUTE

    def test_a_pause_of_another_clock_does_not_hold(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[])
        exchange.backoff = {SITE: 10**9}
        reader = Reader().read(a_source(server))
        with pytest.raises(CollectorError) as caught:
            reader.read(a_source(server))
        assert caught.value.retry_after == DAY
        later(reader, -2 * DAY).read(a_source(server))

    @pytest.mark.parametrize("backoff", [0, -5, "10", None, True, [10]])
    def test_what_is_no_pause_is_none(self, backoff: Any) -> None:
        page = read_page({"items": [], "backoff": backoff})
        assert page is not None
        assert page.backoff == 0


class TestTroubles:
    @pytest.mark.parametrize(
        ("message", "wait"),
        [
            ("too many requests from this IP, more requests available in 300 seconds", 300),
            ("too many requests, more requests available in 0 seconds", 1),
            ("too many requests, more requests available in 9999999 seconds", 86_400),
            ("too many requests", None),
        ],
    )
    def test_throttling_comes_as_a_400(
        self, server: WebServer, message: str, wait: int | None
    ) -> None:
        step = refusal(502, message, "throttle_violation")
        server.routes["/search/advanced"] = lambda asked: step
        with pytest.raises(CollectorError, match="too often") as caught:
            a_source(server).fetch(None, NOW)
        assert caught.value.kind is Trouble.RATE
        assert caught.value.retry_after == (None if wait is None else wait * SECOND)

    @pytest.mark.parametrize(
        ("step", "kind", "words"),
        [
            (refusal(400, f"`key` {KEY} doesn't match"), Trouble.CREDENTIALS, "accept `key`"),
            (refusal(403, KEY, "access_denied"), Trouble.CREDENTIALS, "let this key"),
            (refusal(405, KEY, "key_required"), Trouble.CREDENTIALS, "accept `key`"),
            (refusal(400, "No site found for name `x`"), Trouble.SETTINGS, "no site stackover"),
            (refusal(400, "fromdate"), Trouble.SETTINGS, "did not understand"),
            (refusal(404, "no method"), Trouble.SETTINGS, "did not understand"),
            (refusal(500, KEY, "internal_error"), Trouble.SERVER, "come later"),
            (refusal(503, KEY, "temporarily_unavailable"), Trouble.SERVER, "come later"),
            (as_json({"error_id": [502]}, status=400), Trouble.SETTINGS, "did not understand"),
            (as_json([502], status=400), Trouble.SETTINGS, "did not understand"),
        ],
    )
    def test_a_refusal_says_what_to_do(
        self, server: WebServer, step: Step, kind: Trouble, words: str
    ) -> None:
        server.routes["/search/advanced"] = lambda asked: step
        for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
            with pytest.raises(CollectorError, match=words) as caught:
                ask()
            assert caught.value.kind is kind
            assert KEY not in str(caught.value)

    @pytest.mark.parametrize("value", [[], {}, {"items": {}}, {"items": "many"}, "text", 7])
    def test_json_of_another_shape_is_refused(self, server: WebServer, value: Any) -> None:
        server.routes["/search/advanced"] = lambda asked: as_json(value)
        with pytest.raises(CollectorError, match="no list of items") as caught:
            a_source(server).fetch(None, NOW)
        assert caught.value.kind is Trouble.SHAPE


class TestSettings:
    def test_a_check_asks_each_site_once(self, server: WebServer) -> None:
        exchange = Exchange(server, stackoverflow=[], superuser=[])
        both = a_source(server, sites=(SITE, OTHER), follows=(ACME,))
        assert both.check() == "6 searches on stackoverflow, superuser"
        assert [one["pagesize"] for one in exchange.questions] == ["1", "1"]
        assert a_source(server).check() == "1 search on stackoverflow"

    def test_a_wrong_key_and_a_wrong_site_are_told_apart(self, server: WebServer) -> None:
        Exchange(server, stackoverflow=[])
        with pytest.raises(CollectorError, match="does not accept `key`"):
            a_source(server, key="another").check()
        with pytest.raises(CollectorError, match="knows no site superuser"):
            a_source(server, sites=(SITE, OTHER)).check()

    def test_what_could_never_be_asked_is_refused(self, server: WebServer) -> None:
        named = a_subject("Acme", accounts={"stack_exchange": frozenset({"acme_help"})})
        with pytest.raises(ConfigError) as caught:
            a_source(server, sites=(SITE, "Stack Overflow"), tags=("a b",), follows=(named,))
        assert [one.split()[0] for one in caught.value.mistakes] == [
            "sites[2]",
            "tags[1]",
            '"acme_help"',
        ]
        with pytest.raises(ConfigError, match="sites names none"):
            a_source(server, sites=())
        with pytest.raises(ValueError, match="base_url"):
            a_source(server, base_url="http://api.example")

    def test_its_key_is_not_shown(self, server: WebServer) -> None:
        Exchange(server, stackoverflow=[])
        source = a_source(server)
        assert KEY not in f"{source!r} {source.fetch(None, NOW).cursor!r}"


class TestItems:
    @pytest.mark.parametrize(
        "item",
        [
            {},
            {"question_id": "7", "creation_date": 1},
            {"question_id": True, "creation_date": LATE, "title": "x"},
            a_question(1, LATE) | {"creation_date": None},
            a_question(1, LATE) | {"creation_date": [LATE]},
            a_question(1, LATE) | {"title": None, "body": "<br>"},
            {"comment_id": 0, "body": "x", "creation_date": LATE},
        ],
    )
    def test_what_cannot_be_read_is_rejected(self, item: Mapping[str, Any]) -> None:
        assert isinstance(to_mention(item, "se", SITE), Reject)

    def test_odd_fields_are_left_out(self) -> None:
        odd = {"owner": 7, "tags": "x", "link": "javascript:x", "score": -3, "content_license": 4}
        made = to_mention(a_question(1, LATE, **odd), "se", SITE)
        assert isinstance(made, Mention)
        assert {made.author_id, made.author_name, made.url, made.likes} == {None}
        assert made.raw == {}

    def test_an_answer_without_its_question_stands_alone(self) -> None:
        made = to_mention(an_answer(2, 1, LATE) | {"question_id": None}, "se", SITE)
        assert isinstance(made, Mention)
        assert (made.parent_id, made.thread_id) == (None, None)

    def test_a_question_without_a_body_is_its_title(self) -> None:
        made = to_mention(a_question(1, LATE, title="a &lt;b&gt; c", body=""), "se", SITE)
        assert isinstance(made, Mention)
        assert (made.title, made.text) == ("", "a <b> c")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_shared_answers_are_understood() -> None:
    shared = json.loads((SHARED / "search_advanced.json").read_text("utf-8"))
    page = read_page(shared["interactions"][0]["response"]["body"])
    assert page is not None
    assert (page.backoff, page.has_more) == (10, False)
    made = [to_mention(item, "se", SITE) for item in page.items]
    assert [type(one) for one in made] == [Mention]
    recorded = json.loads((SHARED / "test_stackoverflow_exists.json").read_text("utf-8"))
    sites = read_page(recorded)
    assert sites is not None
    assert (len(sites.items), sites.has_more, sites.backoff) == (5, False, 0)
