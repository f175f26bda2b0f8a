"""Subjects in the config file: queries, accounts, names, and the tests of queries."""

import pytest

from listener.config import query_test_failures
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


def test_queries_are_tested_by_what_they_must_and_must_not_match() -> None:
    config = read(
        "",
        brand=subject(
            "query = 'acme NOT coyote'\nmust_match = ['Acme!', 'acne']\n"
            "must_not_match = ['acme coyote', 'my acme']"
        ),
    )
    assert query_test_failures(config) == [
        'config.toml: [[subjects]] Acme must_match: the query does not find "acne"',
        'config.toml: [[subjects]] Acme must_not_match: the query finds "my acme" by "acme"',
    ]
