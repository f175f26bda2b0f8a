"""What the fast evaluator finds is what the slow one finds, over small and nasty texts."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from listener.domain.query import Query, parse
from listener.domain.query.document import Document
from listener.domain.query.nodes import And, Exact, Field, Near, Node, Not, Or, Phrase, Word
from listener.errors import QueryError
from tests.domain.query.letters import BOTH_WAYS
from tests.domain.query.slow import match as slow_match

LETTERS = ["a", "b", "ab", "A", "é", "e\u0301", "e", "ő", "ß", "ss", "I", "ı", "İ", "i", "Σ", "ς"]
MORE = ["Д", "д", "क", "की", "ا", "أ", "1", "2", "_", "Ａ", "ﬁ", "𝐀", "ö", "abab", "Ab", "AB"]
NO_SPACES = [
    "航",
    "空",
    "カ",
    "か\u3099",
    "が",
    "항",
    "하",
    "ก",
    "กำ",
    "ก่",
    "က",
    "ကို",
    *BOTH_WAYS[0],
]
SIGNS = ["#", "@", "-", "\u2011", "'", "’", "+", "++", "!", ".", "😡", "👍🏽", "👍", "™", "&"]
FLAGS = ["🇭🇺", "🇨🇭", "🇭", "🇺"]
INVISIBLE = ["\u200d", "\u200b", "\u00ad", "\ufe0f", "\u200f", "\u0640"]
SPACES = [" ", " ", " ", "\n", "\u3000", "\u00a0", "  ", "\t"]
TAGS = ["#AbCd", "#Ab2c", "#ABCd", "#航空", "#abДд", "@ab", "@ab_", "#ab"]
PIECES = st.sampled_from(
    [*LETTERS, *LETTERS, *MORE, *NO_SPACES, *SIGNS, *FLAGS, *INVISIBLE, *SPACES, *SPACES, *TAGS]
)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

texts = st.lists(PIECES, max_size=14)


@st.composite
def terms(draw: st.DrawFn, text: list[str]) -> Word | Phrase | Exact:
    """A piece of the text, more often than not, said in one of the ways of the language."""
    source = draw(st.sampled_from([text, text, draw(texts)]))
    at = draw(st.integers(0, max(len(source) - 1, 0)))
    size = draw(st.integers(1, 4))
    piece = "".join(source[at : at + size]).strip() or "a"
    kind = draw(st.sampled_from(["word", "word", "phrase", "exact", "wild"]))
    if kind == "phrase":
        return Phrase(piece, draw(st.sampled_from(["", "", "han", "plain"])))
    if kind == "exact":
        return Exact(piece)
    word = "".join(piece.split())
    if kind == "wild":
        return Word(word[: draw(st.integers(0, len(word)))] + draw(st.sampled_from("*?")) + word)
    return Word(word, draw(st.sampled_from(["", "", "", "1", "han", "plain", "hu", "tr"])))


@st.composite
def nears(draw: st.DrawFn, text: list[str]) -> Near:
    sides = st.lists(terms(text), min_size=1, max_size=2).map(tuple)
    within = draw(st.integers(0, 4))
    return Near(draw(sides), draw(sides), within, draw(st.booleans()))


FIELDS = st.sampled_from(
    [
        Field("lang", "hu"),
        Field("lang", "zh"),
        Field("lang", "zh-hant"),
        Field("stars", "2", "<="),
        Field("stars", "2"),
        Field("stars", "2", "..", "4"),
        Field("followers", "5", ">"),
        Field("likes", "5", ">="),
        Field("since", "2026-11-01T12:00Z"),
        Field("until", "2026-11-02"),
        Field("author", "ab*"),
        Field("author", "@AB"),
        Field("site", "acme.example"),
        Field("is", "verified"),
        Field("is", "question"),
        Field("has", "link"),
        Field("topic", "price"),
        Field("subject", "acme"),
        Field("above", "boreal"),
        Field("below", "boreal"),
        Field("intent", "churn"),
        Field("needs", "answer"),
        Field("state", "open"),
        Field("team", "care"),
    ]
)


def trees(text: list[str]) -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.one_of(terms(text), terms(text), nears(text), FIELDS)
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.lists(parts, min_size=2, max_size=3).map(lambda some: And(tuple(some))),
            st.lists(parts, min_size=2, max_size=3).map(lambda some: Or(tuple(some))),
            parts.map(Not),
        ),
        max_leaves=5,
    )


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, Document]:
    """A query and a mention."""
    text = draw(texts)
    doc = Document(
        text="".join(text),
        title="".join(draw(st.lists(PIECES, max_size=3))),
        author=draw(st.sampled_from([None, "ab", "@Abc", "c"])),
        url=draw(st.sampled_from([None, "https://x.acme.example/a", "https://notacme.example"])),
        language=draw(st.sampled_from([None, "hu", "zh-Hant", "zh-Hans"])),
        stars=draw(st.sampled_from([None, 1, 2, 3, 5])),
        followers=draw(st.sampled_from([None, 5, 6])),
        likes=draw(st.sampled_from([None, 4, 5])),
        said_at=draw(st.sampled_from([None, NOON, NOON + timedelta(days=1)])),
        verified=draw(st.sampled_from([None, True, False])),
        topics=draw(st.sampled_from([(), ("price",), ("delivery", "price")])),
        subject=draw(st.sampled_from([None, "Acme", "Boreal"])),
        above=draw(st.sampled_from([(), ("Boreal",)])),
        below=draw(st.sampled_from([(), ("Coyote", "BOREAL")])),
        state=draw(st.sampled_from([None, "waiting", "met"])),
        teams=draw(st.sampled_from([(), ("care",)])),
    )
    return str(draw(trees(text))), doc


def read(query: str) -> Query:
    try:
        return parse(query, broad=True)
    except QueryError:
        reject()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked())
def test_any_query_finds_what_the_slow_evaluator_finds(case: tuple[str, Document]) -> None:
    query, doc = read(case[0]), case[1]
    assert query.match(doc) == slow_match(query.root, doc)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_term_finds_what_the_slow_evaluator_finds(data: st.DataObject) -> None:
    text = data.draw(texts)
    query = read(str(data.draw(st.one_of(terms(text), terms(text), nears(text)))))
    doc = Document(text="".join(text))
    assert query.match(doc) == slow_match(query.root, doc)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts.flatmap(trees))
def test_a_query_written_down_reads_back_alike(tree: Node) -> None:
    query = read(str(tree))
    assert read(str(query.root)) == query
