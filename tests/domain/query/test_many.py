"""Many queries at once: each text gets the same answers as when each query is asked alone."""

import pytest

from listener.domain.query import Query, Reading, parse
from listener.domain.query.many import Many
from tests.domain.query.random_queries import random_queries
from tests.domain.query.test_cases import CASES, document

DOCUMENTS = [document(case) for case in CASES[::7]]


@pytest.mark.parametrize("seed", range(8))
def test_many_queries_are_answered_as_each_alone(seed: int) -> None:
    wanted = [parse(text, broad=True) for text in random_queries(DOCUMENTS, 150, seed)]
    many = Many(wanted)
    for one in DOCUMENTS:
        alone = [(n, terms) for n, q in enumerate(wanted) if (terms := q.match(one)) is not None]
        assert many.match(Reading.of(one)) == alone


@pytest.mark.parametrize("seed", range(8))
def test_few_queries_are_answered_as_each_alone(seed: int) -> None:
    wanted = [parse(text, broad=True) for text in random_queries(DOCUMENTS, 8, seed)]
    many = Many(wanted)
    for one in DOCUMENTS:
        alone = [(n, terms) for n, q in enumerate(wanted) if (terms := q.match(one)) is not None]
        assert many.match(Reading.of(one)) == alone


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme", "搭Acme航班"),
        ("航", "航"),
        ("空", "航空"),
        ("航空公司", "坐东方航空公司的飞机"),
        ("Acme航空", "搭acme航空的"),
        ("航空acme", "搭航空Acme的"),
        ("😡", "late😡😡"),
        ("C++", "we use c++17"),
        ("`C++`", "we use C++."),
        ("`C`", "as ℡C, or C㎏"),
        ("acmeair.com", "https://www.ACMEAIR.com/help"),
        ("हिन्दी", "यह हिन्दी है"),
        ("ล่าช้า", "เที่ยวบินล่าช้ามาก"),
        ("ACME* late", "acmeair is late"),
        ("*tronic", "an acmetronic thing"),
        ("*cme*", "an acmetronic thing"),
        ("@acme*", "thanks @acmeair"),
        ("acme~1", "acne is bad"),
        ("acme~1", "amce is bad"),
        ("acme~1", "acmee is bad"),
        ("acme~1", "ace? cme!"),
        ("keso~plain", "egy késő járat"),
        ("késő~plain", "keso"),
        ("快递~han", "快遞還沒到"),
        ("快遞~han", "快递还没到"),
        ("repülő~hu", "a repülővel jöttem"),
        ('"törölt járat"~hu', "a törölt járatról"),
        ("delay", "#AcmeAirDelay"),
        ("refund NEAR/3 denied", "denied me the refund"),
        ("is:question acme", "acme?"),
        ("a OR author:bob", "a b"),
    ],
)
@pytest.mark.parametrize("others", [2, 50])  # few are looked for otherwise than many
def test_every_kind_of_term_leads_to_its_query(query: str, text: str, others: int) -> None:
    strangers = [parse(f"stranger{number} OR 陌{number}") for number in range(others)]
    many = Many([*strangers, parse(query)])
    assert [number for number, _ in many.match(Reading(text))] == [others]


def test_a_query_of_fields_only_is_always_asked() -> None:
    many = Many([parse("author:bob"), parse("acme")])
    assert many.match(Reading("delta")) == []
    found = document({"text": "delta", "mention": {"author": "@Bob"}})
    assert many.match(Reading.of(found)) == [(0, ())]


def test_the_answers_come_in_the_order_of_the_queries() -> None:
    names = ["delta", "acme", "boreal", "acme delta"]
    many = Many([parse(name) for name in names])
    assert many.match(Reading("Boreal, acme and Delta")) == [
        (0, ("delta",)),
        (1, ("acme",)),
        (2, ("boreal",)),
        (3, ("acme", "delta")),
    ]


def test_no_queries_find_nothing() -> None:
    nothing: list[Query] = []
    assert Many(nothing).match(Reading("acme")) == []
