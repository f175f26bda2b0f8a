"""The table of what queries find and do not find, and of what is refused, from docs/queries.md."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from listener.domain.query import parse
from listener.domain.query.document import Document
from listener.errors import QueryError
from tests.domain.query.slow import match as slow_match

TABLES = Path(__file__).parents[2] / "golden" / "queries"
SCRIPTS = {"en", "zh-hans", "zh-hant", "ja", "ko", "th", "hu", "tr", "fi", "ar", "hi", "ru"}


def table(name: str) -> list[dict[str, Any]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CASES = table("cases.jsonl")
REFUSED = table("refused.jsonl")


def document(case: dict[str, Any]) -> Document:
    known = dict(case.get("mention", {}))
    if "said_at" in known:
        known["said_at"] = datetime.fromisoformat(known["said_at"])
    for name in ("topics", "teams"):
        known[name] = tuple(known.get(name, ()))
    return Document(text=case["text"], title=case.get("title", ""), **known)


def shown(case: dict[str, Any]) -> str:
    return f"{case['query']} {'finds' if case['matches'] else 'leaves'} {case['text']}"


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_query_finds_what_the_page_says(case: dict[str, Any]) -> None:
    terms = parse(case["query"], broad=True).match(document(case))
    assert (terms is not None) == case["matches"], case["about"]
    if "terms" in case:
        assert list(terms or ()) == case["terms"]


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_the_slow_evaluator_reads_the_page_alike(case: dict[str, Any]) -> None:
    terms = slow_match(parse(case["query"], broad=True).root, document(case))
    assert (terms is not None) == case["matches"], case["about"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["query"])
def test_a_mistake_is_refused_at_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case["query"])
    place = case["position"]
    assert caught.value.position in (place if isinstance(place, list) else [place])
    assert str(caught.value).startswith("expected ")
    assert f" at character {caught.value.position + 1}" in str(caught.value)
    assert case["message"] in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_001,
        "acme " * 501,
        " ".join(f"acme{number}*" for number in range(51)),
        " ".join(f"acme{number}~1" for number in range(51)),
        "(" * 51 + "acme" + ")" * 51,
        "acme " + "NOT " * 51 + "delta",
    ],
    ids=["characters", "terms", "wildcards", "slips", "parentheses", "NOTs"],
)
def test_too_much_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match=r"at character \d"):
        parse(query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme" + " " * 9_996, "acme"),
        ("acme OR " * 499 + "delta", "delta"),
        (" OR ".join(f"acme{number}*" for number in range(50)), "acme49th"),
        (" OR ".join(f"acme{number}~1" for number in range(50)), "acne49"),
        ("(" * 50 + "acme" + ")" * 50, "acme"),
        ("acme " + "NOT " * 50 + "delta", "acme delta"),
        ("acme " * 490 + "NOT (pack:jobs OR pack:coupons OR pack:giveaways OR pack:bots)", "acme"),
    ],
    ids=["characters", "terms", "wildcards", "slips", "parentheses", "NOTs", "packs"],
)
def test_as_much_as_the_page_allows_is_read(query: str, text: str) -> None:
    assert parse(query).match(text) is not None


def test_plain_words_are_inflected_where_a_subject_asks_for_it() -> None:
    assert parse("csomag", inflect=("hu",)).match("a csomagom eltűnt") is not None
    assert parse("csomag").match("a csomagom eltűnt") is None


@pytest.mark.parametrize(
    "query", ['"csomag"', "@csomag", "#csomag", "csomag.hu", "`csomag`", "csomag~plain"]
)
def test_only_plain_words_are_inflected_for_a_subject(query: str) -> None:
    for text in ("a csomagom eltűnt", "@csomagom", "#csomagom", "csomagom.hu"):
        assert parse(query, inflect=("hu",)).match(text) is None


def test_a_wildcard_stays_one_for_a_subject_with_inflections() -> None:
    assert parse("csoma*", inflect=("hu",)).match("csomagolás") is not None


def test_a_query_that_only_excludes_is_refused_for_a_search_too() -> None:
    for query in ("NOT coyote", "acme OR NOT coyote"):
        with pytest.raises(QueryError, match="nearly everything"):
            parse(query, broad=True)


def test_the_table_is_as_wide_as_promised() -> None:
    assert len(CASES) >= 250
    assert len(REFUSED) >= 60
    assert {case["lang"] for case in CASES} >= SCRIPTS
    left = sum(not case["matches"] for case in CASES)
    assert left >= len(CASES) - left
