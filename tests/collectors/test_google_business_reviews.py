"""What a review of Google Business Profile becomes."""

from typing import Any

import pytest

from listener.collectors.google_business import (
    original,
    to_answers,
    to_mention,
)
from listener.domain.mention import Evidence, Mention, Reject
from tests.collectors.conformance import NOW
from tests.servers.google_business import PLACE, Review, a_review, written


def test_an_answer_comes_with_its_review() -> None:
    reply = {"comment": "Danke!\n\n(Translated by Google)\nThanks!", "updateTime": written(NOW)}
    review = a_review(7, reviewReply=reply)
    mention = to_mention(review, "maps", PLACE)
    assert isinstance(mention, Mention)
    (answer,) = to_answers(review, mention)
    assert (answer.source_id, answer.parent_id, answer.text) == ("r7#reply", "r7", "Danke!")
    assert (answer.evidence, answer.said_at) == (Evidence.FIELD, NOW)


@pytest.mark.parametrize("reply", [None, 7, {}, {"comment": "x"}, {"updateTime": "soon"}])
def test_an_answer_without_a_date_is_left_out(reply: Any) -> None:
    review = a_review(7, reviewReply=reply)
    mention = to_mention(review, "maps", PLACE)
    assert isinstance(mention, Mention)
    assert to_answers(review, mention) == ()


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("Plain words", "Plain words"),
        ("(Translated by Google) Good\n\n(Original)\nJó", "Jó"),
        ("(Translated by Google) Good\nand kind\n\n(Original)\nJó\nés kedves", "Jó\nés kedves"),
        ("Jó\n\n(Translated by Google)\nGood", "Jó"),
        ("They wrote (Original) on the box", "They wrote (Original) on the box"),
        ("One\n(Original)\ntwo", "One\n(Original)\ntwo"),
        ("(Translated by Google) Good", "(Translated by Google) Good"),
        (None, ""),
        (7, ""),
    ],
)
def test_the_words_are_those_that_were_written(comment: Any, words: str) -> None:
    assert original(comment) == words


def test_anonymous_people_are_not_one_person() -> None:
    for reviewer in ({"isAnonymous": True, "displayName": "A Google User"}, None, "x", {}):
        mention = to_mention(a_review(1, reviewer=reviewer), "maps", PLACE)
        assert isinstance(mention, Mention)
        assert mention.author_name is None


def test_a_rating_without_words_is_a_review() -> None:
    mention = to_mention(a_review(1, comment=None, starRating="FOUR"), "maps", PLACE)
    assert isinstance(mention, Mention)
    assert (mention.text, mention.stars) == ("", 4)


@pytest.mark.parametrize(
    "review",
    [
        {},
        a_review(1, reviewId=7),
        a_review(1, reviewId=""),
        a_review(1, createTime="yesterday"),
        a_review(1, createTime=[]),
        a_review(1, comment=" ", starRating="STAR_RATING_UNSPECIFIED"),
        a_review(1, comment={}, starRating=["ONE"]),
    ],
)
def test_what_is_no_review_is_rejected(review: Review) -> None:
    assert isinstance(to_mention(review, "maps", PLACE), Reject)
