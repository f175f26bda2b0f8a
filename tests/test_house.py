"""The rules of the house that no single room can keep."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from listener.cli import MODULES
from listener.store.connection import Store
from tests.builders import NOW
from tests.servers.slack import SlackServer

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CANARY = "xoxb-canary-0123456789"

PYTHON = sorted([*(ROOT / "listener").rglob("*.py"), *(ROOT / "classifiers").rglob("*.py")])
DOORS = ("__main__", "cli", "daemon", "web")
HEAVY = ("torch", "transformers", "numpy", "scipy", "pandas", "fastapi", "starlette")


@pytest.mark.skipif(not README.read_text(encoding="utf-8"), reason="README.md is not written yet")
@pytest.mark.parametrize("command", MODULES)
def test_every_command_is_in_the_readme(command: str) -> None:
    text = README.read_text(encoding="utf-8")
    assert re.search(rf"listener {command}\b|`{command}\b|\b{command}`", text)


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(file: Path) -> None:
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if file.name == "__main__.py" and file.parent.name == "listener":
        return  # three lines that speak for themselves
    assert said, f"{file} opens with no docstring"
    assert said.splitlines()[0].endswith((".", ":", "?"))


def test_no_room_is_left_out_where_sql_and_frameworks_are_forbidden() -> None:
    rooms = {p.stem for p in (ROOT / "listener").iterdir() if p.suffix == ".py" or p.is_dir()}
    rooms = {f"listener.{name}" for name in rooms - {"__init__", "__pycache__"}} | {"classifiers"}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {c["id"]: c for c in settings["tool"]["importlinter"]["contracts"]}
    may = {"sql": {"listener.store"}, "doors": {f"listener.{n}" for n in DOORS}}
    for contract, allowed in may.items():
        assert set(contracts[contract]["source_modules"]) == rooms - allowed


def loaded(code: str) -> set[str]:
    """The top-level modules that Python has loaded after running this."""
    script = f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    names: list[str] = json.loads(ended.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    "code",
    [
        "import listener.cli",
        "import classifiers",
        "import listener.inbox, listener.views, listener.cycle, listener.app",
        *(f"import listener.cli.{name}" for name in sorted({m for m, _ in MODULES.values()})),
    ],
)
def test_importing_it_loads_nothing_heavy(code: str) -> None:
    assert not loaded(code) & set(HEAVY)


SHELL = """
import sys
sys.argv = ["listener", *{arguments!r}]
from listener.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""


def test_no_door_loads_a_model(tmp_path: Path) -> None:
    database = ["--db", str(tmp_path / "a.db")]
    Store(tmp_path / "a.db").open(NOW).close()
    for arguments in (
        ["--help"],
        ["inbox", "--help"],
        [*database, "inbox"],
        [*database, "sources"],
    ):
        assert not loaded(SHELL.format(arguments=arguments)) & set(HEAVY)


CONFIGS = {
    "as it is": f'channel = "#cx"\ntoken = "{CANARY}"',
    "misspelt": f'channel = "#cx"\ntokne = "{CANARY}"',
    "in the address": f'channel = "#cx"\ntoken = "env:TOKEN"\nbase_url = "ftp://{CANARY}@x/"',
    "in a broken line": f'channel = "#cx"\ntoken = "{CANARY}',
    "in no number": f'channel = "#cx"\ntoken = "env:TOKEN"\ntimeout_seconds = "{CANARY}"',
    "resolved": 'channel = 7\ntoken = "env:TOKEN"',
}


@pytest.mark.parametrize("case", CONFIGS)
def test_no_error_of_a_config_shows_a_secret(tmp_path: Path, case: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[[subjects]]\nname = "Acme"\nquery = "acme"\n[notify.slack]\n{CONFIGS[case]}\n'
    )
    ended = subprocess.run(
        [sys.executable, "-m", "listener", "--config", str(config), "-v", "run", "--once"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"TOKEN": CANARY, "PATH": "/usr/bin:/bin"},
    )
    assert ended.returncode == (0 if case == "as it is" else 2)
    assert "config.toml" in ended.stderr
    assert CANARY not in ended.stdout + ended.stderr


def test_what_slack_refuses_shows_no_secret(tmp_path: Path) -> None:

    with SlackServer(token="another") as slack:
        config = tmp_path / "config.toml"
        config.write_text(
            '[[subjects]]\nname = "Acme"\nquery = "acme"\n[notify.slack]\n'
            f'channel = "#cx"\ntoken = "env:TOKEN"\nbase_url = "{slack.url}"\n'
        )
        ended = subprocess.run(
            [sys.executable, "-m", "listener", "--config", str(config), "-v", "send-test"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={"TOKEN": CANARY, "PATH": "/usr/bin:/bin"},
        )
    assert ended.returncode == 3
    assert "slack" in ended.stderr
    assert CANARY not in ended.stdout + ended.stderr


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stdout
