"""Google Play's public pages: what reviews become, how far walks go, and what is not believed."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.clock import VirtualClock
from listener.collectors.google_play_public import GooglePlayPublic
from listener.collectors.google_play_public.listing import (
    FIRST_PAGES,
    MOST_PAGES,
    OVERLAP,
    WHOLE,
    Listing,
)
from listener.config import Plugins, from_document
from listener.domain.mention import Evidence
from listener.domain.times import to_text
from listener.domain.walk import Walk
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import USER_AGENT, Http
from listener.stages.collect import collect_page
from tests.builders import DAY, HOUR, a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.google_play_public import (
    APP,
    ASKED,
    BEGAN,
    DETAILS,
    Shop,
    a_page,
    a_reply,
    a_row,
    a_source,
    question_of,
)
from tests.servers.secure import Authority, secure_server
from tests.servers.web import Step, WebServer, web_server
from tests.stages.world import World as Kept
from tests.store.kept import one

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "google_play_public"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "google_play"
STREAM = f"{APP}/en/us"
OLD = "2026-01-01T00:00:00.000Z"


def refused(source: GooglePlayPublic) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        source.fetch(None, NOW)
    return caught.value


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "google_play_public"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        rows = json.loads((GOLDEN / "reviews.json").read_text("utf-8"))
        pages = [a_page(rows[:4], "next"), a_page(rows[4:])]
        server.routes[ASKED] = lambda asked: pages[question_of(asked)[2] == "next"]
        return World(make=lambda: a_source(server), count=6)

    @pytest.fixture
    def hurried(self, server: WebServer) -> GooglePlayPublic:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        Shop(server).show([a_row(number) for number in range(2500)])
        known = {"streams": {STREAM: {"walk": {"mark": OLD}}}, "rest": [STREAM]}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


def test_a_walk_goes_down_to_what_was_read_before(server: WebServer) -> None:
    rows = [a_row(number, at=BEGAN - 7_200 * number) for number in range(5)]
    shop = Shop(server, size=2).show(rows)
    reader = Reader().read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [2, 2, 1]
    rows += [a_row(number) for number in (7, 8)]
    shop.pages.clear()
    reader.read(a_source(server))
    assert shop.pages == ["", "Cs+2/&=%"]
    assert len(reader.mentions) == 7


def test_a_walk_to_a_date_goes_as_far_as_that(server: WebServer) -> None:
    Shop(server, size=2).show([a_row(number, at=BEGAN - 3600 * number) for number in range(8)])
    since = datetime.fromtimestamp(BEGAN - 3 * 3600 - 1, UTC)
    assert len(Reader().read(a_source(server).reaching(since)).mentions) == 6


def test_a_review_that_several_listings_show_is_one(server: WebServer) -> None:
    shop = Shop(server)
    for language, country in (("en", "us"), ("en", "gb"), ("hu", "us"), ("hu", "gb")):
        shop.show([a_row(1)], language=language, country=country)
    source = a_source(server, languages=("en", "hu"), countries=("US", "gb"))
    reader = Reader().read(source)
    assert (len(reader.batches), len(reader.mentions)) == (4, 1)


def test_it_is_given_to_the_one_whose_app_it_is(server: WebServer) -> None:
    Shop(server).show([a_row(1, reply=("Sorry", BEGAN + 60))])
    batch = a_source(server).fetch(None, NOW)
    assert (batch.mentions[0].brand, batch.responses[0].author) == ("Boreal", "Boreal")
    ours = a_source(server, brand=None, follows=(a_subject("Acme"),)).fetch(None, NOW)
    assert (ours.mentions[0].brand, ours.responses[0].author) == ("Acme", "Acme")


def test_nothing_but_our_own_client_asks(server: WebServer) -> None:
    Shop(server).show([a_row(1)])
    a_source(server).fetch(None, NOW)
    assert [asked.headers["User-Agent"] for asked in server.asked] == [USER_AGENT]


def test_a_review_that_names_the_refusal_is_none(server: WebServer) -> None:
    said = "it says com.google.play.gateway.proto.PlayGatewayError"
    Shop(server).show([a_row(1, said)])
    assert [one.text for one in a_source(server).fetch(None, NOW).mentions] == [said]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with secure_server(Authority(tmp_path).certificate("localhost")) as server:
        error = refused(a_source(server, base_url=server.url("", host="localhost")))
        assert (error.kind, "certificate" in str(error)) == (Trouble.NETWORK, True)
        assert server.asked == []


class TestNothing:
    def test_a_new_app_has_none(self, server: WebServer) -> None:
        Shop(server).show([])
        batch = a_source(server).fetch(None, NOW)
        assert (batch.mentions, batch.rejects, batch.complete) == ((), (), True)
        assert a_source(server).check() == "1 app, 1 without reviews"

    def test_an_unknown_app_is_told(self, server: WebServer) -> None:
        Shop(server)
        error = refused(a_source(server))
        assert (error.kind, f"no app {APP} in en-us" in str(error)) == (Trouble.SETTINGS, True)
        with pytest.raises(CollectorError, match="knows no app"):
            a_source(server).check()

    def test_it_is_not_believed_of_one_that_had_some(self, server: WebServer) -> None:
        shop = Shop(server).show([a_row(1)])
        reader = Reader().read(a_source(server))
        shop.show([])
        with pytest.raises(CollectorError, match="not taken for none") as caught:
            reader.page(a_source(server))
        assert caught.value.kind is Trouble.SHAPE
        shop.show([a_row(1), a_row(2)])
        assert len(reader.read(a_source(server)).mentions) == 2

    @pytest.mark.parametrize(("status", "kind"), [(403, "credentials"), (500, "server")])
    def test_a_trouble_of_the_second_look_is_told(
        self, server: WebServer, status: int, kind: str
    ) -> None:
        Shop(server).show([])
        server.routes[DETAILS] = lambda asked: Step(status=status)
        assert refused(a_source(server)).kind.value == kind


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (a_reply(None), Trouble.RATE, "too often"),
        (Step(body=b')]}\'\n\n[["wrb.fr", "oCPfdb", null]]'), Trouble.SHAPE, "no page"),
        (a_reply([7]), Trouble.SHAPE, "no page"),
        (a_reply({"reviews": []}), Trouble.SHAPE, "no page"),
        (a_reply([[["gp:1"], "x"]]), Trouble.SHAPE, "not one review"),
        (Step(body=b")]}'\n\n" + b"[" * 100_000), Trouble.SHAPE, "no page"),
        (Step(status=302, headers={"Location": "https://consent.example/"}), Trouble.SHAPE, "302"),
        (Step(status=403), Trouble.CREDENTIALS, "robot"),
    ],
)
def test_what_is_no_page_is_told(server: WebServer, step: Step, kind: Trouble, words: str) -> None:
    server.routes[ASKED] = lambda asked: step
    error = refused(a_source(server))
    assert error.kind is kind
    assert words in str(error)


def test_a_page_that_leads_to_itself_is_refused(server: WebServer) -> None:
    server.routes[ASKED] = lambda asked: a_page([a_row(1)], "again")
    reader = Reader()
    reader.page(a_source(server))
    with pytest.raises(CollectorError, match="for ever"):
        reader.page(a_source(server))


def test_a_token_that_is_not_taken_any_more_loses_nothing(server: WebServer) -> None:
    rows = [a_row(number) for number in range(3)]
    shop = Shop(server, size=2).show(rows)
    reader = Reader()
    reader.page(a_source(server))
    shop.lost = {"Cs+2/&=%"}
    batch = reader.page(a_source(server))
    assert ([one.place for one in batch.rejects], batch.complete) == (
        [f"app {APP} in en-us, page 2, {to_text(NOW)}"],
        True,
    )
    shop.lost = set()
    assert len(reader.read(a_source(server)).mentions) == 3


class TestListing:
    """How far a walk goes; without a server."""

    def times(self, *hours: int) -> list[datetime]:
        return [NOW - hour * HOUR for hour in hours]

    def test_a_first_walk_ends_after_some_pages(self) -> None:
        listing, pages = Listing(), 0
        while pages == 0 or listing.walk.resume:
            listing = listing.begun(NOW, None).after(self.times(pages), "more", NOW)
            pages += 1
        assert (pages, listing.walk) == (FIRST_PAGES, Walk(mark=to_text(NOW)))

    def test_one_that_never_arrives_ends_and_tells_what_it_lost(self) -> None:
        known = Walk(mark=OLD)
        listing, pages, lost = Listing(walk=known, read_at=to_text(NOW - HOUR)), 0, None
        while pages == 0 or listing.walk.resume:
            assert lost is None
            begun = listing.begun(NOW, None)
            listing = begun.after(self.times(0), f"page {pages}", NOW)
            lost, pages = begun.lost_since(listing, self.times(0)), pages + 1
        assert (pages, lost) == (MOST_PAGES, NOW - HOUR)

    def test_a_list_that_ends_early_is_told(self) -> None:
        state = Listing(walk=Walk(mark=to_text(NOW - DAY)), read_at=to_text(NOW - HOUR))
        begun = state.begun(NOW, None)
        for times, lost in (([], None), (self.times(2), NOW - HOUR), (self.times(2, 24), None)):
            assert begun.lost_since(begun.after(times, "", NOW), times) == lost

    def test_once_a_day_it_goes_far_back(self) -> None:
        walk = Walk(mark=to_text(NOW))
        listing = Listing(walk=walk, whole_at=to_text(NOW), read_at=to_text(NOW))
        hourly, daily = (listing.begun(NOW + by, None) for by in (HOUR, DAY))
        assert hourly.floor == to_text(NOW - OVERLAP)
        assert daily.floor == to_text(NOW + DAY - WHOLE)
        assert daily.whole_at == to_text(NOW + DAY)

    def test_a_stray_old_review_ends_no_walk(self) -> None:
        begun = Listing(walk=Walk(mark=to_text(NOW - DAY))).begun(NOW, None)
        assert begun.after(self.times(1, 5_000, 2), "more", NOW).walk.resume == "more"

    def test_a_review_of_the_future_hides_none(self) -> None:
        assert Listing().after(self.times(-48, 1), "", NOW).walk.mark == to_text(NOW)

    def test_it_is_written_and_read(self) -> None:
        listing = Listing(walk=Walk(mark=OLD)).begun(NOW, None).after(self.times(1), "more", NOW)
        assert Listing.of(json.loads(json.dumps(listing.written()))) == listing


class TestKept:
    """What the store makes of it."""

    @pytest.fixture
    def kept(self, tmp_path: Path) -> Iterator[Kept]:
        made = Kept(tmp_path)
        yield made
        made.store.close()

    def test_the_first_answer_that_was_seen_counts(self, server: WebServer, kept: Kept) -> None:
        rows = [a_row(1)]
        Shop(server).show(rows)
        source = a_source(server, brand="Acme")
        for replied in (None, BEGAN + 60, BEGAN + 900):  # it is edited later
            rows[0] = a_row(1, reply=(f"at {replied}", replied) if replied else None)
            page = collect_page(kept.store, source, kept.matcher, VirtualClock(NOW))
            assert page.error is None
        assert one(kept.store, "SELECT text FROM response") == f"at {BEGAN + 60}"
        assert one(kept.store, "SELECT evidence FROM response") == Evidence.FIELD.value

    def test_an_edit_is_the_same_review(self, server: WebServer, kept: Kept) -> None:
        rows = [a_row(1, "bad", 1)]
        Shop(server).show(rows)
        for _ in range(2):
            collect_page(kept.store, a_source(server), kept.matcher, VirtualClock(NOW))
            rows[0] = a_row(1, "good", 5, at=BEGAN + 900)
        assert one(kept.store, "SELECT text || count(*) FROM mention") == "good1"


class TestSettings:
    def load(self, **table: Any) -> GooglePlayPublic:
        subject = {"name": "Acme", "query": "acme"}
        document = {"subjects": [subject], "collectors": {"google_play_public": table}}
        handed = {"http": Http(), "name": "google_play_public"}
        plugins = Plugins(
            collectors={"google_play_public": GooglePlayPublic}, handed=lambda kind, name: handed
        )
        config = from_document(document, Path("/etc/listener/config.toml"), plugins)
        source = config.collectors["google_play_public"]
        assert isinstance(source, GooglePlayPublic)
        return source

    def test_it_is_off_until_somebody_says_yes(self) -> None:
        with pytest.raises(ConfigError, match="terms may forbid it") as caught:
            self.load(packages=[APP])
        assert "accept_unofficial = true" in str(caught.value)
        source = self.load(packages=[APP], accept_unofficial=True, python="play/bin/python")
        assert source.python == Path("/etc/listener/play/bin/python")

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"packages": ()}, "packages must"),
            ({"packages": (APP, "com.acme/../x")}, "packages must"),
            ({"languages": ("english",)}, "languages must"),
            ({"countries": ("usa",)}, "countries must"),
            ({"brand": "Acne"}, 'brand "Acne" is none of the subjects: Acme, Boreal'),
            ({"base_url": "http://play.example"}, "base_url: plain http"),
        ],
    )
    def test_what_cannot_work_is_refused(
        self, server: WebServer, changes: Mapping[str, Any], words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            a_source(server, **changes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
class TestRecorded:
    def play(self, server: WebServer, name: str) -> GooglePlayPublic:
        body = (SHARED / name).read_bytes()
        Shop(server).show([])
        server.routes[ASKED] = lambda asked: Step(body=body)
        return a_source(server)

    def test_a_page_is_read(self, server: WebServer) -> None:
        batch = self.play(server, "oCPfdb_page1.txt").fetch(None, NOW)
        assert (len(batch.mentions), len(batch.responses), batch.rejects) == (24, 2, ())
        assert (batch.complete, batch.mentions[0].said_at.year) == (False, 2021)
        assert all(one.text and one.stars and one.author_name for one in batch.mentions)
        assert batch.responses[0].said_at == datetime(2021, 1, 21, 3, 33, 20, tzinfo=UTC)

    def test_an_empty_one_is_empty(self, server: WebServer) -> None:
        assert self.play(server, "oCPfdb_empty.txt").fetch(None, NOW).mentions == ()

    def test_a_refusal_is_one(self, server: WebServer) -> None:
        assert refused(self.play(server, "PlayGatewayError.txt")).kind is Trouble.RATE

    def test_another_layout_is_not_taken_for_none(self, server: WebServer) -> None:
        assert refused(self.play(server, "batchexecute_reviews.txt")).kind is Trouble.SHAPE


def test_waits_are_kept(server: WebServer) -> None:
    server.routes[ASKED] = lambda asked: Step(status=429, headers={"Retry-After": "300"})
    assert refused(a_source(server)).retry_after == timedelta(minutes=5)
