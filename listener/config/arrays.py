"""Arrays of tables: `[[topics]]`, `[[teams]]` and their like, each table with its place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, TypeVar

from listener.config.table import read_table
from listener.config.values import Reading
from listener.config.words import key_text

LONGEST_NAME: Final = 60


One = TypeVar("One", bound=Any)  # a dataclass that has a name


def tables_of(written: Any, where: str, reading: Reading) -> list[dict[str, Any]]:
    """The tables of an array as it is written, or a mistake and none. where: "[[topics]]"."""
    if isinstance(written, list) and all(isinstance(table, dict) for table in written):
        return written
    reading.mistake(f"{where} must be tables, each headed {where} in double brackets")
    return []


def place_of(table: dict[str, Any], number: int, where: str) -> str:
    """How mistakes name a table: by its name, else by its number."""
    name = table.get("name")
    return f"{where} {key_text(name) if isinstance(name, str) and name else number}"


def named(
    cls: type[One], written: Any, where: str, kind: str, reading: Reading
) -> Iterator[tuple[str, One]]:
    """The tables without mistakes, with their places; each has a name of its own, whatever case.

    kind: what each is, for people.
    """
    known: set[str] = set()
    for number, table in enumerate(tables_of(written, where, reading), 1):
        place = place_of(table, number, where)
        read = read_table(cls, table, reading, place)
        if read is None:
            continue
        name = read.name.strip()
        if not name or not name.isprintable() or len(name) > LONGEST_NAME:
            reading.mistake(f"{place} name must be one line of at most {LONGEST_NAME} characters")
        elif name.casefold() in known:
            reading.mistake(f"{place} name is that of another {kind} too; give each its own")
        else:
            known.add(name.casefold())
            yield place, replace(read, name=name)
