"""Reddit's feeds: what entries become, whose turn it is, and that one request is all."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.collectors.reddit_feeds import RedditFeeds, to_mention
from listener.domain.mention import Mention, Reject, Tombstone
from listener.domain.query import parse
from listener.domain.record import write_record
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble
from listener.files import json_line
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import a_subject
from tests.collectors.conformance import HTML, NOW, HttpCollectorContract, Reader, World
from tests.servers.secure import HOSTS, Authority, secure_server
from tests.servers.web import Route, Step, WebServer, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "reddit_feeds"
ATOM = {"Content-Type": "application/atom+xml; charset=UTF-8"}
MINUTE = timedelta(minutes=1)
SEARCH, POSTS, COMMENTS = "/search.rss", "/r/travel/new/.rss", "/r/travel/comments/.rss"
ACCOUNT = "/user/acme_support/comments/.rss"

ACME = a_subject(
    "Acme",
    query=parse('"acme air" NOT coyote'),
    accounts={"reddit": frozenset({"acme_support"})},
)
ONLY_SEARCHED = replace(ACME, accounts={})


def an_entry(count: int, text: str = "acme air is late", kind: str = "t1", **changes: str) -> str:
    at = datetime.fromtimestamp(1_795_000_000 + count, UTC).isoformat()
    html = escape(f'<div class="md"><p>{text}</p></div>')
    parts = {
        "id": f"{kind}_{1000 + count}",
        "title": "/u/ann on a journey",
        "updated": at,
        "content": f"<content type='html'>{html}</content>",
        "author": "<author><name>/u/ann</name></author>",
        "link": f"https://www.reddit.com/r/travel/comments/1/x/{1000 + count}/",
        **changes,
    }
    return (
        f"<entry>{parts['author']}{parts['content']}<id>{parts['id']}</id>"
        f"<link href='{parts['link']}'/><updated>{parts['updated']}</updated>"
        f"<title>{parts['title']}</title></entry>"
    )


def a_feed(*entries: str) -> Step:
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>r</title>{''.join(entries)}</feed>"
    return Step(body=body.encode(), headers=ATOM)


def giving(step: Step) -> Route:
    return lambda asked: step


def golden_feed(name: str) -> Route:
    return giving(Step(body=(GOLDEN / f"{name}.atom.xml").read_bytes(), headers=ATOM))


def a_source(server: WebServer, **changes: Any) -> RedditFeeds:
    made = RedditFeeds(
        name="reddit", http=Http(), follows=(ACME,), base_url=server.url(""), subreddits=("travel",)
    )
    return replace(made, **changes)


def only_search(server: WebServer, **changes: Any) -> RedditFeeds:
    return a_source(server, subreddits=(), follows=(ONLY_SEARCHED,), **changes)


def in_turns(source: RedditFeeds, pages: int, reader: Reader | None = None) -> Reader:
    """Ask as the scheduler does, once a minute."""
    reader = reader or Reader()
    for _ in range(pages):
        reader.now += MINUTE
        assert reader.page(source).complete
    return reader


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        publish(running)
        yield running


def publish(server: WebServer) -> None:
    server.routes[SEARCH] = golden_feed("search")
    server.routes[POSTS] = giving(a_feed())
    server.routes[COMMENTS] = golden_feed("comments")
    server.routes[ACCOUNT] = golden_feed("account")


class TestContract(HttpCollectorContract):
    """One feed, for a source of several is complete after the first of them."""

    golden_name = "reddit_feeds"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        publish(server)
        return World(make=lambda: only_search(server), count=3)

    @pytest.fixture
    def hurried(self, server: WebServer) -> RedditFeeds:
        return only_search(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        server.routes[SEARCH] = giving(a_feed(*(an_entry(one, kind="t3") for one in range(2000))))
        return World(make=lambda: only_search(server), count=2000)

    def test_the_mapping_is_the_golden_one(
        self, world: World, golden: Callable[[str, str], None]
    ) -> None:
        source = world.make()
        assert isinstance(source, RedditFeeds)
        reader = in_turns(replace(source, subreddits=("travel",), follows=(ACME,)), 4)
        rows: list[Mapping[str, Any]] = [
            write_record(mention) for _, mention in sorted(reader.mentions.items())
        ]
        rejects = [one for batch in reader.batches for one in batch.rejects]
        rows += [{"rejected": one.place, "reason": one.reason} for one in rejects]
        text = "".join(json_line(row) + "\n" for row in rows)
        golden(f"collectors/{self.golden_name}.expected.jsonl", text)


def routes(server: WebServer) -> list[str]:
    return [one.route for one in server.asked]


def test_a_page_is_one_request_and_all_feeds_have_their_turn(server: WebServer) -> None:
    in_turns(a_source(server), 8)
    asked = routes(server)
    assert len(asked) == 8
    assert set(asked[:4]) == {SEARCH, POSTS, COMMENTS, ACCOUNT}
    assert asked[4:] == asked[:4]


def test_turns_go_on_after_a_restart(server: WebServer) -> None:
    reader = Reader()
    for _ in range(8):
        in_turns(a_source(server), 1, reader)
    assert routes(server)[4:] == routes(server)[:4]
    assert len(set(routes(server))) == 4


def test_a_page_that_was_not_kept_is_read_again(server: WebServer) -> None:
    source, reader = a_source(server), in_turns(a_source(server), 1)
    lost = source.fetch(reader.cursor, reader.now)
    assert source.fetch(reader.cursor, reader.now) == lost
    assert routes(server)[-1] == routes(server)[-2]


def test_a_feed_that_always_fails_does_not_keep_out_the_others(server: WebServer) -> None:
    server.routes[POSTS] = giving(Step(status=500))
    source, reader = a_source(server), Reader()
    for _ in range(60):
        reader.now += MINUTE
        with suppress(CollectorError):
            reader.page(source)
    assert {routes(server).count(route) > 5 for route in (SEARCH, COMMENTS, ACCOUNT)} == {True}


def test_subreddits_share_feeds_and_search_can_be_left_out(server: WebServer) -> None:
    server.routes["/r/travel+flying/new/.rss"] = giving(a_feed())
    server.routes["/r/travel+flying/comments/.rss"] = giving(a_feed(an_entry(1)))
    source = a_source(
        server,
        subreddits=("r/Travel", "/r/flying/", "travel"),
        search=False,
        follows=(ONLY_SEARCHED,),
    )
    assert len(in_turns(source, 2).mentions) == 1
    assert len(set(routes(server))) == 2


def test_many_subreddits_make_several_feeds(server: WebServer) -> None:
    source = a_source(
        server,
        subreddits=tuple(f"sub{one}" for one in range(51)),
        search=False,
        follows=(ONLY_SEARCHED,),
    )
    first = "+".join(f"sub{one}" for one in range(50))
    wanted = {f"/r/{part}/{kind}/.rss" for part in (first, "sub50") for kind in ("new", "comments")}
    server.routes |= dict.fromkeys(wanted, giving(a_feed()))
    in_turns(source, 4)
    assert set(routes(server)) == wanted


def test_it_asks_honestly_and_for_the_newest(server: WebServer) -> None:
    only_search(server).fetch(None, NOW)
    (asked,) = server.asked
    wanted = {"q": '"acme air"', "sort": "new", "type": "link", "limit": "100"}
    assert asked.query == wanted
    assert ":listener:" in asked.headers["User-Agent"]


def test_all_alternatives_are_one_feed(server: WebServer) -> None:
    server.routes[SEARCH] = golden_feed("search")
    query = parse('"acme air" OR delta OR "a OR b"')
    subject = a_subject(query=query, accounts={})
    a_source(server, subreddits=(), follows=(subject,)).fetch(None, NOW)
    (asked,) = server.asked
    assert asked.query["q"] == '("acme air" OR "delta" OR "a OR b")'


def test_what_the_brand_wrote_is_an_answer_in_the_conversation(server: WebServer) -> None:
    reader = in_turns(a_source(server), 4)
    found = list(reader.mentions.values())
    for order in (found, found[::-1]):
        arrivals, answers = admitted(order, "reddit", Matcher((ACME,)), reader.now)
        ((answer, _),) = answers
        assert (answer.parent_id, answer.thread_id) == (None, "t3_1aa01")
        asked = {one.mention.source_id for one in arrivals if one.mention.thread_id == "t3_1aa01"}
        assert asked == {"t3_1aa01", "t1_m0001"}


def test_an_edit_and_a_removal_are_seen_while_they_are_in_the_feed(server: WebServer) -> None:
    server.routes[SEARCH] = giving(a_feed(an_entry(1), an_entry(2)))
    reader = in_turns(only_search(server), 1)
    server.routes[SEARCH] = giving(
        a_feed(an_entry(1, "acme air was late"), an_entry(2, "[removed]"))
    )
    in_turns(only_search(server), 1, reader)
    assert reader.mentions["reddit", "t1_1001"].text == "acme air was late"
    assert reader.batches[-1].tombstones == (
        Tombstone(source="reddit", source_id="t1_1002", reason="removed by moderators"),
    )


def test_a_full_feed_of_new_entries_leaves_a_gap(server: WebServer) -> None:
    server.routes[SEARCH] = giving(a_feed(an_entry(1)))
    reader = in_turns(only_search(server), 1)
    read_at = reader.now
    server.routes[SEARCH] = giving(a_feed(*(an_entry(one) for one in range(100, 200))))
    assert in_turns(only_search(server), 1, reader).batches[-1].gap_since == read_at
    assert in_turns(only_search(server), 1, reader).batches[-1].gap_since is None


def test_a_short_feed_of_new_entries_leaves_none(server: WebServer) -> None:
    server.routes[SEARCH] = giving(a_feed(an_entry(1)))
    reader = in_turns(only_search(server), 1)
    server.routes[SEARCH] = giving(a_feed(*(an_entry(one) for one in range(100, 110))))
    assert in_turns(only_search(server), 1, reader).batches[-1].gap_since is None


def test_an_entry_from_the_future_hides_nothing(server: WebServer) -> None:
    later = (NOW + timedelta(days=900)).isoformat()
    server.routes[SEARCH] = giving(a_feed(an_entry(1, updated=later)))
    reader = in_turns(only_search(server), 1)
    server.routes[SEARCH] = giving(a_feed(an_entry(2), an_entry(1, updated=later)))
    assert len(in_turns(only_search(server), 1, reader).mentions) == 2


@pytest.mark.parametrize(
    "step",
    [
        Step(status=404, body=HTML),
        Step(status=403, body=b'{"message": "Forbidden", "error": 403, "reason": "private"}'),
        Step(status=302, headers={"Location": "/subreddits/search?q=travel"}),
    ],
    ids=["unknown", "private", "elsewhere"],
)
def test_a_feed_that_is_refused_stops_no_other(server: WebServer, step: Step) -> None:
    server.routes["/subreddits/search"] = giving(Step(body=HTML))
    server.routes[ACCOUNT] = giving(step)
    reader = in_turns(a_source(server), 8)
    assert len(reader.mentions) == 5
    rejects = [one.place for batch in reader.batches for one in batch.rejects]
    told = [place for place in rejects if place.startswith(ACCOUNT)]
    assert len(told) == 1  # not with every turn
    server.routes[ACCOUNT] = golden_feed("account")
    assert len(in_turns(a_source(server), 4, reader).mentions) == 6


def test_when_all_feeds_are_refused_the_source_is_in_trouble(server: WebServer) -> None:
    kept = dict(server.routes)
    server.routes.clear()  # 404 for all
    source, reader = a_source(server), in_turns(a_source(server), 4)
    for _ in range(12):
        reader.now += MINUTE
        with pytest.raises(CollectorError, match="no such subreddit or account") as caught:
            reader.page(source)
        assert caught.value.kind is Trouble.SETTINGS
    assert len(set(routes(server)[4:])) == 4  # and each is tried
    server.routes.update(kept)
    assert len(in_turns(source, 4, reader).mentions) == 6


def test_it_is_let_in_where_http_1_is_turned_away(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with secure_server(authority.certificate(*HOSTS)) as server:
        feed = golden_feed("search")
        server.routes[SEARCH] = lambda asked: (
            feed(asked) if server.spoken[-1] == "2" else Step(status=403, body=HTML)
        )
        http = Http(trusted=authority.trusted, rule=lambda address, port: None)
        assert only_search(server, http=http).check().endswith("6 entries in the first")
        (asked,) = server.asked
        assert ":listener:" in asked.headers["User-Agent"]


def test_a_machine_that_is_turned_away_is_told_so(server: WebServer) -> None:
    server.routes[SEARCH] = giving(Step(status=403, body=HTML))
    with pytest.raises(CollectorError, match="turns this machine away") as caught:
        only_search(server).check()
    assert caught.value.kind is Trouble.CREDENTIALS


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "90"}, 90), ({"X-RateLimit-Reset": "37"}, 37), ({}, None)],
)
def test_when_asked_too_often_it_waits_as_told_and_no_feed_is_refused(
    server: WebServer, headers: Mapping[str, str], seconds: float | None
) -> None:
    server.routes[SEARCH] = giving(Step(status=429, headers=headers))
    with pytest.raises(CollectorError) as caught:
        only_search(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.RATE
    waits = caught.value.retry_after
    assert (waits.total_seconds() if waits else None) == seconds


def test_an_empty_feed_is_no_trouble(server: WebServer) -> None:
    server.routes[SEARCH] = giving(a_feed())
    batch = only_search(server).fetch(None, NOW)
    assert (batch.mentions, batch.complete) == ((), True)


def test_a_check_says_how_late_it_is(server: WebServer) -> None:
    said = "4 feeds, each read every 8 min; 0 entries in the first"
    assert a_source(server, every=2 * MINUTE).check() == said
    assert len(server.asked) == 1
    assert a_source(server).pace() == "4 feeds, each read every 4 min"
    assert len(server.asked) == 1
    assert only_search(server).check() == "1 feed, each read every 1 min; 6 entries in the first"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subreddits": ("travel", "a b")}, r"subreddits\[2\]"),
        ({"every": timedelta(seconds=59)}, "one feed a minute"),
        ({"base_url": "http://reddit.example"}, "plain http"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    server: WebServer, changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        a_source(server, **changes)


def test_without_anything_to_read_it_says_so(server: WebServer) -> None:
    nothing = only_search(server, search=False)
    with pytest.raises(CollectorError, match="name `subreddits`") as caught:
        nothing.fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS


def made_of(server: WebServer, entry: str) -> list[Any]:
    server.routes[SEARCH] = giving(a_feed(entry))
    batch = only_search(server).fetch(None, NOW)
    return [*batch.mentions, *batch.tombstones, *batch.rejects]


@pytest.mark.parametrize("changes", [{"id": "t1_"}, {"id": ""}, {"id": "/r/x"}, {"updated": "x"}])
def test_an_entry_without_name_or_time_is_rejected(
    server: WebServer, changes: Mapping[str, str]
) -> None:
    (made,) = made_of(server, an_entry(1, **changes))
    assert isinstance(made, Reject)


def test_an_entry_that_leads_nowhere_has_no_address(server: WebServer) -> None:
    (made,) = made_of(server, an_entry(1, link="javascript:alert(1)"))
    assert isinstance(made, Mention)
    assert (made.url, made.thread_id) == (None, None)


def test_a_long_text_is_not_lost(server: WebServer) -> None:
    (made,) = made_of(server, an_entry(1, "acme air " * 20_000))
    assert isinstance(made, Mention)
    assert len(made.text) > 20_000


def test_an_entry_without_words_is_nothing(server: WebServer) -> None:
    assert made_of(server, an_entry(1, content="")) == []


@given(st.text(), st.text(), st.text(), st.sampled_from(["text/html", "text/plain"]))
@settings(max_examples=200)
def test_any_words_become_something_or_nothing(
    words: str, link: str, author: str, kind: str
) -> None:
    entry = {
        "id": "t3_a",
        "updated_parsed": (2026, 11, 20, 12, 0, 60, 0, 0, 0),
        "content": [{"value": f'<div class="md">{words}<a href="{link}">[link]</a>'}],
        "title_detail": {"value": words, "type": kind},
        "link": link,
        "author": author,
    }
    made = to_mention(entry, "reddit")
    assert made is None or isinstance(made, Mention | Tombstone)


def test_a_cursor_stays_small(server: WebServer) -> None:
    server.routes[SEARCH] = giving(a_feed(*(an_entry(one) for one in range(100))))
    reader = in_turns(only_search(server), 1)
    assert len(json.dumps(reader.cursor)) < 300
