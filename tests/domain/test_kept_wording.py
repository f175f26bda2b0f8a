"""Wordings that a database keeps: they come back as they were, in English and in their parts."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listener.domain.kept_wording import from_plain, to_plain
from listener.domain.wording import (
    Amount,
    ChannelName,
    Homonym,
    Names,
    Plural,
    Sentences,
    Span,
    Topic,
    Wording,
    listed,
    together,
)

text = some.text(max_size=8)
pattern = text.map(lambda words: words.replace("%", "%%"))
plain = some.one_of(
    text,
    some.integers(),
    some.floats(allow_nan=False),
    text.map(Amount),
    text.map(Topic),
    text.map(ChannelName),
    some.timedeltas(timedelta(0), timedelta(days=400)).map(Span),
)


def texts(inner: some.SearchStrategy[Any]) -> some.SearchStrategy[str]:
    return inner.map(lambda one: one if isinstance(one, str) else str(one))


def wordings(inner: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
    return some.one_of(
        some.builds(lambda said, one: Wording(f"{said} %(one)s", one=one), pattern, inner),
        some.builds(
            lambda said, context, one: Homonym(context, f"{said} %(one)s", one=one),
            pattern,
            text,
            inner,
        ),
        some.builds(
            lambda one, many, number, what: Plural(
                f"%(what)s {one}", f"%(what)s {many}", number, what=what
            ),
            pattern,
            pattern,
            some.integers(0, 3),
            inner,
        ),
        some.lists(texts(inner)).map(lambda said: Sentences(*said)),
        some.lists(texts(inner)).map(lambda said: Names(*said)),
        some.lists(inner, max_size=3).map(listed),
    )


def parts(value: Any) -> Any:
    """All that a page can ask of it."""
    kind = type(value)
    if isinstance(value, Wording):
        more = [getattr(value, name, None) for name in ("context", "one", "many", "number")]
        named = [(name, parts(one)) for name, one in value.named.items()]
        return kind, str(value), value.pattern, more, named
    return kind, value, value.span if isinstance(value, Span) else None


@given(some.recursive(plain, wordings, max_leaves=8))
def test_what_is_kept_comes_back_as_it_was(value: Any) -> None:
    again = from_plain(json.loads(json.dumps(to_plain(value))))
    assert parts(again) == parts(value)


def test_what_is_no_text_is_kept_as_a_sentence_prints_it() -> None:
    words = Wording("%(what)s", what=(1, "a"))
    assert from_plain(to_plain(words)) == words == "(1, 'a')"


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        [],
        {},
        {"say": "a"},
        {"say": "%(a)s", "named": {}},
        {"say": "%(a)d", "named": {"a": "x"}},
        {"say": "%", "named": {}},
        {"say": 3, "named": {}},
        {"say": "a", "named": ["b"]},
        {"say": "a", "named": {"b": None}},
        {"say": "a", "named": {}, "new": 1},
        {"span": "x"},
        {"span": 10**40},
        {"sentences": 3},
        {"names": [None]},
        {"one": "a", "many": "b", "named": {}},
    ],
)
def test_what_another_version_wrote_is_refused(damaged: Any) -> None:
    with pytest.raises(ValueError, match=r"wording|format"):
        from_plain(damaged)


def test_sentences_leave_out_what_is_empty() -> None:
    assert Sentences("One.", "", Wording("Two %(n)s.", n=2)) == "One. Two 2."
    assert Sentences() == ""


def test_names_stand_together() -> None:
    assert [together(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a and b and c",
    ]  # fmt: skip
