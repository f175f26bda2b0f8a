"""JSON Lines: one object for each notice, for other programs (DESIGN, section 8)."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from listener.domain.incident import Notice, notice_json
from listener.errors import NotifyError
from listener.notifiers.base import Digest, Receipt, Sending

# Python and some editors end a line at these too; a reader must not see half an object.
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Jsonl:
    """Appends to a file, or writes to a stream that was handed in.

    What only updates a message that lasts is no line. At least once: a crash between the write and
    its bookkeeping writes the line again. Digests are files of their own, written elsewhere.
    """

    path: Path | None = None
    name: str = field(default="jsonl", metadata={"handed": True})
    stream: TextIO | None = field(default=None, metadata={"handed": True})

    def __post_init__(self) -> None:
        if (self.path is None) == (self.stream is None):
            raise ValueError("path is missing: the file to write notices to")

    @property
    def hears_alerts(self) -> bool:
        return True

    @property
    def edits(self) -> bool:
        return False

    @property
    def calls(self) -> bool:
        return False

    @property
    def at_least_seconds_apart(self) -> float:
        return 0.0

    def send_incident(self, sending: Sending) -> Receipt:
        lines = "".join(as_line(notice) for notice in sending.news)
        try:
            self._write(lines)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            why = f"[notify.{self.name}] the file took no more: {reason}"
            raise NotifyError(why, unclear=True) from None
        return Receipt(place=str(self.path or self.name), ref=sending.notice.id)

    def send_digest(self, digest: Digest) -> Receipt:
        return Receipt(place=str(self.path or self.name), ref=digest.id)

    def check(self) -> str:
        """Open the file to append; it is made if it is not there."""
        if self.path is None:
            return "writes JSON lines"
        try:
            with self.path.open("ab"):
                return f"appends to {self.path}"
        except OSError as error:
            why = f"[notify.{self.name}] path: {self.path} cannot be written: {error.strerror}"
            raise NotifyError(why, permanent=True) from None

    def _write(self, lines: str) -> None:
        if self.stream is not None:
            self.stream.write(lines)
            self.stream.flush()
            return
        assert self.path is not None
        with self.path.open("a+b") as file:
            if _torn(file):
                lines = "\n" + lines
            file.write(lines.encode("utf-8", "backslashreplace"))


def as_line(notice: Notice) -> str:
    """One line, ended by \\n, that is one JSON object."""
    text = json.dumps(notice_json(notice), ensure_ascii=False)
    return text.translate(_LINE_ENDS) + "\n"


def _torn(file: BinaryIO) -> bool:
    """Whether the last line was cut short, by a crash or a full disk."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"
