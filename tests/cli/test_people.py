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


def test_an_intent_is_corrected_and_found(heard: Path, shell: Shell) -> None:
    assert "drop:1 has the intent churn." in shell("correct", "drop:1", "--intent", "churn").err
    rows = {row["id"]: row for row in shell("inbox", "--format", "jsonl").rows}
    assert rows["drop:1"]["intent"] == "churn"
    assert rows["drop:1"]["reason"] is not None
    (found,) = shell("inbox", "--query", "intent:churn", "--format", "jsonl").rows
    assert found["id"] == "drop:1"
    assert "say what is wrong" in shell("correct", "drop:1").err


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


def test_what_is_not_about_the_subject_is_kept_aside_and_can_be_seen(
    heard: Path, shell: Shell
) -> None:
    assert "nothing is kept aside" in shell("aside").err
    said = shell("correct", "drop:1", "--not-about", "acme")
    assert said.status == 0
    assert "drop:1 is not about acme" in said.err
    waiting = shell("inbox", "--format", "jsonl").rows
    assert [row["id"] for row in waiting] == ["drop:3", "drop:2"]
    (row,) = shell("aside", "--subject", "Acme", "--format", "jsonl").rows
    assert (row["id"], row["reason"], row["subject"]) == ("drop:1", "person", "Acme")
    assert shell("aside", "--reason", "spam", "--format", "jsonl").rows == []
    assert "drop:1  Acme     person" in shell("aside").out
    assert "is about Acme" in shell("correct", "drop:1", "--about", "Acme").err
    assert shell("run", "--once").status == 0
    assert len(shell("inbox", "--format", "jsonl").rows) == 3
    assert shell("aside", "--format", "jsonl").rows == []


def test_the_sentiment_towards_one_subject_is_corrected(heard: Path, shell: Shell) -> None:
    done = shell("correct", "drop:1", "--sentiment", "positive", "--subject", "Acme")
    assert "drop:1 is positive towards Acme." in done.err
    (row,) = shell("export", "--kind", "corrections").rows
    assert (row["label"], row["subject"]) == ("positive", "Acme")
    assert shell("correct", "drop:1", "--intent", "churn", "--subject", "Acme").status == 2


def test_a_correction_says_something(heard: Path, shell: Shell) -> None:
    assert "say what is wrong" in shell("correct", "drop:1").err
    assert shell("correct", "drop:1", "--topic", "joke", "--about", "Acme").status == 2
    nobody = shell("correct", "drop:1", "--not-about", "Nobody")
    assert nobody.status == 2
    assert "Nobody" in nobody.err
    assert shell("aside", "--subject", "Nobody").status == 2


BANK = """
[[subjects]]
name = "Delta"
role = "brand"
query = "delta"
about = "a bank, not a river delta, not the airline"
"""


def test_what_is_about_something_else_waits_for_nobody(configured: Path, shell: Shell) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write(BANK)
    said = shell("check")
    assert said.status == 0
    assert "relevance Delta: keeps aside a river delta, the airline" in said.out
    lines = [
        a_line(1, text="Delta froze my card, I hate this awful bank", created_at=ago(5)),
        a_line(2, text="Awful: salt water floods the rice fields in the delta", created_at=ago(5)),
    ]
    written(configured / "drop" / "old.jsonl", lines)
    assert shell("run", "--once").status == 0
    assert [row["id"] for row in shell("inbox", "--format", "jsonl").rows] == ["drop:1"]
    (row,) = shell("aside", "--format", "jsonl").rows
    assert (row["id"], row["reason"]) == ("drop:2", "relevance")
    assert 0 < row["score"] < 0.3
    assert shell("correct", "drop:2", "--about", "Delta").status == 0
    assert shell("run", "--once").status == 0
    assert len(shell("inbox", "--format", "jsonl").rows) == 2
