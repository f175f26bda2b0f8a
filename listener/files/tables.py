"""CSV: its form read from the first line, then its rows; a broken one costs one line only."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final, NamedTuple

from listener.files.pieces import (
    LONGEST_LINE,
    LONGEST_SHOWN,
    TOO_LONG,
    Line,
    Pieces,
    Place,
    decoded,
)

MOST_LINES = 500  # of one record: a quote that is never closed must not swallow the file
NOT_CLOSED: Final = "a quote is opened here and never closed"
_DELIMITERS: Final = ",;\t|"
_SEPARATOR_LINE = re.compile(r"sep=([,;|\t])\s*$", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class _Table:
    """The form of one CSV file, read from its first line."""

    columns: tuple[str, ...]  # "" where the first line names none
    delimiter: str
    encoding: str

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        return {name: cell for name, cell in zip(self.columns, cells, strict=False) if name}

    def why_not(self, cells: Sequence[str]) -> str:
        """Why these cells are no row, or "" where they are one."""
        width = len(self.columns)
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            return ""
        return f"the line has {_columns(len(cells))}, the first line has {width}"


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


class _Cells(NamedTuple):
    """A CSV record, over one physical line or several."""

    cells: Sequence[str]
    reason: str
    raw: str
    end: int
    lines: int


def csv_lines(stream: IO[bytes], place: Place, whole: bool) -> Iterator[Line]:
    """The rows below the first line. Whatever is wrong with a record costs its first line only:
    reading goes on with the line after it."""
    pieces = Pieces(stream)
    found = _read_table(pieces, whole)
    if found is None:
        return
    table, header, number = found
    reason = _why_no_table(table, header)
    if reason:
        if place.offset < header.end:
            yield Line(number, None, reason, header.raw[:LONGEST_SHOWN], header.end, number)
        return
    if place.offset > header.end:
        pieces.go_to(place.offset)
        number = place.number
    while (record := _read_cells(pieces, table, whole)) is not None:
        begin, number = number + 1, number + record.lines
        if record.reason:
            raw = record.raw.rstrip("\r\n")[:LONGEST_SHOWN]
            yield Line(begin, None, record.reason, raw, record.end, number)
        elif any(record.cells):
            yield Line(begin, table.row(record.cells), "", record.raw, record.end, number)


def _read_table(pieces: Pieces, whole: bool) -> tuple[_Table, _Cells, int] | None:
    """The form of a file, its first line, and how many lines that took; None while it is not
    all there."""
    before = 0
    piece = pieces.next()
    separator = (
        _SEPARATOR_LINE.match(decoded(piece.data or b"", pieces.encoding)) if piece else None
    )
    if separator:  # Excel's own way to tell
        before = 1
        piece = pieces.next()
    if piece is None:
        return None
    pieces.give_back([piece])
    delimiter = (
        separator[1] if separator else _delimiter(decoded(piece.data or b"", pieces.encoding))
    )
    header = _read_cells(pieces, _Table((), delimiter, pieces.encoding), whole)
    if header is None:
        return None
    columns = tuple(name.strip() for name in header.cells)
    return _Table(columns, delimiter, pieces.encoding), header, before + header.lines


def _why_no_table(table: _Table, header: _Cells) -> str:
    if header.reason:
        return f"the first line must name the columns: {header.reason}"
    names = [name for name in table.columns if name]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        return f"two columns are called {twice[0][:60]!r}; rename one of them"
    return "" if names else "the first line must name the columns: it is empty"


def _delimiter(line: str) -> str:
    bare = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=bare.count)  # of none, the first: the comma


def _read_cells(pieces: Pieces, table: _Table, whole: bool) -> _Cells | None:
    """The next record; None at the end, and where the last one is not all there yet."""
    first = pieces.next()
    if first is None or not (first.ended or whole):
        return None
    if first.data is None:
        return _Cells((), TOO_LONG, "", first.end, 1)
    texts = [decoded(first.data, table.encoding)]
    taken = [first]
    cells, reason = _parse(texts[0], table.delimiter)
    while reason == NOT_CLOSED and len(taken) < MOST_LINES:
        piece = pieces.next()
        if not whole and (piece is None or not piece.ended):
            return None
        if piece is None or piece.data is None or piece.end - first.end > LONGEST_LINE:
            pieces.give_back([piece] if piece else [])
            break
        taken.append(piece)
        texts.append(decoded(piece.data, table.encoding))
        if texts[-1].count('"') % 2:
            cells, reason = _parse("".join(texts), table.delimiter)
    reason = reason or (table.why_not(cells) if table.columns and any(cells) else "")
    if reason and len(taken) > 1:
        pieces.give_back(taken[1:])
        return _Cells((), NOT_CLOSED, texts[0], first.end, 1)
    return _Cells(cells, reason, "".join(texts), taken[-1].end, len(taken))


def _parse(text: str, delimiter: str) -> tuple[Sequence[str], str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True)), ""
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            return (), NOT_CLOSED
        return (), f"this is no CSV: {error}"
