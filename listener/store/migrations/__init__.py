"""The schema, step by step. A released migration never changes; add the next one."""

from sqlite_utils import Database, Migrations

from listener.store.migrations.first import FIRST
from listener.store.migrations.later import MESSAGES, SERVICES

migrations = Migrations("listener")


@migrations()
def first(db: Database) -> None:
    """Everything the first release keeps."""
    _run(db, FIRST)


@migrations()
def services(db: Database) -> None:
    """Costs of sources, history that is read back, what was looked for again, what hooks took."""
    _run(db, SERVICES)


@migrations()
def messages(db: Database) -> None:
    """Which words stand in which message, budgets that are told once, one ledger for money."""
    _run(db, MESSAGES)


def _run(db: Database, script: str) -> None:
    for statement in statements(script):
        db.conn.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script, so that they run inside one transaction."""
    return [part.strip() for part in script.split(";\n") if part.strip()]
