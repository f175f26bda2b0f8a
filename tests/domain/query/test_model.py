"""What queries are read into, what is asked of services and indexes, and how texts are folded."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listener.domain.query import (
    And,
    Document,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    fold_for_match,
    nodes,
    parse,
)
from listener.errors import QueryError
from tests.domain.query.slow import match as slow_match

WORDS = st.sampled_from(["a", "b", "A", "ab", "@a", "#b", "b-a", "a's", "航", "航空", "a航", "ß"])
LEAVES = st.one_of(
    st.builds(Word, WORDS),
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map(Phrase),
)
TREES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(nodes, min_size=2, max_size=3).map(tuple).map(Or),
        nodes.map(Not),
    ),
    max_leaves=8,
)
TEXTS = st.text(alphabet="abABß @#-'_航空\n.\u0301１", max_size=20)


def holds(root: Node, text: str) -> bool:
    return slow_match(root, Document(text=text)) is not None


@given(TREES, TEXTS)
def test_the_terms_it_names_are_terms_of_the_query_and_in_the_text(root: Node, text: str) -> None:
    query = Query("", root)
    found = query.match(text) or ()
    assert list(found) == [term for term in query.terms if term in found]
    assert all(holds(Phrase(term), text) for term in found)


@given(TREES)
def test_a_tree_that_is_written_and_read_again_is_the_same(root: Node) -> None:
    try:
        query = parse(str(root))
    except QueryError as error:
        assume("nearly everything" not in str(error))
        raise
    assert query.root == root


@given(TREES)
def test_a_query_is_refused_only_if_it_could_match_without_any_of_its_terms(root: Node) -> None:
    try:
        parse(str(root))
    except QueryError:
        assert holds(root, "x")
    else:
        assert not holds(root, "x")


@given(st.text(alphabet=st.sampled_from('ab航 "()-“（’:*,\n\u200b\ud800') | st.characters()))
def test_any_input_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        place = error.position
    else:
        place = 0
        assert parse(str(query.root)).root == query.root
        assert query.terms
    assert 0 <= place <= len(text)


@given(st.text())
def test_composition_does_not_matter(text: str) -> None:
    assert fold_for_match(text) == fold_for_match(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(max_codepoint=0x5FF, exclude_characters="ŉ\u0345")))
def test_case_does_not_matter(text: str) -> None:
    assert fold_for_match(text) == fold_for_match(text.casefold())
    assert fold_for_match(text) == fold_for_match(fold_for_match(text))


@pytest.mark.parametrize(
    ("query", "needles"),
    [
        ("acme", ("acme",)),
        ('("acme air" OR @acmeair OR acme.com) NOT owl', ("acme air", "@acmeair", "acme.com")),
        ("(late OR lost OR gone) acme", ("acme",)),
        ("air acme", ("acme",)),
        ("acme OR (boreal NOT owl)", ("acme", "boreal")),
        ("acme OR acme", ("acme",)),
    ],
)
def test_what_is_asked_for_is_little(query: str, needles: tuple[str, ...]) -> None:
    found = nodes.needles(parse(query).root)
    assert tuple(dict.fromkeys(term.text for term in found)) == needles


@given(TREES, TEXTS)
def test_every_match_holds_one_of_the_needles(tree: Node, text: str) -> None:
    try:
        query = parse(str(tree))
    except QueryError:
        assume(False)
    terms = nodes.needles(query.root)
    assert terms
    if query.match(text) is not None:
        assert any(Query(str(term), term).match(text) is not None for term in terms)
