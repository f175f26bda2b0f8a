"""Changes to a config file: each is applied to its text, and to what TOML reads in it.

Only the table that is meant is taken out of the text, by tomlkit, and put back. Whatever else
stands in the file keeps its bytes. That both agree is looked at after each change.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, ClassVar, Final, Protocol

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, String

from listener.config.pieces import Piece, own_end, pieces
from listener.config.words import key_text
from listener.domain.wording import Wording
from listener.errors import UsageError

Value = str | bool | tuple[str, ...] | None  # None: the key goes
Values = Mapping[str, Value]


class Edit(Protocol):
    """A change; it raises UsageError where what it is about is not there."""

    @property
    def did(self) -> str:
        """What is done, in a word for the record."""

    @property
    def where(self) -> str:
        """What it is about, as the file names it: "[[subjects]] Acme"."""

    @property
    def values(self) -> Values: ...

    def in_text(self, text: str) -> str: ...

    def in_document(self, document: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Keys:
    """Other values for some keys of a table; one that is not there is added behind all others."""

    did: ClassVar[str] = "changed"
    path: tuple[str, ...]
    values: Values

    @property
    def where(self) -> str:
        return f"[{'.'.join(map(key_text, self.path))}]"

    def in_text(self, text: str) -> str:
        found = [one for one in pieces(text) if one.path == self.path and not one.is_listed]
        if found:
            return _with_values(text, found[0], self.values)
        return _added(text, len(text), self.where, self.values)

    def in_document(self, document: dict[str, Any]) -> None:
        table: Any = document
        for key in self.path:
            table = table.setdefault(key, {}) if isinstance(table, dict) else table
        if not isinstance(table, dict):
            raise UsageError(
                Wording(
                    "%(where)s is no table in this file; change it in the file itself, and reload"
                    " it.",
                    where=self.where,
                )
            )
        _set(table, self.values)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One table of an array, by its `name`."""

    array: str
    name: str

    @property
    def where(self) -> str:
        return f"[[{self.array}]] {key_text(self.name)}"


@dataclass(frozen=True, slots=True)
class Changed(_Listed):
    """Other values for some keys of a table of an array."""

    did: ClassVar[str] = "changed"
    values: Values

    def in_text(self, text: str) -> str:
        return _with_values(text, _listed(text, self.array, self.name)[0], self.values)

    def in_document(self, document: dict[str, Any]) -> None:
        table = _tables(document, self.array)[_number(document, self.array, self.name)]
        _set(table, self.values)


@dataclass(frozen=True, slots=True)
class Added(_Listed):
    """One more table of an array, behind the others."""

    did: ClassVar[str] = "added"
    values: Values  # beside the name

    def in_text(self, text: str) -> str:
        there = [one for one in pieces(text) if one.path[:1] == (self.array,)]
        at = own_end(text, there[-1]) if there else len(text)
        return _added(text, at, f"[[{self.array}]]", {"name": self.name, **self.values})

    def in_document(self, document: dict[str, Any]) -> None:
        table: dict[str, Any] = {}
        _set(table, {"name": self.name, **self.values})
        document.setdefault(self.array, []).append(table)


@dataclass(frozen=True, slots=True)
class Removed(_Listed):
    """A table of an array goes, with the tables below it and the comments in it."""

    did: ClassVar[str] = "removed"
    values: ClassVar[Values] = {}

    def in_text(self, text: str) -> str:
        for piece in reversed(_listed(text, self.array, self.name)):
            text = _without(text, piece.start, own_end(text, piece))
        return text

    def in_document(self, document: dict[str, Any]) -> None:
        number = _number(document, self.array, self.name)
        del document[self.array][number]
        if not document[self.array]:
            del document[self.array]


def told(edit: Edit) -> str:
    """The values that a change gives, on one line, for the record."""
    return "; ".join(f"{key} = {_plain(value)}" for key, value in edit.values.items())


def _plain(value: Value) -> str:
    if value is None:
        return "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def edited(text: str, edit: Edit) -> str:
    """The text with a change. Raises UsageError where it cannot be changed so, and why.

    text: what tomllib can read, with line breaks of one kind.
    """
    expected = tomllib.loads(text)
    edit.in_document(expected)
    try:
        after = edit.in_text(text)
        is_right = tomllib.loads(after) == expected
    except (TOMLKitError, tomllib.TOMLDecodeError, ValueError):
        is_right = False
    if not is_right:
        raise UsageError(
            Wording(
                "%(where)s is written in a way that pages cannot change; change it in the file"
                " itself, and reload it.",
                where=edit.where,
            )
        )
    return after


def _tables(document: Mapping[str, Any], array: str) -> list[dict[str, Any]]:
    written = document.get(array, [])
    tables = written if isinstance(written, list) else []
    return [one if isinstance(one, dict) else {} for one in tables]


def _number(document: Mapping[str, Any], array: str, name: str) -> int:
    """Which of the tables of an array has a name, counted from 0."""
    for number, table in enumerate(_tables(document, array)):
        if table.get("name") == name:
            return number
    where = f"[[{array}]] {key_text(name)}"
    raise UsageError(Wording("%(where)s is not in the file (any more).", where=where))


def _listed(text: str, array: str, name: str) -> list[Piece]:
    """The pieces of a table of an array: its own first, then those of the tables below it."""
    number = _number(tomllib.loads(text), array, name)
    seen, found = -1, []
    for piece in pieces(text):
        if piece.path[:1] != (array,):
            continue
        seen += len(piece.path) == 1
        if seen == number:
            found.append(piece)
    if not found:  # a list in one line
        where = f"[[{array}]]"
        raise UsageError(
            Wording(
                "%(where)s is written as a list of its own kind here; change it in the file"
                " itself, and reload it.",
                where=where,
            )
        )
    return found


def _set(table: dict[str, Any], values: Values) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif key not in table or not is_same(table[key], value):
            table[key] = list(value) if isinstance(value, tuple) else value


def is_same(old: Any, value: Value) -> bool:
    """Whether a value of the file says this; a list of one may stand there as it is."""
    if isinstance(value, tuple):
        return list(value) == ([old] if isinstance(old, str) else old)
    return isinstance(old, type(value)) and bool(old == value)


def _with_values(text: str, piece: Piece, values: Values) -> str:
    body = text[piece.body : piece.end]
    document = tomlkit.parse(body)
    for key, value in values.items():
        if value is None:
            document.pop(key, None)
        elif key not in document:
            document[key] = _written(value)
        elif not is_same(document[key], value):
            document[key] = _in_place_of(document[key], value)
    after = tomlkit.dumps(document)
    if after and not after.endswith("\n") and text[piece.end :]:
        after += "\n"
    gap = "\n" if after and piece.body and text[piece.body - 1] != "\n" else ""
    return f"{text[: piece.body]}{gap}{after}{text[piece.end :]}"


def _in_place_of(old: Any, value: str | bool | tuple[str, ...]) -> Any:
    """A value, written as the old one was; of a list only what differs is touched."""
    if not isinstance(value, tuple) or not isinstance(old, Array):
        return _written(value, old)
    steps = SequenceMatcher(None, list(old.unwrap()), list(value), autojunk=False).get_opcodes()
    for _, start, end, first, last in reversed(steps):
        if list(old.unwrap())[start:end] == list(value[first:last]):
            continue
        for at in range(end - 1, start - 1, -1):
            del old[at]
        for at, one in enumerate(value[first:last], start):
            old.insert(at, _written(one))
    return old if old.unwrap() == list(value) else _written(value)


def _written(value: str | bool | tuple[str, ...], old: Any = None) -> Any:
    if isinstance(value, tuple):
        array = tomlkit.array()
        array.extend(_written(one) for one in value)
        return array.multiline(_is_long(value))
    return _text(value, old) if isinstance(value, str) else value


def _is_long(texts: Sequence[str]) -> bool:
    return sum(map(len, texts)) > MOST_ON_A_LINE


MOST_ON_A_LINE: Final = 70


def _text(value: str, old: Any) -> String:
    """In the quotes that need no backslash, or in those that stood there."""
    plain = all(char.isprintable() or char in "\n\t" for char in value)
    was_literal = isinstance(old, String) and old.as_string().startswith("'")
    wants_literal = was_literal or '"' in value or "\\" in value
    literal = plain and wants_literal and "'" not in value
    return tomlkit.string(value, literal=literal, multiline=plain and "\n" in value)


def _added(text: str, at: int, header: str, values: Values) -> str:
    """A new table at a place where one may begin, with a blank line around it."""
    document = tomlkit.document()
    for key, value in values.items():
        if value is not None:
            document[key] = _written(value)
    before = text[:at]
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    if before.endswith("\n\n"):
        gap = ""
    after = text[at:]
    end = "\n" if after and not after.startswith("\n") else ""
    return f"{before}{gap}{header}\n{tomlkit.dumps(document)}{end}{after}"


def _without(text: str, start: int, end: int) -> str:
    """A text without a part of it, and without the blank line that would be left twice."""
    before, after = text[:start], text[end:]
    if (not before or before.endswith("\n\n")) and after.startswith("\n"):
        after = after[1:]
    return before + after
