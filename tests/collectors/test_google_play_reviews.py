"""What a review of Google Play becomes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from listener.collectors.google_play import (
    to_answers,
    to_mention,
)
from listener.domain.mention import Evidence, Mention, Reject
from tests.servers.google_play import APP, Review, a_review, answered


def test_an_answer_comes_with_its_review() -> None:
    review = answered(a_review(7), 1_795_003_600, "We are glad.")
    (answer,) = to_answers(review, "play", "Acme")
    assert (answer.source_id, answer.parent_id, answer.text) == (
        "gp:7#reply",
        "gp:7",
        "We are glad.",
    )
    assert (answer.evidence, answer.author) == (Evidence.FIELD, "Acme")
    assert answer.said_at == datetime.fromtimestamp(1_795_003_600, UTC)
    assert to_answers(a_review(7), "play", "Acme") == ()


def test_a_review_that_was_changed_after_its_answer_is_older_than_that() -> None:
    mention = to_mention(answered(a_review(100), 1_795_000_050), "play", APP)
    assert isinstance(mention, Mention)
    assert mention.said_at.timestamp() == 1_795_000_050
    assert mention.edited_at == datetime.fromtimestamp(1_795_000_100, UTC)
    untouched = to_mention(answered(a_review(100), 1_795_000_100), "play", APP)
    assert isinstance(untouched, Mention)
    assert (untouched.said_at.timestamp(), untouched.edited_at) == (1_795_000_100, None)


def test_the_language_of_a_device_is_not_that_of_the_words() -> None:
    mention = to_mention(a_review(1, reviewerLanguage="de"), "play", APP)
    assert isinstance(mention, Mention)
    assert (mention.language, mention.raw) == (None, {"device_language": "de"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Great\tWorks well", ("Great", "Works well")),
        ("\tWorks well", ("", "Works well")),
        ("Great\t", ("", "Great")),
        ("Great", ("", "Great")),
        ("Great\tone\ttwo\nthree", ("Great", "one\ttwo\nthree")),
        ("\t", ("", "")),
    ],
)
def test_title_and_text_come_as_one(text: str, words: tuple[str, str]) -> None:
    mention = to_mention(a_review(1, text), "play", APP)
    assert isinstance(mention, Mention)
    assert (mention.title, mention.text) == words


@pytest.mark.parametrize(
    "review",
    [
        {},
        {"reviewId": 7},
        {"reviewId": "", "comments": a_review(1)["comments"]},
        {"reviewId": "gp:1", "comments": 7},
        {"reviewId": "gp:1", "comments": [None, {"userComment": []}]},
        a_review(1, lastModified=7),
        a_review(1, lastModified={"seconds": "soon"}),
        a_review(1, lastModified={"seconds": "9" * 400}),
        a_review(1, lastModified={"seconds": None}),
        a_review(1, text=[], starRating="5"),
    ],
)
def test_what_is_no_review_is_rejected(review: Review) -> None:
    assert isinstance(to_mention(review, "play", APP), Reject)


def test_odd_fields_are_left_out() -> None:
    odd: dict[str, Any] = {
        "thumbsUpCount": 2**63,
        "appVersionName": 7,
        "device": {},
        "starRating": 9,
    }
    review = {**a_review(1, **odd), "authorName": ["x"]}
    mention = to_mention(review, "play", APP)
    assert isinstance(mention, Mention)
    assert (mention.likes, mention.product_version, mention.stars) == (None, None, None)
    assert (mention.author_name, mention.raw) == (None, {})


def test_an_answer_without_a_date_is_left_out() -> None:
    review = answered(a_review(1), 1)
    review["comments"][1]["developerComment"].pop("lastModified")
    assert to_answers(review, "play", "Acme") == ()
    assert isinstance(to_mention(review, "play", APP), Mention)
