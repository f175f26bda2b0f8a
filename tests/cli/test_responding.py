"""How soon answers come, at the shell."""

from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

TEAMS = """
[calendars.never]
hours = "mon 00:00-00:01"
[[teams]]
name = "care"
[respond.social]
within = "1h"
late_after = "30d"
team = "care"
[respond.review]
within = "7d"
"""


@pytest.fixture
def asked(configured: Path, shell: Shell) -> Path:
    """Three complaints: answered in half an hour, answered late, and never."""
    with (configured / "config.toml").open("a", encoding="utf-8") as config:
        config.write(TEAMS)
    lines = [
        a_line(1, created_at=ago(120), reply_at=ago(90), reply_author="acme_help"),
        a_line(2, created_at=ago(300), reply_at=ago(210), reply_author="acme_help"),
        a_line(3, created_at=ago(400)),
        a_line(4, created_at=ago(60 * 24 * 60)),
        a_line(5, created_at=ago(50), channel="review", stars=1),
    ]
    said = shell("import", written(configured / "old.jsonl", lines), "--source", "drop")
    assert said.status == 0, said.err
    assert shell("run", "--once").status == 0
    return configured


def test_response_times_are_listed_by_channel_and_for_all(asked: Path, shell: Shell) -> None:
    rows = shell("responses", "--format", "jsonl").rows
    assert [row["channel"] for row in rows] == ["review", "social", "all"]
    social = rows[1]
    assert (social["questions"], social["answered"], social["in_time"]) == (3, 2, 1)
    assert (social["late"], social["open"], social["overdue"]) == (1, 1, 1)
    assert social["share_in_time"] == round(1 / 3, 4)
    assert social["average_s"] == pytest.approx(60 * 60, abs=2)
    assert social["people_average_s"] == social["average_s"]
    assert rows[-1]["questions"] == 4


@pytest.mark.parametrize(
    ("by", "names"), [("team", ["", "care", "all"]), ("subject", ["Acme", "all"])]
)
def test_response_times_are_listed_by_what_is_asked(
    asked: Path, shell: Shell, by: str, names: list[str]
) -> None:
    rows = shell("responses", "--by", by, "--format", "jsonl").rows
    assert [row[by] for row in rows] == names


def test_what_was_said_before_is_left_out(asked: Path, shell: Shell) -> None:
    assert shell("responses", "--since", "90d", "--format", "jsonl").rows[-1]["questions"] == 5
    assert shell("responses", "--since", "1h", "--format", "jsonl").rows[-1]["questions"] == 1


def test_response_times_are_shown_in_a_table(asked: Path, shell: Shell) -> None:
    head, nobody, care, every = shell("responses", "--by", "team").out.splitlines()
    assert head.split()[:2] == ["team", "questions"]
    assert nobody.startswith("(no team)")
    assert care.split()[:5] == ["care", "3", "2", "1", "1"]
    assert "33.3%" in care
    assert every.startswith("all")


def test_nothing_to_answer_is_told(configured: Path, shell: Shell) -> None:
    assert shell("run", "--once").status == 0
    said = shell("responses")
    assert (said.out, said.status) == ("", 0)
    assert "nothing that deserves an answer was said" in said.err


def test_time_by_a_calendar_is_working_time(asked: Path, shell: Shell) -> None:
    config = asked / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('team = "care"', 'hours = "never"'), encoding="utf-8")
    lines = [a_line(9, created_at=ago(200), reply_at=ago(10), reply_author="acme_help")]
    shell("import", written(asked / "new.jsonl", lines), "--source", "drop")
    shell("run", "--once")
    rows = shell("responses", "--by", "team", "--format", "jsonl").rows
    assert rows[0]["answered"] == 1
    assert rows[0]["average_s"] <= 60  # it opens for a minute a week
