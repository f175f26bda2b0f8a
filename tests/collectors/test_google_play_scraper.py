"""The process that runs google-play-scraper: what it is given, and what ends it."""

import os
import ssl
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from listener.collectors.google_play_public.scraper import KNOWN, MOST_BYTES, WORKER, Scraper
from listener.errors import CollectorError, Trouble

ROOT = Path(__file__).parents[2]
SECRET = "s3cret-of-ours"


def ask(scraper: Scraper) -> bytes:
    return scraper.question("com.acme.app", "en", "us", 100, "").body


def failing(scraper: Scraper) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        ask(scraper)
    return caught.value


def running(tmp_path: Path, code: str, seconds: float = 20.0) -> Scraper:
    """One whose worker is this code."""
    worker = tmp_path / "other.py"
    worker.write_text(code)
    return Scraper(python=sys.executable, seconds=seconds, worker=worker)


def test_the_library_and_what_it_turns_off_stay_out_of_this_process() -> None:
    assert b"com.acme.app" in ask(Scraper(python=sys.executable))
    assert "google_play_scraper" not in sys.modules
    assert ssl._create_default_https_context is ssl.create_default_context
    assert "listener" not in WORKER.read_text().replace("google-play-scraper", "")


def test_the_version_that_we_know_is_the_one_of_the_extra() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["optional-dependencies"]["play"] == [KNOWN]
    assert KNOWN in (ROOT / "constraints.txt").read_text().splitlines()


def test_it_gets_none_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code = (
        "import json, os, sys\n"
        "told = {'path': '/x', 'body': ' '.join([*os.environ.values(), *sys.path, *sys.argv])}\n"
        "print(json.dumps(told))"
    )
    said = ask(running(tmp_path, code)).decode()
    assert SECRET not in said
    assert str(tmp_path) not in said.split(" ")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "it said nothing"),
        ("raise SystemExit('no luck')", "no luck"),
        ("print('[]')", "it said something else"),
        ("print('{}')", "it wrote no question"),
        ('print(\'{"path": "https://a.example", "body": ""}\')', "it wrote no question"),
        (f"print('x' * {MOST_BYTES + 1})", "it said more than 10 MB"),
        ("import sys; sys.stderr.write('x' * 1_000_000 + '\\nthe end')", "the end"),
    ],
)
def test_what_is_no_answer_is_told(tmp_path: Path, code: str, words: str) -> None:
    error = failing(running(tmp_path, code))
    assert error.kind is Trouble.SHAPE
    assert words in str(error)
    assert len(str(error)) < 5_000


HANGS = """
import subprocess, sys
with open({pipe!r}, "w") as pipe:
    child = "print('started', flush=True); import signal; signal.pause()"
    subprocess.run([sys.executable, "-c", child], stdout=pipe)
"""


def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    listening = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    error = failing(running(tmp_path, HANGS.format(pipe=str(pipe)), seconds=2.0))
    assert "it took longer than 2 s" in str(error)
    os.set_blocking(listening, True)
    with os.fdopen(listening) as heard:
        assert heard.read() == "started\n"  # comes to its end when nobody holds the pipe any more


def test_a_python_without_the_library_is_told(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    error = failing(Scraper(python=python))
    assert error.kind is Trouble.SETTINGS
    assert f"{python} -m pip install {KNOWN}" in str(error)


def test_a_python_that_is_none_is_told(tmp_path: Path) -> None:
    error = failing(Scraper(python=str(tmp_path / "none")))
    assert error.kind is Trouble.SETTINGS
    assert "check `python`" in str(error)
