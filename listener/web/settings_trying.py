"""A query that is tried at the settings: what it would find, before it is written to the file."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from listener import trying
from listener.config.query_tests import failures_of
from listener.config.subjects import query_of
from listener.config.tables import SubjectTable
from listener.domain.marked import told_places
from listener.domain.query import Query, show
from listener.domain.times import from_text
from listener.domain.wording import Wording
from listener.errors import QueryError
from listener.store.connection import Store
from listener.texts.marked import harmless
from listener.web.behind import Behind

QUOTED: Final = 240


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a query cannot be read, and two lines that show where."""

    words: str
    drawn: str


def try_it(behind: Behind, name: str, text: str) -> tuple[dict[str, Any] | None, Mistake | None]:
    """What a query would find for a subject, as pages show it; or what is wrong with it.

    name: of a subject that is followed, whose query it is to replace; empty for a new one.
    """
    if not text.strip():
        return None, None
    table = _settings_of(behind, name)
    try:
        query = query_of(text, table.inflect if table else ())
    except QueryError as error:
        return None, Mistake(error.args[0], show(error, text))
    present = _present(behind.store, name)
    found = trying.try_query(behind.store, name, query, present, behind.now())
    failures = [] if table is None else _failures(table, query)
    return {
        "count": found.count,
        "since": found.since,
        "is_whole": found.is_whole,
        "more": found.more,
        "fewer": found.fewer,
        "compared_since": found.compared_since,
        "is_compared_less": found.compared_since > found.since,
        "newest": [_shown(row, behind.now()) for row in found.newest],
        "gone": [_shown(row, behind.now()) for row in found.gone],
        "waiting": found.waiting,
        "failures": failures,
    }, None


def _present(store: Store, name: str) -> Query | None:
    try:
        return trying.present_query(store, name) if name else None
    except QueryError:
        return None


def _settings_of(behind: Behind, name: str) -> SubjectTable | None:
    subjects = behind.desk.app.config.subjects if behind.desk else ()
    return next((one for one in subjects if one.subject.name == name), None)


def _failures(table: SubjectTable, query: Query) -> list[Wording]:
    """What the tests of the subject find wrong with the query: it would be refused."""
    return list(failures_of(replace(table, subject=replace(table.subject, query=query))))


def _shown(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    title, text = row["title"], row["text"]
    whole = f"{title}: {text}" if title else text
    return {
        "row": row["row"],
        "said_at": from_text(row["said_at"]),
        "author": row["author"],
        "channel": row["channel"],
        "pieces": harmless(whole, told_places(row["places"], title or ""), QUOTED).pieces,
        "is_new": row.get("is_new", False),
    }
