"""Writes a changed config file: as a whole or not at all, with the former one kept beside it."""

import codecs
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from listener.config.load import bytes_of, decoded
from listener.domain.wording import Wording
from listener.errors import UsageError

BACKUP: Final = ".bak"


class OvertakenError(UsageError):
    """The file is not as it was any more; `now` is how it stands."""

    def __init__(self, name: str, now: "Content") -> None:
        super().__init__(
            Wording("%(name)s was changed since it was shown; nothing was written.", name=name)
        )
        self.now = now


@dataclass(frozen=True, slots=True)
class Content:
    """What a config file holds. `text` has plain line breaks; `mark` tells its bytes from others.

    A file that has both kinds of line breaks keeps them as they are.
    """

    text: str
    mark: str
    has_bom: bool = False
    has_returns: bool = False

    @classmethod
    def of(cls, path: Path) -> "Content":
        """Raises ConfigError for a file that cannot be read, or is no text."""
        content = bytes_of(path)
        text = decoded(content, path)
        every = text.count("\r\n")
        has_returns = 0 < every == text.count("\n")
        return cls(
            text=text.replace("\r\n", "\n") if has_returns else text,
            mark=mark_of(content),
            has_bom=content.startswith(codecs.BOM_UTF8),
            has_returns=has_returns,
        )

    def holding(self, text: str | None = None) -> bytes:
        """The bytes of this file, or of one that says something else."""
        text = self.text if text is None else text
        whole = text.replace("\n", "\r\n") if self.has_returns else text
        return (codecs.BOM_UTF8 if self.has_bom else b"") + whole.encode()


def mark_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def why_not_writable(path: Path) -> Wording | None:
    """What keeps us from writing a config file, for people; None where nothing is known to."""
    real, name = path.resolve(), path.name
    if not os.access(real, os.W_OK):
        return Wording("%(name)s may not be written by the user that the daemon runs as", name=name)
    if not os.access(real.parent, os.W_OK | os.X_OK):
        return Wording("nothing may be written into the folder of %(name)s", name=name)
    if os.geteuid() not in (0, real.stat().st_uid):
        return Wording("%(name)s belongs to another user, and would not any more", name=name)
    if os.path.ismount(real):
        return Wording("%(name)s is mounted by itself: mount its folder instead", name=name)
    return None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new file that lies beside the old one, safe on the disk, and is not in its place yet."""

    path: Path
    place: Path
    seen: str  # the mark of the file that it replaces

    def put(self) -> None:
        """Put it in its place, and keep the former file as `.bak`.

        Raises OvertakenError where the file changed meanwhile, UsageError where it cannot be done.
        """
        with _told(self.place):
            try:
                content = _as_it_was(self.place, self.seen)
                former = _write(_beside(self.place, "old"), self.place, content.holding())
                former.replace(self.place.with_name(f"{self.place.name}{BACKUP}"))
                self.path.replace(self.place)
                _keep_names_safe(self.place.parent)
            finally:
                self.drop()

    def drop(self) -> None:
        """Leave the old file in its place."""
        self.path.unlink(missing_ok=True)


def prepare(path: Path, text: str, seen: str) -> Prepared:
    """Write a text beside the file, with its mode and its owner.

    A link stays one: what it leads to will be replaced. seen: the mark of the file as it was shown.
    Raises OvertakenError where it is another one by now, UsageError where it cannot be written.
    """
    real = path.resolve()
    with _told(real):
        content = _as_it_was(real, seen)
        return Prepared(_write(_beside(real, "new"), real, content.holding(text)), real, seen)


def _as_it_was(path: Path, seen: str) -> Content:
    now = Content.of(path)
    if now.mark != seen:
        raise OvertakenError(path.name, now)
    return now


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f".{path.name}.{kind}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the disk refuses, in words."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        words = Wording(
            "writing %(name)s: %(why)s. The file stands as it was.", name=path.name, why=why
        )
        raise UsageError(words) from error


def _write(path: Path, like: Path, content: bytes) -> Path:
    """A file with the mode and the owner of another, safe on the disk."""
    path.unlink(missing_ok=True)  # one that a crash has left
    was = like.stat()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        made = os.fstat(file.fileno())
        if (made.st_uid, made.st_gid) != (was.st_uid, was.st_gid):
            os.fchown(file.fileno(), was.st_uid, was.st_gid)
        shutil.copystat(like, path)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _keep_names_safe(folder: Path) -> None:
    """The names in a folder are on the disk only when it was told so itself."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
