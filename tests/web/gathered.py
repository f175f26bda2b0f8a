"""What `make words` gathers of the pages, by its own line."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]


def gathered(folder: Path) -> Catalog:
    line = re.search(r"pybabel (-q extract .*) -o \S+ (\S+)\n", (ROOT / "Makefile").read_text())
    assert line is not None
    made = folder / "pages.pot"
    with pytest.MonkeyPatch.context() as here:
        here.chdir(ROOT)
        command: Any = CommandLineInterface()  # which has no types
        command.run(["pybabel", *shlex.split(line[1]), "-o", str(made), line[2]])
    with made.open("rb") as file:
        return read_po(file)
