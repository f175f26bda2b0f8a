"""People at the shell: what waits, and each act on it."""

from pathlib import Path

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago


def test_the_inbox_lists_the_brands_most_urgent_first(heard: Path, shell: Shell) -> None:
    rows = shell("inbox", "--format", "jsonl").rows
    assert [row["id"] for row in rows] == ["drop:3", "drop:2", "drop:1"]


def test_a_label_in_doubt_is_a_question_in_tables(configured: Path, shell: Shell) -> None:
    lines = [
        a_line(1, text="Acme is wonderful, I love it", stars=1, created_at=ago(5)),
        a_line(2, text="Acme is awful, I hate it", stars=1, created_at=ago(5)),
        a_line(3, text="", stars=1, brand="Acme", created_at=ago(5)),
    ]
    written(configured / "drop" / "old.jsonl", lines)
    assert shell("run", "--once").status == 0
    found = {row["id"]: row for row in shell("search", "acme", "--format", "jsonl").rows}
    assert found["drop:1"]["confidence"] < 0.6 < found["drop:2"]["confidence"]
    assert "?" not in found["drop:1"]["sentiment"]
    table = shell("search", "acme").out
    assert f"{found['drop:1']['sentiment']}?  " in table
    assert "negative   " in table
    (sure, *_) = [r for r in shell("inbox", "--format", "jsonl").rows if r["id"] == "drop:2"]
    assert sure["confidence"] > 0.6
    assert "★ 1/5" in shell("inbox").out


def test_people_do_their_work_at_the_shell(heard: Path, shell: Shell) -> None:
    assert shell("assign", "drop:1", "kata").status == 0
    assert shell("link", "drop:1", "CX-7").status == 0
    assert shell("snooze", "drop:1", "2h").status == 0
    assert shell("answer", "drop:2").status == 0
    assert shell("dismiss", "drop:3").status == 0
    (row,) = shell("inbox", "--format", "jsonl").rows
    assert (row["id"], row["assignee"]) == ("drop:1", "kata")
    assert shell("correct", "1", "--sentiment", "positive", "--topic", "joke").status == 0
    assert shell("run", "--once").status == 0
    assert shell("inbox", "--format", "jsonl").rows == []
    corrections = shell("export", "--kind", "corrections").rows
    assert [(row["id"], row["label"]) for row in corrections] == [("drop:1", "positive")]


def test_an_answer_is_given_once(heard: Path, shell: Shell) -> None:
    assert "is answered" in shell("answer", "drop:1").err
    again = shell("answer", "drop:1")
    assert again.status == 0
    assert "drop:1 was already answered at 20" in again.err
    assert "is answered" in shell("answer", "drop:1", "--at", ago(3)).err


def test_what_was_set_aside_is_tried_again(heard: Path, shell: Shell) -> None:
    said = shell("retry")
    assert said.status == 0
    assert "0 texts and 0 messages" in said.err


def test_what_was_only_imported_is_said_to_be_not_measured_yet(
    configured: Path, shell: Shell
) -> None:
    line = a_line(1, text="Acme lost my luggage, worst airline ever, awful", created_at=ago(5))
    file = written(configured / "old.jsonl", [line])
    assert shell("import", file, "--source", "old").status == 0
    for act in (("snooze", "old:1", "2h"), ("dismiss", "old:1")):
        said = shell(*act)
        assert said.status == 2
        assert "old:1 has not been measured yet" in said.err
        assert "`listener run --once`" in said.err
    assert shell("run", "--once").status == 0
    assert shell("snooze", "old:1", "2h").status == 0
