"""Trustpilot: what reviews become, how far a walk goes, and what tokens are asked for."""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.trustpilot import (
    FIRST_PAGES,
    PAGE,
    TOKEN_PATH,
    Trustpilot,
    to_answer,
    to_mention,
)
from listener.domain.mention import Channel, Evidence, Mention, Reject
from listener.domain.times import to_json
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import DAY, HOUR, a_rival, a_subject
from tests.collectors.canary_contract import sings
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "trustpilot"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "trustpilot"
UNIT = "/v1/business-units/bu1"
REVIEWS = "/v1/private/business-units/bu1/reviews"
KEY, SECRET = "k3y-of-acme", "s3cret-of-acme"
Review = dict[str, Any]


def a_review(number: int, age: timedelta = HOUR, **changes: Any) -> Review:
    review = {
        "id": f"r{number}",
        "stars": 1,
        "title": "Late",
        "text": f"Parcel {number} is late",
        "createdAt": to_json(NOW - age),
    }
    return review | changes


def answered(review: Review, at: datetime, text: str = "Sorry") -> Review:
    return review | {"companyReply": {"text": text, "createdAt": to_json(at)}}


class Company:
    """Gives tokens for the right key, and reviews for the newest token, as the service does."""

    def __init__(self, server: WebServer, reviews: list[Review], lives: Any = "359999") -> None:
        self.server, self.reviews, self.lives = server, reviews, lives
        self.tokens = 0
        server.routes[TOKEN_PATH] = self.token
        server.routes[REVIEWS] = self.page
        server.routes[UNIT] = self.unit

    def token(self, asked: Asked) -> Step:
        kind, _, pair = asked.headers.get("Authorization", "").partition(" ")
        if kind != "Basic" or b64decode(pair).decode() != f"{KEY}:{SECRET}":
            return as_json({"message": "s3cret"}, status=401)
        assert asked.form == {"grant_type": "client_credentials"}
        self.tokens += 1
        return as_json({"access_token": f"t0ken-{self.tokens}", "expires_in": self.lives})

    def page(self, asked: Asked) -> Step:
        if asked.headers.get("Authorization") != f"Bearer t0ken-{self.tokens}":
            return as_json({"fault": {"faultstring": "Invalid access token"}}, status=401)
        assert asked.query["orderBy"] == "createdat.desc"
        count, number = int(asked.query["perPage"]), int(asked.query["page"])
        newest_first = sorted(self.reviews, key=lambda one: str(one["createdAt"]), reverse=True)
        found = newest_first[count * (number - 1) : count * number]
        return as_json({"reviews": found, "links": []})

    def unit(self, asked: Asked) -> Step:
        if asked.headers.get("apikey") != KEY:
            return as_json({"message": "s3cret"}, status=401)
        return as_json({"id": "bu1", "numberOfReviews": {"total": len(self.reviews)}})

    @property
    def pages(self) -> list[str]:
        """The numbers of the pages that were asked for since the last look."""
        pages = [one.query["page"] for one in self.server.asked if one.route == REVIEWS]
        self.server.asked.clear()
        return pages


def a_source(server: WebServer, **changes: Any) -> Trustpilot:
    made = Trustpilot(
        business_unit="bu1",
        api_key=KEY,
        api_secret=SECRET,
        brand="Acme",
        name="tp",
        http=Http(),
        follows=(a_subject("Acme"), a_rival()),
        base_url=server.url(""),
    )
    return replace(made, **changes)


def later(reader: Reader, by: timedelta) -> Reader:
    """The same reader after some time, with none of its old pages."""
    return Reader(reader.now + by, reader.cursor)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "trustpilot"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        Company(server, json.loads((GOLDEN / "reviews.json").read_text("utf-8")))
        secrets = (KEY, SECRET, "t0ken")
        return World(make=lambda: a_source(server), count=4, secrets=secrets)

    @pytest.fixture
    def hurried(self, server: WebServer) -> Trustpilot:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        minute = timedelta(minutes=1)
        Company(server, [a_review(number, number * minute) for number in range(2500)])
        known = {"walk": {"mark": "2026-01-01T00:00:00.000Z"}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


class TestCanary:
    def test_a_company_whose_reviews_are_listed_is_well(self, server: WebServer) -> None:
        Company(server, [a_review(1)])
        assert sings(a_source(server))
        assert [asked.route for asked in server.asked] == [TOKEN_PATH, REVIEWS]

    def test_a_company_without_reviews_is_well_where_none_is_counted(
        self, server: WebServer
    ) -> None:
        Company(server, [])
        assert sings(a_source(server))

    def test_reviews_that_are_counted_and_not_listed_are_missing(self, server: WebServer) -> None:
        Company(server, [a_review(1)])
        server.routes[REVIEWS] = lambda asked: as_json({"reviews": []})
        assert not sings(a_source(server))

    @pytest.mark.parametrize("value", [{}, [], {"numberOfReviews": 0}])
    def test_a_company_of_which_nothing_is_counted_is_not_well(
        self, server: WebServer, value: Any
    ) -> None:
        Company(server, [])
        server.routes[UNIT] = lambda asked: as_json(value)
        assert not sings(a_source(server))

    @pytest.mark.parametrize("path", [REVIEWS, UNIT])
    def test_being_asked_to_wait_is_told(self, server: WebServer, path: str) -> None:
        Company(server, [])
        server.routes[path] = lambda asked: Step(status=429, headers={"Retry-After": "120"})
        with pytest.raises(CollectorError) as caught:
            sings(a_source(server))
        assert caught.value.kind is Trouble.RATE
        assert caught.value.retry_after == timedelta(minutes=2)

    def test_a_key_that_may_not_count_is_told(self, server: WebServer) -> None:
        Company(server, [])
        server.routes[UNIT] = lambda asked: Step(status=401)
        with pytest.raises(CollectorError, match="does not accept api_key") as caught:
            sings(a_source(server))
        assert caught.value.kind is Trouble.CREDENTIALS


def many_reviews(count: int) -> list[Review]:
    """One an hour, back from now."""
    return [a_review(number, number * HOUR) for number in range(count)]


def test_a_first_walk_ends_after_some_pages(server: WebServer) -> None:
    company = Company(server, many_reviews(PAGE * (FIRST_PAGES + 2)))
    reader = Reader().read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES
    assert company.pages == [str(number) for number in range(1, FIRST_PAGES + 1)]


def test_a_walk_to_a_date_goes_as_far_as_that(server: WebServer) -> None:
    Company(server, many_reviews(PAGE * (FIRST_PAGES + 5)))
    since = NOW - (PAGE * (FIRST_PAGES + 1) + PAGE // 2) * HOUR
    reader = Reader().read(a_source(server).reaching(since))
    assert len(reader.mentions) == PAGE * (FIRST_PAGES + 2)


def test_an_hour_later_only_what_is_new_is_told(server: WebServer) -> None:
    company = Company(server, many_reviews(350))
    first = Reader().read(a_source(server))
    assert company.pages == ["1", "2", "3", "4", "5"]  # the last one is empty
    company.reviews += [a_review(900, -HOUR / 2), a_review(901, HOUR / 2)]
    second = later(first, HOUR).read(a_source(server))
    assert {source_id for _, source_id in second.mentions} == {"r900", "r901"}
    assert company.pages == ["1"]


def test_nothing_new_is_no_mention(server: WebServer) -> None:
    Company(server, [])
    assert Reader().read(a_source(server)).mentions == {}


def test_once_a_day_replies_and_edits_of_a_month_are_seen(server: WebServer) -> None:
    company = Company(server, many_reviews(1000))
    reader = Reader().read(a_source(server))
    company.reviews[600] = answered(company.reviews[600], NOW)
    company.reviews[610] |= {"stars": 4, "updatedAt": to_json(NOW)}
    company.reviews[900] = answered(company.reviews[900], NOW)
    hour = later(reader, HOUR).read(a_source(server))
    assert not hour.mentions
    company.pages  # noqa: B018  # forget them
    day = later(hour, DAY).read(a_source(server))
    assert company.pages == [str(number) for number in range(1, 8)]  # 30 days
    assert {source_id for _, source_id in day.mentions} == {"r600", "r610"}
    (answer,) = (one for batch in day.batches for one in batch.responses)
    assert (answer.parent_id, answer.said_at) == ("r600", NOW)
    assert day.mentions["tp", "r610"].edited_at == NOW
    again = later(day, DAY).read(a_source(server))
    assert not again.mentions


def test_a_review_and_its_reply_come_together(server: WebServer) -> None:
    Company(server, [answered(a_review(1), NOW, "Sorry, Ann")])
    batch = a_source(server).fetch(None, NOW)
    (mention,), (answer,) = batch.mentions, batch.responses
    assert (mention.brand, mention.channel, mention.stars) == ("Acme", Channel.REVIEW, 1.0)
    assert (answer.source, answer.source_id, answer.parent_id) == ("tp", "r1#reply", "r1")
    assert (answer.author, answer.text, answer.evidence) == ("Acme", "Sorry, Ann", Evidence.FIELD)


def test_a_page_that_moves_down_while_we_read_is_told_once(server: WebServer) -> None:
    company = Company(server, many_reviews(150))
    reader, source = Reader(), a_source(server)
    reader.page(source)
    company.reviews.append(a_review(900, -HOUR / 2))
    reader.read(source)
    told = [one.source_id for batch in reader.batches for one in batch.mentions]
    assert len(told) == len(set(told)) == 150
    assert set(later(reader, HOUR).read(source).mentions) == {("tp", "r900")}


def test_a_review_from_the_future_does_not_hide_what_comes(server: WebServer) -> None:
    company = Company(server, [a_review(1, -400 * DAY)])
    reader = Reader().read(a_source(server))
    company.reviews.append(a_review(2, -HOUR / 2))
    assert set(later(reader, HOUR).read(a_source(server)).mentions) == {("tp", "r2")}


def test_the_same_page_for_ever_is_refused(server: WebServer) -> None:
    company = Company(server, many_reviews(5))
    server.routes[REVIEWS] = lambda asked: as_json({"reviews": company.reviews})
    with pytest.raises(CollectorError, match="same page twice") as caught:
        Reader().read(a_source(server))
    assert caught.value.kind is Trouble.SHAPE


def test_a_token_is_used_until_it_ends(server: WebServer) -> None:
    company = Company(server, many_reviews(250), lives="3600")
    reader, source = Reader(), a_source(server)
    reader.read(source)
    assert company.tokens == 1
    later(reader, 2 * HOUR).read(source)
    assert company.tokens == 2


def test_a_token_that_is_refused_is_renewed_once(server: WebServer) -> None:
    company = Company(server, many_reviews(250))
    reader, source = Reader(), a_source(server)
    reader.page(source)
    company.tokens += 1  # the old one is no good any more
    assert len(reader.read(source).mentions) == 250
    assert company.tokens == 3


@pytest.mark.parametrize("lives", [None, "soon", -1, "", "9" * 12, True, [1]])
def test_a_token_of_unknown_life_is_used_once(server: WebServer, lives: Any) -> None:
    company = Company(server, many_reviews(250), lives=lives)
    Reader().read(a_source(server))
    assert company.tokens == 4


@pytest.mark.parametrize("value", [{}, {"access_token": 7}, {"access_token": "a\nb"}, ["t"], "t"])
def test_what_is_no_token_is_refused(server: WebServer, value: Any) -> None:
    server.routes[TOKEN_PATH] = lambda asked: as_json(value)
    with pytest.raises(CollectorError, match="no token") as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, Trouble.CREDENTIALS, "refuses the token"),
        (403, Trouble.CREDENTIALS, "does not let this key read business unit bu1"),
        (404, Trouble.SETTINGS, "knows no business unit bu1"),
        (429, Trouble.RATE, "too often"),
        (503, Trouble.SERVER, "trouble of its own"),
    ],
)
def test_a_refusal_says_what_to_do(
    server: WebServer, status: int, kind: Trouble, words: str
) -> None:
    Company(server, [])
    server.routes[REVIEWS] = lambda asked: as_json({"message": SECRET}, status=status)
    for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind
        assert caught.value.retry_after is None
        assert SECRET not in str(caught.value)


def test_how_long_to_wait_is_told(server: WebServer) -> None:
    Company(server, [])
    server.routes[REVIEWS] = lambda asked: as_json({}, status=429, Retry_After="300")
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.retry_after == timedelta(minutes=5)


def test_a_wrong_key_is_told_apart(server: WebServer) -> None:
    Company(server, [])
    wrong = a_source(server, api_secret="another")
    with pytest.raises(CollectorError, match="does not accept api_key and api_secret") as caught:
        wrong.check()
    assert caught.value.kind is Trouble.CREDENTIALS


def test_a_check_says_what_is_there(server: WebServer) -> None:
    company = Company(server, [])
    assert a_source(server).check() == "business unit bu1, without reviews"
    company.reviews.append(a_review(1))
    assert a_source(server).check() == "business unit bu1, with reviews"


@pytest.mark.parametrize("value", [[], {}, {"reviews": {}}, {"reviews": "many"}, "text", 7])
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    Company(server, [])
    server.routes[REVIEWS] = lambda asked: as_json(value)
    with pytest.raises(CollectorError, match="no list of reviews") as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "broken",
    [7, None, [], {}, {"id": 7}, {"id": "a/b", "stars": 1}, {"id": "a", "stars": "5"}],
)
def test_what_is_no_review_stops_no_other(server: WebServer, broken: Any) -> None:
    good = a_review(1)
    Company(server, [])
    given = [[broken, good], []]
    server.routes[REVIEWS] = lambda asked: as_json({"reviews": given[int(asked.query["page"]) - 1]})
    reader = Reader().read(a_source(server))
    assert set(reader.mentions) == {("tp", "r1")}
    assert [len(batch.rejects) for batch in reader.batches] == [1, 0]
    assert not any(batch.rejects for batch in later(reader, DAY).read(a_source(server)).batches)


@pytest.mark.parametrize(
    "changes",
    [{"stars": 6}, {"stars": True}, {"stars": None}, {"createdAt": None}, {"createdAt": 10**40}],
)
def test_a_review_without_stars_or_time_is_rejected(changes: Review) -> None:
    assert isinstance(to_mention(a_review(1) | changes, "tp"), Reject)


@pytest.mark.parametrize("reply", [None, 7, [], {}, {"text": "Sorry"}, {"createdAt": "never"}])
def test_a_reply_without_time_is_none(reply: Any) -> None:
    review = a_review(1, companyReply=reply)
    mention = to_mention(review, "tp")
    assert isinstance(mention, Mention)
    assert to_answer(review, mention) is None


def test_odd_fields_are_left_out() -> None:
    odd: Review = {"consumer": 7, "title": 1, "text": [], "language": {}, "numberOfLikes": True}
    mention = to_mention(a_review(1, **odd, isVerified="yes", referenceId=7), "tp")
    assert isinstance(mention, Mention)
    assert (mention.title, mention.text, mention.author_id, mention.language) == (
        "",
        "",
        None,
        None,
    )
    assert mention.likes is None


def test_it_wants_a_brand_that_is_followed_and_an_id(server: WebServer) -> None:
    with pytest.raises(ValueError, match='brand "Acne" is none of the subjects: Acme, Boreal'):
        a_source(server, brand="Acne")
    with pytest.raises(ValueError, match="business_unit must be the id"):
        a_source(server, business_unit="https://trustpilot.com/review/acme.com")
    with pytest.raises(ValueError, match="base_url"):
        a_source(server, base_url="http://api.example")


def test_its_secrets_are_not_shown(server: WebServer) -> None:
    Company(server, [])
    source = a_source(server)
    cursor = source.fetch(None, NOW).cursor
    for secret in (KEY, SECRET, "t0ken"):
        assert secret not in f"{source!r} {cursor!r}"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_shared_reviews_are_understood() -> None:
    pages = json.loads((SHARED / "private_reviews_pages.json").read_text("utf-8"))
    reviews = pages["interactions"][0]["response"]["body"]["reviews"]
    events = json.loads((SHARED / "trustpilot-review-events.json").read_text("utf-8"))["events"]
    made = [to_mention(review, "tp") for review in reviews]
    made += [to_mention(event["eventData"], "tp") for event in events]
    mentions = [each for each in made if isinstance(each, Mention)]
    assert len(mentions) == len(reviews) + len(events) == 4
    answers = [to_answer(*pair) for pair in zip(reviews, mentions, strict=False)]
    assert [answer is not None for answer in answers] == [True, False]
