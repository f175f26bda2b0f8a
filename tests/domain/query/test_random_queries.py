"""Random queries over invented texts: the fast evaluator and the slow one agree on each."""

import pytest

from listener.domain.query import parse
from listener.domain.query.document import Document
from tests.domain.query.random_queries import random_queries
from tests.domain.query.slow import match as slow_match
from tests.domain.query.test_cases import CASES, document

DOCUMENTS = [document(case) for case in CASES[::12]] + [
    Document(
        text="Flew with Acme Air again: the delay was two hours, and nobody said a word about it.",
        language="en",
        stars=2,
        followers=40,
        author="@anna_travels",
    ),
    Document(
        text="RT @bob_flies: my bag is lost!!! 😡 #AcmeAirFail https://acme.example/help",
        channel="social",
        kind="post",
        source="x",
        verified=True,
    ),
    Document(
        text="A törölt járatról senki sem szólt, a csomagjaink pedig még mindig Bécsben vannak.",
        language="hu",
        sentiment="negative",
        topics=("baggage", "delay"),
    ),
    Document(
        text="东方航空的航班又延误了三个小时，行李也没到，客服电话一直打不通！", language="zh-Hans"
    ),
    Document(
        text="飛行機が二時間も遅延して、Acme航空のスタッフは何も言わなかった。", language="ja"
    ),
    Document(text="เที่ยวบินล่าช้าสองชั่วโมง ไม่มีใครบอกอะไรเลย Acme Air แย่มาก", language="th"),
    Document(text="Uçağımız iki saat rötar yaptı, bagajlarımız hâlâ İstanbul'da.", language="tr"),
]
QUERIES = list(random_queries(DOCUMENTS, 300, seed=11))


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_random_query_is_answered_as_the_slow_evaluator_answers(query: str) -> None:
    read = parse(query, broad=True)
    for doc in DOCUMENTS:
        assert read.match(doc) == slow_match(read.root, doc), doc


def test_most_random_queries_match_something() -> None:
    some = [parse(query, broad=True) for query in QUERIES[:100]]
    matching = sum(any(query.match(doc) is not None for doc in DOCUMENTS) for query in some)
    assert matching > len(some) // 2


def test_the_same_seed_makes_the_same_queries() -> None:
    assert list(random_queries(DOCUMENTS, 20, seed=11)) == QUERIES[:20]
    assert list(random_queries(DOCUMENTS, 20, seed=12)) != QUERIES[:20]
