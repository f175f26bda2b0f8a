"""One child process and the pipes to it: start, ask, end, always within a time."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from classifiers import frames
from classifiers.base import ClassifierError

KEPT_STDERR_BYTES: Final = 4000
END_SECONDS: Final = 3.0
DYING_SECONDS: Final = 0.05  # one that closed its pipes may still be on its way out
CHUNK_BYTES: Final = 1 << 16


class DeathError(Exception):
    """The child ended, hung or spoke nonsense while it was asked; the message says which."""


class HangError(DeathError):
    """The child gave no answer in time, as it would not the next time either."""


class Child:
    """Runs `command` (by default our worker for the model `name`) when it is first asked.

    Not for two threads at once, but for `forbid` and `signal_kill`.
    """

    def __init__(
        self, name: str, command: Sequence[str] | None, start_timeout_seconds: float
    ) -> None:
        self.told: dict[str, Any] = {}  # what the model said of itself: name, version, labels
        self.starts = 0
        self._name = name
        self._command = list(command or (sys.executable, "-P", "-m", "classifiers.worker", name))
        self._start_timeout = start_timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr = b""
        self._forbidden = threading.Event()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and wait for the answer; after a DeathError the next call starts anew."""
        self.start()
        return self._exchange(frames.pack(request), seconds)

    def start(self) -> None:
        """Start the child and wait until it is ready; ClassifierError says why it is not."""
        if self._process is not None:
            return
        self._stderr = b""
        self._spawn()
        try:
            answer = self._exchange(b"", self._start_timeout)
        except DeathError as death:
            raise ClassifierError(f"{self._name}: the model could not be loaded: {death}") from None
        if "ready" not in answer:
            self.end()
            raise ClassifierError(str(answer.get("failed", "the model's process said nothing")))
        self.told = answer["ready"]

    def _spawn(self) -> None:
        if self._forbidden.is_set():
            raise ClassifierError(f"{self._name}: the classifier has been closed")
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours, or of who made us
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C in a terminal is for its keeper alone
            env=_environment(),
        )
        self.starts += 1
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        if self._forbidden.is_set():
            self.signal_kill()

    def _exchange(self, frame: bytes, seconds: float) -> dict[str, Any]:
        """Write a frame and read one, both within the time; on any trouble end the child."""
        try:
            body = self._converse(frame, time.monotonic() + seconds)
            if body is not None:
                return frames.unpack(body)
        except frames.FrameError as error:
            self.kill()
            raise DeathError(self._obituary(f"spoke nonsense: {error}")) from None
        except TimeoutError:
            self.kill()
            raise HangError(self._obituary(f"gave no answer within {seconds:g} s")) from None
        status = self.kill()
        raise DeathError(self._obituary(_how_it_ended(status)))

    def _converse(self, frame: bytes, deadline: float) -> bytearray | None:
        """Write the frame while reading the answer's body; None if the child ends before it."""
        to, answers, errors = self._descriptors()
        poll = select.poll()
        poll.register(answers, select.POLLIN)
        poll.register(errors, select.POLLIN)
        left = memoryview(frame)
        if left:
            poll.register(to, select.POLLOUT)
        reply = _Reply()
        while not reply.whole:
            events = dict(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))
            if not events:
                raise TimeoutError
            if to in events:
                left = _write_some(to, left)
                if not left:
                    poll.unregister(to)
            if errors in events and not self._keep_stderr(errors):
                poll.unregister(errors)
            if answers in events and not reply.add(os.read(answers, CHUNK_BYTES)):
                return None
        return reply.body

    def _descriptors(self) -> tuple[int, int, int]:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        return process.stdin.fileno(), process.stdout.fileno(), process.stderr.fileno()

    @staticmethod
    def _is_dry(stream: int) -> bool:
        poll = select.poll()
        poll.register(stream, select.POLLIN)
        return not any(event & select.POLLIN for _, event in poll.poll(0))

    def _keep_stderr(self, stream: int) -> bool:
        """Keep the end of what the child wrote there; False once it is closed."""
        try:
            chunk = os.read(stream, CHUNK_BYTES)
        except BlockingIOError:
            return True
        self._stderr = (self._stderr + chunk)[-KEPT_STDERR_BYTES:]
        return bool(chunk)

    def _obituary(self, cause: str) -> str:
        lines = self._stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
        return f"{cause}; its last words: {' | '.join(lines)}" if lines else cause

    def forbid(self) -> None:
        """Never start again."""
        self._forbidden.set()

    def signal_kill(self) -> None:
        """Kill the child without waiting for it."""
        process = self._process
        if process is not None:
            process.kill()

    def kill(self) -> int:
        """Kill the child if it still runs, clean up, and give its exit status."""
        process = self._process
        if process is None:
            return 0
        _give_time(process, DYING_SECONDS)
        process.kill()
        return self._reap(process)

    def end(self) -> None:
        """Ask the child to end by closing its input; kill it if it does not."""
        process = self._process
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        _give_time(process, END_SECONDS)
        process.kill()
        self._reap(process)

    def _reap(self, process: subprocess.Popen[bytes]) -> int:
        status = process.wait()
        if process.stderr:
            while self._keep_stderr(process.stderr.fileno()) and not self._is_dry(
                process.stderr.fileno()
            ):
                pass
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
        self._process = None
        return status


class _Reply:
    """A frame as it comes in."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._length: int | None = None

    def add(self, chunk: bytes) -> bool:
        """Take a piece; False for the empty one that ends a stream."""
        self._bytes += chunk
        if self._length is None and len(self._bytes) >= frames.HEADER_BYTES:
            self._length = frames.length_of(bytes(self._bytes[: frames.HEADER_BYTES]))
        return bool(chunk)

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self._length is not None and (len(self._bytes) >= frames.HEADER_BYTES + self._length)

    @property
    def body(self) -> bytearray:
        """What followed the header."""
        return self._bytes[frames.HEADER_BYTES :]


def _give_time(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until it has let go of its output, which it does at its end; no longer than that.

    `Popen.wait` with a time-out sleeps by a clock that is not to be had under `faketime`.
    """
    if process.stdout:
        poll = select.poll()
        poll.register(process.stdout.fileno(), 0)  # hang-up is always reported
        poll.poll(seconds * 1000)


def _write_some(stream: int, data: memoryview) -> memoryview:
    """Write what fits; nothing is left for one who no longer reads."""
    try:
        return data[os.write(stream, data) :]
    except BlockingIOError:
        return data
    except OSError:
        return data[:0]


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _environment() -> dict[str, str]:
    """Tell the child where we are: a checkout is not installed."""
    home = Path(__file__).resolve().parent.parent
    if "site-packages" in home.parts:
        return dict(os.environ)
    paths = [os.environ.get("PYTHONPATH", ""), str(home)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
