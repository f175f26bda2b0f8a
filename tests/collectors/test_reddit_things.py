"""Reddit: what its things become, and what was once recorded of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from listener.collectors.reddit import Reddit
from listener.collectors.reddit.things import to_mention
from listener.domain.mention import Mention, Reject, Tombstone
from listener.domain.query import parse
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.conformance import NOW, Reader
from tests.servers.reddit import PASSWORD, SECRET, Thing, a_comment, a_post
from tests.servers.web import Route, Step, WebServer, web_server

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "reddit"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"name": "t3_"},
        {"name": "t5_abc"},
        {"name": "t1_../x"},
        {"created_utc": None},
        {"created_utc": True},
        {"created_utc": 1e300},
        {"created_utc": float("nan")},
        {"created_utc": -5},
    ],
)
def test_a_thing_without_name_or_time_is_rejected(changes: Mapping[str, Any]) -> None:
    assert isinstance(to_mention(a_comment(1, **changes), "reddit"), Reject)


def a_mention_of(thing: Thing) -> Mention:
    made = to_mention(thing, "reddit")
    assert isinstance(made, Mention)
    return made


@pytest.mark.parametrize(
    ("changes", "title", "text"),
    [
        ({"url": "https://acmeair.com/jobs"}, "Late", "https://acmeair.com/jobs"),
        ({"url": "https://v.redd.it/x"}, "", "Late"),
        ({"url": "https://[", "is_self": False}, "", "Late"),
        ({"url": 7, "selftext": None}, "", "Late"),
        ({"selftext": "Two &amp; more", "is_self": True}, "Late", "Two & more"),
    ],
)
def test_a_post_is_its_title_and_its_text_or_link(
    changes: Mapping[str, Any], title: str, text: str
) -> None:
    made = a_mention_of(a_post(1, "Late", **changes))
    assert (made.title, made.text) == (title, text)


def test_an_address_that_is_not_given_is_built() -> None:
    site = "https://www.reddit.com"
    assert a_mention_of(a_post(36)).url == f"{site}/comments/10"
    assert a_mention_of(a_comment(36)).url == f"{site}/comments/1/_/10"
    assert a_mention_of(a_comment(36, link_id=None)).url == f"{site}/api/info?id=t1_10"
    assert a_mention_of(a_comment(1, permalink="/r/x/comments/1/_/2/")).url == (
        f"{site}/r/x/comments/1/_/2/"
    )
    assert a_mention_of(a_comment(1, permalink="//evil.example")).url == (f"{site}//evil.example")


def test_words_that_only_look_deleted_stay() -> None:
    assert a_mention_of(a_comment(1, "[deleted] my account")).text == "[deleted] my account"
    assert a_mention_of(a_comment(1, "Hi", author="[deleted]")).author is None


@pytest.mark.parametrize("text", ["[deleted]", "[removed]", "[ Removed by Reddit ]"])
def test_words_that_are_gone_are_a_tombstone(text: str) -> None:
    assert isinstance(to_mention(a_comment(1, text), "reddit"), Tombstone)
    assert isinstance(to_mention(a_post(1, selftext=text), "reddit"), Tombstone)


def test_a_removed_link_is_a_tombstone() -> None:
    gone = a_post(1, url="https://acmeair.com", removed_by_category="moderator")
    assert isinstance(to_mention(gone, "reddit"), Tombstone)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")


def a_source(server: WebServer, **changes: Any) -> Reddit:
    accounts = {"reddit": frozenset({"spez"})}
    made = Reddit(
        name="reddit",
        http=Http(),
        follows=(a_subject("Any", query=parse("a OR e OR the OR i"), accounts=accounts),),
        base_url=server.url(""),
        client_id="app",
        client_secret=SECRET,
    )
    return replace(made, **changes)


def replay(server: WebServer, name: str) -> list[Thing]:
    """Let the server answer as recorded, each path with its first reply; and say what is listed."""
    recorded = json.loads((SHARED / name).read_text("utf-8"))["interactions"]
    steps: dict[str, list[Step]] = {}
    listed: list[Thing] = []
    for one in recorded:
        path = urlsplit(one["request"]["uri"]).path.rstrip("/")
        answer = one["response"]
        body = answer["body"] if isinstance(answer["body"], str) else json.dumps(answer["body"])
        kept = {k: v for k, v in answer["headers"].items() if k.lower() in KEPT}
        step = Step(status=answer["status"], body=body.encode(), headers=kept)
        steps.setdefault(path, []).append(step)
        if isinstance(answer["body"], dict) and answer["body"].get("kind") == "Listing":
            listed += answer["body"]["data"]["children"]
    token = steps.pop("/api/v1/access_token")
    server.routes["/api/v1/access_token"] = giving(token[0])
    for path, answers in steps.items():
        server.routes[f"{path}/"] = giving(answers[0])
    return listed


def giving(step: Step) -> Route:
    return lambda asked: step


KEPT = {"content-type", "retry-after", "www-authenticate", "location"} | {
    f"x-ratelimit-{name}" for name in ("used", "remaining", "reset")
}


@needs_shared
@pytest.mark.parametrize(
    ("name", "subreddits", "stream"),
    [
        ("TestSubredditListings.test_comments.json", ("askreddit",), "/r/askreddit/comments"),
        ("TestSubredditListings.test_new.json", ("askreddit",), "/r/askreddit/new"),
        ("TestSubredditStreams.test_comments__with_pause.json", ("kakapo",), "/r/kakapo/comments"),
        ("TestRedditorListings.test_comments__new.json", (), "/user/spez/comments"),
    ],
)
def test_recorded_listings_are_understood(
    server: WebServer, name: str, subreddits: tuple[str, ...], stream: str
) -> None:
    listed = replay(server, name)
    cursor = {"streams": {}, "rest": [stream]}
    batch = a_source(server, subreddits=subreddits).fetch(cursor, NOW)
    made = [to_mention(thing, "reddit") for thing in listed]
    assert not [one for one in made if isinstance(one, Reject)]
    assert batch.rejects == ()
    assert len(batch.mentions) > 5
    assert {one.source_id for one in batch.mentions} <= {
        one.source_id for one in made if isinstance(one, Mention)
    }


@needs_shared
def test_a_recorded_deleted_comment_is_a_tombstone(server: WebServer) -> None:
    (gone,) = replay(server, "TestComment.test_refresh__deleted_comment.json")[:1]
    assert to_mention(gone, "reddit") == Tombstone(
        source="reddit", source_id="t1_d7ltvl0", reason="deleted by its author"
    )


@needs_shared
def test_a_recorded_search_is_understood(server: WebServer) -> None:
    replay(server, "TestSubreddit.test_search.json")
    subject = a_subject("PRAW", query=parse("praw"), accounts={})
    batch = a_source(server, follows=(subject,)).fetch(None, NOW)
    assert batch.mentions
    assert batch.rejects == ()


@needs_shared
@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("forbidden", "/user/spez/gilded/given/", Trouble.CREDENTIALS),
        ("internal_server_error", "/", Trouble.SERVER),
        ("not_found", "/r/reddit_api_test/wiki/invalid/", Trouble.SETTINGS),
        ("service_unavailable", "/", Trouble.SERVER),
        ("too__many_requests__with_retry_headers", "/api/v1/me/", Trouble.RATE),
        ("with_invalid_access_token", "/", Trouble.CREDENTIALS),
    ],
)
def test_recorded_refusals_are_told_apart(
    server: WebServer, name: str, path: str, kind: Trouble
) -> None:
    replay(server, f"prawcore_TestSession.test_request__{name}.json")
    for stream in ("search", "new", "comments"):
        server.routes[f"/r/travel/{stream}/"] = server.routes[path]
    server.routes["/user/spez/comments/"] = server.routes[path]
    with pytest.raises(CollectorError) as caught:
        Reader().read(a_source(server, subreddits=("travel",)))
    assert caught.value.kind is kind
    waits = caught.value.retry_after
    assert (waits.total_seconds() if waits else None) == (4 if kind is Trouble.RATE else None)


@needs_shared
def test_a_recorded_refusal_of_an_account_is_one_of_credentials(server: WebServer) -> None:
    case = "TestScriptAuthorizer.test_refresh__with_invalid_username_or_password"
    replay(server, f"prawcore_{case}.json")
    with pytest.raises(CollectorError, match="username and password") as caught:
        a_source(server, username="acme_bot", password=PASSWORD).check()
    assert caught.value.kind is Trouble.CREDENTIALS
