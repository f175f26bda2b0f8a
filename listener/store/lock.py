"""One daemon for one database: a lock that goes with the process that holds it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from listener.errors import LockTaken, StoreError


class DaemonLock:
    """Held while the daemon runs; the system frees it when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def take(self, holder: str) -> None:
        """Raises LockTaken, which names the first one. `holder`: what we do, for others to read."""
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            first = file.read().strip() or "another process"
            file.close()
            raise LockTaken(
                f"the database is in use by {first}; stop it first, or name another database."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"`listener {holder}` (process {os.getpid()})\n")
        file.flush()
        self._file = file

    def _open(self) -> IO[str]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.fdopen(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600), "r+")
        except OSError as error:
            raise StoreError(
                f"taking the lock {self._path}: {error.strerror}. "
                "Name a database in a folder that can be written to."
            ) from error

    def free(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "DaemonLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.free()
