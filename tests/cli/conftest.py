"""A shell in a folder of its own, with a config of one brand and one rival."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.cli import main
from listener.clock import WallClock
from listener.domain.times import to_json
from tests.builders import a_line, written

CONFIG = """
[listener]
database = "listener.db"

[[subjects]]
name = "Acme"
role = "brand"
query = "acme"
accounts = { drop = ["acme_help"] }

[[subjects]]
name = "Boreal"
role = "competitor"
query = "boreal"

[collectors.drop]
type = "folder"
path = "drop"

[classify]
sentiment = "fast"

[notify.jsonl]
path = "notices.jsonl"
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every line of stdout, which are all JSON objects."""
        found = [json.loads(line) for line in self.out.splitlines()]
        assert all(isinstance(row, dict) for row in found)
        return found


Shell = Callable[..., Said]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Runs `listener ARGUMENTS` in the folder of the test; `stdin` is bytes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LISTENER_CONFIG", raising=False)

    def run(*arguments: object, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "argv", ["listener", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out, said.err)

    return run


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def ago(minutes: float) -> str:
    now: datetime = WallClock().now()
    return to_json(now - timedelta(minutes=minutes))


@pytest.fixture
def heard(configured: Path, shell: Shell) -> Path:
    """Four mentions have come in, and were labelled and measured."""
    lines = [
        a_line(1, text="Acme lost my luggage, worst airline ever, awful", created_at=ago(5)),
        a_line(2, text="Acme 的服務太差了，行李丟了，非常失望", created_at=ago(10), language=None),
        a_line(3, text="=HYPERLINK(Acme) is terrible, I hate it", created_at=ago(20)),
        a_line(4, text="Boreal is terrible too, I hate it", created_at=ago(20)),
    ]
    written(configured / "drop" / "old.jsonl", lines)
    said = shell("run", "--once")
    assert said.status == 0, said.err
    return configured
