"""The physical lines of a file, whatever its encoding."""

import codecs
from collections import deque
from collections.abc import Mapping, Sequence
from typing import IO, Any, Final, NamedTuple

LONGEST_LINE = 1_000_000  # bytes
LONGEST_SHOWN = 4_000  # characters of a rejected line that are kept
TOO_LONG: Final = f"the line is longer than {LONGEST_LINE:,} bytes"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Line(NamedTuple):
    """One row of a file, or the reason why it is none. Empty lines are passed over."""

    number: int  # of the line it begins on, from 1
    row: Mapping[str, Any] | None
    reason: str  # empty where there is a row
    raw: str  # as it stands in the file; where it was rejected, its first part
    end_offset: int  # in bytes, where the next line begins; in a .gz of what is packed
    end_number: int  # of the line it ends on


class Place(NamedTuple):
    offset: int
    number: int


class Piece(NamedTuple):
    """A physical line. `data` is None where it is too long to be held."""

    data: bytes | None
    end: int
    ended: bool  # by a line break


class Pieces:
    """The physical lines of a stream, whatever its encoding; some can be given back."""

    def __init__(self, stream: IO[bytes]) -> None:
        begin = stream.read(4)
        found = [(bom, name) for bom, name in _BOMS if begin.startswith(bom)]
        bom, self.encoding = found[0] if found else (b"", "utf-8")
        self._stream = stream
        self._first = len(bom)
        self._back: deque[Piece] = deque()
        self.go_to(0)

    def go_to(self, offset: int) -> None:
        self._end = max(offset, self._first)
        self._back.clear()
        self._stream.seek(self._end)

    def next(self) -> Piece | None:
        if self._back:
            return self._back.popleft()
        data, ended = self._line()
        kept, length = data, len(data)
        while data and not ended:  # it is too long, or the file ends, or it grows just now
            data, ended = self._line()
            length += len(data)
            kept = kept + data if length <= LONGEST_LINE else b""
        self._end += length
        if not length:
            return None
        return Piece(kept if length <= LONGEST_LINE else None, self._end, ended)

    def give_back(self, pieces: Sequence[Piece]) -> None:
        self._back.extendleft(reversed(pieces))

    def _line(self) -> tuple[bytes, bool]:
        """Up to the next line break; where two bytes make a letter, a break has two as well."""
        data = self._stream.readline(LONGEST_LINE + 1)
        if self.encoding == "utf-8":
            return data, data.endswith(b"\n")
        while data.endswith(b"\n") or len(data) % 2:
            if len(data) % 2 == 0 and self.encoding == "utf-16-be" and data[-2] == 0:
                return data, True
            more = self._stream.read(1) if len(data) % 2 else self._stream.readline(LONGEST_LINE)
            if not more:
                break
            data += more
            if len(data) % 2 == 0 and self.encoding == "utf-16-le" and data.endswith(b"\n\0"):
                return data, True
        return data, False


def decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252" if encoding == "utf-8" else encoding, "replace")
