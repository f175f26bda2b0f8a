"""Sentences that every door prints in English, and pages can say again."""

import copy
import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listener.domain.query import parse
from listener.domain.wording import Homonym, Moment, Plural, Span, Wording
from listener.errors import QueryError
from listener.texts.words import MARKED
from listener.web.words import in_words


def test_a_sentence_is_its_english() -> None:
    words = Wording("%(name)s is late by 5 %%, says %(who)s", name="100%", who="kim")
    assert words == "100% is late by 5 %, says kim"
    assert str(words) == f"{words}"


def test_it_is_said_again_with_the_sentences_in_it() -> None:
    inner = Wording("the query ends here")
    words = Wording("expected %(what)s at %(at)s: %(why)s", what="a word", at=7, why=inner)
    assert in_words(MARKED, words) == "⟦expected a word at 7: ⟦the query ends here⟧⟧"
    assert in_words("en", words) == words


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "said Mon 23 Nov 2026 10:00"),
        ("hu", "közzétéve: 2026. nov. 23. H 10:00"),
        ("zh-Hans", "发表于 2026年11月23日 周一 10:00"),
    ],
)
def test_a_moment_is_written_as_the_language_does(language: str, written: str) -> None:
    at = Moment(datetime(2026, 11, 23, 9, tzinfo=UTC), ZoneInfo("Europe/Budapest"))
    words = Wording("said %(when)s", when=at)
    assert words == "said 2026-11-23 10:00"
    assert in_words(language, words).replace("\u00a0", " ") == written


@pytest.mark.parametrize("again", [copy.deepcopy, lambda words: pickle.loads(pickle.dumps(words))])
def test_a_copy_can_be_said_again_too(again: object) -> None:
    words = again(Wording("%(name)s is late", name="x"))  # type: ignore[operator]
    assert (words, words.pattern, words.named) == ("x is late", "%(name)s is late", {"name": "x"})


@pytest.mark.parametrize(
    "query",
    ["", "a AND", "NOT a", '"a', "`a", "a)", "(a", "foo:a", "stars:9", "since:x", "lang:1", "a,b",
     "a NEAR/999 b", "(a b) NEAR/3 c", "ab~9", "a~xx", "(a)~1", "a*b*c*d*e", "-", "pack:x",
     "stars:5..1", "a" * 10_001, "( " * 200, "site:/", "author:*a*", "..*", "~a"],
)  # fmt: skip
def test_no_mistake_of_a_query_is_english_alone(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    (said,) = caught.value.args
    assert isinstance(said, Wording)
    parts = [part for part in said.named.values() if str(part).strip('()"0123456789')]
    assert all(isinstance(part, Wording) for part in parts)


@pytest.mark.parametrize(
    "words",
    [
        Span(timedelta(minutes=5)),
        Moment(datetime(2026, 11, 23, 9, tzinfo=UTC), ZoneInfo("Europe/Budapest")),
        Homonym("of a door", "open"),
        Plural("%(n)s day", "%(n)s days", 2, n=2),
        Wording("for %(span)s", span=Span(timedelta(minutes=5))),
    ],
)
def test_each_sort_can_be_copied(words: str) -> None:
    for made in (copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
        assert made == words
        assert in_words("hu", made) == in_words("hu", words)
