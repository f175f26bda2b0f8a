"""The daemon's threads: loops, each with one thing to do, and readers, each with one source."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue

from listener.clock import monotonic
from listener.daemon.log import logger

PAUSE_AFTER_FAULT = 5.0  # seconds, so that a fault that stays does not spin


@dataclass
class Loop:
    """A thread that runs `step` whenever it is woken, or when its patience ends.

    `step` returns how many seconds it may wait at most for the next time. What it raises is
    logged, and the loop goes on: one fault stops nothing else.
    """

    name: str
    step: Callable[[], float]
    stop: threading.Event
    wake: threading.Event = field(default_factory=threading.Event)
    moved_at: float = field(default_factory=monotonic)  # when a step last succeeded, monotonic
    busy_since: float | None = None  # since it tries to: a step that fails counts as one under way

    def start(self) -> "Loop":
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self.stop.is_set():
            self.wake.clear()
            if self.busy_since is None:
                self.busy_since = monotonic()
            try:
                patience = self.step()
            except Exception as error:
                logger().error("fault", loop=self.name, error=type(error).__name__, exc_info=True)
                self.stop.wait(PAUSE_AFTER_FAULT)
                continue
            self.busy_since = None
            self.moved_at = monotonic()
            self.wake.wait(max(0.0, patience))

    def join(self, seconds: float) -> bool:
        """Wait for its end; False if it is still busy then."""
        self.wake.set()
        self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def stuck_for(self) -> float:
        """Seconds since it last succeeded; what it waits for on purpose does not count."""
        return monotonic() - (self.busy_since or self.moved_at)


class Readers:
    """A few threads that read sources, each source once at a time.

    They do not outlive us: what hangs when we end is cut off, as by a kill, and read again.
    """

    def __init__(self, count: int, read: Callable[[str], None], stop: threading.Event) -> None:
        self._read, self._stop = read, stop
        self._wanted: SimpleQueue[str] = SimpleQueue()
        self._busy: set[str] = set()  # waiting or being read
        self._lock = threading.Lock()
        for number in range(count):
            threading.Thread(target=self._run, name=f"read {number}", daemon=True).start()

    def ask(self, name: str) -> None:
        """Have a source read as soon as a thread is free, if that is not under way."""
        with self._lock:
            if name in self._busy:
                return
            self._busy.add(name)
        self._wanted.put(name)

    def idle(self) -> bool:
        with self._lock:
            return not self._busy

    def _run(self) -> None:
        while True:
            name = self._wanted.get()
            try:
                if not self._stop.is_set():
                    self._read(name)
            finally:
                with self._lock:
                    self._busy.discard(name)
