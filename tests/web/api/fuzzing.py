"""Schemathesis against a site that is served: what it found."""

import os
import subprocess
import sys
from pathlib import Path

HOOKS = "tests.web.api.fuzz_hooks"
ROOT = Path(__file__).parents[3]
SETTINGS = Path(__file__).with_name("schemathesis.toml")


def fuzz(port: int, token: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """A run of its command line, with its checks, over the document that is served.

    But for one: a cursor of another list has the right shape, and is refused.
    """
    address = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("--config-file", str(SETTINGS)),
        *("run", f"{address}/api/v1/openapi.json", "--url", address),
        *("-H", f"Authorization: Bearer {token}", "--checks", "all", "--no-color"),
        *("--exclude-checks", "positive_data_acceptance"),
        *("--continue-on-failure", "--warnings", "off", *more),
    ]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": HOOKS,
        "NO_PROXY": "127.0.0.1",
        "COLUMNS": "200",
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
