"""What goes in and out at the shell: imports, exports, backups, and a person's erasure."""

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell


@pytest.mark.parametrize("kind", ["mentions", "clocks", "incidents", "corrections"])
def test_every_kind_is_exported_in_both_forms(heard: Path, shell: Shell, kind: str) -> None:
    shell("correct", "drop:1", "--sentiment", "negative")
    rows = shell("export", "--kind", kind).rows
    said = shell("export", "--kind", kind, "--format", "csv")
    assert said.status == 0
    table = list(csv.reader(said.out.splitlines()))
    assert len(table) - 1 == len(rows)
    if rows:
        assert table[0] == list(rows[0])


def test_no_cell_of_an_export_is_a_formula(heard: Path, shell: Shell) -> None:
    assert shell("export", "--format", "csv", "--out", "out.csv").status == 0
    with (heard / "out.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=HYPERLINK(Acme) is terrible, I hate it" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_an_export_can_be_imported_elsewhere(heard: Path, shell: Shell) -> None:
    assert shell("export", "--out", "out.jsonl").status == 0
    said = shell("--db", "other.db", "import", "out.jsonl", "--source", "x")
    assert said.status == 0
    assert "4 accepted" in said.out
    again = shell("--db", "other.db", "export").rows
    first = [json.loads(line) for line in (heard / "out.jsonl").read_text().splitlines()]
    for name in ("id", "source", "text", "created_at", "brand", "author"):
        assert [row[name] for row in again] == [row[name] for row in first]


def test_an_import_says_what_became_of_each_line(configured: Path, shell: Shell) -> None:
    lines = [a_line(1), a_line(2), "not json", a_line(4, created_at="soon")]
    file = written(configured / "old.jsonl", lines)
    dry = shell("import", file, "--source", "old", "--dry-run")
    assert dry.status == 3
    assert "4 lines: 2 accepted, 0 updated, 0 unchanged, 2 rejected" in dry.out
    said = shell("import", file, "--source", "old")
    assert said.status == 3
    assert "4 lines: 2 accepted, 0 updated, 0 unchanged, 2 rejected" in said.out
    assert (configured / "old.jsonl.rejects.jsonl").exists()
    again = shell("import", file, "--source", "old")
    assert "4 lines: 0 accepted, 0 updated, 2 unchanged, 2 rejected" in again.out


def test_who_is_forgotten_is_found_no_more(heard: Path, shell: Shell) -> None:
    said = shell("forget", "--author", "drop:person3")
    assert said.rows == [
        {"forgotten_mentions": 1, "forgotten_reposts": 0, "still_named_by_others": 0}
    ]
    assert ".rejects.jsonl" in said.err
    found = [row["id"] for row in shell("search", "terrible", "--format", "jsonl").rows]
    assert found == ["drop:4"]


def test_a_backup_is_restored(heard: Path, shell: Shell) -> None:
    assert shell("backup", "copy.db").status == 0
    assert stat.S_IMODE((heard / "copy.db").stat().st_mode) == 0o600
    shell("forget", "--author", "drop:person3")
    said = shell("restore", "copy.db")
    assert said.status == 0
    assert "The old one is" in said.err
    assert len(shell("search", "terrible", "--format", "jsonl").rows) == 2


def test_forget_says_who_still_names_the_person(heard: Path, shell: Shell) -> None:
    lines = [a_line(8, text="Acme, hear @person3"), a_line(9, text="RT @person3: Acme is terrible")]
    written(heard / "drop" / "new.jsonl", lines)
    assert shell("collect").status == 0
    assert shell("run", "--once").status == 0
    said = shell("forget", "--author", "drop:person3")
    assert said.rows == [
        {"forgotten_mentions": 1, "forgotten_reposts": 1, "still_named_by_others": 1}
    ]
    assert "1 mentions by others" in said.err
    assert "`listener search person3`" in said.err
    found = [row["id"] for row in shell("search", "person3", "--format", "jsonl").rows]
    assert found == ["drop:8"]
    told = " ".join(shell("forget", "--help").out.split())
    assert "Not touched: mentions by others" in told
