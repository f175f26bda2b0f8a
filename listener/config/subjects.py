"""The subjects of a config file: their queries parsed, their handles folded, their names unique."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from listener.config import planned
from listener.config.arrays import place_of, tables_of
from listener.config.query_tests import read_tests
from listener.config.table import read_table
from listener.config.tables import SubjectKeys, SubjectTable
from listener.config.values import Reading
from listener.config.words import key_text, meant, quoted
from listener.domain.query import Query, parse
from listener.domain.query.stems import LANGUAGES
from listener.domain.subject import Subject, handle
from listener.errors import QueryError

LONGEST_NAME = 100
AROUND = 20  # characters shown before the place of a mistake in a query
WHERE = "[[subjects]]"
MISSING = "[[subjects]] is missing: name at least one brand"


def subjects(
    document: Mapping[str, Any], reading: Reading, services: Iterable[str], *, needed: bool
) -> tuple[SubjectTable, ...]:
    """All subjects without mistakes. `services`: the types there are, to catch a misspelt one."""
    written = tables_of(document.get("subjects", []), WHERE, reading)
    if document.get("subjects", []) == [] and needed:
        reading.mistake(MISSING)
    known = sorted({*services, *planned.COLLECTORS})
    read = [_subject(table, n, reading, known) for n, table in enumerate(written, 1)]
    _check_unique(written, reading)
    return tuple(table for table in read if table is not None)


def _subject(
    table: dict[str, Any], number: int, reading: Reading, known: list[str]
) -> SubjectTable | None:
    where = place_of(table, number, WHERE)
    keys = read_table(SubjectKeys, table, reading, where, checks={"inflect": _unknown_language})
    inflect = keys.inflect if keys is not None else ()
    query = _query(table.get("query"), inflect, where, reading)  # also where another key is wrong
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
        inflect=keys.inflect,
        about=keys.about,
        must_match=read_tests(keys.must_match, f"{where} must_match", reading),
        must_not_match=read_tests(keys.must_not_match, f"{where} must_not_match", reading),
    )


def _unknown_language(written: tuple[str, ...]) -> str | None:
    unknown = [language for language in written if language not in LANGUAGES]
    if not unknown:
        return None
    return f"{quoted(unknown[0])} is no language we can inflect; there is {', '.join(LANGUAGES)}"


def _query(text: Any, inflect: tuple[str, ...], where: str, reading: Reading) -> Query | None:
    """The query of a subject, or None where there is none, or one with a mistake."""
    if not isinstance(text, str) or text == "":
        return None
    try:
        return query_of(text, inflect)
    except QueryError as error:
        message = str(error).splitlines()[0] if str(error) else "cannot be read"
        reading.mistake(f"{where} query: {message}{spot(text, error.position)}")
        return None


def query_of(text: str, inflect: tuple[str, ...] = ()) -> Query:
    """The query of a subject. What is inflected is written out, so that whoever reads it later, in
    the database for one, reads the same. Raises QueryError.
    """
    query = parse(text, inflect)
    if query.known_later:
        names = " and ".join(f"{name}:" for name in sorted(query.known_later))
        raise QueryError(
            f"{names} cannot be asked here, for a mention is matched before it is"
            " labelled and measured; searches and filters can"
        )
    return Query(str(query.root), query.root) if inflect else query


def spot(text: str, position: int) -> str:
    """Where in a query a mistake is, for a message of one line."""
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
                f"{place_of(table, number, WHERE)} name is that of {WHERE} number {before} too;"
                " give each its own (capitals do not count)"
            )
