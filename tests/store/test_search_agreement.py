"""The database finds what the text evaluator finds: in golden, random and nasty cases."""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from listener.domain.query import parse
from listener.errors import QueryError
from listener.store.connection import Store
from listener.store.searching import Number
from tests.builders import NOW, a_mention
from tests.domain.query.random_queries import random_queries
from tests.domain.query.test_against_slow import PIECES, texts, trees
from tests.store.agreement import Both, a_varied_mention

CASES = Path(__file__).parents[1] / "golden" / "queries" / "cases.jsonl"
QUERIES = 300
ARABIC = ("كتاب", "الكتاب", "والكتب", "مكتبة", "بالكتاب", "كتابهم", "123", "١٢٣")
NASTY = 80


def opened(folder: Path) -> Store:
    return Store(folder / "both.db", durable=False).open(NOW)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Both, list[str]]]:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    store = opened(tmp_path_factory.mktemp("golden"))
    said = [
        a_varied_mention(n, case["text"], case.get("title", ""), case.get("lang"))
        for n, case in enumerate(cases)
    ]
    yield Both(store, said), list(dict.fromkeys(case["query"] for case in cases))
    store.close()


def find_alike(both: Both, queries: Iterable[str]) -> int:
    """The texts and the database agree on each; returns how many find anything."""
    found = 0
    for written in queries:
        query = parse(written, broad=True)
        by_texts = both.by_texts(query)
        assert both.by_database(query) == by_texts, written
        assert both.counted(query) == Number(len(by_texts)), written
        found += bool(by_texts)
    return found


def test_every_golden_query_finds_the_same(golden: tuple[Both, list[str]]) -> None:
    both, queries = golden
    found = find_alike(both, queries)
    assert found > len(queries) // 2


def test_random_queries_find_the_same(golden: tuple[Both, list[str]]) -> None:
    both, _ = golden
    found = find_alike(both, random_queries(list(both.documents.values()), QUERIES))
    assert found > QUERIES // 2


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    chance = random.Random(7)
    pieces = [text for text in NASTY_PIECES if text]
    store = opened(tmp_path_factory.mktemp("nasty"))
    said = [
        a_varied_mention(n, "".join(chance.choices(pieces, k=chance.randint(1, 14))))
        for n in range(NASTY)
    ]
    yield Both(store, said)
    store.close()


NASTY_PIECES = [
    *("a", "b", "ab", "A", "é", "e\u0301", "e", "ő", "ß", "ss", "I", "ı", "İ", "Σ", "ς", "Д", "क"),
    *("की", "ا", "أ", "1", "_", "Ａ", "ﬁ", "𝐀", "abab", "Ab", "航", "空", "快", "遞", "递", "カ"),
    *("か\u3099", "항", "ก", "กำ", "က", "#", "@", "-", "’", "+", "!", ".", "😡", "👍🏽", "™", "&"),
    *("\u200d", "\xad", "\ufe0f", " ", " ", " ", " ", "\n", "\u3000", "#AbCd", "#Ab2c", "@ab", "℡"),
    *("㎏", "Ⓐ", "¨", "½", "①", "…", "\U00016af0", "\u0308", "ab" * 40, "≠", "e\u0338"),
]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_query_finds_the_same(nasty: Both, data: st.DataObject) -> None:
    text = data.draw(st.one_of(texts, st.lists(st.sampled_from(NASTY_PIECES), max_size=8)))
    written = str(data.draw(trees(text or [data.draw(PIECES)])))
    try:
        query = parse(written, broad=True)
    except QueryError:
        assume(False)
        raise
    later = {"state", "team", "needs"}
    assume(not later & query.fields)
    by_texts = nasty.by_texts(query)
    assert nasty.by_database(query) == by_texts
    assert nasty.counted(query) == Number(len(by_texts))


FIELDS = (
    "subject:acme",
    'subject:"ACME" sentiment:negative',
    "subject:acme -label:copy",
    "subject:acme sentiment:negative -label:copy",
    "subject:acme sentiment:positive -label:copy",
    "subject:acme since:2026-11-22 until:2026-11-22T12:05",
    "subject:acme since:2026-11-22 until:2026-11-22T12:00:01Z",
    "subject:acme channel:review sentiment:negative",
    "subject:acme topic:késés",
    "subject:acme topic:delivery channel:social",
    "subject:acme topic:nothing",
    "subject:nobody",
    "subject:(acme OR boreal)",
    "subject:boreal",
    "subject:acme intent:churn source:x",
    'subject:acme source:"app store" lang:(hu OR zh)',
    "subject:acme stars:<=2",
    "subject:acme followers:5..6 likes:>4",
    "subject:acme above:boreal",
    "subject:acme below:boreal",
    "above:acme",
    "label:comparing",
    "label:copy (sentiment:negative OR topic:app)",
    "subject:acme -topic:app",
    "subject:acme NOT (sentiment:negative OR kind:reply)",
    "source:x NOT subject:acme",
    "kind:reply -sentiment:negative",
    "source:x",
    "source:reddit OR kind:reply",
    "channel:review NOT stars:5",
    "followers:>5",
    "since:2026-11-22 until:2026-11-23",
)


def test_queries_of_fields_find_and_count_the_same(golden: tuple[Both, list[str]]) -> None:
    both, _ = golden
    found = find_alike(both, FIELDS)
    assert found == len(FIELDS) - 4, "of nobody, nothing, Boreal, and above Acme there is none"


@pytest.mark.parametrize("way", ["ar", "hu+ar", "fa"])
def test_words_that_grow_in_front_find_the_same(store: Store, way: str) -> None:
    both = Both(store, [a_mention(n, text=text) for n, text in enumerate(ARABIC)])
    for word in ARABIC:
        query = parse(f"{word}~{way}")
        assert both.by_database(query) == both.by_texts(query), word
    assert len(both.by_texts(parse("كتاب~ar"))) > 1
