"""Google Business Profile: what reviews become, and how each place's are walked from the newest."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.base import Reaches
from listener.collectors.google_business import (
    FIRST_PAGES,
    OVERLAP,
    PAGE,
    GoogleBusiness,
    read_page,
)
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.google import refused
from tests.servers.google_business import (
    OTHER,
    PLACE,
    SECRETS,
    Maps,
    a_review,
    a_source,
    many_reviews,
    pages_asked,
    path_of,
    written,
)
from tests.servers.web import Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "google_business"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "google_business_profile"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def maps(server: WebServer) -> Maps:
    return Maps(server)


class TestContract(HttpCollectorContract):
    golden_name = "google_business"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        Maps(server, page=2).show(json.loads((GOLDEN / "reviews.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=4, secrets=SECRETS)

    @pytest.fixture
    def hurried(self, server: WebServer) -> GoogleBusiness:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer, maps: Maps) -> World:
        maps.show(many_reviews(2500))
        known = {"streams": {PLACE: {"walk": {"mark": "2001-01-01T00:00:00.000Z"}}}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


def test_a_first_walk_ends_after_some_pages(server: WebServer, maps: Maps) -> None:
    maps.show(many_reviews(PAGE * (FIRST_PAGES + 2)))
    reader = Reader().read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES


def test_a_first_walk_goes_as_far_back_as_it_is_told_to(server: WebServer, maps: Maps) -> None:
    reviews = [a_review(number, NOW - timedelta(hours=number)) for number in range(1200)]
    maps.show(reviews)
    source = a_source(server)
    assert isinstance(source, Reaches)
    reader = Reader().read(source.reaching(NOW - timedelta(hours=PAGE * FIRST_PAGES + 10)))
    assert len(reader.mentions) == PAGE * (FIRST_PAGES + 1)
    source.fetch(None, NOW)
    assert len(maps.google.given) == 1  # each is asked with the other's token
    reader.batches.clear()
    reader.read(source)
    assert len(reader.batches) == 15  # thirty days of hours, fifty a page


def test_a_walk_ends_below_what_was_read_and_looks_back(server: WebServer, maps: Maps) -> None:
    days = [timedelta(days=days) for days in range(100)]
    reviews = [a_review(number, NOW - day) for number, day in enumerate(days)]
    maps.show(reviews)
    reader = Reader().read(a_source(server))
    assert len(reader.mentions) == 100
    reader.batches.clear()
    reviews.append(a_review(100, NOW + timedelta(minutes=1)))
    reader.now = NOW + timedelta(hours=1)
    reader.read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE]
    (batch,) = reader.batches
    assert batch.mentions[0].source_id == "r100"
    assert batch.mentions[-1].said_at < NOW - OVERLAP


def test_an_answer_to_a_review_of_weeks_ago_is_seen(server: WebServer, maps: Maps) -> None:
    reviews = [a_review(1, NOW - timedelta(days=20)), a_review(2, NOW)]
    maps.show(reviews)
    reader = Reader().read(a_source(server))
    reply = {"comment": "We are sorry.", "updateTime": written(NOW + timedelta(hours=1))}
    reviews[0] = {**reviews[0], "reviewReply": reply}  # its updateTime stays
    reader.batches.clear()
    reader.read(a_source(server))
    (answer,) = (one for batch in reader.batches for one in batch.responses)
    assert (answer.parent_id, answer.text) == ("r1", "We are sorry.")


def test_a_review_from_the_future_does_not_hide_what_comes(server: WebServer, maps: Maps) -> None:
    reviews = [a_review(1, NOW + timedelta(days=2000))]
    maps.show(reviews)
    reader = Reader().read(a_source(server))
    assert reader.cursor is not None
    assert reader.cursor["streams"][PLACE] == {"walk": {"mark": "2026-11-22T12:00:00.000Z"}}
    reviews.append(a_review(2, NOW + timedelta(minutes=1)))
    assert len(reader.read(a_source(server)).mentions) == 2


def test_a_place_without_reviews_answers_with_nothing(server: WebServer, maps: Maps) -> None:
    maps.show([])
    reader = Reader().read(a_source(server))
    assert [batch.mentions for batch in reader.batches] == [()]
    maps.show([a_review(1)])
    assert len(reader.read(a_source(server)).mentions) == 1


def test_several_places_are_read_in_turn(server: WebServer, maps: Maps) -> None:
    maps.show([a_review(1)])
    maps.show([a_review(2)], OTHER)
    reader = Reader().read(a_source(server, PLACE, f"locations/{OTHER}"))
    assert {one.place: one.source_id for one in reader.mentions.values()} == {
        PLACE: "r1",
        OTHER: "r2",
    }
    assert {one.brand for one in reader.mentions.values()} == {"Acme"}


class TestPlacesThatAreGone:
    def test_the_others_are_read_all_the_same(self, server: WebServer, maps: Maps) -> None:
        maps.show([a_review(2)], OTHER)
        source = a_source(server, PLACE, OTHER)
        reader = Reader().read(source).read(source)
        rejects = [one for batch in reader.batches for one in batch.rejects]
        assert [one.place for one in rejects] == [f"place {PLACE}"]  # told once
        assert "knows no place 456" in rejects[0].reason
        assert len(reader.mentions) == 1

    def test_one_that_is_back_is_read_again(self, server: WebServer, maps: Maps) -> None:
        maps.show([a_review(2)], OTHER)
        source = a_source(server, PLACE, OTHER)
        reader = Reader().read(source)
        maps.show([a_review(1)])
        assert len(reader.read(source).mentions) == 2

    def test_where_all_are_gone_the_source_is_in_trouble(
        self, server: WebServer, maps: Maps
    ) -> None:
        maps.show([a_review(2)], OTHER)
        reader = Reader().read(a_source(server, PLACE, OTHER))
        server.routes.pop(path_of(OTHER))
        with pytest.raises(CollectorError, match="knows no place 789") as caught:
            reader.read(a_source(server, PLACE, OTHER))
        assert caught.value.kind is Trouble.SETTINGS

    def test_the_only_one_is_no_exception(self, server: WebServer, maps: Maps) -> None:
        with pytest.raises(CollectorError, match="check `account` and `locations`"):
            a_source(server).fetch(None, NOW)


class TestStaleToken:
    def test_the_walk_begins_anew_and_keeps_its_mark(self, server: WebServer, maps: Maps) -> None:
        maps.show(many_reviews(PAGE + 10))
        walk = {"mark": written(NOW - timedelta(minutes=5)), "newest": "x", "resume": "yesterday"}
        stale = {"streams": {PLACE: {"walk": walk}}, "rest": [PLACE]}
        reader = Reader(cursor=stale).read(a_source(server))
        assert len(reader.mentions) == PAGE + 10
        assert reader.cursor is not None
        assert reader.cursor["streams"][PLACE] == {"walk": {"mark": "2026-11-22T12:00:00.000Z"}}

    def test_it_does_so_once_only(self, server: WebServer, maps: Maps) -> None:
        maps.show([a_review(1)])
        state = {"walk": {"resume": "yesterday"}, "anew": True}
        with pytest.raises(CollectorError) as caught:
            a_source(server).fetch({"streams": {PLACE: state}, "rest": [PLACE]}, NOW)
        assert caught.value.kind is Trouble.SETTINGS


def test_an_answer_is_the_brands(server: WebServer, maps: Maps) -> None:
    maps.show([a_review(7, reviewReply={"comment": "Danke!", "updateTime": written(NOW)})])
    (answer,) = a_source(server).fetch(None, NOW).responses
    assert answer.author == "Acme"


def test_an_edit_is_told_by_its_time_and_keeps_when_it_was_said(server: WebServer) -> None:
    reviews = [a_review(1, NOW - timedelta(days=3))]
    Maps(server).show(reviews)
    reader = Reader().read(a_source(server))
    later = NOW - timedelta(hours=1)
    reviews[0] = {**reviews[0], "comment": "Now it is better", "updateTime": written(later)}
    (mention,) = reader.read(a_source(server)).mentions.values()
    assert (mention.text, mention.edited_at) == ("Now it is better", later)
    assert mention.said_at == NOW - timedelta(days=3)


@pytest.mark.parametrize(
    "value", [[], "text", 7, {"error": {"code": 500}}, {"reviews": 3}, {"nextPageToken": 7}]
)
def test_json_of_another_shape_is_refused(server: WebServer, maps: Maps, value: Any) -> None:
    maps.google.behind(path_of(PLACE), lambda asked: as_json(value))
    for ask in (a_source(server).check, lambda: a_source(server).fetch(None, NOW)):
        with pytest.raises(CollectorError) as caught:
            ask()
        assert caught.value.kind is Trouble.SHAPE


def test_what_is_no_review_in_a_list_is_kept_for_a_reject() -> None:
    page = read_page({"reviews": [7, None, a_review(1)]})
    assert page is not None
    assert len(page.reviews) == 3


def test_a_page_that_leads_to_itself_is_refused(server: WebServer, maps: Maps) -> None:
    turning = as_json({"reviews": [a_review(1)], "nextPageToken": "from-1"})
    maps.google.behind(path_of(PLACE), lambda asked: turning)
    reader, source = Reader(), a_source(server)
    reader.page(source)
    with pytest.raises(CollectorError, match="no page of reviews"):
        reader.page(source)


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (refused(403, "PERMISSION_DENIED"), Trouble.CREDENTIALS, "must manage this place"),
        (refused(403, "SERVICE_DISABLED"), Trouble.SETTINGS, "enable this API"),
        (refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), Trouble.CREDENTIALS, "sign in once more"),
        (refused(404, "NOT_FOUND"), Trouble.SETTINGS, "knows no place 456"),
        (refused(429, "RATE_LIMIT_EXCEEDED"), Trouble.RATE, "too often"),
        (refused(429, "RATE_LIMIT_EXCEEDED", quota_limit_value="0"), Trouble.QUOTA, "no quota"),
        (Step(status=403), Trouble.CREDENTIALS, "refuses us"),
    ],
)
def test_refusals_are_told_apart(
    server: WebServer, maps: Maps, step: Step, kind: Trouble, words: str
) -> None:
    maps.google.behind(path_of(PLACE), lambda asked: step)
    for ask in (a_source(server).check, lambda: a_source(server).fetch(None, NOW)):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind
        assert "s3cret" not in str(caught.value)


def test_it_waits_as_long_as_it_is_asked_to(server: WebServer, maps: Maps) -> None:
    step = as_json({}, status=429, Retry_After="300")
    maps.google.behind(path_of(PLACE), lambda asked: step)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.retry_after == timedelta(minutes=5)


def test_a_refresh_token_that_was_taken_back(server: WebServer, maps: Maps) -> None:
    maps.show([])
    source = a_source(server, refresh_token="s3cret-old")
    for ask in (source.check, lambda: source.fetch(None, NOW)):
        with pytest.raises(CollectorError, match=r"\(invalid_grant\); check client_id") as caught:
            ask()
        assert caught.value.kind is Trouble.CREDENTIALS
        assert "s3cret" not in str(caught.value)


def test_a_token_is_used_while_it_lives_and_is_nowhere_to_be_seen(
    server: WebServer, maps: Maps
) -> None:
    maps.show([a_review(1)])
    source, reader = a_source(server), Reader()
    reader.read(source).read(source)
    assert len(maps.google.given) == 1
    for shown in (repr(source), str(reader.cursor), str(reader.batches)):
        assert not any(secret in shown for secret in (*maps.google.given, *SECRETS))


def test_a_check_counts(server: WebServer, maps: Maps) -> None:
    maps.show(many_reviews(7))
    assert a_source(server).check() == "7 reviews of 1 place"
    maps.show(many_reviews(5), OTHER)
    assert a_source(server, PLACE, OTHER).check() == "12 reviews of 2 places"
    assert pages_asked(server) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account": "../x"}, "account is no number"),
        ({"locations": ()}, "locations names no place"),
        ({"locations": (PLACE, "accounts/1/locations/2")}, r"locations\[2\] is no number"),
        ({"brand": "Acne"}, 'brand "Acne" is none of the subjects: Acme, Boreal'),
        ({"base_url": "http://maps.example"}, "base_url: plain http"),
        ({"token_url": "http://maps.example/token"}, "token_url: plain http"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    server: WebServer, changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        a_source(server, **changes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_written_pages_are_understood(server: WebServer, maps: Maps) -> None:
    pages = json.loads((SHARED / "reviews.json").read_text("utf-8"))["interactions"]
    answers = {
        page["request"]["uri"].partition("pageToken=")[2]: page["response"] for page in pages
    }
    maps.google.behind(
        "/accounts/1/locations/2/reviews",
        lambda asked: as_json(answers[asked.query.get("pageToken", "")]["body"]),
    )
    reader = Reader().read(a_source(server, account="1", locations=("2",)))
    assert len(reader.batches) == len(pages)
    assert not any(batch.rejects for batch in reader.batches)
    first, second = sorted(reader.mentions.values(), key=lambda one: one.source_id)
    assert "Translated" not in first.text
    assert first.edited_at is None  # its two times differ by a fraction of a second
    assert (second.text, second.stars, second.author_name) == ("", 5, None)
    assert sum(len(batch.responses) for batch in reader.batches) == 1
