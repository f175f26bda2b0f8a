"""Lines of JSONL and CSV, plain or packed, from wherever reading stopped."""

import codecs
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, NoReturn, cast

from listener.files.exports import REJECTS
from listener.files.pieces import LONGEST_SHOWN, TOO_LONG, Line, Pieces, Place
from listener.files.tables import csv_lines

CSV_ENDINGS: Final = (".csv", ".tsv")
JSONL_ENDINGS: Final = (".jsonl", ".ndjson")

Row = tuple[dict[str, Any] | None, str]  # or the reason why there is none
Rows = Callable[[IO[bytes], Place, bool], Iterator[Line]]

DAMAGED: Final = "the packed file is damaged, or ends in the middle"
_ENDING = re.compile(r"(\.(jsonl|ndjson|json|csv|tsv))?(\.gz)?$", re.IGNORECASE)
_UNCLEAN = re.compile(r"[^\w.-]+")
UNPACKING: Final = (EOFError, zlib.error, gzip.BadGzipFile)  # what a damaged file raises


def read_lines(
    path: Path, *, offset: int = 0, number: int = 0, whole: bool = True
) -> Iterator[Line]:
    """Read JSONL or CSV from `offset`, `number` lines being before it.

    Give `end_offset` and `end_number` of a Line to go on after it. With `whole` False a last line
    that is not ended yet is left for later. What is wrong with a line is its reason and never an
    exception; only OSError is raised, where the file itself cannot be opened or read.
    """

    def rows(stream: IO[bytes], place: Place, whole: bool) -> Iterator[Line]:
        read = csv_lines if _is_csv(path, stream) else _jsonl_lines
        return read(stream, place, whole)

    with open_plain(path) as stream:
        yield from _read(rows, stream, Place(offset, number), whole)


def read_texts(path: Path) -> Iterator[Line]:
    """Read lines of plain text: each is a row with a `text`. Otherwise as `read_lines`."""
    with open_plain(path) as stream:
        yield from _read(_text_lines, stream, Place(0, 0), whole=True)


def _read(rows: Rows, stream: IO[bytes], place: Place, whole: bool) -> Iterator[Line]:
    try:
        for line in rows(stream, place, whole):
            place = Place(line.end_offset, line.end_number)
            yield line
    except UNPACKING:
        if whole:
            yield Line(place.number + 1, None, DAMAGED, "", place.offset, place.number)


def source_of(path: Path) -> str:
    """The name a file gives its mentions: its stem, without what cannot stand in SOURCE:ID."""
    return _UNCLEAN.sub("-", _ENDING.sub("", path.name)).strip("-.")[:100] or "file"


def is_mentions_file(path: Path) -> bool:
    """Whether a dropped file is for us: JSONL or CSV, complete, and none of our own rejects."""
    name = path.name.lower()
    if name.startswith(".") or name.endswith((REJECTS, ".part", ".tmp")):
        return False
    return name.removesuffix(".gz").endswith(CSV_ENDINGS + JSONL_ENDINGS)


def is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def open_plain(path: Path) -> IO[bytes]:
    """A file as bytes, unpacked where it is packed."""
    if is_packed(path):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _is_csv(path: Path, stream: IO[bytes]) -> bool:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(CSV_ENDINGS + JSONL_ENDINGS):
        return name.endswith(CSV_ENDINGS)
    begin = stream.read(1024)
    stream.seek(0)
    return not begin.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"["))


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no value that JSON knows")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _read_object(text: str) -> Row:
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return None, f"this is no JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return None, "the JSON is nested too deep"
    except ValueError as error:
        return None, str(error)
    if isinstance(value, dict):
        return value, ""
    return None, f"this is no JSON object but a {type(value).__name__}"


def _jsonl_lines(stream: IO[bytes], place: Place, whole: bool) -> Iterator[Line]:
    return _lines(_read_object, stream, place, whole)


def _text_lines(stream: IO[bytes], place: Place, whole: bool) -> Iterator[Line]:
    return _lines(lambda text: ({"text": text}, ""), stream, place, whole)


def _lines(
    read: Callable[[str], Row], stream: IO[bytes], place: Place, whole: bool
) -> Iterator[Line]:
    pieces = Pieces(stream)
    pieces.go_to(place.offset)
    number = place.number
    while (piece := pieces.next()) is not None:
        if not (piece.ended or whole):
            return
        number += 1
        if piece.data is not None and not piece.data.strip(b"\0 \t\r\n"):
            continue
        row, reason, text = _row(read, piece.data, pieces.encoding)
        raw = text if row is not None else text[:LONGEST_SHOWN]
        yield Line(number, row, reason, raw, piece.end, number)


def _row(
    read: Callable[[str], Row], data: bytes | None, encoding: str
) -> tuple[dict[str, Any] | None, str, str]:
    if data is None:
        return None, TOO_LONG, ""
    try:
        text = data.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        shown = data.decode(encoding, "replace").rstrip("\r\n")
        return None, f"this is not {encoding.upper()}: byte {error.start + 1}", shown
    row, reason = read(text)
    return row, reason, text
