"""Queries made to hurt are refused at a place, or answered as the slow evaluator answers."""

import pytest

from listener.domain.query import Query, parse
from listener.domain.query.document import Document
from listener.errors import QueryError
from tests.domain.query.hostile import MAKERS, hostile, slow_texts
from tests.domain.query.slow import match as slow_match

TEXTS = [
    "",
    "acme air delay",
    "Acme Air: a delay! aa aaa #AcmeAir @acme C++",
    "搭Acme航空的航班 递發机, ล่าช้า 항공",
    'késő késő1 "%s" <script> 1=1 DROP TABLE mention _ % * ? ~',
]
SAMPLE = list(hostile(4 * len(MAKERS), seed=1))


def read(query: str) -> Query | QueryError:
    try:
        return parse(query, broad=True)
    except QueryError as error:
        return error


@pytest.mark.parametrize("query", SAMPLE, ids=range(len(SAMPLE)))
def test_a_hostile_query_is_refused_at_a_place_or_answered_rightly(query: str) -> None:
    found = read(query)
    if isinstance(found, QueryError):
        assert 0 <= found.position <= len(query)
        assert f" at character {found.position + 1}" in str(found)
        return
    for text in TEXTS:
        assert found.match(text) == slow_match(found.root, Document(text=text))


def test_what_hurts_can_be_asked_again() -> None:
    assert list(hostile(50, seed=3)) == list(hostile(50, seed=3))
    assert list(hostile(50, seed=3)) != list(hostile(50, seed=4))


def test_many_hostile_queries_are_refused_and_many_are_read() -> None:
    refused = sum(isinstance(read(query), QueryError) for query in SAMPLE)
    assert len(SAMPLE) // 10 < refused < len(SAMPLE) * 9 // 10


def test_a_slow_text_is_answered_too() -> None:
    query = parse('acme OR "a a" OR *aaa* OR aaaa~1 OR a NEAR/3 b OR 航空 OR késő~plain')
    found = [query.match(text) for text in slow_texts(2_000)]
    assert len([terms for terms in found if terms is not None]) > 5
