"""The tests of the subjects' queries: texts that have to be found, and texts that must not be."""

from collections.abc import Iterator
from typing import Any

from listener.config.tables import Config, QueryTest, SubjectTable
from listener.config.values import Reading
from listener.config.words import key_text, quoted, suggestion, what_was_found
from listener.domain.query import Place, Query
from listener.domain.query.nearly import Nearby
from listener.domain.record import FIELDS, SYNONYMS
from listener.domain.sample import read_sample
from listener.domain.values import BadRecord
from listener.domain.wording import Wording, listed
from listener.errors import ConfigError

MOST_NAMED = 3  # terms of a text that was found


def read_tests(written: Any, where: str, reading: Reading) -> tuple[QueryTest, ...]:
    """The value of `must_match` or `must_not_match`; `where` names it. One may stand alone."""
    values = written if isinstance(written, list | tuple) else [written]
    read = [_test(value, f"{where}[{n}]", reading) for n, value in enumerate(values, 1)]
    return tuple(test for test in read if test is not None)


def _test(value: Any, where: str, reading: Reading) -> QueryTest | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        found = what_was_found(value)
        reading.mistake(f"{where} must be a text in quotes, or a table with one; found {found}")
        return None
    known = [*FIELDS, *SYNONYMS]
    unknown = [key for key in value if key not in known]
    for key in unknown:
        reading.mistake(f"{where} {key_text(key)} is unknown{suggestion(key, known)}")
    try:
        return None if unknown else read_sample(value).document
    except BadRecord as error:
        reading.mistake(f"{where} {error}")
        return None


def query_test_failures(config: Config) -> list[str]:
    """What `must_match` and `must_not_match` find wrong with the queries, a line each."""
    return [
        failure
        for table in config.subjects
        for failure in failures_of(table, f"{config.path.name}: ")
    ]


def check_queries(config: Config) -> None:
    """Raise ConfigError where a query fails a test: such settings are not taken up."""
    if failures := query_test_failures(config):
        raise ConfigError(failures)


def failures_of(table: SubjectTable, before: str = "") -> Iterator[Wording]:
    """What the tests of one subject find wrong with its query; `before` stands before each."""
    where = f"{before}[[subjects]] {key_text(table.subject.name)}"
    query = table.subject.query
    for test in table.must_match:
        if query is None:
            yield Wording(
                "%(where)s must_match: without a query nothing finds %(text)s",
                where=where,
                text=_named(test),
            )
        elif query.match(test) is None:
            yield _not_found(where, query, test)
    for test in table.must_not_match:
        if query is not None and query.match(test) is not None:
            yield _found(where, query, test)


def _named(test: QueryTest) -> str:
    return quoted(test if isinstance(test, str) else test.text or test.title)


def _not_found(where: str, query: Query, test: QueryTest) -> Wording:
    nearly, text = Nearby(query).why(test), _named(test)
    if nearly is None:
        return Wording(
            "%(where)s must_match: the query does not find %(text)s", where=where, text=text
        )
    return Wording(
        "%(where)s must_match: the query does not find %(text)s: %(why)s",
        where=where,
        text=text,
        why=nearly.why,
    )


def _found(where: str, query: Query, test: QueryTest) -> Wording:
    first: dict[str, Place] = {}
    for place in query.places(test):
        first.setdefault(place.term, place)
    named = [
        Wording("%(term)s at character %(at)s", term=quoted(term), at=place.start + 1)
        for term, place in first.items()
    ]
    told = {"where": where, "text": _named(test), "terms": listed(named[:MOST_NAMED])}
    if not named:
        return Wording("%(where)s must_not_match: the query finds %(text)s", **told)
    if len(named) <= MOST_NAMED:
        return Wording("%(where)s must_not_match: the query finds %(text)s by %(terms)s", **told)
    return Wording(
        "%(where)s must_not_match: the query finds %(text)s by %(terms)s and %(more)s more",
        more=len(named) - MOST_NAMED,
        **told,
    )
