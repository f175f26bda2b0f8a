"""What is shipped to run it: the unit, the image, and the README's first steps, word by word."""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.servers.slack import SlackServer

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy/listener.service"
DOCKERFILE = ROOT / "deploy/Dockerfile"
STATE = "/var/lib/listener"
CONFIG = re.compile(r"```toml\n(.*?)```", re.DOTALL)
STEPS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def unit() -> dict[str, list[str]]:
    """The settings of the unit; each may stand there more than once."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_the_unit_s_config_lies_where_the_daemon_may_write() -> None:
    """For the database and every other path in it is relative to it."""
    settings = unit()
    assert settings["ProtectSystem"] == ["strict"]
    assert settings["StateDirectory"] == ["listener"]
    (command,) = settings["ExecStart"]
    assert f"--config {STATE}/config.toml" in command
    assert f"HOME={STATE}" in settings["Environment"]


def test_the_unit_does_not_start_again_what_cannot_mend_itself() -> None:
    assert unit()["RestartPreventExitStatus"] == ["2"]


def copied() -> list[str]:
    """What the Dockerfile takes from the repository."""
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    return [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]


def test_docker_is_sent_what_it_copies_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(copied())
    assert "**/__pycache__" in rules
    assert all((ROOT / name).exists() for name in copied())


def test_the_image_is_given_all_that_the_wheel_is_made_of() -> None:
    """`pip install .` in the image has these files and no others."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r'^(?:readme = |license-files = \[)"([^"]+)"', settings, re.MULTILINE)
    assert {"README.md", "LICENSE"} == set(needed)
    assert {"pyproject.toml", "listener", "classifiers", *needed} <= set(copied())


def test_each_command_of_the_dockerfile_s_head_is_one_that_there_is() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    head = text.partition("\nFROM ")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "--build-arg TORCH_INDEX=" in head
    assert "ARG TORCH_INDEX" in text
    assert {"listener init", "listener check"} <= set(re.findall(r"listener (?:init|check)", head))


def a_wheel(folder: Path, name: str, version: str, *requires: str) -> None:
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        wheel.writestr(f"{info}/RECORD", "")


def test_cuda_is_not_fetched_by_accident(tmp_path: Path) -> None:
    """In an environment of its own: should it be fetched all the same, ours is left alone."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    a_wheel(tmp_path, "torch", "99.0", "nvidia_cuda")
    a_wheel(tmp_path, "nvidia_cuda", "1.0")
    (tmp_path / "constraints.txt").write_text("torch==99.0\n")
    pip = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    ended = subprocess.run(
        [python, ROOT / "deploy/get_torch.py", "torch==99.0", ""],
        cwd=tmp_path,
        env=pip | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "several GB of CUDA" in ended.stderr
    assert "make demo TORCH_INDEX=<its address>" in ended.stderr
    assert "docker build --build-arg TORCH_INDEX=<its address>" in ended.stderr
    assert not list(tmp_path.glob("venv/lib/*/site-packages/torch*"))


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def first_config() -> str:
    (text,) = CONFIG.findall(readme())
    return str(text)


def first_steps() -> str:
    (text,) = STEPS.findall(readme())
    return str(text)


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    given: Mapping[str, str] = {**os.environ, "PATH": path, **variables}
    return subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def of_this_machine(slack: SlackServer) -> str:
    """The README's config, with the address and the channel of a Slack that is none."""
    config = first_config().replace("C0123456789", "C00000001")
    return f'{config.rstrip()}\nbase_url = "{slack.url}"\n'


def test_the_first_configuration_has_ten_lines() -> None:
    assert len(first_config().splitlines()) <= 10


def test_the_first_steps_work_word_by_word(tmp_path: Path) -> None:
    """All but the last, which runs on; Slack is one on this machine."""
    steps = first_steps()
    token = re.search(r"SLACK_BOT_TOKEN=(\S+)", steps)
    assert token is not None
    *before, last = steps.splitlines()
    assert last.startswith("listener run")
    with SlackServer(token=token[1], channels=["#cx"]) as slack:
        (tmp_path / "config.toml").write_text(of_this_machine(slack), encoding="utf-8")
        ended = shell("\n".join([*before, "listener run --once"]), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "source    inbox: 0 files" in ended.stdout
    assert "way out   slack: posts to C00000001" in ended.stdout


def test_a_token_that_is_none_ends_with_3_in_the_words_of_the_readme(tmp_path: Path) -> None:
    *before, _last = first_steps().splitlines()
    with SlackServer(token="another", channels=["#cx"]) as slack:
        (tmp_path / "config.toml").write_text(of_this_machine(slack), encoding="utf-8")
        ended = shell("\n".join(before), tmp_path)
    assert ended.returncode == 3, ended.stderr
    (said,) = ended.stderr.splitlines()
    assert said in readme()


def test_without_slack_the_terminal_takes_its_place(tmp_path: Path) -> None:
    config = first_config().partition("[notify.slack]")[0] + "[notify.console]\n"
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    steps = [line for line in first_steps().splitlines() if "SLACK" not in line]
    ended = shell("\n".join([*steps[:-1], "listener run --once"]), tmp_path)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("file", [UNIT, DOCKERFILE, ROOT / "README.md"], ids=lambda f: f.name)
def test_no_package_index_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"index-url|https?://\S*(pypi|pytorch|whl)", text)
