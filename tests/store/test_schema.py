"""The tables that the design fixes, and the migrations that make them."""

import sqlite3
from pathlib import Path

import pytest

from listener.store.connection import SCHEMA, Store
from listener.store.migrations import migrations
from listener.store.people import write_down
from tests.builders import NOW
from tests.store.kept import one, rows

DESIGN = {
    "subject": "id name role",
    "author": "id source source_id name followers",
    "mention": "id source source_id channel kind text said_at seen_at author_id stars deleted_at",
    "mention_version": "",
    "match": "mention_id subject_id origin terms",
    "label": "mention_id subject_id by model sentiment negative neutral positive topics intent"
    " made_at",
    "embedding": "",
    "bucket": "start subject_id channel topic mentions negative authors measured",
    "clock": "mention_id subject_id due_at state answered_at evidence",
    "response": "source source_id mention_id said_at author automatic",
    "rule_state": "",
    "incident": "id key rule subject_id severity opened_at resolved_at acknowledged_by",
    "notice": "id event outlet incident_id made_at",
    "outbox": "id notice_id state attempts next_try_at error",
    "source_state": "",
    "source_run": "",
    "digest": "",
    "audit": "",
}


@pytest.mark.parametrize("table", DESIGN)
def test_a_table_has_the_columns_of_the_design(store: Store, table: str) -> None:
    columns = {row["name"] for row in rows(store, f"SELECT name FROM pragma_table_info('{table}')")}
    assert columns, f"there is no table {table}"
    assert set(DESIGN[table].split()) <= columns


def test_the_names_that_open_compares_are_those_of_the_migrations() -> None:
    assert tuple(m.name for m in migrations._migrations) == SCHEMA


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    first = Store(tmp_path / "a.db").open(NOW)
    before = rows(first, "SELECT name, sql FROM sqlite_master")
    first.close()
    again = Store(tmp_path / "a.db").open(NOW)
    assert rows(again, "SELECT name, sql FROM sqlite_master") == before
    again.close()
    assert not list(tmp_path.glob("*.before-*"))


def test_the_views_can_be_read(store: Store) -> None:
    assert rows(store, "SELECT * FROM current_label") == []
    assert rows(store, "SELECT * FROM mention_overview") == []
    assert rows(store, "SELECT * FROM copy_cluster") == []


def test_times_sort_as_text_because_all_are_utc_with_z(store: Store) -> None:
    with store.write() as db:
        write_down(db, "jo", "answered", "x:1", NOW)
    assert one(store, "SELECT at FROM audit") == "2026-11-22T12:00:00.000Z"


def test_a_foreign_key_that_leads_nowhere_is_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), store.write() as db:
        db.execute("INSERT INTO mention_version VALUES (1, 99, '', '', NULL, '')")
