"""Drafts of replies: the language, the gaps, and what is meant for which topic."""

import pytest

from listener.domain.reply import Reply
from listener.texts.replies import BUILT_IN, drafted

LATE = Reply(
    name="late",
    topics=("Delivery",),
    text={
        "hu": "Kedves {author}! A(z) {brand} csomagja úton van: {link}",
        "zh-Hant": "{author}，您好",
    },
)
OURS = Reply(name="ours", text={"en": "Hi {author}, about {topic}: {link} {brand}"})
WORDS = {"author": "Jo", "brand": "Acme", "topic": "delivery", "link": "https://x.example/1"}


def texts(language: str | None, topics: tuple[str, ...] = ("delivery",)) -> list[str]:
    return [one.text for one in drafted((OURS, LATE), language, topics, WORDS)]


def test_what_is_for_the_topic_comes_first_and_is_filled_in() -> None:
    assert texts("hu") == [
        "Kedves Jo! A(z) Acme csomagja úton van: https://x.example/1",
        "Hi Jo, about delivery: https://x.example/1 Acme",
    ]
    assert texts("hu", ("price",)) == ["Hi Jo, about delivery: https://x.example/1 Acme"]


@pytest.mark.parametrize(
    ("language", "taken", "fell_back"),
    [
        ("hu-HU", "hu", False),
        ("zh-TW", "zh-Hant", False),
        ("zh-CN", "hu", True),
        ("de", "hu", True),
        (None, "hu", True),
    ],
)
def test_the_writers_language_is_taken_where_it_is_there(
    language: str | None, taken: str, fell_back: bool
) -> None:
    (one,) = drafted((LATE,), language, ("delivery",), WORDS)
    assert (one.language, one.fell_back) == (taken, fell_back)


def test_a_gap_is_seen_and_words_of_people_stay_words() -> None:
    words = {"author": "{brand}\n\u202eevil", "brand": None}
    (one,) = drafted((OURS,), "en", (), words)
    assert one.text == "Hi {brand} evil, about …: … …"


def test_those_that_are_built_in_are_in_the_four_languages() -> None:
    for reply in BUILT_IN:
        assert {"en", "hu", "zh-Hans", "zh-Hant"} <= set(reply.text)
        assert all("{author}" in text for text in reply.text.values())
