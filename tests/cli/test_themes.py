"""Themes at the shell."""

from datetime import date
from pathlib import Path

from listener.store import themes
from listener.store.connection import Store
from listener.store.themes import Count
from tests.builders import NOW
from tests.cli.conftest import Shell

DAY = date(2026, 11, 22)


def test_themes_are_shown_in_a_table_and_to_programs(heard: Path, shell: Shell) -> None:
    store = Store(heard / "listener.db").open(NOW)
    with store.write() as db:
        number = themes.add(db, 1, "lost · parcel", "m", b"", DAY)
        count = Count(number, mentions=6, negative=4, people=5, with_topic=0, examples=(1,))
        themes.keep(db, 1, DAY, 60, [count])
    store.close()
    said = shell("themes")
    assert said.status == 0
    assert "lost · parcel" in said.out
    assert " no " in said.out  # topic covers it
    (row,) = shell("themes", "--format", "jsonl").rows
    assert (row["theme"], row["people"], row["defined"]) == ("lost · parcel", 5, False)
