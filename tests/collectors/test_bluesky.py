"""Bluesky: what posts become, how searches and feeds are walked, and how a session is kept."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from listener.collectors.base import Reaches, Rechecks
from listener.collectors.bluesky import Bluesky
from listener.collectors.bluesky.collector import FIRST_PAGES, MOST_PAGES, OVERLAP, PAGE
from listener.collectors.bluesky.posts import indexed, said, to_mention
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.query import parse
from listener.domain.subject import Matcher, Role, Subject
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import a_subject
from tests.collectors.canary_contract import CanaryContract, Silence
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "bluesky"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "bluesky"
PASSWORD = "abcd-efgh-ijkl-mnop"
LOG_IN = "/xrpc/com.atproto.server.createSession"
SEARCH = "/xrpc/app.bsky.feed.searchPosts"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
POSTS = "/xrpc/app.bsky.feed.getPosts"
SEEN_AT = NOW - timedelta(days=1)
Post = dict[str, Any]

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR acmeair.example) NOT coyote'),
    accounts={"bluesky": frozenset({"acme.example"})},
)
ONLY_WORDS = a_subject("Acme", query=parse('"acme air"'), accounts={})


def a_uri(rkey: str, who: str = "ann") -> str:
    return f"at://did:plc:{who}/app.bsky.feed.post/{rkey}"


def a_post(
    rkey: str = "1",
    at: datetime = SEEN_AT,
    text: str = "acme air is late",
    handle: str = "ann.example",
    indexed_at: datetime | None = None,
    reply_to: str = "",
) -> Post:
    who = handle.partition(".")[0]
    ends = {"root": {"uri": a_uri("root")}, "parent": {"uri": reply_to}}
    record = {"text": text, "createdAt": at.isoformat(), **({"reply": ends} if reply_to else {})}
    return {
        "uri": a_uri(rkey, who),
        "author": {"did": f"did:plc:{who}", "handle": handle},
        "record": record,
        "indexedAt": (indexed_at or at).isoformat(),
    }


def minutes_later(count: int, **changes: Any) -> list[Post]:
    return [a_post(str(n), SEEN_AT + timedelta(minutes=n), **changes) for n in range(count)]


def refusing(name: str, status: int = 400, message: str = "no", **headers: str) -> Step:
    return as_json({"error": name, "message": message}, status=status, **headers)


@dataclass
class Network:
    """Answers as a server of Bluesky does, to those who have logged in: newest first, by the time
    that the posts sort by; a search goes on by a number, a feed by a time."""

    server: WebServer
    posts: list[Post]
    tokens: int = 0  # given so far; only the newest counts

    def __post_init__(self) -> None:
        self.server.routes[LOG_IN] = self._log_in
        self.server.routes[SEARCH] = self._search
        self.server.routes[FEED] = self._feed
        self.server.routes[POSTS] = self._posts

    def _log_in(self, asked: Asked) -> Step:
        if json.loads(asked.body) != {"identifier": "me.example", "password": PASSWORD}:
            return refusing("AuthenticationRequired", 401, "Invalid identifier or password")
        assert asked.method == "POST"
        self.tokens += 1
        return as_json({"accessJwt": f"jwt-s3cr3t-{self.tokens}", "refreshJwt": "r", "did": "d"})

    def _refused(self, asked: Asked) -> Step | None:
        given = asked.headers.get("Authorization")
        if given is None:
            return refusing("AuthMissing", 401)
        return None if given == f"Bearer jwt-s3cr3t-{self.tokens}" else refusing("ExpiredToken")

    def _newest_first(self) -> list[Post]:
        """By the earlier of its two times; those that have none come last."""
        return sorted(self.posts, key=lambda post: -(said(post) or NOW).timestamp())

    def _search(self, asked: Asked) -> Step:
        if refused := self._refused(asked):
            return refused
        query = asked.query
        assert query["sort"] == "latest"
        found = self._newest_first()
        for words in re.findall(r'"([^"]+)"', query["q"]):
            found = [post for post in found if words in json.dumps(post).casefold()]
        if "author" in query:
            found = [post for post in found if self._is_by(post, query["author"])]
        if "since" in query:
            since = datetime.fromisoformat(query["since"])
            found = [post for post in found if (said(post) or NOW) >= since]
        skipped, limit = int(query.get("cursor", 0)), int(query["limit"])
        page = found[skipped : skipped + limit]
        more = {"cursor": str(skipped + limit)} if len(found) > skipped + limit else {}
        return as_json({"posts": page, **more})

    def _feed(self, asked: Asked) -> Step:
        if refused := self._refused(asked):
            return refused
        query = asked.query
        assert query["filter"] == "posts_with_replies"
        found = [post for post in self._newest_first() if self._is_by(post, query["actor"])]
        if not found and query["actor"] != "acme.example":
            return refusing("InvalidRequest", message="Profile not found")
        if "cursor" in query:
            before = datetime.fromisoformat(query["cursor"])
            found = [post for post in found if (said(post) or NOW) < before]
        page = found[: int(query["limit"])]
        more = {"cursor": (said(page[-1]) or NOW).isoformat()} if page else {}
        return as_json({"feed": [self._entry(post) for post in page], **more})

    def _is_by(self, post: Post, actor: str) -> bool:
        return actor in (post["author"]["handle"].casefold(), post.get("reposted_by"))

    def _entry(self, post: Post) -> dict[str, Any]:
        reason = {"reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
        return {"post": post, **(reason if "reposted_by" in post else {})}

    def _posts(self, asked: Asked) -> Step:
        if refused := self._refused(asked):
            return refused
        wanted = parse_qs(urlsplit(asked.path).query)["uris"]
        return as_json({"posts": [post for post in self.posts if post["uri"] in wanted]})


def a_source(server: WebServer, **changes: Any) -> Bluesky:
    made = Bluesky(
        name="bsky",
        http=Http(),
        follows=(ACME,),
        base_url=server.url(""),
        handle="@me.example",
        app_password=PASSWORD,
    )
    return replace(made, **changes)


def read(source: Bluesky, reader: Reader | None = None) -> Reader:
    return (reader or Reader()).read(source)


def ids(reader: Reader) -> set[str]:
    return {source_id.rpartition("/")[2] for _, source_id in reader.mentions}


def asked_for(server: WebServer, route: str) -> list[dict[str, str]]:
    return [asked.query for asked in server.asked if asked.route == route]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "bluesky"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        Network(server, json.loads((GOLDEN / "posts.json").read_text("utf-8")))
        secrets = (PASSWORD, "jwt-s3cr3t")
        return World(make=lambda: a_source(server), count=7, secrets=secrets)

    @pytest.fixture
    def hurried(self, server: WebServer) -> Bluesky:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        Network(server, minutes_later(2_500))
        known = {"streams": {'"acme air"': {"mark": "2026-01-01T00:00:00.000Z"}}}
        return World(make=lambda: a_source(server), count=2_500, cursor=known)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        words = ("alpha", "beta", "gamma")
        Network(server, [a_post(word, text=word) for word in words])
        subject = a_subject("Acme", query=parse(" OR ".join(words)), accounts={})
        return Streams(
            make=lambda: a_source(server, follows=(subject,)),
            lame='"beta"',
            asks_lame=lambda asked: asked.query.get("q") == '"beta"',
            its={a_uri("beta")},
            others={a_uri("alpha"), a_uri("gamma")},
            refusal=refusing("BadQueryString"),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        Network(server, [a_post(text="the weather is fine")])
        nothing = {SEARCH: as_json({"posts": []}), FEED: as_json({"feed": []})}
        return Silence(collector=a_source(server), path=SEARCH, nothing=nothing)


def test_it_can_read_back_and_look_again(server: WebServer) -> None:
    assert isinstance(a_source(server), Reaches)
    assert isinstance(a_source(server), Rechecks)


def test_a_first_search_ends_after_some_pages(server: WebServer) -> None:
    Network(server, minutes_later(PAGE * (FIRST_PAGES + 1)))
    reader = read(a_source(server, follows=(ONLY_WORDS,)))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES
    assert [query.get("cursor") for query in asked_for(server, SEARCH)][:2] == [None, "100"]


def test_history_is_read_back_to_a_date(server: WebServer) -> None:
    posts = minutes_later(PAGE * (FIRST_PAGES + 2))
    Network(server, [*posts, *minutes_later(300, handle="acme.example")])
    reader = read(a_source(server).reaching(SEEN_AT + timedelta(minutes=30)))
    assert len([one for one in reader.mentions.values() if one.author == "ann.example"]) == 670
    assert {one.said_at >= SEEN_AT for one in reader.mentions.values()} == {True}


def test_a_search_goes_on_from_its_newest_post_and_looks_back_a_little(server: WebServer) -> None:
    world = Network(server, [a_post("1")])
    source = a_source(server, follows=(ONLY_WORDS,))
    reader = read(source)
    world.posts += [a_post("late", SEEN_AT - OVERLAP), a_post("new", NOW)]
    world.posts += [a_post("too late", SEEN_AT - OVERLAP - timedelta(seconds=1))]
    assert ids(read(source, reader)) == {"1", "late", "new"}
    assert asked_for(server, SEARCH)[-1]["since"] == "2026-11-21T11:00:00Z"


def test_the_mark_is_when_a_post_was_seen_and_not_what_its_writer_claims(server: WebServer) -> None:
    made_up = a_post("old", NOW - timedelta(days=900), indexed_at=SEEN_AT)
    world = Network(server, [made_up])
    source = a_source(server, follows=(ONLY_WORDS,))
    reader = read(source)
    read(source, reader)
    assert asked_for(server, SEARCH)[-1]["since"] == "2026-11-21T11:00:00Z"
    world.posts.append(a_post("future", NOW + timedelta(days=900), indexed_at=NOW))
    read(source, reader)
    assert reader.mentions["bsky", a_uri("future")].said_at == NOW


@pytest.mark.parametrize("before_it", [[], [a_post()]], ids=["alone", "among others"])
def test_a_post_from_the_future_does_not_hide_what_comes(
    server: WebServer, before_it: list[Post]
) -> None:
    world = Network(server, [*before_it, a_post("f", NOW + timedelta(days=900))])
    source = a_source(server)
    reader = read(source)
    world.posts.append(a_post("new", NOW - timedelta(minutes=5)))
    assert "new" in ids(read(source, reader))


def test_an_empty_poll_keeps_its_place(server: WebServer) -> None:
    world = Network(server, [])
    source = a_source(server)
    reader = read(source)
    assert reader.mentions == {}
    world.posts += minutes_later(3)
    assert len(read(source, reader).mentions) == 3
    kept = reader.cursor
    assert read(source, reader).cursor == kept


def test_more_than_a_search_gives_is_a_gap(server: WebServer) -> None:
    Network(server, minutes_later(300))
    mark = "2026-11-20T00:00:00.000Z"
    walk = {"mark": mark, "resume": "100", "pages": MOST_PAGES - 1}
    cursor = {"streams": {'"acme air"': walk}, "rest": ['"acme air"']}
    batch = a_source(server, follows=(ONLY_WORDS,)).fetch(cursor, NOW)
    assert (batch.gap_since, batch.complete) == (datetime.fromisoformat(mark), True)


def test_a_search_that_cannot_go_on_begins_anew(server: WebServer) -> None:
    Network(server, minutes_later(3))
    walk = {"mark": "2026-11-20T00:00:00.000Z", "resume": "stale", "pages": 2}
    cursor = {"streams": {'"acme air"': walk}, "rest": ['"acme air"']}
    source = a_source(server)
    inner = server.routes[SEARCH]
    server.routes[SEARCH] = lambda asked: (
        refusing("InvalidRequest") if asked.query.get("cursor") == "stale" else inner(asked)
    )
    reader = Reader(cursor=cursor)
    read(source, reader)
    assert [one.reason for one in reader.batches[0].rejects] == [
        "Bluesky does not go on with this search; it begins anew"
    ]
    assert len(read(source, reader).mentions) == 3


def test_what_no_query_matches_is_left_aside(server: WebServer) -> None:
    Network(server, [a_post(text="the coyote of acme air")])
    assert read(a_source(server)).mentions == {}


def test_words_are_searched_for_as_they_stand(server: WebServer) -> None:
    Network(server, [])
    query = parse('"from:someone" OR #acmeair OR @acme')
    read(a_source(server, follows=(a_subject(query=query, accounts={}),)))
    asked = [query["q"] for query in asked_for(server, SEARCH)]
    assert asked == ['"from:someone"', '"#acmeair"', '"@acme"']


def test_the_author_of_a_search_is_a_parameter_of_its_own(server: WebServer) -> None:
    Network(server, [])
    query = parse('late author:bob.example OR "from:ann.example"')
    read(a_source(server, follows=(a_subject(query=query, accounts={}),)))
    asked = [(query["q"], query.get("author")) for query in asked_for(server, SEARCH)]
    assert asked == [('"late"', "bob.example"), ('"from:ann.example"', None)]


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_answer_is_tied_to_its_question_in_either_order(
    server: WebServer, answer_first: bool
) -> None:
    question = a_post()
    answer = a_post("2", NOW, "We are sorry.", "Acme.Example", reply_to=question["uri"])
    world = Network(server, [answer if answer_first else question])
    source = a_source(server)
    reader = read(source)
    world.posts.append(question if answer_first else answer)
    read(source, reader)
    arrivals, answers = admitted(
        list(reader.mentions.values()), "bluesky", Matcher((ACME,)), reader.now
    )
    assert [one.mention.source_id for one in arrivals] == [question["uri"]]
    assert [(one.parent_id, one.thread_id) for one, _ in answers] == [
        (question["uri"], a_uri("root"))
    ]


def test_a_post_begins_a_thread_of_its_own(server: WebServer) -> None:
    mention = to_mention(a_post(), "bsky")
    assert isinstance(mention, Mention)
    assert (mention.kind, mention.parent_id, mention.thread_id) == (Kind.POST, None, a_uri("1"))


def test_an_account_may_be_named_by_its_did(server: WebServer) -> None:
    Network(server, [a_post(text="We are sorry.", handle="acme.example")])
    accounts = {"bluesky": frozenset({"did:plc:acme"})}
    brand = a_subject(query=None, accounts=accounts)
    server.routes[FEED] = lambda asked: as_json({"feed": [{"post": a_post(handle="acme.example")}]})
    (mention,) = read(a_source(server, follows=(brand,))).mentions.values()
    assert Matcher((brand,)).brand_behind("bluesky", mention) is brand


def test_a_repost_is_nobodys_words_and_shows_how_far_a_feed_was_read(server: WebServer) -> None:
    Network(server, [])
    asked_at: list[str] = []

    def feed(asked: Asked) -> Step:
        asked_at.append(asked.query.get("cursor", ""))
        at = NOW - timedelta(hours=1 + 2 * len(asked_at))
        reason = {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": at.isoformat()}
        post = a_post(text="acme air, said by another")
        return as_json({"feed": [{"post": post, "reason": reason}], "cursor": str(len(asked_at))})

    server.routes[FEED] = feed
    source = a_source(server)
    reader = read(source)
    assert len(asked_at) == FIRST_PAGES
    assert reader.mentions == {}
    asked_at.clear()
    read(source, reader)
    assert asked_at == ["", "1"]


def test_an_influencers_posts_are_read(server: WebServer) -> None:
    accounts = {"bluesky": frozenset({"kate.example"})}
    kate = Subject(name="Kate", role=Role.INFLUENCER, query=None, accounts=accounts)
    Network(server, [a_post(text="Lisbon is warm", handle="Kate.example")])
    assert len(read(a_source(server, follows=(kate,))).mentions) == 1


def refused(source: Bluesky) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        source.fetch(None, NOW)
    for secret in (PASSWORD, "s3cr3t"):
        assert secret not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (refusing("AuthenticationRequired", 401), Trouble.CREDENTIALS, "handle and app_password"),
        (refusing("AuthFactorTokenRequired", 401), Trouble.CREDENTIALS, "app password"),
        (refusing("AccountTakedown", 401), Trouble.CREDENTIALS, "taken the account down"),
        (refusing("AccountTakedown", 400), Trouble.CREDENTIALS, "taken the account down"),
        (refusing("AccountDeactivated", 403), Trouble.CREDENTIALS, "deactivated"),
        (refusing("InvalidRequest", 400), Trouble.SETTINGS, "check handle and app_password"),
        (refusing("MethodNotImplemented", 501), Trouble.SETTINGS, "check base_url"),
        (refusing("UpstreamFailure", 502), Trouble.SERVER, "part of itself"),
        (refusing("New", 418), Trouble.SETTINGS, "did not accept the question"),
        (as_json({"error": 7}, status=401), Trouble.CREDENTIALS, "handle and app_password"),
        (as_json({"did": "d"}), Trouble.SHAPE, "no token"),
        (as_json({"accessJwt": "a\r\nb"}), Trouble.SHAPE, "no token"),
        (as_json([]), Trouble.SHAPE, "no token"),
        (Step(status=404), Trouble.SETTINGS, "check the address"),
        (Step(status=302, headers={"Location": "/elsewhere"}), Trouble.SHAPE, "did not expect"),
    ],
)
def test_a_log_in_that_fails_says_what_can_be_done(
    server: WebServer, step: Step, kind: Trouble, words: str
) -> None:
    Network(server, [])
    server.routes[LOG_IN] = lambda asked: step
    error = refused(a_source(server))
    assert (error.kind, words in str(error)) == (kind, True), str(error)
    assert len(server.asked) == 1


@pytest.mark.parametrize("route", [LOG_IN, SEARCH, FEED])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit_reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"RateLimit_Reset": "45", "ratelimit_policy": "300;w=300"}, 45),
        ({"ratelimit_reset": "soon"}, 60),
        ({}, None),
    ],
)
def test_a_rate_limit_says_until_when(
    server: WebServer, route: str, headers: dict[str, str], seconds: float | None
) -> None:
    Network(server, [])
    server.routes[route] = lambda asked: refusing("RateLimitExceeded", 429, **headers)
    with pytest.raises(CollectorError) as caught:
        read(a_source(server))
    assert caught.value.kind is Trouble.RATE
    waits = caught.value.retry_after
    assert (waits and waits.total_seconds()) == seconds


def test_one_log_in_is_enough_until_the_token_expires(server: WebServer) -> None:
    world = Network(server, minutes_later(3))
    source = a_source(server)
    read(source, read(source))
    assert len(asked_for(server, LOG_IN)) == 1
    world.tokens += 1  # the one that was given counts no more
    assert len(read(source).mentions) == 3
    assert len(asked_for(server, LOG_IN)) == 2


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("name", ["ExpiredToken", "InvalidToken"])
def test_a_token_that_is_never_accepted_is_renewed_once(
    server: WebServer, name: str, status: int
) -> None:
    Network(server, [])
    source = a_source(server)
    source.check()
    server.asked.clear()
    server.routes[FEED] = lambda asked: refusing(name, status)
    error = refused(source)
    assert (error.kind, len(asked_for(server, LOG_IN))) == (Trouble.CREDENTIALS, 1)
    error = refused(source)
    assert (error.kind, len(asked_for(server, LOG_IN))) == (Trouble.CREDENTIALS, 2)


@pytest.mark.parametrize(
    "step",
    [
        refusing("InvalidRequest", message="Profile not found"),
        refusing("AccountDeactivated"),
        refusing("BlockedByActor"),
        Step(status=400),
    ],
)
def test_an_unknown_account_is_told_once_and_stops_no_other(server: WebServer, step: Step) -> None:
    Network(server, [a_post()])
    server.routes[FEED] = lambda asked: step
    source = a_source(server)
    reader = read(source)
    rejects = [one for batch in reader.batches for one in batch.rejects]
    assert [(one.place, "account acme.example" in one.reason) for one in rejects] == [
        ("@acme.example", True)
    ]
    assert len(reader.mentions) == 1
    assert sum(len(batch.rejects) for batch in read(source, reader).batches) == 1


def test_when_all_is_refused_the_source_is_in_trouble(server: WebServer) -> None:
    Network(server, [])
    server.routes[SEARCH] = lambda asked: refusing("BadQueryString")
    error = refused(a_source(server, follows=(ONLY_WORDS,)))
    assert (error.kind, "BadQueryString" in str(error)) == (Trouble.SETTINGS, True)


@pytest.mark.parametrize("value", [[], {}, {"posts": 3, "feed": {}}, "text", 7, None])
@pytest.mark.parametrize("route", [SEARCH, FEED])
def test_json_of_another_shape_is_refused(server: WebServer, route: str, value: Any) -> None:
    Network(server, [])
    server.routes[route] = lambda asked: as_json(value)
    subject = ONLY_WORDS if route == SEARCH else replace(ACME, query=None)
    with pytest.raises(CollectorError) as caught:
        read(a_source(server, follows=(subject,)))
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "thing", [7, "x", None, [], {}, {"post": 7}, {"uri": 7}, {"uri": a_uri("1")}]
)
@pytest.mark.parametrize(("route", "key"), [(SEARCH, "posts"), (FEED, "feed")])
def test_a_thing_that_is_no_post_is_set_aside(
    server: WebServer, route: str, key: str, thing: Any
) -> None:
    Network(server, [])
    server.routes[route] = lambda asked: as_json({key: [thing], "cursor": 7})
    source = a_source(server, follows=(replace(ACME, query=ONLY_WORDS.query),))
    assert sum(len(batch.rejects) for batch in read(source).batches) == 1


@pytest.mark.parametrize(
    ("labels", "automatic"),
    [
        ([{"src": "did:plc:ann", "val": "bot"}], True),
        ([{"src": "did:plc:mod", "val": "spam"}, {"src": "did:plc:ann", "val": "bot"}], True),
        ([{"src": "did:plc:mod", "val": "bot"}], False),
        ([{"src": "did:plc:ann", "val": "!no-unauthenticated"}], False),
        ([7], False),
        ({"val": "bot"}, False),
        (None, False),
    ],
)
def test_an_account_that_labels_itself_a_robot_is_one(labels: Any, automatic: bool) -> None:
    post = a_post()
    made = to_mention({**post, "author": {**post["author"], "labels": labels}}, "bsky")
    assert isinstance(made, Mention)
    assert made.automatic is automatic


@pytest.mark.parametrize(
    ("state", "verified"),
    [
        ({"verifiedStatus": "valid", "trustedVerifierStatus": "none"}, True),
        ({"verifiedStatus": "none", "trustedVerifierStatus": "valid"}, True),
        ({"verifiedStatus": "invalid", "trustedVerifierStatus": "none"}, False),
        ({"verifiedStatus": "none"}, False),
        ({"verifiedStatus": ["valid"], "trustedVerifierStatus": True}, None),
        ({}, None),
        ([], None),
        ("valid", None),
        (None, None),
    ],
)
def test_an_account_is_verified_where_bluesky_says_so(state: Any, verified: bool | None) -> None:
    post = a_post()
    made = to_mention({**post, "author": {**post["author"], "verification": state}}, "bsky")
    assert isinstance(made, Mention)
    assert made.verified is verified


VALUES: list[Any] = [None, 7, -1, True, 1.5, "", "\0", [], [7], {}, {"uri": 7}, {"external": 7}]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", [*a_post(), "likeCount", "embed"])
def test_a_field_of_any_type_breaks_nothing(name: str, value: Any) -> None:
    made = to_mention({**a_post(), name: value}, "bsky")
    assert made is None or isinstance(made, Mention | Reject)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", ["text", "createdAt", "langs", "reply", "embed"])
def test_a_record_of_any_type_breaks_nothing(name: str, value: Any) -> None:
    post = a_post()
    post["record"] = {**post["record"], name: value}
    made = to_mention(post, "bsky")
    assert made is None or isinstance(made, Mention)


def test_posts_that_are_gone_are_buried_and_others_looked_at_anew(server: WebServer) -> None:
    Network(server, [{**a_post("1"), "likeCount": 9}])
    batch = a_source(server).recheck([a_uri("1"), a_uri("2"), "another's"], NOW)
    assert [one.likes for one in batch.mentions] == [9]
    assert [one.source_id for one in batch.tombstones] == [a_uri("2")]
    assert a_source(server).recheck(["another's"], NOW).tombstones == ()


def test_an_answer_without_a_list_buries_nothing(server: WebServer) -> None:
    Network(server, [])
    server.routes[POSTS] = lambda asked: as_json({})
    with pytest.raises(CollectorError) as caught:
        a_source(server).recheck([a_uri("1")], NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_a_check_says_who_we_are_and_what_is_read(server: WebServer) -> None:
    Network(server, [])
    assert a_source(server).check() == "as me.example; searches: 2, accounts: 1"
    accounts = {"bluesky": frozenset({"gone.example"})}
    nobody = replace(ACME, accounts=accounts)
    with pytest.raises(CollectorError, match=r"gone\.example: it is unknown, gone or blocked"):
        a_source(server, follows=(nobody,)).check()
    with pytest.raises(CollectorError, match="does not accept handle and app_password"):
        a_source(server, app_password="wrong").check()


def test_without_anything_to_look_for_it_says_so(server: WebServer) -> None:
    error = refused(a_source(server, follows=(a_subject(query=None, accounts={}),)))
    assert (error.kind, "no subject has a query" in str(error)) == (Trouble.SETTINGS, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"base_url": "http://bsky.social"}, "plain http"), ({"handle": "@ "}, "handle is missing")],
)
def test_settings_that_cannot_be_asked_are_refused(
    server: WebServer, changes: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        a_source(server, **changes)


def test_no_secret_is_shown(server: WebServer) -> None:
    Network(server, [])
    source = a_source(server)
    source.check()
    (session,) = source._sessions
    assert not re.search(f"{PASSWORD}|s3cr3t", f"{source!r} {session!r}")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
class TestRecorded:
    """A post of the live network, and what the test-suite of Bluesky's own server answers."""

    def test_a_picture_with_a_quote_has_no_words(self) -> None:
        name = "thread_view_post_with_embed_media.json"
        post = json.loads((SHARED / name).read_text("utf-8"))["thread"]["post"]
        assert to_mention(post, "bsky") is None
        post["record"]["text"] = "with words"
        mention = to_mention(post, "bsky")
        assert isinstance(mention, Mention)
        assert (mention.kind, mention.language) == (Kind.QUOTE, "en")
        assert mention.author == "test.marshal.dev"

    @pytest.mark.parametrize("name", ["view_posts.json", "view_thread.json"])
    def test_posts_of_the_test_server(self, name: str) -> None:
        text = (SHARED / name).read_text("utf-8")
        text = re.sub(r"user\((\d+)\)", r"did:plc:user\1", text)
        text = re.sub(r"record\((\d+)\)", r"at://did:plc:who/app.bsky.feed.post/\1", text)
        made = [to_mention(post, "bsky") for post in posts_in(json.loads(text))]
        assert len(made) >= 8
        assert not [one for one in made if isinstance(one, Reject)]
        replies = [one for one in made if isinstance(one, Mention) and one.kind is Kind.REPLY]
        assert all(one.parent_id and one.thread_id != one.source_id for one in replies)
        assert replies or name == "view_posts.json"

    def test_posts_as_they_came_by(self) -> None:
        """The stream's events hold the records, of which a search would give views."""
        lines = (SHARED / "jetstream_v1_part1.jsonl").read_text("utf-8").splitlines()
        commits = [(one["did"], one["commit"]) for one in map(json.loads, lines) if "commit" in one]
        views = [
            {
                "uri": f"at://{did}/{commit['collection']}/{commit['rkey']}",
                "author": {"did": did, "handle": "someone.example"},
                "record": commit["record"],
                "indexedAt": NOW.isoformat(),
            }
            for did, commit in commits
            if commit["collection"] == "app.bsky.feed.post" and "record" in commit
        ]
        made = [to_mention(view, "bsky") for view in views]
        assert [one for one in made if isinstance(one, Mention)]
        assert not [one for one in made if isinstance(one, Reject)]


def posts_in(value: Any) -> Iterator[Post]:
    """The views of posts, however deep they lie."""
    if isinstance(value, dict):
        if isinstance(value.get("record"), dict) and indexed(value) and "author" in value:
            yield value
        for inner in value.values():
            yield from posts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from posts_in(inner)
