"""App Store Connect: who asks is proved, reviews are walked, and answers are found beside them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from listener.clock import VirtualClock
from listener.collectors.app_store_connect import (
    COUNTRIES,
    FIRST_PAGES,
    LOOK_BACK,
    PAGE,
    AppStoreConnect,
    to_mention,
    to_response,
)
from listener.config import Plugins, from_document
from listener.domain.mention import Channel, Evidence, Mention, Reject, Response
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import collect_page
from listener.store.connection import Store
from tests.builders import DAY, HOUR, a_rival, a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server
from tests.store.kept import followed, rows

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "app_store_connect"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "app_store_connect"
APP, ISSUER, KEY_ID = 900100200, "0a1b2c3d-0000-4000-8000-00000000acde", "ACMEKEY001"
ACME = a_subject("Acme")
FIRST_PAGE = f"/v1/apps/{APP}/customerReviews?include=response&sort=-createdDate&limit={PAGE}"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Item = dict[str, Any]


def pem(key: Key, password: bytes = b"") -> str:
    lock = serialization.BestAvailableEncryption(password) if password else None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        lock or serialization.NoEncryption(),
    ).decode()


KEY = ec.generate_private_key(ec.SECP256R1())
PRIVATE = pem(KEY)


def a_review(number: int, at: datetime | str = "", stars: int = 1, **changes: Any) -> Item:
    when = at if isinstance(at, str) else at.isoformat(timespec="seconds")
    attributes = {
        "rating": stars,
        "title": f"Title {number}",
        "body": f"Words {number}",
        "reviewerNickname": f"person{number}",
        "createdDate": when or (NOW - number * HOUR).isoformat(timespec="seconds"),
        "territory": "USA",
    }
    return {"type": "customerReviews", "id": str(number), "attributes": attributes | changes}


def an_answer(
    number: int = 1, at: datetime = NOW, text: str = "We are sorry.", state: str = "PUBLISHED"
) -> Item:
    return {
        "type": "customerReviewResponses",
        "id": f"answer-{number}",
        "attributes": {
            "responseBody": text,
            "lastModifiedDate": at.isoformat(timespec="seconds"),
            "state": state,
        },
    }


def a_refusal(status: int, code: str) -> Step:
    error = {"status": str(status), "code": code, "detail": "s3cret detail"}
    return as_json({"errors": [error]}, status=status)


@dataclass
class Connect:
    """The service: reviews in any order, answers by the id of their review, one key."""

    server: WebServer
    app: int = APP
    reviews: list[Item] = field(default_factory=list)
    answers: dict[str, Item] = field(default_factory=dict)
    tied_from_the_answer: bool = False  # relationships are told by the answer, not the review
    claims: list[Mapping[str, Any]] = field(default_factory=list)
    old: bool = False  # cursors are too old

    def __post_init__(self) -> None:
        self.server.routes[self.path] = self

    @property
    def path(self) -> str:
        return f"/v1/apps/{self.app}/customerReviews"

    def __call__(self, asked: Asked) -> Step:
        if not self._is_let_in(asked):
            return a_refusal(401, "NOT_AUTHORIZED")
        query = asked.query
        if self.old and "cursor" in query:
            return a_refusal(400, "PARAMETER_ERROR.INVALID")
        limit, begin = int(query["limit"]), int(query.get("cursor", "c0")[1:])
        found = sorted(self.reviews, key=self._time, reverse=query.get("sort") == "-createdDate")
        return as_json(self._page(found[begin : begin + limit], query, begin + limit, len(found)))

    def _is_let_in(self, asked: Asked) -> bool:
        kind, _, token = asked.headers.get("Authorization", "").partition(" ")
        try:
            claims = jwt.decode(
                token,
                KEY.public_key(),
                algorithms=["ES256"],
                audience="appstoreconnect-v1",
                issuer=ISSUER,
                options={
                    "require": ["iss", "iat", "exp", "aud"],
                    "verify_exp": False,  # the tests have a clock of their own
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError:
            return False
        self.claims.append(claims)
        fresh = 0 < claims["exp"] - claims["iat"] <= 20 * 60
        return kind == "Bearer" and jwt.get_unverified_header(token)["kid"] == KEY_ID and fresh

    def _time(self, review: Item) -> str:
        at = review["attributes"]["createdDate"]
        return datetime.fromisoformat(at).astimezone(NOW.tzinfo).isoformat()

    def _page(
        self, page: list[Item], query: Mapping[str, str], after: int, count: int
    ) -> Mapping[str, Any]:
        following = "&".join(
            f"{name}={value}" for name, value in {**query, "cursor": f"c{after}"}.items()
        )
        links = {"self": self.server.url(self.path)}
        if after < count:
            links["next"] = self.server.url(f"{self.path}?{following}")
        told: Item = {"data": [self._tied(each) for each in page], "links": links}
        if query.get("include") == "response":
            told["included"] = [
                self._tied_back(each["id"]) for each in page if each["id"] in self.answers
            ]
        return told

    def _tied(self, review: Item) -> Item:
        answer = None if self.tied_from_the_answer else self.answers.get(review["id"])
        tie = {"links": {}} if answer is None else {"data": {"type": "x", "id": answer["id"]}}
        return review | {"relationships": {"response": tie}}

    def _tied_back(self, number: str) -> Item:
        if not self.tied_from_the_answer:
            return self.answers[number]
        tie = {"review": {"data": {"type": "customerReviews", "id": number}}}
        return self.answers[number] | {"relationships": tie}


def a_source(server: WebServer, **changes: Any) -> AppStoreConnect:
    given: dict[str, Any] = {
        "apps": (APP,),
        "issuer_id": ISSUER,
        "key_id": KEY_ID,
        "private_key": PRIVATE,
        "name": "asc",
        "http": Http(),
        "follows": (ACME,),
        "base_url": server.url(""),
    }
    return AppStoreConnect(**(given | changes))


def read(
    source: AppStoreConnect, reader: Reader | None = None, after: timedelta | None = None
) -> Reader:
    reader = reader or Reader()
    reader.now += after or timedelta()
    return reader.read(source)


def found_in(reader: Reader) -> list[int]:
    return sorted(int(number) for _, number in reader.mentions)


def answers(reader: Reader) -> list[Response]:
    return [one for batch in reader.batches for one in batch.responses]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def connect(server: WebServer) -> Connect:
    return Connect(server)


@pytest.fixture
def source(connect: Connect) -> AppStoreConnect:
    return a_source(connect.server)


class TestContract(HttpCollectorContract):
    golden_name = "app_store_connect"

    @pytest.fixture
    def world(self, connect: Connect) -> World:
        for each in json.loads((GOLDEN / "reviews.json").read_text("utf-8")):
            connect.reviews.append(each["review"])
            if "answer" in each:
                connect.answers[each["review"]["id"]] = each["answer"]
        secrets = (PRIVATE, *PRIVATE.splitlines()[1:-1])
        return World(make=lambda: a_source(connect.server), count=4, secrets=secrets)

    @pytest.fixture
    def hurried(self, server: WebServer) -> AppStoreConnect:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, connect: Connect) -> World:
        connect.reviews += [a_review(n, NOW - n * HOUR) for n in range(2500)]
        known = {"streams": {str(APP): {"walk": {"mark": "2020-01-01T00:00:00.000Z"}}}}
        return World(make=lambda: a_source(connect.server), count=2500, cursor=known)


class TestProof:
    def test_a_token_is_made_for_now_and_for_less_than_twenty_minutes(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        source.fetch(None, NOW)
        (claims,) = connect.claims
        assert claims["iat"] <= NOW.timestamp() < claims["exp"]
        assert claims["exp"] - claims["iat"] < 20 * 60

    @pytest.mark.parametrize(
        "changes",
        [
            {"issuer_id": "somebody else"},
            {"key_id": "ABC"},
            {"private_key": pem(ec.generate_private_key(ec.SECP256R1()))},
        ],
        ids=["issuer", "key id", "key"],
    )
    def test_what_apple_refuses_is_named(
        self, connect: Connect, changes: Mapping[str, Any]
    ) -> None:
        source = a_source(connect.server, **changes)
        for ask in (source.check, lambda: source.fetch(None, NOW)):
            with pytest.raises(CollectorError, match="issuer_id, key_id and private_key") as caught:
                ask()
            assert caught.value.kind is Trouble.CREDENTIALS
            assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "a s3cret that is no key",
            PRIVATE[:100],
            PRIVATE.replace(PRIVATE[40:60], "!" * 20),
            pem(KEY, password=b"s3cret"),
            pem(ec.generate_private_key(ec.SECP384R1())),
            pem(rsa.generate_private_key(65537, 2048)),
            KEY.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode(),
            "\ud800",
        ],
        ids=["empty", "words", "cut", "junk", "locked", "p-384", "rsa", "public", "surrogate"],
    )
    def test_a_wrong_key_is_told_without_asking_and_without_repeating_it(
        self, connect: Connect, key: str
    ) -> None:
        source = a_source(connect.server, private_key=key)
        for ask in (source.check, lambda: source.fetch(None, NOW)):
            with pytest.raises(CollectorError, match=r"private_key is not a key") as caught:
                ask()
            error = caught.value
            assert error.kind is Trouble.SETTINGS
            assert "s3cret" not in str(error)
            assert not [part for part in key.splitlines()[1:-1] if part in str(error)]
            assert error.__suppress_context__  # a traceback shows no line of it either
        assert connect.server.asked == []
        assert "s3cret" not in repr(source)
        assert PRIVATE not in repr(a_source(connect.server))

    @pytest.mark.parametrize(
        "write", [str.strip, lambda text: text.replace("\n", "\\n")], ids=["stripped", "one line"]
    )
    def test_a_key_may_come_out_of_the_environment(
        self, connect: Connect, write: Callable[[str], str]
    ) -> None:
        assert a_source(connect.server, private_key=write(PRIVATE)).check() == "1 app"

    @pytest.mark.parametrize(
        ("status", "kind", "words"),
        [
            (403, Trouble.CREDENTIALS, "a role that may"),
            (404, Trouble.SETTINGS, f"no app {APP}"),
            (429, Trouble.RATE, "asked too often"),
        ],
    )
    def test_troubles_are_told_apart(
        self, connect: Connect, source: AppStoreConnect, status: int, kind: Trouble, words: str
    ) -> None:
        connect.server.failing = a_refusal(status, "WHATEVER")
        with pytest.raises(CollectorError, match=words) as caught:
            source.fetch(None, NOW)
        assert (caught.value.kind, caught.value.retry_after) == (kind, None)

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/v1/apps/1/customerReviews?cursor=x",
            "//evil.example/x",
            "http://127.0.0.1:1/v1/apps/1/customerReviews",
            "/v1/apps/1/customerReviews?cursor=x",
        ],
    )
    def test_the_key_goes_to_no_other_host(self, server: WebServer, elsewhere: str) -> None:
        source = a_source(server)
        with web_server() as other:
            for link in (elsewhere, other.url("/v1/x"), f"{server.url('')}.evil.example/"):
                told = as_json({"data": [a_review(1)], "links": {"next": link}})
                server.play(told, path=FIRST_PAGE)
                with pytest.raises(CollectorError, match="another address") as caught:
                    source.fetch(None, NOW)
                assert caught.value.kind is Trouble.SHAPE
            assert other.asked == []


class TestWalking:
    def test_a_first_walk_ends_after_some_pages(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(PAGE * (FIRST_PAGES + 2))]
        assert len(read(source).mentions) == PAGE * FIRST_PAGES

    def test_nothing_new_is_one_question(self, connect: Connect, source: AppStoreConnect) -> None:
        connect.reviews += [a_review(n) for n in range(500)]
        reader = read(source)
        connect.server.asked.clear()
        read(source, reader, HOUR)
        (asked,) = connect.server.asked
        assert asked.query == {"include": "response", "sort": "-createdDate", "limit": "200"}

    def test_a_walk_goes_on_until_a_whole_page_is_known(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(1, 1001)]
        reader = read(source)
        connect.reviews += [
            a_review(2000 + n, NOW + timedelta(seconds=n)) for n in range(PAGE + 50)
        ]
        connect.server.asked.clear()
        read(source, reader, HOUR)
        assert len(reader.mentions) == 1000 + PAGE + 50
        assert len(connect.server.asked) == 3

    def test_a_crash_in_the_middle_of_a_walk_loses_nothing(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(1, 1001)]
        reader = read(source)
        connect.reviews += [a_review(2000 + n, NOW + timedelta(seconds=n)) for n in range(3 * PAGE)]
        reader.now += HOUR
        reader.page(source)
        connect.server.failing = Step(status=503)
        with pytest.raises(CollectorError):
            reader.page(source)
        connect.server.failing = None
        assert len(read(a_source(connect.server), reader).mentions) == 1000 + 3 * PAGE

    def test_the_address_of_a_page_may_grow_too_old(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(500)]
        reader = Reader()
        reader.page(source)
        connect.old = True
        reader.page(source)  # the first page once more
        connect.old = False
        assert len(read(source, reader, DAY).mentions) == 500

    def test_what_was_published_late_is_found_by_looking_back(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(1, 401)]
        reader = read(source)
        connect.reviews.append(a_review(9999, NOW - 350 * HOUR))
        read(source, reader, HOUR)
        assert 9999 not in found_in(reader)
        read(source, reader, DAY)
        assert 9999 in found_in(reader)

    def test_looking_back_ends_after_thirty_days(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n, NOW - n * 2 * HOUR) for n in range(1, 1601)]
        reader = read(source)
        connect.server.asked.clear()
        read(source, reader, DAY)
        within = LOOK_BACK / (2 * HOUR)
        assert len(connect.server.asked) == within // PAGE + 2  # and a page that is all older
        connect.server.asked.clear()
        read(source, reader, HOUR)
        assert len(connect.server.asked) == 1

    def test_a_review_from_the_future_does_not_hide_what_comes(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(1, NOW + 900 * DAY)]
        reader = read(source)
        connect.reviews += [a_review(n, NOW + n * timedelta(minutes=1)) for n in range(2, 400)]
        assert len(read(source, reader, HOUR).mentions) == 399

    def test_each_app_is_read_by_itself(self, server: WebServer) -> None:
        Connect(server, app=7).reviews.append(a_review(1))
        Connect(server, app=8).reviews.append(a_review(2))
        source = a_source(server, apps=(7, 8))
        assert source.check() == "2 apps"
        products = {one.source_id: one.product for one in read(source).mentions.values()}
        assert products == {"1": "7", "2": "8"}


class TestAnswers:
    @pytest.mark.parametrize("from_the_answer", [False, True])
    def test_an_answer_is_found_whichever_side_names_the_other(
        self, connect: Connect, source: AppStoreConnect, from_the_answer: bool
    ) -> None:
        connect.tied_from_the_answer = from_the_answer
        connect.reviews += [a_review(1), a_review(2)]
        connect.answers["2"] = an_answer()
        (answer,) = answers(read(source))
        assert (answer.parent_id, answer.source_id) == ("2", "2#reply")
        assert (answer.evidence, answer.said_at, answer.author) == (Evidence.FIELD, NOW, "Acme")

    @pytest.mark.parametrize("state", ["PENDING_PUBLISH", None, 7])
    def test_an_answer_counts_when_it_is_published(
        self, connect: Connect, source: AppStoreConnect, state: Any
    ) -> None:
        connect.reviews.append(a_review(1))
        connect.answers["1"] = an_answer(state=state)
        reader = read(source)
        assert answers(reader) == []
        connect.answers["1"] = an_answer(at=NOW + HOUR)
        (answer,) = answers(read(source, reader, HOUR))
        assert answer.said_at == NOW + HOUR

    def test_an_answer_to_an_older_review_is_seen_within_a_day(
        self, connect: Connect, source: AppStoreConnect
    ) -> None:
        connect.reviews += [a_review(n) for n in range(1, 401)]
        reader = read(source)
        connect.answers["390"] = an_answer()
        for _ in range(23):
            read(source, reader, HOUR)
        assert answers(reader) == []
        read(source, reader, HOUR)
        assert [one.parent_id for one in answers(reader)] == ["390"]

    def test_the_first_answer_that_was_seen_stays(
        self, connect: Connect, source: AppStoreConnect, tmp_path: Path
    ) -> None:
        connect.reviews.append(a_review(1))
        store = Store(tmp_path / "listener.db", durable=False).open(NOW)
        matcher = Matcher(followed(store))
        for number, at in ((1, NOW - HOUR), (2, NOW)):  # written anew, as an edit is
            connect.answers["1"] = an_answer(number, at, f"Words {number}")
            assert collect_page(store, source, matcher, VirtualClock(NOW)).error is None
        (kept,) = rows(store, "SELECT parent_id, said_at, text, evidence FROM response")
        store.close()
        assert tuple(kept.values()) == ("1", "2026-11-22T11:00:00.000Z", "Words 1", "field")

    def test_an_edit_of_a_review_is_seen(self, connect: Connect, source: AppStoreConnect) -> None:
        connect.reviews += [a_review(n) for n in range(1, 401)]
        reader = read(source)
        connect.reviews[389] = a_review(390, stars=5, body="Better now")
        read(source, reader, DAY)
        assert reader.mentions["asc", "390"].text == "Better now"


@pytest.mark.parametrize(
    "value",
    [[], {}, {"data": 3}, {"data": {}}, "text", 7, {"data": [], "links": {"next": {"href": "x"}}}],
)
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes[f"/v1/apps/{APP}/customerReviews"] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "parts",
    [
        {"included": 3, "links": 3},
        {"included": [3, {"type": "customerReviewResponses"}], "links": None},
        {"included": [{"type": "customerReviewResponses", "id": [], "relationships": 3}]},
        {"included": [{"type": "customerReviewResponses", "id": "x", "attributes": 3}]},
    ],
)
def test_odd_parts_of_a_reply_are_no_fault(server: WebServer, parts: Mapping[str, Any]) -> None:
    tied = a_review(1) | {"relationships": {"response": {"data": {"id": "x"}}}}
    odd = a_review(2) | {"relationships": {"response": {"data": []}}}
    told = {"data": [tied, odd, a_review(3), 4, {"id": []}], **parts}
    server.routes[f"/v1/apps/{APP}/customerReviews"] = lambda asked: as_json(told)
    batch = a_source(server).fetch(None, NOW)
    assert (len(batch.mentions), len(batch.rejects), batch.responses) == (3, 2, ())


@pytest.mark.parametrize(
    ("review", "reason"),
    [
        ("text", "no id"),
        ({"id": 7}, "no id"),
        ({"id": "7"}, "one to five stars"),
        (a_review(7, rating=True), "one to five stars"),
        (a_review(7, rating="5"), "one to five stars"),
        (a_review(7, rating=[]), "one to five stars"),
        (a_review(7, createdDate=None), "no time"),
        (a_review(7, "yesterday"), "no time"),
    ],
)
def test_a_review_that_cannot_be_read_is_rejected(review: Any, reason: str) -> None:
    made = to_mention(review, "asc", str(APP))
    assert isinstance(made, Reject)
    assert reason in made.reason


def test_an_answer_without_a_time_is_rejected() -> None:
    review = to_mention(a_review(7), "asc", str(APP))
    assert isinstance(review, Mention)
    answer = {"attributes": {"state": "PUBLISHED", "responseBody": "Sorry"}}
    assert isinstance(to_response(answer, review), Reject)


def test_odd_details_are_left_out() -> None:
    odd: dict[str, Any] = {"title": 3, "body": [], "reviewerNickname": {}, "territory": ["USA"]}
    made = to_mention(a_review(7, **odd), "asc", str(APP))
    assert isinstance(made, Mention)
    assert (made.title, made.text, made.author_name, made.place) == ("", "", None, None)


def test_every_country_has_its_two_letters() -> None:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    iso = {line[:2] for line in table.splitlines() if not line.startswith("#")}
    assert set(COUNTRIES.values()) == iso | {"XK", "AN"}
    assert all(len(three) == 3 and three.isupper() for three in COUNTRIES)
    some = {"USA": "US", "GBR": "GB", "DEU": "DE", "HUN": "HU", "CHN": "CN", "TWN": "TW"}
    odd = {"AUT": "AT", "AUS": "AU", "SVK": "SK", "SVN": "SI", "EST": "EE", "PRT": "PT"}
    assert {three: COUNTRIES[three] for three in some | odd} == some | odd


class TestSettings:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"apps": ()}, "apps must be"),
            ({"apps": (-1,)}, "apps must be"),
            ({"base_url": "http://example.com"}, "plain http"),
            ({"brand": "Coyote"}, 'brand "Coyote" is none of the subjects: Acme'),
            ({"follows": (ACME, a_subject("Boreal"))}, "brand is missing"),
        ],
    )
    def test_what_could_never_be_asked_is_refused(
        self, server: WebServer, changes: Mapping[str, Any], words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            a_source(server, **changes)

    def test_every_review_is_about_the_brand(self, connect: Connect) -> None:
        connect.reviews.append(a_review(1))
        follows = (ACME, a_rival())
        plain = a_source(connect.server, follows=follows)
        named = replace(plain, brand="Boreal", channel=Channel.SURVEY)
        seen = [*read(plain).mentions.values(), *read(named).mentions.values()]
        assert [(one.brand, one.channel) for one in seen] == [
            ("Acme", Channel.REVIEW),
            ("Boreal", Channel.SURVEY),
        ]

    def test_its_table_is_read_and_the_key_out_of_its_file(self, tmp_path: Path) -> None:
        (tmp_path / "AuthKey.p8").write_text(PRIVATE)
        table = {
            "apps": [APP],
            "issuer_id": ISSUER,
            "key_id": KEY_ID,
            "private_key": "file:AuthKey.p8",
        }
        document = {
            "subjects": [{"name": "Acme", "role": "brand", "query": "acme"}],
            "collectors": {"app_store_connect": table},
        }
        plugins = Plugins(
            collectors={"app_store_connect": AppStoreConnect},
            handed=lambda kind, name: {"http": Http()},
        )
        config = from_document(document, tmp_path / "config.toml", plugins)
        source = config.collectors["app_store_connect"]
        assert isinstance(source, AppStoreConnect)
        assert (source.private_key, source.every) == (PRIVATE.strip(), HOUR)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_the_reply_written_from_the_field_list_is_understood(server: WebServer) -> None:
    recorded = json.loads((SHARED / "customer_reviews.json").read_text("utf-8"))
    pages = [one["response"]["body"] for one in recorded["interactions"]]
    text = json.dumps(pages).replace("https://api.appstoreconnect.apple.com", server.url(""))
    first, last = json.loads(text)
    server.routes["/v1/apps/1/customerReviews"] = lambda asked: as_json(
        last if "cursor" in asked.query else first
    )
    reader = read(a_source(server, apps=(1,)))
    assert {one.place for one in reader.mentions.values()} == {"US", "DE"}
    assert len(answers(reader)) == 1
    assert len(server.asked) == 2
