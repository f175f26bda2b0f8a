"""A statement that must not take longer: it is interrupted once time is up."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from listener.clock import monotonic
from listener.store.connection import Db

OFTEN: Final = 20_000  # steps of SQLite's machine between two looks at the clock


@contextmanager
def no_longer_than(db: Db, until: float) -> Iterator[None]:
    """Interrupt what SQLite does once time is up; what was found by then is kept."""
    db.set_progress_handler(lambda: monotonic() > until, OFTEN)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        db.set_progress_handler(None, 0)
