"""YouTube: how threads are walked, which replies are asked for, and what stops one video only."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.youtube.collector import PAGE, YouTube
from listener.collectors.youtube.listing import FIRST_PAGES
from listener.domain.mention import Kind, Mention
from listener.domain.query import parse
from listener.domain.subject import Matcher
from listener.domain.times import to_json
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import DAY, HOUR, MINUTE, a_rival, a_subject
from tests.collectors.canary_contract import CanaryContract, Silence
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "youtube"
KEY = "s3cret-key"
VIDEO, OTHER, CHANNEL = "vid00000001", "vid00000002", "UCacme"
INLINE = 5
Item = dict[str, Any]

ACME = a_subject(
    "Acme",
    query=parse('"acme air" OR acmeair.com'),
    accounts={"youtube": frozenset({"acmeairhelp", "ucacmechannel"})},
)


def a_comment(name: str, at: datetime, text: str = "acme air is late", **changes: Any) -> Item:
    snippet = {
        "textDisplay": text,
        "authorDisplayName": "@ann",
        "authorChannelId": {"value": "UCann"},
        "publishedAt": to_json(at),
        "updatedAt": to_json(at),
    }
    return {"id": name, "snippet": snippet | changes}


def a_thread(
    name: str, age: timedelta = HOUR, replies: list[Item] | None = None, **changes: Any
) -> Item:
    """A thread as the service keeps it; `all` of its replies, newest first."""
    snippet = {"videoId": VIDEO, "topLevelComment": a_comment(name, NOW - age, **changes)}
    return {"id": name, "snippet": snippet, "all": replies or []}


def replies_to(name: str, count: int, **changes: Any) -> list[Item]:
    return [a_comment(f"{name}.{n}", NOW - n * MINUTE, **changes) for n in range(count)]


def an_error(code: int, reason: str, **more: Any) -> Step:
    listed = [{"message": KEY, "domain": "youtube.commentThread", "reason": reason}]
    return as_json({"error": {"code": code, "errors": listed, **more}}, status=code)


class Tube:
    """Gives threads newest first, with a few replies in them, and all replies of one thread.

    `refused`: what is answered for a video or a channel, or for a token, instead.
    """

    def __init__(self, server: WebServer, threads: list[Item], page: int = PAGE) -> None:
        self.server, self.threads, self.most = server, threads, page
        self.refused: dict[str, Step] = {}
        server.routes["/commentThreads"] = self.list_threads
        server.routes["/comments"] = self.list_replies
        server.routes["/videos"] = self.list_popular

    def list_threads(self, asked: Asked) -> Step:
        query = asked.query
        assert query["part"] == "snippet,replies"
        assert query["order"] == "time"
        where = query.get("videoId") or query["allThreadsRelatedToChannelId"]
        for name in (where, query.get("pageToken", "")):
            if name in self.refused:
                return self.refused[name]
        found = [one for one in self.threads if where.startswith("UC") or _video(one) == where]
        found.sort(key=_said_at, reverse=True)
        return self.page(asked, [self.shown(one) for one in found])

    def list_replies(self, asked: Asked) -> Step:
        parent = asked.query["parentId"]
        if parent in self.refused:
            return self.refused[parent]
        (thread,) = (one for one in self.threads if one["id"] == parent)
        return self.page(asked, thread["all"])

    def list_popular(self, asked: Asked) -> Step:
        assert (asked.query["part"], asked.query["chart"]) == ("id", "mostPopular")
        return self.page(asked, [{"kind": "youtube#video", "id": VIDEO}] * 200)

    def shown(self, thread: Item) -> Item:
        total = max(len(thread["all"]), thread["snippet"].get("totalReplyCount", 0))
        snippet = thread["snippet"] | {"totalReplyCount": total}
        shown = {"id": thread["id"], "snippet": snippet}
        if inline := thread.get("replies", {"comments": thread["all"][:INLINE]})["comments"]:
            shown["replies"] = {"comments": inline}
        return shown

    def page(self, asked: Asked, items: list[Item]) -> Step:
        if asked.headers.get("X-Goog-Api-Key") != KEY:
            details = [{"reason": "API_KEY_INVALID"}]
            return an_error(400, "badRequest", status="INVALID_ARGUMENT", details=details)
        assert KEY not in asked.path
        token = asked.query.get("pageToken", "at-0")
        start = int(token.removeprefix("at-"))
        end = start + min(self.most, int(asked.query["maxResults"]))
        more = {"nextPageToken": f"at-{end}"} if end < len(items) else {}
        return as_json({"items": items[start:end], **more})

    @property
    def questions(self) -> list[str]:
        """What was asked for since the last look: "threads at-0", "replies of x"."""
        found = []
        for one in self.server.asked:
            parent = one.query.get("parentId")
            token = one.query.get("pageToken", "at-0")
            found.append(f"replies of {parent}" if parent else f"threads {token}")
        self.server.asked.clear()
        return found


def _video(thread: Item) -> str | None:
    video = thread["snippet"].get("videoId")
    return video if isinstance(video, str) else None


def _said_at(thread: Item) -> str:
    return str(thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"])


def a_source(server: WebServer, **changes: Any) -> YouTube:
    made = YouTube(
        api_key=KEY,
        videos=(VIDEO,),
        name="yt",
        http=Http(),
        follows=(ACME, a_rival()),
        base_url=server.url(""),
    )
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
    golden_name = "youtube"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        threads = json.loads((GOLDEN / "threads.json").read_text("utf-8"))
        for thread in threads:
            inline = thread.get("replies", {"comments": []})["comments"]
            thread["all"] = inline + thread.pop("_rest", [])
        Tube(server, threads, page=3)
        make = lambda: a_source(server, videos=(), channels=(CHANNEL,))  # noqa: E731
        return World(make=make, count=4, secrets=(KEY,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> YouTube:
        return a_source(server, videos=(), channels=(CHANNEL,), http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        Tube(server, [a_thread(f"t{number}", number * MINUTE) for number in range(2500)])
        known = {"streams": {f"video/{VIDEO}": {"walk": {"mark": "2026-01-01T00:00:00.000Z"}}}}
        return World(make=lambda: a_source(server), count=2500, cursor=known)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        videos = (VIDEO, OTHER, "vid00000003")
        threads = [a_thread(f"t{number}") for number in range(3)]
        for thread, video in zip(threads, videos, strict=True):
            thread["snippet"]["videoId"] = video
        Tube(server, threads)
        return Streams(
            make=lambda: a_source(server, videos=videos),
            lame=f"video/{OTHER}",
            asks_lame=lambda asked: asked.query.get("videoId") == OTHER,
            its={"t1"},
            others={"t0", "t2"},
            refusal=an_error(403, "commentsDisabled"),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        Tube(server, [a_thread("t1", textDisplay="the weather is fine")])
        paths = ("/videos", "/commentThreads")
        nothing = dict.fromkeys(paths, as_json({"items": []}))
        return Silence(collector=a_source(server), path="/videos", nothing=nothing)


class TestWalks:
    def test_a_first_walk_ends_after_some_pages(self, server: WebServer) -> None:
        Tube(server, [a_thread(f"t{n}", n * HOUR) for n in range(PAGE * (FIRST_PAGES + 2))])
        reader = Reader().read(a_source(server))
        assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES

    def test_a_walk_to_a_date_goes_as_far_as_that(self, server: WebServer) -> None:
        Tube(server, [a_thread(f"t{n}", n * HOUR) for n in range(PAGE * (FIRST_PAGES + 5))])
        since = NOW - (PAGE * (FIRST_PAGES + 1) + PAGE // 2) * HOUR
        reader = Reader().read(a_source(server).reaching(since))
        assert len(reader.mentions) == PAGE * (FIRST_PAGES + 2)

    def test_it_looks_back_a_day_each_hour_and_a_month_each_day(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread(f"t{n}", n * HOUR) for n in range(1000)], page=10)
        reader = Reader().read(a_source(server))
        tube.questions  # noqa: B018  # forget them
        pages = []
        for pause in (15 * MINUTE, HOUR, 15 * MINUTE, DAY):
            reader = later(reader, pause).read(a_source(server))
            pages.append(len(tube.questions))
        assert pages == [1, 3, 1, 70]

    def test_a_comment_from_the_future_does_not_hide_what_comes(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread("t1", -400 * DAY)])
        reader = Reader().read(a_source(server))
        tube.threads.append(a_thread("t2", -MINUTE))
        assert found_by(later(reader, HOUR).read(a_source(server))) == {"t1", "t2"}

    def test_a_pinned_comment_does_not_end_a_walk(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread(f"t{n}", n * MINUTE) for n in range(10)])
        reader = Reader().read(a_source(server))
        tube.threads += [a_thread(f"n{n}", -n * MINUTE - HOUR) for n in range(9)]
        old = a_thread("pinned", 400 * DAY)
        newest_first = sorted(tube.threads, key=_said_at, reverse=True)
        items = [tube.shown(one) for one in (old, *newest_first)]
        tube.most = 5
        server.routes["/commentThreads"] = lambda asked: tube.page(asked, items)
        reader = later(reader, 2 * HOUR).read(a_source(server))
        assert {f"n{n}" for n in range(9)} <= found_by(reader)

    def test_a_page_token_that_is_too_old_loses_nothing(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread(f"t{n}", n * MINUTE) for n in range(30)], page=10)
        reader = Reader()
        reader.page(a_source(server))
        for reason in ("invalidPageToken", "processingFailure"):
            tube.refused = {"at-10": an_error(400, reason)}
            batch = reader.page(a_source(server))
            assert (batch.mentions, batch.complete) == ((), True)
            tube.refused = {}
            reader.page(a_source(server))
        assert len(reader.read(a_source(server)).mentions) == 30

    def test_the_same_page_for_ever_is_refused(self, server: WebServer) -> None:
        Tube(server, [])
        server.routes["/commentThreads"] = lambda asked: as_json(
            {"items": [a_thread("t1")], "nextPageToken": "again"}
        )
        with pytest.raises(CollectorError, match="no page of comments") as caught:
            Reader().read(a_source(server))
        assert caught.value.kind is Trouble.SHAPE

    def test_videos_and_channels_are_read_in_turn(self, server: WebServer) -> None:
        other = a_thread("t2")
        other["snippet"]["videoId"] = OTHER
        tube = Tube(server, [a_thread("t1"), other])
        both = a_source(server, videos=(VIDEO, OTHER), channels=("UCsome",))
        reader = Reader().read(both)
        assert len(reader.batches) == len(tube.questions) == 3
        assert found_by(reader) == {"t1", "t2"}

    def test_nothing_there_is_no_mention(self, server: WebServer) -> None:
        Tube(server, [])
        assert Reader().read(a_source(server)).mentions == {}


class TestReplies:
    def test_those_that_came_along_are_not_asked_for(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread("t1", replies=replies_to("t1", INLINE))])
        reader = Reader().read(a_source(server))
        assert tube.questions == ["threads at-0"]
        assert len(reader.mentions) == 1 + INLINE
        assert reader.mentions["yt", "t1.3"].kind is Kind.REPLY
        assert reader.mentions["yt", "t1.3"].parent_id == "t1"
        assert reader.mentions["yt", "t1"].replies == INLINE

    def test_the_others_are_asked_for_when_there_are_new_ones(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread("t1", replies=replies_to("t1", 7)), a_thread("t2")], page=5)
        reader = Reader().read(a_source(server))
        assert len(reader.mentions) == 2 + 7
        assert tube.questions == ["threads at-0", "replies of t1", "replies of t1"]
        reader = later(reader, 15 * MINUTE).read(a_source(server))
        assert tube.questions == ["threads at-0"]
        tube.threads[0]["all"].append(a_comment("t1.new", NOW))
        reader = later(reader, 15 * MINUTE).read(a_source(server))
        assert tube.questions == ["threads at-0", "replies of t1", "replies of t1"]
        assert "t1.new" in found_by(reader)

    def test_a_thread_that_is_gone_meanwhile_stops_no_other(self, server: WebServer) -> None:
        threads = [a_thread(name, replies=replies_to(name, 7)) for name in ("t1", "t2")]
        tube = Tube(server, threads)
        tube.refused = {"t1": an_error(404, "commentNotFound")}
        reader = Reader().read(a_source(server))
        assert found_by(reader) >= {"t1", "t2", "t2.6"}
        tube.refused = {}
        assert "t1.6" in found_by(later(reader, HOUR).read(a_source(server)))

    @pytest.mark.parametrize("inline", [True, False])
    def test_a_brands_answer_is_joined_to_its_thread(self, server: WebServer, inline: bool) -> None:
        others = replies_to("t1", 7, text="me too")
        ours = a_comment("t1.a", NOW, "Sorry, Ann", authorDisplayName="@AcmeAirHelp")
        Tube(server, [a_thread("t1", replies=[ours, *others] if inline else [*others, ours])])
        reader = Reader().read(a_source(server))
        arrivals, answers = admitted(
            list(reader.mentions.values()), "youtube", Matcher((ACME,)), NOW
        )
        assert [one.mention.source_id for one in arrivals] == ["t1"]
        ((answer, _),) = answers
        assert (answer.source_id, answer.parent_id, answer.thread_id) == ("t1.a", "t1", "t1")
        assert answer.author == "AcmeAirHelp"

    def test_a_brand_is_known_by_its_channel_too(self, server: WebServer) -> None:
        by_id = {"authorDisplayName": "Acme", "authorChannelId": {"value": "UCacmeChannel"}}
        ours = a_comment("t1.a", NOW, "Sorry", **by_id)
        named_alike = a_comment("t1.b", NOW, "Hi", authorDisplayName="acmeairhelp")
        Tube(server, [a_thread("t1", replies=[ours, named_alike])])
        assert found_by(Reader().read(a_source(server))) == {"t1", "t1.a"}

    def test_an_answer_that_comes_later_is_seen_within_the_hour(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread(f"t{n}", n * HOUR / 2) for n in range(60)], page=10)
        reader = Reader().read(a_source(server))
        ours = a_comment("t40.a", NOW + HOUR, "Sorry", authorDisplayName="@acmeairhelp")
        tube.threads[40]["all"].append(ours)
        assert "t40.a" in found_by(later(reader, HOUR).read(a_source(server)))


class TestMatches:
    def test_what_no_query_matches_is_left_aside(self, server: WebServer) -> None:
        Tube(server, [a_thread("t1", textDisplay="nice music")])
        assert Reader().read(a_source(server)).mentions == {}

    def test_with_a_brand_all_of_it_is_about_that(self, server: WebServer) -> None:
        Tube(server, [a_thread("t1", textDisplay="nice music")])
        (mention,) = Reader().read(a_source(server, brand="acme")).mentions.values()
        assert mention.brand == "acme"

    def test_an_edit_is_seen(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread("t1")])
        reader = Reader().read(a_source(server))
        tube.threads = [a_thread("t1", text="acme air was late", updatedAt=to_json(NOW))]
        (mention,) = later(reader, HOUR).read(a_source(server)).mentions.values()
        assert (mention.text, mention.edited_at) == ("acme air was late", NOW)


class TestAside:
    @pytest.mark.parametrize(
        ("status", "reason", "words"),
        [
            (403, "commentsDisabled", "comments are turned off"),
            (404, "videoNotFound", "YouTube knows no such video"),
            (403, "forbidden", "what the API key is allowed"),
        ],
    )
    def test_a_video_that_cannot_be_read_is_told_once(
        self, server: WebServer, status: int, reason: str, words: str
    ) -> None:
        tube = Tube(server, [a_thread("t1")])
        tube.refused = {OTHER: an_error(status, reason)}
        source = a_source(server, videos=(OTHER, VIDEO, "vid00000003"))
        reader = Reader().read(source)
        assert found_by(reader) == {"t1"}
        (reject,) = (one for batch in reader.batches for one in batch.rejects)
        assert (reject.place, words in reject.reason) == (f"video/{OTHER}", True)
        assert len(tube.questions) == 3
        reader = later(reader, 15 * MINUTE).read(source)
        assert len(tube.questions) == 3  # it is tried once more
        reader = later(reader, 14 * MINUTE).read(source)
        assert len(tube.questions) == 2  # and rests
        assert not any(batch.rejects for batch in reader.batches)

    def test_it_is_read_again_when_comments_are_back(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread("t1")])
        tube.refused = {VIDEO: an_error(403, "commentsDisabled")}
        source = a_source(server, videos=(OTHER, VIDEO))
        reader = Reader().read(source)
        tube.refused = {}
        assert found_by(later(reader, HOUR).read(source)) == {"t1"}

    def test_what_was_set_aside_by_an_older_version_is_read(self, server: WebServer) -> None:
        Tube(server, [a_thread("t1")])
        aside = {"aside": "commentsDisabled", "aside_at": to_json(NOW)}
        old = {"streams": {f"video/{VIDEO}": aside}, "rest": []}
        assert found_by(Reader(cursor=old).read(a_source(server))) == {"t1"}

    def test_when_none_can_be_read_the_source_is_in_trouble(self, server: WebServer) -> None:
        tube = Tube(server, [])
        tube.refused = {name: an_error(403, "commentsDisabled") for name in (VIDEO, OTHER)}
        source = a_source(server, videos=(VIDEO, OTHER))
        reader = Reader()
        with pytest.raises(CollectorError, match="comments are turned off") as caught:
            reader.read(source)
        assert caught.value.kind is Trouble.SETTINGS


class TestTroubles:
    @pytest.mark.parametrize(
        ("step", "kind", "words"),
        [
            (an_error(400, "keyInvalid"), Trouble.CREDENTIALS, "does not accept api_key"),
            (an_error(403, "ipRefererBlocked"), Trouble.CREDENTIALS, "not take this API key"),
            (an_error(403, "forbidden"), Trouble.CREDENTIALS, "what the API key is allowed"),
            (an_error(403, "accessNotConfigured"), Trouble.SETTINGS, "is not switched on"),
            (an_error(403, "rateLimitExceeded"), Trouble.RATE, "too often"),
            (an_error(404, "somethingElse"), Trouble.SETTINGS, "knows no such thing"),
            (an_error(400, "invalidPageToken"), Trouble.SETTINGS, "did not understand"),
            (as_json([{"error": 7}], status=403), Trouble.CREDENTIALS, "refuses us"),
            (
                as_json({"error": {"errors": 7, "details": [7]}}, status=500),
                Trouble.SERVER,
                "its own",
            ),
        ],
    )
    def test_a_refusal_says_what_to_do(
        self, server: WebServer, step: Step, kind: Trouble, words: str
    ) -> None:
        server.routes["/commentThreads"] = lambda asked: step
        for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
            with pytest.raises(CollectorError, match=words) as caught:
                ask()
            assert caught.value.kind is kind
            assert caught.value.retry_after is None
            assert KEY not in str(caught.value)

    def test_a_wrong_key_is_told_apart(self, server: WebServer) -> None:
        Tube(server, [])
        with pytest.raises(CollectorError, match="does not accept api_key") as caught:
            a_source(server, api_key="another").check()
        assert caught.value.kind is Trouble.CREDENTIALS

    @pytest.mark.parametrize(
        ("now", "until"),
        [
            (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
            (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC)),
            (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
        ],
        ids=["winter", "summer", "when clocks go back"],
    )
    def test_a_quota_that_is_used_up_comes_back_at_midnight_pacific(
        self, server: WebServer, now: datetime, until: datetime
    ) -> None:
        server.routes["/commentThreads"] = lambda asked: an_error(403, "quotaExceeded")
        with pytest.raises(CollectorError, match="used up") as caught:
            a_source(server).fetch(None, now)
        assert caught.value.kind is Trouble.QUOTA
        assert caught.value.retry_after == until - now

    def test_no_more_than_the_units_of_a_day_are_used(self, server: WebServer) -> None:
        tube = Tube(server, [a_thread(f"t{n}", n * MINUTE) for n in range(30)], page=10)
        source, reader = a_source(server, daily_units=2), Reader()
        with pytest.raises(CollectorError, match="2 units a day of `daily_units`") as caught:
            reader.read(source)
        assert len(tube.questions) == 2
        assert caught.value.kind is Trouble.QUOTA
        assert caught.value.retry_after == 20 * HOUR
        reader.now += 20 * HOUR
        assert len(reader.read(source).mentions) == 30

    @pytest.mark.parametrize(
        "value", [[], {}, {"items": {}}, {"items": [], "nextPageToken": 7}, "text", 7]
    )
    def test_json_of_another_shape_is_refused(self, server: WebServer, value: Any) -> None:
        server.routes["/commentThreads"] = lambda asked: as_json(value)
        with pytest.raises(CollectorError, match="no page of comments") as caught:
            a_source(server).fetch(None, NOW)
        assert caught.value.kind is Trouble.SHAPE


class TestSettings:
    def test_a_check_says_what_is_there(self, server: WebServer) -> None:
        tube = Tube(server, [])
        both = a_source(server, channels=("UCa",), videos=(VIDEO, OTHER))
        assert both.check() == "1 channel, 2 videos"
        tube.refused = {OTHER: an_error(403, "commentsDisabled")}
        with pytest.raises(CollectorError, match=f"video {OTHER}: comments are turned") as caught:
            both.check()
        assert caught.value.kind is Trouble.SETTINGS

    def test_what_could_never_be_asked_is_refused(self, server: WebServer) -> None:
        with pytest.raises(ConfigError) as caught:
            a_source(server, channels=("@acme",), videos=("https://youtu.be/x",), brand="Acne")
        assert [one.split()[0] for one in caught.value.mistakes] == [
            "channels[1]",
            "videos[1]",
            "brand",
        ]
        with pytest.raises(ConfigError, match="name nothing"):
            a_source(server, videos=())
        with pytest.raises(ConfigError, match="daily_units"):
            a_source(server, daily_units=0)
        with pytest.raises(ValueError, match="base_url"):
            a_source(server, base_url="http://api.example")

    def test_its_key_is_not_shown(self, server: WebServer) -> None:
        assert KEY not in repr(a_source(server))


def test_every_mention_has_its_link(server: WebServer) -> None:
    Tube(server, [a_thread("t1", replies=replies_to("t1", 7))])
    mentions: Mapping[Any, Mention] = Reader().read(a_source(server)).mentions
    assert {one.url for one in mentions.values()} == {
        f"https://www.youtube.com/watch?v={VIDEO}&lc={one.source_id}" for one in mentions.values()
    }
