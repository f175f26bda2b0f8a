"""Every command alike: its help, what it refuses, and the status it ends with."""

import sqlite3
from pathlib import Path

import pytest

from listener.cli import MODULES
from listener.store.lock import DaemonLock
from tests.cli.conftest import Shell


@pytest.mark.parametrize("command", MODULES)
def test_every_command_has_help(shell: Shell, command: str) -> None:
    said = shell(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: listener {command}")
    assert len(said.out.splitlines()[2].strip()) > 10


def test_the_help_of_all_names_every_command(shell: Shell) -> None:
    said = shell("--help")
    assert said.status == 0
    assert all(f"\n  {command} " in said.out for command in MODULES)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["inbox", "--nonsense"],
        ["inbox", "--state", "lost"],
        ["answer"],
        ["snooze", "old:1", "soon"],
        ["snooze", "old:1", "999999w"],
        ["answer", "old:1", "--at", "yesterday"],
        ["answer", "old:1", "--at", "2026-11-22T12:00:00"],
        ["answer", "nobody:99"],
        ["explain", "99"],
        ["explain", "many"],
        ["ack", "99"],
        ["resolve", "99"],
        ["forget", "--author", "nobody"],
        ["forget", "--author", "drop:nobody"],
        ["import", "config.toml", "--source", "two words"],
        ["import", "config.toml", "--source", "a:b"],
        ["import", "config.toml", "--source", "a/b"],
        ["import", "config.toml", "--source", ""],
        ["import", "config.toml", "--source", "a" * 65],
        ["digest", "--send"],
        ["import", "none.jsonl", "--source", "old"],
        ["import", "config.toml"],
        ["import", "config.toml", "--source", "old", "--timezone", "Mars"],
        ["import", "config.toml", "--source", "old", "--map", "text"],
        ["import", "config.toml", "--source", "old", "--map", "nothing=Column"],
        ["export", "--kind", "secrets"],
        ["export", "--since", "ever"],
        ["export", "--since", ""],
        ["export", "--since", "999999w"],
        ["export", "--out", "missing/folder.jsonl"],
        ["backup", "missing/folder.db"],
        ["restore", "none.db"],
        ["restore", "config.toml"],
        ["replay", "none.jsonl"],
        ["query", "acme AND ("],
        ["query", ""],
        ["classify", "--model", "./no/such/model", "config.toml"],
        ["classify", "none.txt"],
        ["evaluate", "none.jsonl"],
        ["collect", "nowhere"],
        ["send-test", "pigeon"],
        ["digest", "--week", "2026-W99"],
        ["digest", "--html", "missing/digest.html"],
        ["--config", "none.toml", "inbox"],
        ["--db", "config.toml", "inbox"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_2_and_says_why(
    configured: Path, shell: Shell, arguments: list[str]
) -> None:
    shell("collect")  # makes the database
    said = shell(*arguments)
    assert said.status == 2, said.err
    assert said.out == ""
    assert said.err.strip()
    assert "there is no database" not in said.err
    assert "Traceback" not in said.err
    assert "fault of ours" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["inbox"],
        ["answer", "old:1"],
        ["search", "parcel"],
        ["sources"],
        ["incidents"],
        ["export"],
        ["backup", "copy.db"],
        ["forget", "--author", "x:somebody"],
        ["ack", "1"],
        ["resolve", "1"],
        ["retry"],
        ["deliveries"],
        ["deliveries", "--again", "1"],
        ["digest"],
    ],
    ids=" ".join,
)
def test_a_database_that_is_not_there_is_not_made(
    configured: Path, shell: Shell, arguments: list[str]
) -> None:
    said = shell("--db", "mistyped.db", *arguments)
    assert said.status == 2
    assert said.out == ""
    assert "there is no database" in said.err
    assert "mistyped.db" in said.err
    assert not list(configured.glob("*.db*"))


def test_a_newer_database_ends_with_2(configured: Path, shell: Shell) -> None:
    shell("collect")
    database = sqlite3.connect(configured / "listener.db")
    database.execute("INSERT INTO _sqlite_migrations VALUES (99, 'listener', 'later', '')")
    database.commit()
    database.close()
    said = shell("inbox")
    assert said.status == 2
    assert "newer listener" in said.err


def test_a_taken_lock_ends_with_2_and_names_the_first(configured: Path, shell: Shell) -> None:
    shell("collect")
    with DaemonLock(configured / "listener.db") as lock:
        lock.take("run")
        for command in (["run", "--once"], ["collect"], ["digest", "--send"]):
            said = shell(*command)
            assert said.status == 2
            assert "in use by `listener run`" in said.err
        assert shell("inbox").status == 0


def test_a_check_tests_the_queries(configured: Path, shell: Shell) -> None:
    config = configured / "config.toml"
    right = config.read_text(encoding="utf-8")
    tests = 'must_match = ["acme late", { text = "ACME", lang = "hu" }]\nmust_not_match = "acne"'
    config.write_text(right.replace('query = "acme"', f'query = "acme"\n{tests}'), encoding="utf-8")
    assert "queries   3 texts are found, or not, as they must be\n" in shell("check").out
    config.write_text(right.replace('query = "acme"', f'query = "acme~1"\n{tests}'), "utf-8")
    for command in (["check"], ["run", "--once"]):
        said = shell(*command)
        assert (said.status, said.out) == (2, "")
        assert said.err.splitlines()[-1] == (
            'listener: config.toml: [[subjects]] Acme must_not_match: the query finds "acne" by'
            ' "acme" at character 1'
        )


def test_every_mistake_of_a_config_has_its_line(configured: Path, shell: Shell) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write('\n[respond.social]\nwithin = "soon"\nwihtin = "1h"\n')
    said = shell("check")
    assert said.status == 2
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("listener: config.toml: [respond.social]") for line in lines)
