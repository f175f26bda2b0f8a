"""Queries as services are asked for them, in two made-up languages of search."""

from dataclasses import replace

import pytest

from listener.domain.query import Field, Phrase, Word, parse
from listener.domain.query.asked import as_written, forms_of
from listener.domain.query.dialect import AskedField, Dialect, plain_text, quoted
from listener.domain.query.nodes import Exact, Term
from listener.domain.query.translation import Translation, translate


def a_field(one: Field, excluded: bool) -> AskedField:
    match one.name:
        case "author":
            return AskedField((f"by={one.value}",), alone=True)
        case "lang":
            return AskedField((f"in={one.value}",), broader="is a guess")
        case "kind":
            return AskedField(never=one.value == "review")
        case _:
            return AskedField()


RICH = Dialect(service="Rich", write=quoted, field=a_field, longest=60)
POOR = replace(RICH, service="Poor", either=None)
POOREST = replace(POOR, service="Poorest", both=None)


def asked(query: str, dialect: Dialect, source: str = "") -> Translation:
    return translate(parse(query), dialect, source)


@pytest.mark.parametrize(
    ("query", "rich", "poor", "poorest"),
    [
        ("a b", ['"a" "b"'], ['"a" "b"'], ['"a"']),
        ("a OR b", ['("a" OR "b")'], ['"a"', '"b"'], ['"a"', '"b"']),
        ("(a OR b) c", ['("a" OR "b") "c"'], ['"c"'], ['"c"']),
        ("(a OR b) (c OR d)", ['("a" OR "b") ("c" OR "d")'], ['"a"', '"b"'], ['"a"', '"b"']),
        ("a lang:hu", ['"a" in=hu'], ['"a" in=hu'], ['"a"']),
        ("a lang:(hu OR de)", ['"a" (in=hu OR in=de)'], ['"a"'], ['"a"']),
        ("author:bob", ["by=bob"], ["by=bob"], ["by=bob"]),
        ("a a", ['"a"'], ['"a"'], ['"a"']),
        ("a kind:review OR b", ['"b"'], ['"b"'], ['"b"']),
        ("NOT (b OR kind:review) a", ['"a"'], ['"a"'], ['"a"']),
        ("NOT (NOT a)", ['"a"'], ['"a"'], ['"a"']),
    ],
)
def test_as_few_searches_as_find_all(
    query: str, rich: list[str], poor: list[str], poorest: list[str]
) -> None:
    dialects = (RICH, POOR, POOREST)
    assert [list(asked(query, one).searches) for one in dialects] == [rich, poor, poorest]


def test_what_is_left_for_one_reason_is_told_in_one_sentence() -> None:
    made = asked("a -b -c stars:1 likes:2 lang:hu", RICH)
    assert made.broader == (
        "NOT b, NOT c are sorted out here: a NOT could leave out more there",
        "stars:1, likes:2 are sorted out here: Rich cannot be asked for it",
        "lang:hu: is a guess",
    )


def test_of_what_does_not_fit_the_group_is_split_that_keeps_the_others() -> None:
    words = " OR ".join(f"word{n}" for n in range(9))
    made = asked(f"({words}) late", RICH)
    assert len(made.searches) == 3
    assert all(one.endswith(' "late"') and len(one) <= 60 for one in made.searches)
    assert made.broader == ()
    both = asked(f"({words}) ({words.replace('word', 'verb')} OR verb)", RICH)
    assert all("word" in one and "verb" not in one for one in both.searches)
    assert both.broader[0].endswith("is sorted out here: 60 characters were full")


def test_what_cannot_be_complete_is_as_much_as_can_be_asked_for() -> None:
    made = asked("(wor?d OR late) OR acme*", RICH)
    assert made.searches == ('("late" OR "acme")',)
    assert made.missed == (
        "wor?d is not asked for: Rich has no wildcards",
        "of acme* only acme is found at Rich",
    )
    assert asked("wor?d OR ++", RICH).impossible == (
        "wor?d OR ++ cannot be asked for: Rich has no wildcards; Rich sees no word in it"
    )


def test_what_is_asked_as_written_hides_as_little_as_it_can() -> None:
    made = asked("acme~hu (late OR lost)~hu stars:1", RICH)
    assert made.searches == ('"acme"',)
    assert made.missed == ("of acme~hu only acme is found at Rich",)


@pytest.mark.parametrize("dialect", [RICH, POOR, POOREST])
@pytest.mark.parametrize("excluded", ["(b NOT c)", "(b NOT (coy* OR d))", "pack:jobs"])
def test_what_an_exclusion_spares_is_not_what_is_asked_for(dialect: Dialect, excluded: str) -> None:
    made = asked(f"járatok~hu NOT {excluded}", dialect)
    assert made.searches == ('"járatok"',)
    assert made.missed == (f"of járatok~hu only járatok is found at {dialect.service}",)


def test_a_source_is_known_by_its_name() -> None:
    assert asked("a source:news OR b source:Here", RICH, "here").searches == ('"b"',)
    assert (
        asked("a -source:here", RICH, "Here").impossible
        == "NOT source:here holds for nothing at Rich"
    )
    assert asked("a source:news", RICH).searches == ('"a"',)


@pytest.mark.parametrize(
    ("term", "forms", "why"),
    [
        (Word("acme"), ("acme",), ""),
        (Exact("C++"), ("C++",), ""),
        (Phrase("a*b"), ("a*b",), ""),
        (Word("acme*"), (), "has no wildcards"),
        (Word("acme", "1"), (), "forgives no slips"),
        (Word("repülő", "hu"), (), "knows no inflected forms"),
        (Word("késő", "plain"), (), "minds accents"),
        (Phrase("快递", "han"), ("快递", "快遞"), ""),
    ],
)
def test_a_term_has_forms(term: Term, forms: tuple[str, ...], why: str) -> None:
    assert forms_of(term, knows_accents=True) == (forms, why)


def test_without_accents_one_form_is_enough() -> None:
    assert forms_of(Word("Késő", "plain"), knows_accents=False) == (("keso",), "")


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (Word("acme*"), "acme"),
        (Word("*tronic"), "tronic"),
        (Word("@acme*"), "@acme"),
        (Word("colo?r"), ""),
        (Word("acme", "hu"), "acme"),
        (Phrase("a*b"), "a*b"),
    ],
)
def test_as_written_a_term_is_always_found(term: Term, written: str) -> None:
    assert as_written(term) == written


def test_nothing_in_a_term_ends_its_quotes() -> None:
    assert plain_text('say "a" \\ b™\n ＡＣＭＥ') == "say a b ACME"
