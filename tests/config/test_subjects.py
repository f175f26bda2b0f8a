"""Subjects in the config file: queries, accounts, names, and the tests of queries."""

import pytest

from listener.config import query_test_failures
from listener.domain.query import Document, parse
from listener.domain.subject import Role
from tests.config.plugins import mistakes, read


def subject(text: str) -> str:
    return f'[[subjects]]\nname = "Acme"\n{text}\n'


def one(text: str) -> str:
    (mistake,) = mistakes("", brand=text)
    return mistake.removeprefix("config.toml: ")


def test_a_subject_is_read_whole() -> None:
    text = subject(
        'role = "competitor"\nquery = "acme"\nabout = "an airline"\n'
        'accounts = { x = "@AcmeAir", reddit = ["acme_support", "acme"] }'
    )
    (table,) = read("", brand=text).subjects
    assert table.about == "an airline"
    assert table.subject.role is Role.COMPETITOR
    assert table.subject.query is not None
    assert table.subject.query.text == "acme"
    assert table.subject.accounts == {
        "x": frozenset({"acmeair"}),
        "reddit": frozenset({"acme_support", "acme"}),
    }


def test_a_brand_needs_no_more_than_a_name() -> None:
    config = read("", brand=subject(""))
    assert config.subjects[0].subject.role is Role.BRAND
    assert config.subjects[0].subject.query is None
    assert config.notes == (
        "config.toml: [[subjects]] Acme has neither query nor accounts: only mentions that name"
        " it count",
    )


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            subject("query = 'acme OR (delta'"),
            '[[subjects]] Acme query: expected ")" at character 15: the "(" at character 9 is not'
            ' closed (after "acme OR (delta")',
        ),
        (subject('rol = "brand"'), "[[subjects]] Acme rol is unknown; did you mean role?"),
        (subject('role = "brnd"'), '[[subjects]] Acme role "brnd" is unknown; did you mean brand?'),
        ("[[subjects]]\nquery = 'a'", "[[subjects]] 1 name is missing"),
        ("[[subjects]]\nname = 5", "[[subjects]] 1 name must be a text in quotes; found 5"),
        (
            '[[subjects]]\nname = " "\nquery = "a"',
            '[[subjects]] " " name must be one line of at most 100 characters',
        ),
        (
            '[[subjects]]\nname = "a\\nb"\nquery = "a"',
            '[[subjects]] "a\\nb" name must be one line of at most 100 characters',
        ),
        (
            subject('query = "a"') + '[[subjects]]\nname = "aCME "\nquery = "b"',
            '[[subjects]] "aCME " name is that of [[subjects]] number 1 too; give each its own'
            " (capitals do not count)",
        ),
        (
            subject('accounts = { x = ["@"] }'),
            "[[subjects]] Acme accounts.x holds an empty handle",
        ),
        (
            subject("query = 'acme topic:price -state:open'"),
            "[[subjects]] Acme query: state: and topic: cannot be asked here, for a mention is"
            " matched before it is labelled and measured; searches and filters can",
        ),
        (
            subject("query = 'acme'\nmust_match = [5]"),
            "[[subjects]] Acme must_match[1] must be a text in quotes, or a table with one; found"
            " 5",
        ),
        (
            subject("query = 'acme'\nmust_not_match = ['a', { txt = 'acme' }]"),
            "[[subjects]] Acme must_not_match[2] txt is unknown; did you mean text?",
        ),
        (
            subject("query = 'acme'\nmust_match = { text = 'acme', stars = 9 }"),
            "[[subjects]] Acme must_match[1] stars 9 is outside 0..5",
        ),
        (
            "[subjects]\nname = 'a'",
            "[[subjects]] must be tables, each headed [[subjects]] in double brackets",
        ),
    ],
)
def test_each_mistake_names_its_subject_and_key(text: str, mistake: str) -> None:
    assert one(text) == mistake


def test_a_misspelt_service_is_remarked_on() -> None:
    notes = read("", brand=subject('accounts = { redit = "acme" }')).notes
    assert notes == (
        "config.toml: [[subjects]] Acme accounts.redit: no service is called so; did you mean"
        " reddit?",
    )


def failures(text: str) -> list[str]:
    found = query_test_failures(read("", brand=subject(text)))
    return [line.removeprefix("config.toml: [[subjects]] Acme ") for line in found]


def test_queries_are_tested_by_what_they_must_and_must_not_match() -> None:
    found = failures(
        "query = 'acme NOT coyote'\nmust_match = ['Acme!', 'acne', 'Boreal']\n"
        "must_not_match = ['acme coyote', 'my acme']"
    )
    assert found == [
        'must_match: the query does not find "acne": "acne" is one slip from acme',
        'must_match: the query does not find "Boreal"',
        'must_not_match: the query finds "my acme" by "acme" at character 4',
    ]


def test_a_test_may_say_what_is_known_beside_the_words() -> None:
    query = "query = 'acme lang:hu (stars:1..2 OR is:verified)'\n"
    assert failures(f"{query}must_match = {{ text = 'acme', lang = 'hu', stars = 1 }}") == []
    found = failures(
        f"{query}must_match = [{{ text = 'acme', lang = 'hu', stars = 3 }}]\n"
        "must_not_match = ['acme', { text = 'acme', language = 'hu', verified = true }]"
    )
    assert found == [
        'must_match: the query does not find "acme": stars is 3, not 1..2, its author is not'
        " verified",
        'must_not_match: the query finds "acme" by "acme" at character 1',
    ]


def test_what_is_found_by_many_terms_names_some() -> None:
    found = failures("query = 'a OR b OR c OR d OR e'\nmust_not_match = 'e d c b a'")
    assert found == [
        'must_not_match: the query finds "e d c b a" by "e" at character 1, "d" at character 3,'
        ' "c" at character 5 and 2 more'
    ]


def test_without_a_query_nothing_is_found() -> None:
    assert failures("accounts = { x = 'acme' }\nmust_match = 'acme'\nmust_not_match = 'b'") == [
        'must_match: without a query nothing finds "acme"'
    ]


def test_inflected_forms_are_written_out_so_that_whoever_reads_the_query_reads_the_same() -> None:
    text = "query = 'repülő (késik OR \"törölt járat\") -`X` NOT pack:jobs lang:hu'\ninflect = "
    (table,) = read("", brand=subject(f"{text}'hu'")).subjects
    query = table.subject.query
    assert query is not None
    assert query.text == 'repülő~hu (késik~hu OR "törölt járat") NOT `X` NOT pack:jobs lang:hu'
    assert parse(query.text) == query
    assert query.match(Document(text="A repülővel: késik", language="hu")) is not None
    (both,) = read("", brand=subject(f"{text}['hu', 'tr']")).subjects
    assert "repülő~hu+tr" in (both.subject.query.text if both.subject.query else "")


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    mistake = one(subject("query = 'acme'\ninflect = ['hu', 'tlh']"))
    assert mistake.startswith('[[subjects]] Acme inflect "tlh" is no language we can inflect; ')
    assert " hu, " in mistake
