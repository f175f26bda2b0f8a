"""The App Store's open feed: what entries become, and when an empty page is not believed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.app_store import LAST_PAGE, MOST_KNOWN, PAGE, AppStore, read_page
from listener.collectors.app_store import to_mention as mapped
from listener.config import Plugins, from_document
from listener.domain.mention import Channel, Kind, Mention, Reject
from listener.domain.subject import Subject
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http
from tests.builders import DAY, HOUR, a_rival, a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "app_store"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "apple_app_store"
APP = 900100200
ACME = a_subject("Acme")
SELF = {"attributes": {"rel": "self", "href": "https://feeds.example/us/rss/customerreviews"}}
OTHER = {"attributes": {"rel": "alternate", "href": "https://apps.example/"}}
Entry = Mapping[str, Any]


def label(text: str) -> Mapping[str, str]:
    return {"label": text}


def an_entry(number: int, stars: int = 1, text: str = "", **changes: Any) -> Entry:
    return {
        "author": {"name": label(f"person{number}"), "label": ""},
        "updated": label("2026-11-20T10:00:00-07:00"),
        "im:rating": label(str(stars)),
        "id": label(str(number)),
        "title": label(f"Title {number}"),
        "content": label(text or f"Words {number}"),
        **changes,
    }


def entries(*numbers: int) -> list[Entry]:
    return [an_entry(number) for number in numbers]


def newest(count: int, first: int = 1) -> list[Entry]:
    """So many reviews, the newest first."""
    return entries(*range(first + count - 1, first - 1, -1))


def a_feed(page: list[Entry], *, is_app: bool = True) -> Step:
    """A page as Apple writes it: one entry is no list, and none has no key."""
    feed: dict[str, Any] = {"link": [OTHER, SELF] if is_app else [OTHER]}
    if page:
        feed["entry"] = page if len(page) > 1 else page[0]
    return as_json({"feed": feed})


def path_of(page: int, country: str = "us", app: int = APP) -> str:
    return f"/{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json"


def publish(
    server: WebServer, found: list[Entry], country: str = "us", app: int = APP, size: int = PAGE
) -> None:
    """Let the server give reviews as they stand in this list when it is asked, in its order."""

    def answer(number: int) -> None:
        def page(asked: Asked) -> Step:
            return a_feed(found[(number - 1) * size : number * size])

        server.routes[path_of(number, country, app)] = page

    for number in range(1, LAST_PAGE + 1):
        answer(number)


def empty(server: WebServer, page: int, country: str = "us", *, is_app: bool = True) -> None:
    server.routes[path_of(page, country)] = lambda asked: a_feed([], is_app=is_app)


def a_source(server: WebServer, **changes: Any) -> AppStore:
    made = AppStore(
        apps=(APP,), name="store", http=Http(), follows=(ACME,), base_url=server.url("")
    )
    return replace(made, **changes)


def read(source: AppStore, reader: Reader | None = None, after: timedelta | None = None) -> Reader:
    reader = reader or Reader()
    reader.now += after or timedelta()
    return reader.read(source)


def found_in(reader: Reader) -> list[int]:
    return sorted(int(number) for _, number in reader.mentions)


def state_of(reader: Reader) -> Mapping[str, Any]:
    state: Mapping[str, Any] = (reader.cursor or {})["streams"][f"{APP}/us"]
    return state


def rejects(reader: Reader) -> list[Reject]:
    return [one for batch in reader.batches for one in batch.rejects]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "app_store"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        for country in ("us", "hu"):
            publish(server, json.loads((GOLDEN / f"{country}.json").read_text("utf-8")), country)
        return World(make=lambda: a_source(server, countries=("us", "hu")), count=5)

    @pytest.fixture
    def hurried(self, server: WebServer) -> AppStore:
        return a_source(server, countries=("us", "hu"), http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        countries = ("us", "gb", "de", "hu", "jp")
        for number, country in enumerate(countries):
            publish(server, newest(MOST_KNOWN, first=1 + number * MOST_KNOWN), country)
        return World(make=lambda: a_source(server, countries=countries), count=2500)


class TestWalking:
    def test_a_first_walk_reads_ten_pages_and_no_more(self, server: WebServer) -> None:
        publish(server, newest(600))
        reader = read(a_source(server))
        assert found_in(reader) == list(range(101, 601))
        assert [one.route for one in server.asked] == [path_of(n) for n in range(1, 11)]

    def test_nothing_new_is_one_question(self, server: WebServer) -> None:
        publish(server, newest(120))
        reader = read(a_source(server))
        server.asked.clear()
        again = read(a_source(server), reader, HOUR).batches[-1]
        assert (again.mentions, again.complete) == ((), True)
        assert len(server.asked) == 1

    def test_a_walk_goes_on_until_a_page_holds_nothing_new(self, server: WebServer) -> None:
        found = newest(200)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(70, first=201)
        server.asked.clear()
        assert found_in(read(a_source(server), reader, HOUR)) == list(range(1, 271))
        assert len(server.asked) == 3

    def test_what_moves_down_a_page_meanwhile_does_not_end_the_walk(
        self, server: WebServer
    ) -> None:
        found = newest(200)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(110, first=201)
        reader.now += HOUR
        reader.page(a_source(server))
        found[:0] = newest(PAGE, first=311)  # the second page is now what the first one was
        read(a_source(server), reader)
        read(a_source(server), reader, HOUR)
        assert found_in(reader) == list(range(1, 361))

    def test_a_crash_in_the_middle_of_a_walk_loses_nothing(self, server: WebServer) -> None:
        found = newest(200)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(130, first=201)
        reader.now += HOUR
        reader.page(a_source(server))
        server.failing = Step(status=502)
        with pytest.raises(CollectorError) as caught:
            reader.page(a_source(server))
        assert caught.value.kind is Trouble.SERVER
        server.failing = None
        assert found_in(read(a_source(server), reader)) == list(range(1, 331))

    def test_each_app_and_country_is_read_by_itself(self, server: WebServer) -> None:
        publish(server, entries(1), "us", 7)
        publish(server, entries(2), "gb", 7)
        publish(server, entries(3), "us", 8)
        publish(server, [], "gb", 8)
        found = read(a_source(server, apps=(7, 8), countries=("US", "gb"))).mentions.values()
        seen = {(one.source_id, one.product, one.place) for one in found}
        assert seen == {("1", "7", "US"), ("2", "7", "GB"), ("3", "8", "US")}

    def test_what_left_the_feed_before_it_was_read_is_lost(self, server: WebServer) -> None:
        found = newest(200)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(499, first=201)
        assert read(a_source(server), reader, HOUR).batches[-1].gap_since is None
        found[:0] = newest(500, first=700)
        assert read(a_source(server), reader, 9 * HOUR).batches[-1].gap_since == NOW + HOUR
        assert read(a_source(server), reader, HOUR).batches[-1].gap_since is None

    def test_the_cursor_stays_small(self, server: WebServer) -> None:
        found = newest(MOST_KNOWN, first=7_000_000_001)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(49, first=7_000_000_501)
        read(a_source(server), reader, HOUR)
        assert len(json.dumps(reader.cursor)) < 12_000


class TestEdits:
    def test_an_edit_on_the_first_page_is_seen_within_the_hour(self, server: WebServer) -> None:
        found = newest(120)
        publish(server, found)
        reader = read(a_source(server))
        found[3] = an_entry(117, 5, "Better now", updated=label("2026-11-22T01:00:00-07:00"))
        (edited,) = read(a_source(server), reader, HOUR).batches[-2].mentions
        assert (edited.source_id, edited.stars, edited.text) == ("117", 5, "Better now")
        assert edited.edited_at == edited.said_at

    def test_an_edit_further_down_is_seen_within_the_day(self, server: WebServer) -> None:
        found = newest(120)
        publish(server, found)
        reader = read(a_source(server))
        found[110] = an_entry(10, 2)
        for _ in range(23):
            read(a_source(server), reader, HOUR)
        assert reader.mentions["store", "10"].stars == 1
        read(a_source(server), reader, HOUR)
        assert reader.mentions["store", "10"].stars == 2
        server.asked.clear()
        read(a_source(server), reader, HOUR)
        assert len(server.asked) == 1

    def test_a_vote_is_no_edit(self, server: WebServer) -> None:
        found = newest(3)
        publish(server, found)
        reader = read(a_source(server))
        found[0] = {**found[0], "im:voteSum": label("12")}
        assert read(a_source(server), reader, DAY).batches[-1].mentions == ()

    def test_a_clock_that_was_set_back_does_not_put_the_day_off(self, server: WebServer) -> None:
        found = newest(120)
        publish(server, found)
        reader = read(a_source(server), after=400 * DAY)
        found[110] = an_entry(10, 2)
        assert read(a_source(server), reader, -300 * DAY).mentions["store", "10"].stars == 2


class TestNothing:
    def test_an_app_without_reviews_is_no_trouble(self, server: WebServer) -> None:
        found: list[Entry] = []
        publish(server, found)
        reader = read(a_source(server))
        assert (reader.mentions, rejects(reader)) == ({}, [])
        found += entries(1)
        assert found_in(read(a_source(server), reader, HOUR)) == [1]

    def test_an_entry_that_tells_of_the_app_is_none(self, server: WebServer) -> None:
        publish(server, [{"id": label("https://apps.example/7"), "title": label("Acme Air")}])
        reader = read(a_source(server))
        assert (reader.mentions, rejects(reader)) == ({}, [])

    def test_an_empty_feed_after_reviews_is_unknown(self, server: WebServer) -> None:
        found = newest(60)
        publish(server, found)
        reader = read(a_source(server))
        before = reader.cursor
        kept, found[:] = list(found), []
        with pytest.raises(CollectorError, match="had reviews before") as caught:
            read(a_source(server), reader, HOUR)
        assert caught.value.kind is Trouble.SHAPE
        assert reader.cursor == before
        found[:] = [*newest(2, first=61), *kept]
        assert found_in(read(a_source(server), reader)) == list(range(1, 63))

    def test_one_empty_country_stops_no_other_and_is_told_once(self, server: WebServer) -> None:
        us, gb = newest(3), newest(3, first=11)
        publish(server, us)
        publish(server, gb, "gb")
        both = a_source(server, countries=("us", "gb"))
        reader = read(both)
        us_before, us[:] = list(us), []
        for number in (14, 15):
            gb[:0] = entries(number)
            read(both, reader, HOUR)
        assert found_in(reader) == [1, 2, 3, 11, 12, 13, 14, 15]
        (told,) = rejects(reader)
        assert told.place == f"app {APP} in us, 2026-11-22T13:00:00.000Z"
        us[:] = [*entries(4), *us_before]
        assert 4 in found_in(read(both, reader, HOUR))
        us[:] = []
        read(both, reader, HOUR)
        assert len({one.place for one in rejects(reader)}) == 2  # another time, told anew

    def test_where_no_country_gives_anything_the_source_is_in_trouble(
        self, server: WebServer
    ) -> None:
        us, gb = newest(3), newest(3, first=11)
        publish(server, us)
        publish(server, gb, "gb")
        both = a_source(server, countries=("us", "gb"))
        reader = read(both)
        us[:], gb[:] = [], []
        for _ in range(3):
            with pytest.raises(CollectorError, match="had reviews before") as caught:
                read(both, reader, HOUR)
            assert caught.value.kind is Trouble.SHAPE
        us[:] = entries(4)  # while it is the other one's turn
        read(both, reader, HOUR)
        assert 4 in found_in(read(both, reader, HOUR))

    def test_an_app_that_apple_does_not_know_is_a_mistake_in_the_settings(
        self, server: WebServer
    ) -> None:
        empty(server, 1, is_app=False)
        for ask in (a_source(server).check, lambda: read(a_source(server))):
            with pytest.raises(CollectorError, match="knows no") as caught:
                ask()
            assert caught.value.kind is Trouble.SETTINGS

    def test_an_app_that_one_country_does_not_have_is_told_once(self, server: WebServer) -> None:
        publish(server, newest(3))
        empty(server, 1, "hu", is_app=False)
        both = a_source(server, countries=("us", "hu"))
        reader = read(both, read(both), HOUR)
        assert found_in(reader) == [1, 2, 3]
        (told,) = rejects(reader)
        assert told.place == f"app {APP} in hu"

    def test_a_later_page_that_comes_empty_is_tried_again(self, server: WebServer) -> None:
        found = newest(200)
        publish(server, found)
        reader = read(a_source(server))
        found[:0] = newest(70, first=201)
        second = server.routes[path_of(2)]
        empty(server, 2)
        known = state_of(reader)["known"]
        read(a_source(server), reader, HOUR)
        assert len(rejects(reader)) == 1
        assert state_of(reader)["known"] == known
        server.routes[path_of(2)] = second
        assert found_in(read(a_source(server), reader, HOUR)) == list(range(1, 271))
        assert len(rejects(reader)) == 1

    def test_a_later_page_that_stays_empty_is_the_end(self, server: WebServer) -> None:
        found = newest(120)
        publish(server, found)
        reader = read(a_source(server))
        del found[PAGE:]
        for _ in range(24 + 5):
            read(a_source(server), reader, HOUR)
        assert len(rejects(reader)) == 1
        server.asked.clear()
        read(a_source(server), reader, HOUR)
        assert len(server.asked) == 1

    def test_deleted_reviews_do_not_make_the_end_doubtful(self, server: WebServer) -> None:
        found = newest(70)
        publish(server, found)
        reader = read(a_source(server))
        del found[5:9]
        assert rejects(read(a_source(server), reader, DAY)) == []


@pytest.mark.parametrize(
    "value", [[], {}, {"feed": 3}, "text", 7, {"feed": {"entry": "text"}}, {"feed": {"entry": 1}}]
)
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes[path_of(1)] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("text", "no number"),
        ({"im:rating": label("5")}, "no number"),
        (an_entry(7, id={"label": 7}), "no number"),
        (an_entry(7, id=label("7 8")), "no number"),
        (an_entry(0, 0), "one to five stars"),
        ({**an_entry(7), "im:rating": 5}, "one to five stars"),
        (an_entry(7, updated=label("yesterday")), "no time"),
        (an_entry(7, updated=label("0001-01-01T00:00:00+14:00")), "outside the years"),
        (an_entry(7, updated=[]), "no time"),
    ],
)
def test_an_entry_that_cannot_be_read_is_rejected(entry: Any, reason: str) -> None:
    made = mapped(entry, f"{APP}/us", "store")
    assert isinstance(made, Reject)
    assert reason in made.reason


@pytest.mark.parametrize("odd", [None, 7, "text", [], {"label": None}, {"name": "x", "uri": 3}])
def test_odd_details_are_left_out(odd: Any) -> None:
    named = ("author", "title", "content", "im:version", "im:voteSum")
    made = mapped({**an_entry(7), **dict.fromkeys(named, odd)}, f"{APP}/us", "store")
    assert isinstance(made, Mention)
    assert (made.author_name, made.product_version, made.likes) == (None, None, None)
    assert made.stars == 1


@pytest.mark.parametrize("links", [None, 3, [], [3, {"attributes": 4}], SELF])
def test_odd_links_are_no_fault(links: Any) -> None:
    assert read_page({"feed": {"link": links}}).is_app is (links is SELF)


class TestSettings:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"apps": ()}, "apps must be"),
            ({"apps": (0,)}, "apps must be"),
            ({"countries": ()}, "countries names none"),
            ({"countries": ("us", "u/")}, "countries must be"),
            ({"countries": ("usa",)}, "countries must be"),
            ({"base_url": "http://example.com"}, "plain http"),
            ({"brand": "Coyote"}, 'brand "Coyote" is none of the subjects: Acme'),
        ],
    )
    def test_what_could_never_be_asked_is_refused(
        self, server: WebServer, changes: Mapping[str, Any], words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            a_source(server, **changes)

    @pytest.mark.parametrize(
        ("follows", "given", "brand"),
        [
            ((ACME,), None, "Acme"),
            ((ACME, a_rival()), None, "Acme"),
            ((ACME, a_rival()), "boreal", "boreal"),
            ((), None, None),
        ],
    )
    def test_every_review_is_about_the_brand(
        self,
        server: WebServer,
        follows: tuple[Subject, ...],
        given: str | None,
        brand: str | None,
    ) -> None:
        publish(server, entries(1))
        source = a_source(server, follows=follows, brand=given, channel=Channel.SURVEY)
        (mention,) = read(source).mentions.values()
        assert (mention.brand, mention.channel, mention.kind) == (
            brand,
            Channel.SURVEY,
            Kind.REVIEW,
        )

    def test_with_several_brands_one_has_to_be_named(self, server: WebServer) -> None:
        with pytest.raises(ValueError, match="is missing; it is one of the subjects: Acme, Boreal"):
            a_source(server, follows=(ACME, a_subject("Boreal")))

    def test_its_table_is_read(self) -> None:
        def load(table: Mapping[str, Any]) -> AppStore:
            subject = {"name": "Acme", "role": "brand", "query": "acme"}
            document = {"subjects": [subject], "collectors": {"app_store": table}}
            handed = {"http": Http(), "name": "app_store"}
            plugins = Plugins(collectors={"app_store": AppStore}, handed=lambda kind, name: handed)
            config = from_document(document, Path("/etc/listener/config.toml"), plugins)
            source = config.collectors["app_store"]
            assert isinstance(source, AppStore)
            return source

        source = load({"apps": [APP], "countries": "gb"})
        assert (source.apps, source.countries, source.every) == ((APP,), ("gb",), HOUR)
        with pytest.raises(ConfigError, match="apps"):
            load({"apps": ["many"]})

    def test_a_check_says_what_it_asked_for(self, server: WebServer) -> None:
        publish(server, entries(1), app=7)
        publish(server, [], app=8)
        assert a_source(server, apps=(7, 8)).check() == "2 apps in us"

    def test_a_refusal_speaks_of_no_key(self, server: WebServer) -> None:
        server.failing = Step(status=403)
        for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
            with pytest.raises(CollectorError, match="turns this machine away") as caught:
                ask()
            assert caught.value.kind is Trouble.CREDENTIALS


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
class TestRecorded:
    @pytest.mark.parametrize(
        ("name", "count"),
        [("rss_page_a", 30), ("rss_single_entry_object", 1), ("rss_no_entry", 0)],
    )
    def test_recorded_pages_are_understood(self, server: WebServer, name: str, count: int) -> None:
        recorded = json.loads((SHARED / f"{name}.json").read_text("utf-8"))
        nothing = json.loads((SHARED / "rss_no_entry.json").read_text("utf-8"))
        server.routes[path_of(1)] = lambda asked: as_json(recorded)
        server.routes[path_of(2)] = lambda asked: as_json(nothing)
        reader = read(a_source(server))
        assert (len(reader.mentions), rejects(reader)) == (count, [])
        for mention in reader.mentions.values():
            assert mention.author_id
            assert mention.text
            assert mention.product_version
            assert mention.likes is not None
