"""Arrays of tables: `[[topics]]`, `[[teams]]` and their like, each table with its place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from listener.config.table import read_table
from listener.config.values import Reading
from listener.config.words import key_text

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
    cls: type[One],
    written: Any,
    where: str,
    kind: str,
    reading: Reading,
    *,
    longest: int | None = None,
) -> Iterator[tuple[str, One, bool]]:
    """The tables that can be read, with their places, and whether each has a name of its own.

    Names differ by more than case. kind: what each is, for people; longest: characters of a name.
    """
    known: set[str] = set()
    for number, table in enumerate(tables_of(written, where, reading), 1):
        place = place_of(table, number, where)
        read = read_table(cls, table, reading, place)
        if read is None:
            continue
        name = read.name.strip()
        its_own = name.casefold() not in known
        if not name or not name.isprintable() or (longest and len(name) > longest):
            most = f" of at most {longest} characters" if longest else ""
            reading.mistake(f"{place} name must be one line{most}")
            its_own = False
        elif not its_own:
            reading.mistake(f"{place} name is that of another {kind} too; give each its own")
        known.add(name.casefold())
        yield place, replace(read, name=name), its_own
