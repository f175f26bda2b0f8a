"""Searching at the shell: what is found, in which order, and how it was gone about."""

from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago


@pytest.fixture
def told(configured: Path, shell: Shell) -> Path:
    lines = [
        a_line(1, text="Acme delay, Acme delay, and Acme again", created_at=ago(5 * 1440)),
        a_line(2, text="Acme on time", title="No delay", created_at=ago(10)),
        a_line(3, text="words " * 30 + "then at last an Acme delay", created_at=ago(20)),
        a_line(4, text="航空公司：快遞丟了 Acme", created_at=ago(30), language="zh-Hant"),
    ]
    written(configured / "drop" / "old.jsonl", lines)
    assert shell("run", "--once").status == 0
    return configured


def ids(shell: Shell, *arguments: str) -> list[str]:
    said = shell("search", *arguments, "--format", "jsonl")
    assert said.status == 0, said.err
    return [row["id"].partition(":")[2] for row in said.rows]


def test_the_best_come_first_or_the_newest_when_asked(told: Path, shell: Shell) -> None:
    assert ids(shell, "acme delay")[0] == "1"
    assert ids(shell, "acme delay", "--order", "newest") == ["2", "3", "1"]
    assert ids(shell, "acme delay", "--order", "newest", "--limit", "1") == ["2"]
    assert "there are more" in shell("search", "acme", "--limit", "3").err
    assert "there are more" not in shell("search", "acme", "--limit", "4").err


def test_only_what_was_said_since_then(told: Path, shell: Shell) -> None:
    assert ids(shell, "delay", "--since", "2d", "--order", "newest") == ["2", "3"]
    assert ids(shell, "delay since:2020-01-01 lang:en", "--order", "newest") == ["2", "3", "1"]


def test_the_whole_language_is_taken(told: Path, shell: Shell) -> None:
    assert ids(shell, "快递~han") == ["4"]
    assert ids(shell, "lang:zh") == ["4"]
    assert ids(shell, "acme -delay") == ["4"]
    assert ids(shell, "(dealy~1 OR 快遞) author:person3") == ["3"]


def test_a_row_says_what_was_found_and_where(told: Path, shell: Shell) -> None:
    (row,) = shell("search", "delay NEAR/3 time", "--format", "jsonl").rows
    whole = f"{row['title']}\n{row['text']}"
    assert row["terms"] == ["delay", "time"]
    assert [(whole[start:end], term) for start, end, term in row["places"]] == [
        ("delay", "delay"),
        ("time", "time"),
    ]


def test_a_table_shows_the_place_in_a_long_text_and_the_title(told: Path, shell: Shell) -> None:
    said = shell("search", "delay", "--order", "newest").out
    assert "No delay: Acme on time" in said
    assert "…words words" in said
    assert "at last an Acme delay" in said
    assert "\x1b" not in said


def test_explaining_goes_to_stderr(told: Path, shell: Shell) -> None:
    said = shell("search", "acme NOT delay", "--explain", "--format", "jsonl")
    assert len(said.rows) == 1
    assert 'the full-text index: "acme"' in said.err
    assert "read 4 candidates, 1 hold" in said.err


def test_nothing_found_is_said_and_is_no_failure(told: Path, shell: Shell) -> None:
    said = shell("search", "nowhere")
    assert (said.status, said.out) == (0, "")
    assert "nothing found." in said.err


@pytest.mark.parametrize("query", ["acme AND OR", "NOT acme", "stars:many", "", "acme | delay"])
def test_a_mistake_is_shown_at_its_place(told: Path, shell: Shell, query: str) -> None:
    for command in (("search", query), ("inbox", "--query", query or "OR")):
        said = shell(*command)
        assert said.status == 2, command
        assert "expected" in said.err
        assert "^" in said.err


def test_the_inbox_takes_a_query_too(told: Path, shell: Shell) -> None:
    def waiting(query: str) -> list[str]:
        rows = shell("inbox", "--query", query, "--format", "jsonl").rows
        return sorted(row["id"] for row in rows)

    everything = waiting("acme")
    assert everything
    assert waiting("acme NOT acme2") == everything
    assert waiting("nowhere") == []
    assert waiting("state:met") == []
    assert set(waiting("lang:en state:open")) <= set(everything)


def test_the_team_of_a_topic_is_asked_for(configured: Path, shell: Shell) -> None:
    """And what waits for an answer names that team, too."""
    config = configured / "config.toml"
    teams = '\n[[topics]]\nname = "delivery"\nteam = "logistics"\n[[teams]]\nname = "logistics"\n'
    config.write_text(config.read_text("utf-8") + teams, "utf-8")
    lines = [
        a_line(1, text="My Acme parcel never arrived, a horrible courier!", created_at=ago(9)),
        a_line(2, text="Acme, what a horrible day for me!", created_at=ago(9)),
    ]
    written(configured / "drop" / "new.jsonl", lines)
    assert shell("run", "--once").status == 0
    assert ids(shell, "team:logistics") == ["1"]
    waiting = {row["id"]: row["team"] for row in shell("inbox", "--format", "jsonl").rows}
    assert waiting["drop:1"] == "logistics"
