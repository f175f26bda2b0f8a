"""What is new, told to browsers as it happens: server-sent events at `/events`.

One task looks whether the database has changed, for all who listen. An event says no more than that
something has: what it is, and whether it concerns the list that one sees, the page asks.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from listener import live
from listener.clock import monotonic
from listener.store.connection import Store

LOG: Final = logging.getLogger(__name__)
MOST: Final = 50  # who listens at once; the others look every half minute
LOOK_EVERY: Final = 0.5  # seconds
LOOK_ANYWAY: Final = 5.0
HEARTBEAT: Final = 15.0  # seconds; so that proxies keep the connection, and we see who has gone
RETRY: Final = "30"  # seconds
LONGEST_MARK: Final = 200


class Events:
    """Who listens, and the one task that looks for them."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], *, heartbeat: float = HEARTBEAT
    ) -> None:
        self._store, self._now, self._heartbeat = store, now, heartbeat
        self._looker = ThreadPoolExecutor(1, thread_name_prefix="events")  # one connection: it
        self._listening = 0  # ... alone tells whether others have written
        self._task: asyncio.Task[None] | None = None
        self._version, self._looked, self._seen = -1, 0.0, ""  # of the thread that looks
        self._mark = ""
        self._news = asyncio.Event()
        self._closed = False

    async def answer(self, request: Request) -> Response:
        """A stream that ends when its browser goes, or the server does."""
        if self._closed or self._listening >= MOST:
            words = "Too many listen; look every half minute.\n"
            return PlainTextResponse(words, 503, {"retry-after": RETRY})
        given = request.headers.get("last-event-id") or request.query_params.get("after", "")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            self._stream(given[:LONGEST_MARK]), media_type="text/event-stream", headers=headers
        )

    async def _stream(self, known: str) -> AsyncIterator[str]:
        self._listening += 1
        try:
            if self._task is None or self._task.done():
                self._mark = await self._look()
                self._task = asyncio.create_task(self._watch())
            yield "retry: 3000\n\n"
            known = known or self._mark
            while not self._closed:
                if known != self._mark:
                    known = self._mark
                    yield f"id: {known}\nevent: changed\ndata: {{}}\n\n"
                try:
                    await asyncio.wait_for(self._news.wait(), self._heartbeat)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listening -= 1

    async def _watch(self) -> None:
        """Look while anybody listens."""
        while self._listening and not self._closed:
            await asyncio.sleep(LOOK_EVERY)
            try:
                mark = await self._look()
            except Exception as error:  # a locked or a full disk: it is looked again
                LOG.warning("looking for what is new failed: %s", type(error).__name__)
                continue
            if mark != self._mark:
                self._mark = mark
                self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _look(self) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._looker, self._marked)

    def _marked(self) -> str:
        """In the thread that looks: what stands now. Asked anew where somebody has written, and
        every few seconds, for people's time runs out without a word.
        """
        version = self._store.version()
        if version != self._version or monotonic() > self._looked + LOOK_ANYWAY:
            self._seen = live.mark(self._store, self._now())
            self._version, self._looked = version, monotonic()
        return self._seen

    async def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self._closed = True
        self._wake()

    def shut(self) -> None:
        self._looker.shutdown(wait=False, cancel_futures=True)
