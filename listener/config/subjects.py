"""The subjects of a config file: their queries parsed, their handles folded, their names unique."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from listener.config import planned
from listener.config.table import read_table
from listener.config.tables import Config, SubjectKeys, SubjectTable
from listener.config.values import Reading
from listener.config.words import key_text, meant, quoted
from listener.domain.query import Query, parse
from listener.domain.subject import Subject, handle
from listener.errors import QueryError

LONGEST_NAME = 100
AROUND = 20  # characters shown before the place of a mistake in a query
MISSING = "[[subjects]] is missing: name at least one brand"


def subjects(
    document: Mapping[str, Any], reading: Reading, services: Iterable[str], *, needed: bool
) -> tuple[SubjectTable, ...]:
    """All subjects without mistakes. `services`: the types there are, to catch a misspelt one."""
    written = document.get("subjects", [])
    if not isinstance(written, list) or not all(isinstance(table, dict) for table in written):
        reading.mistake("[[subjects]] must be tables, each headed [[subjects]] in double brackets")
        return ()
    if not written and needed:
        reading.mistake(MISSING)
    known = sorted({*services, *planned.COLLECTORS})
    read = [_subject(table, n, reading, known) for n, table in enumerate(written, 1)]
    _check_unique(written, reading)
    return tuple(table for table in read if table is not None)


def _subject(
    table: dict[str, Any], number: int, reading: Reading, known: list[str]
) -> SubjectTable | None:
    where = _where(table, number)
    keys = read_table(SubjectKeys, table, reading, where)
    query = _query(table.get("query"), where, reading)  # also where another key is wrong
    if keys is None:
        return None
    name = _clean(keys.name)
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        reading.mistake(f"{where} name must be one line of at most {LONGEST_NAME} characters")
        return None
    if query is None and not keys.accounts:
        reading.note(f"{where} has neither query nor accounts: only mentions that name it count")
    subject = Subject(
        name=name,
        role=keys.role,
        query=query,
        accounts=_accounts(keys.accounts, where, reading, known),
    )
    return SubjectTable(
        subject=subject,
        about=keys.about,
        must_match=keys.must_match,
        must_not_match=keys.must_not_match,
    )


def _where(table: dict[str, Any], number: int) -> str:
    name = table.get("name")
    return f"[[subjects]] {key_text(name) if isinstance(name, str) and name else number}"


def _query(text: Any, where: str, reading: Reading) -> Query | None:
    if not isinstance(text, str) or text == "":
        return None
    try:
        return parse(text)
    except QueryError as error:
        message = str(error).splitlines()[0] if str(error) else "cannot be read"
        reading.mistake(f"{where} query: {message}{_spot(text, error.position)}")
        return None


def _spot(text: str, position: int) -> str:
    before = text[max(0, position - AROUND) : position]
    return f" (after {quoted(before)})" if before.strip() else ""


def _accounts(
    written: Mapping[str, tuple[str, ...]], where: str, reading: Reading, known: list[str]
) -> dict[str, frozenset[str]]:
    for service, names in written.items():
        if not all(handle(name) for name in names):
            reading.mistake(f"{where} accounts.{key_text(service)} holds an empty handle")
        guess = None if service in known else meant(service, known)
        if guess is not None:
            reading.note(
                f"{where} accounts.{key_text(service)}: no service is called so; "
                f"did you mean {guess}?"
            )
    return {service: frozenset(map(handle, names)) for service, names in written.items()}


def _clean(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _check_unique(written: list[dict[str, Any]], reading: Reading) -> None:
    """Among all that are written, also those with mistakes. Capitals do not tell names apart."""
    first: dict[str, int] = {}
    for number, table in enumerate(written, 1):
        name = table.get("name")
        if not isinstance(name, str) or not _clean(name):
            continue
        before = first.setdefault(_clean(name).casefold(), number)
        if before != number:
            reading.mistake(
                f"{_where(table, number)} name is that of [[subjects]] number {before} too;"
                " give each its own (capitals do not count)"
            )


def query_test_failures(config: Config) -> list[str]:
    """What `must_match` and `must_not_match` find wrong with the queries, a line each."""
    return [failure for table in config.subjects for failure in _failures(table, config.path.name)]


def _failures(table: SubjectTable, file: str) -> Iterator[str]:
    where = f"{file}: [[subjects]] {key_text(table.subject.name)}"
    for text in table.must_match:
        if _terms(table, text) is None:
            yield f"{where} must_match: the query does not find {quoted(text)}"
    for text in table.must_not_match:
        terms = _terms(table, text)
        if terms is not None:
            why = f" by {', '.join(map(quoted, terms))}" if terms else ""
            yield f"{where} must_not_match: the query finds {quoted(text)}{why}"


def _terms(table: SubjectTable, text: str) -> tuple[str, ...] | None:
    query = table.subject.query
    return None if query is None else query.match(text)
