"""X: posts as they become mentions, and ids that are times."""

import json
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.x.answers import to_page
from listener.collectors.x.collector import OVERLAP
from listener.collectors.x.posts import to_mention
from listener.collectors.x.snowflake import earlier, id_at, moment_of
from listener.domain.mention import Kind, Mention, Reject
from tests.builders import MINUTE
from tests.collectors.conformance import NOW
from tests.servers.x import a_post

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "x"


def mention_of(post: Any, users: Any = None) -> Mention:
    made = to_mention(post, users or {}, "x")
    assert isinstance(made, Mention), made
    return made


def test_a_reply_knows_what_it_answers() -> None:
    answered = [{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "6"}]
    made = mention_of(a_post(1, NOW, "yes", referenced_tweets=answered, conversation_id="4"))
    assert (made.kind, made.parent_id, made.thread_id) == (Kind.REPLY, "6", "4")


def test_a_quote_is_no_answer() -> None:
    made = mention_of(a_post(1, NOW, "yes", referenced_tweets=[{"type": "quoted", "id": "5"}]))
    assert (made.kind, made.parent_id) == (Kind.QUOTE, None)


def test_an_edit_keeps_the_first_id_and_its_time() -> None:
    first, second = a_post(1, NOW, "acme bad"), a_post(2, NOW + MINUTE, "acme good")
    history = [first["id"], second["id"]]
    made = mention_of({**second, "edit_history_tweet_ids": history})
    assert (made.source_id, made.said_at, made.edited_at) == (first["id"], NOW, NOW + MINUTE)
    assert made.url == f"https://x.com/i/status/{second['id']}"
    assert to_mention({**first, "edit_history_tweet_ids": history}, {}, "x") is None


def test_a_repost_is_no_mention() -> None:
    again = [{"type": "retweeted", "id": "5"}]
    assert to_mention(a_post(1, NOW, "RT", referenced_tweets=again), {}, "x") is None


def test_an_author_that_is_not_given_leaves_the_post() -> None:
    made = mention_of(a_post(1, NOW, "acme", author_id="404"))
    assert (made.author, made.author_id, made.followers) == (None, "404", None)


@pytest.mark.parametrize(
    ("user", "verified"),
    [
        ({}, None),
        ({"verified": False}, False),
        ({"verified": True}, True),
        ({"verified": False, "verified_type": "none"}, False),
        ({"verified": False, "verified_type": "blue"}, True),
        ({"verified_type": "government"}, True),
        ({"verified_type": "none"}, False),
        ({"verified": "yes", "verified_type": ["blue"]}, None),
        ({"verified": 1, "verified_type": "of tomorrow"}, None),
    ],
)
def test_an_account_is_verified_where_x_says_so(
    user: dict[str, Any], verified: bool | None
) -> None:
    made = mention_of(a_post(1, NOW, "acme", author_id="7"), {"7": {"id": "7", **user}})
    assert made.verified is verified


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("iw", "he"), ("in", "id"), ("und", None), ("qme", None), ("qu", "qu"),
     ("zh-TW", "zh-TW"), (7, None), ("<b>", None)],
)  # fmt: skip
def test_languages_are_the_usual_ones(code: Any, language: str | None) -> None:
    assert mention_of(a_post(1, NOW, "acme", lang=code)).language == language


def test_links_are_shown_as_they_lead_on() -> None:
    links = [
        {"url": "https://t.co/ab", "expanded_url": "https://one.example"},
        {"url": "https://t.co/abc", "expanded_url": "https://two.example"},
        {"url": "https://t.co/none"},
        {"url": "", "expanded_url": "https://three.example"},
        "no link",
    ]
    text = "https://t.co/abc https://t.co/ab https://t.co/none &lt;3 &amp;lt;"
    made = mention_of(a_post(1, NOW, text, entities={"urls": links}))
    assert made.text == ("https://two.example https://one.example https://t.co/none <3 &lt;")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None}, {"id": 7}, {"id": "a/b"}, {"id": "١٢"}, {"id": "9" * 40},
        {"text": None}, {"text": " "}, {"text": []}, {"id": "12", "created_at": "yesterday"},
    ],
)  # fmt: skip
def test_a_post_that_cannot_be_read_is_rejected(changes: Any) -> None:
    assert isinstance(to_mention({**a_post(1, NOW, "acme"), **changes}, {}, "x"), Reject)


@pytest.mark.parametrize("junk", [None, 7, "text", [], {}, [None], [7], [{}], {"a": []}])
def test_junk_in_a_field_stops_nothing(junk: Any) -> None:
    fields = (
        "author_id", "conversation_id", "created_at", "edit_history_tweet_ids", "entities",
        "lang", "note_tweet", "public_metrics", "referenced_tweets",
    )  # fmt: skip
    for name in fields:
        made = mention_of(a_post(1, NOW, "acme", **{name: junk}))
        assert (made.text, made.said_at) == ("acme", NOW)
    odd = {"data": [junk, a_post(1, NOW, "acme")], "meta": {"newest_id": junk}}
    page = to_page({**odd, "includes": {"users": junk}, "errors": junk})
    assert page.newest == id_at(NOW) + 1


def test_a_count_that_is_none_is_left_out() -> None:
    counts = {"like_count": -1, "reply_count": "7", "retweet_count": True, "quote_count": 2}
    made = mention_of(a_post(1, NOW, "acme", public_metrics=counts))
    assert (made.likes, made.replies, made.shares, made.views) == (None, None, 2, None)


def test_an_id_is_a_time() -> None:
    assert moment_of(str(id_at(NOW) + 5)) == NOW
    assert moment_of("20") is None
    assert moment_of(earlier(str(id_at(NOW)), OVERLAP)) == NOW - OVERLAP
    assert earlier("5", OVERLAP) == "1"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
@pytest.mark.parametrize(
    "name", ["test_client_search_recent_tweets", "test_client_get_users_mentions"]
)
def test_recorded_posts_are_understood(name: str) -> None:
    recorded = json.loads((SHARED / f"{name}.json").read_text("utf-8"))
    page = to_page(recorded["interactions"][0]["response"]["body"])
    made = [to_mention(post, page.users, "x") for post in page.posts]
    assert made
    assert {type(each) for each in made} == {Mention}
    assert page.newest == max(int(post["id"]) for post in page.posts)
    assert page.token
