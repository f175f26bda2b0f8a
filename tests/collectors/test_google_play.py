"""Google Play: what reviews become, how passes go through pages and apps, and what is refused."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.clock import VirtualClock
from listener.collectors.google_play import (
    KEPT_FOR,
    PAGE,
    GooglePlay,
    read_page,
)
from listener.domain.mention import Channel, Evidence
from listener.domain.times import to_text
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import collect_page
from listener.store.answering import answers_of
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.google import refused
from tests.servers.google_play import (
    APP,
    SECRETS,
    a_review,
    a_source,
    answered,
    asked_for,
    shop,
)
from tests.servers.web import Step, WebServer, as_json, web_server
from tests.stages.world import World as Kept
from tests.store.kept import one

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "google_play"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "google_play_api"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "google_play"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        shop(server, json.loads((GOLDEN / "reviews.json").read_text("utf-8")), page=3)
        return World(make=lambda: a_source(server), count=5, secrets=SECRETS)

    @pytest.fixture
    def hurried(self, server: WebServer) -> GooglePlay:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        shop(server, [a_review(number) for number in range(2500)])
        return World(make=lambda: a_source(server), count=2500)


def test_all_pages_are_read_each_time(server: WebServer) -> None:
    shop(server, [a_review(number) for number in range(PAGE + 5)])
    reader = Reader().read(a_source(server))
    reader.read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE, 5, PAGE, 5]
    hundred = str(PAGE)
    first, second = {"maxResults": hundred}, {"maxResults": hundred, "token": "from-100"}
    assert asked_for(server) == [first, second, first, second]


def test_an_app_without_reviews_answers_with_nothing(server: WebServer) -> None:
    shop(server, [])
    (batch,) = Reader().read(a_source(server)).batches
    assert (batch.mentions, batch.rejects, batch.complete) == ((), (), True)


def test_several_apps_are_read_in_turn(server: WebServer) -> None:
    shop(server, [a_review(number) for number in range(4)], page=2)
    shop(server, [a_review(9)], app="com.acme.shop")
    reader = Reader().read(a_source(server, packages=(APP, "com.acme.shop")))
    assert [batch.complete for batch in reader.batches] == [False, False, True]
    assert [one.product for one in reader.mentions.values()] == [APP] * 4 + ["com.acme.shop"]


def test_a_review_is_given_to_its_brand(server: WebServer) -> None:
    shop(server, [a_review(1)])
    (mention,) = (
        Reader().read(a_source(server, brand="acme", channel=Channel.TICKET)).mentions.values()
    )
    assert (mention.brand, mention.channel) == ("acme", Channel.TICKET)


def test_an_edit_comes_as_the_same_review(server: WebServer) -> None:
    reviews = [a_review(1, "bad\tIt fails", starRating=1)]
    shop(server, reviews)
    reader = Reader().read(a_source(server))
    reviews[0] = a_review(1, "good\tIt works now", starRating=5)
    (mention,) = reader.read(a_source(server)).mentions.values()
    assert (mention.title, mention.text, mention.stars) == ("good", "It works now", 5)


@pytest.mark.parametrize(
    "value",
    [
        [],
        "text",
        7,
        {"error": {"code": 500}},
        {"reviews": 3},
        {"tokenPagination": "p2"},
        {"tokenPagination": {"nextPageToken": 7}},
    ],
)
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    google = shop(server, [])
    google.behind(f"/androidpublisher/v3/applications/{APP}/reviews", lambda asked: as_json(value))
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_a_token_of_nothing_ends_the_pages() -> None:
    page = read_page({"reviews": [a_review(1), 7], "tokenPagination": {"nextPageToken": None}})
    assert page is not None
    assert (len(page.reviews), page.token) == (2, "")


def test_a_page_that_leads_to_itself_is_refused(server: WebServer) -> None:
    turning = as_json({"reviews": [], "tokenPagination": {"nextPageToken": "p2"}})
    google = shop(server, [])
    google.behind(f"/androidpublisher/v3/applications/{APP}/reviews", lambda asked: turning)
    reader, source = Reader(), a_source(server)
    reader.page(source)
    with pytest.raises(CollectorError, match="no page of reviews"):
        reader.page(source)


def test_empty_pages_without_end_are_refused_until_one_holds_something(
    server: WebServer,
) -> None:
    pages = [{"tokenPagination": {"nextPageToken": f"p{number}"}} for number in range(10)]
    google, lying = shop(server, []), iter(pages)
    path = f"/androidpublisher/v3/applications/{APP}/reviews"
    google.behind(path, lambda asked: as_json(next(lying)))
    reader, source = Reader(cursor={"streams": {APP: {"done": to_text(NOW)}}}), a_source(server)
    for page in range(10):
        assert reader.page(source).complete is (page == 9)
    google.behind(path, lambda asked: as_json(pages[0]))
    for _ in range(2):
        with pytest.raises(CollectorError, match=rf"{APP}, gave 11 pages in a row") as caught:
            reader.page(source)
        assert caught.value.kind is Trouble.SHAPE
        assert "token" not in asked_for(server)[-1]
    google.behind(path, lambda asked: as_json({"reviews": [a_review(1)], **pages[9]}))
    assert len(reader.page(source).mentions) == 1
    google.behind(path, lambda asked: as_json(pages[0]))
    assert not reader.page(source).complete


def test_an_empty_last_page_after_others_is_an_end(server: WebServer) -> None:
    google, pages = shop(server, []), iter([*(f"p{number}" for number in range(9)), ""])
    google.behind(
        f"/androidpublisher/v3/applications/{APP}/reviews",
        lambda asked: as_json({"tokenPagination": {"nextPageToken": next(pages)}}),
    )
    batches = Reader().read(a_source(server)).batches
    assert (len(batches), batches[-1].complete) == (10, True)


class TestGap:
    def test_an_outage_of_more_than_a_week_is_told(self, server: WebServer) -> None:
        shop(server, [a_review(1), a_review(2)], page=1)
        reader = Reader().read(a_source(server))
        assert [batch.gap_since for batch in reader.batches] == [None, None]
        reader.now = NOW + KEPT_FOR + timedelta(minutes=1)
        reader.batches.clear()
        reader.read(a_source(server))
        assert [batch.gap_since for batch in reader.batches] == [NOW, None]
        reader.batches.clear()
        reader.now += KEPT_FOR
        reader.read(a_source(server))
        assert [batch.gap_since for batch in reader.batches] == [None, None]

    def test_it_counts_from_the_begin_of_the_last_whole_pass(self, server: WebServer) -> None:
        shop(server, [a_review(1), a_review(2)], page=1)
        reader = Reader()
        reader.page(a_source(server))
        reader.now = NOW + 2 * KEPT_FOR  # it was stopped between two pages
        assert reader.page(a_source(server)).complete
        assert reader.page(a_source(server)).gap_since == NOW

    def test_each_app_has_its_own(self, server: WebServer) -> None:
        shop(server, [])
        reader = Reader().read(a_source(server))
        shop(server, [], app="com.acme.shop")
        reader.now = NOW + 2 * KEPT_FOR
        reader.batches.clear()
        reader.read(a_source(server, packages=("com.acme.shop", APP)))
        assert [batch.gap_since for batch in reader.batches] == [None, NOW]

    def test_a_clock_that_was_moved_back_tells_none(self, server: WebServer) -> None:
        shop(server, [])
        reader = Reader(NOW.replace(year=2150)).read(a_source(server))
        reader.now = NOW
        assert reader.page(a_source(server)).gap_since is None


class TestStaleToken:
    def test_the_pass_begins_anew(self, server: WebServer) -> None:
        shop(server, [a_review(number) for number in range(3)], page=2)
        reader = Reader()
        reader.page(a_source(server))
        assert reader.cursor is not None
        state = {**reader.cursor["streams"][APP], "token": "of-yesterday"}
        reader.cursor = {**reader.cursor, "streams": {APP: state}}
        assert len(reader.read(a_source(server)).mentions) == 3
        assert [len(batch.mentions) for batch in reader.batches] == [2, 2, 1]
        assert reader.cursor["streams"][APP].keys() == {"done"}

    def test_it_does_so_once_only(self, server: WebServer) -> None:
        stale = {"streams": {APP: {"token": "of-yesterday", "anew": True}}, "rest": [APP]}
        shop(server, [a_review(1)])
        with pytest.raises(CollectorError) as caught:
            a_source(server).fetch(stale, NOW)
        assert caught.value.kind is Trouble.SETTINGS


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (refused(401, "permissionDenied"), Trouble.CREDENTIALS, "right to reply to reviews"),
        (refused(403, "permissionDenied"), Trouble.CREDENTIALS, "right to reply to reviews"),
        (refused(403, "SERVICE_DISABLED"), Trouble.SETTINGS, "enable this API"),
        (refused(403, "accessNotConfigured"), Trouble.SETTINGS, "enable this API"),
        (refused(403, "rateLimitExceeded"), Trouble.RATE, "too often"),
        (refused(403, "quotaExceeded"), Trouble.QUOTA, "used up"),
        (refused(404, "applicationNotFound"), Trouble.SETTINGS, f"no app {APP} of yours"),
        (refused(429, "RATE_LIMIT_EXCEEDED"), Trouble.RATE, "too often"),
        (refused(429, "RATE_LIMIT_EXCEEDED", quota_limit_value="0"), Trouble.QUOTA, "no quota"),
        (as_json({"error": "?"}, status=403), Trouble.CREDENTIALS, "refuses us"),
        (as_json({"error": {"errors": 7}}, status=403), Trouble.CREDENTIALS, "refuses us"),
    ],
)
def test_refusals_are_told_apart(server: WebServer, step: Step, kind: Trouble, words: str) -> None:
    google = shop(server, [])
    google.behind(f"/androidpublisher/v3/applications/{APP}/reviews", lambda asked: step)
    for ask in (a_source(server).check, lambda: a_source(server).fetch(None, NOW)):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind
        assert "s3cret" not in str(caught.value)


def test_it_waits_as_long_as_it_is_asked_to(server: WebServer) -> None:
    step = as_json({}, status=429, Retry_After="300")
    google = shop(server, [])
    google.behind(f"/androidpublisher/v3/applications/{APP}/reviews", lambda asked: step)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.retry_after == timedelta(minutes=5)


def test_a_check_asks_for_one_review_of_each_app(server: WebServer) -> None:
    shop(server, [a_review(1), a_review(2)])
    assert a_source(server).check() == "1 app"
    shop(server, [], app="com.acme.shop")
    assert a_source(server, packages=(APP, "com.acme.shop")).check() == "2 apps"
    assert {query["maxResults"] for query in asked_for(server)} == {"1"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"packages": ()}, "packages names no app"),
        ({"packages": (APP, "com.acme/../x")}, r"packages\[2\]"),
        ({"packages": ("acme",)}, r"packages\[1\]"),
        ({"brand": "Acne"}, 'brand "Acne" is none of the subjects: Acme, Boreal'),
        ({"service_account": "s3cret"}, "service_account is no JSON"),
        ({"service_account": '{"private_key": "s3cret"}'}, "holds no client_email"),
        ({"base_url": "http://play.example"}, "base_url: plain http"),
        ({"token_url": "http://play.example/token"}, "token_url: plain http"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    server: WebServer, changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        a_source(server, **changes)
    assert "s3cret" not in str(caught.value)


class TestKept:
    """What the store makes of it."""

    @pytest.fixture
    def kept(self, tmp_path: Path) -> Iterator[Kept]:
        made = Kept(tmp_path)
        yield made
        made.store.close()

    def collect(self, kept: Kept, source: GooglePlay, now: datetime) -> None:
        page = collect_page(kept.store, source, kept.matcher, VirtualClock(now))
        assert page.error is None

    @pytest.mark.parametrize("together", [True, False])
    def test_the_first_answer_that_was_seen_counts(
        self, server: WebServer, kept: Kept, together: bool
    ) -> None:
        said, first = 1_795_000_007, 1_795_003_600
        reviews = [a_review(7)]
        shop(server, reviews)
        source = a_source(server)
        if not together:
            self.collect(kept, source, NOW)
        for seconds in (first, first + 9_000):  # it is edited later
            reviews[0] = answered(a_review(7), seconds, f"at {seconds}")
            self.collect(kept, source, NOW)
        assert one(kept.store, "SELECT text FROM response") == f"at {first}"
        asked, given = (datetime.fromtimestamp(at, UTC) for at in (said, first))
        with kept.store.read() as db:
            (answer,) = answers_of(db, [1])
        assert one(kept.store, "SELECT said_at FROM mention") == to_text(asked)
        assert (answer.said_at, answer.evidence) == (given, Evidence.FIELD)

    @pytest.mark.parametrize("seen_before", [True, False])
    def test_a_change_after_the_answer_does_not_undo_it(
        self, server: WebServer, kept: Kept, seen_before: bool
    ) -> None:
        reviews = [a_review(7)]
        shop(server, reviews)
        source = a_source(server)
        if seen_before:
            self.collect(kept, source, NOW)
        reviews[0] = answered(a_review(9_000, "bad\tIt fails again", starRating=1), 1_795_003_600)
        reviews[0] = {**reviews[0], "reviewId": "gp:7"}
        self.collect(kept, source, NOW)
        with kept.store.read() as db:
            assert len(answers_of(db, [1])) == 1
        assert one(kept.store, "SELECT text FROM mention") == "It fails again"

    def test_a_week_that_was_missed_stays_a_gap(self, server: WebServer, kept: Kept) -> None:
        shop(server, [])
        self.collect(kept, a_source(server), NOW)
        later = NOW + KEPT_FOR + timedelta(hours=1)
        self.collect(kept, a_source(server), later)
        gap = one(kept.store, "SELECT since || ' ' || until FROM source_gap")
        assert gap == f"{to_text(NOW)} {to_text(later)}"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_written_pages_are_understood(server: WebServer) -> None:
    pages = json.loads((SHARED / "reviews_list_pages.json").read_text("utf-8"))["interactions"]
    answers = {page["request"]["uri"].partition("token=")[2]: page["response"] for page in pages}
    google = shop(server, [])
    google.behind(
        "/androidpublisher/v3/applications/com.acme/reviews",
        lambda asked: as_json(answers[asked.query.get("token", "")]["body"]),
    )
    reader = Reader().read(a_source(server, packages=("com.acme",)))
    assert len(reader.batches) == len(pages)
    assert not any(batch.rejects for batch in reader.batches)
    assert len(reader.mentions) == 3
    assert sum(len(batch.responses) for batch in reader.batches) == 1
