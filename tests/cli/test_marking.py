"""Where people read a mention at the shell, what a query found in it is told to be marked."""

from pathlib import Path
from typing import Any

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago


def found(row: dict[str, Any]) -> list[str]:
    return [row["text"][start:end] for start, end, *_ in row["places"]]


def test_the_inbox_tells_where_the_terms_stand(heard: Path, shell: Shell) -> None:
    rows = {row["id"]: row for row in shell("inbox", "--format", "jsonl").rows}
    assert found(rows["drop:1"]) == ["Acme"]
    assert found(rows["drop:2"]) == ["Acme"]
    assert "Acme lost my luggage" in shell("inbox").out


def test_what_is_kept_aside_tells_where_the_terms_stand(heard: Path, shell: Shell) -> None:
    shell("correct", "drop:1", "--not-about", "Acme")
    (row,) = shell("aside", "--format", "jsonl").rows
    assert found(row) == ["Acme"]
    assert "Acme lost my luggage" in shell("aside").out


def test_a_receipt_quotes_what_it_rests_on(configured: Path, shell: Shell) -> None:
    late = a_line(1, text="Worst airline ever: Acme lost my luggage", created_at=ago(70))
    written(configured / "drop" / "old.jsonl", [late])
    assert shell("run", "--once").status == 0
    (incident,) = shell("incidents", "--format", "jsonl").rows
    (receipt,) = shell("explain", incident["id"], "--format", "jsonl").rows
    (quote,) = receipt["quotes"]
    assert (quote["id"], found(quote)) == ("drop:1", ["Acme"])
    out = shell("explain", incident["id"]).out
    assert f"  > {quote['text']}\n    person1, drop:1\n" in out
