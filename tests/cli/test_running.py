"""Setting up and running at the shell: init, check, collect, run, replay."""

import sys
from functools import partial
from pathlib import Path

import pytest

from classifiers.supervised import Supervised
from tests.builders import a_line, written
from tests.cli.conftest import Shell
from tests.servers.web import Step, web_server

ROOT = Path(__file__).parents[2]
CRASHING = ROOT / "tests" / "classifiers" / "crashing_worker.py"


def test_the_config_at_the_root_is_sound(tmp_path: Path, shell: Shell) -> None:
    said = shell("--config", ROOT / "config.toml", "--db", tmp_path / "a.db", "check")
    assert said.status == 0, said.err
    assert "3 subjects" in said.out
    assert "default@" in said.out


def test_a_check_says_what_is_asked_and_what_is_left(configured: Path, shell: Shell) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write("""
[[subjects]]
name = "Rival"
role = "competitor"
query = "(rival OR rivale OR rivals) NOT (colo?r OR `X`) kind:post is:question lang:zh has:link"
[[subjects]]
name = "Odd"
role = "competitor"
query = "colo?r"
[collectors.hn]
type = "hacker_news"
base_url = "http://127.0.0.1:9"
""")
    said = shell("check")
    assert said.status == 0, said.err
    lines = [line.strip() for line in said.out.partition("search ")[2].splitlines()]
    assert lines[:6] == [
        "hn for Acme:",
        '"acme"',
        "search    hn for Boreal:",
        '"boreal"',
        "search    hn for Rival:",
        '"rival"',
    ]
    assert "and 1 more; -v tells all" in lines
    assert (
        "cannot be searched for: colo?r cannot be asked for: Hacker News has no wildcards" in lines
    )
    full = [line.strip() for line in shell("-v", "check").out.splitlines()]
    assert not any("more; -v" in line for line in full)
    cannot = "kind:post, is:question, lang:zh, has:link are sorted out here"
    assert f"{cannot}: Hacker News cannot be asked for it" in full
    left = "NOT colo?r, NOT `X` are sorted out here: a NOT could leave out more there"
    assert left in full


def test_init_asks_and_what_it_writes_is_sound(tmp_path: Path, shell: Shell) -> None:
    answers = "Acme\nx:acmeair\nBoreal\nen, zh-Hant\nEurope/Budapest\ndrop\n\n\n\n"
    said = shell("init", "config.toml", stdin=answers.encode())
    assert said.status == 0, said.err
    assert "Acme (brand) is looked for as" in said.out
    assert shell("check").status == 0
    again = shell("init", "config.toml", stdin=answers.encode())
    assert again.status == 2
    assert "is there already" in again.err


def test_a_source_that_fails_ends_with_3_and_the_others_go_on(
    configured: Path, shell: Shell
) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write('\n[collectors.gone]\ntype = "folder"\npath = "missing"\n')
    written(configured / "drop" / "a.jsonl", [a_line(1)])
    said = shell("collect")
    assert said.status == 3
    assert "drop: 1 new" in said.out
    assert "gone:" in said.err
    states = {row["name"]: row["error"] for row in shell("sources", "--format", "jsonl").rows}
    assert states["drop"] is None
    assert states["gone"]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Retry-After": "900"}, "(HTTP 429); it may be asked again in 15 min"),
        ({}, "(HTTP 429); it does not say when it may be asked again"),
    ],
    ids=["it says when", "it does not"],
)
def test_a_check_says_when_a_source_may_be_asked_again(
    configured: Path, shell: Shell, headers: dict[str, str], words: str
) -> None:
    with web_server() as server:
        url = server.play(Step(status=429, headers=headers))
        with (configured / "config.toml").open("a") as file:
            file.write(f'\n[collectors.news]\ntype = "feed"\nurls = "{url}"\n')
            file.write("allow_private = true\n")
        said = shell("check", "--online")
    assert said.status == 3
    assert said.err.strip().endswith(words)
    assert "listener: source news: the feed" in said.err


def test_run_says_more_where_that_is_asked(
    configured: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Recorded:
        def __init__(self, *_: object, verbose: bool, **__: object) -> None:
            asked.append(verbose)

        def run(self) -> int:
            return 0

    monkeypatch.setattr("listener.daemon.Daemon", Recorded)
    shell("run", "--no-web")
    shell("-v", "run", "--no-web")
    assert asked == [False, True]


def test_replay_prints_notices_alone_and_leaves_four_files(configured: Path, shell: Shell) -> None:
    lines = [a_line(n, created_at=f"2026-11-20T12:0{n}:00Z") for n in range(3)]
    file = written(configured / "old.jsonl", [*lines, "not json"])
    said = shell("replay", file, "--labels", "given", "--until-quiet", "--out", "played")
    assert said.status == 3
    assert "old.jsonl:4" in said.err
    assert {row["event"] for row in said.rows} == {"response.due_soon", "response.overdue"}
    names = sorted(f.name for f in (configured / "played").iterdir())
    assert names == ["digest.html", "digest.txt", "listener.db", "notices.jsonl"]
    assert (configured / "played" / "notices.jsonl").read_text() == said.out
    again = shell("replay", file, "--labels", "given", "--out", "played")
    assert again.status == 2
    assert "is there already" in again.err


def test_texts_that_kill_the_model_are_named_by_the_run_that_met_them(
    configured: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, str(CRASHING)]
    monkeypatch.setattr("classifiers.Supervised", partial(Supervised, command=command))
    texts = ("Acme KILL", "Acme is fine!", "EXIT, Acme")
    lines = [a_line(n, text=text) for n, text in enumerate(texts, 1)]
    written(configured / "drop" / "a.jsonl", lines)
    said = shell("run", "--once")
    assert said.status == 3
    assert "drop: 3 new" in said.out
    assert "listener: drop:1: the model could not bear this text" in said.err
    assert "listener: drop:3: the model could not bear this text" in said.err
    assert "2 texts" in said.err
    assert "`listener sources`" in said.err
    assert "`listener retry`" in said.err
    again = shell("run", "--once")
    assert again.status == 0
    assert "set aside" not in again.err
    assert "drop:1" in shell("sources").err
    assert "2 texts" in shell("retry").err
    assert shell("run", "--once").status == 3


def test_history_is_read_back_where_a_source_can(configured: Path, shell: Shell) -> None:
    said = shell("collect", "--since", "90d")
    assert said.status == 0
    assert "left out, for they cannot be read back to a date: drop" in said.err
    refused = shell("collect", "drop", "--since", "2026-09-01")
    assert refused.status == 2
    assert "drop cannot be read back to a date" in refused.err


@pytest.mark.parametrize("since", ["", "soon", "2999-01-01", "2026-13-45"])
def test_a_since_that_is_none_is_refused(configured: Path, shell: Shell, since: str) -> None:
    assert shell("collect", "--since", since).status == 2


def test_a_sweep_names_who_cannot_tell(configured: Path, shell: Shell) -> None:
    said = shell("sweep")
    assert said.status == 0
    assert "left out, for they cannot tell what was deleted: drop" in said.err
    with (configured / "config.toml").open("a") as config:
        config.write('[collectors.x]\nbearer_token = "a-token"\n')
    refused = shell("sweep", "x")
    assert refused.status == 2
    assert "x cannot tell what was deleted" in refused.err
