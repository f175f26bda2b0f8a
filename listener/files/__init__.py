"""Files of mentions on disk: lines of JSONL and CSV in, exports and rejected lines out."""

from listener.files.exports import (
    REJECTS,
    RejectFile,
    json_line,
    write_csv,
    write_jsonl,
)
from listener.files.lines import (
    DAMAGED,
    UNPACKING,
    is_mentions_file,
    is_packed,
    open_plain,
    read_lines,
    read_texts,
    source_of,
)
from listener.files.pieces import LONGEST_LINE, LONGEST_SHOWN, Line

__all__ = [
    "DAMAGED",
    "LONGEST_LINE",
    "LONGEST_SHOWN",
    "REJECTS",
    "UNPACKING",
    "Line",
    "RejectFile",
    "is_mentions_file",
    "is_packed",
    "json_line",
    "open_plain",
    "read_lines",
    "read_texts",
    "source_of",
    "write_csv",
    "write_jsonl",
]
