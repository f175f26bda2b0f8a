"""Opening the database: pragmas, one way to write, migrations with a backup before them."""

import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from listener.clock import monotonic
from listener.errors import StoreError

Db = sqlite3.Connection
Row = sqlite3.Row

SCHEMA = (
    "first",
    "services",
    "messages",
    "relevance",
    "people",
    "copies",
    "places",
    "search",
    "promises",
    "noticing_detectors",
    "manners",
    "marks",
    "ratings",
    "themes",
    "models",
    "comparisons",
    "measures",
    "intents",
    "topics",
    "said",
    "chat",
    "editions",
    "subscriptions",
    "charts",
    "users",
    "closed",
    "desk",
    "lists",
    "wordings",
)  # the migrations' names, so that opening needs no sqlite-utils
CACHE_KIB = 512  # of each thread's connection; they share one file, which the system keeps too
MOST_PADDED = 4096  # values; of longer lists there are few
BUSY_SECONDS = 10.0
SCRUB_TRIES = 3  # each waits BUSY_SECONDS for those who read
BATCH = 1000  # rows in one transaction: other writers wait no longer than such a batch takes


class Store:
    """One SQLite file. Any thread may read; writes wait for each other, in and between processes.

    `durable=False` trades safety against a power cut for speed: for a replay's new database only.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._local = threading.local()
        self._opened: list[Db] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        self._depth = 0

    def open(self, now: datetime) -> "Store":
        """Create or upgrade the file. Raises StoreError for a newer or a broken one."""
        created = not self.path.exists()
        if created:
            self._create()
        try:
            self._upgrade(now, created=created)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"opening {self.path}: {error}. If it is no database of ours, name another file; "
                "if it is damaged, run `listener restore FILE` with a backup."
            ) from error
        return self

    def _create(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(
                f"creating the database {self.path}: {error.strerror}. "
                "Name a folder that can be written to."
            ) from error

    def _upgrade(self, now: datetime, *, created: bool) -> None:
        db = self._connection()
        if self.path.stat().st_mode & 0o077:
            self.path.chmod(0o600)
        applied = _applied(db)
        if unknown := [name for name in applied if name not in SCHEMA]:
            raise StoreError(
                f"{self.path} was written by a newer listener (it knows {unknown[-1]!r}); "
                "install that version, or name another database."
            )
        if len(applied) == len(SCHEMA):
            return
        if not created and _holds_something(db):
            self.backup(self.path.with_name(f"{self.path.name}.before-{now:%Y%m%dT%H%M%SZ}"))
        self._migrate(db)

    def _migrate(self, db: Db) -> None:
        from sqlite_utils import Database  # noqa: PLC0415  # brings numpy: only when needed

        from listener.store.migrations import migrations  # noqa: PLC0415

        with self.write():
            migrations.apply(Database(db))

    @contextmanager
    def write(self) -> Iterator[Db]:
        """One transaction: all of it is kept, or none. Inside another one it joins it."""
        with self._writing:
            db = self._connection()
            if self._depth:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield db
                db.commit()
            except BaseException:
                db.rollback()
                raise
            finally:
                self._depth = 0

    @contextmanager
    def read(self) -> Iterator[Db]:
        """A connection of this thread. Each statement sees what was committed before it."""
        yield self._connection()

    def _connection(self) -> Db:
        db: Db | None = getattr(self._local, "db", None)
        if db is None:
            db = _connect(self.path, durable=self._durable)
            self._local.db = db
            with self._opening:
                self._opened.append(db)
        return db

    def version(self) -> int:
        """Changes when another process has written."""
        return int(self._connection().execute("PRAGMA data_version").fetchone()[0])

    def backup(self, target: Path) -> Path:
        """Copy the whole database, while it is in use, to a new file with mode 0600."""
        if target.exists():
            raise StoreError(f"backing up to {target}: the file exists. Name a new one.")
        try:
            _copy(self._connection(), target)
        except OSError as error:
            raise StoreError(f"backing up to {target}: {error.strerror}.") from error
        return target

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in the file, the index or the log beside it.

        False: somebody reads all the time, and the log could not be emptied yet.
        """
        with self.write() as db:
            db.execute("INSERT INTO mention_search (mention_search) VALUES ('optimize')")
        return any(self._log_emptied() for _ in range(SCRUB_TRIES))

    def _log_emptied(self) -> bool:
        busy = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def close(self) -> None:
        with self._opening:
            for db in self._opened:
                db.close()
            self._opened.clear()
        self._local = threading.local()


def _connect(path: Path, *, durable: bool) -> Db:
    db = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
    )
    db.row_factory = sqlite3.Row
    _set_journal(db, "WAL" if durable else "MEMORY")
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA secure_delete = ON")
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return db


def _set_journal(db: Db, mode: str) -> None:
    """SQLite's own time-out does not wait for others that switch the journal of a new file too."""
    patience = monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute(f"PRAGMA journal_mode = {mode}")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > patience:
                raise
        time.sleep(0.01)  # noqa: TID251  # as SQLite itself does with its other locks


def _copy(db: Db, target: Path) -> None:
    """Copy a database in use; `target` is replaced only when the copy is whole."""
    _part_of(db, target).replace(target)


def _part_of(db: Db, target: Path) -> Path:
    """A whole copy beside `target`, ready to take its place."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(partial)) as copy:
            db.backup(copy, pages=2000)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that reading leaves one file
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _holds_something(db: Db) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master").fetchone() is not None


def _applied(db: Db) -> list[str]:
    known = db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if known is None:
        return []
    rows = db.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = 'listener' ORDER BY rowid"
    )
    return [row["name"] for row in rows]


def restore(backup: Path, target: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; the one there is kept beside it, and named.

    One that is damaged cannot be copied: it is moved aside as it is, for whoever can rescue more.
    Raises StoreError when the backup is no sound database of ours, or the old one is in use.
    """
    _must_be_sound(backup)
    kept = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    existed = target.exists()
    if existed and kept.exists():
        raise StoreError(f"restoring {target}: {kept} exists. Try again in a second.")
    with closing(_read_only(backup)) as db:
        partial = _part_of(db, target)  # whole, before anything happens to what is there
    try:
        if existed:
            _keep(target, kept)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return kept if existed else None


def _keep(target: Path, kept: Path) -> None:
    """Copy the old database, with what its log holds; or move its files, if it is damaged."""
    try:
        _copy_from(target, kept)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_DAMAGE:  # the rest is detail
            raise StoreError(
                f"restoring {target}: the old one cannot be kept: {error}. Nothing was changed."
            ) from error
        for beside in ("", *_BESIDE):
            old = target.with_name(target.name + beside)
            if old.exists():
                old.chmod(0o600)
                old.rename(kept.with_name(kept.name + beside))
        return
    for beside in _BESIDE:
        target.with_name(target.name + beside).unlink(missing_ok=True)


_BESIDE = ("-wal", "-shm", "-journal")
_NO_DAMAGE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)


def _copy_from(path: Path, target: Path) -> None:
    with closing(_read_only(path)) as db:  # which leaves a log that it cannot read as it is
        if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
        _copy(db, target)


def _read_only(path: Path) -> Db:
    """A connection that leaves a file, and the folder it is in, as they are."""
    return sqlite3.connect(read_only(path), uri=True)


def read_only(path: Path) -> str:
    """How SQLite is told to open, or to attach, a file that it may only read."""
    return f"{path.resolve().as_uri()}?mode=ro"


def _must_be_sound(backup: Path) -> None:
    if not backup.is_file():
        raise StoreError(f"restoring {backup}: there is no such file.")
    db = _read_only(backup)
    try:
        db.row_factory = sqlite3.Row
        applied = _applied(db)
        sound = db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        raise StoreError(f"restoring {backup}: {error}; it is no sound backup.") from error
    finally:
        db.close()
    if not sound or not applied:
        raise StoreError(f"restoring {backup}: it is no sound backup of a listener database.")


def among(values: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """The marks and the values of an `IN (...)`.

    The last value is repeated up to a power of two, so that a statement has few forms: every
    connection keeps a hundred of them, and each of a thousand marks takes twenty kilobytes.
    """
    given = tuple(values)
    if 0 < len(given) <= MOST_PADDED:
        given += given[-1:] * ((1 << (len(given) - 1).bit_length()) - len(given))
    return ",".join("?" * len(given)), given
