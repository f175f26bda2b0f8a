"""How often somebody may try to sign in: from one place, with one name, and all in all."""

import ipaddress
from collections import deque
from collections.abc import Callable
from math import ceil
from typing import Final

from listener.clock import monotonic

MINUTE: Final = 60.0
EACH: Final = 5  # tries a minute of one name from one address
PER_ADDRESS: Final = 20  # ... of any name: an office shares one
PER_NAME: Final = 20  # ... from anywhere
ALL: Final = 60  # a comparison of passwords is dear: so the daemon lives on
KEPT: Final = 10_000  # addresses and names; more are forgotten, oldest first, ALL still holds

_Key = tuple[str, ...]


class Throttle:
    """Counts tries in the last minute. A try that succeeds is taken back, so it costs nothing."""

    def __init__(self, tick: Callable[[], float] = monotonic) -> None:
        self._tick = tick
        self._tries: dict[_Key, deque[float]] = {}

    @property
    def remembered(self) -> int:
        """How many addresses and names; memory is bounded."""
        return len(self._tries)

    def wait(self, address: str, name: str) -> int:
        """Note a try. 0: go on; else how many seconds until another one is taken."""
        now = self._tick()
        limits = self._limits(address, name)
        waits = [self._until(key, most, now) for key, most in limits]
        if longest := max(waits):
            return ceil(longest)
        for key, _ in limits:
            self._tries.setdefault(key, deque()).append(now)
        self._forget(now)
        return 0

    def succeeded(self, address: str, name: str) -> None:
        """The last try was no guess."""
        for key, _ in self._limits(address, name)[:3]:
            tries = self._tries.get(key)
            if tries:
                tries.pop()

    def _limits(self, address: str, name: str) -> list[tuple[_Key, int]]:
        place, who = network(address), name.casefold()
        return [
            (("each", place, who), EACH),
            (("address", place), PER_ADDRESS),
            (("name", who), PER_NAME),
            (("all",), ALL),
        ]

    def _until(self, key: _Key, most: int, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        while tries and now - tries[0] >= MINUTE:
            tries.popleft()
        return tries[-most] + MINUTE - now if len(tries) >= most else 0.0

    def _forget(self, now: float) -> None:
        if len(self._tries) <= KEPT:
            return
        self._tries = {k: v for k, v in self._tries.items() if v and now - v[-1] < MINUTE}
        while len(self._tries) > KEPT:
            oldest = next(key for key in self._tries if key != ("all",))
            del self._tries[oldest]


def network(address: str) -> str:
    """What one household or office has: an IPv4 address, or the first half of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return str(ip)
