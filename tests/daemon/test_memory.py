"""Memory: what was freed between things that stay goes back to the system."""

import subprocess
import sys

import pytest

SCRIPT = """
from listener.daemon.memory import give_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

things = [bytes(1000) for _ in range(60_000)]
kept = things[::40]
things.clear()
before = resident()
give_back()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it asks glibc")
def test_what_was_freed_goes_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) > 20_000_000
