"""A directory where files of mentions are dropped: JSONL and CSV, new ones and growing ones."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Mention, Reject, Response
from listener.domain.record import FIELDS, BadRecord, read_record
from listener.errors import CollectorError, Trouble
from listener.files import LONGEST_SHOWN, Line, RejectFile, is_mentions_file, is_packed, read_lines

PAGE_LINES = 500
PAGE_BYTES = 8_000_000  # lines may be long, and a page is held in memory
SETTLED = timedelta(minutes=1)  # a last line without a line break is then held to be complete
HEAD_BYTES, TAIL_BYTES = 1024, 256

log = logging.getLogger(__name__)


class Mark(NamedTuple):
    """How far a file was read, and how to know it again."""

    offset: int = 0
    number: int = 0  # of lines before the offset
    size: int = 0
    changed_ns: int = 0
    printed: int = 0  # the bytes `print` is of
    print: str = ""  # a hash of the first and the last bytes of what was read
    settled: bool = False  # nothing is left to read until the file changes


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Reads what is dropped into `path`, in the order of the names, each line once.

    A file may grow, or be replaced under its name; it is known by what was read of it, not by its
    place on the disk. Nothing is moved or deleted. What a line names itself (source, channel, id)
    counts; else it has this source's name, `channel` and a hash. There is never a gap: what was
    not read yet is still there.
    """

    path: Path
    every: timedelta = timedelta(seconds=10)
    channel: Channel = Channel.SOCIAL
    timezone: str = "UTC"  # of times without one
    fields: Mapping[str, str] = field(default_factory=dict)  # a field of ours -> the column
    name: str = field(metadata={"handed": True})

    @property
    def service(self) -> str:
        return "folder"

    @cached_property
    def _open(self) -> dict[tuple[str, Mark], Iterator[Line]]:
        """The file a page ended in, so that a packed one is not unpacked again for every page."""
        return {}

    @cached_property
    def _keepers(self) -> dict[str, RejectFile]:
        return {}

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """The next lines, at most a page of them, of one file or of several."""
        before = {name: Mark(*mark) for name, mark in (cursor or {}).get("files", {}).items()}
        page = _Page(self.name, self.channel, self._zone(), self.fields)
        marks = dict(before)
        here = self._files()
        for path in here:
            mark = self._read(path, marks.get(path.name, Mark()), page, now)
            if mark is not None:
                marks[path.name] = mark
            if page.full:
                break
        else:
            names = {path.name for path in here}
            marks = {name: mark for name, mark in marks.items() if name in names}
        unmoved = cursor is not None and marks == before
        return page.batch(
            None if unmoved else {"files": {name: list(mark) for name, mark in marks.items()}}
        )

    def committed(self, batch: Batch) -> None:
        """Write the lines that could not be read to FILE.rejects.jsonl, each once."""
        for name, rejects in groupby(batch.rejects, key=lambda reject: _place(reject)[0]):
            keeper = self._keepers.setdefault(name, RejectFile(self.path / name))
            try:
                keeper.add((_place(one)[1], one.reason, one.content) for one in rejects)
            except OSError as error:  # the store has them all the same
                log.warning("%s cannot be written: %s", keeper.path, error.strerror)

    def check(self) -> str:
        self._zone()
        count = len(self._files())
        return f"{count} {'file' if count == 1 else 'files'} in {self.path}"

    def _zone(self) -> tzinfo:
        unknown = [name for name in self.fields if name not in FIELDS]
        if unknown:
            words = f"fields: {unknown[0]!r} is no field of a mention; they are {', '.join(FIELDS)}"
            raise CollectorError(words, kind=Trouble.SETTINGS)
        try:
            return UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)
        except (ValueError, OSError, LookupError):
            words = f"timezone: {self.timezone!r} is unknown; write it like Europe/Budapest"
            raise CollectorError(words, kind=Trouble.SETTINGS) from None

    def _files(self) -> list[Path]:
        try:
            found = [path for path in self.path.iterdir() if is_mentions_file(path)]
            return sorted((path for path in found if path.is_file()), key=lambda path: path.name)
        except FileNotFoundError:
            words = f"the folder {self.path} is not there; make it, or change `path`"
        except NotADirectoryError:
            words = f"{self.path} is not a folder; change `path`"
        except OSError as error:
            words = f"the folder {self.path} cannot be read: {error.strerror}"
        raise CollectorError(words, kind=Trouble.SETTINGS)

    def _read(self, path: Path, mark: Mark, page: "_Page", now: datetime) -> Mark | None:
        """Put what is new in one file on the page and say how far that is; None where it is gone.

        A file that cannot be read stops nothing: it is told once, until it changes.
        """
        try:
            seen = path.stat()
        except OSError:
            return None
        same = (seen.st_size, seen.st_ctime_ns) == (mark.size, mark.changed_ns)
        if same and mark.settled:
            return mark
        settled = abs(now.timestamp() - seen.st_mtime) >= SETTLED.total_seconds()
        try:
            if not same and mark.printed and _print(path, mark.printed) != mark.print:
                mark = Mark()  # another file has taken its name
            mark = mark._replace(size=seen.st_size, changed_ns=seen.st_ctime_ns, settled=False)
            return self._read_lines(path, mark, page, whole=settled)
        except OSError as error:
            page.reject(path.name, mark.number, f"cannot be read: {error.strerror}", "")
            return mark._replace(size=seen.st_size, changed_ns=seen.st_ctime_ns, settled=True)

    def _read_lines(self, path: Path, mark: Mark, page: "_Page", whole: bool) -> Mark:
        lines = self._open.pop((path.name, mark), None)
        self._open.clear()
        if lines is None:
            lines = read_lines(path, offset=mark.offset, number=mark.number, whole=whole)
        for line in lines:
            page.take(path.name, line)
            mark = mark._replace(offset=line.end_offset, number=line.end_number)
            if page.full:
                mark = _printed(path, mark)
                self._open[path.name, mark] = lines
                return mark
        return _printed(path, mark)._replace(settled=whole or mark.offset == mark.size)


@dataclass(slots=True)
class _Page:
    """What one fetch gathers."""

    source: str
    channel: Channel
    zone: tzinfo
    fields: Mapping[str, str]
    mentions: list[Mention] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    lines: int = 0
    size: int = 0

    @property
    def full(self) -> bool:
        return self.lines >= PAGE_LINES or self.size >= PAGE_BYTES

    def take(self, file: str, line: Line) -> None:
        self.lines += 1
        self.size += len(line.raw)
        if line.row is None:
            return self.reject(file, line.number, line.reason, line.raw)
        try:
            record = read_record(
                line.row,
                source=self.source,
                channel=self.channel,
                zone=self.zone,
                fields=self.fields,
            )
        except BadRecord as error:
            return self.reject(file, line.number, str(error), line.raw)
        self.mentions.append(record.mention)
        if record.response is not None:
            self.responses.append(record.response)
        return None

    def reject(self, file: str, number: int, reason: str, content: str) -> None:
        reject = Reject(place=f"{file}:{number}", reason=reason, content=content[:LONGEST_SHOWN])
        self.rejects.append(reject)

    def batch(self, cursor: Cursor | None) -> Batch:
        return Batch(
            mentions=tuple(self.mentions),
            responses=tuple(self.responses),
            rejects=tuple(self.rejects),
            cursor=cursor,
            complete=not self.full,
        )


def _place(reject: Reject) -> tuple[str, int]:
    name, _, number = reject.place.rpartition(":")
    return name, int(number)


def _printed(path: Path, mark: Mark) -> Mark:
    """Remember what the file begins with, and what stands before the place we reached; of a
    packed file the beginning alone, for our place in it is not one on the disk."""
    length = min(mark.size, HEAD_BYTES) if is_packed(path) else mark.offset
    return mark._replace(printed=length, print=_print(path, length))


def _print(path: Path, length: int) -> str:
    with path.open("rb") as stream:
        parts = [stream.read(min(length, HEAD_BYTES))]
        stream.seek(max(length - TAIL_BYTES, 0))
        parts.append(stream.read(min(length, TAIL_BYTES)))
    return sha256(b"".join(parts)).hexdigest()[:16]
