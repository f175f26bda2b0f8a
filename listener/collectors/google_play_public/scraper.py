"""Asks google-play-scraper, in a process of its own, to write questions and to read answers."""

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Never

from listener.errors import CollectorError, Trouble

KNOWN: Final = "google-play-scraper==1.2.7"
WORKER: Final = Path(__file__).with_name("worker.py")
MOST_BYTES: Final = 10_000_000  # of its answer
KEPT_STDERR_BYTES: Final = 4_000

_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to POST, and at which path."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Reviews under the library's names; `token` asks for the next page, and is empty on the last.

    Times are unix seconds. A value that an answer did not have is None.
    """

    reviews: tuple[Mapping[str, Any], ...]
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraper:
    """Runs the worker once for each question and for each answer. Raises CollectorError only.

    It gets an empty environment and no arguments of ours, may take `seconds`, and is killed with
    all that it started.
    """

    python: str
    seconds: float = 20.0
    worker: Path = WORKER

    def question(self, app: str, language: str, country: str, count: int, token: str) -> Question:
        """How to ask for a page; an empty token asks for the first."""
        asked = {"app": app, "language": language, "country": country}
        answer = self._run({"do": "question", **asked, "count": count, "token": token})
        path, body = answer.get("path"), answer.get("body")
        if not (isinstance(path, str) and path.startswith("/") and isinstance(body, str)):
            self._failed("it wrote no question")
        return Question(path=path, body=body.encode())

    def page(self, reply: bytes) -> Page:
        """What an answer of Google says."""
        answer = self._run({"do": "page", "reply": reply.decode("utf-8", "replace")})
        reviews, token = answer.get("reviews"), answer.get("token")
        if not isinstance(reviews, list) or not isinstance(token, str):
            self._failed("it read no page")
        if not all(isinstance(review, dict) for review in reviews):
            self._failed("it read no reviews")
        return Page(reviews=tuple(reviews), token=token)

    def _run(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        said, complained = self._heard(json.dumps(request).encode())
        try:
            answer = json.loads(said)
        except (ValueError, RecursionError):
            lines = complained.decode("utf-8", "replace").strip().splitlines()
            self._failed(lines[-1] if lines else "it said nothing")
        if not isinstance(answer, dict):
            self._failed("it said something else")
        if refused := answer.get("refused"):
            raise self._refused(refused, answer.get("why"))
        return answer

    def _heard(self, request: bytes) -> tuple[bytes, bytes]:
        """What the worker wrote to its two outputs, until it closed both."""
        until = time.monotonic() + self.seconds
        try:
            with TemporaryFile() as given:
                given.write(request)
                given.seek(0)
                process = subprocess.Popen(  # noqa: S603  # the operator's own Python, our script
                    [self.python, "-I", str(self.worker)],
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={},
                    start_new_session=True,
                )
        except OSError as error:
            words = f"{self.python} could not be started: {error.strerror}; check `python`"
            raise CollectorError(words, kind=Trouble.SETTINGS) from None
        with process:
            try:
                return self._read(process, until)
            finally:
                with suppress(ProcessLookupError):  # it has ended, with all that it started
                    os.killpg(process.pid, signal.SIGKILL)

    def _read(self, process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
        said, complained = bytearray(), bytearray()
        with selectors.DefaultSelector() as open_pipes:
            for pipe, kept in ((process.stdout, said), (process.stderr, complained)):
                assert pipe is not None
                open_pipes.register(pipe, selectors.EVENT_READ, kept)
            while open_pipes.get_map():
                ready = open_pipes.select(max(until - time.monotonic(), 0))
                if not ready:
                    self._failed(f"it took longer than {self.seconds:g} s")
                for key, _ in ready:
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        open_pipes.unregister(key.fileobj)
                    key.data.extend(chunk)
                del complained[:-KEPT_STDERR_BYTES]
                if len(said) > MOST_BYTES:
                    self._failed(f"it said more than {MOST_BYTES / 1e6:g} MB")
        return bytes(said), bytes(complained)

    def _refused(self, why: Any, more: Any) -> CollectorError:
        if why == "busy":
            return CollectorError("Google Play was asked too often", kind=Trouble.RATE)
        if why == "library":
            words = (
                f"{self.python} has no google-play-scraper that we know ({more}); run:"
                f" {self.python} -m pip install {KNOWN}"
            )
            return CollectorError(words, kind=Trouble.SETTINGS)
        words = "Google Play answered something that is no page of reviews; its pages may be others"
        return CollectorError(words, kind=Trouble.SHAPE)

    def _failed(self, why: str) -> Never:
        words = f"google-play-scraper did not do its work, run by {self.python}: {why}"
        raise CollectorError(words, kind=Trouble.SHAPE)
