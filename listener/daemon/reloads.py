"""Wishes to have the settings read again: of a signal, and of pages that wait for the outcome."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from queue import Empty, SimpleQueue

from listener.settings import Taken


class Reloads:
    """Who runs looks from time to time whether anybody wishes for it, and does it in its thread."""

    def __init__(self) -> None:
        self._wished = threading.Event()
        self._waiting: SimpleQueue[Future[Taken]] = SimpleQueue()

    def wish(self) -> None:
        """For whoever waits for nothing; may be called by a signal."""
        self._wished.set()

    def wait(self, seconds: float) -> Taken | None:
        """Wish for it and wait for what comes of it; None where it takes longer."""
        told: Future[Taken] = Future()
        self._waiting.put(told)
        self._wished.set()
        try:
            return told.result(seconds)
        except TooLateError:
            return None

    def carry_out(self, read: Callable[[], Taken]) -> None:
        """Read the settings if anybody wished for it; one reading is for all who did."""
        if not self._wished.is_set():
            return
        self._wished.clear()
        waiting = list(self._taken_out())
        taken = read()
        for one in waiting:
            one.set_result(taken)

    def _taken_out(self) -> list[Future[Taken]]:
        found = []
        while True:
            try:
                found.append(self._waiting.get_nowait())
            except Empty:
                return found
