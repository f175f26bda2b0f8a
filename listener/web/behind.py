"""What every page is given: the database, the time, the daemon's pulse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from listener.domain.events import KnownEvent
from listener.store.connection import Store
from listener.web.pulse import Pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """`pulse` None: nothing runs behind the pages, and nothing is written for them."""

    store: Store
    now: Callable[[], datetime]
    pulse: Pulse | None
    zone: ZoneInfo
    events: Sequence[KnownEvent] = ()  # shown in charts
    language: str = "en"  # of the page that readers of mail are led to
