"""A clock that runs faster, for a process that knows nothing of it; see fast_clock.c.

`faketime` cannot do it: at a speed it leaves sem_clockwait alone, by which Python's threads wait,
while it shortens what sockets wait, and time.sleep fails under it.
"""

import mmap
import struct
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("fast_clock.c")
_BOOK = struct.Struct("=5q")
_SECOND = 10**9


class FastClock:
    """The time that the process sees. It runs at its own speed until `run_at` says otherwise."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self._library, self._path = folder / "fast_clock.so", folder / "clock"
        flags = ("-std=gnu11", "-O2", "-shared", "-fPIC")
        command = ["cc", *flags, "-o", str(self._library), str(SOURCE), "-ldl", "-lpthread"]
        subprocess.run(command, check=True)
        self._path.write_bytes(bytes(_BOOK.size))
        with self._path.open("r+b") as file:
            self._book = mmap.mmap(file.fileno(), _BOOK.size)
        real = time.monotonic_ns()
        self._kept = (2, real, int(start.timestamp() * _SECOND), real, 1)
        self._book[:] = _BOOK.pack(*self._kept)

    @property
    def variables(self) -> dict[str, str]:
        """What the environment of a process has to hold that shall live by this clock."""
        return {"LD_PRELOAD": str(self._library), "FAST_CLOCK": str(self._path)}

    @property
    def speed(self) -> int:
        return self._kept[-1]

    def now(self) -> datetime:
        _, real, wall, _, speed = self._kept
        gone = (time.monotonic_ns() - real) * speed
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=(wall + gone) // 1000)

    def run_at(self, speed: int) -> None:
        """Go on at another speed, without a jump."""
        count, real, wall, steady, before = self._kept
        moment = time.monotonic_ns()
        gone = (moment - real) * before
        kept = (count + 2, moment, wall + gone, steady + gone, speed)
        self._book[:8] = struct.pack("=q", count + 1)  # odd: it is being written
        self._book[8:] = _BOOK.pack(*kept)[8:]
        self._book[:8] = struct.pack("=q", count + 2)
        self._kept = kept
