"""What is shown and sent at the shell: lists, receipts, the digest, a test message."""

import json
from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

LISTS = [
    ["inbox"],
    ["inbox", "--state", "waiting", "--subject", "Acme", "--query", "luggage"],
    ["incidents", "--all"],
    ["sources"],
    ["search", "terrible"],
    ["query", "terrible"],
    ["evaluate"],
]


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_jsonl_is_all_that_stands_on_stdout(
    heard: Path, shell: Shell, arguments: list[str]
) -> None:
    shell("correct", "drop:1", "--sentiment", "negative")
    said = shell(*arguments, "--format", "jsonl")
    assert said.status == 0
    assert said.rows or arguments[0] == "incidents"
    table = shell(*arguments)
    assert table.status == 0
    assert len(table.out.splitlines()) == (len(said.rows) + 1 if said.rows else 0)


def test_a_table_is_safe_to_print(configured: Path, shell: Shell) -> None:
    text = "Acme \x1b[31mawful\x07 \u202eline\nbreak 行李 terrible, I hate it"
    written(configured / "drop" / "a.jsonl", [a_line(1, text=text, created_at=ago(1))])
    shell("run", "--once")
    said = shell("inbox")
    assert not set(said.out) & set("\x1b\x07\u202e")
    assert len(said.out.splitlines()) == 2


def test_a_notice_is_written_and_its_incident_explained(heard: Path, shell: Shell) -> None:
    late = [a_line(9, text="Acme is awful, I hate it", created_at=ago(90))]
    written(heard / "drop" / "late.jsonl", late)
    assert shell("collect").status == 0
    assert shell("run", "--once").status == 0
    lines = [json.loads(x) for x in (heard / "notices.jsonl").read_text().splitlines()]
    assert [(x["event"], x["mentions"]) for x in lines] == [("response.overdue", ["drop:9"])]
    (row,) = shell("incidents", "--format", "jsonl").rows
    (receipt,) = shell("explain", row["id"], "--format", "jsonl").rows
    assert receipt["evidence"]["within_s"] == 3600
    assert shell("ack", row["id"]).status == 0
    assert shell("resolve", row["id"]).status == 0
    assert shell("incidents").err.strip() == "no incident is open."
    assert "resolved" in shell("explain", row["id"]).out
    assert shell("run", "--once").status == 0
    assert len((heard / "notices.jsonl").read_text().splitlines()) == 1


def test_a_digest_is_shown_and_written(heard: Path, shell: Shell) -> None:
    said = shell("digest")
    assert said.status == 0
    assert "Acme" in said.out
    assert shell("digest", "--html", "a.html", "--text", "a.txt").out == ""
    assert "<html" in (heard / "a.html").read_text(encoding="utf-8")
    assert "Acme" in (heard / "a.txt").read_text(encoding="utf-8")


def test_a_digest_that_nobody_gets_is_a_mistake(heard: Path, shell: Shell) -> None:
    said = shell("digest", "--send")
    assert said.status == 2
    assert "[notify.email]" in said.err


def test_a_test_message_is_sent(configured: Path, shell: Shell) -> None:
    assert shell("send-test").status == 0
    assert len((configured / "notices.jsonl").read_text().splitlines()) == 1
