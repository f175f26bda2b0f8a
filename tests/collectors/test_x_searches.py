"""X: queries as its search is asked for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.collectors.x.searches import LONGEST, translated
from listener.domain.query import And, Node, Not, Or, Phrase, Query, Word, parse
from listener.errors import QueryError
from tests.servers.x import reading


def searches(query: Query) -> tuple[str, ...]:
    return translated(query).searches


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("acme", "acme"),
        ('"acme air"', '"acme air"'),
        ("acme delta", "acme delta"),
        ("acme OR delta", "(acme OR delta)"),
        ("acme late OR delta", "(acme late OR delta)"),
        ("acme (late OR lost)", "acme (late OR lost)"),
        ("@acme_help OR #acme", "(@acme_help OR #acme)"),
        ("coca-cola", '"coca-cola"'),
        ("AT&T", '"AT&T"'),
        ("acmeair.com", '(url:"acmeair.com" OR "acmeair.com")'),
        ("late acmeair.com", 'late (url:"acmeair.com" OR "acmeair.com")'),
        ("https://www.acmeair.com/jobs", '(url:"acmeair.com/jobs" OR "acmeair.com/jobs")'),
        ("acme or", 'acme "or"'),
        ("爱客航空 🚀", '爱客航空 "🚀"'),
        ("Acme™", "Acme"),
        ("ＡＣＭＥ", "ACME"),
        ("@far_too_long_for_a_handle", '"far_too_long_for_a_handle"'),
    ],
)
def test_a_query_becomes_a_search(query: str, search: str) -> None:
    assert searches(parse(query)) == (f"{search} -is:retweet",)


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("acme NOT coyote", "acme -coyote"),
        ('acme NOT "road runner"', 'acme -"road runner"'),
        ("acme NOT (coyote OR #cartoon)", "acme -coyote -#cartoon"),
        ("acme NOT (NOT delta)", "acme delta"),
        ("acme NOT (coyote road)", "acme"),
        ("acme (delta OR NOT coyote)", "acme"),
        ("acme NOT coca-cola", "acme"),
        ("acme NOT acmeair.com", "acme"),
        ("(acme NOT coyote) OR delta", "(acme -coyote OR delta)"),
    ],
)
def test_only_single_terms_are_excluded(query: str, search: str) -> None:
    assert searches(parse(query)) == (f"{search} -is:retweet",)


@pytest.mark.parametrize(
    ("query", "search"),
    [("acme ++", "acme"), ("acme OR ++", "acme"), ("(a ++) OR b", "(a OR b)")],
)
def test_what_x_sees_no_word_in_is_left_out(query: str, search: str) -> None:
    assert searches(parse(query)) == (f"{search} -is:retweet",)


def test_for_signs_alone_there_is_no_search() -> None:
    assert searches(parse('++ OR "!?"')) == ()


def test_a_long_list_is_split() -> None:
    words = [f"acme{number:03}" for number in range(200)]
    made = searches(parse(" OR ".join(words)))
    assert len(made) == 5
    assert max(map(len, made)) <= LONGEST
    assert [word for search in made for word in search.strip("(").split() if "acme" in word]
    assert all(any(word in search for search in made) for word in words)


def test_of_two_long_lists_the_narrower_one_is_split() -> None:
    few = " OR ".join(f"acme{number:03}" for number in range(40))
    lots = " OR ".join(f"flight{number:03}" for number in range(100))
    made = searches(parse(f"({lots}) ({few}) NOT coyote"))
    assert max(map(len, made)) <= LONGEST
    assert all("acme" in search and "flight" not in search for search in made)
    assert all("-coyote" in search for search in made)


def test_a_phrase_that_is_too_long_is_asked_for_by_its_beginning() -> None:
    (made,) = searches(parse('"' + "very long " * 100 + '"'))
    assert made.startswith('"very long very')
    assert len(made) <= LONGEST


def test_what_is_too_long_for_a_word_is_not_asked_for() -> None:
    assert searches(parse("a" * 5000)) == ()
    assert searches(parse("acme " + "a" * 5000)) == ("acme -is:retweet",)


TERMS = ("acme", "air", "delta", "@acme", "#late", "coca-cola", "++", "acme.com", "爱客")
WORDS = ("acme", "air", "delta", "@acme", "#late", "coca-cola", "coca cola", "++", "爱客", "other")
NODES = st.recursive(
    st.sampled_from(TERMS).map(Word)
    | st.sampled_from(["acme air", "air delta", "coca cola"]).map(Phrase),
    lambda parts: (
        st.lists(parts, min_size=2, max_size=4).map(lambda some: And(tuple(some)))
        | st.lists(parts, min_size=2, max_size=30).map(lambda some: Or(tuple(some)))
        | parts.map(Not)
    ),
    max_leaves=60,
)


@given(node=NODES, text=st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_what_a_query_matches_is_found_by_its_searches(node: Node, text: str) -> None:
    try:
        query = parse(str(node))
    except QueryError:
        return  # what only excludes is no query
    made = searches(query)
    assert all(len(search) <= LONGEST and "-(" not in search for search in made)
    if "++" not in query.terms and query.match(text):
        assert any(reading(search)({"text": text, "username": "ann"}) for search in made)
