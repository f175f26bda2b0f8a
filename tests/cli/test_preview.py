"""`listener digest --preview`, as at a desk and as at a bare server."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Shell


def preview(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-m", "listener", "digest", "--sample", "--preview"],
        cwd=folder, env=told | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip


def test_a_digest_opens_in_the_browser(tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    said = preview(tmp_path, BROWSER=str(browser))
    file = Path(said.stdout.strip())
    assert opened.read_text().strip() == file.as_uri()
    assert "<h1" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said.stderr == "All of it is invented.\n"


def test_without_a_browser_its_path_is_told(tmp_path: Path) -> None:
    said = preview(tmp_path, PATH="/nowhere", BROWSER="")
    assert Path(said.stdout.strip()).is_file()
    assert "There is no browser here" in said.stderr


def test_an_invented_one_is_printed_and_written_without_a_database(
    shell: Shell, tmp_path: Path
) -> None:
    assert "Norvelune" in shell("digest", "--sample").out
    assert shell("digest", "--sample", "--html", "a.html").out == ""
    assert "Norvelune" in (tmp_path / "a.html").read_text(encoding="utf-8")
    said = shell("digest", "--sample", "--send")
    assert (said.status, said.out) == (2, "")
    assert "nobody is sent it" in said.err
