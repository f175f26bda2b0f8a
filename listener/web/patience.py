"""How long a connection may keep us waiting: for its request, and with the answer it does not read.

Uvicorn waits for ever. A few hundred connections that send a byte now and then, or read nothing,
would keep everybody else out; so they end after a while, and at once where their place is needed.
"""

import asyncio
from typing import ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

CONNECTIONS: Final = 300  # at once; from then on a slow one makes room for a new one
MOST: Final = 400  # with those that are all at work, and those that are about to end


class Connection(H11Protocol):
    """One that is looked at every second. A body that is slow to come its reader gives up
    (`bodies.py`); what is sent after the answer counts as the next request."""

    head_within: ClassVar[float] = 10.0  # seconds, for a request without its body
    read_within: ClassVar[float] = 20.0  # seconds in which less than `read_least` is read
    read_least: ClassVar[int] = 20_000  # bytes
    look_every: ClassVar[float] = 1.0

    _waits_since: float
    _unread, _unread_since = 0, 0.0
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waits_since = self.loop.time()
        if len(self.connections) >= CONNECTIONS:
            self._make_room()
        self._look = self.loop.call_later(self.look_every, self._looked)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._look is not None:
            self._look.cancel()

    def on_response_complete(self) -> None:
        self._waits_since = self.loop.time()
        super().on_response_complete()

    def _looked(self) -> None:
        now = self.loop.time()
        unread = self.transport.get_write_buffer_size()
        if not unread or unread <= self._unread - self.read_least or not self._unread:
            self._unread, self._unread_since = unread, now
        self._unread = max(self._unread, unread)  # what is added is no sign of reading
        if unread:  # whoever reads need not ask meanwhile
            self._waits_since = now
        stuck = bool(unread) and now - self._unread_since >= self.read_within
        if stuck or (self._has_no_request and now - self._waits_since >= self.head_within):
            self.transport.abort()
        else:
            self._look = self.loop.call_later(self.look_every, self._looked)

    @property
    def _has_no_request(self) -> bool:
        """Also while what is left of the last one still comes in."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn says that there always is one
        return cycle is None or cycle.response_complete

    @property
    def _keeps_us_waiting(self) -> bool:
        """It, and not we, has to go on."""
        if self._has_no_request or self.transport.get_write_buffer_size():
            return True
        return self.cycle.more_body

    def _make_room(self) -> None:
        """End the one that has kept us waiting longest; with none, newcomers are told to wait."""
        others = (one for one in self.connections if isinstance(one, Connection))
        slow = [one for one in others if one is not self and one._keeps_us_waiting]
        if slow:
            longest = min(slow, key=lambda one: one._waits_since)
            self.connections.discard(longest)
            longest.transport.abort()
