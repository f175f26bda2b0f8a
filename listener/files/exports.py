"""What we write: exports, and the lines of a file that could not be read."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TextIO

from listener.files.pieces import LONGEST_SHOWN

REJECTS: Final = ".rejects.jsonl"
FORMULA_STARTS: Final = tuple("=+-@\t\r\n\0＝＋－＠")


class RejectFile:
    """The lines of FILE that could not be read, in FILE.rejects.jsonl, each of them once.

    A line that a crash left half-written is cut off; what stands there is not written again.
    """

    def __init__(self, beside: Path) -> None:
        self.path = beside.with_name(beside.name + REJECTS)
        self._written: set[bytes] | None = None

    def add(self, rejects: Iterable[tuple[int, str, str]]) -> int:
        """Add (line, reason, content), and say how many were new. Raises OSError."""
        if self._written is None:
            self._written = self._read()
        new: list[bytes] = []
        for line, reason, content in rejects:
            text = json_line({"line": line, "reason": reason, "content": content[:LONGEST_SHOWN]})
            digest = sha256(text.encode()).digest()[:16]
            if digest not in self._written:
                self._written.add(digest)
                new.append(text.encode() + b"\n")
        if new:
            with self.path.open("ab") as stream:
                stream.write(b"".join(new))
        return len(new)

    def _read(self) -> set[bytes]:
        written: set[bytes] = set()
        if not self.path.exists():
            return written
        end = 0
        with self.path.open("r+b") as stream:
            for line in stream:
                if line.endswith(b"\n"):
                    written.add(sha256(line[:-1]).digest()[:16])
                    end += len(line)
            stream.truncate(end)
        return written


def json_line(row: Mapping[str, Any]) -> str:
    """One object on one line; every letter as itself where UTF-8 can hold it."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        text = json.dumps(row, allow_nan=False)
    return text


def write_jsonl(stream: TextIO, rows: Iterable[Mapping[str, Any]]) -> None:
    """The export without loss."""
    for row in rows:
        stream.write(json_line(row) + "\n")


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """The export for spreadsheets: all cells quoted, and none of them a formula."""
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text.encode("utf-8", "replace").decode()
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
