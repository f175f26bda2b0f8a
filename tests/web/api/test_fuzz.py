"""Schemathesis with all of its checks; `python -m bench.acceptance.api_fuzz` goes on for longer."""

from pathlib import Path

import pytest

from tests.web.api.client import Client
from tests.web.api.fuzzing import fuzz


@pytest.mark.parametrize("phases", ["examples,coverage", "fuzzing"])
def test_whatever_is_asked_is_answered_as_the_document_says(
    agent: Client, tmp_path: Path, phases: str
) -> None:
    done = fuzz(
        agent.browser.port,
        agent.token,
        tmp_path,
        *("--max-examples", "8", "--phases", phases, "--seed", "7"),
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
