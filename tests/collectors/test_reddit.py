"""Reddit: how its listings are walked, what is refused, and what PRAW must not do."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.base import Reaches, Rechecks
from listener.collectors.reddit import FIRST_PAGES, MOST_PAGES, PAGE, Reddit
from listener.domain.mention import Batch, Tombstone
from listener.domain.query import parse
from listener.domain.subject import Matcher, Role
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import a_subject
from tests.collectors.canary_contract import CanaryContract, Silence
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.reddit import PASSWORD, SECRET, FakeReddit, a_comment, a_post, base36
from tests.servers.web import Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "reddit"
COMMENTS = "/r/travel/comments"

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR acmeair.com) NOT coyote'),
    accounts={"reddit": frozenset({"acme_support"})},
)
BOTH = (ACME, a_subject("Boreal", accounts={}))  # two searches


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def reddit(server: WebServer) -> FakeReddit:
    return FakeReddit(server)


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(seconds: float) -> None:
        raise AssertionError("a collector slept")

    monkeypatch.setattr(time, "sleep", refuse)


def a_source(server: WebServer, **changes: Any) -> Reddit:
    made = Reddit(
        name="reddit",
        http=Http(),
        follows=(ACME,),
        base_url=server.url(""),
        client_id="app",
        client_secret=SECRET,
        subreddits=("travel",),
    )
    return replace(made, **changes)


class TestContract(HttpCollectorContract):
    golden_name = "reddit"

    @pytest.fixture
    def world(self, server: WebServer, reddit: FakeReddit) -> World:
        reddit.things += json.loads((GOLDEN / "things.json").read_text("utf-8"))
        secrets = (SECRET, PASSWORD)
        return World(make=lambda: a_source(server), count=6, secrets=secrets)

    @pytest.fixture
    def hurried(self, server: WebServer) -> Reddit:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer, reddit: FakeReddit) -> World:
        reddit.things += [a_post(count, "acme air, again") for count in range(1, 1001)]
        reddit.things += [a_comment(count) for count in range(2001, 3001)]
        known = {COMMENTS: {"mark": "t1_1@1"}, "/r/travel/new": {"mark": "t3_1@1"}}
        return World(make=lambda: a_source(server), count=2000, cursor={"streams": known})


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer, reddit: FakeReddit) -> Streams:
        words = ("alpha", "beta", "gamma")
        reddit.things += [a_post(n, word) for n, word in enumerate(words, 1)]
        subjects = tuple(a_subject(word, query=parse(word), accounts={}) for word in words)
        return Streams(
            make=lambda: a_source(server, follows=subjects, subreddits=()),
            lame='/r/all/search "beta"',
            asks_lame=lambda asked: asked.query.get("q") == '"beta"',
            its={"t3_2"},
            others={"t3_1", "t3_3"},
            refusal=as_json({"message": "Not Found", "error": 404}, status=404),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer, reddit: FakeReddit) -> Silence:
        reddit.things += [a_post(1, "the weather is fine", subreddit="anywhere")]
        empty = as_json({"kind": "Listing", "data": {"children": [], "after": None}})
        paths = [path for path in server.routes if path.startswith(("/r/", "/user/"))]
        return Silence(
            collector=a_source(server),
            path="/r/all/new/",
            nothing=dict.fromkeys(paths, empty),
        )


def names(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


def streams(reader: Reader) -> Mapping[str, Any]:
    assert reader.cursor is not None
    found: Mapping[str, Any] = reader.cursor["streams"]
    return found


def test_without_subreddits_all_are_searched_and_no_comments_read(
    server: WebServer, reddit: FakeReddit
) -> None:
    reddit.things += [a_post(1, subreddit="anywhere"), a_comment(2)]
    assert names(Reader().read(a_source(server, subreddits=()))) == {"t3_1"}
    asked = {one.route for one in server.asked}
    assert "/r/all/search/" in asked
    assert not any(route.startswith("/r/all/comments") for route in asked)


def test_subreddits_are_read_together(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things += [a_comment(1, subreddit="flying"), a_comment(2), a_comment(3, subreddit="x")]
    source = a_source(server, subreddits=("r/Travel", "flying", "travel"))
    assert names(Reader().read(source)) == {"t1_1", "t1_2"}


def test_one_token_serves_all_pages(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things += [a_comment(count) for count in range(1, 350)]
    source = a_source(server)
    Reader().read(source).read(source)
    assert reddit.tokens == 1


def test_a_token_that_is_no_longer_accepted_is_renewed(
    server: WebServer, reddit: FakeReddit
) -> None:
    reddit.things.append(a_comment(1))
    source = a_source(server)
    Reader().read(source)
    reddit.good_tokens.clear()
    assert names(Reader().read(source)) == {"t1_1"}
    assert reddit.tokens == 2


def test_who_asks_is_told_honestly(server: WebServer, reddit: FakeReddit) -> None:
    Reader().read(a_source(server, username="acme_bot", password=PASSWORD))
    agent = server.asked[-1].headers["User-Agent"]
    assert ":listener:" in agent
    assert "(by /u/acme_bot) PRAW/" in agent
    assert server.asked[0].form["grant_type"] == "password"


def test_a_first_read_ends_after_some_pages(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things += [a_comment(count) for count in range(1, PAGE * (FIRST_PAGES + 2))]
    assert len(Reader().read(a_source(server)).mentions) == PAGE * FIRST_PAGES


def test_only_what_is_new_is_walked_and_the_newest_page_is_read_again(
    server: WebServer, reddit: FakeReddit
) -> None:
    reddit.things += [a_comment(count) for count in range(1, 151)]
    reader = Reader().read(a_source(server))
    reddit.things += [a_comment(count) for count in range(151, 401)]
    server.asked.clear()
    assert len(reader.read(a_source(server)).mentions) == 400
    asked = [one.query.get("after") for one in server.asked if COMMENTS in one.path]
    assert len(asked) == 3
    server.asked.clear()
    reader.read(a_source(server))
    assert [one.query.get("after") for one in server.asked if COMMENTS in one.path] == [None]


def test_the_marked_one_may_be_deleted(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things += [a_comment(count) for count in range(1, 301)]
    reader = Reader().read(a_source(server))
    del reddit.things[-1]
    reddit.things += [a_comment(count) for count in range(301, 303)]
    server.asked.clear()
    reader.read(a_source(server))
    assert len([one for one in server.asked if COMMENTS in one.path]) == 1
    assert all(batch.gap_since is None for batch in reader.batches)
    assert {"t1_" + base36(301), "t1_" + base36(302)} <= names(reader)


def test_a_thousand_new_ones_leave_a_gap(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things.append(a_comment(1))
    reader = Reader().read(a_source(server))
    reddit.things += [a_comment(count) for count in range(2, 1400)]
    reader.read(a_source(server))
    gaps = [batch.gap_since for batch in reader.batches if batch.gap_since]
    assert gaps == [datetime.fromtimestamp(1_795_000_001, UTC)]
    assert len(reader.mentions) == PAGE * MOST_PAGES + 1


def test_a_page_that_is_gone_on_the_way_leaves_a_gap(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things.append(a_comment(1))
    reader, source = Reader().read(a_source(server)), a_source(server)
    reddit.things += [a_comment(count) for count in range(2, 400)]
    while not streams(reader)[COMMENTS].get("resume"):
        reader.page(source)
    resume = streams(reader)[COMMENTS]["resume"]
    reddit.things = [one for one in reddit.things if one["data"]["name"] != resume]
    reader.read(source)
    assert any(batch.gap_since for batch in reader.batches)


def test_an_item_from_the_future_moves_no_mark_beyond_now(
    server: WebServer, reddit: FakeReddit
) -> None:
    later = int(NOW.timestamp()) + 90_000_000
    reddit.things.append(a_comment(5, created_utc=later))
    reader = Reader().read(a_source(server))
    assert streams(reader)[COMMENTS]["mark"] == f"t1_5@{int(NOW.timestamp())}"
    reddit.things.append(a_comment(6))
    assert len(reader.read(a_source(server)).mentions) == 2


def test_an_edit_and_a_removal_are_seen_on_the_newest_page(
    server: WebServer, reddit: FakeReddit
) -> None:
    reddit.things += [a_comment(1), a_comment(2)]
    reader = Reader().read(a_source(server))
    reddit.things[:] = [
        a_comment(1, "acme air was late", edited=1_795_000_100.0),
        a_comment(2, "[removed]", author="[deleted]"),
    ]
    reader.read(a_source(server))
    edited = reader.mentions["reddit", "t1_1"]
    assert (edited.text, edited.edited_at) == (
        "acme air was late",
        datetime.fromtimestamp(1_795_000_100, UTC),
    )
    stones = [stone for batch in reader.batches for stone in batch.tombstones]
    assert stones == [Tombstone(source="reddit", source_id="t1_2", reason="removed by moderators")]


def test_what_was_read_is_looked_for_again(server: WebServer, reddit: FakeReddit) -> None:
    reddit.things += [a_comment(1, "it was fine"), a_comment(2, "[deleted]"), a_post(3)]
    source = a_source(server)
    assert isinstance(source, Rechecks)
    batch = source.recheck(["t1_1", "t1_2", "t1_9", "of-another-source"], NOW)
    assert [(one.source_id, one.text) for one in batch.mentions] == [("t1_1", "it was fine")]
    assert [one.source_id for one in batch.tombstones] == ["t1_2"]
    assert source.recheck(["of-another-source"], NOW) == Batch()


def test_history_is_read_back_to_a_moment_or_as_far_as_reddit_lists(
    server: WebServer, reddit: FakeReddit
) -> None:
    reddit.things += [a_comment(count) for count in range(1, 1500)]
    source = a_source(server)
    assert isinstance(source, Reaches)
    back = source.reaching(datetime.fromtimestamp(1_795_000_000 + 750, UTC))
    assert len(Reader().read(back).mentions) == 800
    back = source.reaching(datetime.fromtimestamp(1_700_000_000, UTC))
    assert len(Reader().read(back).mentions) == 1000
    assert reddit.tokens == 1


def test_what_the_brand_wrote_is_an_answer_in_either_order(
    server: WebServer, reddit: FakeReddit
) -> None:
    answer = a_comment(7, "We are sorry.", author="Acme_Support", parent_id="t1_3")
    elsewhere = {**answer["data"], "subreddit": "elsewhere", "name": "t1_8", "parent_id": "t3_1"}
    reddit.things += [answer, {"kind": "t1", "data": elsewhere}]
    first = Reader().read(a_source(server))
    reddit.things.append(a_comment(3))
    both = first.read(a_source(server))
    arrivals, answers = admitted(list(both.mentions.values()), "reddit", Matcher((ACME,)), both.now)
    assert [arrival.mention.source_id for arrival in arrivals] == ["t1_3"]
    found = {(one.source_id, one.parent_id, one.thread_id) for one, _ in answers}
    assert found == {("t1_7", "t1_3", "t3_1"), ("t1_8", "t3_1", "t3_1")}


def test_an_influencer_is_read_wherever_it_writes(server: WebServer, reddit: FakeReddit) -> None:
    accounts = {"reddit": frozenset({"wanderer"})}
    influencer = a_subject("W", role=Role.INFLUENCER, query=None, accounts=accounts)
    reddit.things += [
        a_post(1, "My new bag", author="wanderer", subreddit="bags"),
        a_comment(2, "Thanks!", author="wanderer", subreddit="bags"),
    ]
    source = a_source(server, follows=(influencer,), subreddits=())
    assert names(Reader().read(source)) == {"t3_1", "t1_2"}


@pytest.mark.parametrize(
    "step",
    [
        as_json({"reason": "private", "message": "Forbidden", "error": 403}, status=403),
        as_json({"message": "Not Found", "error": 404}, status=404),
        Step(status=302, headers={"Location": "/subreddits/search?q=travel"}),
    ],
    ids=["private", "unknown", "elsewhere"],
)
def test_a_stream_that_is_refused_stops_no_other(
    server: WebServer, reddit: FakeReddit, step: Step
) -> None:
    reddit.things += [a_post(1), a_comment(2)]
    reader = Reader().read(a_source(server))
    reddit.refusing["/user/acme_support/comments/"] = step
    reddit.things.append(a_comment(3))
    reader.read(a_source(server)).read(a_source(server))
    assert names(reader) == {"t3_1", "t1_2", "t1_3"}
    rejects = [reject.place for batch in reader.batches for reject in batch.rejects]
    assert rejects == ["/user/acme_support/comments"]  # once, not with every poll
    reddit.refusing.clear()
    reddit.things.append(a_comment(4, "We are sorry", author="acme_support"))
    assert "t1_4" in names(reader.read(a_source(server)))
    assert "refused" not in streams(reader)["/user/acme_support/comments"]


def test_when_all_streams_are_refused_the_source_is_in_trouble(
    server: WebServer, reddit: FakeReddit
) -> None:
    no = as_json({"message": "Forbidden", "error": 403}, status=403)
    reddit.refusing.update(dict.fromkeys(server.routes, no))
    reader = Reader()
    for _ in range(2):
        with pytest.raises(CollectorError, match="private or quarantined") as caught:
            reader.read(a_source(server))
        assert caught.value.kind is Trouble.CREDENTIALS
    reddit.refusing.clear()
    reddit.things.append(a_comment(1))
    assert names(reader.read(a_source(server))) == {"t1_1"}


def test_a_refusal_before_reddit_is_one_of_us_all(server: WebServer, reddit: FakeReddit) -> None:
    wall = Step(status=403, body=b"<html>blocked</html>", headers={"Content-Type": "text/html"})
    reddit.refusing.update(dict.fromkeys(server.routes, wall))
    with pytest.raises(CollectorError, match="refuses us") as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.CREDENTIALS
    assert len(server.asked) == 2  # the token, and one listing


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "4"}, 4),
        ({"Retry-After": "Sun, 22 Nov 2026 12:02:00 GMT"}, 120),  # a ValueError in prawcore
        ({"x-ratelimit-reset": "82", "x-ratelimit-remaining": "0.0"}, 82),
        ({}, None),
    ],
)
def test_when_asked_too_often_it_waits_as_told(
    server: WebServer, reddit: FakeReddit, headers: Mapping[str, str], seconds: float | None
) -> None:
    slow = Step(status=429, body=b"<html>Too Many Requests</html>", headers=headers)
    reddit.refusing["/r/travel/search/"] = slow
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.RATE
    waits = caught.value.retry_after
    assert (waits.total_seconds() if waits else None) == seconds


def test_a_server_error_is_not_asked_for_twice(server: WebServer, reddit: FakeReddit) -> None:
    reddit.refusing["/r/travel/search/"] = Step(status=503)
    with pytest.raises(CollectorError) as caught:
        a_source(server, follows=BOTH).fetch(None, NOW)
    assert caught.value.kind is Trouble.SERVER
    asked = [one.query["q"] for one in server.asked if one.route == "/r/travel/search/"]
    acme = '("acme air" OR "acmeair.com" OR url:"acmeair.com")'
    assert asked == [acme, '"Boreal"']  # another one, to see whether it is all of them


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_secret": "wrong-secret"}, "client_id and client_secret"),
        ({"username": "acme_bot", "password": "wrong-word"}, "username and password"),
    ],
)
def test_what_reddit_does_not_accept_is_named(
    server: WebServer, reddit: FakeReddit, changes: Mapping[str, str], words: str
) -> None:
    with pytest.raises(CollectorError, match=words) as caught:
        a_source(server, **changes).check()
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [[], {}, 7, "text", None, {"access_token": "t"}, {"access_token": "t", "expires_in": "x"}],
)
def test_a_token_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes["/api/v1/access_token"] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "value",
    [[], {}, 7, "text", None, {"data": 3}, {"data": {"children": {}}}, {"json": {"errors": 1}}],
)
def test_json_of_another_shape_is_refused(
    server: WebServer, reddit: FakeReddit, value: Any
) -> None:
    reddit.refusing["/r/travel/search/"] = as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server, follows=BOTH).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize("bad", [7, None, [], {}, {"kind": "t1"}, {"kind": "t1", "data": []}])
def test_one_thing_that_cannot_be_read_stops_no_other(
    server: WebServer, reddit: FakeReddit, bad: Any
) -> None:
    listing = {"kind": "Listing", "data": {"children": [bad, a_comment(1)], "after": 5}}
    reddit.refusing["/r/travel/comments/"] = as_json(listing)
    reader = Reader().read(a_source(server))
    assert names(reader) == {"t1_1"}
    assert len([reject for batch in reader.batches for reject in batch.rejects]) == 1


def test_the_log_in_follows_no_redirect(server: WebServer) -> None:
    server.routes["/api/v1/access_token"] = lambda asked: Step(
        status=307, headers={"Location": server.url("/elsewhere")}
    )
    with pytest.raises(CollectorError):
        a_source(server).fetch(None, NOW)
    assert [one.route for one in server.asked] == ["/api/v1/access_token"]


def test_files_and_variables_of_praw_are_not_looked_at(
    server: WebServer, reddit: FakeReddit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from praw.config import Config  # noqa: PLC0415

    text = "[DEFAULT]\noauth_url=http://127.0.0.1:1\nrefresh_token=x\nwindow_size=none\n"
    (tmp_path / "praw.ini").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("praw_refresh_token", "of-somebody-else")
    monkeypatch.setenv("praw_site", "nowhere")
    monkeypatch.setattr(Config, "CONFIG", None)
    reddit.things.append(a_comment(1))
    assert names(Reader().read(a_source(server))) == {"t1_1"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subreddits": ("travel", "a/b")}, r"subreddits\[2\]"),
        ({"client_id": ""}, "client_id and client_secret"),
        ({"username": "me"}, "together"),
        ({"username": "a\nb", "password": "x"}, "username is no name"),
        ({"base_url": "http://reddit.example"}, "plain http"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    server: WebServer, changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        a_source(server, **changes)


def test_no_secret_is_shown(server: WebServer) -> None:
    source = a_source(server, username="acme_bot", password=PASSWORD)
    assert SECRET not in repr(source)
    assert PASSWORD not in repr(source)


def test_a_check_says_how_and_what_is_read(server: WebServer, reddit: FakeReddit) -> None:
    assert a_source(server).check() == "without an account, 1 search and 3 listings"
    source = a_source(server, username="acme_bot", password=PASSWORD, subreddits=())
    assert source.check() == "as acme_bot, 1 search and 1 listing"


def test_a_check_names_what_is_refused(server: WebServer, reddit: FakeReddit) -> None:
    gone = as_json({"message": "Not Found", "error": 404}, status=404)
    reddit.refusing["/user/acme_support/comments/"] = gone
    with pytest.raises(CollectorError, match=r"/user/acme_support/comments: .*404") as caught:
        a_source(server).check()
    assert caught.value.kind is Trouble.SETTINGS


def test_without_anything_to_look_for_it_says_so(server: WebServer) -> None:
    nothing = a_source(server, follows=(a_subject("Acme", query=None, accounts={}),))
    with pytest.raises(CollectorError, match="no subject has a query") as caught:
        nothing.fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS
